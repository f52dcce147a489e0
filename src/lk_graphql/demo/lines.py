"""The lines of a bill: energy, and the corrections of earlier months."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random

from lk_graphql.billing.models import LineKind, VolumeBasis
from lk_graphql.billing.service.charges import Charge, charge
from lk_graphql.billing.service.ranges import RANGE_ONE
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
    basis = VolumeBasis.AVERAGE if month.is_estimated else VolumeBasis.METER
    energy = [replace(line, basis=basis) for line in _energy(house, month.by_zone, days)]
    return [
        *energy,
        *_too_high(house, month.by_zone, days),
        *_interruption(energy, dice),
    ]


def amount_of(lines: list[Line], kind: LineKind) -> Kopecks:
    return Kopecks(sum(line.amount for line in lines if line.kind is kind))


def _energy(
    house: Household, by_zone: dict[Zone, Decimal], days: tuple[date, date]
) -> Iterator[Line]:
    used = {zone: max(kwh, Decimal()) for zone, kwh in by_zone.items()}
    limits = orders.ranges(house.category, days[0], privileged=house.has_range_privilege)
    prices = orders.prices(house.category, days)
    for one in charge(used, days, ranges=limits, prices=prices):
        yield _line(LineKind.ENERGY, one)


def _too_high(
    house: Household, by_zone: dict[Zone, Decimal], days: tuple[date, date]
) -> Iterator[Line]:
    """What estimates had charged too much goes back at the first range's price."""
    back = {zone: -kwh for zone, kwh in by_zone.items() if kwh < 0}
    if not back:
        return
    prices = orders.prices(house.category, days)
    for one in charge(back, days, ranges=RANGE_ONE, prices=prices):
        yield _line(LineKind.RECALCULATION, one, sign=-1, reason=TOO_HIGH)


def _interruption(energy: list[Line], dice: Random) -> Iterator[Line]:
    """0.15 % for an hour without electricity beyond what is allowed."""
    if dice.random() < 0.006:
        hours = dice.randint(3, 30)
        back = amount_of(energy, LineKind.ENERGY) * _SHARE_PER_HOUR * hours
        reason = INTERRUPTION.format(hours=hours)
        yield Line(LineKind.RECALCULATION, round_half_up(-back), reason=reason)


def _line(kind: LineKind, one: Charge, *, sign: int = 1, reason: str | None = None) -> Line:
    return Line(
        kind,
        Kopecks(sign * one.amount),
        one.zone,
        one.range_number,
        sign * one.kwh,
        one.rubles_per_kwh,
        reason,
    )
