"""The days by which bills are to be paid, for a person's calendar."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from lk_graphql import engine
from lk_graphql.notifications.service.calendar import Dated, Occasion

_OPEN = """
SELECT invoice.id, invoice.due_on FROM account_link AS link
JOIN invoice ON invoice.account_id = link.account_id
WHERE link.user_id = $1 AND link.state = 'ACTIVE'
AND invoice.unpaid > 0 AND invoice.due_on >= $2::date
"""


async def days_to_pay(user_id: UUID, today: date) -> Iterable[Dated]:
    """Of bills with something open; what is overdue is for the inbox, not for a calendar."""
    rows = await engine.fetch(_OPEN, user_id, today)
    return [Dated(Occasion.PAYMENT, row["due_on"], row["id"].hex) for row in rows]
