"""Tables of the ledger, of the registry for billing, and of differences.

Billing is the system of record for charges. The ledger records money received and refunded through
the acquirer, by double entry: a deferred trigger rejects a commit where the lines of an entry don't
sum to 0, and another trigger rejects changes of append-only tables.
"""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.accounts.models import Account
from lk_graphql.kit.ids import new_key
from lk_graphql.payments.models.payments import Payment, Refund


class DifferenceKind(StrEnum):
    """Kind of a contradiction between the cabinet's data and the acquirer's or billing's."""

    ORDER = "ORDER"
    AMOUNT = "AMOUNT"
    CURRENCY = "CURRENCY"
    STATE = "STATE"
    REFUNDED = "REFUNDED"
    UNKNOWN_REFUND = "UNKNOWN_REFUND"
    LOST = "LOST"
    UNREADABLE = "UNREADABLE"
    NO_ANSWER = "NO_ANSWER"
    POSTED_AMOUNT = "POSTED_AMOUNT"
    POSTED_ACCOUNT = "POSTED_ACCOUNT"
    POSTING_REVERSED = "POSTING_REVERSED"
    NOT_POSTED = "NOT_POSTED"


class DifferenceState(StrEnum):
    """State of a difference; AWAITING_BILLING: examined, and the money is still in processing."""

    OPEN = "OPEN"
    AWAITING_BILLING = "AWAITING_BILLING"
    SETTLED = "SETTLED"


class DifferenceResolution(StrEnum):
    """Outcome of a difference; `service.differences` defines the effect of each on the balance."""

    EXPLAINED = "EXPLAINED"
    POSTING_ACCEPTED = "POSTING_ACCEPTED"
    POSTED_ELSEWHERE = "POSTED_ELSEWHERE"
    BILLING_CORRECTS = "BILLING_CORRECTS"
    CORRECTED = "CORRECTED"
    """A later file of billing agrees."""
    SUPERSEDED = "SUPERSEDED"
    """A later file of billing differs in another way, which is another difference."""


class Difference(Model):
    """A contradiction for staff to resolve.

    With the acquirer, a payment has at most one unsettled difference of each kind; `ours` is the
    cabinet's value, `theirs` the acquirer's. With billing, `registry_row` is the movement, which
    has at most one unsettled difference; both values are an account's number and a sum. `clerk_id`
    is the member of staff who has claimed it, `settlement` the result of the inquiry in the words
    of staff.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    payment: fields.ForeignKeyRelation[Payment] = fields.ForeignKeyField(
        "models.Payment", "differences", on_delete=fields.RESTRICT
    )
    registry_row: fields.ForeignKeyNullableRelation["RegistryRow"] = fields.ForeignKeyField(
        "models.RegistryRow", "differences", null=True, on_delete=fields.RESTRICT
    )
    payment_id: UUID
    registry_row_id: UUID | None
    kind = fields.CharEnumField(DifferenceKind, max_length=20)
    state = fields.CharEnumField(DifferenceState, max_length=20, default=DifferenceState.OPEN)
    resolution = fields.CharEnumField(DifferenceResolution, max_length=20, null=True)
    ours = fields.CharField(max_length=100)
    theirs = fields.CharField(max_length=100)
    found_at = fields.DatetimeField()
    clerk_id = fields.UUIDField(null=True)
    settled_at = fields.DatetimeField(null=True)
    settlement = fields.CharField(max_length=300, null=True)

    class Meta(Model.Meta):
        table = "payment_difference"
        indexes = (("payment_id",), ("registry_row_id",))


class LedgerKind(StrEnum):
    PAYMENT = "PAYMENT"
    REFUND = "REFUND"


class LedgerEntry(Model):
    """A movement of money: one for a payment, one for each refund. Append-only."""

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


class LedgerAccount(StrEnum):
    """Account of the ledger."""

    ACQUIRER = "ACQUIRER"
    """The acquirer's debt to the supplier."""
    CUSTOMER = "CUSTOMER"
    """Payments of an account that billing has not posted yet."""
    COMMISSION = "COMMISSION"


class LedgerLine(Model):
    """One side of an entry: debit is positive, credit negative. Append-only."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    entry: fields.ForeignKeyRelation[LedgerEntry] = fields.ForeignKeyField(
        "models.LedgerEntry", "lines", on_delete=fields.RESTRICT
    )
    book = fields.CharEnumField(LedgerAccount, max_length=10)
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", "ledger_lines", null=True, on_delete=fields.RESTRICT
    )
    account_id: UUID | None
    amount: fields.Field[int] = fields.BigIntField()

    class Meta(Model.Meta):
        table = "ledger_line"
        indexes = (("entry_id",),)


class RegistryRow(Model):
    """A line of the payments registry («реестр платежей»): a ledger line for billing to post.

    `number` identifies it in billing and never changes. A refund's amount is negative.
    `posted_amount` is the part that billing has posted to this account, by its newest file. While
    `posted_at` is null, the customer sees the rest, `amount - posted_amount`, as «в обработке».
    `posted_at` is set when billing's account and amount equal the row's, or when staff have settled
    a difference.
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
    posted_amount: fields.Field[int] = fields.BigIntField(default=0)
    period = fields.DateField(null=True)
    happened_at = fields.DatetimeField()
    exported_at = fields.DatetimeField(null=True)
    posted_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "registry_row"
        indexes = (("payment_id",),)
