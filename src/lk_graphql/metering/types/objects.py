"""Meters, readings and consumption as GraphQL types."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import strawberry

from lk_graphql.accounts.types.objects import Account, visible_day_policy, visible_month_policy
from lk_graphql.api.graphql_types import object_type
from lk_graphql.kit.file_links import FileUrls
from lk_graphql.metering import models
from lk_graphql.metering.models import Mistake
from lk_graphql.metering.service import verification
from lk_graphql.metering.service.verification import MeterKeeper, VerificationWarning
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.declare.filters import at_least, at_most, filter_input, is_set, one_of
from lk_graphql.planner.declare.scalars import Period, Quantity, Url
from lk_graphql.planner.types import (
    EVER,
    Node,
    choices,
    column,
    derived,
    expression,
    extends,
    labels,
    latest,
    pages,
    policy,
    reads,
    related,
    unrestricted,
)
from lk_graphql.uploads.service.links import CONTENT, PREVIEW

policy(models.Reading, visible_day_policy("register__meter__account", "taken_on"))
policy(models.MonthlyConsumption, visible_month_policy("account", "period"))
policy(models.ConsumptionMonth, visible_month_policy("account", "period"))
for equipment in (models.Meter, models.Register):
    unrestricted(equipment, "the home's equipment, not its holder's data")


@object_type
class TypicalMonth:
    """The consumption of a month in the zone of a reading."""

    period: Period = strawberry.field(description="The month.")
    kwh: Quantity = strawberry.field(
        description="The consumption in kilowatt-hours, the meter's ratio included."
    )


TYPICAL = (
    "The months behind the usual consumption, newest first: those before, and the same month of "
    "earlier years («типичные месяцы»)."
)


def typical_months_of(typical_months: list[tuple[str, str]] | None) -> list[TypicalMonth]:
    """The months of a `typical_months` column."""
    return [
        TypicalMonth(period=Period(date.fromisoformat(month)), kwh=Quantity(Decimal(kwh)))
        for month, kwh in typical_months or []
    ]


def photo_url(
    photo_id: UUID | None,
    submitted_by_id: UUID | None,
    viewer: UUID | None,
    file_urls: FileUrls,
) -> str | None:
    if photo_id is None or viewer != submitted_by_id:
        return None
    return file_urls.of(CONTENT.route, photo_id)


def photo_preview_url(
    photo_id: UUID | None,
    photo__has_preview: bool | None,  # noqa: FBT001 - a column
    submitted_by_id: UUID | None,
    viewer: UUID | None,
    file_urls: FileUrls,
) -> str | None:
    if photo_id is None or not photo__has_preview or viewer != submitted_by_id:
        return None
    return file_urls.of(PREVIEW.route, photo_id)


@reads(models.MonthlyConsumption)
class MonthlyConsumption:
    """The energy of a month in one zone, between the readings that count for it («расход»).

    A month without any accepted reading is missing: its energy is in the next one that has one.
    """

    period: Period = column("The month.")
    zone: models.Zone = column("The tariff zone (time of day).")
    kwh: Quantity = column(
        "The consumption in kilowatt-hours, the meter's ratio included; negative if earlier "
        "estimates exceeded it."
    )
    source: models.ReadingSource = column("The source of the reading at the end.")
    since: date = column("The day of the previous reading.")
    until: date = column("The day of the last reading.")


@object_type
class ZoneConsumption:
    """The part of a month's energy used in one zone."""

    zone: models.Zone = strawberry.field(description="The tariff zone (time of day).")
    kwh: Quantity = strawberry.field(
        description="The consumption in kilowatt-hours, the meter's ratio included; negative if "
        "earlier estimates exceeded it."
    )
    source: models.ReadingSource = strawberry.field(
        description="The source of the reading at the end."
    )
    since: date = strawberry.field(description="The day of the previous reading.")
    until: date = strawberry.field(description="The day of the last reading.")


def zones_of(zones: list[dict[str, str]]) -> list[ZoneConsumption]:
    """The zones of a `zones` column."""
    return [
        ZoneConsumption(
            zone=models.Zone(part["zone"]),
            kwh=Quantity(Decimal(part["kwh"])),
            source=models.ReadingSource(part["source"]),
            since=date.fromisoformat(part["since"]),
            until=date.fromisoformat(part["until"]),
        )
        for part in zones
    ]


@reads(models.ConsumptionMonth)
class ConsumptionMonth:
    """The energy of a month, between the readings that count for it («расход»).

    A month without any accepted reading is missing: its energy is in the next one that has one.
    """

    period: Period = column("The month.")
    kwh: Quantity = column(
        "The consumption in kilowatt-hours of all zones, the meters' ratios included; negative if "
        "earlier estimates exceeded it."
    )
    zones: list[ZoneConsumption] = derived(
        "The zones of the month, in the order of the day: day, peak, half-peak, night.", zones_of
    )


@filter_input
class ConsumptionMonthFilterInput:
    """Filters of months; omitted fields filter nothing."""

    from_: Period | None = at_least("The first month.", of="period")
    to: Period | None = at_most("The last month.", of="period")


@filter_input
class ConsumptionFilterInput:
    """Filters of months; omitted fields filter nothing."""

    from_: Period | None = at_least("The first month.", of="period")
    to: Period | None = at_most("The last month.", of="period")
    zones: list[models.Zone] | None = one_of("The zones to match.", of="zone")


Zone = choices(
    models.Zone,
    "The tariff zone of a register («тарифная зона суток»): the hours in which it counts, in "
    "local time, every day.",
    SINGLE="Around the clock: the meter has one rate («однотарифный»).",
    DAY="From 7 to 23 («день»).",
    NIGHT="From 23 to 7 («ночь»).",
    PEAK="From 7 to 10 and from 17 to 21 («пик»).",
    HALF_PEAK="From 10 to 17 and from 21 to 23 («полупик»).",
)
labels(
    models.Zone,
    SINGLE=("Круглосуточно", "Around the clock"),
    DAY=("День", "Day"),
    NIGHT=("Ночь", "Night"),
    PEAK=("Пик", "Peak"),
    HALF_PEAK=("Полупик", "Half-peak"),
)
ReadingSource = choices(
    models.ReadingSource,
    "The source of a reading.",
    CUSTOMER="The customer, in this cabinet.",
    CONTROLLER="An inspector of the supplier («контрольный съём»).",
    ESTIMATED="No reading: the value was calculated («расчётное показание»).",
    NETWORK_COMPANY="The network company («сетевая организация»).",
    SMART="The meter itself (АСКУЭ, ИСУ).",
    BILLING_IMPORT="An import from the billing system, which doesn't report the source.",
    PARTNER="A bank or another company that accepts readings.",
    PHONE="The customer, by telephone («по телефону»).",
)
labels(
    models.ReadingSource,
    CUSTOMER=("Передано в кабинете", "Sent in the cabinet"),
    CONTROLLER=("Контрольный съём", "Read by an inspector"),
    ESTIMATED=("Расчётное", "Estimated"),
    NETWORK_COMPANY=("Сетевая организация", "Network company"),
    SMART=("Автоматически с прибора", "Sent by the meter"),
    BILLING_IMPORT=("Из биллинга", "From the billing system"),
    PARTNER=("Банк или другой партнёр", "A bank or another partner"),
    PHONE=("По телефону", "By telephone"),
)
ReadingState = choices(
    models.ReadingState,
    "The state of a reading.",
    ACCEPTED="Counted; the last accepted one of a period is billed.",
    NEEDS_CONFIRMATION="Unusual: waiting for the customer's confirmation.",
    ON_REVIEW="Unusual and confirmed, or of a meter with an expired verification: under review by "
    "staff.",
    SUPERSEDED="Replaced by a later one of the same period.",
    WITHDRAWN="Withdrawn by the customer.",
    REJECTED="Rejected by staff or by the billing system.",
)
labels(
    models.ReadingState,
    ACCEPTED=("Принято", "Accepted"),
    NEEDS_CONFIRMATION=("Ждёт подтверждения", "Awaiting confirmation"),
    ON_REVIEW=("На проверке", "Under review"),
    SUPERSEDED=("Заменено новым", "Replaced by a later one"),
    WITHDRAWN=("Отозвано", "Withdrawn"),
    REJECTED=("Отклонено", "Rejected"),
)
choices(
    VerificationWarning,
    "The time left until a meter has to be verified («поверка»).",
    WITHIN_60_DAYS="In 31 to 60 days.",
    WITHIN_30_DAYS="In 30 days or fewer; the day itself included.",
    EXPIRED="Expired: the readings of the meter no longer count.",
)
labels(
    VerificationWarning,
    WITHIN_60_DAYS=("До поверки не больше 60 дней", "Verification within 60 days"),
    WITHIN_30_DAYS=("До поверки не больше 30 дней", "Verification within 30 days"),
    EXPIRED=("Срок поверки истёк", "Verification expired"),
)
choices(
    MeterKeeper,
    "The company that installs, verifies and replaces a meter, at its own cost (ПП 354, п. 80(1)).",
    SUPPLIER="This company, for the meter of a flat («гарантирующий поставщик»).",
    NETWORK_COMPANY="The network company («сетевая организация»).",
)
labels(
    MeterKeeper,
    SUPPLIER=("Энергосбытовая компания", "The supplier"),
    NETWORK_COMPANY=("Сетевая организация", "The network company"),
)
choices(
    models.FindingKind,
    "The kind of finding that makes a reading unusual.",
    ABOVE_USUAL="Much more than usual: needs a confirmation.",
    ABOVE_POSSIBLE="More than the allowed power around the clock: needs a confirmation.",
    ROLLED_OVER="The register has passed its end and restarted from zero («переход через ноль»): "
    "needs a confirmation if a typing mistake explains the value as well.",
    NOTHING_USED="No consumption, although there usually is some.",
    VERIFICATION_EXPIRED="The meter's verification had expired («поверка»): the reading is kept, "
    "and doesn't count unless staff accept it.",
)
labels(
    models.FindingKind,
    ABOVE_USUAL=("Необычно большой расход", "Unusually high consumption"),
    ABOVE_POSSIBLE=("Больше, чем позволяет мощность", "More than the allowed power"),
    ROLLED_OVER=("Переход через ноль", "Meter rolled over past zero"),
    NOTHING_USED=("Нет расхода", "No consumption"),
    VERIFICATION_EXPIRED=("Срок поверки истёк", "Verification expired"),
)


@reads(models.ReadingFinding)
class ReadingFinding:
    """A finding that makes a reading unusual, with the evidence."""

    kind: models.FindingKind = column("The kind of finding.")
    consumed_kwh: Quantity = column(
        "The consumption according to this reading in kilowatt-hours, the meter's ratio included."
    )
    usual_kwh: Quantity | None = column(
        "The usual consumption for an equally long time, by the months before; null if they are "
        "too few."
    )
    season_kwh: Quantity | None = column(
        "The consumption in the same months of earlier years; null if none is known."
    )
    limit_kwh: Quantity | None = column("The consumption above which a reading is unusual.")
    likely_mistake: Mistake | None = column("The probable mistake.", of="mistake")
    suggested_value: Quantity | None = column("The value without the mistake.")
    typical_months: list[TypicalMonth] = derived(TYPICAL, typical_months_of)


def source_of(source: models.ReadingSource, caller: str | None) -> models.ReadingSource:
    return source if caller is None else models.ReadingSource.PHONE


SOURCE_SQL = "CASE WHEN {caller} IS NULL THEN {source} ELSE 'PHONE' END"
"""The same rule in SQL."""


@reads(models.Reading, prefix="rdg", owned_through="register__meter__account__links__user")
class Reading(Node):
    """The value of a register on a day («показание»)."""

    value: Quantity = column("The value in kilowatt-hours, as the display shows it.")
    taken_on: date = column("The day on which the register was read.")
    received_at: datetime = column("The date and time of receipt.")
    period: Period = column("The month for which it counts («расчётный период»).")
    source: models.ReadingSource = expression(
        "The source of the reading.", sql=SOURCE_SQL, python=source_of
    )
    state: models.ReadingState = column("The state of the reading.")
    taken_at: datetime | None = column(
        "The date and time of the reading; null if the customer's device didn't send it."
    )
    reason: str | None = column("The reason for the rejection.")
    findings: list[ReadingFinding] = related("The findings about the reading.", order_by="kind")
    photo_url: Url | None = derived(
        "The photo sent with the reading, for ten minutes and while this session lasts; null if "
        "there is none, and for everybody but its sender.",
        photo_url,
    )
    photo_preview_url: Url | None = derived(
        "A small JPEG of that photo, under the same conditions; also null if it has none (HEIC).",
        photo_preview_url,
    )


@filter_input
class ReadingFilterInput:
    """Filters of readings; omitted fields filter nothing."""

    from_: date | None = at_least("Only readings taken on this day or later.", of="taken_on")
    to: date | None = at_most("Only readings taken on this day or earlier.", of="taken_on")


@reads(models.Register, prefix="reg", owned_through="meter__account__links__user")
class Register(Node):
    """One of a meter's counters («шкала»)."""

    zone: models.Zone = column(
        "The tariff zone in which it counts; identifies the register, unlike the label."
    )
    label: str = column("The label on the display («T1»), which has no fixed meaning.")
    digits: int = column(
        "The number of digits before the decimal point; beyond them, it restarts from zero."
    )
    fraction_digits: int = column("The number of digits after the decimal point; often none.")
    removed_on: date | None = column(
        "The last day on which it counted before its meter was set to other zones; otherwise null."
    )
    last_reading: Reading | None = latest(
        "The newest accepted reading; null before the first.",
        of="readings",
        by="taken_on",
        where={"state": models.ReadingState.ACCEPTED.value},
    )
    last_submitted_reading: Reading | None = latest(
        "The newest reading sent by a customer, in any state; null before the first.",
        of="readings",
        by="taken_on",
        where={"source": models.ReadingSource.CUSTOMER.value},
    )
    readings: Connection[Reading] = pages(
        "All readings in any state, newest first.",
        by="-taken_on",
        filters=ReadingFilterInput,
    )


@extends(Reading)
class ReadingRegister:
    """The register of a reading."""

    register: Register = related("The register that was read.")


@filter_input
class MeterFilterInput:
    """Filters of meters; omitted fields filter nothing."""

    is_removed: bool | None = is_set(
        "True for removed meters only, false for those in use only.", of="removed_on"
    )


@reads(models.Meter, prefix="mtr", owned_through="account__links__user")
class Meter(Node):
    """A device that counts energy («прибор учёта»)."""

    serial: str = column("The manufacturer's serial number («заводской номер»).")
    model: str = column("The type of meter («тип прибора учёта»).")
    accuracy_class: str | None = column("The accuracy class («класс точности»).")
    ratio: Quantity = column(
        "The factor by which readings are multiplied («коэффициент трансформации»)."
    )
    installed_on: date = column("The day of installation.")
    removed_on: date | None = column("The day of removal; null while the meter is in use.")
    verified_on: date | None = column("The day of the last verification («дата поверки»).")
    verification_interval_years: int | None = column(
        "The validity of a verification in years («межповерочный интервал»)."
    )
    next_verification_on: date | None = column("The day by which it has to be verified again.")
    verification_warning: VerificationWarning | None = expression(
        "A warning, from 60 days before the due date; null while nothing is due.",
        sql=verification.WARNING_SQL,
        python=verification.warning,
    )
    verification_notice: str | None = derived(
        "A text for the customer about the warning and the responsible company; null without a "
        "warning.",
        verification.notice,
    )
    kept_by: MeterKeeper = expression(
        "The company that verifies and replaces it; free of charge for the customer.",
        sql=verification.KEEPER_SQL,
        python=verification.keeper,
    )
    seal_number: str | None = column("The seal's number («номер пломбы»).")
    sealed_on: date | None = column("The day of sealing.")
    reports_itself: bool = column(
        "Whether the meter transmits its readings itself, and accepts none from customers."
    )
    account: Account = related("The account to which the meter belongs.")
    registers: list[Register] = related(
        "The registers of the meter; not its former ones.",
        order_by="position",
        where={"removed_on": None},
    )
    former_registers: list[Register] = related(
        "The registers that counted before the meter was set to other zones («до "
        "перепрограммирования»), with their readings.",
        of="registers",
        order_by="position",
        where={"removed_on": EVER},
    )


@extends(Register)
class RegisterMeter:
    """The meter of a register."""

    meter: Meter = related("The meter with this register.")
