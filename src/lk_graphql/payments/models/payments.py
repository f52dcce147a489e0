"""Tables of payments: parts, lines of the receipt, events, terms, refunds, fiscal receipts."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import Invoice
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key


class PaymentState(StrEnum):
    """State of a payment; the transitions are in `service.states`."""

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
    """A payment through the acquirer, visible to its payer only.

    `amount` is credited to accounts; `commission` is charged in addition. `reference` and
    `page_url` are the acquirer's, null before the registration. `next_check_at` is the time of the
    next check with the acquirer, null if none is needed; `checks` is the number of checks so far.
    (Their columns keep older names, which processes of the previous version read during an
    upgrade.) `posted_at` is set when billing has posted all of the payment's movements.
    `return_url` is the page to which the acquirer redirects, `buyer_email` the address for the
    fiscal receipt, and `supplier_id` the requisites of the payee, the same for every repeat of the
    order; null in old rows. The page and the address are deleted when no repeat is possible.
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
    next_check_at = fields.DatetimeField(null=True, source_field="look_at")
    checks: fields.Field[int] = fields.SmallIntField(default=0, source_field="looks")
    return_url = fields.CharField(max_length=600, null=True)
    buyer_email = fields.CharField(max_length=254, null=True)
    supplier_id = fields.UUIDField(null=True)

    parts: fields.ReverseRelation["PaymentPart"]
    events: fields.ReverseRelation["PaymentEvent"]

    class Meta(Model.Meta):
        table = "payment"
        unique_together = (("provider", "reference"),)
        indexes = (("user_id", "created_at", "id"), ("created_at", "id"))

    @property
    def total(self) -> int:
        """The sum that the acquirer charges."""
        return self.amount + self.commission


class PaymentPart(Model):
    """One account's part of a payment, with a copy of the account's data at that time.

    `advance` is the amount beyond the debt: on the fiscal receipt it is an advance payment.
    `names_invoice` is true if the customer has named the bill; otherwise it is the newest bill.
    `lines` are the lines of the fiscal receipt.
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
    names_invoice = fields.BooleanField(default=True)

    lines: fields.ReverseRelation["PaymentLine"]

    class Meta(Model.Meta):
        table = "payment_part"
        unique_together = (("payment", "position"), ("payment", "account"))
        indexes = (("account_number",),)


class PaymentLineKind(StrEnum):
    """Subject of a line of a fiscal receipt."""

    DEBT = "DEBT"
    PENALTY = "PENALTY"
    ADVANCE = "ADVANCE"
    COMMISSION = "COMMISSION"


class PaymentLine(Model):
    """A line of a payment's fiscal receipt, fixed when the payment is started.

    The lines of a part sum to its amount; `part` is null for the commission only. `position` is the
    order of settlement (decision 0042); refunds begin with the last line. A DEBT is for energy of
    the months from `first_period` to `period`; both are null if no bill explains it. `service` is
    billing's name of the service. `vat_percent` is null where there is no VAT. The volume and the
    price in kopecks are set only where `amount` is exactly their product.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "lines", on_delete=fields.RESTRICT
    )
    part: fields.ForeignKeyNullableRelation[PaymentPart] = fields.ForeignKeyField(
        "models.PaymentPart", "lines", null=True, on_delete=fields.RESTRICT
    )
    payment_id: UUID
    part_id: UUID | None
    position: fields.Field[int] = fields.SmallIntField()
    kind = fields.CharEnumField(PaymentLineKind, max_length=10)
    service = fields.CharField(max_length=100, null=True)
    first_period = fields.DateField(null=True)
    period = fields.DateField(null=True)
    amount: fields.Field[int] = fields.BigIntField()
    vat_percent = fields.DecimalField(max_digits=5, decimal_places=2, null=True)
    quantity_kwh = fields.DecimalField(max_digits=12, decimal_places=3, null=True)
    kopecks_per_kwh: fields.Field[int | None] = fields.BigIntField(null=True)

    class Meta(Model.Meta):
        table = "payment_line"
        unique_together = (("payment", "position"),)
        indexes = (("part_id",),)


class PaymentEventKind(StrEnum):
    """Kind of an event in a payment's history."""

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
    """An event in a payment's history. Append-only: a trigger rejects changes."""

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


class PaymentTerms(Model):
    """Limits of one payment in kopecks, and the commission.

    Valid until the next row's `valid_from`.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    valid_from = fields.DateField(unique=True)
    minimum: fields.Field[int] = fields.BigIntField()
    maximum: fields.Field[int] = fields.BigIntField()
    commission_percent = fields.DecimalField(max_digits=5, decimal_places=3)
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "payment_terms"


class RefundState(StrEnum):
    """State of a refund."""

    REQUESTED = "REQUESTED"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class Refund(Model):
    """A refund of one account's part, requested by staff.

    `id` is the idempotence key for the acquirer. `request_key` is the idempotency key of the
    request, unique for each member of staff. `reference` is the acquirer's, null until its
    first answer. `buyer_email` is the address for the fiscal receipt, the same for every repeat;
    null in old rows, and when no repeat is possible.
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
    buyer_email = fields.CharField(max_length=254, null=True)

    class Meta(Model.Meta):
        table = "refund"
        unique_together = (("staff_id", "request_key"),)
        indexes = (("payment_id",), ("part_id",))


class RefundLine(Model):
    """The part of a payment's line that a refund returns; a refund's lines sum to it."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    refund: fields.ForeignKeyRelation[Refund] = fields.ForeignKeyField(
        "models.Refund", "lines", on_delete=fields.RESTRICT
    )
    line: fields.ForeignKeyRelation[PaymentLine] = fields.ForeignKeyField(
        "models.PaymentLine", "refund_lines", on_delete=fields.RESTRICT
    )
    refund_id: UUID
    line_id: UUID
    amount: fields.Field[int] = fields.BigIntField()

    class Meta(Model.Meta):
        table = "refund_line"
        unique_together = (("refund", "line"),)
        indexes = (("line_id",),)


class ReceiptState(StrEnum):
    """State of a fiscal receipt; the cash register issues it some time after the payment."""

    PENDING = "PENDING"
    DONE = "DONE"
    FAILED = "FAILED"


class FiscalReceipt(Model):
    """A receipt under 54-ФЗ for a payment or for one of its refunds.

    Storage is the «ФН», number the «ФД», attribute the «ФПД»: the three identify it at the tax
    service. A FAILED receipt is in the queue of staff until `settled_at`; `clerk_id` is the member
    of staff who has claimed it, `settlement` describes what was done instead.
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
    failed_at = fields.DatetimeField(null=True)
    clerk_id = fields.UUIDField(null=True)
    settled_at = fields.DatetimeField(null=True)
    settlement = fields.CharField(max_length=300, null=True)

    class Meta(Model.Meta):
        table = "fiscal_receipt"
        indexes = (("payment_id",),)
