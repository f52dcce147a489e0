"""What staff do about payments: send money back, and settle what differs from the acquirer."""

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
    """How much to send back of which part of a payment, and why; parts count from 1."""

    payment_id: UUID | None
    position: int
    amount: Kopecks
    typed_reason: str
    key: str


async def refund(action: StaffAction, form: RefundForm) -> UUID:
    """Have money sent back; the customer reads why. A repeat with the same key is the same refund.

    Gives the payment's key. Raises the refusals that `_WORDS` has, `PaymentNotFound`,
    `ReasonRequired`, `IdempotencyKeyInvalid`.
    """
    why = require_reason(form.typed_reason)
    if not is_valid_key(form.key):
        raise IdempotencyKeyInvalid(errors.StaffErrorCode, longest=MAX_KEY_LENGTH)
    if form.payment_id is None:
        raise errors.PaymentNotFound("paymentId")
    claim = RefundClaim(form.payment_id, form.position, form.amount, why, form.key)
    async with in_transaction():
        with _reworded():
            made = await refunds.request(action.staff, claim, now=action.now)
        if made.is_new:
            await record_action(
                Act.REFUND_REQUESTED, Subject("refund", made.id), action, reason=why
            )
    return form.payment_id


async def decide(
    action: StaffAction, refund_id: UUID | None, typed_reference: str | None, typed_reason: str
) -> UUID:
    """Say what became of a refund without an answer; the payment's key.

    Raises `RefundNotInDoubt`, `ReferenceInvalid`, `ReferenceUsed`, `ReasonRequired`.
    """
    why, reference = require_reason(typed_reason), _reference(typed_reference)
    if refund_id is None:
        raise errors.RefundNotInDoubt("refundId")
    async with in_transaction():
        with _reworded():
            key = await refunds.decide(action.staff, refund_id, reference, why, now=action.now)
        await record_action(Act.REFUND_DECIDED, Subject("refund", refund_id), action, reason=why)
    return key


async def settle(action: StaffAction, difference_id: UUID | None, typed_reason: str) -> UUID:
    """Close a difference with what was found out. Raises `DifferenceNotOpen`, `ReasonRequired`."""
    why = require_reason(typed_reason)
    async with in_transaction():
        if difference_id is None or not await differences.settle(
            difference_id, why, now=action.now
        ):
            raise errors.DifferenceNotOpen("differenceId")
        subject = Subject("payment_difference", difference_id)
        await record_action(Act.DIFFERENCE_SETTLED, subject, action, reason=why)
    return difference_id


def _reference(typed: str | None) -> str | None:
    if typed is None:
        return None
    found = typed.strip()
    if not (1 <= len(found) <= MAX_REFERENCE_LENGTH and found.isascii() and found.isprintable()):
        raise errors.ReferenceInvalid("reference", longest=MAX_REFERENCE_LENGTH)
    return found


@contextmanager
def _reworded() -> Generator[None]:
    """Turn what payments refuse into a refusal of ours."""
    try:
        yield
    except RefundRefused as refused:
        raise _refusal(refused.fault) from None


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
