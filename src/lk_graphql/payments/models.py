"""Payments, the ledger, and reports of the acquirer; triggers keep append-only tables so.

Billing is the master of charges. Here is only what came in and went back through the acquirer,
double-entry: the lines of an entry come to nothing, a deferred trigger refuses a commit where
they don't, and another one every change.
"""

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


class PaymentTerms(Model):
    """How little and how much one payment may be, in kopecks, and what the customer pays for it.

    Valid until the next row's `valid_from`.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    valid_from = fields.DateField(unique=True)
    minimum: fields.Field[int] = fields.BigIntField()
    maximum: fields.Field[int] = fields.BigIntField()
    commission_percent = fields.DecimalField(max_digits=5, decimal_places=3)
    reference = fields.CharField(max_length=200)

    class Meta(Model.Meta):
        table = "payment_terms"


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


class LedgerKind(StrEnum):
    PAYMENT = "PAYMENT"
    REFUND = "REFUND"


class LedgerEntry(Model):
    """Money that moved: one for a payment, one for each refund. Append-only."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    kind = fields.CharEnumField(LedgerKind, max_length=10)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "ledger_entries", on_delete=fields.RESTRICT
    )
    refund: fields.OneToOneNullableRelation[Refund] = fields.OneToOneField(
        "models.Refund", "ledger_entry", null=True, on_delete=fields.RESTRICT
    )
    payment_id: UUID
    happened_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "ledger_entry"
        indexes = (("payment_id",),)


class Book(StrEnum):
    """Whose money a line is about."""

    ACQUIRER = "ACQUIRER"
    """What the acquirer owes us."""
    CUSTOMER = "CUSTOMER"
    """What we owe to an account until billing has posted it."""
    COMMISSION = "COMMISSION"


class LedgerLine(Model):
    """One side of an entry: debit is positive, credit negative. Append-only."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    entry: fields.ForeignKeyRelation[LedgerEntry] = fields.ForeignKeyField(
        "models.LedgerEntry", "lines", on_delete=fields.RESTRICT
    )
    book = fields.CharEnumField(Book, max_length=10)
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", "ledger_lines", null=True, on_delete=fields.RESTRICT
    )
    account_id: UUID | None
    amount: fields.Field[int] = fields.BigIntField()

    class Meta(Model.Meta):
        table = "ledger_line"
        indexes = (("entry_id",),)


class RegistryRow(Model):
    """A line of the payments registry («реестр платежей»): a ledger line that billing must post.

    `number` is what billing knows it by, for ever. A refund's amount is negative. While
    `posted_at` is null, the customer sees it as «в обработке».
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    line: fields.OneToOneRelation[LedgerLine] = fields.OneToOneField(
        "models.LedgerLine", "registry_row", on_delete=fields.RESTRICT
    )
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "registry_rows", on_delete=fields.RESTRICT
    )
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "registry_rows", on_delete=fields.RESTRICT
    )
    payment_id: UUID
    account_id: UUID
    number = fields.CharField(max_length=30, unique=True)
    amount: fields.Field[int] = fields.BigIntField()
    period = fields.DateField(null=True)
    happened_at = fields.DatetimeField()
    exported_at = fields.DatetimeField(null=True)
    posted_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "registry_row"
        indexes = (("payment_id",),)
