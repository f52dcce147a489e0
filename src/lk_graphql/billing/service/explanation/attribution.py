"""Attribution of a bill's difference to causes, one substitution after another.

A service costs volume x shares of the zones x shares of the ranges in them x prices. From last
month's figures to this month's leads a way of five steps, each of which changes one thing: days,
volume, zones, ranges, prices. What the sum changes by at a step is its effect. Sums on the way are
exact fractions, rounded once each, so the effects add up to the kopeck. What the rounding of a
bill's lines made of it goes with the volume.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

from lk_graphql.billing.models import LineKind
from lk_graphql.billing.service.explanation.bills import BillFacts, BillLine
from lk_graphql.kit.money import Kopecks, round_half_up

ZoneKey = str
Cell = tuple[ZoneKey, int]
"""A zone and a range; lines that name none have the zone "" and the range 1."""
UnitPrice = int | Fraction
"""Thousandths of a kopeck for a kWh: a whole number wherever it is a tariff's."""


@dataclass(frozen=True)
class PriceMix:
    """kWh, how zones share them, how ranges share a zone's, and what one costs in each.

    Zones and ranges have weights, the Wh of some month: only their proportions count. All is exact,
    and in whole numbers as far as it goes: an answer with a year of bills does this a dozen times.
    `earlier` are prices before the month, for cells that the other month didn't have.
    """

    kwh: Decimal
    zones: Mapping[ZoneKey, int]
    ranges: Mapping[Cell, int]
    prices: Mapping[Cell, UnitPrice]
    earlier: Mapping[Cell, int]
    tariff_orders: tuple[str, ...] = ()

    @property
    def kopecks(self) -> Kopecks:
        return round_half_up(self._of_all(self.prices) / 1000)

    @property
    def above_first_range(self) -> Decimal:
        worth = {cell: int(cell[1] > 1) for cell in self.ranges}
        return round(self._of_all(worth), 3).normalize()

    def _of_all(self, worth: Mapping[Cell, UnitPrice]) -> Decimal:
        """What all kWh are worth together, where `worth` says it of one in each cell."""
        weights, sums = defaultdict[ZoneKey, int](int), defaultdict[ZoneKey, UnitPrice](int)
        for cell, weight in self.ranges.items():
            weights[cell[0]] += weight
            sums[cell[0]] += weight * worth[cell]
        above: UnitPrice = 0  # the zones' means add up to above / below
        below = 1
        for zone, share in self.zones.items():
            if share and (weight := weights[zone]):
                above, below = above * weight + share * sums[zone] * below, below * weight
        kwh, parts = self.kwh.as_integer_ratio()
        return _quotient(above * kwh, below * parts * (sum(self.zones.values()) or 1))

    def beside(self, other: "PriceMix") -> "PriceMix":
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

    def with_kwh(self, kwh: Decimal) -> "PriceMix":
        return replace(self, kwh=kwh)

    def with_zones(self, other: "PriceMix") -> "PriceMix":
        return replace(self, zones=other.zones)

    def with_ranges(self, other: "PriceMix") -> "PriceMix":
        return replace(self, ranges=other.ranges)

    def largest_shift(self, now: "PriceMix") -> tuple[ZoneKey, Decimal, Decimal]:
        """The zone whose share has changed most, and its percents as `_told_apart` rounds them."""
        shares = {zone: (self.percent(zone), now.percent(zone)) for zone in sorted(self.zones)}
        zone = max(shares, key=lambda name: abs(shares[name][0] - shares[name][1]))
        return zone, *_distinct_texts(*shares[zone])

    def percent(self, zone: ZoneKey) -> Fraction:
        return Fraction(self.zones[zone] * 100, sum(self.zones.values()) or 1)

    def main_price_change(self, before: "PriceMix") -> tuple[Decimal, Decimal]:
        """Rubles for a kWh, then and now, of the largest volume whose price changed."""
        changed = [cell for cell in self.ranges if before.prices[cell] != self.prices[cell]]
        volume = {cell: wh if self.zones[cell[0]] else 0 for cell, wh in self.ranges.items()}
        main = max(changed or volume, key=lambda cell: volume[cell])
        return _rubles(before.prices[main]), _rubles(self.prices[main])


def price_mix_of(lines: Sequence[BillLine]) -> PriceMix:
    """The mix of a service's energy lines, all of which have a volume."""
    cells = dict[Cell, list[BillLine]]()
    for line in lines:
        cells.setdefault((line.zone or "", line.range_number or 1), []).append(line)
    volumes = {cell: sum(map(_wh, some)) for cell, some in cells.items()}
    zones = defaultdict[ZoneKey, int](int)
    for (zone, _), volume in volumes.items():
        zones[zone] += volume
    return PriceMix(
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


def _distinct_texts(before: Fraction, now: Fraction) -> tuple[Decimal, Decimal]:
    """Both to a tenth, or more precisely where tenths would make them look the same."""
    places = next((n for n in range(1, 5) if round(before, n) != round(now, n)), 1)
    return _rounded(before, places), _rounded(now, places)


def _rounded(value: Fraction, places: int) -> Decimal:
    """Without zeros at the end."""
    return Decimal(round(value * 10**places)) / 10**places


def _price(lines: Sequence[BillLine]) -> UnitPrice:
    """A cell's: the tariff, or the average where more than the tariff was charged.

    The tariff, so that what rounding did to a line doesn't look like another price.
    """
    volume, amount = sum(map(_wh, lines)), sum(line.amount for line in lines)
    tariffs = {line.rubles_per_kwh for line in lines}
    tariff = _tariff(tariffs.pop() or Decimal())
    is_all = not tariffs and abs(tariff * volume - amount * 10**6) <= len(lines) * 10**6
    return Fraction(amount * 10**6, volume) if volume and not is_all else tariff


def _wh(line: BillLine) -> int:
    """A line's volume has three places."""
    return int((line.kwh or Decimal()).scaleb(3))


def _tariff(rubles: Decimal) -> int:
    """A tariff has five places."""
    return int(rubles.scaleb(5))


def _rubles(price: UnitPrice) -> Decimal:
    return round(_quotient(price, 10**5), 5).normalize()


def _quotient(above: UnitPrice, below: int) -> Decimal:
    return Decimal(above.numerator) / Decimal(above.denominator * below)


class Cause(StrEnum):
    """What makes two bills differ."""

    DAYS = "DAYS"
    VOLUME = "VOLUME"
    ESTIMATE = "ESTIMATE"
    ESTIMATE_CORRECTED = "ESTIMATE_CORRECTED"
    ZONE_MIX = "ZONE_MIX"
    RANGE = "RANGE"
    TARIFF = "TARIFF"
    RAISING_FACTOR = "RAISING_FACTOR"
    NEW_SERVICE = "NEW_SERVICE"
    ENDED_SERVICE = "ENDED_SERVICE"
    RECALCULATION = "RECALCULATION"
    EARLIER_RECALCULATION = "EARLIER_RECALCULATION"
    PENALTY = "PENALTY"
    OTHER = "OTHER"


@dataclass(frozen=True)
class Effect:
    """What a cause adds, in kopecks; below zero it makes the bill smaller.

    `before` and `now` are what changed, in the cause's unit: days, kWh, rubles for a kWh, percent.
    """

    cause: Cause
    amount: Kopecks
    service: str | None = None
    before: Decimal | None = None
    now: Decimal | None = None
    subject: str | None = None
    """What of it: a zone."""
    corrected: BillLine | None = None
    """A recalculation's line, which says why."""
    readings: tuple[UUID, ...] = ()
    tariff_orders: tuple[str, ...] = ()


def effects(before: BillFacts, now: BillFacts) -> list[Effect]:
    """Why `now` differs from `before`; they add up to the difference of the totals exactly.

    What the lines don't tell (they needn't add up to what billing charged) is `Cause.OTHER`.
    """
    found = [effect for effect in _all(before, now) if effect.amount]
    told = sum(effect.amount for effect in found)
    if rest := now.total - before.total - told:
        found.append(Effect(Cause.OTHER, Kopecks(rest)))
    return found


def _all(before: BillFacts, now: BillFacts) -> Iterator[Effect]:
    for service in dict.fromkeys(line.service for line in _energy(now) + _energy(before)):
        yield from _service(service, before, now)
    yield _raising(before, now)
    for bill, sign, cause in (
        (now, 1, Cause.RECALCULATION),
        (before, -1, Cause.EARLIER_RECALCULATION),
    ):
        for line in bill.of_kind(LineKind.RECALCULATION):
            yield Effect(cause, Kopecks(sign * line.amount), line.service, corrected=line)
    yield Effect(
        Cause.PENALTY,
        Kopecks(now.penalty - before.penalty),
        before=Decimal(before.penalty).scaleb(-2),
        now=Decimal(now.penalty).scaleb(-2),
    )


def _energy(bill: BillFacts) -> tuple[BillLine, ...]:
    return bill.of_kind(LineKind.ENERGY)


def _raising(before: BillFacts, now: BillFacts) -> Effect:
    ours, theirs = now.of_kind(LineKind.RAISING_FACTOR), before.of_kind(LineKind.RAISING_FACTOR)
    amount = sum(line.amount for line in ours) - sum(line.amount for line in theirs)
    factors = [line.factor for line in ours]
    return Effect(Cause.RAISING_FACTOR, Kopecks(amount), now=factors[0] if factors else None)


def _service(service: str, before: BillFacts, now: BillFacts) -> Iterator[Effect]:
    theirs = [line for line in _energy(before) if line.service == service]
    ours = [line for line in _energy(now) if line.service == service]
    whole = Kopecks(_sum(ours) - _sum(theirs))
    if not _energy(before) or not _energy(now):  # a bill that came without its lines
        yield Effect(Cause.OTHER, whole)
    elif not theirs or not ours:
        cause = Cause.NEW_SERVICE if ours else Cause.ENDED_SERVICE
        yield Effect(cause, whole, service)
    elif any(line.kwh is None for line in (*theirs, *ours)):
        yield Effect(Cause.OTHER, whole, service)
    else:
        old, new = price_mix_of(theirs), price_mix_of(ours)
        way = _Transition(service, before, now, old.beside(new), new.beside(old))
        yield from way.effects(whole)


def _sum(lines: Sequence[BillLine]) -> int:
    return sum(line.amount for line in lines)


@dataclass(frozen=True)
class _Transition:
    """From one month's figures of a service to the next's; each mix has the other's cells, too."""

    service: str
    before: BillFacts
    now: BillFacts
    old: PriceMix
    new: PriceMix

    def effects(self, whole: Kopecks) -> Iterator[Effect]:
        if not (self.old.kwh and self.new.kwh):
            volumes = self.old.kwh, self.new.kwh
            readings = tuple(reading.id for reading in self.now.readings)
            yield Effect(self._of_volume, whole, self.service, *volumes, readings=readings)
            return
        sums = [mix.kopecks for mix in self._mixes()]
        amounts = [Kopecks(after - ahead) for ahead, after in pairwise(sums)]
        amounts[1] = Kopecks(amounts[1] + whole - sum(amounts))
        makers = (self._days, self._volume, self._zones, self._ranges, self._tariff)
        for make, amount in zip(makers, amounts, strict=True):
            if amount:
                yield make(amount)

    def _mixes(self) -> Iterator[PriceMix]:
        """Last month's mix, and after each step; the last is this month's."""
        yield self.old
        yield self.old.with_kwh(self._usual)
        yield (volume := self.old.with_kwh(self.new.kwh))
        yield (zones := volume.with_zones(self.new))
        yield zones.with_ranges(self.new)
        yield self.new

    @property
    def _usual(self) -> Decimal:
        """What last month's use of a day makes in the days of this one."""
        return self.old.kwh * self.now.days / self.before.days

    @property
    def _of_volume(self) -> Cause:
        if self.now.is_estimated:
            return Cause.ESTIMATE
        return Cause.ESTIMATE_CORRECTED if self.before.is_estimated else Cause.VOLUME

    def _days(self, amount: Kopecks) -> Effect:
        days = Decimal(self.before.days), Decimal(self.now.days)
        return Effect(Cause.DAYS, amount, self.service, *days)

    def _volume(self, amount: Kopecks) -> Effect:
        readings = tuple(reading.id for reading in self.now.readings)
        expected = round(self._usual, 0)
        volumes = expected, self.new.kwh
        return Effect(self._of_volume, amount, self.service, *volumes, readings=readings)

    def _zones(self, amount: Kopecks) -> Effect:
        zone, before, now = self.old.largest_shift(self.new)
        return Effect(Cause.ZONE_MIX, amount, self.service, before, now, subject=zone)

    def _ranges(self, amount: Kopecks) -> Effect:
        old = self.old.with_kwh(self.new.kwh).with_zones(self.new)
        volumes = round(old.above_first_range, 0), self.new.above_first_range
        return Effect(Cause.RANGE, amount, self.service, *volumes)

    def _tariff(self, amount: Kopecks) -> Effect:
        prices = self.new.main_price_change(self.old)
        return Effect(
            Cause.TARIFF, amount, self.service, *prices, tariff_orders=self.new.tariff_orders
        )
