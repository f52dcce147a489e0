"""Fiscal receipts (54-ФЗ): expected when money moves, completed by the cash register."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.kit.viewer import StaffViewer
from lk_graphql.payments.errors import QueueFault, QueueRefused
from lk_graphql.payments.models import (
    FiscalReceipt,
    Payment,
    PaymentEventKind,
    ReceiptState,
    Refund,
)
from lk_graphql.payments.service import states
from lk_graphql.payments.service.differences import assign, require_unclaimed, unassign
from lk_graphql.ports.acquiring import (
    Acquirer,
    FiscalRegistration,
    FiscalStatus,
    OrderSnapshot,
)
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.pubsub import publish

_RANK = {FiscalStatus.FAILED: 0, FiscalStatus.PENDING: 1, FiscalStatus.DONE: 2}
"""Of a receipt's registrations, the highest rank counts, because a retry follows a failure."""
FIRST_CHECK = timedelta(seconds=10)
"""The delay of the first check for a receipt."""


async def create_expected(payment: Payment, refund: Refund | None, amount: int) -> None:
    await FiscalReceipt.create(
        payment=payment, refund=refund, amount=amount, state=ReceiptState.PENDING
    )


async def registrations(
    payment_id: UUID, reported: OrderSnapshot, *, acquirer: Acquirer
) -> list[FiscalRegistration]:
    """Return the acquirer's registrations of a payment's receipt and of its refunds' receipts.

    A refund is queried if its receipt is pending and the payment's list doesn't have it.
    """
    pending = FiscalReceipt.filter(payment_id=payment_id, state=ReceiptState.PENDING)
    refunds = await pending.exclude(refund_id=None).order_by("id").select_related("refund")
    references = [receipt.refund.reference for receipt in refunds if receipt.refund]
    listed = {registration.refund for registration in reported.fiscal}
    rows = [*reported.fiscal]
    for reference in references:
        if reference and reference not in listed:
            rows += await acquirer.refund_receipts(reference)
    return rows


async def update(
    payment: Payment, registrations: Iterable[FiscalRegistration], *, now: datetime
) -> None:
    """Save the results of registrations: mail issued receipts, queue failed ones for staff."""
    pending = FiscalReceipt.filter(payment_id=payment.id, state=ReceiptState.PENDING)
    by_refund = {
        receipt.refund.reference if receipt.refund else None: receipt
        for receipt in await pending.select_related("refund")
    }
    best = {row.refund: row for row in sorted(registrations, key=lambda row: _RANK[row.status])}
    for registration in best.values():
        receipt = by_refund.get(registration.refund)
        if receipt is not None and registration.status is not FiscalStatus.PENDING:
            await _complete(payment, receipt, registration, now=now)


async def _complete(
    payment: Payment, receipt: FiscalReceipt, registration: FiscalRegistration, *, now: datetime
) -> None:
    receipt.state = ReceiptState(registration.status.value)
    receipt.storage, receipt.number = registration.storage, registration.number
    receipt.attribute, receipt.registered_at = registration.attribute, registration.registered_at
    receipt.url = registration.url
    receipt.failed_at = now if receipt.state is ReceiptState.FAILED else None
    await receipt.save()
    if receipt.state is ReceiptState.FAILED:
        await publish(states.PAYMENT, payment.id)
        return
    kind = PaymentEventKind.RECEIPT_ISSUED
    await states.add_event(payment, kind, now=now, amount=receipt.amount)
    await enqueue("payments.mail_receipt", receipt_id=receipt.id)


async def fail_pending(payment: Payment, *, now: datetime) -> None:
    """Put overdue receipts into the queue of staff; the payment must be locked."""
    pending = FiscalReceipt.filter(payment_id=payment.id, state=ReceiptState.PENDING)
    if await pending.update(state=ReceiptState.FAILED, failed_at=now):
        await publish(states.PAYMENT, payment.id)


async def claim(staff: StaffViewer, receipt_id: UUID) -> None:
    """Claim a failed receipt; a no-op for its own clerk. Raises `QueueRefused`."""
    async with in_transaction():
        await assign(await _lock_failed(receipt_id), staff)


async def release(staff: StaffViewer, receipt_id: UUID) -> None:
    """Put a failed receipt back into the queue; supervisors may also release a colleague's.

    Raises `QueueRefused`.
    """
    async with in_transaction():
        await unassign(await _lock_failed(receipt_id), staff)


async def retry(staff: StaffViewer, receipt_id: UUID, *, now: datetime) -> None:
    """Expect a failed receipt again, after it was sent again on the acquirer's pages.

    The acquirer is queried at once and then on the schedule of checks; another failure puts the
    receipt back into the queue. Raises `QueueRefused`.
    """
    async with in_transaction():
        receipt = await _lock_failed(receipt_id)
        require_unclaimed(receipt.clerk_id, staff)
        receipt.state, receipt.failed_at, receipt.clerk_id = ReceiptState.PENDING, None, None
        await receipt.save(update_fields=["state", "failed_at", "clerk_id"])
        payment = await Payment.get(id=receipt.payment_id)
        await states.begin_checks(payment, now=now)
        await enqueue("payments.check", payment_id=payment.id)
        await publish(states.PAYMENT, payment.id)


async def settle(staff: StaffViewer, receipt_id: UUID, settlement: str, *, now: datetime) -> None:
    """Take a failed receipt out of the queue, e.g. after a correction receipt («чек коррекции»).

    The receipt stays FAILED for the customer. Raises `QueueRefused`.
    """
    async with in_transaction():
        receipt = await _lock_failed(receipt_id)
        require_unclaimed(receipt.clerk_id, staff)
        receipt.clerk_id, receipt.settled_at, receipt.settlement = staff.id, now, settlement
        await receipt.save(update_fields=["clerk_id", "settled_at", "settlement"])


async def _lock_failed(receipt_id: UUID) -> FiscalReceipt:
    """Lock the receipt's payment, then read the receipt. Raises `QueueRefused`."""
    if unlocked := await FiscalReceipt.get_or_none(id=receipt_id):
        await states.lock(unlocked.payment_id)
        failed = FiscalReceipt.filter(state=ReceiptState.FAILED, settled_at=None)
        if receipt := await failed.get_or_none(id=receipt_id):
            return receipt
    raise QueueRefused(QueueFault.NOT_OPEN)
