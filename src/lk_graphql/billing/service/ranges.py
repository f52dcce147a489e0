"""Consumption ranges («диапазоны»): the more a household uses in a month, the dearer the rest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from lk_graphql.billing.service.shares import apportion, finest_step
from lk_graphql.metering.models import Zone


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
