"""Values in mails of notices: the facts of the notice, and values from later slices."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple
from uuid import UUID

from lk_graphql.kit.formatting import format_money, format_month, format_value
from lk_graphql.kit.languages import Language
from lk_graphql.kit.registry import Registry
from lk_graphql.notifications.models import NoticeKind as Kind
from lk_graphql.notifications.service.outbox import LeasedDelivery
from lk_graphql.notifications.service.texts import NoticeFacts


class MailLine(NamedTuple):
    """A row of the table in a mail."""

    label: str
    value: str


class MailTopic(NamedTuple):
    """A notice as the source of more lines; `subject_id` is the key of its subject."""

    kind: Kind
    subject_id: UUID | None
    account_id: UUID | None
    facts: NoticeFacts
    language: Language


Lines = Callable[[MailTopic], Sequence[MailLine]]
LineSource = Callable[[Sequence[MailTopic]], Awaitable[Lines]]
MAIL_LINES = Registry[Kind, LineSource]()
"""More lines for mails of a kind; registered by the slice that sends it.

A source reads the values of many mails by one statement, and returns a function that returns the
lines of one mail.
"""

_Label = dict[Language, str]
_BILLS = (Kind.INVOICE_ISSUED, Kind.PAYMENT_DUE, Kind.PAYMENT_OVERDUE)


def _label(russian: str, english: str) -> _Label:
    return {Language.RU: russian, Language.EN: english}


_ACCOUNT = _label("Лицевой счёт", "Account")
_ADDRESS = _label("Адрес", "Address")
_PERIOD = _label("Период", "Month")
_REFERENCE = _label("Номер", "Number")
_TO_PAY, _AMOUNT = _label("К оплате", "To pay"), _label("Сумма", "Amount")
_DAYS = {
    **dict.fromkeys(_BILLS, _label("Оплатить до", "Due by")),
    Kind.WINDOW_OPENED: _label("Принимаем по", "Accepted until"),
    Kind.READING_REMINDER: _label("Принимаем по", "Accepted until"),
    Kind.VERIFICATION_DUE: _label("Срок поверки", "Verification due"),
}
_OPEN = _label("Открыть личный кабинет", "Open the customer portal")
_BUTTONS = {
    **dict.fromkeys(_BILLS, _label("Оплатить", "Pay")),
    Kind.WINDOW_OPENED: _label("Передать показания", "Submit readings"),
    Kind.READING_REMINDER: _label("Передать показания", "Submit readings"),
    Kind.READING_REJECTED: _label("Узнать причину", "See why"),
    Kind.APPEAL_ANSWERED: _label("Прочитать ответ", "Read the answer"),
    Kind.APPLICATION_QUESTION: _label("Ответить", "Answer"),
}
_SEE_BILL = _label("Посмотреть квитанцию", "See the bill")


def button_label(kind: Kind, facts: NoticeFacts, language: Language) -> str:
    """The label of a mail's button, which depends on the kind of notice."""
    if kind in _BILLS and not facts.amount:
        return _SEE_BILL[language]
    return _BUTTONS.get(kind, _OPEN)[language]


async def read_lines(
    deliveries: Sequence[LeasedDelivery],
) -> Callable[[LeasedDelivery], list[MailLine]]:
    """Read the values of the notices' mails; returns a function that returns the lines of one mail.

    The notice's own facts come first.
    """
    topics = defaultdict[Kind, list[MailTopic]](list)
    for delivery in deliveries:
        topics[delivery.kind].append(_topic_of(delivery))
    more = {kind: await MAIL_LINES[kind](topics[kind]) for kind in topics if kind in MAIL_LINES}

    def lines(delivery: LeasedDelivery) -> list[MailLine]:
        address = delivery.account_address
        facts = fact_lines(delivery.kind, delivery.facts, delivery.language, address=address)
        write = more.get(delivery.kind)
        return [*facts, *write(_topic_of(delivery))] if write else facts

    return lines


def _topic_of(delivery: LeasedDelivery) -> MailTopic:
    return MailTopic(
        delivery.kind,
        delivery.subject_id,
        delivery.account_id,
        delivery.facts,
        delivery.language,
    )


def fact_lines(
    kind: Kind, facts: NoticeFacts, language: Language, *, address: str | None = None
) -> list[MailLine]:
    amount = _TO_PAY if kind in _BILLS else _AMOUNT
    values = (
        (_ACCOUNT, facts.account),
        (_ADDRESS, address),
        (_REFERENCE, facts.reference),
        (_PERIOD, facts.period and format_month(facts.period, language)),
        (amount, format_money(facts.amount, language) if facts.amount else None),
        (_DAYS.get(kind), facts.day and str(format_value(facts.day, language))),
    )
    return [MailLine(label[language], value) for label, value in values if label and value]
