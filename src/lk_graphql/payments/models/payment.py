"""A payment, what it is for, and what happened to it. Money is integer kopecks of rubles."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import Invoice
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key


class PaymentState(StrEnum):
    """How far a payment has come; `service.states` says what follows what."""

    CREATED = "CREATED"
    REGISTERED = "REGISTERED"
    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    CANCELED = "CANCELED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"


class Payment(Model):
    """Money that a person pays through the acquirer; nobody else ever sees it.

    `amount` goes to accounts, `commission` is paid besides. `reference` and `page_url` are the
    acquirer's, once it has registered it. `look_at` is when the reconciler asks again, null when
    there is nothing left to ask. `posted_at`: billing has all of it.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", "payments", on_delete=fields.RESTRICT
    )
    user_id: UUID
    number = fields.CharField(max_length=20, unique=True)
    state = fields.CharEnumField(PaymentState, max_length=20)
    amount: fields.Field[int] = fields.BigIntField()
    commission: fields.Field[int] = fields.BigIntField()
    refunded: fields.Field[int] = fields.BigIntField(default=0)
    provider = fields.CharField(max_length=20)
    reference = fields.CharField(max_length=60, null=True)
    page_url = fields.CharField(max_length=500, null=True)
    reason = fields.CharField(max_length=100, null=True)
    created_at = fields.DatetimeField()
    paid_at = fields.DatetimeField(null=True)
    changed_at = fields.DatetimeField()
    posted_at = fields.DatetimeField(null=True)
    look_at = fields.DatetimeField(null=True)
    looks: fields.Field[int] = fields.SmallIntField(default=0)

    parts: fields.ReverseRelation["PaymentPart"]
    events: fields.ReverseRelation["PaymentEvent"]

    class Meta(Model.Meta):
        table = "payment"
        unique_together = (("provider", "reference"),)
        indexes = (("user_id", "created_at", "id"), ("created_at", "id"))

    @property
    def total(self) -> int:
        """What the acquirer takes."""
        return self.amount + self.commission


class PaymentPart(Model):
    """What one account gets of a payment, with the account as it was then.

    `advance` is what went beyond what was owed: on the fiscal receipt it is money ahead.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "parts", on_delete=fields.RESTRICT
    )
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "payment_parts", on_delete=fields.RESTRICT
    )
    invoice: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "payment_parts", null=True, on_delete=fields.SET_NULL
    )
    payment_id: UUID
    account_id: UUID
    invoice_id: UUID | None
    position: fields.Field[int] = fields.SmallIntField()
    account_number = fields.CharField(max_length=20)
    unified_number = fields.CharField(max_length=10, null=True)
    contract_number = fields.CharField(max_length=40)
    address = fields.CharField(max_length=300)
    invoice_number = fields.CharField(max_length=40, null=True)
    period = fields.DateField(null=True)
    amount: fields.Field[int] = fields.BigIntField()
    advance: fields.Field[int] = fields.BigIntField()
    refunded: fields.Field[int] = fields.BigIntField(default=0)

    class Meta(Model.Meta):
        table = "payment_part"
        unique_together = (("payment", "position"), ("payment", "account"))
        indexes = (("account_number",),)


class PaymentEventKind(StrEnum):
    """What happened to a payment."""

    CREATED = "CREATED"
    REGISTERED = "REGISTERED"
    PENDING = "PENDING"
    SUCCEEDED = "SUCCEEDED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    CANCELED = "CANCELED"
    REFUND_REQUESTED = "REFUND_REQUESTED"
    REFUND_SUCCEEDED = "REFUND_SUCCEEDED"
    REFUND_FAILED = "REFUND_FAILED"
    RECEIPT_ISSUED = "RECEIPT_ISSUED"
    POSTED = "POSTED"


class PaymentEvent(Model):
    """A payment's history. Append-only: a trigger forbids changes."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "events", on_delete=fields.RESTRICT
    )
    payment_id: UUID
    kind = fields.CharEnumField(PaymentEventKind, max_length=20)
    amount: fields.Field[int | None] = fields.BigIntField(null=True)
    happened_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "payment_event"
        indexes = (("payment_id", "happened_at", "id"),)
