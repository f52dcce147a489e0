"""The penalty for paying late («пеня»): ЖК РФ, ст. 155, ч. 14; only for households.

From the 31st day after the due day 1/300 of the key rate for a day, from the 91st 1/130, through
the day of payment; the rate is that of the day of payment, and capped (ПП 329). Penalties bear no
penalty: `accrue` is for the debts of a ledger, not for its penalties.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from lk_graphql.billing.service.ledger import Debt
from lk_graphql.kit.money import Kopecks, round_half_up

_DAY = timedelta(days=1)


class NoKeyRate(LookupError):
    """The rate table has a hole: an operator's fault, not the customer's."""


@dataclass(frozen=True)
class Rate:
    """A dated row: the key rate, or a cap on it, in percent a year; both days included."""

    percent: Decimal
    valid_from: date
    valid_to: date | None = None
    is_cap: bool = False

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Step:
    """From this day of being late the divisor holds; None: nothing accrues."""

    from_day: int
    divisor: int | None


HOUSEHOLD_STEPS = (Step(1, None), Step(31, 300), Step(91, 130))
"""The Housing Code's own numbers; no contract and no region may raise them."""


@dataclass(frozen=True)
class Segment:
    """Days (both included) of one debt at one rate. The first and the last day count."""

    first_day: date
    last_day: date
    debt: Kopecks
    percent: Decimal
    divisor: int
    amount: Kopecks

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1


def percent_on(day: date, rates: Iterable[Rate]) -> Decimal:
    """The key rate on a day, or its cap where that is lower. Raises `NoKeyRate`."""
    holding = [rate for rate in rates if rate.holds_on(day)]
    if all(rate.is_cap for rate in holding):
        raise NoKeyRate(f"No key rate for {day}")
    return min(rate.percent for rate in holding)


def accrue(debt: Debt, *, since: date, until: date, rates: Sequence[Rate]) -> list[Segment]:
    """What a debt accrues from `since` to `until`, both days included.

    A part paid on a day counts through that day, at that day's rate; what is still open counts
    at the rate of `until`. The sum since the due day is rounded, and a segment is the difference
    of two such sums: so periods next to each other add up to the kopeck however they are cut.
    """
    segments: list[Segment] = []
    exact, rounded = Fraction(), Kopecks(0)
    for first, last, divisor in _stretches(debt, since, until):
        for percent, owed in _owed_on(last, debt, until, rates):
            days = (last - first).days + 1
            exact += Fraction(owed * days) * Fraction(percent) / (100 * divisor)
            sum_so_far = round_half_up(Decimal(exact.numerator) / Decimal(exact.denominator))
            amount = Kopecks(sum_so_far - rounded)
            rounded = sum_so_far
            if first >= since:
                segments.append(Segment(first, last, owed, percent, divisor, amount))
    return segments


def _stretches(debt: Debt, since: date, until: date) -> Iterator[tuple[date, date, int]]:
    """The days from the due day on, cut where the sum, the divisor or the period changes."""
    starts = {debt.due_on + step.from_day * _DAY for step in HOUSEHOLD_STEPS}
    cuts = starts | {part.on + _DAY for part in debt.settled} | {since, until + _DAY}
    inside = sorted(day for day in cuts if debt.due_on < day <= until + _DAY)
    for start, end in pairwise(inside):
        late = (start - debt.due_on).days
        divisor = max(
            (s for s in HOUSEHOLD_STEPS if s.from_day <= late), key=lambda s: s.from_day
        ).divisor
        if divisor is not None:
            yield start, end - _DAY, divisor


def _owed_on(
    day: date, debt: Debt, until: date, rates: Sequence[Rate]
) -> Iterator[tuple[Decimal, Kopecks]]:
    """What is owed on a day, by the rate that each part will be counted at."""
    parts = [(min(part.on, until), part.amount) for part in debt.settled if part.on >= day]
    owed: dict[Decimal, int] = {}
    for counted_on, amount in (*parts, (until, debt.open)):
        if amount:
            percent = percent_on(counted_on, rates)
            owed[percent] = owed.get(percent, 0) + amount
    for percent, amount in sorted(owed.items()):
        yield percent, Kopecks(amount)
