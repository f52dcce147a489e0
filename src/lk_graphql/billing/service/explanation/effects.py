"""What each cause adds to a bill: one after the other is put in the place of last month's.

A service costs volume x shares of the zones x shares of the ranges in them x prices. From last
month's figures to this month's leads a way of five steps, each of which changes one thing: days,
volume, zones, ranges, prices. What the sum changes by at a step is its effect. Sums on the way are
exact fractions, rounded once each, so the effects add up to the kopeck. What the rounding of a
bill's lines made of it goes with the volume.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from lk_graphql.billing.models import LineKind
from lk_graphql.billing.service.explanation.facts import Bill, Line
from lk_graphql.billing.service.explanation.mix import Mix, mix_of
from lk_graphql.kit.money import Kopecks


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
    corrected: Line | None = None
    """A recalculation's line, which says why."""
    readings: tuple[UUID, ...] = ()
    tariff_orders: tuple[str, ...] = ()


def effects(before: Bill, now: Bill) -> list[Effect]:
    """Why `now` differs from `before`; they add up to the difference of the totals exactly.

    What the lines don't tell (they needn't add up to what billing charged) is `Cause.OTHER`.
    """
    found = [effect for effect in _all(before, now) if effect.amount]
    told = sum(effect.amount for effect in found)
    if rest := now.total - before.total - told:
        found.append(Effect(Cause.OTHER, Kopecks(rest)))
    return found


def _all(before: Bill, now: Bill) -> Iterator[Effect]:
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


def _energy(bill: Bill) -> tuple[Line, ...]:
    return bill.of_kind(LineKind.ENERGY)


def _raising(before: Bill, now: Bill) -> Effect:
    ours, theirs = now.of_kind(LineKind.RAISING_FACTOR), before.of_kind(LineKind.RAISING_FACTOR)
    amount = sum(line.amount for line in ours) - sum(line.amount for line in theirs)
    factors = [line.factor for line in ours]
    return Effect(Cause.RAISING_FACTOR, Kopecks(amount), now=factors[0] if factors else None)


def _service(service: str, before: Bill, now: Bill) -> Iterator[Effect]:
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
        old, new = mix_of(theirs), mix_of(ours)
        way = _Way(service, before, now, old.beside(new), new.beside(old))
        yield from way.effects(whole)


def _sum(lines: Sequence[Line]) -> int:
    return sum(line.amount for line in lines)


@dataclass(frozen=True)
class _Way:
    """From one month's figures of a service to the next's; each mix has the other's cells, too."""

    service: str
    before: Bill
    now: Bill
    old: Mix
    new: Mix

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

    def _mixes(self) -> Iterator[Mix]:
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
