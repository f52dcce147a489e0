"""Meters and what they showed, as they lie in the database."""

from enum import StrEnum

from tortoise import Model, fields

from lk_graphql.accounts.models import Account
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key


class Zone(StrEnum):
    """When a register counts (ФСТ, приказ 1473-э): 23–7 night, 7–10 and 17–21 peak."""

    SINGLE = "SINGLE"
    DAY = "DAY"
    NIGHT = "NIGHT"
    PEAK = "PEAK"
    HALF_PEAK = "HALF_PEAK"


class Meter(Model):
    """A device that counts energy («прибор учёта»). `removed_on` ends its life here.

    A meter that `reports_itself` (АСКУЭ, ИСУ) takes no readings from the customer.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "meters", on_delete=fields.CASCADE
    )
    serial = fields.CharField(max_length=40)
    model = fields.CharField(max_length=80)
    accuracy_class = fields.CharField(max_length=10, null=True)
    ratio = fields.DecimalField(max_digits=8, decimal_places=2)
    installed_on = fields.DateField()
    removed_on = fields.DateField(null=True)
    verified_on = fields.DateField(null=True)
    verification_interval_years = fields.SmallIntField(null=True)
    next_verification_on = fields.DateField(null=True)
    seal_number = fields.CharField(max_length=40, null=True)
    sealed_on = fields.DateField(null=True)
    reports_itself = fields.BooleanField(default=False)

    registers: fields.ReverseRelation["Register"]

    class Meta(Model.Meta):
        table = "meter"
        unique_together = (("account", "serial"),)


class Register(Model):
    """One of a meter's counters («тарифная зона»).

    The zone is what counts; the label («T1») is only what the display shows. The register runs
    to 10 ** `digits` and starts again from zero.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    meter: fields.ForeignKeyRelation[Meter] = fields.ForeignKeyField(
        "models.Meter", "registers", on_delete=fields.CASCADE
    )
    position = fields.SmallIntField()
    zone = fields.CharEnumField(Zone, max_length=10)
    label = fields.CharField(max_length=10)
    digits = fields.SmallIntField()
    fraction_digits = fields.SmallIntField(default=0)

    readings: fields.ReverseRelation["Reading"]

    class Meta(Model.Meta):
        table = "register"
        unique_together = (("meter", "zone"), ("meter", "position"))


class ReadingSource(StrEnum):
    """Who read the register."""

    CUSTOMER = "CUSTOMER"
    CONTROLLER = "CONTROLLER"
    ESTIMATED = "ESTIMATED"
    NETWORK_COMPANY = "NETWORK_COMPANY"
    SMART = "SMART"
    BILLING_IMPORT = "BILLING_IMPORT"
    PARTNER = "PARTNER"


class ReadingState(StrEnum):
    """What became of a reading; the last accepted one of a period is billed."""

    ACCEPTED = "ACCEPTED"
    NEEDS_CONFIRMATION = "NEEDS_CONFIRMATION"
    ON_REVIEW = "ON_REVIEW"
    SUPERSEDED = "SUPERSEDED"
    WITHDRAWN = "WITHDRAWN"
    REJECTED = "REJECTED"


class Reading(Model):
    """What a register showed («показание»), in kWh.

    `taken_on` is a day in the company's zone; `period` is the first day of the month for which
    billing counts it.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    register: fields.ForeignKeyRelation[Register] = fields.ForeignKeyField(
        "models.Register", "readings", on_delete=fields.CASCADE
    )
    value = fields.DecimalField(max_digits=12, decimal_places=3)
    taken_on = fields.DateField()
    received_at = fields.DatetimeField()
    period = fields.DateField()
    source = fields.CharEnumField(ReadingSource, max_length=20)
    state = fields.CharEnumField(ReadingState, max_length=20)
    submitted_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", "readings", null=True, on_delete=fields.SET_NULL
    )

    class Meta(Model.Meta):
        table = "reading"
        indexes = (("register_id", "taken_on", "id"),)
