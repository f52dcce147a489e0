"""Consumption between readings and by month, in Decimal kilowatt-hours."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import orjson

from lk_graphql.kit.periods import months, months_between, shift
from lk_graphql.metering.errors import BelowPrevious, TooManyDecimals, TooManyDigits
from lk_graphql.metering.models import ReadingSource


@dataclass(frozen=True)
class Scale:
    """A register's dial: its digits on both sides of the point.

    `ratio` is that of the current transformers before the meter («коэффициент трансформации»):
    1 in a household.
    """

    digits: int
    fraction_digits: int = 0
    ratio: Decimal = Decimal(1)

    @cached_property
    def turn(self) -> Decimal:
        """One full turn of the dial, in its own units: 100000 for five digits."""
        return Decimal(10) ** self.digits

    @property
    def step(self) -> Decimal:
        """The smallest difference that it shows: 0.1 with one digit behind the point."""
        return Decimal(1).scaleb(-self.fraction_digits)

    def passed(self, earlier: Decimal, later: Decimal) -> Decimal:
        """The energy between two accepted values, the ratio included.

        Of the dial's two ways from one to the other it is the shorter: forward over its end, or
        back where an estimate had been too high. `monthly_consumption` counts in the same way.
        """
        step = later - earlier
        if 2 * abs(step) > self.turn:
            step += self.turn if step < 0 else -self.turn
        return step * self.ratio

    def check(self, value: Decimal) -> None:
        """Raise `TooManyDigits` or `TooManyDecimals` for what this dial can't show."""
        if not 0 <= value < self.turn:
            raise TooManyDigits(digits=self.digits)
        if value != round(value, self.fraction_digits):
            raise TooManyDecimals(decimals=self.fraction_digits)


@dataclass(frozen=True)
class Span:
    """What one register showed at the two ends of some time."""

    opening: Decimal
    closing: Decimal
    scale: Scale


@dataclass(frozen=True)
class Consumption:
    """`rolled_over` when the dial has passed its end and begun again from zero."""

    kwh: Decimal
    rolled_over: bool = False


def physical_limit(days: int, *, power_kw: Decimal) -> Decimal:
    """The kWh that can pass at most: the allowed power around the clock, for so many days."""
    return power_kw * 24 * days


def consumed(span: Span, *, plausible_kwh: Decimal) -> Consumption:
    """The energy of a span, times the ratio.

    A closing value below the opening one is a turn of the dial («переход через ноль»), if that
    makes no more than `plausible_kwh`; else it raises `BelowPrevious`.
    """
    difference = span.closing - span.opening
    if difference >= 0:
        return Consumption(difference * span.scale.ratio)
    turned = (difference + span.scale.turn) * span.scale.ratio
    if turned > plausible_kwh:
        raise BelowPrevious(value=span.closing, previous=span.opening)
    return Consumption(turned, rolled_over=True)


class KnownReading(NamedTuple):
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


def monthly_consumption(read: Iterable[tuple[date, Decimal]], scale: Scale) -> dict[date, Decimal]:
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


def sum_months(several: Iterable[Months]) -> dict[date, Decimal]:
    """The months of one zone, over all meters that counted it."""
    found: defaultdict[date, Decimal] = defaultdict(Decimal)
    for one in several:
        for period, kwh in one.items():
            found[period] += kwh
    return dict(found)


@dataclass(frozen=True)
class UsualConsumption:
    """What one month would be expected to take; None where too few months are known."""

    average: Decimal | None
    season: Decimal | None


def usual(
    history: Months, period: date, *, usual_months: int, least_months: int
) -> UsualConsumption:
    """The average of the newest months before `period`; the same month of earlier years."""
    before = sorted((month for month in history if month < period), reverse=True)[:usual_months]
    same = [kwh for month, kwh in history.items() if month < period and month.month == period.month]
    average = _mean([history[month] for month in before]) if len(before) >= least_months else None
    return UsualConsumption(average, _mean(same) if same else None)


@dataclass(frozen=True)
class Month:
    """What passed in a month, in kWh."""

    period: date
    kwh: Decimal


def typical(history: Months, period: date, *, usual_months: int) -> list[Month]:
    """The months that `usual` rests on, the newest first; then the same month of earlier years."""
    before = sorted((month for month in history if month < period), reverse=True)
    newest = before[:usual_months]
    same = [month for month in before[usual_months:] if month.month == period.month]
    return [Month(month, history[month]) for month in (*newest, *same)]


def dump_months(typical_months: Iterable[Month]) -> str:
    """The JSON of `ReadingFinding.typical_months`."""
    return orjson.dumps([(one.period, str(round(one.kwh, 3))) for one in typical_months]).decode()


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal()) / len(values)
