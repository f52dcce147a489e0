"""Refunds: requested by staff, sent to the acquirer exactly once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise.exceptions import DoesNotExist
from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql
from lk_graphql.identity.models import User
from lk_graphql.kit.errors import Forbidden, Unavailable
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Role, StaffViewer
from lk_graphql.payments.errors import RefundFault, RefundRefused
from lk_graphql.payments.models import (
    DifferenceKind,
    Payment,
    PaymentEventKind,
    PaymentLine,
    PaymentPart,
    PaymentState,
    Refund,
    RefundLine,
    RefundState,
)
from lk_graphql.payments.service import fiscal_receipts, ledger, orders, states
from lk_graphql.payments.service.creation import KEY_LIFETIME
from lk_graphql.payments.service.differences import (
    acknowledge_earlier,
    report,
    report_unreadable,
    settle_all,
)
from lk_graphql.ports.acquiring import (
    RUBLES,
    Acquirer,
    AcquirerRefused,
    AcquirerUnavailable,
    AnswerUnreadable,
    OrderNotFound,
    OrderSnapshot,
    OrderStatus,
    RefundResult,
    RefundStatus,
)
from lk_graphql.ports.jobs import enqueue

BANK_LIFETIME = timedelta(days=30)
"""The time for a refund that the acquirer has accepted; the checks end some two days later."""
_LOCK_KEY = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
"""Serializes requests of one key: the payment's lock doesn't, if they name different payments."""
_REFUNDABLE = (PaymentState.SUCCEEDED, PaymentState.PARTIALLY_REFUNDED)


class RequestedRefund(NamedTuple):
    """A refund's key; `is_new` is False for a repeated request."""

    id: UUID
    is_new: bool


@dataclass(frozen=True)
class RefundClaim:
    """The part to refund, the amount, and the reason for the customer.

    `position` is the part's, from 1. The same `key` of the same member of staff is the same refund.
    """

    payment_id: UUID
    position: int
    amount: Kopecks
    reason: str
    key: str


async def snapshot_of(
    staff: StaffViewer, claim: RefundClaim, *, acquirer: Acquirer | None
) -> OrderSnapshot | None:
    """Query the acquirer for the payment of a claim, before the transaction of `request`.

    None if the acquirer doesn't know the payment, and for a repeated claim, which needs no
    snapshot. Raises `Unavailable`.
    """
    payment = await Payment.get_or_none(id=claim.payment_id)
    if payment is None or payment.reference is None or await _earlier_request(staff, claim):
        return None
    if acquirer is None:
        raise Unavailable("acquirer")
    try:
        return await acquirer.state(payment.reference)
    except OrderNotFound:
        return None
    except AcquirerUnavailable as outage:
        raise Unavailable("acquirer") from outage


async def request(
    staff: StaffViewer, claim: RefundClaim, *, reported: OrderSnapshot | None, now: datetime
) -> RequestedRefund:
    """Create a refund, to be sent by a job; `reported` is the answer of `snapshot_of`.

    Raises `Forbidden` and `RefundRefused`. Concurrent requests never refund more than the part,
    nor more than the acquirer has left of the payment: money may also have been refunded on the
    acquirer's own pages.
    """
    if not staff.may(Role.SUPERVISOR):
        raise Forbidden
    async with in_transaction():
        await raw_sql.fetch(_LOCK_KEY, f"refunds/{staff.id}/{claim.key}")
        try:
            payment = await states.lock(claim.payment_id)
        except DoesNotExist:
            raise RefundRefused(RefundFault.NO_PAYMENT) from None
        if earlier := await _earlier_request(staff, claim):
            return RequestedRefund(earlier, is_new=False)
        part = await _refundable(payment, claim, reported)
        payer = await User.get(id=payment.user_id)
        refund = await Refund.create(
            payment=payment,
            part=part,
            amount=claim.amount,
            reason=claim.reason,
            staff_id=staff.id,
            request_key=claim.key,
            state=RefundState.REQUESTED,
            requested_at=now,
            buyer_email=payer.email_key,
        )
        await _create_lines(refund)
        await states.add_event(
            payment, PaymentEventKind.REFUND_REQUESTED, now=now, amount=claim.amount
        )
        await states.begin_checks(payment, now=now)
        await enqueue("payments.send_refund", refund_id=refund.id)
    return RequestedRefund(refund.id, is_new=True)


async def decide(
    staff: StaffViewer, refund_id: UUID | None, reference: str | None, reason: str, *, now: datetime
) -> UUID:
    """Record the outcome of a refund in doubt; return its payment's key.

    `reference` is the acquirer's, None if nothing was refunded. The payment's `UNKNOWN_REFUND`
    difference is settled with `reason`, and the checks begin again, because another refund may be
    in doubt. Raises `Forbidden`, and `RefundRefused` unless the refund is in doubt.
    """
    if not staff.may(Role.SUPERVISOR):
        raise Forbidden
    if refund_id is None or not await Refund.exists(id=refund_id):
        raise RefundRefused(RefundFault.NOT_IN_DOUBT)
    async with in_transaction():
        payment, refund = await _locked(refund_id)
        if refund.state is not RefundState.REQUESTED or not is_in_doubt(refund, now=now):
            raise RefundRefused(RefundFault.NOT_IN_DOUBT)
        if reference is None:
            await _fail(refund_id, reason, now=now)
        elif await _is_of_another(refund, reference):
            raise RefundRefused(RefundFault.REFERENCE_USED)
        else:
            result = RefundResult(reference, RefundStatus.SUCCEEDED, Kopecks(refund.amount))
            await _complete(refund_id, result, now=now)
        await settle_all(payment, DifferenceKind.UNKNOWN_REFUND, reason, now=now)
        await states.begin_checks(payment, now=now)
    return payment.id


def is_in_doubt(refund: Refund, *, now: datetime) -> bool:
    """Whether only staff can find out the outcome.

    Without a reference that is so as soon as the idempotency key has expired, because a repeat
    could be a second refund.
    """
    lifetime = BANK_LIFETIME if refund.reference else KEY_LIFETIME
    return now - refund.requested_at > lifetime


async def _earlier_request(staff: StaffViewer, claim: RefundClaim) -> UUID | None:
    """Return the refund under the claim's key. Raises `RefundRefused` if it differs."""
    earlier = Refund.filter(staff_id=staff.id, request_key=claim.key)
    if (refund := await earlier.select_related("part").first()) is None:
        return None
    requested = (claim.payment_id, claim.position, claim.amount)
    if (refund.payment_id, refund.part.position, refund.amount) != requested:
        raise RefundRefused(RefundFault.KEY_USED)
    return refund.id


async def _refundable(
    payment: Payment, claim: RefundClaim, reported: OrderSnapshot | None
) -> PaymentPart:
    if payment.state not in _REFUNDABLE:
        raise RefundRefused(RefundFault.NOT_PAID)
    # Not filtered by position in SQL: an integer of GraphQL may be too large for the column.
    parts = await PaymentPart.filter(payment_id=payment.id)
    part = next((part for part in parts if part.position == claim.position), None)
    if part is None or not 0 < claim.amount <= await _refundable_amount(part):
        raise RefundRefused(RefundFault.NOT_ENOUGH_LEFT)
    if claim.amount > await _left_at_acquirer(payment, reported):
        raise RefundRefused(RefundFault.NOT_ENOUGH_LEFT)
    return part


async def _left_at_acquirer(payment: Payment, reported: OrderSnapshot | None) -> int:
    """The lowest possible remainder; the reported sum may or may not include pending refunds."""
    if reported is None or reported.status is not OrderStatus.SUCCEEDED:
        return 0
    requests = Refund.filter(payment_id=payment.id, state=RefundState.REQUESTED)
    requested = sum([refund.amount for refund in await requests])
    return reported.amount - max(reported.refunded, payment.refunded) - requested


async def _refundable_amount(part: PaymentPart) -> int:
    refunds = Refund.filter(part_id=part.id).exclude(state=RefundState.FAILED)
    return part.amount - sum([refund.amount for refund in await refunds])


async def _create_lines(refund: Refund) -> None:
    """Store the lines that the refund returns: the line that was settled last is returned first.

    No line returns more than was paid for it; lines of failed refunds don't count.
    """
    lines = await PaymentLine.filter(part_id=refund.part_id).order_by("-position")
    returned = RefundLine.filter(line__part_id=refund.part_id).exclude(
        refund__state=RefundState.FAILED
    )
    left = {line.id: line.amount for line in lines}
    for row in await returned:
        left[row.line_id] -= row.amount
    rest = refund.amount
    for line in lines:
        if amount := min(rest, left[line.id]):
            await RefundLine.create(refund=refund, line=line, amount=amount)
            rest -= amount


async def send(refund_id: UUID, *, acquirer: Acquirer, now: datetime) -> None:
    """Send a refund, or query one that was sent, and apply the result.

    For a day, a repeat with the refund's key is the same refund; after that only staff may decide.
    Raises `AcquirerUnavailable`.
    """
    refund = await Refund.get(id=refund_id)
    if refund.state is not RefundState.REQUESTED:
        return
    if is_in_doubt(refund, now=now):
        await _mark_in_doubt(refund, now=now)
        return
    try:
        if refund.reference:
            result = await acquirer.refund_state(refund.reference)
        else:
            result = await acquirer.refund(await orders.refund_order_of(refund))
    except OrderNotFound:
        return  # of a reference; staff decide in the end
    except AcquirerRefused as refusal:
        await _fail(refund_id, str(refusal), now=now)
        return
    except AnswerUnreadable as answer:
        await report_unreadable(refund.payment_id, answer, now=now)
        raise
    match result.status:
        case RefundStatus.SUCCEEDED:
            await _complete(refund_id, result, now=now)
        case RefundStatus.CANCELED:
            await _fail(refund_id, result.reason or "canceled", now=now)
        case RefundStatus.PENDING:
            await _store_reference(refund_id, result, now=now)


async def unfinished(payment_id: UUID) -> list[UUID]:
    requested = Refund.filter(payment_id=payment_id, state=RefundState.REQUESTED).order_by("id")
    return [refund.id for refund in await requested]


async def _store_reference(refund_id: UUID, result: RefundResult, *, now: datetime) -> None:
    """Store the reference of a pending refund: a repeat may return the same answer for ever."""
    async with in_transaction():
        payment, refund = await _locked(refund_id)
        if refund.state is not RefundState.REQUESTED:
            return
        if await _matches(payment, refund, result, now=now):
            refund.reference, refund.buyer_email = result.reference, None
            await refund.save(update_fields=["reference", "buyer_email"])


async def _complete(refund_id: UUID, result: RefundResult, *, now: datetime) -> None:
    async with in_transaction():
        payment, refund = await _locked(refund_id)
        if refund.state is not RefundState.REQUESTED:
            return
        if not await _matches(payment, refund, result, now=now):
            return
        refund.state, refund.ended_at = RefundState.SUCCEEDED, now
        refund.reference, refund.buyer_email = result.reference, None
        await refund.save()
        part = await PaymentPart.get(id=refund.part_id)
        part.refunded += refund.amount
        await part.save(update_fields=["refunded"])
        payment.refunded += refund.amount
        payment.posted_at = None
        is_whole = payment.refunded == payment.amount
        state = PaymentState.REFUNDED if is_whole else PaymentState.PARTIALLY_REFUNDED
        await states.move(payment, state, now=now, amount=refund.amount)
        await ledger.record_refund(refund, payment, part, at=now)
        await acknowledge_earlier(payment, now=now)
        await fiscal_receipts.create_expected(payment, refund, refund.amount)
        await enqueue("payments.check", delay=fiscal_receipts.FIRST_CHECK, payment_id=payment.id)


async def _matches(
    payment: Payment, refund: Refund, result: RefundResult, *, now: datetime
) -> bool:
    """Compare a refund with the acquirer's result, and report a difference.

    The refund then stays pending, and in the end staff decide.
    """
    is_another = await _is_of_another(refund, result.reference)
    if not is_another and (result.amount, result.currency) == (refund.amount, RUBLES):
        return True
    actual = f"{result.amount} {result.currency} ({result.reference})"
    await report(payment, DifferenceKind.REFUNDED, str(refund.amount), actual, now=now)
    return False


async def _is_of_another(refund: Refund, reference: str) -> bool:
    others = Refund.filter(payment_id=refund.payment_id, reference=reference)
    return await others.exclude(id=refund.id).exists()


async def _fail(refund_id: UUID, reason: str, *, now: datetime) -> None:
    async with in_transaction():
        payment, refund = await _locked(refund_id)
        if refund.state is not RefundState.REQUESTED:
            return
        refund.state, refund.failure, refund.ended_at = RefundState.FAILED, reason[:100], now
        refund.buyer_email = None
        await refund.save()
        kind = PaymentEventKind.REFUND_FAILED
        await states.add_event(payment, kind, now=now, amount=refund.amount)


async def _mark_in_doubt(refund: Refund, *, now: datetime) -> None:
    async with in_transaction():
        payment, refund = await _locked(refund.id)
        if refund.state is not RefundState.REQUESTED or not is_in_doubt(refund, now=now):
            return  # an answer came a moment ago
        refund.buyer_email = None
        await refund.save(update_fields=["buyer_email"])
        missing = (
            f"no end of {refund.reference} for a month"
            if refund.reference
            else f"no answer about {refund.id} for a day"
        )
        kind, expected = DifferenceKind.UNKNOWN_REFUND, str(refund.amount)
        await report(payment, kind, expected, missing, now=now)


async def _locked(refund_id: UUID) -> tuple[Payment, Refund]:
    """Lock the refund's payment, then read the refund."""
    unlocked = await Refund.get(id=refund_id)
    payment = await states.lock(unlocked.payment_id)
    return payment, await Refund.get(id=refund_id)
