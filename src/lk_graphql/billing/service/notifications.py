"""Reminders and calendar days about unpaid bills."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from lk_graphql.database import raw_sql
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.calendar import CalendarEvent, CalendarEventKind
from lk_graphql.notifications.service.notices import notify_accounts

REMINDER_LEAD = timedelta(days=3)
"""How long before the last day to pay people are told."""
CATCH_UP = timedelta(days=3)
"""How late it may still be told when nobody was there to tell it."""

_OPEN = """
SELECT invoice.account_id, $1::text || invoice.id, invoice.id, invoice.period, invoice.due_on,
    invoice.unpaid
FROM invoice JOIN account ON account.id = invoice.account_id
WHERE invoice.unpaid > 0 AND invoice.due_on BETWEEN $2::date AND $3::date
AND account.closed_on IS NULL
"""


async def notify_of_due(today: date, *, now: datetime) -> int:
    """That the last day to pay is near; to how many. The amount is what is open of that bill."""
    kind, days = NoticeKind.PAYMENT_DUE, (today, today + REMINDER_LEAD)
    return await notify_accounts(kind, _OPEN, "due/", *days, now=now)


async def notify_of_overdue(today: date, *, now: datetime) -> int:
    """That the last day to pay has passed, from the day after; to how many."""
    kind, days = NoticeKind.PAYMENT_OVERDUE, (today - CATCH_UP, today - timedelta(days=1))
    return await notify_accounts(kind, _OPEN, "overdue/", *days, now=now)


_UNPAID_OF_USER = """
SELECT invoice.id, invoice.due_on FROM account_link AS link
JOIN invoice ON invoice.account_id = link.account_id
WHERE link.user_id = $1 AND link.state = 'ACTIVE'
AND invoice.unpaid > 0 AND invoice.due_on >= $2::date
"""


async def days_to_pay(user_id: UUID, today: date) -> Iterable[CalendarEvent]:
    """Of bills with something open; what is overdue is for the inbox, not for a calendar."""
    rows = await raw_sql.fetch(_UNPAID_OF_USER, user_id, today)
    return [CalendarEvent(CalendarEventKind.PAYMENT, row["due_on"], row["id"].hex) for row in rows]
