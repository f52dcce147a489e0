"""What an account's accepted readings tell about its months."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import orjson

from lk_graphql.kit.periods import months, months_between, shift
from lk_graphql.metering.models import ReadingSource
from lk_graphql.metering.service.consumption import Scale


class Known(NamedTuple):
    """A reading that counts."""

    value: Decimal
    taken_on: date
    period: date
    source: ReadingSource

    @property
    def is_read(self) -> bool:
        """Whether somebody has looked at the register."""
        return self.source is not ReadingSource.ESTIMATED


Months = Mapping[date, Decimal]
"""Kilowatt-hours by period."""


def metered(read: Iterable[tuple[date, Decimal]], scale: Scale) -> dict[date, Decimal]:
    """What one register counted in each month.

    `read` are the months and values of what somebody has read, in the order of time, estimates
    left out: what passed in months without a reading is spread evenly over them and the month of
    the next one.
    """
    found: defaultdict[date, Decimal] = defaultdict(Decimal)
    for (month, earlier), (period, later) in pairwise(read):
        passed, spent = scale.passed(earlier, later), months_between(month, period)
        if spent <= 1:
            found[period] += passed
        else:
            for one in months(shift(month, 1), period):
                found[one] += passed / spent
    return dict(found)


def added(several: Iterable[Months]) -> dict[date, Decimal]:
    """The months of one zone, over all meters that counted it."""
    found: defaultdict[date, Decimal] = defaultdict(Decimal)
    for one in several:
        for period, kwh in one.items():
            found[period] += kwh
    return dict(found)


@dataclass(frozen=True)
class Usual:
    """What one month would be expected to take; None where too few months are known."""

    average: Decimal | None
    season: Decimal | None


def usual(known: Months, period: date, *, usual_months: int, least_months: int) -> Usual:
    """The average of the newest months before `period`; the same month of earlier years."""
    before = sorted((month for month in known if month < period), reverse=True)[:usual_months]
    same = [kwh for month, kwh in known.items() if month < period and month.month == period.month]
    average = _mean([known[month] for month in before]) if len(before) >= least_months else None
    return Usual(average, _mean(same) if same else None)


@dataclass(frozen=True)
class Month:
    """What passed in a month, in kWh."""

    period: date
    kwh: Decimal


def typical(known: Months, period: date, *, usual_months: int) -> list[Month]:
    """The months that `usual` rests on, the newest first; then the same month of earlier years."""
    before = sorted((month for month in known if month < period), reverse=True)
    newest = before[:usual_months]
    same = [month for month in before[usual_months:] if month.month == period.month]
    return [Month(month, known[month]) for month in (*newest, *same)]


def stored(typical_months: Iterable[Month]) -> str:
    """The JSON of `ReadingFinding.typical_months`."""
    return orjson.dumps([(one.period, str(round(one.kwh, 3))) for one in typical_months]).decode()


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal()) / len(values)
