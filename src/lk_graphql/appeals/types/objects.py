"""Appeals, their messages, attachments and subjects as GraphQL types."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from lk_graphql.accounts.types.objects import Account
from lk_graphql.appeals import models
from lk_graphql.appeals.models import SubjectKind
from lk_graphql.appeals.service.attachments import CONTENT, PREVIEW
from lk_graphql.billing.types.objects import Invoice, ReceivedPayment
from lk_graphql.kit.company import Company
from lk_graphql.kit.formatting import format_money, format_month, format_value
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.languages import Language
from lk_graphql.kit.signing import Signer
from lk_graphql.metering.types.objects import Meter
from lk_graphql.payments.types.objects import Payment
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.declare.filters import exactly, filter_input, one_of
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import (
    PUBLIC,
    Node,
    aggregate,
    choices,
    column,
    derived,
    expression,
    extends,
    labels,
    pages,
    reads,
    reference,
    related,
)
from lk_graphql.uploads.models import UploadKind
from lk_graphql.uploads.service.links import url_of

_PREFIXES = {
    SubjectKind.ACCOUNT: "acc",
    SubjectKind.INVOICE: "inv",
    SubjectKind.INVOICE_LINE: "inv",
    SubjectKind.METER: "mtr",
    SubjectKind.PAYMENT: "pay",
    SubjectKind.RECEIVED_PAYMENT: "rcv",
}
_TEXTS = {
    SubjectKind.ACCOUNT: ("Лицевой счёт {account}, {address}", "Account {account}, {address}"),
    SubjectKind.INVOICE: (
        "Счёт {number} за {period}: {amount}",
        "Bill {number} for {period}: {amount}",
    ),
    SubjectKind.INVOICE_LINE: (
        "Счёт {number} за {period}, строка {line}: {service}, {amount}",
        "Bill {number} for {period}, line {line}: {service}, {amount}",
    ),
    SubjectKind.METER: ("Прибор учёта {model} № {serial}", "Meter {model}, number {serial}"),
    SubjectKind.PAYMENT: (
        "Платёж {number} от {day}: {amount}",
        "Payment {number} of {day}: {amount}",
    ),
    SubjectKind.RECEIVED_PAYMENT: ("Оплата {day}: {amount}", "Payment of {day}: {amount}"),
}


def subject_id(subject_kind: SubjectKind | None, subject_id: UUID | None) -> str | None:
    if subject_kind is None or subject_id is None:
        return None
    return to_public(_PREFIXES[subject_kind], subject_id)


def subject_text(
    subject_kind: SubjectKind | None, subject_facts: dict[str, Any] | None, language: Language
) -> str | None:
    if subject_kind is None or subject_facts is None:
        return None
    russian, english = _TEXTS[subject_kind]
    template = russian if language is Language.RU else english
    return template.format(**_formatted(subject_facts, language))


def _formatted(facts: dict[str, Any], language: Language) -> dict[str, object]:
    texts = dict(facts)
    if "period" in facts:
        texts["period"] = format_month(date.fromisoformat(facts["period"]), language, space=" ")
    if "day" in facts:
        texts["day"] = format_value(date.fromisoformat(facts["day"]), language)
    if "amount" in facts:
        texts["amount"] = format_money(facts["amount"], language)
    return texts


def download_url(
    upload_id: UUID, session: UUID | None, now: datetime, company: Company, links: Signer
) -> str | None:
    return url_of(CONTENT, upload_id, session, now=now, company=company, links=links)


def preview_url(
    upload_id: UUID,
    upload__has_preview: bool,  # noqa: FBT001 - a column
    session: UUID | None,
    now: datetime,
    company: Company,
    links: Signer,
) -> str | None:
    if not upload__has_preview:
        return None
    return url_of(PREVIEW, upload_id, session, now=now, company=company, links=links)


@reads(models.AppealAttachment, prefix="att", owned_through="message__appeal__user")
class AppealAttachment(Node):
    """A file that came with a message («вложение»), yours or the supplier's."""

    file_name: str = column("What it is called.", of="upload__name")
    kind: UploadKind = column("What it is.", of="upload__kind")
    size: int = column("Its length in bytes.", of="upload__size")
    sha256: str | None = column("The SHA-256 of its bytes in hex.", of="upload__sha256")
    download_url: Url | None = derived(
        "Where to get it, for ten minutes and as long as this session lasts.", download_url
    )
    preview_url: Url | None = derived(
        "A small JPEG of a picture, likewise; null where there is none.", preview_url
    )


choices(
    models.AppealState,
    "Whose turn it is.",
    NEW="We have it; nobody has begun («зарегистрировано»).",
    IN_PROGRESS="A specialist is at it («в работе»).",
    ANSWERED="We have answered; you may reply, rate or close it («дан ответ»).",
    CLOSED="Nothing more is expected («закрыто»); it can be reopened for 30 days.",
)
labels(
    models.AppealState,
    NEW=("Зарегистрировано", "Registered"),
    IN_PROGRESS=("В работе", "In progress"),
    ANSWERED=("Дан ответ", "Answered"),
    CLOSED=("Закрыто", "Closed"),
)
choices(
    models.SubjectKind,
    "What of yours an appeal is about.",
    ACCOUNT="An account («лицевой счёт»).",
    INVOICE="A bill («счёт»).",
    INVOICE_LINE="A line of a bill («строка счёта»).",
    METER="A meter («прибор учёта»).",
    PAYMENT="A payment in this cabinet («платёж»).",
    RECEIVED_PAYMENT="A payment that the supplier has received («оплата»).",
)
labels(
    models.SubjectKind,
    ACCOUNT=("Лицевой счёт", "Account"),
    INVOICE=("Счёт", "Bill"),
    INVOICE_LINE=("Строка счёта", "Line of a bill"),
    METER=("Прибор учёта", "Meter"),
    PAYMENT=("Платёж в кабинете", "Payment in the cabinet"),
    RECEIVED_PAYMENT=("Поступившая оплата", "Received payment"),
)
choices(
    models.Direction,
    "Which way a message went.",
    SENT="From you («отправленное»).",
    RECEIVED="From the supplier («полученное»).",
)
labels(
    models.Direction,
    SENT=("Отправленное", "Sent"),
    RECEIVED=("Полученное", "Received"),
)


def is_overdue(state: models.AppealState, due_on: date, today: date) -> bool:
    return state in (models.AppealState.NEW, models.AppealState.IN_PROGRESS) and due_on < today


@reads(models.AppealTopic, prefix="tpc", owned_through=PUBLIC)
class AppealTopic(Node):
    """What an appeal can be about («тема»)."""

    title: str = column("Its name, in Russian, as in the manual.")
    may_hide_name: bool = column(
        "Whether the appeal can be sent without showing your name to ordinary staff."
    )


@reads(models.AppealMessage, prefix="msg", owned_through="appeal__user")
class AppealMessage(Node):
    """A message of an appeal («сообщение»); it never changes."""

    number: int = column("Its place in the thread, from 1, without gaps.")
    direction: models.Direction = column("From you, or from the supplier.")
    text: str = column("What it says: plain text with line breaks, never HTML.")
    attachments: list[AppealAttachment] = related(
        "The files that came with it, in their order.", order_by="position"
    )
    created_at: datetime = column("When it was sent.")
    read_at: datetime | None = column("When the other side read it; null until then.")


AppealSubject = Annotated[
    Account | Invoice | Meter | Payment | ReceivedPayment,
    strawberry.union("AppealSubject", description="What of yours an appeal can be about."),
]


@filter_input
class AppealFilterInput:
    """Which appeals to show; all that isn't said goes."""

    states: list[models.AppealState] | None = one_of("Only in these states.", of="state")


@filter_input
class AppealMessageFilterInput:
    """Which messages to show; all that isn't said goes."""

    direction: models.Direction | None = exactly("Only these: sent, or received.", of="direction")


@reads(models.Appeal, prefix="apl", owned_through="user")
class Appeal(Node):
    """What you wrote to the supplier, and what came of it («обращение»).

    It is yours alone: whoever else has the account never sees it.
    """

    number: str = column("The number under which it is registered.")
    topic: AppealTopic = related("What kind of question it is («тема»).")
    state: models.AppealState = column("Whose turn it is.")
    hides_name: bool = column("Whether ordinary staff don't see who has sent it.")
    subject_kind: models.SubjectKind | None = column("What of yours it is about, if anything.")
    subject: AppealSubject | None = reference(
        "That, as it is now; of a line, its bill. Null where it isn't yours any more.",
        of="subject_id",
        by="subject_kind",
        prefixes=_PREFIXES,
    )
    subject_id: strawberry.ID | None = derived(
        "The id of that, also when `subject` shows it no more.", subject_id
    )
    subject_text: str | None = derived(
        "What that looked like when you sent the appeal, in a line.", subject_text
    )
    created_at: datetime = column("When it was registered.")
    due_on: date = column("The day by which we answer your newest message («срок ответа»).")
    is_overdue: bool = expression(
        "Whether that day has passed without an answer.",
        sql="{state} IN ('NEW', 'IN_PROGRESS') AND {due_on} < {today}",
        python=is_overdue,
    )
    answered_at: datetime | None = column("When we first answered.")
    closed_at: datetime | None = column("When it was closed; null while it isn't.")
    rating: int | None = column("How good the answer was, 1 to 5, if you said so («оценка»).")
    message_count: int = column("How many messages it has.")
    unread_messages: int = aggregate(
        "How many of the received ones you haven't marked as read.",
        of="messages",
        sql="count(*)",
        where="{direction} = 'RECEIVED' AND {read_at} IS NULL",
    )
    messages: Connection[AppealMessage] = pages("Its messages, oldest first.", by="number")


@extends(AppealMessage)
class MessageThread:
    """The appeal of a message."""

    appeal: Appeal = related("The appeal that it is part of.")
