"""The amounts that stand on an account's newest bills."""

from uuid import UUID

from lk_graphql.billing.models import Invoice
from lk_graphql.kit.money import Kopecks

_BILLS = 2


async def recent_totals(account_id: UUID) -> list[Kopecks]:
    """Of each of the last two bills, what the month came to and what was to be paid.

    A bill prints both («начислено за период» and «итого к оплате»), and people call either its
    total. One statement; nothing for an account that isn't there.
    """
    bills = Invoice.filter(account_id=account_id).order_by("-period").limit(_BILLS)
    amounts = await bills.values_list("charged", "recalculated", "penalty", "closing_balance")
    return [Kopecks(amount) for *month, closing in amounts for amount in (sum(month), closing)]
