"""Where the acquirer's word and ours can't both be true: for staff, never settled by itself."""

from datetime import datetime

from lk_graphql.payments.models import Difference, DifferenceKind, Payment


async def report(
    payment: Payment, kind: DifferenceKind, ours: str, theirs: str, *, now: datetime
) -> None:
    """Once for as long as it is open; the payment must be locked."""
    if not await Difference.exists(payment_id=payment.id, kind=kind, settled_at=None):
        await Difference.create(
            payment=payment, kind=kind, ours=ours[:100], theirs=theirs[:100], found_at=now
        )
