"""A refund that the acquirer has never answered about: for a supervisor to look up and decide."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from tortoise import Model

from lk_graphql.backoffice.models import Act, AuditEntry
from lk_graphql.demo.chance import Keys, evening
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import (
    Difference,
    DifferenceKind,
    PaymentEvent,
    PaymentEventKind,
    Refund,
    RefundState,
)

NEWEST_PART = """
SELECT part.id, part.payment_id, part.amount FROM payment_part part
JOIN payment ON payment.id = part.payment_id AND payment.state = 'SUCCEEDED'
ORDER BY payment.created_at DESC, payment.id LIMIT 1"""
_WHY = "Оплачено дважды: в банке и в кабинете"


def unanswered(supervisor_id: UUID, part: Mapping[str, Any], today: date) -> Iterator[Model]:
    """Half of a part was to go back two days ago; since yesterday only staff may decide."""
    keys, day = Keys("refunds"), today - timedelta(days=2)
    at, found = evening(day), evening(day) + timedelta(days=1)
    payment_id, amount = part["payment_id"], Kopecks(part["amount"] // 2)
    key = keys.new(day)
    refund = Refund.construct(
        id=key,
        payment_id=payment_id,
        part_id=part["id"],
        amount=amount,
        reason=_WHY,
        staff_id=supervisor_id,
        request_key=key.hex,
        state=RefundState.REQUESTED,
        requested_at=at,
    )
    yield refund
    requested = PaymentEventKind.REFUND_REQUESTED
    yield PaymentEvent.construct(
        id=keys.new(day),
        payment_id=payment_id,
        kind=requested,
        amount=amount,
        happened_at=at,
    )
    kind, theirs = DifferenceKind.UNKNOWN_REFUND, f"no answer about {key} for a day"
    difference = Difference.construct(
        id=keys.new(day),
        payment_id=payment_id,
        kind=kind,
        ours=str(amount),
        theirs=theirs,
        found_at=found,
    )
    yield difference
    act = Act.REFUND_REQUESTED
    noted = AuditEntry.construct(
        id=keys.new(day),
        staff_id=supervisor_id,
        act=act,
        subject="refund",
        subject_id=key,
        reason=_WHY,
        happened_at=at,
    )
    yield noted
