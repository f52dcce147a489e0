"""Money that came: at banks, and in the cabinet as its exported registry says; and its posting."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from .days import month_of
from .ledger import Entry, Kind


@dataclass(frozen=True)
class RegistryRow:
    """A movement of the cabinet's registry (`lk export payments`); a refund is below zero."""

    external_id: str
    account: str
    amount: int
    happened_at: datetime
    period: date | None = None


@dataclass(frozen=True)
class Posting:
    """Money on an account. It is never changed: a reversal is another posting, below zero."""

    external_id: str
    account: str
    amount: int
    paid_on: date
    booked_on: date
    agent: str


@dataclass(frozen=True)
class Difference:
    """A movement of the cabinet that billing has acknowledged otherwise than it was."""

    external_id: str
    expected: tuple[str, int]
    posted: tuple[str, int]


@dataclass
class Postings:
    """All postings of the supplier, in their order."""

    rows: list[Posting] = field(default_factory=list[Posting])

    def of(self, account: str) -> list[Posting]:
        return [posting for posting in self.rows if posting.account == account]

    def booked(self, account: str, first: date, last: date) -> int:
        """The sum that a bill shows as paid: booked in its month, whenever it was paid."""
        return sum(row.amount for row in self.of(account) if first <= row.booked_on <= last)

    def entries(self, account: str, until: date, *, by_payment_day: bool) -> list[Entry]:
        """Money booked until a day; on the day of payment for penalties, else of its booking."""
        rows = [row for row in self.of(account) if row.booked_on <= until]
        days = [row.paid_on if by_payment_day else row.booked_on for row in rows]
        return [
            Entry(day, Kind.MONEY, month_of(day), row.amount)
            for day, row in zip(days, rows, strict=True)
        ]

    def acknowledged(self) -> dict[str, tuple[str, int, Posting]]:
        """The account of the last posting of each number, with all that is posted there by it.

        docs/import.md: a payment is known by its number, for ever the same. One that billing books
        in pieces comes again with what they add up to, one that it reverses with nothing left.
        """
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for row in self.rows:
            sums[row.external_id, row.account] += row.amount
        newest = {row.external_id: row for row in self.rows}
        return {
            number: (row.account, sums[number, row.account], row) for number, row in newest.items()
        }


def differences(registry: Iterable[RegistryRow], postings: Postings) -> list[Difference]:
    acknowledged = postings.acknowledged()
    return [
        Difference(row.external_id, (row.account, row.amount), acknowledged[row.external_id][:2])
        for row in registry
        if row.external_id in acknowledged
        if (row.account, row.amount) != acknowledged[row.external_id][:2]
    ]
