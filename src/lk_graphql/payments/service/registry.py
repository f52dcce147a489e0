"""The payments registry («реестр платежей»): what billing must post, and what it has.

Every movement is one row with a number of its own, for ever. Sent twice, it is the same row; said
to be posted twice, it is posted once. Billing acknowledges by numbers, in a file or by the
`external_id` of a payment that it reports back: both lead here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import Payment, PaymentEventKind, RegistryRow
from lk_graphql.payments.service import states

AT_ONCE = 1000


@dataclass(frozen=True)
class Movement:
    """A row for billing; a refund's amount is negative."""

    id: UUID
    number: str
    account_number: str
    amount: Kopecks
    period: date | None
    happened_at: datetime


async def to_export(*, limit: int = AT_ONCE, again: bool = False) -> list[Movement]:
    """What billing hasn't been sent, the oldest first; `again`: all that it hasn't posted."""
    waiting = RegistryRow.filter(posted_at=None)
    rows = waiting if again else waiting.filter(exported_at=None)
    found = await rows.order_by("happened_at", "id").limit(limit).select_related("account")
    return [
        Movement(
            row.id,
            row.number,
            row.account.number,
            Kopecks(row.amount),
            row.period,
            row.happened_at,
        )
        for row in found
    ]


async def mark_exported(keys: Collection[UUID], *, now: datetime) -> int:
    """Remember that these were sent; how many weren't yet."""
    return await RegistryRow.filter(id__in=list(keys), exported_at=None).update(exported_at=now)


async def acknowledge(numbers: Collection[str], *, now: datetime) -> int:
    """Billing has posted these: they aren't «в обработке» any more. How many were news.

    To be called in the transaction that brings the balances in which they are contained: so a
    customer never sees a payment counted twice, or not at all.
    """
    async with in_transaction():
        waiting = RegistryRow.filter(number__in=list(numbers), posted_at=None)
        keys = sorted({row.payment_id for row in await waiting})
        payments = await Payment.filter(id__in=keys).order_by("id").select_for_update()
        posted = await RegistryRow.filter(number__in=list(numbers), posted_at=None).update(
            posted_at=now
        )
        for payment in payments:
            if not await RegistryRow.exists(payment_id=payment.id, posted_at=None):
                payment.posted_at = now
                await payment.save(update_fields=["posted_at"])
                await states.note(payment, PaymentEventKind.POSTED, now=now)
    return posted
