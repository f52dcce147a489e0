"""The ledger of what happened here, and what of it billing still has to post.

Billing is the master of charges. Here is only what came in and went back through the acquirer,
double-entry: the lines of an entry come to nothing, a deferred trigger refuses a commit where
they don't, and another one every change.
"""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.accounts.models import Account
from lk_graphql.kit.ids import new_key
from lk_graphql.payments.models.payment import Payment
from lk_graphql.payments.models.truth import Refund


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
