"""Tables of bills, received payments, tariffs and other dated rules; money in kopecks.

The billing system is the system of record for charges: these rows are its copy.

`data_as_of` is the time of the billing data in an imported row: an older file can't overwrite a
newer one. It is null in rows that weren't imported.
"""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.accounts.models import Account, TariffCategory
from lk_graphql.kit.ids import new_key
from lk_graphql.metering.models import Reading, Register, Zone


class Invoice(Model):
    """A bill for one account and one month («счёт», «квитанция»).

    Signs: a debt is positive, an overpayment is negative. A check constraint ensures
    opening_balance + charged + recalculated + penalty - paid = closing_balance. `closing_penalty`
    is the penalty in the closing balance, null where billing doesn't report it. The closing balance
    is that of the end of the day `closing_on`, null for the last day of the month.

    `unpaid` is the open part of this month's charges and penalty when every payment settles the
    oldest debt first (decision 0042), as of the account's balance: the sum over all bills is at
    most that balance's debt and penalty. It decreases as later payments arrive. Money that billing
    hasn't posted yet isn't deducted: see `service.invoices`. `gis_document_id` is the document's
    identifier in ГИС ЖКХ, 18 characters.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "invoices", on_delete=fields.CASCADE
    )
    account_id: UUID
    number = fields.CharField(max_length=40, unique=True)
    period = fields.DateField()
    issued_on = fields.DateField()
    due_on = fields.DateField()
    opening_balance: fields.Field[int] = fields.BigIntField()
    charged: fields.Field[int] = fields.BigIntField()
    recalculated: fields.Field[int] = fields.BigIntField()
    penalty: fields.Field[int] = fields.BigIntField()
    paid: fields.Field[int] = fields.BigIntField()
    closing_balance: fields.Field[int] = fields.BigIntField()
    closing_penalty: fields.Field[int | None] = fields.BigIntField(null=True)
    closing_on = fields.DateField(null=True)
    unpaid: fields.Field[int] = fields.BigIntField(default=0)
    consumption_kwh = fields.DecimalField(max_digits=12, decimal_places=3)
    gis_document_id = fields.CharField(max_length=18, null=True)
    data_as_of = fields.DatetimeField(null=True)

    lines: fields.ReverseRelation["InvoiceLine"]

    class Meta(Model.Meta):
        table = "invoice"
        unique_together = (("account", "period"),)


class LineKind(StrEnum):
    """Kind of a line: energy, the surcharge of a raising factor, a correction of earlier months."""

    ENERGY = "ENERGY"
    RAISING_FACTOR = "RAISING_FACTOR"
    RECALCULATION = "RECALCULATION"


class VolumeBasis(StrEnum):
    """Basis of a volume: readings, the household's own average, or the norm."""

    METER = "METER"
    AVERAGE = "AVERAGE"
    NORM = "NORM"


class RecalculationReason(StrEnum):
    """Reason for correcting earlier months (ПП 354)."""

    READING_CORRECTED = "READING_CORRECTED"
    ESTIMATE_CORRECTED = "ESTIMATE_CORRECTED"
    METER_CHECKED = "METER_CHECKED"
    SUPPLY_INTERRUPTED = "SUPPLY_INTERRUPTED"
    TARIFF_CORRECTED = "TARIFF_CORRECTED"
    TEMPORARY_ABSENCE = "TEMPORARY_ABSENCE"
    OTHER = "OTHER"


class InvoiceLine(Model):
    """A line of a bill: energy of one zone and range, a raising factor, or a recalculation.

    `basis` is set for energy only, where billing reports it; `factor` is set exactly for a
    raising factor's line, whose amount is part of the charges. Only a recalculation has a
    `reason_code`, the months that it corrects (from the first to the last) and a `document`;
    `reason` is the billing system's own text.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "lines", on_delete=fields.CASCADE
    )
    invoice_id: UUID
    position = fields.SmallIntField()
    kind = fields.CharEnumField(LineKind, max_length=20)
    service = fields.CharField(max_length=100)
    zone = fields.CharEnumField(Zone, max_length=10, null=True)
    range_number: fields.Field[int | None] = fields.SmallIntField(null=True)
    basis = fields.CharEnumField(VolumeBasis, max_length=10, null=True)
    factor = fields.DecimalField(max_digits=4, decimal_places=2, null=True)
    quantity_kwh = fields.DecimalField(max_digits=12, decimal_places=3, null=True)
    rubles_per_kwh = fields.DecimalField(max_digits=10, decimal_places=5, null=True)
    amount: fields.Field[int] = fields.BigIntField()
    reason = fields.CharField(max_length=300, null=True)
    reason_code = fields.CharEnumField(RecalculationReason, max_length=20, null=True)
    corrects_from = fields.DateField(null=True)
    corrects_to = fields.DateField(null=True)
    document = fields.CharField(max_length=200, null=True)

    class Meta(Model.Meta):
        table = "invoice_line"
        unique_together = (("invoice", "position"),)


class InvoiceReading(Model):
    """The two readings of a register behind a bill, and the consumption between them."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "readings", on_delete=fields.CASCADE
    )
    invoice_id: UUID
    register: fields.ForeignKeyRelation[Register] = fields.ForeignKeyField(
        "models.Register", "billed", on_delete=fields.CASCADE
    )
    register_id: UUID
    previous: fields.ForeignKeyNullableRelation[Reading] = fields.ForeignKeyField(
        "models.Reading", "billed_as_previous", null=True, on_delete=fields.RESTRICT
    )
    previous_id: UUID | None
    current: fields.ForeignKeyNullableRelation[Reading] = fields.ForeignKeyField(
        "models.Reading", "billed_as_current", null=True, on_delete=fields.RESTRICT
    )
    current_id: UUID | None
    consumption_kwh = fields.DecimalField(max_digits=12, decimal_places=3)

    class Meta(Model.Meta):
        table = "invoice_reading"
        unique_together = (("invoice", "register"),)


class InvoicePenalty(Model):
    """A row of the penalty calculation («пеня», ЖК 155 ч. 14): days of one debt at one rate."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    invoice: fields.ForeignKeyRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "penalties", on_delete=fields.CASCADE
    )
    invoice_id: UUID
    position = fields.SmallIntField()
    for_period = fields.DateField()
    debt: fields.Field[int] = fields.BigIntField()
    first_day = fields.DateField()
    last_day = fields.DateField()
    rate_percent = fields.DecimalField(max_digits=6, decimal_places=3)
    divisor = fields.SmallIntField()
    amount: fields.Field[int] = fields.BigIntField()

    class Meta(Model.Meta):
        table = "invoice_penalty"
        unique_together = (("invoice", "position"),)


class ReceivedPayment(Model):
    """A payment that billing has posted to an account, through any channel.

    `amount` is the sum of everything posted under `external_id`: negative for a refund, 0 if
    billing has reversed the posting.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "received_payments", on_delete=fields.CASCADE
    )
    invoice: fields.ForeignKeyNullableRelation[Invoice] = fields.ForeignKeyField(
        "models.Invoice", "payments", null=True, on_delete=fields.SET_NULL
    )
    invoice_id: UUID | None
    external_id = fields.CharField(max_length=60, unique=True)
    paid_on = fields.DateField()
    amount: fields.Field[int] = fields.BigIntField()
    agent = fields.CharField(max_length=100)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "received_payment"
        indexes = (("account_id", "paid_on", "id"), ("invoice_id",))


class AccountBalance(Model):
    """Billing's newest balance of an account; at least one of debt and overpayment is 0.

    It comes from a snapshot, or is the closing balance of the bill of `period`. In the second case
    `as_of` is the end of the day of that balance.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.OneToOneRelation[Account] = fields.OneToOneField(
        "models.Account", "balance", on_delete=fields.CASCADE
    )
    debt: fields.Field[int] = fields.BigIntField()
    penalty: fields.Field[int] = fields.BigIntField()
    overpayment: fields.Field[int] = fields.BigIntField()
    as_of = fields.DatetimeField()
    period = fields.DateField(null=True)

    class Meta(Model.Meta):
        table = "account_balance"


class Tariff(Model):
    """The price of a kilowatt-hour in rubles, VAT included, for days from `valid_from`."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    category = fields.CharEnumField(TariffCategory, max_length=20)
    zone = fields.CharEnumField(Zone, max_length=10)
    range_number: fields.Field[int] = fields.SmallIntField()
    rubles_per_kwh = fields.DecimalField(max_digits=10, decimal_places=5)
    valid_from = fields.DateField()
    valid_to = fields.DateField(null=True)
    order_reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "tariff"
        unique_together = (("category", "zone", "range_number", "valid_from"),)


class RangeLimit(Model):
    """The upper limit of a consumption range («диапазон»), kWh a month; null: no limit."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    category = fields.CharEnumField(TariffCategory, max_length=20)
    range_number: fields.Field[int] = fields.SmallIntField()
    up_to_kwh = fields.IntField(null=True)
    valid_from = fields.DateField()
    order_reference = fields.CharField(max_length=200, null=True)
    data_as_of = fields.DatetimeField(null=True)

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
    reference = fields.CharField(max_length=200, null=True)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "penalty_rate"
        unique_together = (("is_cap", "valid_from"),)


class PenaltyShare(Model):
    """The part of the key rate charged for a day of delay: 1/`divisor`, from day `days_late` on.

    A null `divisor` charges nothing. The rows of one `valid_from` belong together (ЖК РФ, ст. 155
    ч. 14).
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    days_late: fields.Field[int] = fields.SmallIntField()
    divisor: fields.Field[int | None] = fields.SmallIntField(null=True)
    valid_from = fields.DateField()
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "penalty_share"
        unique_together = (("valid_from", "days_late"),)


class DueRule(Model):
    """Days of the following month to issue and to pay bills, from a billed month on."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    from_period = fields.DateField(unique=True)
    document_day: fields.Field[int] = fields.SmallIntField()
    due_day: fields.Field[int] = fields.SmallIntField()
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "due_rule"


class VatRate(Model):
    """The VAT («НДС») included in prices, in percent, until the next row's `valid_from`."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    percent = fields.DecimalField(max_digits=5, decimal_places=2)
    valid_from = fields.DateField(unique=True)
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "vat_rate"


class CalendarDay(Model):
    """An exception to the calendar: a working day or a day off («производственный календарь»).

    The rows are the government's transfers of days off. A row has precedence over the weekday and
    over a holiday.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    day = fields.DateField(unique=True)
    is_working = fields.BooleanField()
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "calendar_day"


class Supplier(Model):
    """The supplier's requisites («исполнитель, получатель платежа»), until the next `valid_from`.

    Lengths are those of ГОСТ Р 56042 where the payment code on a receipt contains the value.
    Telephones and hours are texts to print.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    valid_from = fields.DateField(unique=True)
    name = fields.CharField(max_length=160)
    inn = fields.CharField(max_length=12)
    kpp = fields.CharField(max_length=9, null=True)
    ogrn = fields.CharField(max_length=15)
    bank_name = fields.CharField(max_length=45)
    bic = fields.CharField(max_length=9)
    account = fields.CharField(max_length=20)
    correspondent_account = fields.CharField(max_length=20)
    address = fields.CharField(max_length=200)
    phone = fields.CharField(max_length=60)
    emergency_phone = fields.CharField(max_length=60, null=True)
    email = fields.CharField(max_length=100, null=True)
    site = fields.CharField(max_length=100, null=True)
    office_hours = fields.CharField(max_length=120)

    class Meta(Model.Meta):
        table = "supplier"
