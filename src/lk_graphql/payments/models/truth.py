"""What the acquirer has said and what is asked of it; and where its word and ours differ."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.kit.ids import new_key
from lk_graphql.payments.models.payment import Payment, PaymentPart


class AcquirerNotice(Model):
    """The inbox of callbacks. They prove nothing: each makes us ask for the truth, once."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    provider = fields.CharField(max_length=20)
    subject = fields.CharField(max_length=60)
    kind = fields.CharField(max_length=40)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "notices", on_delete=fields.RESTRICT
    )
    payment_id: UUID
    received_at = fields.DatetimeField()
    done_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "acquirer_notice"
        unique_together = (("provider", "subject", "kind"),)
        indexes = (("payment_id",),)


class RefundState(StrEnum):
    """A refund is asked for here, and done or not by the acquirer."""

    REQUESTED = "REQUESTED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class Refund(Model):
    """Money of one account's part that staff send back.

    `id` is the acquirer's idempotence key; `request_key` the one under which staff asked for it,
    unique among theirs. `reference` is the acquirer's name for it, once it has been done.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "refunds", on_delete=fields.RESTRICT
    )
    part: fields.ForeignKeyRelation[PaymentPart] = fields.ForeignKeyField(
        "models.PaymentPart", "refunds", on_delete=fields.RESTRICT
    )
    payment_id: UUID
    part_id: UUID
    amount: fields.Field[int] = fields.BigIntField()
    reason = fields.CharField(max_length=300)
    staff_id = fields.UUIDField()
    request_key = fields.CharField(max_length=100)
    state = fields.CharEnumField(RefundState, max_length=10)
    reference = fields.CharField(max_length=60, null=True)
    failure = fields.CharField(max_length=100, null=True)
    requested_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "refund"
        unique_together = (("staff_id", "request_key"),)
        indexes = (("payment_id",), ("part_id",))


class ReceiptState(StrEnum):
    """A fiscal receipt is made out by a cash register, some time after the money has moved."""

    PENDING = "PENDING"
    DONE = "DONE"
    FAILED = "FAILED"


class FiscalReceipt(Model):
    """A receipt under 54-ФЗ, of a payment or of a refund of it.

    Storage is the «ФН», number the «ФД», attribute the «ФПД»: together they find it at the tax
    service.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "receipts", on_delete=fields.RESTRICT
    )
    refund: fields.OneToOneNullableRelation[Refund] = fields.OneToOneField(
        "models.Refund", "receipt", null=True, on_delete=fields.RESTRICT
    )
    payment_id: UUID
    refund_id: UUID | None
    amount: fields.Field[int] = fields.BigIntField()
    state = fields.CharEnumField(ReceiptState, max_length=10)
    storage = fields.CharField(max_length=20, null=True)
    number = fields.CharField(max_length=20, null=True)
    attribute = fields.CharField(max_length=20, null=True)
    url = fields.CharField(max_length=300, null=True)
    registered_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "fiscal_receipt"
        indexes = (("payment_id",),)


class DifferenceKind(StrEnum):
    """Where the acquirer's word and ours can't both be true."""

    ORDER = "ORDER"
    AMOUNT = "AMOUNT"
    CURRENCY = "CURRENCY"
    STATE = "STATE"
    REFUNDED = "REFUNDED"
    UNKNOWN_REFUND = "UNKNOWN_REFUND"
    LOST = "LOST"


class Difference(Model):
    """For staff to look into; nothing is settled by itself. One open of a kind for a payment.

    `settlement` is what staff found out, in their words.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "differences", on_delete=fields.RESTRICT
    )
    payment_id: UUID
    kind = fields.CharEnumField(DifferenceKind, max_length=20)
    ours = fields.CharField(max_length=100)
    theirs = fields.CharField(max_length=100)
    found_at = fields.DatetimeField()
    settled_at = fields.DatetimeField(null=True)
    settlement = fields.CharField(max_length=300, null=True)

    class Meta(Model.Meta):
        table = "payment_difference"
        indexes = (("payment_id",),)
