"""Notices, how people want to get them, and what is on its way to them."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

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
    APPLICATION_QUESTION = "APPLICATION_QUESTION"
    APPLICATION_DECIDED = "APPLICATION_DECIDED"
    LINK_ADDED = "LINK_ADDED"
    LINK_SUSPENDED = "LINK_SUSPENDED"


class Notice(Model):
    """Something that a person was told («уведомление»).

    It holds no text, name or address: `kind` and the facts below make the text, in whatever
    language it is read. `cause` is what happened, once (`invoice/<key>`): with the recipient it
    is unique, so that a cause that is told twice is one notice. `subject_id` is the key of the row
    that it is about, of the kind's table. `period` is the first day of a month, `day` the day in
    question (a due date, the window's last day), `amount` kopecks, `reference` the number of an
    appeal or an application, which people quote.
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
    reference = fields.CharField(max_length=20, null=True)
    created_at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "notice"
        unique_together = (("user", "cause"),)
        indexes = (("user_id", "created_at", "id"),)


class NoticeTopic(StrEnum):
    """What people switch on and off («Мои подписки»); `service.topics` has the kinds of each."""

    READING_REMINDERS = "READING_REMINDERS"
    READING_RESULTS = "READING_RESULTS"
    BILLS = "BILLS"
    PAYMENTS = "PAYMENTS"
    METERS = "METERS"
    ANSWERS = "ANSWERS"


class NoticeChannel(StrEnum):
    """The ways to a person, besides the inbox."""

    EMAIL = "EMAIL"
    SMS = "SMS"


class NoticeChoice(Model):
    """The topics that a person has switched off, for one account or for everything else.

    A unique index that takes nulls for equal keeps one row for a person and an account. Who has
    none gets everything; what is stored is what was switched off, so that a new topic is on.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "notice_choices", on_delete=fields.CASCADE
    )
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", "notice_choices", null=True, on_delete=fields.CASCADE
    )
    user_id: UUID
    account_id: UUID | None
    muted_by_email: fields.Field[list[str]] = ArrayField("TEXT", default=list)
    muted_by_sms: fields.Field[list[str]] = ArrayField("TEXT", default=list)
    changed_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "notice_choice"


class NoticeManners(Model):
    """How to behave towards a person: the switch for SMS, and the hours when nothing comes.

    The quiet hours are minutes after midnight in the company's zone, both or none; the night may
    lie between them. Who has no row gets no SMS, and nothing in the hours of `service.quiet`.
    """

    user: fields.OneToOneRelation[User] = fields.OneToOneField(
        "models.User", "notice_manners", primary_key=True, on_delete=fields.CASCADE
    )
    user_id: UUID
    has_sms = fields.BooleanField(default=False)
    quiet_from: fields.Field[int | None] = fields.SmallIntField(null=True)
    quiet_until: fields.Field[int | None] = fields.SmallIntField(null=True)
    changed_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "notice_manners"


class DeliveryState(StrEnum):
    """DROPPED was not wanted any more when its turn came; FAILED was tried in vain."""

    WAITING = "WAITING"
    SENT = "SENT"
    DROPPED = "DROPPED"
    FAILED = "FAILED"


class Delivery(Model):
    """A notice on its way to a mailbox or a telephone.

    Whoever takes one for sending puts `due_at` a few minutes off; if they die, it comes due
    again. Its key is the message's id for the gateway, so that a repeat is known as one. A notice
    that is sent again has another: of those that wait, a unique index keeps one for each channel.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    notice: fields.ForeignKeyRelation[Notice] = fields.ForeignKeyField(
        "models.Notice", "deliveries", on_delete=fields.CASCADE
    )
    notice_id: UUID
    channel = fields.CharEnumField(NoticeChannel, max_length=10)
    state = fields.CharEnumField(DeliveryState, max_length=10)
    attempts = fields.SmallIntField(default=0)
    due_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "delivery"
        indexes = (("notice_id", "channel"),)


class RefusedAddress(Model):
    """A mailbox or number of somebody's that nothing can be delivered to.

    Nothing more is tried while it is the person's address; a new one is tried at once. One row
    for a person and a channel, the newest. It goes when the person says that the address works.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "refused_addresses", on_delete=fields.CASCADE
    )
    user_id: UUID
    channel = fields.CharEnumField(NoticeChannel, max_length=10)
    address = fields.CharField(max_length=254)
    refused_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "refused_address"
        unique_together = (("user", "channel"),)


class DeliveryPace(Model):
    """From when on a channel is free again: all senders together keep its rate."""

    channel = fields.CharEnumField(NoticeChannel, max_length=10, primary_key=True)
    free_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "delivery_pace"


class CalendarFeed(Model):
    """An address under which a calendar program reads somebody's dates, without signing in.

    Its token is an HMAC of id and nonce under the secret key: it lies nowhere, and a new nonce
    ends the address that was given out before.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.OneToOneRelation[User] = fields.OneToOneField(
        "models.User", "calendar_feed", on_delete=fields.CASCADE
    )
    user_id: UUID
    nonce = fields.BinaryField()
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "calendar_feed"
