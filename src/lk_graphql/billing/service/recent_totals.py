"""The amounts that stand on an account's newest bills."""

from decimal import Decimal
from uuid import UUID

from lk_graphql.billing.models import Invoice

_BILLS = 2


async def recent_totals(account_id: UUID) -> list[Decimal]:
    """Of each of the last two bills, what the month came to and what was to be paid, in kopecks.

    A bill prints both («начислено за период» and «итого к оплате»), and people call either its
    total. One statement; nothing for an account that isn't there.
    """
    bills = Invoice.filter(account_id=account_id).order_by("-period").limit(_BILLS)
    amounts = await bills.values_list("charged", "recalculated", "penalty", "closing_balance")
    return [Decimal(amount) for *month, closing in amounts for amount in (sum(month), closing)]
