"""The reconciler's look at one payment: whatever is unfinished goes on from where it stands."""

from datetime import datetime
from uuid import UUID

from lk_graphql.kit.company import Company
from lk_graphql.payments.service import refunds, starting, truth
from lk_graphql.ports.acquiring import Acquirer


async def look(payment_id: UUID, *, acquirer: Acquirer, company: Company, now: datetime) -> None:
    """Register what isn't, send the refunds that aren't, and ask for the truth.

    Raises `AcquirerAway`: the next look goes on.
    """
    await starting.register(payment_id, acquirer=acquirer, company=company, now=now)
    for refund_id in await refunds.unfinished(payment_id):
        await refunds.send(refund_id, acquirer=acquirer, company=company, now=now)
    await truth.learn(payment_id, acquirer=acquirer, now=now)
