"""A refund that the acquirer hasn't answered, for a supervisor to decide."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tortoise import Model

from lk_graphql.demo.data.rng import ZONE, Keys, evening
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import (
    Difference,
    DifferenceKind,
    DifferenceState,
    PaymentEvent,
    PaymentEventKind,
    Refund,
    RefundState,
)
from lk_graphql.staff.models import Act, AuditEntry

NEWEST_PART = """
SELECT part.id, part.payment_id, part.amount FROM payment_part part
JOIN payment ON payment.id = part.payment_id AND payment.state = 'SUCCEEDED'
ORDER BY payment.created_at DESC, payment.id LIMIT 1"""
_WHY = "Оплачено дважды: в банке и в кабинете"


def unanswered(supervisor_id: UUID, part: Mapping[str, Any], today: date) -> Iterator[Model]:
    """A refund of half a payment part, requested two days ago; it has awaited staff for a day."""
    keys, day = Keys("refunds"), today - timedelta(days=2)
    key = keys.new(day)
    refund = Refund.construct(
        id=key,
        payment_id=part["payment_id"],
        part_id=part["id"],
        amount=Kopecks(part["amount"] // 2),
        reason=_WHY,
        staff_id=supervisor_id,
        request_key=key.hex,
        state=RefundState.REQUESTED,
        requested_at=evening(day),
    )
    yield refund
    yield from _about(refund, keys)


def _about(refund: Refund, keys: Keys) -> Iterator[Model]:
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
        reason=_WHY,
        happened_at=at,
    )
