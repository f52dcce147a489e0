"""Consumption between readings and by month, expected and actual, in Decimal kilowatt-hours."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

import orjson

from lk_graphql.kit.languages import Language
from lk_graphql.kit.periods import months, months_between, shift
from lk_graphql.metering.errors import (
    BelowPrevious,
    DecimalsNotAllowed,
    ReadingNegative,
    TooManyDecimals,
    TooManyDigits,
)
from lk_graphql.metering.models import ReadingSource, Zone
from lk_graphql.metering.service.rules import AnomalyThresholds


@dataclass(frozen=True)
class Scale:
    """The scale of a register: its digits on both sides of the decimal point.

    `ratio` is the ratio of the current transformers before the meter («коэффициент трансформации»):
    1 in a household.
    """

    digits: int
    fraction_digits: int = 0
    ratio: Decimal = Decimal(1)

    @cached_property
    def turn(self) -> Decimal:
        """One full turn of the register, in its own units: 100000 for five digits."""
        return Decimal(10) ** self.digits

    @property
    def half_turn_kwh(self) -> Decimal:
        """The largest energy past zero that is plausible if no rule sets the allowed power."""
        return self.turn / 2 * self.ratio

    @property
    def step(self) -> Decimal:
        """The smallest difference between values: 0.1 with one decimal."""
        return Decimal(1).scaleb(-self.fraction_digits)

    def passed(self, earlier: Decimal, later: Decimal) -> Decimal:
        """The energy since a value that was read, the ratio included.

        The register only runs forward, past zero if necessary. The view `monthly_consumption` has
        the same rule.
        """
        step = later - earlier
        return (step if step >= 0 else step + self.turn) * self.ratio

    def estimated(self, read: Decimal, estimates: Iterable[Decimal]) -> Decimal:
        """The energy that estimates in a row have added to a value that was read.

        An estimate that billing made before it had the reading may be below it, and the sum is then
        negative: each step takes the shorter way around the dial. The view `monthly_consumption`
        has the same rule.
        """
        steps = (later - earlier for earlier, later in pairwise([read, *estimates]))
        return sum(map(self._shorter, steps), Decimal()) * self.ratio

    def _shorter(self, step: Decimal) -> Decimal:
        if 2 * step > self.turn:
            return step - self.turn
        return step + self.turn if 2 * step <= -self.turn else step

    def check(self, value: Decimal) -> None:
        """Refuse a value outside this scale.

        Raises `ReadingNegative`, `TooManyDigits`, `TooManyDecimals`.
        """
        if value < 0:
            raise ReadingNegative
        if value >= self.turn:
            raise TooManyDigits(digits=self.digits)
        if value != round(value, self.fraction_digits):
            if not self.fraction_digits:
                raise DecimalsNotAllowed
            raise TooManyDecimals(decimals=self.fraction_digits)


@dataclass(frozen=True)
class Span:
    """Two values of one register, at the beginning and at the end of a period."""

    opening: Decimal
    closing: Decimal
    scale: Scale


@dataclass(frozen=True)
class Consumption:
    """An energy volume. `rolled_over`: the register has passed its end and restarted from zero."""

    kwh: Decimal
    rolled_over: bool = False


def physical_limit(days: int, *, power_kw: Decimal) -> Decimal:
    """The largest possible volume: the allowed power around the clock, in kWh."""
    return power_kw * 24 * days


def consumed(span: Span, *, plausible_kwh: Decimal) -> Consumption:
    """The energy of a span, the ratio included.

    A closing value below the opening one is a rollover («переход через ноль») if the energy is then
    at most `plausible_kwh`. Raises `BelowPrevious` otherwise.
    """
    kwh, rolled_over = span.scale.passed(span.opening, span.closing), span.closing < span.opening
    if rolled_over and kwh > plausible_kwh:
        raise BelowPrevious(value=span.closing, previous=span.opening)
    return Consumption(kwh, rolled_over)


class PriorReading(NamedTuple):
    """A reading before the submission, estimates included."""

    value: Decimal
    taken_on: date
    period: date
    source: ReadingSource

    @property
    def is_read(self) -> bool:
        """True unless the value is an estimate."""
        return self.source is not ReadingSource.ESTIMATED


class EstimatedBill(NamedTuple):
    """The energy of one register that the bill of a month without a reading has charged."""

    period: date
    kwh: Decimal


class SubmittedReading(NamedTuple):
    """An earlier submission of the customer: accepted, or pending a confirmation or review.

    `moment` is the time of the reading by the device's clock, but not later than its arrival, in
    whole milliseconds, as clients get it. It is None for a reading from billing, of which only the
    day is known.
    """

    id: UUID
    is_accepted: bool
    taken_on: date
    moment: datetime | None


Months = Mapping[date, Decimal]
"""Kilowatt-hours by period."""


def months_covered(earlier: date, later: date) -> int:
    """The number of months that a reading of `later` covers, after one of `earlier`.

    Prices, the anomaly check and averages use it. For two readings of one month it is 1.
    """
    return max(1, months_between(earlier, later))


def monthly_consumption(
    readings: Iterable[tuple[date, Decimal]], scale: Scale
) -> dict[date, Decimal]:
    """The consumption of one register by month.

    `readings` are months and values in chronological order, without estimates. The consumption of
    months without a reading is spread evenly over them and the month of the next reading.
    """
    volumes: defaultdict[date, Decimal] = defaultdict(Decimal)
    for (month, earlier), (period, later) in pairwise(readings):
        kwh, count = scale.passed(earlier, later), months_covered(month, period)
        for interim in months(shift(period, 1 - count), period):
            volumes[interim] += kwh / count
    return dict(volumes)


def sum_months(registers: Iterable[Months]) -> dict[date, Decimal]:
    """The consumption of registers that followed one another, by month.

    In the month of a replacement, both have counted.
    """
    volumes: defaultdict[date, Decimal] = defaultdict(Decimal)
    for register in registers:
        for period, kwh in register.items():
            volumes[period] += kwh
    return dict(volumes)


@dataclass(frozen=True)
class UsualConsumption:
    """The expected consumption of one month; None where too few months are known."""

    average: Decimal | None
    season: Decimal | None


def usual(
    history: Months, period: date, *, usual_months: int, least_months: int
) -> UsualConsumption:
    """The average of the newest months before `period`; the same month of earlier years."""
    before = sorted((month for month in history if month < period), reverse=True)[:usual_months]
    season = [
        kwh for month, kwh in history.items() if month < period and month.month == period.month
    ]
    average = _mean([history[month] for month in before]) if len(before) >= least_months else None
    return UsualConsumption(average, _mean(season) if season else None)


@dataclass(frozen=True)
class Month:
    """The consumption of a month."""

    period: date
    kwh: Decimal


def typical(history: Months, period: date, *, usual_months: int) -> list[Month]:
    """The months that `usual` averages, the newest first; then the same month of earlier years."""
    before = sorted((month for month in history if month < period), reverse=True)
    newest = before[:usual_months]
    season = [month for month in before[usual_months:] if month.month == period.month]
    return [Month(month, history[month]) for month in (*newest, *season)]


def dump_months(typical_months: Iterable[Month]) -> str:
    """The JSON of `ReadingFinding.typical_months`."""
    return orjson.dumps(
        [(month.period, str(round(month.kwh, 3))) for month in typical_months]
    ).decode()


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal()) / len(values)


@dataclass(frozen=True)
class Expectation:
    """The basis for judging a new reading of `period`, taken on `taken_on`.

    `history` is that of the register and its predecessors. `norm_kwh` is the household's norm for a
    month, None where no order sets it.
    """

    scale: Scale
    previous: PriorReading
    period: date
    taken_on: date
    history: Months
    norm_kwh: Decimal | None
    terms: AnomalyThresholds

    @property
    def months(self) -> int:
        """The number of months that the new reading covers, at least one."""
        return months_covered(self.previous.period, self.period)

    @property
    def days(self) -> int:
        return max(1, (self.taken_on - self.previous.taken_on).days)

    @property
    def possible_kwh(self) -> Decimal:
        """The physical limit of the connection for the days since the previous reading."""
        return physical_limit(self.days, power_kw=self.terms.allowed_kw) * self.scale.ratio

    @property
    def ordinary_kwh(self) -> Decimal:
        """The largest consumption that is ordinary whatever the history."""
        return min((self.norm_kwh or Decimal()) * self.months, self.possible_kwh)

    def is_ordinary(self, value: Decimal) -> bool:
        """Return True if no finding is possible, so that `history` need not be loaded."""
        kwh = (value - self.previous.value) * self.scale.ratio
        return 0 < kwh <= self.ordinary_kwh and value < self.scale.turn

    @cached_property
    def usual(self) -> UsualConsumption:
        """The usual consumption of the covered months; the season is that of the last month."""
        terms = self.terms
        month = usual(
            self.history,
            self.period,
            usual_months=terms.usual_months,
            least_months=terms.least_months,
        )
        return UsualConsumption(
            *(kwh and kwh * self.months for kwh in (month.average, month.season))
        )

    @property
    def typical(self) -> Sequence[Month]:
        """The months that `usual` is computed from."""
        return typical(self.history, self.period, usual_months=self.terms.usual_months)

    @cached_property
    def limit_kwh(self) -> Decimal:
        """The consumption above which a reading is unusual.

        The season, if known, can raise the limit but never lower it, so that the consumption of
        July doesn't make a reading of January unusual. With too few months the norm replaces the
        average.
        """
        norm, usual = (self.norm_kwh or Decimal()) * self.months, self.usual
        usually = norm if usual.average is None else max(usual.average, usual.season or Decimal())
        return max(norm, self.terms.usual_times * usually) or self.possible_kwh

    @property
    def most_kwh(self) -> Decimal:
        """The largest consumption that needs no confirmation."""
        return min(self.limit_kwh, self.possible_kwh)


_ZONES = {
    Language.RU: {
        Zone.SINGLE: "круглосуточно",
        Zone.DAY: "день",
        Zone.NIGHT: "ночь",
        Zone.PEAK: "пик",
        Zone.HALF_PEAK: "полупик",
    },
    Language.EN: {
        Zone.SINGLE: "all day",
        Zone.DAY: "day",
        Zone.NIGHT: "night",
        Zone.PEAK: "peak",
        Zone.HALF_PEAK: "half-peak",
    },
}


def zone_name(zone: str, language: Language) -> str:
    """Return the name of a zone for a sentence; other texts are returned unchanged."""
    return _ZONES[language][Zone(zone)] if zone in Zone.__members__ else zone
