"""The days of windows and verifications, for a person's calendar."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from lk_graphql import engine
from lk_graphql.metering.service.terms import window_terms
from lk_graphql.metering.service.windows import window_on
from lk_graphql.notifications.service.calendar import Dated, Occasion

_METERS = """
SELECT meter.id, meter.next_verification_on, meter.reports_itself FROM account_link AS link
JOIN account ON account.id = link.account_id AND account.closed_on IS NULL
JOIN meter ON meter.account_id = account.id AND meter.removed_on IS NULL
WHERE link.user_id = $1 AND link.state = 'ACTIVE'
"""


async def days_of_meters(user_id: UUID, today: date) -> Iterable[Dated]:
    """Two windows ahead, for whoever has a meter to read; and each meter's verification."""
    meters = await engine.fetch(_METERS, user_id)
    found = [
        Dated(Occasion.VERIFICATION, meter["next_verification_on"], meter["id"].hex)
        for meter in meters
        if meter["next_verification_on"] is not None
    ]
    if any(not meter["reports_itself"] for meter in meters):
        found += await _windows(today)
    return found


async def _windows(today: date) -> list[Dated]:
    terms, found = await window_terms(), list[Dated]()
    for _ in range(2):
        if (window := window_on(today, terms)) is None:
            break
        month = f"{window.period:%Y%m}"
        found.append(Dated(Occasion.WINDOW_OPENS, window.opens_on, month))
        found.append(Dated(Occasion.WINDOW_CLOSES, window.closes_on, month))
        today = window.closes_on + timedelta(days=1)
    return found
