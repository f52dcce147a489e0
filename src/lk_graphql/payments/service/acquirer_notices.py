"""Callbacks of the acquirer: storage, and the job that reconciles the payment."""

from datetime import datetime
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.payments.models import AcquirerNotice, Payment
from lk_graphql.ports.acquiring import AcquirerNotification
from lk_graphql.ports.jobs import enqueue


async def receive(notice: AcquirerNotification, *, provider: str, now: datetime) -> bool:
    """Store a callback and enqueue a reconciliation; False if it is stored or its order unknown.

    Callbacks of unknown orders are dropped, because anyone could fill the table with them. One
    that precedes our own commit is lost, and the reconciler checks that payment later.
    """
    payments = Payment.filter(provider=provider, reference=notice.reference)
    if (payment := await payments.first()) is None:
        return False
    try:
        async with in_transaction():
            row = await AcquirerNotice.create(
                provider=provider,
                subject=notice.subject,
                kind=notice.kind,
                payment=payment,
                received_at=now,
            )
            await enqueue("payments.take_notice", notice_id=row.id)
    except IntegrityError:
        return False
    return True


async def payment_of(notice_id: UUID) -> UUID | None:
    """Return the payment of an unprocessed callback."""
    row = await AcquirerNotice.get_or_none(id=notice_id, done_at=None)
    return row and row.payment_id


async def finish(notice_id: UUID, *, now: datetime) -> None:
    await AcquirerNotice.filter(id=notice_id).update(done_at=now)
