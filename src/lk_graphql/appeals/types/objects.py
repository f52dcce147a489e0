"""Appeals as clients see them, declared over the models."""

from datetime import date, datetime

import strawberry

from lk_graphql.appeals import models
from lk_graphql.appeals.types.attachments import AppealAttachment
from lk_graphql.appeals.types.subjects import subject_id, subject_text
from lk_graphql.reads.connections import Connection
from lk_graphql.reads.declare import (
    PUBLIC,
    Node,
    across,
    choices,
    column,
    derived,
    expression,
    extends,
    pages,
    reads,
    related,
)
from lk_graphql.reads.filters import any_of, exactly, filters

choices(
    models.AppealState,
    "Whose turn it is.",
    NEW="We have it; nobody has begun («зарегистрировано»).",
    IN_PROGRESS="A specialist is at it («в работе»).",
    ANSWERED="We have answered; you may reply, rate or close it («дан ответ»).",
    CLOSED="Nothing more is expected («закрыто»); it can be reopened for 30 days.",
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
choices(
    models.Direction,
    "Which way a message went.",
    SENT="From you («отправленное»).",
    RECEIVED="From the supplier («полученное»).",
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


@filters
class AppealFilterInput:
    """Which appeals to show; all that isn't said goes."""

    states: list[models.AppealState] | None = any_of("Only in these states.", of="state")


@filters
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
    subject_id: strawberry.ID | None = derived(
        "That, for `node(id:)`; of a line, its bill. It may have changed since.", subject_id
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
    unread_messages: int = across(
        "How many of the received ones you haven't marked as read.",
        of="messages",
        sql="count(*)",
        where="{direction} = 'RECEIVED' AND {read_at} IS NULL",
    )
    messages: Connection[AppealMessage] = pages("Its messages, oldest first.", by="number")


@extends(AppealMessage)
class MessageThread:
    """Where a message belongs."""

    appeal: Appeal = related("The appeal that it is part of.")
