"""Tariffs and bills as they lie in the database; money is integer kopecks.

The billing system is the master of charges: these rows are its copy. What law or a tariff order
can change is a dated row here, never a constant.
"""

from enum import StrEnum

from tortoise import Model, fields

from lk_graphql.accounts.models import Account, TariffCategory
from lk_graphql.kit.ids import new_key
from lk_graphql.metering.models import Reading, Register, Zone


class Tariff(Model):
    """The price of a kilowatt-hour in rubles, VAT included, for days from `valid_from`."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    category = fields.CharEnumField(TariffCategory, max_length=20)
    zone = fields.CharEnumField(Zone, max_length=10)
    range_number = fields.SmallIntField()
    rubles_per_kwh = fields.DecimalField(max_digits=10, decimal_places=5)
    valid_from = fields.DateField()
    valid_to = fields.DateField(null=True)
    order_reference = fields.CharField(max_length=200)

    class Meta(Model.Meta):
        table = "tariff"
        unique_together = (("category", "zone", "range_number", "valid_from"),)


class RangeLimit(Model):
    """Up to how many kWh a month a consumption range («диапазон») reaches; null: no end."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    category = fields.CharEnumField(TariffCategory, max_length=20)
    range_number = fields.SmallIntField()
    up_to_kwh = fields.IntField(null=True)
    valid_from = fields.DateField()

    class Meta(Model.Meta):
        table = "range_limit"
        unique_together = (("category", "range_number", "valid_from"),)


class PenaltyRate(Model):
    """The key rate, or the cap on it (ПП 329), in percent a year, for days from `valid_from`."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    is_cap = fields.BooleanField(default=False)
    percent = fields.DecimalField(max_digits=6, decimal_places=3)
    valid_from = fields.DateField()
    valid_to = fields.DateField(null=True)

    class Meta(Model.Meta):
        table = "penalty_rate"
        unique_together = (("is_cap", "valid_from"),)


class DueRule(Model):
    """By which days of the following month bills are issued and paid, from a billed month on."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    from_period = fields.DateField(unique=True)
    document_day = fields.SmallIntField()
    due_day = fields.SmallIntField()
    reference = fields.CharField(max_length=200)

    class Meta(Model.Meta):
        table = "due_rule"


class Invoice(Model):
    """A bill for one account and one month («счёт», «квитанция»).

    Signs: what the customer owes is positive, what was paid ahead is negative. Always
    opening_balance + charged + recalculated + penalty - paid = closing_balance (a check).
    `unpaid` is what is still open of this month's charges and penalty when every payment goes to
    the oldest debt first (`service.ledger`), as of the account's balance: together they are that
    balance's debt and penalty. It goes down as later months bring payments.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "invoices", on_delete=fields.CASCADE
    )
    number = fields.CharField(max_length=40, unique=True)
    period = fields.DateField()
    issued_on = fields.DateField()
    due_on = fields.DateField()
    opening_balance = fields.BigIntField()
    charged = fields.BigIntField()
    recalculated = fields.BigIntField()
    penalty = fields.BigIntField()
    paid = fields.BigIntField()
    closing_balance = fields.BigIntField()
    unpaid = fields.BigIntField(default=0)
    consumption_kwh = fields.DecimalField(max_digits=12, decimal_places=3)

    lines: fields.ReverseRelation["InvoiceLine"]

    class Meta(Model.Meta):
        table = "invoice"
        unique_together = (("account", "period"),)


class LineKind(StrEnum):
    """What a line is: energy by zone and range, or a correction of earlier months."""

    ENERGY = "ENERGY"
    RECALCULATION = "RECALCULATION"


class InvoiceLine(Model):
    """What was charged for one zone and range, or recalculated and why."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "lines", on_delete=fields.CASCADE
    )
    position = fields.SmallIntField()
    kind = fields.CharEnumField(LineKind, max_length=20)
    service = fields.CharField(max_length=100)
    zone = fields.CharEnumField(Zone, max_length=10, null=True)
    range_number = fields.SmallIntField(null=True)
    quantity_kwh = fields.DecimalField(max_digits=12, decimal_places=3, null=True)
    rubles_per_kwh = fields.DecimalField(max_digits=10, decimal_places=5, null=True)
    amount = fields.BigIntField()
    reason = fields.CharField(max_length=300, null=True)

    class Meta(Model.Meta):
        table = "invoice_line"
        unique_together = (("invoice", "position"),)


class InvoiceReading(Model):
    """Which two readings of a register went into a bill, and what lay between them."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "readings", on_delete=fields.CASCADE
    )
    register: fields.ForeignKeyRelation[Register] = fields.ForeignKeyField(
        "models.Register", "billed", on_delete=fields.CASCADE
    )
    previous: fields.ForeignKeyNullableRelation[Reading] = fields.ForeignKeyField(
        "models.Reading", "billed_as_previous", null=True, on_delete=fields.RESTRICT
    )
    current: fields.ForeignKeyNullableRelation[Reading] = fields.ForeignKeyField(
        "models.Reading", "billed_as_current", null=True, on_delete=fields.RESTRICT
    )
    consumption_kwh = fields.DecimalField(max_digits=12, decimal_places=3)

    class Meta(Model.Meta):
        table = "invoice_reading"
        unique_together = (("invoice", "register"),)


class InvoicePenalty(Model):
    """How a penalty («пеня», ЖК 155 ч. 14) came about: days of one debt at one rate."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "penalties", on_delete=fields.CASCADE
    )
    position = fields.SmallIntField()
    for_period = fields.DateField()
    debt = fields.BigIntField()
    first_day = fields.DateField()
    last_day = fields.DateField()
    rate_percent = fields.DecimalField(max_digits=6, decimal_places=3)
    divisor = fields.SmallIntField()
    amount = fields.BigIntField()

    class Meta(Model.Meta):
        table = "invoice_penalty"
        unique_together = (("invoice", "position"),)


class ReceivedPayment(Model):
    """Money that billing has posted to an account, by whatever way it came."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "received_payments", on_delete=fields.CASCADE
    )
    invoice: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "payments", null=True, on_delete=fields.SET_NULL
    )
    external_id = fields.CharField(max_length=60, unique=True)
    paid_on = fields.DateField()
    amount = fields.BigIntField()
    agent = fields.CharField(max_length=100)

    class Meta(Model.Meta):
        table = "received_payment"
        indexes = (("account_id", "paid_on", "id"), ("invoice_id",))


class AccountBalance(Model):
    """Billing's snapshot of what an account owes; at least one of debt and overpayment is 0."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.OneToOneRelation[Account] = fields.OneToOneField(
        "models.Account", "balance", on_delete=fields.CASCADE
    )
    debt = fields.BigIntField()
    penalty = fields.BigIntField()
    overpayment = fields.BigIntField()
    as_of = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "account_balance"
