"""Up to where an account is billed."""

from datetime import date
from uuid import UUID

from lk_graphql.billing.models import Invoice


async def billed_through(account_id: UUID) -> date | None:
    """The last month that has a bill; None before the first."""
    newest = await Invoice.filter(account_id=account_id).order_by("-period").first()
    return newest and newest.period
