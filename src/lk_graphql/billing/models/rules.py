"""What law, tariff orders and the supplier's bank change: dated rows, never constants.

`data_as_of` is as of when an imported row was said, so that an older file can't undo a newer one;
null where no file did.
"""

from tortoise import fields
from tortoise.models import Model

from lk_graphql.accounts.models import TariffCategory
from lk_graphql.kit.ids import new_key
from lk_graphql.metering.models import Zone


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
    """Up to how many kWh a month a consumption range («диапазон») reaches; null: no end."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    category = fields.CharEnumField(TariffCategory, max_length=20)
    range_number: fields.Field[int] = fields.SmallIntField()
    up_to_kwh = fields.IntField(null=True)
    valid_from = fields.DateField()
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
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "penalty_rate"
        unique_together = (("is_cap", "valid_from"),)


class DueRule(Model):
    """By which days of the following month bills are issued and paid, from a billed month on."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    from_period = fields.DateField(unique=True)
    document_day: fields.Field[int] = fields.SmallIntField()
    due_day: fields.Field[int] = fields.SmallIntField()
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "due_rule"


class VatRate(Model):
    """The VAT («НДС») that prices hold, in percent, until the next row's `valid_from`."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    percent = fields.DecimalField(max_digits=5, decimal_places=2)
    valid_from = fields.DateField(unique=True)
    reference = fields.CharField(max_length=200)

    class Meta(Model.Meta):
        table = "vat_rate"


class Supplier(Model):
    """Whom customers pay («исполнитель, получатель платежа»), until the next `valid_from`.

    The lengths are those of ГОСТ Р 56042 where the code on a receipt holds the value. Telephones
    and hours are texts to print.
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
