"""Reconciliation of payments with the acquirer, the only source of truth."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.kit.company import Company
from lk_graphql.kit.money import Kopecks
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user
from lk_graphql.payments.models import (
    DifferenceKind,
    FiscalReceipt,
    Payment,
    PaymentPart,
    PaymentState,
    Refund,
    RefundState,
)
from lk_graphql.payments.service import creation, fiscal_receipts, ledger, refunds, states
from lk_graphql.payments.service.differences import report
from lk_graphql.payments.service.states import first_check_at
from lk_graphql.ports.acquiring import (
    RUBLES,
    Acquirer,
    CancelReason,
    OrderNotFound,
    OrderSnapshot,
    OrderStatus,
)
from lk_graphql.ports.jobs import enqueue

_CANCELED = {
    CancelReason.DECLINED: PaymentState.DECLINED,
    CancelReason.EXPIRED: PaymentState.EXPIRED,
    CancelReason.CANCELED: PaymentState.CANCELED,
}
_FINAL_UNPAID = {PaymentState.DECLINED, PaymentState.EXPIRED, PaymentState.CANCELED}


async def reconcile(payment_id: UUID, *, acquirer: Acquirer, now: datetime) -> None:
    """Ask what became of a payment and write it down. Raises `AcquirerUnavailable`.

    Several may ask at once, and answers may be old: a payment never goes back for one.
    """
    before = await Payment.get(id=payment_id)
    if before.reference is None:
        return
    try:
        truth = await acquirer.state(before.reference)
    except OrderNotFound:
        truth = None
    async with in_transaction():
        payment = await states.lock(payment_id)
        if truth is None:
            await report(payment, DifferenceKind.LOST, payment.state, "unknown", now=now)
        elif await _matches(payment, truth, now=now):
            await _apply(payment, truth, now=now)
            await _compare_refunds(payment, truth, since=before.refunded, now=now)
        await _remaining(payment)


async def _matches(payment: Payment, reported: OrderSnapshot, *, now: datetime) -> bool:
    """Whether it is this order, to the kopeck; if not, staff have to look."""
    facts = (
        (DifferenceKind.ORDER, str(payment.id), str(reported.order_id)),
        (DifferenceKind.AMOUNT, str(payment.total), str(reported.amount)),
        (DifferenceKind.CURRENCY, RUBLES, reported.currency),
    )
    for kind, ours, theirs in facts:
        if ours != theirs:
            await report(payment, kind, ours, theirs, now=now)
            return False
    return True


async def _apply(payment: Payment, reported: OrderSnapshot, *, now: datetime) -> None:
    """An order that is still WAITING says nothing new."""
    if reported.status is OrderStatus.SUCCEEDED:
        await _succeed(payment, reported, now=now)
    elif reported.status is OrderStatus.CANCELED:
        await _cancel(payment, reported, now=now)
    elif reported.status is OrderStatus.PROCESSING and payment.state is PaymentState.REGISTERED:
        await states.move(payment, PaymentState.PENDING, now=now)


async def _succeed(payment: Payment, reported: OrderSnapshot, *, now: datetime) -> None:
    if payment.state in _FINAL_UNPAID:
        await report(payment, DifferenceKind.STATE, payment.state, "SUCCEEDED", now=now)
        return
    if payment.state in states.OPEN:
        payment.paid_at = reported.paid_at or now
        payment.look_at, payment.looks = first_check_at(now), 0  # the receipt is still to come
        await states.move(payment, PaymentState.SUCCEEDED, now=now)
        parts = await PaymentPart.filter(payment_id=payment.id).order_by("position")
        await ledger.record_payment(payment, parts, at=payment.paid_at)
        await _notify(payment, parts, now=now)
        await fiscal_receipts.create_expected(payment, None, payment.total)
        await enqueue("payments.look", delay=fiscal_receipts.FIRST_CHECK, payment_id=payment.id)
    await fiscal_receipts.update(payment, reported.fiscal, now=now)


async def _notify(payment: Payment, parts: Sequence[PaymentPart], *, now: datetime) -> None:
    """A notice for each account, as people have chosen for it; to nobody but who has paid."""
    for part in parts:
        news = NoticeEvent(
            NoticeKind.PAYMENT_RECEIVED,
            f"payment/{payment.id}/{part.position}",
            subject_id=payment.id,
            amount=Kopecks(part.amount),
        )
        await notify_user(payment.user_id, news, account_id=part.account_id, now=now)


async def _cancel(payment: Payment, reported: OrderSnapshot, *, now: datetime) -> None:
    state = _CANCELED[reported.cancel or CancelReason.DECLINED]
    if payment.state in states.PAID:
        await report(payment, DifferenceKind.STATE, payment.state, state, now=now)
    elif payment.state in states.OPEN:
        await states.move(payment, state, now=now, reason=reported.reason)


async def _compare_refunds(
    payment: Payment, reported: OrderSnapshot, *, since: int, now: datetime
) -> None:
    """What went back lies between what we knew when we asked and what is ordered by now."""
    if reported.status is not OrderStatus.SUCCEEDED:
        return
    asked = await Refund.filter(payment_id=payment.id, state=RefundState.REQUESTED)
    most = payment.refunded + sum(refund.amount for refund in asked)
    if not since <= reported.refunded <= most:
        kind, ours = DifferenceKind.REFUNDED, f"{since}..{most}"
        await report(payment, kind, ours, str(reported.refunded), now=now)


async def _remaining(payment: Payment) -> None:
    """Ask no more when there is nothing left to learn."""
    if payment.state in states.OPEN or payment.look_at is None:
        return
    waiting = await FiscalReceipt.filter(payment_id=payment.id, state="PENDING").exists()
    refunding = await Refund.filter(payment_id=payment.id, state=RefundState.REQUESTED).exists()
    if not waiting and not refunding:
        payment.look_at = None
        await payment.save(update_fields=["look_at"])


async def reconcile_one(
    payment_id: UUID, *, acquirer: Acquirer, company: Company, now: datetime
) -> None:
    """Register what isn't, send the refunds that aren't, and ask for the truth.

    Raises `AcquirerUnavailable`: the next look goes on.
    """
    await creation.register(payment_id, acquirer=acquirer, company=company, now=now)
    for refund_id in await refunds.unfinished(payment_id):
        await refunds.send(refund_id, acquirer=acquirer, company=company, now=now)
    await reconcile(payment_id, acquirer=acquirer, now=now)
