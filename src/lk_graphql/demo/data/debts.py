"""Debts of an account: due days, payment allocation, penalties («пеня»), balance.

A supplier's billing system computes all this; the demo has none, so these are its calculations.

A ledger is an immutable value: `owe` and `pay` return a new one. The part of a payment that exceeds
the debts is an advance, which settles the next debt, so no kopeck is lost.

The penalty of a day is a share of the key rate: 1/300 from the 31st day after the due day and 1/130
from the 91st, through the day of payment (ЖК РФ, ст. 155 ч. 14; `PenaltyShare` has the rows). The
rate is that of the day of payment, and is capped (ПП 329).

Penalties bear no penalty: `accrue` is for the debts of a ledger, not for its penalties.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from lk_graphql.billing.service.receipts.content import PenaltyStep
from lk_graphql.kit.dated_rows import newest, newest_set
from lk_graphql.kit.money import Kopecks, round_half_up
from lk_graphql.kit.periods import last_day, shift
from lk_graphql.kit.working_days import next_working_day

_DAY = timedelta(days=1)


class DueTermsNotFound(LookupError):
    """No due rule is valid for a month: an error in the operator's data, not the customer's."""


@dataclass(frozen=True)
class DueTerms:
    """A dated row: for months from `valid_from` on, days of the following month."""

    valid_from: date
    document_day: int
    due_day: int


def terms_for(period: date, rows: Iterable[DueTerms]) -> DueTerms:
    """Return the rule for a billed month. Raises `DueTermsNotFound`."""
    terms = newest(rows, period)
    if terms is None:
        raise DueTermsNotFound(f"No due rule for {period:%Y-%m}")
    return terms


def issue_by(period: date, rows: Iterable[DueTerms]) -> date:
    """Return the last day to issue a month's bill. By law it may be a day off."""
    return shift(period, 1).replace(day=terms_for(period, rows).document_day)


def due_on(period: date, rows: Iterable[DueTerms]) -> date:
    """Return the last day to pay the bill of a month, a working day (ГК РФ, ст. 193)."""
    return next_working_day(shift(period, 1).replace(day=terms_for(period, rows).due_day))


@dataclass(frozen=True)
class ReceivedAmount:
    """A payment of a day, or a part of one."""

    on: date
    amount: Kopecks


@dataclass(frozen=True)
class Debt:
    """The amount of one month's bill, and the parts of payments that have settled it."""

    period: date
    due_on: date
    amount: Kopecks
    settled: tuple[ReceivedAmount, ...] = ()

    @property
    def open(self) -> Kopecks:
        return Kopecks(self.amount - sum(part.amount for part in self.settled))

    def pay(self, payment: ReceivedAmount) -> tuple["Debt", ReceivedAmount]:
        """Settle as much as the payment covers; return the debt and the rest of the payment."""
        part = Kopecks(min(self.open, payment.amount))
        if not part:
            return self, payment
        settled = (*self.settled, replace(payment, amount=part))
        rest = Kopecks(payment.amount - part)
        return replace(self, settled=settled), replace(payment, amount=rest)


def allocate(
    payment: ReceivedAmount, debts: Sequence[Debt]
) -> tuple[tuple[Debt, ...], ReceivedAmount]:
    """Settle the debts first in, first out; return them and the rest of the payment."""
    after: list[Debt] = []
    for debt in debts:
        paid_debt, payment = debt.pay(payment)
        after.append(paid_debt)
    return tuple(after), payment


@dataclass(frozen=True)
class Ledger:
    """An account's debts and penalties, the oldest first, and its advances."""

    debts: tuple[Debt, ...] = ()
    penalties: tuple[Debt, ...] = ()
    advances: tuple[ReceivedAmount, ...] = ()

    @property
    def balance(self) -> Kopecks:
        """The balance with penalties: positive is debt, negative is overpayment."""
        return Kopecks(
            sum(debt.open for debt in (*self.debts, *self.penalties))
            - sum(advance.amount for advance in self.advances)
        )

    @property
    def open_penalty(self) -> Kopecks:
        return Kopecks(sum(penalty.open for penalty in self.penalties))

    def open_of(self, period: date) -> Kopecks:
        """Return the open amount of one month's bill, its penalty included."""
        debts = (debt for debt in (*self.debts, *self.penalties) if debt.period == period)
        return Kopecks(sum(debt.open for debt in debts))

    def owe(self, debt: Debt, *, penalty: Kopecks) -> "Ledger":
        """Add a bill's debt and penalty, and settle them from the advances.

        A debt below zero (a recalculation larger than the charge) counts as a payment on the last
        day of its month. A penalty below zero is a write-off: it settles open penalties, and an
        excess counts as such a payment, too.
        """
        day = last_day(debt.period)
        credit = ReceivedAmount(day, Kopecks(max(0, -debt.amount)))
        positive = replace(debt, amount=Kopecks(max(0, debt.amount)))
        waiver = ReceivedAmount(day, Kopecks(max(0, -penalty)))
        earlier, rest = allocate(waiver, self.penalties)
        penalties = (replace(positive, amount=penalty),) if penalty > 0 else ()
        ledger = Ledger((*self.debts, positive), (*earlier, *penalties))
        for payment in (*self.advances, credit, rest):
            ledger = ledger.pay(payment) if payment.amount else ledger
        return ledger

    def pay(self, payment: ReceivedAmount) -> "Ledger":
        debts, rest = allocate(payment, self.debts)
        penalties, rest = allocate(rest, self.penalties)
        return Ledger(debts, penalties, (*self.advances, rest) if rest.amount else self.advances)

    def without_settled(self, before: date) -> "Ledger":
        """Drop debts that were settled before a day, to keep a long history short."""
        return replace(
            self,
            debts=tuple(debt for debt in self.debts if _is_open_since(debt, before)),
            penalties=tuple(debt for debt in self.penalties if debt.open),
        )


def _is_open_since(debt: Debt, since: date) -> bool:
    return bool(debt.open) or any(part.on >= since for part in debt.settled)


class KeyRateNotFound(LookupError):
    """No key rate is valid on a day: an error in the operator's data, not the customer's."""


@dataclass(frozen=True)
class Rate:
    """A dated row: the key rate, or a cap on it, in percent a year; both days included."""

    percent: Decimal
    valid_from: date
    valid_to: date | None = None
    is_cap: bool = False


@dataclass(frozen=True)
class Segment:
    """Days (both included) of one debt at one rate."""

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
    """Return the key rate on a day, or its cap where lower. Raises `KeyRateNotFound`."""
    rows = list(rates)
    rate = newest((row for row in rows if not row.is_cap), day)
    if rate is None:
        raise KeyRateNotFound(f"No key rate for {day}")
    cap = newest((row for row in rows if row.is_cap), day)
    return min(rate.percent, cap.percent) if cap else rate.percent


def accrue(
    debt: Debt, *, since: date, until: date, rates: Sequence[Rate], steps: Sequence[PenaltyStep]
) -> list[Segment]:
    """Return the penalty of a debt from `since` to `until`, both days included.

    A part paid on a day counts through that day, at that day's rate; the open part counts at the
    rate of `until`. The shares are those of `until`. The sum since the due day is rounded, and a
    segment is the difference of two such sums, so that adjacent periods add up to the kopeck
    however they are split.
    """
    segments: list[Segment] = []
    exact, rounded = Fraction(), Kopecks(0)
    for first, last, divisor in _penalty_periods(debt, since, until, newest_set(steps, until)):
        for percent, amount_owed in _owed_on(last, debt, until, rates):
            days = (last - first).days + 1
            exact += Fraction(amount_owed * days) * Fraction(percent) / (100 * divisor)
            sum_so_far = round_half_up(Decimal(exact.numerator) / Decimal(exact.denominator))
            amount = Kopecks(sum_so_far - rounded)
            rounded = sum_so_far
            if first >= since:
                segments.append(Segment(first, last, amount_owed, percent, divisor, amount))
    return segments


def _penalty_periods(
    debt: Debt, since: date, until: date, steps: Sequence[PenaltyStep]
) -> Iterator[tuple[date, date, int]]:
    """Split the days since the due day where the debt, the divisor or the period changes."""
    starts = {debt.due_on + step.days_late * _DAY for step in steps}
    cuts = starts | {part.on + _DAY for part in debt.settled} | {since, until + _DAY}
    boundaries = sorted(day for day in cuts if debt.due_on < day <= until + _DAY)
    for start, end in pairwise(boundaries):
        days_late = (start - debt.due_on).days
        step = max(
            (step for step in steps if step.days_late <= days_late),
            key=lambda step: step.days_late,
            default=None,
        )
        if step and step.divisor is not None:
            yield start, end - _DAY, step.divisor


def _owed_on(
    day: date, debt: Debt, until: date, rates: Sequence[Rate]
) -> Iterator[tuple[Decimal, Kopecks]]:
    """Return the debt of a day, grouped by the rate that applies to each part."""
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
    """A month's sums: debt is positive, overpayment negative; all may be negative."""

    opening: Kopecks
    charged: Kopecks
    recalculated: Kopecks
    penalty: Kopecks
    paid: Kopecks

    @property
    def closing(self) -> Kopecks:
        increase = self.charged + self.recalculated + self.penalty
        return Kopecks(self.opening + increase - self.paid)
