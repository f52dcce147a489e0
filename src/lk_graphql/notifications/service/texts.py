"""Titles and texts of notices in both languages.

The text is what an SMS holds, too: it names an account by its number and nobody by name, and fits
into one SMS of 70 letters where the account's number has ten digits.
"""

from dataclasses import dataclass
from datetime import date

from lk_graphql.kit.formatting import money, month, say
from lk_graphql.kit.languages import Language
from lk_graphql.kit.money import Kopecks
from lk_graphql.notifications.models import NoticeKind as Kind

_UNKNOWN = "—"


@dataclass(frozen=True)
class Facts:
    """What stands in the braces; `account` is the account's number.

    A sentence can do without the `reference`, whose space comes with it.
    """

    account: str | None = None
    period: date | None = None
    day: date | None = None
    amount: Kopecks | None = None
    reference: str | None = None

    def said(self, language: Language) -> dict[str, object]:
        return {
            "account": self.account or _UNKNOWN,
            "period": month(self.period, language, space=" ") if self.period else _UNKNOWN,
            "day": say(self.day, language) if self.day else _UNKNOWN,
            "reference": f" {self.reference}" if self.reference else "",
            "amount": _UNKNOWN if self.amount is None else money(self.amount, language),
        }


@dataclass(frozen=True)
class Words:
    """A notice's title and text in one language."""

    title: str
    text: str

    def filled(self, facts: Facts, language: Language) -> "Words":
        said = facts.said(language)
        return Words(self.title.format(**said), self.text.format(**said))


WORDS: dict[Kind, dict[Language, Words]] = {
    kind: {Language.RU: Words(*ru), Language.EN: Words(*en)}
    for kind, (ru, en) in {
        Kind.WINDOW_OPENED: (
            ("Можно передать показания", "Счёт {account}: показания принимаются по {day}."),
            ("Readings are accepted now", "Account {account}: readings are taken until {day}."),
        ),
        Kind.READING_REMINDER: (
            ("Передайте показания", "Счёт {account}: передайте показания, последний день — {day}."),
            ("Please hand in your readings", "Account {account}: please hand them in by {day}."),
        ),
        Kind.READINGS_ACCEPTED: (
            ("Показания приняты", "Счёт {account}: показания за {period} приняты."),
            ("Readings accepted", "Account {account}: the readings of {period} are accepted."),
        ),
        Kind.READING_REJECTED: (
            (
                "Показание не принято",
                "Счёт {account}: показание за {period} не принято, см. кабинет.",
            ),
            (
                "A reading was not accepted",
                "Account {account}: a reading of {period} was not accepted; the cabinet says why.",
            ),
        ),
        Kind.INVOICE_ISSUED: (
            ("Счёт за {period}", "Счёт {account} за {period}: {amount}, оплатить до {day}."),
            ("Your bill for {period}", "Account {account}, {period}: {amount}, due by {day}."),
        ),
        Kind.PAYMENT_DUE: (
            ("Скоро срок оплаты", "Счёт {account}: оплатите {amount} до {day}."),
            ("Payment is due soon", "Account {account}: please pay {amount} by {day}."),
        ),
        Kind.PAYMENT_OVERDUE: (
            ("Срок оплаты прошёл", "Счёт {account}: не оплачено {amount}, срок был {day}."),
            ("Payment is overdue", "Account {account}: {amount} was due by {day}."),
        ),
        Kind.PAYMENT_RECEIVED: (
            ("Оплата получена", "Счёт {account}: получено {amount}."),
            ("Payment received", "Account {account}: {amount} received."),
        ),
        Kind.VERIFICATION_DUE: (
            ("Поверка прибора учёта", "Счёт {account}: срок поверки счётчика — {day}."),
            ("Your meter needs verification", "Account {account}: verification is due by {day}."),
        ),
        Kind.APPEAL_ANSWERED: (
            (
                "Ответ на обращение{reference}",
                "На обращение{reference} ответили. Ответ — в кабинете.",
            ),
            (
                "Your appeal{reference} was answered",
                "Your appeal{reference} was answered; see the cabinet.",
            ),
        ),
        Kind.APPLICATION_CHANGED: (
            ("Заявка на договор{reference}", "По заявке{reference} есть новости в кабинете."),
            ("Your application{reference}", "Your application{reference}: news in the cabinet."),
        ),
        Kind.APPLICATION_QUESTION: (
            (
                "Вопрос по заявке{reference}",
                "По заявке{reference} есть вопрос. Ответьте в кабинете.",
            ),
            (
                "A question about your application{reference}",
                "A question about your application{reference}: see the cabinet.",
            ),
        ),
        Kind.APPLICATION_DECIDED: (
            (
                "Решение по заявке{reference}",
                "По заявке{reference} принято решение. Оно в кабинете.",
            ),
            (
                "A decision about your application{reference}",
                "Your application{reference} has been decided; see the cabinet.",
            ),
        ),
        Kind.LINK_ADDED: (
            ("Счёт подключён к ещё одному кабинету", "Счёт {account} подключил ещё один человек."),
            ("Your account has another login", "Account {account} was linked by somebody else."),
        ),
        Kind.LINK_SUSPENDED: (
            ("Доступ приостановлен", "Доступ к счёту {account} закрыт до решения специалиста."),
            ("Access suspended", "Access to account {account} is suspended until staff decide."),
        ),
    }.items()
}


def words(kind: Kind, facts: Facts, language: Language) -> Words:
    """The notice as a person reads it; what isn't known is a dash."""
    return WORDS[kind][language].filled(facts, language)
