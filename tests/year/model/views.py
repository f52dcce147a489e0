"""An account as one look at the cabinet must show it: all of it, from one reckoning of the books.

Two views that are equal show the same, so that the cabinet need not be asked after every event.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .cabinet import Cabinet, Open, SentBill, status_of
from .ledger import Balance


@dataclass(frozen=True)
class BillView:
    """A bill, with what is open of it in billing's books and what is due of it."""

    bill: SentBill
    unpaid: int
    due: int
    status: str
    qr_sum: int
    """With all before it; without a sum there is no code."""
    old_debt: int
    """The part of that sum which no bill explains."""


@dataclass(frozen=True)
class AccountView:
    holder: str
    balance: Balance
    processing: int
    amount_due: int
    bills: tuple[BillView, ...]
    payments: tuple[int, ...]
    reminders: tuple[tuple[date, int], ...]
    """The open sums of the bills that the holder sees, by their due days."""


def view_of(cabinet: Cabinet, account: str, holder: str, today: date) -> AccountView:
    """The account as `holder` sees it on a day."""
    unpaid, due = (by_period(some(account)) for some in (cabinet.unpaid, cabinet.due))
    visible = cabinet.visible_bills(account, holder)
    return AccountView(
        holder,
        cabinet.balance(account),
        cabinet.processing(account),
        cabinet.amount_due(account),
        tuple(bill_view(bill, unpaid, due, today) for bill in visible),
        tuple(cabinet.visible_payments(account, holder)),
        tuple((bill.due_on, due[bill.period]) for bill in visible if due[bill.period]),
    )


def bill_view(
    bill: SentBill, unpaid: dict[date | None, int], due: dict[date | None, int], today: date
) -> BillView:
    sums = unpaid[bill.period], due[bill.period]
    return BillView(
        bill,
        *sums,
        status_of(bill, *sums, today),
        sum(sum_ for period, sum_ in due.items() if not period or period <= bill.period),
        due[None],
    )


def by_period(items: Iterable[Open]) -> dict[date | None, int]:
    return {one.period: one.total for one in items}
