"""Meters and what they showed, as they lie in the database.

What law, a regional order or the supplier can change about readings is a dated row here, never a
constant. A row holds for months from its `from_period` on, until the next one's.

`data_as_of` is as of when billing has said what stands in a row, so that an older file can't undo a
newer one; null where it has said nothing.
"""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from lk_graphql.accounts.models import Account, TariffCategory
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key
from lk_graphql.uploads.models import Upload


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
    """One of a meter's counters («тарифная зона»).

    The zone is what counts; the label («T1») is only what the display shows. The register runs
    to 10 ** `digits` and starts again from zero.
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

    `taken_on` is a day in the company's zone, `taken_at` the moment if a client said it; `period`
    is the first day of the month for which billing counts it. Readings that were sent together
    have a `batch` in common. `reason` is why it was rejected. `photo` is its sender's, not the
    account's, and goes with no other reading. Of a customer's readings of a register and month at
    most one is accepted, and at most one waits (partial unique indexes).
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
    """What is worth a second look; the first two are asked about before they count."""

    ABOVE_USUAL = "ABOVE_USUAL"
    ABOVE_POSSIBLE = "ABOVE_POSSIBLE"
    ROLLED_OVER = "ROLLED_OVER"
    NOTHING_USED = "NOTHING_USED"


class Mistake(StrEnum):
    """What people do wrong when they copy a number."""

    SWAPPED_ZONES = "SWAPPED_ZONES"
    DECIMAL_COMMA = "DECIMAL_COMMA"
    TRANSPOSED_DIGITS = "TRANSPOSED_DIGITS"
    MISSING_DIGIT = "MISSING_DIGIT"
    EXTRA_DIGIT = "EXTRA_DIGIT"


class ReadingFinding(Model):
    """What was noticed about a reading, with the evidence; all volumes are kWh, the ratio included.

    `usual_kwh` is the average of earlier months, `season_kwh` the same months of earlier years,
    both for as long as `consumed_kwh` took. `typical_months` are the months that both rest on, as
    pairs of an ISO date and kWh in a string; null for findings of before they were kept.
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
    """A view: what passed through an account's registers of one zone in a month, in kWh.

    The sum of the steps from one accepted reading to the next of the same register, the ratio
    included, whose second reading counts for the month. Below zero where estimates were too high.
    Of a dial's two ways from one value to the other the shorter one is taken. `source` is that of
    the last reading.
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


class LatePolicy(StrEnum):
    """What becomes of a reading that comes after the last day."""

    NEXT_PERIOD = "NEXT_PERIOD"
    REFUSED = "REFUSED"


class WindowRule(Model):
    """On which days of a month readings are taken for it («период приёма показаний»).

    A day that a month lacks is its last. What a phone kept back while it was offline still counts
    for the day on which it was read, for so many days after that.
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
    """What is too much to be taken without a question.

    More than `usual_times` the usual, which is the average of `usual_months`, or of as many as are
    known but no fewer than `least_months`; or more than `allowed_kw` around the clock.
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


class EstimateRule(Model):
    """What is billed for a month without a reading; see `service.estimates`."""

    id = fields.UUIDField(primary_key=True, default=new_key)
    from_period = fields.DateField(unique=True)
    average_months: fields.Field[int] = fields.SmallIntField()
    least_months: fields.Field[int] = fields.SmallIntField()
    longest_run: fields.Field[int] = fields.SmallIntField()
    raising_factor = fields.DecimalField(max_digits=4, decimal_places=2)
    reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "estimate_rule"


class Norm(Model):
    """What a person is reckoned to use in a month («норматив»), by how many live there.

    A row is for so many residents or more, up to the next row's.
    """

    id = fields.UUIDField(primary_key=True, default=new_key)
    category = fields.CharEnumField(TariffCategory, max_length=20)
    residents: fields.Field[int] = fields.SmallIntField()
    kwh_per_person = fields.DecimalField(max_digits=8, decimal_places=2)
    from_period = fields.DateField()
    order_reference = fields.CharField(max_length=200)
    data_as_of = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "norm"
        unique_together = (("category", "residents", "from_period"),)
