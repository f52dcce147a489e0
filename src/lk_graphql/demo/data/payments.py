"""Payments of the demo's customers in the cabinet: the newest payment of each own account.

The billing system has posted them (they are among the received payments), so balances don't change.
A declined payment precedes the first one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise import Model

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import Invoice, ReceivedPayment, VatRate
from lk_graphql.billing.service.charges import percent_of
from lk_graphql.demo.data.invoice_lines import SERVICE
from lk_graphql.demo.data.law import law
from lk_graphql.demo.data.rng import ZONE, Keys, evening
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import (
    Difference,
    DifferenceKind,
    DifferenceState,
    FiscalReceipt,
    LedgerAccount,
    LedgerEntry,
    LedgerKind,
    LedgerLine,
    Payment,
    PaymentEvent,
    PaymentEventKind,
    PaymentLine,
    PaymentLineKind,
    PaymentPart,
    PaymentState,
    ReceiptState,
    Refund,
    RefundState,
    RegistryRow,
)
from lk_graphql.staff.models import Act, AuditEntry

_PROVIDER = "demo"


@dataclass(frozen=True)
class PaymentRows:
    """All rows of one customer's payments."""

    payments: list[Payment] = field(default_factory=list[Payment])
    parts: list[PaymentPart] = field(default_factory=list[PaymentPart])
    receipt_lines: list[PaymentLine] = field(default_factory=list[PaymentLine])
    events: list[PaymentEvent] = field(default_factory=list[PaymentEvent])
    receipts: list[FiscalReceipt] = field(default_factory=list[FiscalReceipt])
    entries: list[LedgerEntry] = field(default_factory=list[LedgerEntry])
    lines: list[LedgerLine] = field(default_factory=list[LedgerLine])
    registry: list[RegistryRow] = field(default_factory=list[RegistryRow])

    def rows(self) -> Iterator[Model]:
        """Parents before children."""
        yield from self.payments
        yield from self.parts
        yield from self.receipt_lines
        yield from self.events
        yield from self.receipts
        yield from self.entries
        yield from self.lines
        yield from self.registry


@dataclass(frozen=True)
class PaidBill:
    """A received payment and its bill."""

    account: Account
    invoice: Invoice
    received: ReceivedPayment


def pay(
    into: PaymentRows, user_id: UUID, bill: PaidBill, numbers: Iterator[int], keys: Keys
) -> None:
    """Add a payment on the day of its receipt by billing."""
    at = evening(bill.received.paid_on) - timedelta(hours=1)
    if not into.payments:
        _begin(into, user_id, bill, next(numbers), keys, at - timedelta(minutes=6), is_paid=False)
    payment = _begin(into, user_id, bill, next(numbers), keys, at, is_paid=True)
    _book(into, payment, bill, keys)


def _begin(  # noqa: PLR0913 - a row's columns
    into: PaymentRows,
    user_id: UUID,
    bill: PaidBill,
    number: int,
    keys: Keys,
    at: datetime,
    *,
    is_paid: bool,
) -> Payment:
    end = at + timedelta(minutes=2)
    state = PaymentState.SUCCEEDED if is_paid else PaymentState.DECLINED
    key = keys.new(at.date())
    payment = Payment.construct(
        id=key,
        user_id=user_id,
        number=f"ЛК-{number:07}",
        state=state,
        amount=bill.received.amount,
        commission=0,
        refunded=0,
        provider=_PROVIDER,
        reference=key.hex,
        page_url="",
        reason=None if is_paid else "insufficient_funds",
        created_at=at,
        paid_at=end if is_paid else None,
        changed_at=end,
        posted_at=end + timedelta(days=1) if is_paid else None,
        checks=0,
    )
    into.payments.append(payment)
    part = _part(payment, bill, keys)
    into.parts.append(part)
    into.receipt_lines.append(_receipt_line(part, bill, keys.new(at.date())))
    steps = (
        (PaymentEventKind.CREATED, at),
        (PaymentEventKind.REGISTERED, at + timedelta(seconds=1)),
        (PaymentEventKind(state.value), end),
    )
    into.events.extend(_event(keys.new(at.date()), payment, *step) for step in steps)
    return payment


def _part(payment: Payment, bill: PaidBill, keys: Keys) -> PaymentPart:
    account, invoice = bill.account, bill.invoice
    return PaymentPart.construct(
        id=keys.new(payment.created_at.date()),
        payment_id=payment.id,
        account_id=account.id,
        invoice_id=invoice.id,
        position=1,
        account_number=account.number,
        unified_number=account.unified_number,
        contract_number=account.contract_number,
        address=account.address,
        invoice_number=invoice.number,
        period=invoice.period,
        amount=payment.amount,
        advance=0,
        refunded=0,
    )


def _receipt_line(part: PaymentPart, bill: PaidBill, key: UUID) -> PaymentLine:
    """The receipt's line of a part, which pays only for the energy of its bill's month."""
    return PaymentLine.construct(
        id=key,
        payment_id=part.payment_id,
        part_id=part.id,
        position=1,
        kind=PaymentLineKind.DEBT,
        service=SERVICE,
        first_period=part.period,
        period=part.period,
        amount=part.amount,
        vat_percent=percent_of(bill.invoice.period, law(VatRate)),
    )


def _receipt(payment: Payment, key: UUID) -> FiscalReceipt:
    return FiscalReceipt.construct(
        id=key,
        payment_id=payment.id,
        amount=payment.amount,
        state=ReceiptState.DONE,
        storage="9999078900000000",
        number=str(1000 + payment.id.int % 90_000),
        attribute=str(10**9 + payment.id.int % 10**9),
        registered_at=payment.changed_at + timedelta(seconds=9),
    )


def _failed_receipt(payment: Payment, key: UUID) -> FiscalReceipt:
    """The first receipt of a login, which failed; staff settled it on the next day."""
    at = payment.changed_at
    return FiscalReceipt.construct(
        id=key,
        payment_id=payment.id,
        amount=payment.amount,
        state=ReceiptState.FAILED,
        failed_at=at + timedelta(minutes=5),
        settled_at=at + timedelta(days=1),
        settlement="Касса была отключена; пробит чек коррекции",
    )


def _book(into: PaymentRows, payment: Payment, bill: PaidBill, keys: Keys) -> None:
    at, day = payment.changed_at, payment.changed_at.date()
    make_receipt = _receipt if into.receipts else _failed_receipt
    receipt = make_receipt(payment, keys.new(day))
    into.receipts.append(receipt)
    entry = LedgerEntry.construct(
        id=keys.new(day), kind=LedgerKind.PAYMENT, payment_id=payment.id, happened_at=at
    )
    account_id = bill.account.id
    owed = LedgerLine.construct(
        id=keys.new(day),
        entry_id=entry.id,
        book=LedgerAccount.CUSTOMER,
        account_id=account_id,
        amount=-payment.amount,
    )
    into.entries.append(entry)
    into.lines.append(
        LedgerLine.construct(
            id=keys.new(day),
            entry_id=entry.id,
            book=LedgerAccount.ACQUIRER,
            amount=payment.amount,
        )
    )
    into.lines.append(owed)
    posted = at + timedelta(days=1)
    into.registry.append(
        RegistryRow.construct(
            id=keys.new(day),
            line_id=owed.id,
            payment_id=payment.id,
            account_id=account_id,
            number=f"{payment.number}-1",
            amount=payment.amount,
            posted_amount=payment.amount,
            period=bill.invoice.period,
            happened_at=at,
            exported_at=posted,
            posted_at=posted,
        )
    )
    if issued := receipt.registered_at:
        into.events.append(_event(keys.new(day), payment, PaymentEventKind.RECEIPT_ISSUED, issued))
    into.events.append(_event(keys.new(day), payment, PaymentEventKind.POSTED, posted))


def _event(key: UUID, payment: Payment, kind: PaymentEventKind, at: datetime) -> PaymentEvent:
    return PaymentEvent.construct(id=key, payment_id=payment.id, kind=kind, happened_at=at)


# A refund that the acquirer hasn't answered, for a supervisor to decide.


NEWEST_PART = """
SELECT part.id, part.payment_id, part.amount FROM payment_part part
JOIN payment ON payment.id = part.payment_id AND payment.state = 'SUCCEEDED'
ORDER BY payment.created_at DESC, payment.id LIMIT 1"""
_REFUND_REASON = "Оплачено дважды: в банке и в кабинете"


def unanswered_refund(supervisor_id: UUID, part: Mapping[str, Any], today: date) -> Iterator[Model]:
    """A refund of half a payment part, requested two days ago; it has awaited staff for a day."""
    keys, day = Keys("refunds"), today - timedelta(days=2)
    key = keys.new(day)
    refund = Refund.construct(
        id=key,
        payment_id=part["payment_id"],
        part_id=part["id"],
        amount=Kopecks(part["amount"] // 2),
        reason=_REFUND_REASON,
        staff_id=supervisor_id,
        request_key=key.hex,
        state=RefundState.REQUESTED,
        requested_at=evening(day),
    )
    yield refund
    yield from _about_refund(refund, keys)


def _about_refund(refund: Refund, keys: Keys) -> Iterator[Model]:
    """The refund's event, the difference a day later, and the audit entry."""
    at = refund.requested_at
    day = at.astimezone(ZONE).date()
    yield PaymentEvent.construct(
        id=keys.new(day),
        payment_id=refund.payment_id,
        kind=PaymentEventKind.REFUND_REQUESTED,
        amount=refund.amount,
        happened_at=at,
    )
    yield Difference.construct(
        id=keys.new(day),
        payment_id=refund.payment_id,
        kind=DifferenceKind.UNKNOWN_REFUND,
        state=DifferenceState.OPEN,
        ours=str(refund.amount),
        theirs=f"no answer about {refund.id} for a day",
        found_at=at + timedelta(days=1),
    )
    yield AuditEntry.construct(
        id=keys.new(day),
        staff_id=refund.staff_id,
        act=Act.REFUND_REQUESTED,
        subject="refund",
        subject_id=refund.id,
        reason=_REFUND_REASON,
        happened_at=at,
    )
