"""The lines of a bill: energy, and the corrections of earlier months."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from lk_graphql.billing.models import LineKind, VolumeBasis
from lk_graphql.billing.service.charges import Charge, settle
from lk_graphql.demo import orders
from lk_graphql.demo.household import Household
from lk_graphql.demo.readings import MonthRead
from lk_graphql.kit.money import Kopecks, round_half_up
from lk_graphql.kit.periods import last_day
from lk_graphql.metering.models import Zone

SERVICE = "Электроснабжение"
TOO_HIGH = "Расчётный объём прошлых месяцев оказался выше показаний прибора учёта"
INTERRUPTION = "Перерывы в электроснабжении сверх допустимых: {hours} ч (ПП РФ № 354, приложение 1)"
_SHARE_PER_HOUR = Decimal("0.0015")


@dataclass(frozen=True)
class Line:
    """A line before it has a bill."""

    kind: LineKind
    amount: Kopecks
    zone: Zone | None = None
    range_number: int | None = None
    kwh: Decimal | None = None
    rubles_per_kwh: Decimal | None = None
    reason: str | None = None
    basis: VolumeBasis | None = None


def lines(house: Household, month: MonthRead, dice: Random) -> list[Line]:
    days = (month.period, last_day(month.period))
    limits = orders.ranges(house.category, days[0], privileged=house.has_range_privilege)
    prices = orders.prices(house.category, days)
    found = settle(month.by_zone, days, ranges=limits, prices=prices)
    basis = VolumeBasis.AVERAGE if month.is_estimated else VolumeBasis.METER
    energy = [_line(LineKind.ENERGY, one, basis=basis) for one in found.charged]
    too_high = [_line(LineKind.RECALCULATION, one, reason=TOO_HIGH) for one in found.credited]
    return [*energy, *too_high, *_interruption(energy, dice)]


def amount_of(lines: list[Line], kind: LineKind) -> Kopecks:
    return Kopecks(sum(line.amount for line in lines if line.kind is kind))


def _interruption(energy: list[Line], dice: Random) -> Iterator[Line]:
    """0.15 % for an hour without electricity beyond what is allowed."""
    if dice.random() < 0.006:
        hours = dice.randint(3, 30)
        back = amount_of(energy, LineKind.ENERGY) * _SHARE_PER_HOUR * hours
        reason = INTERRUPTION.format(hours=hours)
        yield Line(LineKind.RECALCULATION, round_half_up(-back), reason=reason)


def _line(
    kind: LineKind, one: Charge, *, reason: str | None = None, basis: VolumeBasis | None = None
) -> Line:
    return Line(
        kind,
        one.amount,
        one.zone,
        one.range_number,
        one.kwh,
        one.rubles_per_kwh,
        reason,
        basis,
    )
