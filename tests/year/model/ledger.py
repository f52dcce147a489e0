"""Books of an account: what of each month is owed, day by day.

Money settles debts, the oldest first (domain.md 2c, "FIFO allocation of payments to periods"),
then penalties (ГК РФ, ст. 319: the principal first), and the rest is paid ahead. Nothing is kept
but entries: the same entries give the same books.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum


class Kind(IntEnum):
    """The order on one day: money of a month's last day comes before the month's charge."""

    MONEY = 0
    CHARGE = 1
    PENALTY = 2


@dataclass(frozen=True)
class Entry:
    day: date
    kind: Kind
    period: date
    amount: int


@dataclass
class Owed:
    """A debt or penalty of a month; its steps say what is open by the end of a day."""

    period: date
    amount: int
    open: int
    steps: list[tuple[date, int]] = field(default_factory=list[tuple[date, int]])

    def settle(self, money: int, day: date) -> int:
        """Take from `money`, or give to it if it is below zero; the rest is returned."""
        part = max(min(money, self.open), self.open - self.amount)
        self.open -= part
        if part:
            self.steps.append((day, self.open))
        return money - part


@dataclass(frozen=True)
class Balance:
    """docs/import.md: debt and overpayment exclude each other; none is negative."""

    debt: int
    penalty: int
    overpayment: int

    @property
    def net(self) -> int:
        return self.debt + self.penalty - self.overpayment


@dataclass
class Ledger:
    debts: list[Owed] = field(default_factory=list[Owed])
    penalties: list[Owed] = field(default_factory=list[Owed])
    advance: int = 0

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Ledger":
        ledger = cls()
        for entry in sorted(entries, key=lambda entry: (entry.day, entry.kind)):
            ledger.book(entry)
        return ledger

    def book(self, entry: Entry) -> None:
        if entry.kind is Kind.MONEY or entry.amount < 0:
            # a month below zero counts like money that came on its last day
            money = entry.amount if entry.kind is Kind.MONEY else -entry.amount
            if entry.kind is Kind.PENALTY:
                money = self.settle(self.penalties, money, entry.day)
            self.move(money, entry)
        else:
            items = self.debts if entry.kind is Kind.CHARGE else self.penalties
            owed = Owed(entry.period, entry.amount, entry.amount, [(entry.day, entry.amount)])
            items.append(owed)
            items.sort(key=lambda one: one.period)
            self.advance = owed.settle(self.advance, entry.day)

    def move(self, money: int, entry: Entry) -> None:
        """Money that comes settles; money that goes back comes from where the last went."""
        if money >= 0:
            money = self.settle(self.debts, money, entry.day)
            self.advance += self.settle(self.penalties, money, entry.day)
            return
        spent = min(self.advance, -money)
        self.advance -= spent
        money = self.settle(self.penalties[::-1], money + spent, entry.day)
        money = self.settle(self.debts[::-1], money, entry.day)
        if money:
            # more goes back than has settled anything here: the account owes it
            self.debts.append(Owed(entry.period, -money, -money, [(entry.day, -money)]))

    @staticmethod
    def settle(items: Iterable[Owed], money: int, day: date) -> int:
        for owed in items:
            money = owed.settle(money, day)
        return money

    def balance(self) -> Balance:
        debt = sum(owed.open for owed in self.debts)
        penalty = sum(owed.open for owed in self.penalties)
        return Balance(debt, penalty, self.advance)
