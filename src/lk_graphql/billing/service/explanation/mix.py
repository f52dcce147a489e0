"""A service's volume by zones and ranges, taken apart into the factors of its price."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from lk_graphql.billing.service.explanation.facts import Line
from lk_graphql.kit.money import Kopecks, round_half_up

ZoneKey = str
Cell = tuple[ZoneKey, int]
"""A zone and a range; lines that name none have the zone "" and the range 1."""


@dataclass(frozen=True)
class Mix:
    """kWh, the zones' shares of it, the ranges' shares of each zone, and kopecks for a kWh.

    `earlier` are prices before the month, for cells that the other month didn't have.
    """

    kwh: Decimal
    zones: Mapping[ZoneKey, Fraction]
    ranges: Mapping[Cell, Fraction]
    prices: Mapping[Cell, Fraction]
    earlier: Mapping[Cell, Fraction]
    tariff_orders: tuple[str, ...] = ()

    @property
    def kopecks(self) -> Kopecks:
        exact = Fraction(self.kwh) * sum(
            self.zones.get(zone, 0) * share * self.prices[zone, number]
            for (zone, number), share in self.ranges.items()
        )
        return round_half_up(Decimal(exact.numerator) / Decimal(exact.denominator))

    @property
    def above_first_range(self) -> Decimal:
        share = sum(
            (self.zones[zone] * share for (zone, n), share in self.ranges.items() if n > 1),
            Fraction(),
        )
        exact = Fraction(self.kwh) * share
        return round(Decimal(exact.numerator) / Decimal(exact.denominator), 3).normalize()

    def beside(self, other: "Mix") -> "Mix":
        """With the other month's cells, too: a zone of none of ours has the other's ranges.

        A price that we don't know is the one that the other month's tariff had before, or its own.
        """
        missing = {zone for zone in other.zones if not self.zones.get(zone)}
        kept = {cell: share for cell, share in self.ranges.items() if cell[0] not in missing}
        cells = [*other.ranges, *self.ranges]
        theirs = {cell: other.ranges.get(cell, Fraction()) for cell in cells if cell[0] in missing}
        return replace(
            self,
            zones={zone: self.zones.get(zone, Fraction()) for zone in [*other.zones, *self.zones]},
            ranges={cell: Fraction() for cell in cells} | kept | theirs,
            prices={**other.prices, **other.earlier, **self.prices},
        )

    def with_kwh(self, kwh: Decimal) -> "Mix":
        return replace(self, kwh=kwh)

    def with_zones(self, other: "Mix") -> "Mix":
        return replace(self, zones={zone: other.zones.get(zone, Fraction()) for zone in self.zones})

    def with_ranges(self, other: "Mix") -> "Mix":
        ranges = other.beside(self).ranges
        return replace(self, ranges={cell: ranges[cell] for cell in self.ranges})

    def largest_shift(self, now: "Mix") -> tuple[ZoneKey, Decimal, Decimal]:
        """The zone whose share has changed most, and its percents as `_told_apart` rounds them."""
        zones = {*self.zones, *now.zones}
        shares = {zone: (self.zones.get(zone, 0), now.zones.get(zone, 0)) for zone in sorted(zones)}
        zone = max(shares, key=lambda name: abs(shares[name][0] - shares[name][1]))
        return zone, *_told_apart(*(Fraction(share) * 100 for share in shares[zone]))

    def main_price_change(self, before: "Mix") -> tuple[Decimal, Decimal]:
        """Rubles for a kWh, then and now, of the largest volume whose price changed."""
        volume = {cell: self.zones[cell[0]] * share for cell, share in self.ranges.items()}
        changed = [cell for cell in volume if before.prices[cell] != self.prices[cell]]
        main = max(changed or volume, key=lambda cell: volume[cell])
        return _rubles(before.prices[main]), _rubles(self.prices[main])


def mix_of(lines: Sequence[Line]) -> Mix:
    """The mix of a service's energy lines, all of which have a volume."""
    cells = dict[Cell, list[Line]]()
    for line in lines:
        cells.setdefault((line.zone or "", line.range_number or 1), []).append(line)
    volumes = {cell: _kwh(some) for cell, some in cells.items()}
    zones = dict[ZoneKey, Fraction]()
    for (zone, _), volume in volumes.items():
        zones[zone] = zones.get(zone, Fraction()) + volume
    whole = sum(zones.values(), Fraction())
    return Mix(
        kwh=sum((line.kwh or Decimal() for line in lines), Decimal()),
        zones={zone: volume / whole if whole else Fraction() for zone, volume in zones.items()},
        ranges={c: v / zones[c[0]] if zones[c[0]] else Fraction() for c, v in volumes.items()},
        prices={cell: _price(some) for cell, some in cells.items()},
        earlier={
            cell: Fraction(price) * 100
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


def _kwh(lines: Sequence[Line]) -> Fraction:
    return sum((Fraction(line.kwh or 0) for line in lines), Fraction())


def _price(lines: Sequence[Line]) -> Fraction:
    """Kopecks for a kWh of a cell: the tariff, or the average where more than it was charged.

    The tariff, so that what rounding did to a line doesn't look like another price.
    """
    volume, amount = _kwh(lines), sum(line.amount for line in lines)
    tariffs = {line.rubles_per_kwh for line in lines}
    tariff = Fraction(tariffs.pop() or 0) * 100
    is_all = not tariffs and abs(tariff * volume - amount) <= len(lines)
    return amount / volume if volume and not is_all else tariff


def _rubles(kopecks: Fraction) -> Decimal:
    exact = kopecks / 100
    return round(Decimal(exact.numerator) / Decimal(exact.denominator), 5).normalize()
