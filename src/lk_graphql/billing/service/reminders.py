"""What the calendar tells of bills that aren't paid; each may run as often as one likes."""

from datetime import date, datetime, timedelta

from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.telling import tell_accounts

AHEAD = timedelta(days=3)
"""How long before the last day to pay people are told."""
MISSED = timedelta(days=3)
"""How late it may still be told when nobody was there to tell it."""

_OPEN = """
SELECT invoice.account_id, $1::text || invoice.id, invoice.id, invoice.period, invoice.due_on,
    invoice.unpaid
FROM invoice JOIN account ON account.id = invoice.account_id
WHERE invoice.unpaid > 0 AND invoice.due_on BETWEEN $2::date AND $3::date
AND account.closed_on IS NULL
"""


async def tell_what_is_due(today: date, *, now: datetime) -> int:
    """That the last day to pay is near; to how many. The amount is what is open of that bill."""
    kind, days = NoticeKind.PAYMENT_DUE, (today, today + AHEAD)
    return await tell_accounts(kind, _OPEN, "due/", *days, now=now)


async def tell_what_is_overdue(today: date, *, now: datetime) -> int:
    """That the last day to pay has passed, from the day after; to how many."""
    kind, days = NoticeKind.PAYMENT_OVERDUE, (today - MISSED, today - timedelta(days=1))
    return await tell_accounts(kind, _OPEN, "overdue/", *days, now=now)
