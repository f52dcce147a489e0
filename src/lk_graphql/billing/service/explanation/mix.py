"""A service's volume by zones and ranges, taken apart into the factors of its price."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from lk_graphql.billing.service.explanation.facts import Line
from lk_graphql.kit.money import Kopecks, round_half_up

ZoneKey = str
Cell = tuple[ZoneKey, int]
"""A zone and a range; lines that name none have the zone "" and the range 1."""
Price = int | Fraction
"""Thousandths of a kopeck for a kWh: a whole number wherever it is a tariff's."""


@dataclass(frozen=True)
class Mix:
    """kWh, how zones share them, how ranges share a zone's, and what one costs in each.

    Zones and ranges have weights, the Wh of some month: only their proportions count. All is exact,
    and in whole numbers as far as it goes: an answer with a year of bills does this a dozen times.
    `earlier` are prices before the month, for cells that the other month didn't have.
    """

    kwh: Decimal
    zones: Mapping[ZoneKey, int]
    ranges: Mapping[Cell, int]
    prices: Mapping[Cell, Price]
    earlier: Mapping[Cell, int]
    tariff_orders: tuple[str, ...] = ()

    @property
    def kopecks(self) -> Kopecks:
        return round_half_up(self._of_all(self.prices) / 1000)

    @property
    def above_first_range(self) -> Decimal:
        worth = {cell: int(cell[1] > 1) for cell in self.ranges}
        return round(self._of_all(worth), 3).normalize()

    def _of_all(self, worth: Mapping[Cell, Price]) -> Decimal:
        """What all kWh are worth together, where `worth` says it of one in each cell."""
        weights, sums = defaultdict[ZoneKey, int](int), defaultdict[ZoneKey, Price](int)
        for cell, weight in self.ranges.items():
            weights[cell[0]] += weight
            sums[cell[0]] += weight * worth[cell]
        above: Price = 0  # the zones' means add up to above / below
        below = 1
        for zone, share in self.zones.items():
            if share and (weight := weights[zone]):
                above, below = above * weight + share * sums[zone] * below, below * weight
        kwh, parts = self.kwh.as_integer_ratio()
        return _quotient(above * kwh, below * parts * (sum(self.zones.values()) or 1))

    def beside(self, other: "Mix") -> "Mix":
        """With the other month's cells, too: a zone of none of ours has the other's ranges.

        A price that we don't know is the one that the other month's tariff had before, or its own.
        """
        missing = {zone for zone in other.zones if not self.zones.get(zone)}
        kept = {cell: weight for cell, weight in self.ranges.items() if cell[0] not in missing}
        cells = [*self.ranges, *other.ranges]
        theirs = {cell: other.ranges.get(cell, 0) for cell in cells if cell[0] in missing}
        return replace(
            self,
            zones={**dict.fromkeys(other.zones, 0), **self.zones},
            ranges={**dict.fromkeys(cells, 0), **kept, **theirs},
            prices={**other.prices, **other.earlier, **self.prices},
        )

    def with_kwh(self, kwh: Decimal) -> "Mix":
        return replace(self, kwh=kwh)

    def with_zones(self, other: "Mix") -> "Mix":
        return replace(self, zones=other.zones)

    def with_ranges(self, other: "Mix") -> "Mix":
        return replace(self, ranges=other.ranges)

    def largest_shift(self, now: "Mix") -> tuple[ZoneKey, Decimal, Decimal]:
        """The zone whose share has changed most, and its percents as `_told_apart` rounds them."""
        shares = {zone: (self.percent(zone), now.percent(zone)) for zone in sorted(self.zones)}
        zone = max(shares, key=lambda name: abs(shares[name][0] - shares[name][1]))
        return zone, *_told_apart(*shares[zone])

    def percent(self, zone: ZoneKey) -> Fraction:
        return Fraction(self.zones[zone] * 100, sum(self.zones.values()) or 1)

    def main_price_change(self, before: "Mix") -> tuple[Decimal, Decimal]:
        """Rubles for a kWh, then and now, of the largest volume whose price changed."""
        changed = [cell for cell in self.ranges if before.prices[cell] != self.prices[cell]]
        volume = {cell: wh if self.zones[cell[0]] else 0 for cell, wh in self.ranges.items()}
        main = max(changed or volume, key=lambda cell: volume[cell])
        return _rubles(before.prices[main]), _rubles(self.prices[main])


def mix_of(lines: Sequence[Line]) -> Mix:
    """The mix of a service's energy lines, all of which have a volume."""
    cells = dict[Cell, list[Line]]()
    for line in lines:
        cells.setdefault((line.zone or "", line.range_number or 1), []).append(line)
    volumes = {cell: sum(map(_wh, some)) for cell, some in cells.items()}
    zones = defaultdict[ZoneKey, int](int)
    for (zone, _), volume in volumes.items():
        zones[zone] += volume
    return Mix(
        kwh=sum((line.kwh or Decimal() for line in lines), Decimal()),
        zones=zones,
        ranges=volumes,
        prices={cell: _price(some) for cell, some in cells.items()},
        earlier={
            cell: _tariff(price)
            for cell, some in cells.items()
            if (price := some[0].earlier_rubles_per_kwh) is not None
        },
        tariff_orders=tuple(dict.fromkeys(o for line in lines if (o := line.tariff_order))),
    )


def _told_apart(before: Fraction, now: Fraction) -> tuple[Decimal, Decimal]:
    """Both to a tenth, or more precisely where tenths would make them look the same."""
    places = next((n for n in range(1, 5) if round(before, n) != round(now, n)), 1)
    return _rounded(before, places), _rounded(now, places)


def _rounded(value: Fraction, places: int) -> Decimal:
    """Without zeros at the end."""
    return Decimal(round(value * 10**places)) / 10**places


def _price(lines: Sequence[Line]) -> Price:
    """A cell's: the tariff, or the average where more than the tariff was charged.

    The tariff, so that what rounding did to a line doesn't look like another price.
    """
    volume, amount = sum(map(_wh, lines)), sum(line.amount for line in lines)
    tariffs = {line.rubles_per_kwh for line in lines}
    tariff = _tariff(tariffs.pop() or Decimal())
    is_all = not tariffs and abs(tariff * volume - amount * 10**6) <= len(lines) * 10**6
    return Fraction(amount * 10**6, volume) if volume and not is_all else tariff


def _wh(line: Line) -> int:
    """A line's volume has three places."""
    return int((line.kwh or Decimal()).scaleb(3))


def _tariff(rubles: Decimal) -> int:
    """A tariff has five places."""
    return int(rubles.scaleb(5))


def _rubles(price: Price) -> Decimal:
    return round(_quotient(price, 10**5), 5).normalize()


def _quotient(above: Price, below: int) -> Decimal:
    return Decimal(above.numerator) / Decimal(above.denominator * below)
