"""The cabinet as it must be: what it shows, given what it was sent and what was paid there.

It learns of billing from the rows of loaded files, by the rules of docs/import.md, and of the
customers from what they did: `movements` are the rows of its registry.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from .days import ZONE, end_of, last_day
from .files import File, Month, Row, Sum
from .ledger import Balance
from .money import vat_of
from .postings import RegistryRow
from .rules import Rules

PAID, PROCESSING, PARTLY_PAID = "PAID", "PROCESSING", "PARTLY_PAID"
DUE, OVERDUE = "DUE", "OVERDUE"
DEBT, PENALTY, ADVANCE = "DEBT", "PENALTY", "ADVANCE"
T = TypeVar("T")


@dataclass(frozen=True)
class SentBill:
    """A row of `invoices`, and as of when it was loaded."""

    stamp: datetime
    number: str
    period: date
    due_on: date
    energy: int
    penalty: int
    closing: int
    closing_penalty: int

    @property
    def total(self) -> int:
        return self.energy + self.penalty

    @property
    def balance(self) -> Balance:
        """The balance that the month ended with."""
        owed = max(self.closing, 0)
        penalty = min(max(self.closing_penalty, 0), owed)
        return Balance(owed - penalty, penalty, max(-self.closing, 0))


@dataclass(frozen=True)
class Part:
    """A part of a payment: what it settles, and the VAT in it."""

    kind: str
    amount: int
    period: date | None = None
    vat: int | None = None


@dataclass(frozen=True)
class Open:
    """The open part of a month, or of what no bill explains (`period` is None)."""

    period: date | None
    debt: int
    penalty: int

    @property
    def total(self) -> int:
        return self.debt + self.penalty


@dataclass
class Cabinet:
    rules: Rules
    bills: dict[str, dict[date, SentBill]] = field(default_factory=dict[str, dict[date, SentBill]])
    snapshots: dict[str, tuple[datetime, Balance]] = field(
        default_factory=dict[str, tuple[datetime, Balance]]
    )
    payments: dict[str, tuple[datetime, str, int]] = field(
        default_factory=dict[str, tuple[datetime, str, int]]
    )
    paid_on: dict[str, date] = field(default_factory=dict[str, date])
    holders: dict[str, dict[date, tuple[datetime, str]]] = field(
        default_factory=dict[str, dict[date, tuple[datetime, str]]]
    )
    households: set[str] = field(default_factory=set[str])
    """Accounts whose holders are one household, as staff have recorded."""
    movements: dict[str, RegistryRow] = field(default_factory=dict[str, RegistryRow])

    # What comes in

    def load(self, files: Iterable[File], as_of: datetime) -> None:
        """Files that were loaded; rows older than the cabinet's change nothing."""
        readers = {
            "accounts": self.load_accounts,
            "invoices": self.load_invoices,
            "balances": self.load_balances,
            "payments": self.load_payments,
        }
        for file in files:
            take = readers.get(file.table.name)
            if take:
                for row in file.table.rows:
                    take(row, as_of)

    def load_invoices(self, row: Row, as_of: datetime) -> None:
        period = cell(row["period"], Month).first_day
        bills = self.bills.setdefault(str(row["account"]), {})
        if period in bills and bills[period].stamp > as_of:
            return
        bills[period] = SentBill(
            as_of,
            str(row["number"]),
            period,
            cell(row["due_on"], date),
            amount(row["charged"]) + amount(row["recalculated"]),
            amount(row["penalty"]),
            amount(row["closing_balance"]),
            amount(row["closing_penalty"]),
        )

    def load_balances(self, row: Row, _: datetime) -> None:
        number, moment = str(row["account"]), cell(row["as_of"], datetime)
        if number not in self.snapshots or self.snapshots[number][0] <= moment:
            sums = (amount(row[name]) for name in ("debt", "penalty", "overpayment"))
            self.snapshots[number] = moment, Balance(*sums)

    def load_payments(self, row: Row, as_of: datetime) -> None:
        number = str(row["external_id"])
        if number not in self.payments or self.payments[number][0] <= as_of:
            self.payments[number] = as_of, str(row["account"]), amount(row["amount"])
            self.paid_on[number] = cell(row["paid_on"], date)

    def load_accounts(self, row: Row, _: datetime) -> None:
        names = ("holder_last_name", "holder_first_name", "holder_patronymic")
        name = " ".join(str(row[one]) for one in names if row[one])
        moment = cell(row["as_of"], datetime)
        holders = self.holders.setdefault(str(row["number"]), {})
        since = self.first_day(row, holders, name, moment)
        if since not in holders or holders[since][0] <= moment:
            holders[since] = moment, name

    def first_day(
        self, row: Row, holders: dict[date, tuple[datetime, str]], name: str, moment: datetime
    ) -> date:
        """A holder's first day; if the file has none, as docs/import.md says."""
        if row["holder_since"] is not None:
            return cell(row["holder_since"], date)
        known = [day for day, (_, other) in holders.items() if other == name]
        signed = cell(row["contract_signed_on"], date)
        if known:
            return max(known)
        if not holders or signed > max(holders):
            return signed
        return moment.astimezone(ZONE).date()

    def pay(self, row: RegistryRow) -> None:
        """A payment, a refund that the acquirer has done, or a reversal (below zero)."""
        self.movements[row.external_id] = row

    # What it must show

    def balance(self, account: str) -> Balance:
        """The newest that billing has sent: a snapshot, or what the newest month ended with.

        A bill's closing balance is that of the month's end, not of its day of issue; an older one
        never undoes a newer.
        """
        newest = (self.bills_of(account) or [None])[-1]
        snapshot = self.snapshots.get(account)
        if snapshot and (newest is None or snapshot[0] >= end_of(newest.period)):
            return snapshot[1]
        return newest.balance if newest else Balance(0, 0, 0)

    def processing(self, account: str) -> int:
        """Paid here and not in billing's books yet: below zero for refunds.

        Of a movement that billing has booked with another sum or elsewhere, what is missing on
        its account still counts, so that nothing silently changes what a customer owes.
        """
        return sum(
            row.amount - self.booked(row)
            for row in self.movements.values()
            if row.account == account
        )

    def booked(self, row: RegistryRow) -> int:
        _, account, posted = self.payments.get(row.external_id, (None, "", 0))
        return posted if account == row.account else 0

    def net(self, account: str) -> int:
        """Debt + penalty - overpayment - paid here and not posted + being refunded."""
        return self.balance(account).net - self.processing(account)

    def amount_due(self, account: str) -> int:
        return max(self.net(account), 0)

    def is_pending(self, external_id: str) -> bool:
        """Whether the registry still contains it: billing hasn't acknowledged it as it is."""
        row = self.movements[external_id]
        _, account, posted = self.payments.get(external_id, (None, "", None))
        return (account, posted) != (row.account, row.amount)

    def differences(self) -> set[str]:
        """Movements that billing has booked otherwise than they were."""
        return {
            number
            for number in self.movements
            if number in self.payments
            if self.is_pending(number)
        }

    def bills_of(self, account: str) -> list[SentBill]:
        return sorted(self.bills.get(account, {}).values(), key=lambda bill: bill.period)

    def unpaid(self, account: str) -> list[Open]:
        """The open part of each bill in billing's books: money settles the oldest first.

        What no bill explains is the oldest debt, and comes first.
        """
        balance = self.balance(account)
        return self.spread(account, balance.debt, balance.penalty)

    def due(self, account: str) -> list[Open]:
        """The same, less what is in processing: it settles debts, then penalties."""
        balance = self.balance(account)
        money = balance.overpayment + self.processing(account)
        debt = max(balance.debt - money, 0)
        penalty = max(balance.penalty - max(money - balance.debt, 0), 0)
        return self.spread(account, debt, penalty)

    def spread(self, account: str, debt: int, penalty: int) -> list[Open]:
        parts: list[Open] = []
        for bill in reversed(self.bills_of(account)):
            sums = min(debt, max(bill.energy, 0)), min(penalty, max(bill.penalty, 0))
            parts.append(Open(bill.period, *sums))
            debt, penalty = debt - sums[0], penalty - sums[1]
        return [Open(None, debt, penalty), *reversed(parts)]

    def status(self, account: str, period: date, today: date) -> str:
        unpaid = of_period(self.unpaid(account), period)
        due = of_period(self.due(account), period)
        return status_of(self.bills[account][period], unpaid, due, today)

    def qr_sum(self, account: str, period: date) -> int:
        """With what is open of this bill and those before; without a sum there is no code."""
        return sum(one.total for one in self.due(account) if not one.period or one.period <= period)

    def due_without_penalty(self, account: str, period: date) -> int:
        """The part of that sum which is for energy: a receipt prints it beside the whole one."""
        return sum(one.debt for one in self.due(account) if not one.period or one.period <= period)

    def reminders(self, account: str) -> dict[date, int]:
        """The due day of every bill of which something is open, with that."""
        return {
            self.bills[account][one.period].due_on: one.total
            for one in self.due(account)
            if one.period and one.total
        }

    def parts(self, account: str, money: int, day: date) -> list[Part]:
        """The lines of a fiscal receipt (54-ФЗ): debts by month, penalties, an advance.

        Each month's energy has the VAT of its supply, an advance that of its day (22/122), and a
        penalty none. The rate of a debt that no bill explains is not stated here.
        """
        parts: list[Part] = []
        due = self.due(account)
        owed = [(DEBT, one.period, one.debt) for one in due]
        owed += [(PENALTY, one.period, one.penalty) for one in due]
        for kind, period, sum_ in [*owed, (ADVANCE, None, money)]:
            if part := min(money, sum_):
                supplied_on = day if kind == ADVANCE else period and last_day(period)
                vat = None
                if supplied_on and kind != PENALTY:
                    vat = vat_of(part, self.rules.vat_percent(supplied_on))
                parts.append(Part(kind, part, period, vat))
                money -= part
        return parts

    # Who may see it

    def holder_of(self, account: str, day: date) -> str | None:
        since = [day_ for day_ in self.holders.get(account, {}) if day_ <= day]
        return self.holders[account][max(since)][1] if since else None

    def visible_bills(self, account: str, holder: str) -> list[SentBill]:
        """Those of the months that ended in a holder's own time (152-ФЗ), or their household's."""
        return [
            bill
            for bill in self.bills_of(account)
            if self.is_visible(account, holder, last_day(bill.period))
        ]

    def visible_payments(self, account: str, holder: str) -> list[int]:
        """The received payments of a holder's own time; of one taken back nothing is left."""
        return sorted(
            posted
            for number, (_, on, posted) in self.payments.items()
            if on == account and posted and self.is_visible(account, holder, self.paid_on[number])
        )

    def is_visible(self, account: str, holder: str, day: date) -> bool:
        """Whether what is of a day (a bill, a reading, a payment) is of a holder's time.

        Or of an earlier holder's, if they are one household.
        """
        of_day = self.holder_of(account, day)
        return of_day == holder or (of_day is not None and account in self.households)


def status_of(bill: SentBill, unpaid: int, due: int, today: date) -> str:
    """`PROCESSING` is what is paid here and not posted yet; late comes before partly paid."""
    if not due:
        return PROCESSING if unpaid else PAID
    if today > bill.due_on:
        return OVERDUE
    return PARTLY_PAID if due < max(bill.energy, 0) + max(bill.penalty, 0) else DUE


def of_period(items: Iterable[Open], period: date) -> int:
    return sum(one.total for one in items if one.period == period)


def amount(value: object) -> int:
    return value.kopecks if isinstance(value, Sum) else 0


def cell(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(value)
    return value
