"""Titles and texts of notices in both languages.

The text is also that of the SMS, which abbreviates «лицевой счёт». It has the account's number but
no name of a person, and fits into one SMS of 70 characters with an account number of ten digits.
"""

from dataclasses import dataclass
from datetime import date

from lk_graphql.kit.formatting import format_money, format_month, format_value
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
from lk_graphql.notifications.models import NoticeKind as Kind

_MISSING = "—"


@dataclass(frozen=True)
class NoticeFacts:
    """The values of the placeholders; `account` is the account's number.

    `reference` is optional in a sentence and is formatted with a space in front.
    """

    account: str | None = None
    period: date | None = None
    day: date | None = None
    amount: Kopecks | None = None
    reference: str | None = None

    def formatted(self, language: Language) -> dict[str, object]:
        return {
            "account": self.account or _MISSING,
            "period": format_month(self.period, language, space=" ") if self.period else _MISSING,
            "day": format_value(self.day, language) if self.day else _MISSING,
            "reference": f" {self.reference}" if self.reference else "",
            "amount": _MISSING if self.amount is None else format_money(self.amount, language),
        }


@dataclass(frozen=True)
class NoticeText:
    """A notice's title and text in one language."""

    title: str
    text: str

    def format(self, facts: NoticeFacts, language: Language) -> "NoticeText":
        values = facts.formatted(language)
        return NoticeText(self.title.format(**values), self.text.format(**values))


TEXTS: dict[Kind, dict[Language, NoticeText]] = {
    kind: {Language.RU: NoticeText(*ru), Language.EN: NoticeText(*en)}
    for kind, (ru, en) in {
        Kind.WINDOW_OPENED: (
            ("Можно передать показания", "Лицевой счёт {account}: показания принимаются по {day}."),
            ("Readings are accepted now", "Account {account}: readings are accepted until {day}."),
        ),
        Kind.READING_REMINDER: (
            (
                "Передайте показания",
                "Лицевой счёт {account}: передайте показания по {day}.",
            ),
            ("Please submit your readings", "Account {account}: please submit them by {day}."),
        ),
        Kind.READINGS_ACCEPTED: (
            ("Показания приняты", "Лицевой счёт {account}: показания за {period} приняты."),
            ("Readings accepted", "Account {account}: the readings of {period} are accepted."),
        ),
        Kind.READING_REJECTED: (
            (
                "Показание не принято",
                "Лицевой счёт {account}: показание за {period} не принято, см. кабинет.",
            ),
            (
                "A reading was not accepted",
                "Account {account}: a reading of {period} was not accepted; see why in the portal.",
            ),
        ),
        Kind.INVOICE_ISSUED: (
            (
                "Квитанция за {period}",
                "Лицевой счёт {account}, {period}: {amount}, оплатить до {day}.",
            ),
            ("Your bill for {period}", "Account {account}, {period}: {amount}, due by {day}."),
        ),
        Kind.PAYMENT_DUE: (
            ("Скоро срок оплаты", "Лицевой счёт {account}: оплатите {amount} до {day}."),
            ("Payment is due soon", "Account {account}: please pay {amount} by {day}."),
        ),
        Kind.PAYMENT_OVERDUE: (
            ("Срок оплаты прошёл", "Лицевой счёт {account}: не оплачено {amount}, срок был {day}."),
            ("Payment is overdue", "Account {account}: {amount} was due by {day}."),
        ),
        Kind.PAYMENT_RECEIVED: (
            ("Оплата получена", "Лицевой счёт {account}: получено {amount}."),
            ("Payment received", "Account {account}: {amount} received."),
        ),
        Kind.VERIFICATION_DUE: (
            ("Поверка счётчика", "Лицевой счёт {account}: срок поверки счётчика — {day}."),
            ("Your meter needs verification", "Account {account}: verification is due by {day}."),
        ),
        Kind.APPEAL_ANSWERED: (
            (
                "Ответ на обращение{reference}",
                "На обращение{reference} ответили. Ответ — в кабинете.",
            ),
            (
                "Your appeal{reference} was answered",
                "Your appeal{reference} was answered; see the portal.",
            ),
        ),
        Kind.APPLICATION_CHANGED: (
            ("Заявка на договор{reference}", "По заявке{reference} есть новости в кабинете."),
            (
                "Your application{reference}",
                "Your application{reference}: there is news in the portal.",
            ),
        ),
        Kind.APPLICATION_QUESTION: (
            (
                "Вопрос по заявке{reference}",
                "По заявке{reference} есть вопрос. Ответьте в кабинете.",
            ),
            (
                "A question about your application{reference}",
                "A question about your application{reference}: see the portal.",
            ),
        ),
        Kind.APPLICATION_DECIDED: (
            (
                "Решение по заявке{reference}",
                "По заявке{reference} принято решение. Оно в кабинете.",
            ),
            (
                "A decision about your application{reference}",
                "Your application{reference} has been decided; see the portal.",
            ),
        ),
        Kind.LINK_ADDED: (
            (
                "Лицевой счёт подключён к ещё одному кабинету",
                "Лицевой счёт {account} подключил ещё один человек.",
            ),
            ("Your account has another login", "Account {account} was linked by somebody else."),
        ),
        Kind.LINK_SUSPENDED: (
            (
                "Доступ приостановлен",
                "Доступ к л/с {account} приостановлен до решения специалиста.",
            ),
            ("Access suspended", "Access to account {account} is suspended until staff decide."),
        ),
    }.items()
}


NOTHING_DUE = {
    Language.RU: NoticeText(
        "Квитанция за {period}", "Лицевой счёт {account}, {period}: оплачивать нечего."
    ),
    Language.EN: NoticeText(
        "Your bill for {period}", "Account {account}, {period}: there is nothing to pay."
    ),
}
"""Texts of a bill that an advance has settled, or a payment that isn't posted yet."""


def notice_text(kind: Kind, facts: NoticeFacts, language: Language) -> NoticeText:
    """The title and text of a notice, with a dash for a missing fact."""
    is_settled = kind is Kind.INVOICE_ISSUED and facts.amount == 0
    texts = NOTHING_DUE if is_settled else TEXTS[kind]
    return texts[language].format(facts, language)


def sms_text(kind: Kind, facts: NoticeFacts, language: Language) -> str:
    """The text of a notice as one SMS."""
    return notice_text(kind, facts, language).text.replace("Лицевой счёт", "Л/с")
