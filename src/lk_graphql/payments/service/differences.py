"""Contradictions between the acquirer's data and the cabinet's, for staff to resolve."""

from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from lk_graphql.payments.models import Difference, DifferenceKind, Payment


async def report(
    payment: Payment, kind: DifferenceKind, expected: str, actual: str, *, now: datetime
) -> None:
    """Record a difference unless one of its kind is open; the payment must be locked.

    One that staff have settled is recorded again only with other values.
    """
    expected, actual = expected[:100], actual[:100]
    is_known = Q(settled_at=None) | Q(ours=expected, theirs=actual)
    if not await Difference.exists(is_known, payment_id=payment.id, kind=kind):
        await Difference.create(
            payment=payment, kind=kind, ours=expected, theirs=actual, found_at=now
        )


async def settle(difference_id: UUID, settlement: str, *, now: datetime) -> bool:
    """Close a difference in the caller's transaction; False if it isn't open."""
    open_differences = Difference.filter(id=difference_id, settled_at=None)
    return await open_differences.update(settled_at=now, settlement=settlement) == 1


async def settle_all(
    payment: Payment, kind: DifferenceKind, settlement: str, *, now: datetime
) -> None:
    """Close a payment's open differences of a kind."""
    open_differences = Difference.filter(payment_id=payment.id, kind=kind, settled_at=None)
    await open_differences.update(settled_at=now, settlement=settlement)
