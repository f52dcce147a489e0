"""Where the acquirer's word and ours can't both be true: for staff, never settled by itself."""

from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q

from lk_graphql.payments.models import Difference, DifferenceKind, Payment


async def report(
    payment: Payment, kind: DifferenceKind, ours: str, theirs: str, *, now: datetime
) -> None:
    """Once for as long as it is open; the payment must be locked.

    What staff have settled in the same words stays settled: they have seen it.
    """
    ours, theirs = ours[:100], theirs[:100]
    is_known = Q(settled_at=None) | Q(ours=ours, theirs=theirs)
    if not await Difference.exists(is_known, payment_id=payment.id, kind=kind):
        await Difference.create(payment=payment, kind=kind, ours=ours, theirs=theirs, found_at=now)


async def settle(difference_id: UUID, settlement: str, *, now: datetime) -> bool:
    """Close an open one with what was found out; False if there is none, or not any more.

    In the caller's transaction.
    """
    still = Difference.filter(id=difference_id, settled_at=None)
    return await still.update(settled_at=now, settlement=settlement) == 1


async def settle_all(
    payment: Payment, kind: DifferenceKind, settlement: str, *, now: datetime
) -> None:
    """Close those of a kind, if any, because their cause is gone."""
    still = Difference.filter(payment_id=payment.id, kind=kind, settled_at=None)
    await still.update(settled_at=now, settlement=settlement)
