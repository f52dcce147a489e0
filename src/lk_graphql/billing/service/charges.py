"""Charges for energy: volume × tariff, by zone, range and days, to the kopeck."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise

from lk_graphql.kit.money import Kopecks, round_half_up
from lk_graphql.metering.models import Zone


def finest_step(*volumes: Decimal) -> Decimal:
    """The last decimal place in which any of these is written: 1 for 12, 0.1 for 12.5."""
    exponents = [volume.normalize().as_tuple().exponent for volume in volumes]
    return Decimal(1).scaleb(min([0, *(e for e in exponents if isinstance(e, int))]))


def apportion(total: Decimal, weights: Sequence[Decimal], *, step: Decimal) -> list[Decimal]:
    """Parts of `total` in proportion to `weights`, each a multiple of `step`.

    Each part is the exact share rounded down; the steps left over go to those that lost most
    (the largest remainder), of equals to the first. `total` has to be a multiple of `step`.
    Raises ValueError when there is something to divide and nothing to divide it by.
    """
    whole = sum(weights, Decimal())
    if not total:
        return [Decimal() for _ in weights]
    if whole <= 0:
        raise ValueError("Nothing to divide by")
    if len(weights) == 1:
        return [total]
    exact = [total * weight / whole for weight in weights]
    parts = [(share / step).to_integral_value(ROUND_FLOOR) * step for share in exact]
    left = int((total - sum(parts, Decimal())) / step)
    losers = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for i in losers[:left]:
        parts[i] += step
    return parts


@dataclass(frozen=True)
class Ranges:
    """Where each range but the last ends, in kWh a month. Without ends all is range I."""

    ends: tuple[Decimal, ...] = ()

    def split(self, kwh: Decimal) -> list[Decimal]:
        """The part of a volume in each range, the first range first."""
        borders = (Decimal(), *self.ends, max(kwh, *self.ends, Decimal()))
        return [max(min(kwh, upper) - lower, Decimal()) for lower, upper in pairwise(borders)]


RANGE_ONE = Ranges()
"""For large families («многодетные») and other privileges: always the first range's price."""


@dataclass(frozen=True)
class RangeEnd:
    """A dated row: since that day the range ends there; None: it has no end."""

    range_number: int
    up_to_kwh: Decimal | None
    valid_from: date


def ranges_on(day: date, rows: Iterable[RangeEnd]) -> Ranges:
    """The ranges in force on a day: of the rows of one category, those that came last before."""
    known = [row for row in rows if row.valid_from <= day]
    newest = max((row.valid_from for row in known), default=None)
    ends = [row.up_to_kwh for row in known if row.valid_from == newest]
    return Ranges(tuple(sorted(end for end in ends if end is not None)))


def in_proportion(
    by_zone: Mapping[Zone, Decimal], by_range: Sequence[Decimal]
) -> dict[Zone, list[Decimal]]:
    """Every range has the zones in the proportion in which they were used.

    The parts are as fine as the volumes, and both the zones' and the ranges' sums stay exact:
    each range is apportioned by what the ranges below have left of the zones.
    """
    step = finest_step(*by_zone.values(), *by_range)
    left = list(by_zone.values())
    parts: list[list[Decimal]] = []
    for volume in by_range:
        taken = apportion(volume, left, step=step)
        left = [have - part for have, part in zip(left, taken, strict=True)]
        parts.append(taken)
    return {zone: [taken[i] for taken in parts] for i, zone in enumerate(by_zone)}


class TariffNotFound(LookupError):
    """The tariff table has a hole: an operator's fault, not the customer's."""


@dataclass(frozen=True)
class TariffPrice:
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
class _PricePeriod:
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
    prices: Iterable[TariffPrice],
) -> list[Charge]:
    """The lines for the energy of some days (both included), range by range.

    When a price changes inside, the volume is prorated by days. Each line is rounded to the
    kopeck once, and the bill is the sum of its lines. Volumes are not negative; a range above
    the first that holds nothing has no line. Raises `TariffNotFound`.
    """
    rows = list(prices)
    by_range = ranges.split(sum(by_zone.values(), Decimal()))
    cells, step = in_proportion(by_zone, by_range), finest_step(*by_zone.values())
    return [
        line
        for index in range(len(by_range))
        for zone, volumes in cells.items()
        if volumes[index] or index == 0
        for line in _lines(volumes[index], _price_periods(zone, index + 1, days, rows), step)
    ]


@dataclass(frozen=True)
class SettledCharges:
    """What a month's readings come to: lines to pay, and lines that go back."""

    charged: list[Charge]
    credited: list[Charge]


def settle(
    by_zone: Mapping[Zone, Decimal],
    days: tuple[date, date],
    *,
    ranges: Ranges,
    prices: Iterable[TariffPrice],
) -> SettledCharges:
    """Charge what was used; give back what is below zero, because estimates had been too high.

    That goes back at the first range's price. A zone that gets something back is charged for
    0 kWh. Raises `TariffNotFound`.
    """
    rows = list(prices)
    used = {zone: max(kwh, Decimal()) for zone, kwh in by_zone.items()}
    back = {zone: -kwh for zone, kwh in by_zone.items() if kwh < 0}
    credited = charge(back, days, ranges=RANGE_ONE, prices=rows) if back else []
    return SettledCharges(
        charge(used, days, ranges=ranges, prices=rows),
        [replace(one, kwh=-one.kwh, amount=Kopecks(-one.amount)) for one in credited],
    )


def amount_of(kwh: Decimal, rubles_per_kwh: Decimal) -> Kopecks:
    return round_half_up((kwh * rubles_per_kwh).scaleb(2))


def total(lines: Iterable[Charge]) -> Kopecks:
    return Kopecks(sum(line.amount for line in lines))


def _lines(kwh: Decimal, stretches: Sequence[_PricePeriod], step: Decimal) -> Iterable[Charge]:
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


def _price_periods(
    zone: Zone, range_number: int, days: tuple[date, date], prices: Sequence[TariffPrice]
) -> list[_PricePeriod]:
    """The days cut where the price of this zone and range changes."""
    first, last = days
    mine = [p for p in prices if (p.zone, p.range_number) == (zone, range_number)]
    starts = sorted({first, *(p.valid_from for p in mine if first < p.valid_from <= last)})
    ends = [*(start - timedelta(days=1) for start in starts[1:]), last]
    return [
        _PricePeriod(zone, range_number, start, end, _price_on(start, end, mine))
        for start, end in zip(starts, ends, strict=True)
    ]


def _price_on(first: date, last: date, prices: Sequence[TariffPrice]) -> Decimal:
    for price in prices:
        if price.holds_on(first) and price.holds_on(last):
            return price.rubles_per_kwh
    raise TariffNotFound(f"No price for {first} to {last}")
