"""Notices as they lie in the database: facts, from which texts are made when somebody reads."""

from enum import StrEnum
from uuid import UUID

from tortoise import Model, fields

from lk_graphql.accounts.models import Account
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key


class NoticeKind(StrEnum):
    """What a notice says; `service.words` has the texts, `service.topics` who can switch it off."""

    WINDOW_OPENED = "WINDOW_OPENED"
    READING_REMINDER = "READING_REMINDER"
    READINGS_ACCEPTED = "READINGS_ACCEPTED"
    READING_REJECTED = "READING_REJECTED"
    INVOICE_ISSUED = "INVOICE_ISSUED"
    PAYMENT_DUE = "PAYMENT_DUE"
    PAYMENT_OVERDUE = "PAYMENT_OVERDUE"
    PAYMENT_RECEIVED = "PAYMENT_RECEIVED"
    VERIFICATION_DUE = "VERIFICATION_DUE"
    APPEAL_ANSWERED = "APPEAL_ANSWERED"
    APPLICATION_CHANGED = "APPLICATION_CHANGED"
    LINK_ADDED = "LINK_ADDED"
    LINK_SUSPENDED = "LINK_SUSPENDED"


class Notice(Model):
    """Something that a person was told («уведомление»).

    It holds no text, name or address: `kind` and the facts below make the text, in whatever
    language it is read. `cause` is what happened, once (`invoice/<key>`): with the recipient it
    is unique, so that a cause that is told twice is one notice. `subject_id` is the key of the row
    that it is about, of the kind's table. `period` is the first day of a month, `day` the day in
    question (a due date, the window's last day), `amount` kopecks.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "notices", on_delete=fields.CASCADE
    )
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", "notices", null=True, on_delete=fields.CASCADE
    )
    user_id: UUID
    account_id: UUID | None
    kind = fields.CharEnumField(NoticeKind, max_length=30)
    cause = fields.CharField(max_length=120)
    subject_id = fields.UUIDField(null=True)
    period = fields.DateField(null=True)
    day = fields.DateField(null=True)
    amount = fields.BigIntField(null=True)
    created_at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "notice"
        unique_together = (("user", "cause"),)
        indexes = (("user_id", "created_at", "id"),)
