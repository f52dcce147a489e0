"""Which payment settles which debt: the oldest month first, penalties after the debts.

A ledger is a value: owing and paying give a new one. Kopecks are never lost: what no debt takes
is kept as an advance, and the next debt takes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.periods import last_day


@dataclass(frozen=True)
class Paid:
    """Money that came on a day; a part of a payment is one too."""

    on: date
    amount: Kopecks


@dataclass(frozen=True)
class Debt:
    """What one month's bill asked for, and which parts of payments have settled it."""

    period: date
    due_on: date
    amount: Kopecks
    settled: tuple[Paid, ...] = ()

    @property
    def open(self) -> Kopecks:
        return Kopecks(self.amount - sum(part.amount for part in self.settled))

    def take(self, payment: Paid) -> tuple["Debt", Paid]:
        """The debt with as much of the payment as it needs, and what is left of the payment."""
        taken = Kopecks(min(self.open, payment.amount))
        if not taken:
            return self, payment
        settled = (*self.settled, replace(payment, amount=taken))
        left = Kopecks(payment.amount - taken)
        return replace(self, settled=settled), replace(payment, amount=left)


def allocate(payment: Paid, debts: Sequence[Debt]) -> tuple[tuple[Debt, ...], Paid]:
    """First in, first out: the debts after the payment, and what is left of it."""
    after: list[Debt] = []
    for debt in debts:
        settled, payment = debt.take(payment)
        after.append(settled)
    return tuple(after), payment


@dataclass(frozen=True)
class Ledger:
    """An account's debts and penalties, the oldest first, and what was paid ahead."""

    debts: tuple[Debt, ...] = ()
    penalties: tuple[Debt, ...] = ()
    advances: tuple[Paid, ...] = ()

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
        credit = Paid(last_day(debt.period), Kopecks(max(0, -debt.amount)))
        owed = replace(debt, amount=Kopecks(max(0, debt.amount)))
        due = (replace(owed, amount=penalty),) if penalty else ()
        grown = Ledger((*self.debts, owed), (*self.penalties, *due))
        for money in (*self.advances, credit):
            grown = grown.pay(money) if money.amount else grown
        return grown

    def pay(self, payment: Paid) -> "Ledger":
        debts, left = allocate(payment, self.debts)
        penalties, left = allocate(left, self.penalties)
        return Ledger(debts, penalties, (*self.advances, left) if left.amount else self.advances)

    def without_settled(self, before: date) -> "Ledger":
        """Forget what was settled before a day, so that a long history stays short."""
        return replace(
            self,
            debts=tuple(debt for debt in self.debts if _matters(debt, before)),
            penalties=tuple(debt for debt in self.penalties if debt.open),
        )


def _matters(debt: Debt, since: date) -> bool:
    return bool(debt.open) or any(part.on >= since for part in debt.settled)
