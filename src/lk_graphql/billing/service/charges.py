"""What energy costs: volume x tariff, by zone, range and days, to the kopeck."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from lk_graphql.billing.service.ranges import RANGE_ONE, Ranges, in_proportion
from lk_graphql.billing.service.shares import apportion, finest_step
from lk_graphql.kit.money import Kopecks, round_half_up
from lk_graphql.metering.models import Zone


class NoTariff(LookupError):
    """The tariff table has a hole: an operator's fault, not the customer's."""


@dataclass(frozen=True)
class Price:
    """A dated row of one tariff category: rubles for a kWh, VAT included, both days included."""

    zone: Zone
    range_number: int
    rubles_per_kwh: Decimal
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Charge:
    """A line of a bill: one zone and range at one price, for the days that had it.

    What goes back has volume and amount below zero.
    """

    zone: Zone
    range_number: int
    first_day: date
    last_day: date
    kwh: Decimal
    rubles_per_kwh: Decimal
    amount: Kopecks


@dataclass(frozen=True)
class _Stretch:
    zone: Zone
    range_number: int
    first_day: date
    last_day: date
    rubles_per_kwh: Decimal

    @property
    def days(self) -> Decimal:
        return Decimal((self.last_day - self.first_day).days + 1)


def charge(
    by_zone: Mapping[Zone, Decimal],
    days: tuple[date, date],
    *,
    ranges: Ranges,
    prices: Iterable[Price],
) -> list[Charge]:
    """The lines for the energy of some days (both included), range by range.

    When a price changes inside, the volume is prorated by days. Each line is rounded to the
    kopeck once, and the bill is the sum of its lines. Volumes are not negative; a range above
    the first that holds nothing has no line. Raises `NoTariff`.
    """
    rows = list(prices)
    by_range = ranges.split(sum(by_zone.values(), Decimal()))
    cells, step = in_proportion(by_zone, by_range), finest_step(*by_zone.values())
    return [
        line
        for index in range(len(by_range))
        for zone, volumes in cells.items()
        if volumes[index] or index == 0
        for line in _lines(volumes[index], _stretches(zone, index + 1, days, rows), step)
    ]


@dataclass(frozen=True)
class Settled:
    """What a month's readings come to: lines to pay, and lines that go back."""

    charged: list[Charge]
    credited: list[Charge]


def settle(
    by_zone: Mapping[Zone, Decimal],
    days: tuple[date, date],
    *,
    ranges: Ranges,
    prices: Iterable[Price],
) -> Settled:
    """Charge what was used; give back what is below zero, because estimates had been too high.

    That goes back at the first range's price. A zone that gets something back is charged for
    0 kWh. Raises `NoTariff`.
    """
    rows = list(prices)
    used = {zone: max(kwh, Decimal()) for zone, kwh in by_zone.items()}
    back = {zone: -kwh for zone, kwh in by_zone.items() if kwh < 0}
    credited = charge(back, days, ranges=RANGE_ONE, prices=rows) if back else []
    return Settled(
        charge(used, days, ranges=ranges, prices=rows),
        [replace(one, kwh=-one.kwh, amount=Kopecks(-one.amount)) for one in credited],
    )


def amount_of(kwh: Decimal, rubles_per_kwh: Decimal) -> Kopecks:
    return round_half_up((kwh * rubles_per_kwh).scaleb(2))


def total(lines: Iterable[Charge]) -> Kopecks:
    return Kopecks(sum(line.amount for line in lines))


def _lines(kwh: Decimal, stretches: Sequence[_Stretch], step: Decimal) -> Iterable[Charge]:
    parts = apportion(kwh, [stretch.days for stretch in stretches], step=step)
    for part, one in zip(parts, stretches, strict=True):
        yield Charge(
            one.zone,
            one.range_number,
            one.first_day,
            one.last_day,
            part,
            one.rubles_per_kwh,
            amount_of(part, one.rubles_per_kwh),
        )


def _stretches(
    zone: Zone, range_number: int, days: tuple[date, date], prices: Sequence[Price]
) -> list[_Stretch]:
    """The days cut where the price of this zone and range changes."""
    first, last = days
    mine = [p for p in prices if (p.zone, p.range_number) == (zone, range_number)]
    starts = sorted({first, *(p.valid_from for p in mine if first < p.valid_from <= last)})
    ends = [*(start - timedelta(days=1) for start in starts[1:]), last]
    return [
        _Stretch(zone, range_number, start, end, _price_on(start, end, mine))
        for start, end in zip(starts, ends, strict=True)
    ]


def _price_on(first: date, last: date, prices: Sequence[Price]) -> Decimal:
    for price in prices:
        if price.holds_on(first) and price.holds_on(last):
            return price.rubles_per_kwh
    raise NoTariff(f"No price for {first} to {last}")
