"""Tables of appeals («обращения»): topics, answer terms, threads, attachments, notes."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.accounts.models import Account
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key
from lk_graphql.uploads.models import Upload

LAST_MANUAL_POSITION = 10
"""Position of the last original topic; the ten original topics keep title and position."""


class AppealTopic(Model):
    """Topic of an appeal («тема»); staff add topics after the ten original ones.

    `title` is shown to customers. A topic with `is_offered` false can't be chosen any more; its
    appeals stay.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    title = fields.CharField(max_length=100, unique=True)
    position: fields.Field[int] = fields.SmallIntField(unique=True)
    may_hide_name = fields.BooleanField(default=False)
    is_offered = fields.BooleanField(default=True)

    class Meta(Model.Meta):
        table = "appeal_topic"


class AnswerTerm(Model):
    """Number of days for an answer to appeals registered on `from_day` or later.

    A term in calendar days that ends on a day off ends on the next working day (ГК РФ, ст. 193).
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    topic: fields.ForeignKeyRelation[AppealTopic] = fields.ForeignKeyField(
        "models.AppealTopic", "terms", on_delete=fields.CASCADE
    )
    topic_id: UUID
    from_day = fields.DateField()
    days: fields.Field[int] = fields.SmallIntField()
    are_working_days = fields.BooleanField()
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "answer_term"
        unique_together = (("topic", "from_day"),)

    @property
    def valid_from(self) -> date:
        return self.from_day


class AppealState(StrEnum):
    """State of an appeal: the side whose action is awaited."""

    NEW = "NEW"
    IN_PROGRESS = "IN_PROGRESS"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


class SubjectKind(StrEnum):
    """Kind of the customer's object that an appeal is about."""

    ACCOUNT = "ACCOUNT"
    INVOICE = "INVOICE"
    INVOICE_LINE = "INVOICE_LINE"
    METER = "METER"
    PAYMENT = "PAYMENT"
    RECEIVED_PAYMENT = "RECEIVED_PAYMENT"


class Appeal(Model):
    """A thread of messages («обращение»), visible to its author only.

    `subject_facts` is a snapshot of the subject at registration, because a bill may be corrected
    later. `message_count` numbers the messages; the row is locked while a message is added.
    `clerk_id` is the member of staff who has claimed the appeal, `escalated_at` the time at which
    the overdue appeal was escalated to supervisors.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "appeals", on_delete=fields.CASCADE
    )
    user_id: UUID
    topic: fields.ForeignKeyRelation[AppealTopic] = fields.ForeignKeyField(
        "models.AppealTopic", "appeals", on_delete=fields.RESTRICT
    )
    topic_id: UUID
    number = fields.CharField(max_length=20, unique=True)
    state = fields.CharEnumField(AppealState, max_length=20, default=AppealState.NEW)
    hides_name = fields.BooleanField(default=False)
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", "appeals", null=True, on_delete=fields.SET_NULL
    )
    account_id: UUID | None
    subject_kind = fields.CharEnumField(SubjectKind, max_length=20, null=True)
    subject_id = fields.UUIDField(null=True)
    subject_facts: fields.Field[dict[str, Any] | None] = fields.JSONField(null=True)
    message_count: fields.Field[int] = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    due_on = fields.DateField()
    answered_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    escalated_at = fields.DatetimeField(null=True)
    clerk_id = fields.UUIDField(null=True)
    rating: fields.Field[int | None] = fields.SmallIntField(null=True)

    messages: fields.ReverseRelation["AppealMessage"]

    class Meta(Model.Meta):
        table = "appeal"
        indexes = (("user_id", "created_at", "id"), ("state", "due_on", "id"))


class Direction(StrEnum):
    """Direction of a message from the customer's point of view."""

    SENT = "SENT"
    RECEIVED = "RECEIVED"


class AppealMessage(Model):
    """A numbered, immutable message of a thread; `read_at` is set when the other side reads it."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "models.Appeal", "messages", on_delete=fields.CASCADE
    )
    appeal_id: UUID
    number: fields.Field[int] = fields.IntField()
    direction = fields.CharEnumField(Direction, max_length=10)
    text = fields.TextField()
    clerk_id = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "appeal_message"
        unique_together = (("appeal", "number"),)


class AppealAttachment(Model):
    """A file of a message; an upload can be attached once and stays its author's."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    message: fields.ForeignKeyRelation[AppealMessage] = fields.ForeignKeyField(
        "models.AppealMessage", "attachments", on_delete=fields.CASCADE
    )
    upload: fields.OneToOneRelation[Upload] = fields.OneToOneField(
        "models.Upload", "appeal_attachment", on_delete=fields.CASCADE
    )
    position: fields.Field[int] = fields.SmallIntField()

    class Meta(Model.Meta):
        table = "appeal_attachment"
        unique_together = (("message", "position"),)


class AppealNote(Model):
    """An internal note of staff; not reachable from types of the customers' API."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    appeal: fields.ForeignKeyRelation[Appeal] = fields.ForeignKeyField(
        "models.Appeal", "notes", on_delete=fields.CASCADE
    )
    appeal_id: UUID
    clerk_id = fields.UUIDField()
    text = fields.TextField()
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "appeal_note"
