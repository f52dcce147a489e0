"""Audited staff actions on payments: refunds, and settlement of acquirer differences."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.guards.idempotency import (
    MAX_KEY_LENGTH,
    IdempotencyConflict,
    IdempotencyKeyInvalid,
    is_valid_key,
)
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.errors import RefundFault, RefundRefused
from lk_graphql.payments.service import differences, refunds
from lk_graphql.payments.service.refunds import RefundClaim
from lk_graphql.staff import errors
from lk_graphql.staff.models import Act
from lk_graphql.staff.service.audit import StaffAction, Subject, record_action, require_reason

MAX_REFERENCE_LENGTH = 60


@dataclass(frozen=True)
class RefundForm:
    """Amount, part (from 1) and reason of a refund."""

    payment_id: UUID | None
    position: int
    amount: Kopecks
    typed_reason: str
    key: str


async def refund(action: StaffAction, form: RefundForm) -> UUID:
    """Request a refund with a reason for the customer; idempotent by key. Return the payment's key.

    Raises the refusals of `_refusal`, `PaymentNotFound`, `ReasonRequired`, `IdempotencyKeyInvalid`.
    """
    reason = require_reason(form.typed_reason)
    if not is_valid_key(form.key):
        raise IdempotencyKeyInvalid(errors.StaffErrorCode, longest=MAX_KEY_LENGTH)
    if form.payment_id is None:
        raise errors.PaymentNotFound("paymentId")
    claim = RefundClaim(form.payment_id, form.position, form.amount, reason, form.key)
    async with in_transaction():
        with _reworded():
            refund_request = await refunds.request(action.staff, claim, now=action.now)
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


async def settle(action: StaffAction, difference_id: UUID | None, typed_reason: str) -> UUID:
    """Close a difference with the result. Raises `DifferenceNotOpen`, `ReasonRequired`."""
    reason = require_reason(typed_reason)
    async with in_transaction():
        if difference_id is None or not await differences.settle(
            difference_id, reason, now=action.now
        ):
            raise errors.DifferenceNotOpen("differenceId")
        subject = Subject("payment_difference", difference_id)
        await record_action(Act.DIFFERENCE_SETTLED, subject, action, reason=reason)
    return difference_id


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
            return IdempotencyConflict(errors.StaffErrorCode)
        case RefundFault.NOT_IN_DOUBT:
            return errors.RefundNotInDoubt("refundId")
        case RefundFault.REFERENCE_USED:
            return errors.ReferenceUsed("reference")
