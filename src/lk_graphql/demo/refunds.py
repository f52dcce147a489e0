"""A refund that the acquirer has never answered about: for a supervisor to look up and decide."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from lk_graphql.backoffice.models import Act
from lk_graphql.demo.chance import Keys, evening
from lk_graphql.demo.staff import AuditEntryRow
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import DifferenceKind, PaymentEventKind, RefundState

NEWEST_PART = """
SELECT part.id, part.payment_id, part.amount FROM payment_part part
JOIN payment ON payment.id = part.payment_id AND payment.state = 'SUCCEEDED'
ORDER BY payment.created_at DESC, payment.id LIMIT 1"""
_WHY = "Оплачено дважды: в банке и в кабинете"


class RefundRow(NamedTuple):
    id: UUID
    payment_id: UUID
    part_id: UUID
    amount: Kopecks
    reason: str
    staff_id: UUID
    request_key: str
    state: RefundState
    requested_at: datetime


class RefundEventRow(NamedTuple):
    id: UUID
    payment_id: UUID
    kind: PaymentEventKind
    amount: Kopecks
    happened_at: datetime


class DifferenceRow(NamedTuple):
    id: UUID
    payment_id: UUID
    kind: DifferenceKind
    ours: str
    theirs: str
    found_at: datetime


def unanswered(
    supervisor_id: UUID, part: Mapping[str, Any], today: date
) -> Iterator[tuple[str, list[Any]]]:
    """Half of a part was to go back two days ago; since yesterday only staff may decide."""
    keys, day = Keys("refunds"), today - timedelta(days=2)
    at, found = evening(day), evening(day) + timedelta(days=1)
    payment_id, amount = part["payment_id"], Kopecks(part["amount"] // 2)
    key = keys.new(day)
    refund = RefundRow(
        *(key, payment_id, part["id"], amount, _WHY, supervisor_id, key.hex),
        *(RefundState.REQUESTED, at),
    )
    yield "refund", [refund]
    requested = PaymentEventKind.REFUND_REQUESTED
    yield "payment_event", [RefundEventRow(keys.new(day), payment_id, requested, amount, at)]
    kind, theirs = DifferenceKind.UNKNOWN_REFUND, f"no answer about {key} for a day"
    difference = DifferenceRow(keys.new(day), payment_id, kind, str(amount), theirs, found)
    yield "payment_difference", [difference]
    act = Act.REFUND_REQUESTED
    noted = AuditEntryRow(keys.new(day), supervisor_id, act, "refund", key, _WHY, at)
    yield "audit_entry", [noted]
