"""Sending money back. Staff ask; the acquirer does it, once, whoever dies in between."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import Forbidden
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Role, Staff
from lk_graphql.payments.errors import RefundRefused
from lk_graphql.payments.models import (
    DifferenceKind,
    Payment,
    PaymentEventKind,
    PaymentPart,
    PaymentState,
    Refund,
    RefundState,
)
from lk_graphql.payments.service import fiscal, ledger, orders, states
from lk_graphql.payments.service.differences import report
from lk_graphql.payments.service.schedule import first_look
from lk_graphql.payments.service.starting import KEY_LIVES
from lk_graphql.ports.acquiring import Acquirer, AcquirerRefused, Refunded, RefundStatus
from lk_graphql.ports.jobs import enqueue

_REFUNDABLE = (PaymentState.SUCCEEDED, PaymentState.PARTIALLY_REFUNDED)


@dataclass(frozen=True)
class Claim:
    """What to send back: of which account's part, how much, and why, for the customer to read."""

    payment_id: UUID
    part_id: UUID
    amount: Kopecks
    reason: str


async def request(staff: Staff, claim: Claim, *, now: datetime) -> UUID:
    """Write a refund down, to be sent by a job; its key.

    Raises `Forbidden`, and `RefundRefused` with NOT_PAID or NOT_ENOUGH_LEFT: two at once never
    come to more than the part.
    """
    if not staff.may(Role.SUPERVISOR):
        raise Forbidden
    async with in_transaction():
        payment = await states.locked(claim.payment_id)
        if payment is None or payment.state not in _REFUNDABLE:
            raise RefundRefused("NOT_PAID")
        part = await PaymentPart.get_or_none(id=claim.part_id, payment_id=payment.id)
        if part is None or not 0 < claim.amount <= await _left(part):
            raise RefundRefused("NOT_ENOUGH_LEFT")
        refund = await Refund.create(
            payment=payment,
            part=part,
            amount=claim.amount,
            reason=claim.reason,
            staff_id=staff.id,
            state=RefundState.REQUESTED,
            requested_at=now,
        )
        await states.note(payment, PaymentEventKind.REFUND_REQUESTED, now=now, amount=claim.amount)
        payment.look_at, payment.looks = first_look(now), 0
        await payment.save(update_fields=["look_at", "looks"])
        await enqueue("payments.send_refund", refund_id=refund.id)
    return refund.id


async def _left(part: PaymentPart) -> int:
    made = Refund.filter(part_id=part.id).exclude(state=RefundState.FAILED)
    return part.amount - sum([refund.amount for refund in await made])


async def send(refund_id: UUID, *, acquirer: Acquirer, company: Company, now: datetime) -> None:
    """Have a refund made, or find out what became of it. Raises `AcquirerAway`.

    Its own key makes a repeat the same refund, for a day; after that only staff may decide.
    """
    refund = await Refund.get(id=refund_id)
    if refund.state is not RefundState.REQUESTED:
        return
    if now - refund.requested_at > KEY_LIVES:
        await _doubt(refund, now=now)
        return
    try:
        told = await acquirer.refund(await orders.refund_order_of(refund, company=company))
    except AcquirerRefused as refused:
        await _fail(refund_id, str(refused), now=now)
        return
    match told.status:
        case RefundStatus.SUCCEEDED:
            await _complete(refund_id, told, now=now)
        case RefundStatus.CANCELED:
            await _fail(refund_id, told.reason or "canceled", now=now)
        case RefundStatus.PENDING:
            pass  # the reconciler asks again


async def unfinished(payment_id: UUID) -> list[UUID]:
    found = Refund.filter(payment_id=payment_id, state=RefundState.REQUESTED).order_by("id")
    return [refund.id for refund in await found]


async def _complete(refund_id: UUID, told: Refunded, *, now: datetime) -> None:
    async with in_transaction():
        payment, refund = await _locked(refund_id)
        if refund.state is not RefundState.REQUESTED:
            return
        refund.state, refund.reference, refund.ended_at = RefundState.SUCCEEDED, told.reference, now
        await refund.save()
        part = await PaymentPart.get(id=refund.part_id)
        part.refunded += refund.amount
        await part.save(update_fields=["refunded"])
        payment.refunded += refund.amount
        payment.posted_at = None
        whole = payment.refunded == payment.amount
        state = PaymentState.REFUNDED if whole else PaymentState.PARTIALLY_REFUNDED
        await states.move(payment, state, now=now, amount=refund.amount)
        await ledger.record_refund(refund, payment, part, at=now)
        await fiscal.expect(payment, refund, refund.amount)
        await enqueue("payments.look", delay=fiscal.SOON, payment_id=payment.id)


async def _fail(refund_id: UUID, why: str, *, now: datetime) -> None:
    async with in_transaction():
        payment, refund = await _locked(refund_id)
        if refund.state is not RefundState.REQUESTED:
            return
        refund.state, refund.failure, refund.ended_at = RefundState.FAILED, why[:100], now
        await refund.save()
        kind = PaymentEventKind.REFUND_FAILED
        await states.note(payment, kind, now=now, amount=refund.amount)


async def _doubt(refund: Refund, *, now: datetime) -> None:
    async with in_transaction():
        payment, refund = await _locked(refund.id)
        kind, ours = DifferenceKind.UNKNOWN_REFUND, str(refund.amount)
        await report(payment, kind, ours, "no answer for a day", now=now)


async def _locked(refund_id: UUID) -> tuple[Payment, Refund]:
    """The payment first, as everywhere, and the refund as it is then."""
    found = await Refund.get(id=refund_id)
    payment = await Payment.select_for_update().get(id=found.payment_id)
    return payment, await Refund.get(id=refund_id)
