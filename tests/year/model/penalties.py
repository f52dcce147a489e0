"""Penalties for late payment (ЖК РФ, ст. 155 ч. 14; domain.md 2c)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import groupby, pairwise

from .bills import PenaltyRow
from .days import days_between, month_of
from .ledger import Owed
from .money import round_half_up
from .rules import Rules

FREE_DAYS = 30
DIVISORS = (300, 130)
"""Days 31 to 90 cost a 300th of the rate, the later ones a 130th."""


@dataclass(frozen=True)
class Day:
    """A day on which a month's debt costs something."""

    debt: int
    rate_percent: Decimal
    divisor: int

    def exact(self, days: int) -> Fraction:
        return Fraction(self.debt) * Fraction(self.rate_percent) * days / 100 / self.divisor


Accrual = dict[tuple[date, date], Day]
"""The cost of each day of each month's debt, by month and day."""


def penalty(debt: int, due_on: date, paid_on: date, rules: Rules) -> int:
    """For one debt paid at once: at the rate of the day of payment, which counts as well."""
    rate = rules.penalty_percent(paid_on)
    late = range(FREE_DAYS + 1, (paid_on - due_on).days + 1)
    divisors = [divisor_of(days) for days in late]
    exact = (Day(debt, rate, divisor).exact(divisors.count(divisor)) for divisor in DIVISORS)
    return sum(map(round_half_up, exact))


def divisor_of(days: int) -> int:
    """Which part of the rate a day costs, so many days after the due day and the free ones."""
    return DIVISORS[days > 90]


def accrue(debts: Iterable[Owed], until: date, rules: Rules) -> Accrual:
    """Every day that costs something, up to the end of a month.

    What is owed when a day begins counts for it, so that the day of payment counts as well. While
    it isn't paid the rate is that of each day: the act's, that of the day of payment, isn't known.
    """
    accrual: Accrual = {}
    percent_on, night = cache(rules.penalty_percent), timedelta(days=1)
    for owed in debts:
        due_on = rules.due_day(owed.period)
        first = due_on + (FREE_DAYS + 1) * night
        for (since, debt), (end, _) in pairwise([*owed.steps, (until, 0)]):
            for day in days_between(max(since + night, first), min(end, until)) if debt else ():
                divisor = divisor_of((day - due_on).days)
                accrual[owed.period, day] = Day(debt, percent_on(day), divisor)
    return accrual


def bill_penalties(now: Accrual, billed: Iterable[PenaltyRow]) -> list[PenaltyRow]:
    """The rows of a bill: days that no bill has yet, and rows given back that hold no longer.

    A payment that is posted late counts as of its own day, so that days already billed cost less
    or nothing: their row comes again below zero, and what holds of it anew. Each row is rounded
    once and is of one month, so that late and timely posting come to the same.
    """
    rows = standing(billed)
    kept = [row for row in rows if all(now.get(key) == day for key, day in days_of(row))]
    back = [replace(row, amount=-row.amount) for row in rows if row not in kept]
    covered = {key for row in kept for key, _ in days_of(row)}
    return [*back, *rows_of({key: day for key, day in now.items() if key not in covered})]


def standing(billed: Iterable[PenaltyRow]) -> list[PenaltyRow]:
    """The rows that were not given back, nor write debts off."""
    rows: list[PenaltyRow] = []
    for row in billed:
        if row.amount < 0 and not row.is_written_off:
            rows.remove(replace(row, amount=-row.amount))
        elif not row.is_written_off:
            rows.append(row)
    return rows


def days_of(row: PenaltyRow) -> Iterator[tuple[tuple[date, date], Day]]:
    for day in days_between(row.first_day, row.last_day):
        yield (row.for_period, day), Day(row.debt, row.rate_percent, row.divisor)


def rows_of(accrual: Accrual) -> Iterator[PenaltyRow]:
    """Days of one month in a row, of one debt at one rate, together."""
    keys = enumerate(sorted(accrual))
    for _, run in groupby(keys, key=lambda item: place(*item, accrual)):
        days = [key for _, key in run]
        (period, first), (_, last) = days[0], days[-1]
        day = accrual[period, first]
        amount = round_half_up(day.exact(len(days)))
        if amount:
            yield PenaltyRow(period, day.debt, first, last, day.rate_percent, day.divisor, amount)


def place(number: int, key: tuple[date, date], accrual: Accrual) -> tuple[object, ...]:
    """The same for days that belong to one row."""
    period, day = key
    return period, month_of(day), day.toordinal() - number, accrual[key]
