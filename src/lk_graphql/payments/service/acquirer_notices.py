"""Callbacks of the acquirer: stored, acknowledged, a reason to reconcile."""

from datetime import datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.payments.models import AcquirerNotice, Payment
from lk_graphql.ports.acquiring import AcquirerNotification
from lk_graphql.ports.jobs import enqueue


async def receive(notice: AcquirerNotification, *, provider: str, now: datetime) -> bool:
    """Put it into the inbox and order a look; False if it is there, or about nothing of ours.

    Of an unknown order nothing is kept: whoever finds the address could fill the table. If it
    comes before our own commit, the reconciler finds what it was about.
    """
    known = Payment.filter(provider=provider, reference=notice.reference)
    if (payment := await known.first()) is None:
        return False
    try:
        async with in_transaction():
            kept = await AcquirerNotice.create(
                provider=provider,
                subject=notice.subject,
                kind=notice.kind,
                payment=payment,
                received_at=now,
            )
            await enqueue("payments.take_notice", notice_id=kept.id)
    except IntegrityError:
        return False
    return True


async def payment_of(notice_id: UUID) -> UUID | None:
    """Which payment an unread notice is about."""
    found = await AcquirerNotice.get_or_none(id=notice_id, done_at=None)
    return found and found.payment_id


async def finish(notice_id: UUID, *, now: datetime) -> None:
    await AcquirerNotice.filter(id=notice_id).update(done_at=now)
