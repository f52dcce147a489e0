"""Meters, readings and consumption as GraphQL types."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import strawberry

from lk_graphql.accounts.types.objects import Account, of_day, of_month
from lk_graphql.api.graphql_types import object_type
from lk_graphql.kit.company import Company
from lk_graphql.kit.signing import Signer
from lk_graphql.metering import models
from lk_graphql.metering.models import Mistake
from lk_graphql.metering.service import verification
from lk_graphql.metering.service.verification import MeterKeeper, VerificationWarning
from lk_graphql.planner.declare.connections import Connection
from lk_graphql.planner.declare.filters import at_least, at_most, filter_input, is_set, one_of
from lk_graphql.planner.declare.scalars import Period, Quantity, Url
from lk_graphql.planner.types import (
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
from lk_graphql.uploads.service.links import CONTENT, PREVIEW, url_of

policy(models.Reading, of_day("register__meter__account", "taken_on"))
policy(models.MonthlyConsumption, of_month("account", "period"))
policy(models.ConsumptionMonth, of_month("account", "period"))
for equipment in (models.Meter, models.Register):
    unrestricted(equipment, "the home's equipment, not its holder's data")


@object_type
class TypicalMonth:
    """What passed in a month, in the zone of a reading."""

    period: Period = strawberry.field(description="The month.")
    kwh: Quantity = strawberry.field(description="Kilowatt-hours, the meter's ratio included.")


TYPICAL = (
    "The months that speak for it, the newest first: those before, and the same month of earlier "
    "years («типичные месяцы»)."
)


def months(typical_months: list[tuple[str, str]] | None) -> list[TypicalMonth]:
    """The months of a `typical_months` column."""
    return [
        TypicalMonth(period=Period(date.fromisoformat(month)), kwh=Quantity(Decimal(kwh)))
        for month, kwh in typical_months or []
    ]


def url(  # noqa: PLR0913, PLR0917 - columns and resolver dependencies
    photo_id: UUID | None,
    submitted_by_id: UUID | None,
    viewer: UUID | None,
    session: UUID | None,
    now: datetime,
    company: Company,
    links: Signer,
) -> str | None:
    if photo_id is None or viewer != submitted_by_id:
        return None
    return url_of(CONTENT, photo_id, session, now=now, company=company, links=links)


def preview_url(  # noqa: PLR0913, PLR0917 - columns and resolver dependencies
    photo_id: UUID | None,
    photo__has_preview: bool | None,  # noqa: FBT001 - a column
    submitted_by_id: UUID | None,
    viewer: UUID | None,
    session: UUID | None,
    now: datetime,
    company: Company,
    links: Signer,
) -> str | None:
    if photo_id is None or not photo__has_preview or viewer != submitted_by_id:
        return None
    return url_of(PREVIEW, photo_id, session, now=now, company=company, links=links)


@reads(models.MonthlyConsumption)
class MonthlyConsumption:
    """The energy of a month in one zone, between the readings that count for it («расход»).

    A month without any accepted reading is missing: its energy is in the next one that has one.
    """

    period: Period = column("The month.")
    zone: models.Zone = column("The time of day.")
    kwh: Quantity = column(
        "Kilowatt-hours, the meter's ratio included; below zero when earlier estimates were more "
        "than was used."
    )
    source: models.ReadingSource = column("Who took the reading at its end.")
    since: date = column("The day of the reading before.")
    until: date = column("The day of the last reading.")


@object_type
class ZoneConsumption:
    """The part of a month's energy that was used in one zone."""

    zone: models.Zone = strawberry.field(description="The time of day.")
    kwh: Quantity = strawberry.field(
        description="Kilowatt-hours, the meter's ratio included; below zero when earlier estimates "
        "were more than was used."
    )
    source: models.ReadingSource = strawberry.field(description="Who took the reading at its end.")
    since: date = strawberry.field(description="The day of the reading before.")
    until: date = strawberry.field(description="The day of the last reading.")


def by_zone(zones: list[dict[str, str]]) -> list[ZoneConsumption]:
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
        "Kilowatt-hours of all zones, the meters' ratios included; below zero when earlier "
        "estimates were more than was used."
    )
    zones: list[ZoneConsumption] = derived(
        "Its zones, in the order of the day: day, peak, half-peak, night.", by_zone
    )


@filter_input
class ConsumptionMonthFilterInput:
    """Which months to show; all that isn't said goes."""

    from_: Period | None = at_least("The first month.", of="period")
    to: Period | None = at_most("The last month.", of="period")


@filter_input
class ConsumptionFilterInput:
    """Which months to show; all that isn't said goes."""

    from_: Period | None = at_least("The first month.", of="period")
    to: Period | None = at_most("The last month.", of="period")
    zones: list[models.Zone] | None = one_of("Only these zones.", of="zone")


Zone = choices(
    models.Zone,
    "When a register counts («тарифная зона суток»); the hours are local time, every day.",
    SINGLE="Always: the meter has one rate («однотарифный»).",
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
    "Who read the register.",
    CUSTOMER="The customer, in this cabinet.",
    CONTROLLER="An inspector of the supplier («контрольный съём»).",
    ESTIMATED="Nobody: it was calculated («расчётное показание»).",
    NETWORK_COMPANY="The network company («сетевая организация»).",
    SMART="The meter itself (АСКУЭ, ИСУ).",
    BILLING_IMPORT="It came with the billing system's data, which don't say.",
    PARTNER="A bank or another company that takes readings.",
    PHONE="The customer, who told it by telephone («по телефону»).",
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
    "What became of a reading.",
    ACCEPTED="Counted; the last accepted one of a period is billed.",
    NEEDS_CONFIRMATION="Unusual: it waits until the customer confirms it.",
    ON_REVIEW="Unusual and confirmed, or of a meter whose verification is over: staff look at it.",
    SUPERSEDED="A later one of the same period took its place.",
    WITHDRAWN="The customer took it back.",
    REJECTED="Refused by staff or by the billing system.",
)
labels(
    models.ReadingState,
    ACCEPTED=("Принято", "Accepted"),
    NEEDS_CONFIRMATION=("Ждёт подтверждения", "Waits for confirmation"),
    ON_REVIEW=("На проверке", "Under review"),
    SUPERSEDED=("Заменено новым", "Replaced by a later one"),
    WITHDRAWN=("Отозвано", "Withdrawn"),
    REJECTED=("Отклонено", "Rejected"),
)
choices(
    VerificationWarning,
    "How near the day is by which a meter has to be verified («поверка»).",
    WITHIN_60_DAYS="In 31 to 60 days.",
    WITHIN_30_DAYS="In 30 days or fewer; the day itself included.",
    EXPIRED="It is over: what the meter shows doesn't count any more.",
)
labels(
    VerificationWarning,
    WITHIN_60_DAYS=("До поверки меньше 60 дней", "Verification within 60 days"),
    WITHIN_30_DAYS=("До поверки меньше 30 дней", "Verification within 30 days"),
    EXPIRED=("Срок поверки истёк", "Verification expired"),
)
choices(
    MeterKeeper,
    "Who installs, verifies and replaces a meter, at its own cost (ПП 354, п. 80(1)).",
    SUPPLIER="This company: the meter is a flat's («гарантирующий поставщик»).",
    NETWORK_COMPANY="The network company («сетевая организация»).",
)
labels(
    MeterKeeper,
    SUPPLIER=("Энергосбытовая компания", "The supplier"),
    NETWORK_COMPANY=("Сетевая организация", "The network company"),
)
choices(
    models.FindingKind,
    "What is worth a second look at a reading.",
    ABOVE_USUAL="Much more than usual: it is asked about.",
    ABOVE_POSSIBLE="More than the allowed power around the clock: it is asked about.",
    ROLLED_OVER="The dial has passed its end and begun again («переход через ноль»).",
    NOTHING_USED="Nothing was used, although something usually is.",
    VERIFICATION_EXPIRED="The meter's verification was over («поверка»): the reading is kept, and "
    "doesn't count unless staff accept it.",
)
labels(
    models.FindingKind,
    ABOVE_USUAL=("Необычно большой расход", "Unusually high consumption"),
    ABOVE_POSSIBLE=("Больше, чем позволяет мощность", "More than the allowed power"),
    ROLLED_OVER=("Переход через ноль", "The dial has turned over"),
    NOTHING_USED=("Нет расхода", "No consumption"),
    VERIFICATION_EXPIRED=("Срок поверки истёк", "Verification expired"),
)


@reads(models.ReadingFinding)
class ReadingFinding:
    """Something about a reading that is worth a second look, with the evidence."""

    kind: models.FindingKind = column("What was noticed.")
    consumed_kwh: Quantity = column("What would have been used, the meter's ratio included.")
    usual_kwh: Quantity | None = column(
        "What is usual for as long, by the months before; null if they are too few."
    )
    season_kwh: Quantity | None = column(
        "What was used in the same months of earlier years; null if none is known."
    )
    limit_kwh: Quantity | None = column("From where on it is asked about.")
    likely_mistake: Mistake | None = column("What probably went wrong.", of="mistake")
    suggested_value: Quantity | None = column("The value without it.")
    typical_months: list[TypicalMonth] = derived(TYPICAL, months)


def source_of(source: models.ReadingSource, caller: str | None) -> models.ReadingSource:
    return source if caller is None else models.ReadingSource.PHONE


SOURCE_IN_SQL = "CASE WHEN {caller} IS NULL THEN {source} ELSE 'PHONE' END"
"""The same rule in SQL."""


@reads(models.Reading, prefix="rdg", owned_through="register__meter__account__links__user")
class Reading(Node):
    """What a register showed («показание»)."""

    value: Quantity = column("Kilowatt-hours, as the display shows them.")
    taken_on: date = column("The day on which the register was read.")
    received_at: datetime = column("When it reached us.")
    period: Period = column("The month for which it counts («расчётный период»).")
    source: models.ReadingSource = expression(
        "Who read the register.", sql=SOURCE_IN_SQL, python=source_of
    )
    state: models.ReadingState = column("What became of it.")
    taken_at: datetime | None = column("The moment it was read, if the customer's device said it.")
    reason: str | None = column("Why it was rejected.")
    findings: list[ReadingFinding] = related("What was noticed about it.", order_by="kind")
    photo_url: Url | None = derived(
        "The photo that was sent with it, for ten minutes and as long as this session lasts; null"
        " where there is none, and for everybody but its sender.",
        url,
    )
    photo_preview_url: Url | None = derived(
        "A small JPEG of that photo, likewise; null as well where it has none (HEIC).",
        preview_url,
    )


@filter_input
class ReadingFilterInput:
    """Which readings to show; all that isn't said goes."""

    from_: date | None = at_least("The first day on which they were taken.", of="taken_on")
    to: date | None = at_most("The last such day.", of="taken_on")


@reads(models.Register, prefix="reg", owned_through="meter__account__links__user")
class Register(Node):
    """One of a meter's counters («шкала»)."""

    zone: models.Zone = column("When it counts. Go by this, not by the label.")
    label: str = column("What the display calls it («T1»), which means different things.")
    digits: int = column("How many digits stand before the decimal point; then it starts again.")
    fraction_digits: int = column("How many digits stand behind it; often none.")
    last_reading: Reading | None = latest(
        "The newest accepted one; null before the first.",
        of="readings",
        by="taken_on",
        where={"state": models.ReadingState.ACCEPTED.value},
    )
    last_submitted_reading: Reading | None = latest(
        "The newest that a customer has sent, whatever became of it; null before the first.",
        of="readings",
        by="taken_on",
        where={"source": models.ReadingSource.CUSTOMER.value},
    )
    readings: Connection[Reading] = pages(
        "All of them, whatever became of them, newest first.",
        by="-taken_on",
        filters=ReadingFilterInput,
    )


@extends(Reading)
class ReadingRegister:
    """The register of a reading."""

    register: Register = related("What was read.")


@filter_input
class MeterFilterInput:
    """Which meters to show; all that isn't said goes."""

    is_removed: bool | None = is_set(
        "Only those that were taken away, or only those in use.", of="removed_on"
    )


@reads(models.Meter, prefix="mtr", owned_through="account__links__user")
class Meter(Node):
    """A device that counts energy («прибор учёта»)."""

    serial: str = column("The factory's number («заводской номер»).")
    model: str = column("The type («тип прибора учёта»).")
    accuracy_class: str | None = column("The class of accuracy («класс точности»).")
    ratio: Quantity = column("What readings are multiplied by («коэффициент трансформации»).")
    installed_on: date = column("When it was installed.")
    removed_on: date | None = column("When it was taken away; null while it counts.")
    verified_on: date | None = column("When it was last verified («дата поверки»).")
    verification_interval_years: int | None = column(
        "How many years a verification lasts («межповерочный интервал»)."
    )
    next_verification_on: date | None = column("When it has to be verified again.")
    verification_warning: VerificationWarning | None = expression(
        "A warning, from 60 days before; null while there is nothing to do.",
        sql=verification.WARNING_IN_SQL,
        python=verification.warning,
    )
    verification_notice: str | None = derived(
        "What to tell the customer while there is a warning, and who sees to it.",
        verification.notice,
    )
    kept_by: MeterKeeper = expression(
        "Who verifies and replaces it; the customer pays nothing.",
        sql=verification.KEEPER_IN_SQL,
        python=verification.keeper,
    )
    seal_number: str | None = column("The seal's number («номер пломбы»).")
    sealed_on: date | None = column("When it was sealed.")
    reports_itself: bool = column("Whether it sends its readings itself, and takes none from you.")
    account: Account = related("Whose energy it counts.")
    registers: list[Register] = related("Its counters.", order_by="position")


@extends(Register)
class RegisterMeter:
    """The meter of a register."""

    meter: Meter = related("The meter that it is part of.")
