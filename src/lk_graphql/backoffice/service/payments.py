"""Audited staff actions on payments: refunds, differences, failed fiscal receipts."""

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.guards.idempotency import (
    IdempotencyConflict,
    IdempotencyKeyInvalid,
    is_valid_key,
)
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.errors import QueueFault, QueueRefused, RefundFault, RefundRefused
from lk_graphql.payments.models import DifferenceResolution
from lk_graphql.payments.service import differences, fiscal_receipts, refunds
from lk_graphql.payments.service.ledger import usual_number
from lk_graphql.payments.service.refunds import RefundClaim
from lk_graphql.ports.acquiring import Acquirer
from lk_graphql.staff import errors
from lk_graphql.staff.models import Act
from lk_graphql.staff.service.audit import (
    StaffAction,
    Subject,
    TargetRow,
    audited,
    record_action,
    require_reason,
)

MAX_REFERENCE_LENGTH = 60


@dataclass(frozen=True)
class RefundForm:
    """Amount, part (from 1) and reason of a refund."""

    payment_id: UUID | None
    position: int
    amount: Kopecks
    typed_reason: str
    key: str


async def refund(action: StaffAction, form: RefundForm, *, acquirer: Acquirer | None) -> UUID:
    """Request a refund with a reason for the customer; idempotent by key. Return the payment's key.

    Raises the refusals of `_refusal`, `PaymentNotFound`, `ReasonRequired`, `IdempotencyKeyInvalid`,
    and `Unavailable` while the acquirer doesn't report what is left of the payment.
    """
    reason = require_reason(form.typed_reason)
    if not is_valid_key(form.key):
        raise IdempotencyKeyInvalid
    if form.payment_id is None:
        raise errors.PaymentNotFound("paymentId")
    claim = RefundClaim(form.payment_id, form.position, form.amount, reason, form.key)
    with _reworded():
        reported = await refunds.snapshot_of(action.staff, claim, acquirer=acquirer)
    async with in_transaction():
        with _reworded():
            refund_request = await refunds.request(
                action.staff, claim, reported=reported, now=action.now
            )
        if refund_request.is_new:
            await record_action(
                Act.REFUND_REQUESTED, Subject("refund", refund_request.id), action, reason=reason
            )
    return form.payment_id


async def decide(
    action: StaffAction, refund_id: UUID | None, typed_reference: str | None, typed_reason: str
) -> UUID:
    """Record the outcome of a refund that the acquirer hasn't answered; return the payment's key.

    Raises `RefundNotInDoubt`, `ReferenceInvalid`, `ReferenceUsed`, `ReasonRequired`.
    """
    reason, reference = require_reason(typed_reason), _reference(typed_reference)
    if refund_id is None:
        raise errors.RefundNotInDoubt("refundId")
    async with in_transaction():
        with _reworded():
            key = await refunds.decide(action.staff, refund_id, reference, reason, now=action.now)
        await record_action(Act.REFUND_DECIDED, Subject("refund", refund_id), action, reason=reason)
    return key


async def open_difference(action: StaffAction, number: str, typed_reason: str) -> UUID:
    """Report a movement that billing hasn't posted; return the difference's key.

    Raises `MovementNotFound`, `ReasonRequired`.
    """
    reason = require_reason(typed_reason)
    async with in_transaction():
        try:
            key = await differences.report_unposted(usual_number(number), now=action.now)
        except QueueRefused:
            raise errors.MovementNotFound("number") from None
        subject = Subject("payment_difference", key)
        await record_action(Act.DIFFERENCE_OPENED, subject, action, reason=reason)
    return key


async def claim_difference(action: StaffAction, key: UUID | None) -> UUID:
    """Claim a difference. Raises `DifferenceNotOpen`, `TakenByColleague`."""
    act, row = Act.DIFFERENCE_CLAIMED, _difference(key)
    return await _in_queue(act, row, action, lambda key: differences.claim(action.staff, key))


async def release_difference(action: StaffAction, key: UUID | None) -> UUID:
    """Put a difference back into the queue. Raises as `claim_difference`."""
    act, row = Act.DIFFERENCE_RELEASED, _difference(key)
    return await _in_queue(act, row, action, lambda key: differences.release(action.staff, key))


async def settle_difference(
    action: StaffAction, key: UUID | None, resolution: DifferenceResolution, typed_reason: str
) -> UUID:
    """Settle a difference. Raises as `claim_difference`, `ResolutionInvalid`, `ReasonRequired`."""
    reason, staff, now = require_reason(typed_reason), action.staff, action.now
    return await _in_queue(
        Act.DIFFERENCE_SETTLED,
        _difference(key),
        action,
        lambda key: differences.settle(staff, key, resolution, reason, now=now),
        reason=reason,
    )


async def claim_receipt(action: StaffAction, key: UUID | None) -> UUID:
    """Claim a failed receipt. Raises `ReceiptNotFailed`, `TakenByColleague`."""
    act, row = Act.RECEIPT_CLAIMED, _receipt(key)
    return await _in_queue(act, row, action, lambda key: fiscal_receipts.claim(action.staff, key))


async def release_receipt(action: StaffAction, key: UUID | None) -> UUID:
    """Put a failed receipt back into the queue. Raises as `claim_receipt`."""
    act, row = Act.RECEIPT_RELEASED, _receipt(key)
    return await _in_queue(act, row, action, lambda key: fiscal_receipts.release(action.staff, key))


async def retry_receipt(action: StaffAction, key: UUID | None) -> UUID:
    """Expect a failed receipt again. Raises as `claim_receipt`."""
    act, row, staff, now = Act.RECEIPT_RETRIED, _receipt(key), action.staff, action.now
    return await _in_queue(act, row, action, lambda key: fiscal_receipts.retry(staff, key, now=now))


async def settle_receipt(action: StaffAction, key: UUID | None, typed_reason: str) -> UUID:
    """Take a failed receipt out of the queue. Raises as `claim_receipt`, `ReasonRequired`."""
    reason, staff, now = require_reason(typed_reason), action.staff, action.now
    return await _in_queue(
        Act.RECEIPT_SETTLED,
        _receipt(key),
        action,
        lambda key: fiscal_receipts.settle(staff, key, reason, now=now),
        reason=reason,
    )


def _difference(key: UUID | None) -> TargetRow:
    return TargetRow("payment_difference", key, errors.DifferenceNotOpen("differenceId"))


def _receipt(key: UUID | None) -> TargetRow:
    return TargetRow("fiscal_receipt", key, errors.ReceiptNotFailed("receiptId"))


async def _in_queue(
    act: Act,
    row: TargetRow,
    action: StaffAction,
    operation: Callable[[UUID], Awaitable[None]],
    *,
    reason: str | None = None,
) -> UUID:
    """Run and audit an act on a row of a queue; return the row's key."""
    try:
        return await audited(act, row, action, operation, reason=reason)
    except QueueRefused as error:
        match error.fault:
            case QueueFault.TAKEN:
                raise errors.TakenByColleague from None
            case QueueFault.RESOLUTION_INVALID:
                raise errors.ResolutionInvalid("resolution") from None
            case _:
                raise row.missing from None


def _reference(text: str | None) -> str | None:
    if text is None:
        return None
    reference = text.strip()
    if not (
        1 <= len(reference) <= MAX_REFERENCE_LENGTH
        and reference.isascii()
        and reference.isprintable()
    ):
        raise errors.ReferenceInvalid("reference", longest=MAX_REFERENCE_LENGTH)
    return reference


@contextmanager
def _reworded() -> Generator[None]:
    """Translate refusals of payments into their staff variants."""
    try:
        yield
    except RefundRefused as error:
        raise _refusal(error.fault) from None


def _refusal(fault: RefundFault) -> Refusal:
    match fault:
        case RefundFault.NO_PAYMENT:
            return errors.PaymentNotFound("paymentId")
        case RefundFault.NOT_PAID:
            return errors.PaymentNotPaid("paymentId")
        case RefundFault.NOT_ENOUGH_LEFT:
            return errors.RefundTooLarge("amount")
        case RefundFault.KEY_USED:
            return IdempotencyConflict()
        case RefundFault.NOT_IN_DOUBT:
            return errors.RefundNotInDoubt("refundId")
        case RefundFault.REFERENCE_USED:
            return errors.ReferenceUsed("reference")
