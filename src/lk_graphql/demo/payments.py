"""What the demo's customers have paid in the cabinet: the newest payment of each bill's account.

The billing system has posted it (it is among the received ones), so no balance is touched. Before
the first, a bank has refused a card once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.demo.chance import Keys, evening
from lk_graphql.demo.rows import AccountRow, InvoiceRow, ReceivedPaymentRow
from lk_graphql.payments.models import (
    Book,
    LedgerKind,
    PaymentEventKind,
    PaymentState,
    ReceiptState,
)

_PROVIDER = "demo"


class PaymentRow(NamedTuple):
    id: UUID
    user_id: UUID
    number: str
    state: PaymentState
    amount: int
    commission: int
    refunded: int
    provider: str
    reference: str
    page_url: str
    reason: str | None
    created_at: datetime
    paid_at: datetime | None
    changed_at: datetime
    posted_at: datetime | None
    looks: int


class PaymentPartRow(NamedTuple):
    id: UUID
    payment_id: UUID
    account_id: UUID
    invoice_id: UUID
    position: int
    account_number: str
    unified_number: str | None
    contract_number: str
    address: str
    invoice_number: str
    period: date
    amount: int
    advance: int
    refunded: int


class PaymentEventRow(NamedTuple):
    id: UUID
    payment_id: UUID
    kind: PaymentEventKind
    happened_at: datetime


class FiscalReceiptRow(NamedTuple):
    id: UUID
    payment_id: UUID
    amount: int
    state: ReceiptState
    storage: str
    number: str
    attribute: str
    registered_at: datetime


class LedgerEntryRow(NamedTuple):
    id: UUID
    kind: LedgerKind
    payment_id: UUID
    happened_at: datetime


class LedgerLineRow(NamedTuple):
    id: UUID
    entry_id: UUID
    book: Book
    account_id: UUID | None
    amount: int


class RegistryRowRow(NamedTuple):
    id: UUID
    line_id: UUID
    payment_id: UUID
    account_id: UUID
    number: str
    amount: int
    period: date
    happened_at: datetime
    exported_at: datetime
    posted_at: datetime


@dataclass(frozen=True)
class PaidHere:
    """All rows of one person's payments."""

    payments: list[PaymentRow] = field(default_factory=list[PaymentRow])
    parts: list[PaymentPartRow] = field(default_factory=list[PaymentPartRow])
    events: list[PaymentEventRow] = field(default_factory=list[PaymentEventRow])
    receipts: list[FiscalReceiptRow] = field(default_factory=list[FiscalReceiptRow])
    entries: list[LedgerEntryRow] = field(default_factory=list[LedgerEntryRow])
    lines: list[LedgerLineRow] = field(default_factory=list[LedgerLineRow])
    rows: list[RegistryRowRow] = field(default_factory=list[RegistryRowRow])

    def tables(self) -> Iterator[tuple[str, list[Any]]]:
        """Table and rows, parents before children."""
        yield "payment", self.payments
        yield "payment_part", self.parts
        yield "payment_event", self.events
        yield "fiscal_receipt", self.receipts
        yield "ledger_entry", self.entries
        yield "ledger_line", self.lines
        yield "registry_row", self.rows


@dataclass(frozen=True)
class Bill:
    """What was paid, and the bill that it was for."""

    account: AccountRow
    invoice: InvoiceRow
    received: ReceivedPaymentRow


def pay(into: PaidHere, user_id: UUID, bill: Bill, numbers: Iterator[int], keys: Keys) -> None:
    """A payment on the day on which billing received it."""
    at = evening(bill.received.paid_on) - timedelta(hours=1)
    if not into.payments:
        _begin(into, user_id, bill, next(numbers), keys, at - timedelta(minutes=6), is_paid=False)
    payment = _begin(into, user_id, bill, next(numbers), keys, at, is_paid=True)
    _book(into, payment, bill, keys)


def _begin(  # noqa: PLR0913 - what a row needs
    into: PaidHere,
    user_id: UUID,
    bill: Bill,
    number: int,
    keys: Keys,
    at: datetime,
    *,
    is_paid: bool,
) -> PaymentRow:
    end = at + timedelta(minutes=2)
    state = PaymentState.SUCCEEDED if is_paid else PaymentState.DECLINED
    key = keys.new(at.date())
    payment = PaymentRow(
        key, user_id, f"ЛК-{number:07}", state, bill.received.amount, 0, 0, _PROVIDER, key.hex,
        "", None if is_paid else "insufficient_funds", at, end if is_paid else None, end,
        end + timedelta(days=1) if is_paid else None, 0,
    )  # fmt: skip
    into.payments.append(payment)
    into.parts.append(_part(payment, bill, keys))
    steps = (
        (PaymentEventKind.CREATED, at),
        (PaymentEventKind.REGISTERED, at + timedelta(seconds=1)),
        (PaymentEventKind(state.value), end),
    )
    for kind, moment in steps:
        into.events.append(PaymentEventRow(keys.new(at.date()), payment.id, kind, moment))
    return payment


def _part(payment: PaymentRow, bill: Bill, keys: Keys) -> PaymentPartRow:
    account, invoice = bill.account, bill.invoice
    return PaymentPartRow(
        keys.new(payment.created_at.date()), payment.id, account.id, invoice.id, 1,
        account.number, account.unified_number, account.contract_number, account.address,
        invoice.number, invoice.period, payment.amount, 0, 0,
    )  # fmt: skip


def _book(into: PaidHere, payment: PaymentRow, bill: Bill, keys: Keys) -> None:
    at, day = payment.changed_at, payment.changed_at.date()
    attribute = str(10**9 + payment.id.int % 10**9)
    into.receipts.append(
        FiscalReceiptRow(
            keys.new(day), payment.id, payment.amount, ReceiptState.DONE, "9999078900000000",
            str(1000 + payment.id.int % 90_000), attribute, at,
        )
    )  # fmt: skip
    entry = LedgerEntryRow(keys.new(day), LedgerKind.PAYMENT, payment.id, at)
    account_id = bill.account.id
    owed = LedgerLineRow(keys.new(day), entry.id, Book.CUSTOMER, account_id, -payment.amount)
    into.entries.append(entry)
    into.lines.append(LedgerLineRow(keys.new(day), entry.id, Book.ACQUIRER, None, payment.amount))
    into.lines.append(owed)
    posted = at + timedelta(days=1)
    into.rows.append(
        RegistryRowRow(
            keys.new(day), owed.id, payment.id, account_id, f"{payment.number}-1",
            payment.amount, bill.invoice.period, at, posted, posted,
        )
    )  # fmt: skip
    for kind, moment in (
        (PaymentEventKind.RECEIPT_ISSUED, at + timedelta(seconds=9)),
        (PaymentEventKind.POSTED, posted),
    ):
        into.events.append(PaymentEventRow(keys.new(day), payment.id, kind, moment))
