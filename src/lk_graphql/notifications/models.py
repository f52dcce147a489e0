"""Tables of notices, their settings and deliveries, and of calendar feeds."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from lk_graphql.accounts.models import Account
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key


class NoticeKind(StrEnum):
    """The kind of a notice; its texts are in `service.texts`, its topic in `service.topics`."""

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
    """A message to a user («уведомление»).

    It has no text, name or address: the text is made of `kind` and the facts in the language of
    the request. `cause` is the key of the event (`invoice/<key>`), unique for a recipient, so that
    a repeated event makes one notice. `subject_id` is the key of a row of the kind's table.
    `period` is the first day of a month, `day` a due date or the window's last day, `amount`
    kopecks, `reference` the number of an appeal or an application.
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
    created_at = fields.DatetimeField(db_index=True)
    read_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "notice"
        unique_together = (("user", "cause"),)
        indexes = (("user_id", "created_at", "id"),)


class NoticeTopic(StrEnum):
    """A subscription («Мои подписки»); `service.topics` has the kinds of each topic."""

    READING_REMINDERS = "READING_REMINDERS"
    READING_RESULTS = "READING_RESULTS"
    BILLS = "BILLS"
    PAYMENTS = "PAYMENTS"
    METERS = "METERS"
    ANSWERS = "ANSWERS"


class NoticeChannel(StrEnum):
    """The channels of delivery besides the inbox."""

    EMAIL = "EMAIL"
    SMS = "SMS"


class TopicSettings(Model):
    """The topics that a user has switched off, for one account or for all others.

    A unique index with NULLS NOT DISTINCT keeps one row for a user and an account. Without a row
    all topics are on. The table stores the topics that are off, so that a new topic is on by
    default.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "topic_settings", on_delete=fields.CASCADE
    )
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", "topic_settings", null=True, on_delete=fields.CASCADE
    )
    user_id: UUID
    account_id: UUID | None
    muted_by_email: fields.Field[list[str]] = ArrayField("TEXT", default=list)
    muted_by_sms: fields.Field[list[str]] = ArrayField("TEXT", default=list)
    changed_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "notice_choice"


class DeliverySettings(Model):
    """The delivery settings of a user: the switch for SMS, and the quiet hours.

    The quiet hours are minutes after midnight in the company's zone, both or none, and may span
    midnight. A user without a row gets no SMS, and no deliveries during
    `settings.DEFAULT_QUIET_HOURS`.
    """

    user: fields.OneToOneRelation[User] = fields.OneToOneField(
        "models.User", "delivery_settings", primary_key=True, on_delete=fields.CASCADE
    )
    user_id: UUID
    has_sms = fields.BooleanField(default=False)
    quiet_from: fields.Field[int | None] = fields.SmallIntField(null=True)
    quiet_until: fields.Field[int | None] = fields.SmallIntField(null=True)
    changed_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "notice_manners"


class DeliveryState(StrEnum):
    """The state of a delivery.

    DROPPED: no longer wanted, or too late, when it was due. FAILED: refused for good, or attempts
    exhausted.
    """

    WAITING = "WAITING"
    SENT = "SENT"
    DROPPED = "DROPPED"
    FAILED = "FAILED"


class Delivery(Model):
    """The delivery of a notice by e-mail or SMS.

    A sender that leases a delivery moves its `due_at` by a few minutes, so that it is due again
    after a crash. The gateway gets the delivery's key as the id of the message, and recognises a
    repeat by this id. Sending a notice again makes a new row; a unique index permits one waiting
    row for each channel. `refusals` counts the attempts that were refused without a reason.
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
    refusals = fields.SmallIntField(default=0)

    class Meta(Model.Meta):
        table = "delivery"
        indexes = (("notice_id", "channel"),)


class RefusedAddress(Model):
    """An address of a user that refuses delivery.

    Nothing is sent while it is the user's address; a new address is used at once. A user has at
    most one row for a channel, the newest. It is deleted when the user resumes the channel.
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
    """The time at which a channel is free again; all senders share its rate by this row."""

    channel = fields.CharEnumField(NoticeChannel, max_length=10, primary_key=True)
    free_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "delivery_pace"


class CalendarFeed(Model):
    """A calendar address of a user, read by programs without a session.

    Its token is an HMAC of id and nonce under the secret key. The token is not stored; a new nonce
    invalidates the former address.
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
