"""Attribution of a bill's difference to causes, one substitution after another.

A service costs volume x shares of the zones x shares of the ranges in them x prices. Five steps
lead from last month's figures to this month's; each replaces one factor: days, volume, zones,
ranges, prices. The change of the total in a step is its effect. Totals are exact fractions and
rounded once, so the effects add up to the kopeck. Rounding differences of a bill's lines are part
of the volume's effect.
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
"""A zone and a range, "" and 1 for lines without them."""
UnitPrice = int | Fraction
"""Thousandths of a kopeck for a kWh: an integer for a tariff's price."""


@dataclass(frozen=True)
class PriceMix:
    """A service's kWh, the weights of zones and ranges, and the price in each cell.

    Weights are the Wh of a month; only their proportions matter. Values are exact, and integers
    where possible, because a response with a year of bills computes them a dozen times. `earlier`
    has prices before the month, for cells that the other month lacks.
    """

    kwh: Decimal
    zones: Mapping[ZoneKey, int]
    ranges: Mapping[Cell, int]
    prices: Mapping[Cell, UnitPrice]
    earlier: Mapping[Cell, int]
    tariff_orders: tuple[str, ...] = ()

    @property
    def kopecks(self) -> Kopecks:
        return round_half_up(self._value_of_all(self.prices) / 1000)

    @property
    def above_first_range(self) -> Decimal:
        is_above = {cell: int(cell[1] > 1) for cell in self.ranges}
        return round(self._value_of_all(is_above), 3).normalize()

    def _value_of_all(self, values: Mapping[Cell, UnitPrice]) -> Decimal:
        """Return the value of all kWh, given the value of one kWh in each cell."""
        weights, sums = defaultdict[ZoneKey, int](int), defaultdict[ZoneKey, UnitPrice](int)
        for cell, weight in self.ranges.items():
            weights[cell[0]] += weight
            sums[cell[0]] += weight * values[cell]
        numerator: UnitPrice = 0  # the zones' means add up to numerator / denominator
        denominator = 1
        for zone, share in self.zones.items():
            if share and (weight := weights[zone]):
                numerator, denominator = (
                    numerator * weight + share * sums[zone] * denominator,
                    denominator * weight,
                )
        kwh, parts = self.kwh.as_integer_ratio()
        return _quotient(numerator * kwh, denominator * parts * (sum(self.zones.values()) or 1))

    def with_cells(self, other: "PriceMix") -> "PriceMix":
        """Add the other month's cells; a zone without volume gets the other month's ranges.

        A missing price is the earlier price of the other month's tariff, or else the other month's
        price.
        """
        missing = {zone for zone in other.zones if not self.zones.get(zone)}
        own_ranges = {
            cell: weight for cell, weight in self.ranges.items() if cell[0] not in missing
        }
        cells = [*self.ranges, *other.ranges]
        other_ranges = {cell: other.ranges.get(cell, 0) for cell in cells if cell[0] in missing}
        return replace(
            self,
            zones={**dict.fromkeys(other.zones, 0), **self.zones},
            ranges={**dict.fromkeys(cells, 0), **own_ranges, **other_ranges},
            prices={**other.prices, **other.earlier, **self.prices},
        )

    def with_kwh(self, kwh: Decimal) -> "PriceMix":
        return replace(self, kwh=kwh)

    def with_zones(self, other: "PriceMix") -> "PriceMix":
        return replace(self, zones=other.zones)

    def with_ranges(self, other: "PriceMix") -> "PriceMix":
        return replace(self, ranges=other.ranges)

    def largest_shift(self, now: "PriceMix") -> tuple[ZoneKey, Decimal, Decimal]:
        """Return the zone whose share has changed most, and its percents by `_round_apart`."""
        shares = {zone: (self.percent(zone), now.percent(zone)) for zone in sorted(self.zones)}
        zone = max(shares, key=lambda name: abs(shares[name][0] - shares[name][1]))
        return zone, *_round_apart(*shares[zone])

    def percent(self, zone: ZoneKey) -> Fraction:
        return Fraction(self.zones[zone] * 100, sum(self.zones.values()) or 1)

    def main_price_change(self, before: "PriceMix") -> tuple[Decimal, Decimal]:
        """Return the earlier and the current price of the largest volume whose price changed."""
        changed_cells = [cell for cell in self.ranges if before.prices[cell] != self.prices[cell]]
        volumes = {cell: wh if self.zones[cell[0]] else 0 for cell, wh in self.ranges.items()}
        cell = max(changed_cells or volumes, key=lambda key: volumes[key])
        return _rubles(before.prices[cell]), _rubles(self.prices[cell])


def price_mix_of(lines: Sequence[BillLine]) -> PriceMix:
    """Return the mix of a service's energy lines, all of which have a volume."""
    cells = dict[Cell, list[BillLine]]()
    for line in lines:
        cells.setdefault((line.zone or "", line.range_number or 1), []).append(line)
    volumes = {cell: sum(map(_wh, cell_lines)) for cell, cell_lines in cells.items()}
    zones = defaultdict[ZoneKey, int](int)
    for (zone, _), volume in volumes.items():
        zones[zone] += volume
    return PriceMix(
        kwh=sum((line.kwh or Decimal() for line in lines), Decimal()),
        zones=zones,
        ranges=volumes,
        prices={cell: _price(cell_lines) for cell, cell_lines in cells.items()},
        earlier={
            cell: _tariff(price)
            for cell, cell_lines in cells.items()
            if (price := cell_lines[0].earlier_rubles_per_kwh) is not None
        },
        tariff_orders=tuple(
            dict.fromkeys(line.tariff_order for line in lines if line.tariff_order)
        ),
    )


def _round_apart(before: Fraction, now: Fraction) -> tuple[Decimal, Decimal]:
    """Round both to a tenth, or more precisely where their tenths are equal."""
    places = next(
        (places for places in range(1, 5) if round(before, places) != round(now, places)), 1
    )
    return _rounded(before, places), _rounded(now, places)


def _whole_apart(before: Decimal, now: Decimal) -> Decimal:
    """Round the earlier volume to whole kWh, or more precisely if both would be equal otherwise."""
    places = next((n for n in range(4) if round(before, n) != round(now, n)), 0)
    return round(before, places)


def _rounded(value: Fraction, places: int) -> Decimal:
    """Round without trailing zeros."""
    return Decimal(round(value * 10**places)) / 10**places


def _price(lines: Sequence[BillLine]) -> UnitPrice:
    """Return a cell's price: the tariff, or the average where the amounts differ from the tariff.

    The tariff is preferred, so that the rounding of a line doesn't appear as a change of the price.
    """
    volume, amount = sum(map(_wh, lines)), sum(line.amount for line in lines)
    tariffs = {line.rubles_per_kwh for line in lines}
    tariff = _tariff(tariffs.pop() or Decimal())
    is_all = not tariffs and abs(tariff * volume - amount * 10**6) <= len(lines) * 10**6
    return Fraction(amount * 10**6, volume) if volume and not is_all else tariff


def _wh(line: BillLine) -> int:
    """Return the volume in Wh: a line's volume has three decimal places."""
    return int((line.kwh or Decimal()).scaleb(3))


def _tariff(rubles: Decimal) -> int:
    """Return the price as `UnitPrice`: a tariff has five decimal places."""
    return int(rubles.scaleb(5))


def _rubles(price: UnitPrice) -> Decimal:
    return round(_quotient(price, 10**5), 5).normalize()


def _quotient(value: UnitPrice, divisor: int) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator * divisor)


class Cause(StrEnum):
    """Cause of the difference between two bills."""

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
    """A cause's part of the difference, in kopecks; negative where it reduces the bill.

    `before` and `now` are in the cause's unit: days, kWh, rubles, rubles for a kWh, percent.
    """

    cause: Cause
    amount: Kopecks
    service: str | None = None
    before: Decimal | None = None
    now: Decimal | None = None
    subject: str | None = None
    """The zone of `ZONE_MIX`, the `EstimateReason` of `ESTIMATE`."""
    corrected: BillLine | None = None
    """The line of a recalculation, with its reason."""
    readings: tuple[UUID, ...] = ()
    tariff_orders: tuple[str, ...] = ()


def effects(before: BillFacts, now: BillFacts) -> list[Effect]:
    """Return the effects, which add up to the difference of the totals exactly.

    `Cause.OTHER` is the rest, because lines needn't add up to the charged sum.
    """
    causes = [effect for effect in _all_effects(before, now) if effect.amount]
    explained = sum(effect.amount for effect in causes)
    if remainder := now.total - before.total - explained:
        causes.append(Effect(Cause.OTHER, Kopecks(remainder)))
    return causes


def _all_effects(before: BillFacts, now: BillFacts) -> Iterator[Effect]:
    for service in dict.fromkeys(line.service for line in _energy(now) + _energy(before)):
        yield from _service_effects(service, before, now)
    yield _raising_factor_effect(before, now)
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


def _raising_factor_effect(before: BillFacts, now: BillFacts) -> Effect:
    lines, earlier_lines = (
        now.of_kind(LineKind.RAISING_FACTOR),
        before.of_kind(LineKind.RAISING_FACTOR),
    )
    return Effect(
        Cause.RAISING_FACTOR,
        Kopecks(_sum(lines) - _sum(earlier_lines)),
        before=Decimal(_sum(earlier_lines)).scaleb(-2) if earlier_lines else None,
        now=Decimal(_sum(lines)).scaleb(-2) if lines else None,
    )


def _service_effects(service: str, before: BillFacts, now: BillFacts) -> Iterator[Effect]:
    earlier_lines = [line for line in _energy(before) if line.service == service]
    lines = [line for line in _energy(now) if line.service == service]
    difference = Kopecks(_sum(lines) - _sum(earlier_lines))
    if not _energy(before) or not _energy(now):  # a bill without its lines
        yield Effect(Cause.OTHER, difference)
    elif not earlier_lines or not lines:
        cause = Cause.NEW_SERVICE if lines else Cause.ENDED_SERVICE
        yield Effect(cause, difference, service)
    elif any(line.kwh is None for line in (*earlier_lines, *lines)):
        yield Effect(Cause.OTHER, difference, service)
    else:
        old, new = price_mix_of(earlier_lines), price_mix_of(lines)
        transition = _Transition(service, before, now, old.with_cells(new), new.with_cells(old))
        yield from transition.effects(difference)


def _sum(lines: Sequence[BillLine]) -> int:
    return sum(line.amount for line in lines)


@dataclass(frozen=True)
class _Transition:
    """The steps between two months' figures of a service; each mix has the cells of both."""

    service: str
    before: BillFacts
    now: BillFacts
    old: PriceMix
    new: PriceMix

    def effects(self, difference: Kopecks) -> Iterator[Effect]:
        if not (self.old.kwh and self.new.kwh):
            yield self._volume(difference)
            return
        sums = [mix.kopecks for mix in self._mixes()]
        amounts = [Kopecks(later - earlier) for earlier, later in pairwise(sums)]
        amounts[1] = Kopecks(amounts[1] + difference - sum(amounts))
        builders = (self._days, self._volume, self._zones, self._ranges, self._tariff)
        for build, amount in zip(builders, amounts, strict=True):
            if amount:
                yield build(amount)

    def _mixes(self) -> Iterator[PriceMix]:
        """Return last month's mix and the mix after each step; the last one is this month's."""
        yield self.old
        yield self.old.with_kwh(self._expected_kwh)
        yield (volume := self.old.with_kwh(self.new.kwh))
        yield (zones := volume.with_zones(self.new))
        yield zones.with_ranges(self.new)
        yield self.new

    @property
    def _expected_kwh(self) -> Decimal:
        """Last month's daily use over the days of this month."""
        return self.old.kwh * self.now.days / self.before.days

    @property
    def _volume_cause(self) -> Cause:
        if self.now.is_estimated:
            return Cause.ESTIMATE
        return Cause.ESTIMATE_CORRECTED if self.before.is_estimated else Cause.VOLUME

    def _days(self, amount: Kopecks) -> Effect:
        days = Decimal(self.before.days), Decimal(self.now.days)
        return Effect(Cause.DAYS, amount, self.service, *days)

    def _volume(self, amount: Kopecks) -> Effect:
        cause = self._volume_cause
        return Effect(
            cause,
            amount,
            self.service,
            before=_whole_apart(self._expected_kwh, self.new.kwh),
            now=self.new.kwh,
            subject=self.now.estimate_reason if cause is Cause.ESTIMATE else None,
            readings=tuple(reading.id for reading in self.now.readings),
        )

    def _zones(self, amount: Kopecks) -> Effect:
        zone, before, now = self.old.largest_shift(self.new)
        return Effect(Cause.ZONE_MIX, amount, self.service, before, now, subject=zone)

    def _ranges(self, amount: Kopecks) -> Effect:
        old = self.old.with_kwh(self.new.kwh).with_zones(self.new)
        now = self.new.above_first_range
        before = _whole_apart(old.above_first_range, now)
        return Effect(Cause.RANGE, amount, self.service, before, now)

    def _tariff(self, amount: Kopecks) -> Effect:
        prices = self.new.main_price_change(self.old)
        return Effect(
            Cause.TARIFF, amount, self.service, *prices, tariff_orders=self.new.tariff_orders
        )
