"""Debts of an account: due days, payment allocation, penalties («пеня»), balance.

A ledger is a value: owing and paying give a new one. Kopecks are never lost: what no debt takes
is kept as an advance, and the next debt takes it.

From the 31st day after the due day 1/300 of the key rate for a day, from the 91st 1/130, through
the day of payment; the rate is that of the day of payment, and capped (ПП 329). Penalties bear no
penalty: `accrue` is for the debts of a ledger, not for its penalties.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from lk_graphql.kit.money import Kopecks, round_half_up
from lk_graphql.kit.periods import last_day, shift
from lk_graphql.kit.working_days import next_working_day


class DueTermsNotFound(LookupError):
    """No rule reaches back to this month: an operator's fault, not the customer's."""


@dataclass(frozen=True)
class DueTerms:
    """A dated row: for months from `from_period` on, days of the month that follows."""

    from_period: date
    document_day: int
    due_day: int


def terms_for(period: date, rows: Iterable[DueTerms]) -> DueTerms:
    """The rule for a billed month. Raises `DueTermsNotFound`."""
    known = [row for row in rows if row.from_period <= period]
    if not known:
        raise DueTermsNotFound(f"No due rule for {period:%Y-%m}")
    return max(known, key=lambda row: row.from_period)


def issue_by(period: date, rows: Iterable[DueTerms]) -> date:
    """The last day to issue the bill of a month; the law doesn't move it to a working day."""
    return shift(period, 1).replace(day=terms_for(period, rows).document_day)


def due_on(period: date, rows: Iterable[DueTerms]) -> date:
    """The last day to pay the bill of a month, a working day (ГК РФ, ст. 193)."""
    return next_working_day(shift(period, 1).replace(day=terms_for(period, rows).due_day))


@dataclass(frozen=True)
class ReceivedAmount:
    """Money that came on a day; a part of a payment is one too."""

    on: date
    amount: Kopecks


@dataclass(frozen=True)
class Debt:
    """What one month's bill asked for, and which parts of payments have settled it."""

    period: date
    due_on: date
    amount: Kopecks
    settled: tuple[ReceivedAmount, ...] = ()

    @property
    def open(self) -> Kopecks:
        return Kopecks(self.amount - sum(part.amount for part in self.settled))

    def pay(self, payment: ReceivedAmount) -> tuple["Debt", ReceivedAmount]:
        """The debt with as much of the payment as it needs, and what is left of the payment."""
        taken = Kopecks(min(self.open, payment.amount))
        if not taken:
            return self, payment
        settled = (*self.settled, replace(payment, amount=taken))
        left = Kopecks(payment.amount - taken)
        return replace(self, settled=settled), replace(payment, amount=left)


def allocate(
    payment: ReceivedAmount, debts: Sequence[Debt]
) -> tuple[tuple[Debt, ...], ReceivedAmount]:
    """First in, first out: the debts after the payment, and what is left of it."""
    after: list[Debt] = []
    for debt in debts:
        settled, payment = debt.pay(payment)
        after.append(settled)
    return tuple(after), payment


@dataclass(frozen=True)
class Ledger:
    """An account's debts and penalties, the oldest first, and what was paid ahead."""

    debts: tuple[Debt, ...] = ()
    penalties: tuple[Debt, ...] = ()
    advances: tuple[ReceivedAmount, ...] = ()

    @property
    def balance(self) -> Kopecks:
        """Positive is owed, negative paid ahead; penalties included."""
        return Kopecks(
            sum(debt.open for debt in (*self.debts, *self.penalties))
            - sum(advance.amount for advance in self.advances)
        )

    @property
    def open_penalty(self) -> Kopecks:
        return Kopecks(sum(penalty.open for penalty in self.penalties))

    def open_of(self, period: date) -> Kopecks:
        """What is still to pay of one month's bill, its penalty included."""
        mine = (debt for debt in (*self.debts, *self.penalties) if debt.period == period)
        return Kopecks(sum(debt.open for debt in mine))

    def owe(self, debt: Debt, *, penalty: Kopecks) -> "Ledger":
        """A bill has come: its debt, its penalty, and both take from the advances.

        A debt below zero (a recalculation larger than the charge) is money as of the month's end.
        """
        credit = ReceivedAmount(last_day(debt.period), Kopecks(max(0, -debt.amount)))
        owed = replace(debt, amount=Kopecks(max(0, debt.amount)))
        due = (replace(owed, amount=penalty),) if penalty else ()
        grown = Ledger((*self.debts, owed), (*self.penalties, *due))
        for money in (*self.advances, credit):
            grown = grown.pay(money) if money.amount else grown
        return grown

    def pay(self, payment: ReceivedAmount) -> "Ledger":
        debts, left = allocate(payment, self.debts)
        penalties, left = allocate(left, self.penalties)
        return Ledger(debts, penalties, (*self.advances, left) if left.amount else self.advances)

    def without_settled(self, before: date) -> "Ledger":
        """Forget what was settled before a day, so that a long history stays short."""
        return replace(
            self,
            debts=tuple(debt for debt in self.debts if _is_open_since(debt, before)),
            penalties=tuple(debt for debt in self.penalties if debt.open),
        )


def _is_open_since(debt: Debt, since: date) -> bool:
    return bool(debt.open) or any(part.on >= since for part in debt.settled)


_DAY = timedelta(days=1)


class KeyRateNotFound(LookupError):
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
    """The key rate on a day, or its cap where that is lower. Raises `KeyRateNotFound`."""
    holding = [rate for rate in rates if rate.holds_on(day)]
    if all(rate.is_cap for rate in holding):
        raise KeyRateNotFound(f"No key rate for {day}")
    return min(rate.percent for rate in holding)


def accrue(debt: Debt, *, since: date, until: date, rates: Sequence[Rate]) -> list[Segment]:
    """What a debt accrues from `since` to `until`, both days included.

    A part paid on a day counts through that day, at that day's rate; what is still open counts
    at the rate of `until`. The sum since the due day is rounded, and a segment is the difference
    of two such sums: so periods next to each other add up to the kopeck however they are cut.
    """
    segments: list[Segment] = []
    exact, rounded = Fraction(), Kopecks(0)
    for first, last, divisor in _penalty_periods(debt, since, until):
        for percent, owed in _owed_on(last, debt, until, rates):
            days = (last - first).days + 1
            exact += Fraction(owed * days) * Fraction(percent) / (100 * divisor)
            sum_so_far = round_half_up(Decimal(exact.numerator) / Decimal(exact.denominator))
            amount = Kopecks(sum_so_far - rounded)
            rounded = sum_so_far
            if first >= since:
                segments.append(Segment(first, last, owed, percent, divisor, amount))
    return segments


def _penalty_periods(debt: Debt, since: date, until: date) -> Iterator[tuple[date, date, int]]:
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


@dataclass(frozen=True)
class BalanceSheet:
    """Owed is positive, paid ahead negative; `penalty` and `paid` are never negative."""

    opening: Kopecks
    charged: Kopecks
    recalculated: Kopecks
    penalty: Kopecks
    paid: Kopecks

    @property
    def closing(self) -> Kopecks:
        added = self.charged + self.recalculated + self.penalty
        return Kopecks(self.opening + added - self.paid)
