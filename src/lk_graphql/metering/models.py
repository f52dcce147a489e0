"""Tables of meters, readings and the rules of submission.

Values that the law, a regional order or the supplier may change are dated rows, not constants. A
row is valid from its `from_period` until that of the next row.

`data_as_of` is the time of the billing data in a row, so that an older file can't overwrite a newer
one; null where the row has none.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.accounts.models import Account, TariffCategory
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key
from lk_graphql.uploads.models import Upload


class Zone(StrEnum):
    """The tariff zone of a register (ФСТ, приказ 1473-э): 23–7 night, 7–10 and 17–21 peak."""

    SINGLE = "SINGLE"
    DAY = "DAY"
    NIGHT = "NIGHT"
    PEAK = "PEAK"
    HALF_PEAK = "HALF_PEAK"


class Meter(Model):
    """A device that counts energy («прибор учёта»), in use until `removed_on`.

    For a meter that `reports_itself` (АСКУЭ, ИСУ) customers can't submit readings.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "meters", on_delete=fields.CASCADE
    )
    account_id: UUID
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
    data_as_of = fields.DatetimeField(null=True)

    registers: fields.ReverseRelation["Register"]

    class Meta(Model.Meta):
        table = "meter"
        unique_together = (("account", "serial"),)


class Register(Model):
    """One of a meter's counters («шкала»), which counts in one tariff zone.

    Tariffs go by the zone; the label («T1») is only the name on the display. The register runs
    to 10 ** `digits` and restarts from zero. It counts until `removed_on`, if the meter has been
    set to other zones since, and otherwise as long as its meter.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    meter: fields.ForeignKeyRelation[Meter] = fields.ForeignKeyField(
        "models.Meter", "registers", on_delete=fields.CASCADE
    )
    meter_id: UUID
    position: fields.Field[int] = fields.SmallIntField()
    zone = fields.CharEnumField(Zone, max_length=10)
    label = fields.CharField(max_length=10)
    digits: fields.Field[int] = fields.SmallIntField()
    fraction_digits: fields.Field[int] = fields.SmallIntField(default=0)
    removed_on = fields.DateField(null=True)

    readings: fields.ReverseRelation["Reading"]

    class Meta(Model.Meta):
        table = "register"
        unique_together = (("meter", "zone"),)


class ReadingSource(StrEnum):
    """The source of a reading."""

    CUSTOMER = "CUSTOMER"
    CONTROLLER = "CONTROLLER"
    ESTIMATED = "ESTIMATED"
    NETWORK_COMPANY = "NETWORK_COMPANY"
    SMART = "SMART"
    BILLING_IMPORT = "BILLING_IMPORT"
    PARTNER = "PARTNER"
    PHONE = "PHONE"


class ReadingState(StrEnum):
    """The state of a reading; the last accepted one of a period is billed."""

    ACCEPTED = "ACCEPTED"
    NEEDS_CONFIRMATION = "NEEDS_CONFIRMATION"
    ON_REVIEW = "ON_REVIEW"
    SUPERSEDED = "SUPERSEDED"
    WITHDRAWN = "WITHDRAWN"
    REJECTED = "REJECTED"


PENDING_STATES = (ReadingState.NEEDS_CONFIRMATION, ReadingState.ON_REVIEW)
"""The states of readings that wait for the customer or for a decision."""
CURRENT_STATES = (ReadingState.ACCEPTED, *PENDING_STATES)
"""The states of readings that are or may be billed."""
PENDING_STATES_SQL = ", ".join(f"'{state}'" for state in PENDING_STATES)
CURRENT_STATES_SQL = ", ".join(f"'{state}'" for state in CURRENT_STATES)
NOT_BY_TELEPHONE_SQL = "reading.caller IS NULL AND reading.source <> 'PHONE'"
"""Condition: the reading wasn't reported by telephone, where anybody may give a number."""


class Reading(Model):
    """The value of a register on a day («показание»), in kWh.

    `taken_on` is a day in the company's zone, `taken_at` the time if the client sent it; `period`
    is the first day of the month for which billing counts it. The readings of one submission have
    a `batch` in common. `reason` is the reason of a rejection. `photo` belongs to the sender, not
    to the account, and to no other reading. Of a customer's readings of a register and month at
    most one is accepted, and at most one is pending (partial unique indexes).

    A reading that staff take from a `caller` is stored with the source CUSTOMER, because the same
    rules apply to it. The API shows it as PHONE, a source that is stored only for billing's own
    readings. The caller is «—» when the name has been erased.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    register: fields.ForeignKeyRelation[Register] = fields.ForeignKeyField(
        "models.Register", "readings", on_delete=fields.CASCADE
    )
    value = fields.DecimalField(max_digits=12, decimal_places=3)
    taken_on = fields.DateField()
    taken_at = fields.DatetimeField(null=True)
    received_at = fields.DatetimeField()
    period = fields.DateField()
    source = fields.CharEnumField(ReadingSource, max_length=20)
    state = fields.CharEnumField(ReadingState, max_length=20)
    submitted_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", "readings", null=True, on_delete=fields.SET_NULL
    )
    batch = fields.UUIDField(null=True)
    caller = fields.CharField(max_length=150, null=True)
    reason = fields.CharField(max_length=300, null=True)
    data_as_of = fields.DatetimeField(null=True)
    photo: fields.ForeignKeyNullableRelation[Upload] = fields.ForeignKeyField(
        "models.Upload", "readings", null=True, on_delete=fields.SET_NULL
    )
    register_id: UUID
    photo_id: UUID | None

    findings: fields.ReverseRelation["ReadingFinding"]

    class Meta(Model.Meta):
        table = "reading"
        indexes = (("register_id", "taken_on", "id"),)


class FindingKind(StrEnum):
    """The kind of an anomaly; the first two need a confirmation, the last one a review."""

    ABOVE_USUAL = "ABOVE_USUAL"
    ABOVE_POSSIBLE = "ABOVE_POSSIBLE"
    ROLLED_OVER = "ROLLED_OVER"
    NOTHING_USED = "NOTHING_USED"
    VERIFICATION_EXPIRED = "VERIFICATION_EXPIRED"


class Mistake(StrEnum):
    """A typical mistake in typing a reading."""

    SWAPPED_ZONES = "SWAPPED_ZONES"
    DECIMAL_COMMA = "DECIMAL_COMMA"
    TRANSPOSED_DIGITS = "TRANSPOSED_DIGITS"
    MISSING_DIGIT = "MISSING_DIGIT"
    EXTRA_DIGIT = "EXTRA_DIGIT"


class ReadingFinding(Model):
    """An anomaly of a reading, with its evidence; all volumes are kWh, the ratio included.

    `usual_kwh` is the average of earlier months, `season_kwh` that of the same months of earlier
    years, both for as many months as `consumed_kwh`. `typical_months` are the months of both, as
    pairs of an ISO date and kWh in a string; null in findings older than the column.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    reading: fields.ForeignKeyRelation[Reading] = fields.ForeignKeyField(
        "models.Reading", "findings", on_delete=fields.CASCADE
    )
    kind = fields.CharEnumField(FindingKind, max_length=20)
    consumed_kwh = fields.DecimalField(max_digits=18, decimal_places=3)
    usual_kwh = fields.DecimalField(max_digits=18, decimal_places=3, null=True)
    season_kwh = fields.DecimalField(max_digits=18, decimal_places=3, null=True)
    limit_kwh = fields.DecimalField(max_digits=18, decimal_places=3, null=True)
    mistake = fields.CharEnumField(Mistake, max_length=20, null=True)
    suggested_value = fields.DecimalField(max_digits=12, decimal_places=3, null=True)
    typical_months: fields.Field[list[tuple[str, str]] | None] = fields.JSONField(null=True)

    class Meta(Model.Meta):
        table = "reading_finding"
        unique_together = (("reading", "kind"),)


class MonthlyConsumption(Model):
    """A view: the consumption of an account in one zone and month, in kWh.

    It is the sum of the differences between consecutive accepted readings of a register, the ratio
    included, whose second reading counts for the month. From a value that was read, a register only
    runs forward. The first reading after estimates counts the energy that they lack, which is
    negative if they were too high. `source` is that of the last reading.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "consumption"
    )
    period = fields.DateField()
    zone = fields.CharEnumField(Zone, max_length=10)
    kwh = fields.DecimalField(max_digits=18, decimal_places=3)
    source = fields.CharEnumField(ReadingSource, max_length=20)
    since = fields.DateField()
    until = fields.DateField()
    account_id: UUID

    class Meta(Model.Meta):
        table = "monthly_consumption"


class ConsumptionMonth(Model):
    """A view: the consumption of an account in one month, in kWh.

    `zones` has the rows of `MonthlyConsumption` without their month, in the order of the day.
    """

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", "consumption_by_month"
    )
    period = fields.DateField()
    kwh = fields.DecimalField(max_digits=18, decimal_places=3)
    zones: fields.Field[list[dict[str, str]]] = fields.JSONField()
    account_id: UUID

    class Meta(Model.Meta):
        table = "consumption_month"


class LatePolicy(StrEnum):
    """The treatment of a reading after the last day of the window."""

    NEXT_PERIOD = "NEXT_PERIOD"
    REFUSED = "REFUSED"


class WindowRule(Model):
    """The days of a month on which its readings are accepted («период приёма показаний»).

    A day number beyond the end of a month is its last day. A reading taken offline counts for the
    day on which it was taken if it arrives within `offline_days`.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    from_period = fields.DateField(unique=True)
    first_day: fields.Field[int] = fields.SmallIntField()
    last_day: fields.Field[int] = fields.SmallIntField()
    late_policy = fields.CharEnumField(LatePolicy, max_length=20)
    offline_days: fields.Field[int] = fields.SmallIntField()
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "window_rule"


class AnomalyRule(Model):
    """The consumption above which a reading needs a confirmation.

    The threshold is `usual_times` the average of the last `usual_months` (of at least
    `least_months`, if fewer are known), or the volume of `allowed_kw` around the clock.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    from_period = fields.DateField(unique=True)
    usual_times = fields.DecimalField(max_digits=4, decimal_places=1)
    usual_months: fields.Field[int] = fields.SmallIntField()
    least_months: fields.Field[int] = fields.SmallIntField()
    allowed_kw = fields.DecimalField(max_digits=7, decimal_places=2)
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "anomaly_rule"

    @property
    def valid_from(self) -> date:
        return self.from_period


class GapPricing(StrEnum):
    """The consumption ranges that price a reading after months without one.

    ALL_MONTHS: the limits of all these months together, less what their bills have charged.
    LAST_MONTH: the limits of the reading's month alone.
    """

    ALL_MONTHS = "ALL_MONTHS"
    LAST_MONTH = "LAST_MONTH"


class EstimateRule(Model):
    """The estimate that is billed for a month without a reading; see `service.rules.estimate`.

    `gap_pricing` is the pricing of the next reading.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    from_period = fields.DateField(unique=True)
    average_months: fields.Field[int] = fields.SmallIntField()
    least_months: fields.Field[int] = fields.SmallIntField()
    longest_run: fields.Field[int] = fields.SmallIntField()
    raising_factor = fields.DecimalField(max_digits=4, decimal_places=2)
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)
    gap_pricing = fields.CharEnumField(GapPricing, max_length=10, default=GapPricing.ALL_MONTHS)

    class Meta(Model.Meta):
        table = "estimate_rule"

    @property
    def valid_from(self) -> date:
        return self.from_period


class Norm(Model):
    """The monthly norm of consumption per person («норматив»), by rooms and residents.

    A row is for at least `rooms` and `residents`, up to the next row's numbers.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    category = fields.CharEnumField(TariffCategory, max_length=20)
    residents: fields.Field[int] = fields.SmallIntField()
    kwh_per_person = fields.DecimalField(max_digits=8, decimal_places=2)
    from_period = fields.DateField()
    order_reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)
    rooms: fields.Field[int] = fields.SmallIntField(default=1)

    class Meta(Model.Meta):
        table = "norm"
        unique_together = (("category", "rooms", "residents", "from_period"),)
