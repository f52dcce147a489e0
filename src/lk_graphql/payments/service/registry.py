"""The payments registry («реестр платежей»): what billing must post, and what it has.

Every movement is one row with a number of its own, for ever. Sent twice, it is the same row; said
to be posted twice, it is posted once. Billing acknowledges by numbers, in a file or by the
`external_id` of a payment that it reports back: both lead here.
"""

from collections.abc import Collection
from datetime import datetime

from tortoise.transactions import in_transaction

from lk_graphql.payments.models import Payment, PaymentEventKind, RegistryRow
from lk_graphql.payments.service import states


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
