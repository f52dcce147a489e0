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
from lk_graphql.kit.file_links import FileUrls
from lk_graphql.kit.formatting import format_money, format_month, format_value
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.languages import Language
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


def download_url(upload_id: UUID, file_urls: FileUrls) -> str | None:
    return file_urls.of(CONTENT.route, upload_id)


def preview_url(
    upload_id: UUID,
    upload__has_preview: bool,  # noqa: FBT001 - a column
    file_urls: FileUrls,
) -> str | None:
    if not upload__has_preview:
        return None
    return file_urls.of(PREVIEW.route, upload_id)


@reads(models.AppealAttachment, prefix="att", owned_through="message__appeal__user")
class AppealAttachment(Node):
    """A file attached to a message («вложение») by the customer or the supplier."""

    file_name: str = column("The name of the file.", of="upload__name")
    kind: UploadKind = column("The kind of the file.", of="upload__kind")
    size: int = column("The size of the file in bytes.", of="upload__size")
    sha256: str | None = column("The SHA-256 of the file's bytes, in hex.", of="upload__sha256")
    download_url: Url | None = derived(
        "The address of the file, valid for ten minutes and no longer than this session.",
        download_url,
    )
    preview_url: Url | None = derived(
        "The address of a small JPEG of a picture, valid likewise; null if there is none.",
        preview_url,
    )


choices(
    models.AppealState,
    "The state of an appeal.",
    NEW="The appeal is registered; work on it hasn't begun («зарегистрировано»).",
    IN_PROGRESS="A specialist is working on the appeal («в работе»).",
    ANSWERED="The supplier has answered; the customer may reply, rate or close it («дан ответ»).",
    CLOSED="The appeal is closed («закрыто»); it can be reopened for 30 days.",
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
    "The kind of an appeal's subject.",
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
    "The direction of a message.",
    SENT="The message is from the customer («отправленное»).",
    RECEIVED="The message is from the supplier («полученное»).",
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
    """A topic of appeals («тема»)."""

    title: str = column("The title of the topic, in Russian.")
    may_hide_name: bool = column(
        "Whether an appeal can be sent with the customer's name hidden from ordinary staff."
    )


@reads(models.AppealMessage, prefix="msg", owned_through="appeal__user")
class AppealMessage(Node):
    """An immutable message of an appeal («сообщение»)."""

    number: int = column("The number of the message in the thread, from 1, without gaps.")
    direction: models.Direction = column(
        "The direction of the message, from the customer or from the supplier."
    )
    text: str = column("The text of the message: plain text with line breaks, never HTML.")
    attachments: list[AppealAttachment] = related(
        "The files attached to the message, in their order.", order_by="position"
    )
    created_at: datetime = column("The date and time of sending.")
    read_at: datetime | None = column(
        "The date and time at which the other side read the message; null until then."
    )


AppealSubject = Annotated[
    Account | Invoice | Meter | Payment | ReceivedPayment,
    strawberry.union("AppealSubject", description="The subject of an appeal."),
]


@filter_input
class AppealFilterInput:
    """Filters of appeals; omitted fields filter nothing."""

    states: list[models.AppealState] | None = one_of("Only appeals in these states.", of="state")


@filter_input
class AppealMessageFilterInput:
    """Filters of messages; omitted fields filter nothing."""

    direction: models.Direction | None = exactly(
        "Only messages of this direction, sent or received.", of="direction"
    )


@reads(models.Appeal, prefix="apl", owned_through="user")
class Appeal(Node):
    """An appeal of the customer to the supplier, with its answers («обращение»).

    It is visible to its author only, not to other customers with access to the account.
    """

    number: str = column("The registration number of the appeal.")
    topic: AppealTopic = related("The topic of the appeal («тема»).")
    state: models.AppealState = column("The state of an appeal.")
    hides_name: bool = column("Whether the sender is hidden from ordinary staff.")
    subject_kind: models.SubjectKind | None = column(
        "The kind of the subject; null if there is none."
    )
    subject: AppealSubject | None = reference(
        "The subject in its current state; for a line, its bill. Null if it is no longer "
        "the customer's.",
        of="subject_id",
        by="subject_kind",
        prefixes=_PREFIXES,
    )
    subject_id: strawberry.ID | None = derived(
        "The id of the subject, also if `subject` no longer returns it.", subject_id
    )
    subject_text: str | None = derived(
        "A one-line description of the subject at the time of the appeal.", subject_text
    )
    created_at: datetime = column("The date and time of the registration.")
    due_on: date = column(
        "The day by which the supplier answers the customer's newest message («срок ответа»)."
    )
    is_overdue: bool = expression(
        "Whether `dueOn` has passed without an answer.",
        sql="{state} IN ('NEW', 'IN_PROGRESS') AND {due_on} < {today}",
        python=is_overdue,
    )
    answered_at: datetime | None = column("The date and time of the supplier's first answer.")
    closed_at: datetime | None = column(
        "The date and time of the closing; null while the appeal is open."
    )
    rating: int | None = column(
        "The customer's rating of the answer, 1 to 5 («оценка»); null if there is none."
    )
    message_count: int = column("The number of messages in the appeal.")
    unread_messages: int = aggregate(
        "The number of received messages that aren't marked as read.",
        of="messages",
        sql="count(*)",
        where="{direction} = 'RECEIVED' AND {read_at} IS NULL",
    )
    messages: Connection[AppealMessage] = pages(
        "The messages of the appeal, the oldest first.", by="number"
    )


@extends(AppealMessage)
class MessageThread:
    """The appeal of a message."""

    appeal: Appeal = related("The appeal to which the message belongs.")
