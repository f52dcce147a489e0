"""Reconciliation of payments with the acquirer, the only source of truth."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.guards.rate_limits import (
    Attempt,
    AttemptLimit,
    AttemptWindow,
    RateLimitExceeded,
)
from lk_graphql.kit.company import Company
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.signing import Signer
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user
from lk_graphql.payments.models import (
    Difference,
    DifferenceKind,
    FiscalReceipt,
    Payment,
    PaymentPart,
    PaymentState,
    Refund,
    RefundState,
)
from lk_graphql.payments.service import creation, fiscal_receipts, ledger, refunds, states
from lk_graphql.payments.service.differences import (
    acknowledge_earlier,
    report,
    report_unreadable,
    settle_unreadable,
)
from lk_graphql.payments.service.states import first_check_at
from lk_graphql.ports.acquiring import (
    RUBLES,
    Acquirer,
    AcquirerNotification,
    AcquirerUnavailable,
    AnswerUnreadable,
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
# A payment has few callbacks, each of which is repeated until it is answered.
CALLBACKS_AT_ONCE = AttemptLimit("callback/payment", (AttemptWindow(5, timedelta(minutes=10)),))
CALLBACK_PERIOD = timedelta(seconds=30)
"""Beyond `CALLBACKS_AT_ONCE`, a payment's callbacks of one period cause one check, at its end."""
_FINAL_UNPAID = {PaymentState.DECLINED, PaymentState.EXPIRED, PaymentState.CANCELED}


async def reconcile(
    payment_id: UUID, *, acquirer: Acquirer, now: datetime, have_refunds_failed: bool = False
) -> None:
    """Apply the acquirer's state of a payment. Raises `AcquirerUnavailable`.

    Reconciliations may run concurrently, and a response may be outdated, so no state is reverted.
    An unreadable response is recorded as a difference, because the next one may be unreadable, too.
    A readable one closes this difference, unless it may be about a refund (`have_refunds_failed`).
    """
    before = await Payment.get(id=payment_id)
    if before.reference is None:
        return
    try:
        snapshot = await acquirer.state(before.reference)
        receipts = await fiscal_receipts.registrations(payment_id, snapshot, acquirer=acquirer)
        snapshot = replace(snapshot, fiscal=tuple(receipts))
    except OrderNotFound:
        snapshot = None
    except AnswerUnreadable as answer:
        await report_unreadable(payment_id, answer, now=now)
        return
    async with in_transaction():
        payment = await states.lock(payment_id)
        if not have_refunds_failed:
            await settle_unreadable(payment, now=now)
        if snapshot is None:
            await _lose(payment, now=now)
        elif await _matches(payment, snapshot, now=now):
            await _apply(payment, snapshot, now=now)
            await _compare_refunds(payment, snapshot, since=before.refunded, now=now)
        await _stop_checks(payment)


async def _lose(payment: Payment, *, now: datetime) -> None:
    """Report a payment that the acquirer doesn't have; end it if staff have settled that before.

    An open payment would be continued by each start of the customer, on a page that is gone.
    """
    losses = Difference.filter(payment_id=payment.id, kind=DifferenceKind.LOST)
    if payment.state in states.OPEN and await losses.filter(settled_at__isnull=False).exists():
        await states.move(payment, PaymentState.CANCELED, now=now, reason="lost by the acquirer")
    elif payment.state not in _FINAL_UNPAID:
        await report(payment, DifferenceKind.LOST, payment.state, "unknown", now=now)


async def _matches(payment: Payment, reported: OrderSnapshot, *, now: datetime) -> bool:
    """Compare the order with the payment, to the kopeck, and report a difference."""
    facts = (
        (DifferenceKind.ORDER, payment.reference, reported.reference),
        (DifferenceKind.ORDER, str(payment.id), str(reported.order_id)),
        (DifferenceKind.AMOUNT, str(payment.total), str(reported.amount)),
        (DifferenceKind.CURRENCY, RUBLES, reported.currency),
    )
    for kind, expected, actual in facts:
        if expected != actual:
            await report(payment, kind, str(expected), actual, now=now)
            return False
    return True


async def _apply(payment: Payment, reported: OrderSnapshot, *, now: datetime) -> None:
    """Apply the order's status; WAITING changes nothing."""
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
        payment.next_check_at, payment.checks = first_check_at(now), 0  # for the fiscal receipt
        await states.move(payment, PaymentState.SUCCEEDED, now=now)
        parts = await PaymentPart.filter(payment_id=payment.id).order_by("position")
        await ledger.record_payment(payment, parts, at=payment.paid_at)
        await acknowledge_earlier(payment, now=now)
        await _notify(payment, parts, now=now)
        await fiscal_receipts.create_expected(payment, None, payment.total)
        await enqueue("payments.check", delay=fiscal_receipts.FIRST_CHECK, payment_id=payment.id)
    await fiscal_receipts.update(payment, reported.fiscal, now=now)


async def _notify(payment: Payment, parts: Sequence[PaymentPart], *, now: datetime) -> None:
    """Notify the payer for each account, by the settings for that account."""
    for part in parts:
        event = NoticeEvent(
            NoticeKind.PAYMENT_RECEIVED,
            f"payment/{payment.id}/{part.position}",
            subject_id=payment.id,
            amount=Kopecks(part.amount),
        )
        await notify_user(payment.user_id, event, account_id=part.account_id, now=now)


async def _cancel(payment: Payment, reported: OrderSnapshot, *, now: datetime) -> None:
    state = _CANCELED[reported.cancel or CancelReason.DECLINED]
    if payment.state in states.PAID:
        await report(payment, DifferenceKind.STATE, payment.state, state, now=now)
    elif payment.state in states.OPEN:
        await states.move(payment, state, now=now, reason=reported.reason)


async def _compare_refunds(
    payment: Payment, reported: OrderSnapshot, *, since: int, now: datetime
) -> None:
    """Report a refunded sum that our refunds don't explain.

    The lowest explained sum is `since`, our sum before the query; the highest one includes all
    requested refunds.
    """
    if reported.status is not OrderStatus.SUCCEEDED:
        return
    requested = await Refund.filter(payment_id=payment.id, state=RefundState.REQUESTED)
    maximum = payment.refunded + sum(refund.amount for refund in requested)
    if not since <= reported.refunded <= maximum:
        kind, expected = DifferenceKind.REFUNDED, f"{since}..{maximum}"
        await report(payment, kind, expected, str(reported.refunded), now=now)


async def _stop_checks(payment: Payment) -> None:
    """Stop the checks when no receipt and no refund is pending."""
    if payment.state in states.OPEN or payment.next_check_at is None:
        return
    has_pending_receipt = await FiscalReceipt.filter(
        payment_id=payment.id, state="PENDING"
    ).exists()
    has_pending_refund = await Refund.filter(
        payment_id=payment.id, state=RefundState.REQUESTED
    ).exists()
    if not has_pending_receipt and not has_pending_refund:
        payment.next_check_at = None
        await payment.save(update_fields=["next_check_at"])


async def end_checks(*, now: datetime) -> list[UUID]:
    """End the checks of payments that have been checked for a month.

    Staff get everything that is still pending: an unfinished payment, missing fiscal receipts. A
    later callback causes one check, an act of staff begins a new series. Returns the payments'
    keys.
    """
    async with in_transaction():
        unanswered = Payment.filter(next_check_at__isnull=False, checks__gte=states.MAX_CHECKS)
        payments = await unanswered.order_by("id").limit(states.BATCH).select_for_update()
        for payment in payments:
            if payment.state in states.OPEN:
                await report(payment, DifferenceKind.NO_ANSWER, payment.state, "", now=now)
            await fiscal_receipts.fail_pending(payment, now=now)
            payment.next_check_at = None
            await payment.save(update_fields=["next_check_at"])
    return [payment.id for payment in payments]


async def reconcile_one(
    payment_id: UUID, *, acquirer: Acquirer, company: Company, now: datetime
) -> None:
    """Register the payment if needed, send its unfinished refunds, and reconcile it.

    A refund without a readable response delays neither the other refunds nor the payment. Raises
    `AcquirerUnavailable`; the next check continues.
    """
    await creation.register(payment_id, acquirer=acquirer, company=company, now=now)
    failures: list[AcquirerUnavailable] = []
    for refund_id in await refunds.unfinished(payment_id):
        try:
            await refunds.send(refund_id, acquirer=acquirer, now=now)
        except AcquirerUnavailable as failure:
            failures.append(failure)
    have_failed = bool(failures)
    await reconcile(payment_id, acquirer=acquirer, now=now, have_refunds_failed=have_failed)
    if failures:
        raise failures[0]


async def receive_callback(
    notice: AcquirerNotification, *, provider: str, signer: Signer, now: datetime
) -> bool:
    """Enqueue a check of a callback's payment; False if there is none with this reference.

    A callback proves nothing, and is never treated as a repetition: anyone may have sent an earlier
    one, before the payment changed. Callbacks for unknown orders are dropped, because anyone could
    fill the queue with them. A callback that precedes our own commit is therefore lost; a scheduled
    check follows later.
    """
    payment = await Payment.filter(provider=provider, reference=notice.reference).first()
    if payment is None:
        return False
    try:
        await Attempt(CALLBACKS_AT_ONCE, payment.id, signer, now).count()
    except RateLimitExceeded:
        delay = _end_of_period(now) - now
        key = f"{payment.id}/{now + delay:%H:%M:%S}"
        await enqueue("payments.check", dedupe_key=key, delay=delay, payment_id=payment.id)
    else:
        await enqueue("payments.check", payment_id=payment.id)
    return True


def _end_of_period(now: datetime) -> datetime:
    start = now.replace(second=0, microsecond=0)
    return start + CALLBACK_PERIOD * ((now - start) // CALLBACK_PERIOD + 1)
