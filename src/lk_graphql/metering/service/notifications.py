"""Notices, reminders, mails and calendar days about readings and meters."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from lk_graphql.accounts.service.account_days import is_open_sql, visible_sql
from lk_graphql.database import raw_sql
from lk_graphql.kit.formatting import format_number, format_value
from lk_graphql.kit.languages import Language
from lk_graphql.metering.models import Reading, Zone
from lk_graphql.metering.service.consumption import zone_name
from lk_graphql.metering.service.rules import window_on, window_terms
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.calendar import CalendarEvent, CalendarEventKind
from lk_graphql.notifications.service.mail_lines import Lines, MailLine, MailTopic
from lk_graphql.notifications.service.notices import NoticeEvent, notify_accounts, notify_linked

REMINDER_LEAD = timedelta(days=3)
"""The time before the window's last day at which reminders begin."""
CATCH_UP = timedelta(days=2)
"""The longest delay of a notice after an outage of the worker."""

_IS_READ_BY_CUSTOMER = """meter.account_id = account.id AND meter.removed_on IS NULL
AND NOT meter.reports_itself AND coalesce(meter.next_verification_on >= own.period, true)"""
"""Condition: the customer reads the meter, whose verification is valid when the month begins."""

_WITH_WINDOW = f"""account CROSS JOIN LATERAL (
    SELECT CASE WHEN is_last_day THEN date_trunc('month', account.closed_on)::date
            ELSE $1::date END AS period,
        CASE WHEN is_last_day THEN account.closed_on ELSE $2::date END AS opens_on,
        least(account.closed_on, $3::date) AS closes_on
    FROM (SELECT coalesce(account.closed_on < $2, false) AS is_last_day) one
) own WHERE {is_open_sql("$4::date")}"""  # noqa: S608 - constants
"""Open accounts on day $4, and their next windows: month $1, from day $2 to day $3.

The window of an account ends with its last day, which is a window of its own before day $2.
"""

_OPENED = f"""
SELECT account.id, 'window/' || own.period || '/' || account.id, NULL::uuid, own.period,
    own.closes_on, NULL::bigint
FROM {_WITH_WINDOW} AND $4 BETWEEN own.opens_on AND own.opens_on + {CATCH_UP.days}
AND EXISTS (SELECT FROM meter WHERE {_IS_READ_BY_CUSTOMER})
"""  # noqa: S608 - constants

_READING_MISSING = f"""
SELECT account.id, 'reminder/' || own.period || '/' || account.id, NULL::uuid, own.period,
    own.closes_on, NULL::bigint
FROM {_WITH_WINDOW}
AND $4 BETWEEN greatest(own.opens_on + 1, own.closes_on - {REMINDER_LEAD.days}) AND own.closes_on
AND EXISTS (
    SELECT FROM meter JOIN register ON register.meter_id = meter.id
    WHERE {_IS_READ_BY_CUSTOMER} AND register.removed_on IS NULL AND NOT EXISTS (
        SELECT FROM reading WHERE reading.register_id = register.id AND reading.period = own.period
        AND reading.state IN ('ACCEPTED', 'ON_REVIEW')))
"""  # noqa: S608 - constants
"""Reminders begin on the window's second day at the earliest.

A reading that its sender hasn't confirmed is missing: billing doesn't get it.
"""

_VERIFICATION = f"""
SELECT meter.account_id, 'verification/' || meter.id || '/' || meter.next_verification_on
    || '/' || stage.days, meter.id, NULL::date, meter.next_verification_on, NULL::bigint
FROM meter JOIN (VALUES (60), (30), (0)) AS stage (days)
ON meter.next_verification_on BETWEEN $1::date + stage.days - $2::int AND $1 + stage.days
JOIN account ON account.id = meter.account_id AND {is_open_sql("$1")}
WHERE meter.removed_on IS NULL
"""  # noqa: S608 - constants


_METERS = f"""
SELECT meter.id, meter.next_verification_on, meter.reports_itself, account.number,
    account.id AS account_id, account.closed_on
FROM account_link AS link
JOIN account ON account.id = link.account_id AND {is_open_sql("$2::date")}
JOIN meter ON meter.account_id = account.id AND meter.removed_on IS NULL
WHERE link.user_id = $1 AND link.state = 'ACTIVE'
"""  # noqa: S608 - constants


_ACCEPTED = f"""
SELECT DISTINCT ON (register.id, reading.period) meter.account_id, reading.period,
    meter.serial, register.zone, reading.value, reading.taken_on
FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::date[])) month (account_id, period)
JOIN account ON account.id = month.account_id
JOIN meter ON meter.account_id = account.id AND meter.removed_on IS NULL
JOIN register ON register.meter_id = meter.id AND register.removed_on IS NULL
JOIN reading ON reading.register_id = register.id AND reading.period = month.period
    AND reading.state = 'ACCEPTED' AND {visible_sql("reading.taken_on")}
ORDER BY register.id, reading.period, reading.taken_on DESC, reading.received_at DESC
"""  # noqa: S608 - constants


async def accepted_lines(topics: Sequence[MailTopic]) -> Lines:
    """Return the newest accepted reading of each register in the month of each notice.

    A reading of an earlier holder, who has read another register of that month, isn't returned.
    """
    months = [(topic.account_id, topic.facts.period) for topic in topics]
    readings = defaultdict[tuple[UUID | None, date | None], list[Any]](list)
    for row in await raw_sql.fetch(_ACCEPTED, *zip(*months, strict=True)):
        readings[row["account_id"], row["period"]].append(row)

    def lines(topic: MailTopic) -> list[MailLine]:
        return [
            MailLine(
                f"№\N{NO-BREAK SPACE}{row['serial']}{_zone(row['zone'], topic.language)}",
                f"{format_number(row['value'], topic.language)}"
                f" ({format_value(row['taken_on'], topic.language)})",
            )
            for row in readings[topic.account_id, topic.facts.period]
        ]

    return lines


def _zone(zone: str, language: Language) -> str:
    """Return a comma and the zone; empty for a meter with a single zone."""
    return "" if zone == Zone.SINGLE else f", {zone_name(Zone(zone), language)}"


async def notify_accepted(account_id: UUID, batch: UUID, period: date, *, now: datetime) -> None:
    """Notify all users linked to the account that readings of a submission were accepted."""
    event = NoticeEvent(NoticeKind.READINGS_ACCEPTED, f"readings/{batch}", account_id, period)
    await notify_linked(account_id, event, now=now)


async def notify_reviewed(account_id: UUID, reading: Reading, *, now: datetime) -> None:
    """Notify all users linked to the account that a reading on review was accepted."""
    cause = f"reading/{reading.id}/accepted"
    event = NoticeEvent(NoticeKind.READINGS_ACCEPTED, cause, account_id, reading.period)
    await notify_linked(account_id, event, now=now)


async def notify_rejected(account_id: UUID, reading: Reading, *, now: datetime) -> None:
    cause = f"reading/{reading.id}/rejected"
    event = NoticeEvent(NoticeKind.READING_REJECTED, cause, reading.id, reading.period)
    await notify_linked(account_id, event, now=now)


async def notify_of_window(today: date, *, now: datetime) -> int:
    """Notify of a window that has opened or is about to close without readings.

    Returns the number of notices.
    """
    window = window_on(today, await window_terms())
    if window is None:
        return 0
    days = (window.period, window.opens_on, window.closes_on, today)
    opened = await notify_accounts(NoticeKind.WINDOW_OPENED, _OPENED, *days, now=now)
    reminder = NoticeKind.READING_REMINDER
    return opened + await notify_accounts(reminder, _READING_MISSING, *days, now=now)


async def notify_of_verification(today: date, *, now: datetime) -> int:
    """Notify sixty and thirty days before a verification is due, and on the due day.

    Returns the number of notices.
    """
    return await notify_accounts(
        NoticeKind.VERIFICATION_DUE, _VERIFICATION, today, CATCH_UP.days, now=now
    )


async def days_of_meters(user_id: UUID, today: date) -> Iterable[CalendarEvent]:
    """Return each meter's verification, and the next two windows if the customer reads a meter.

    An account that closes has its last day in place of later windows.
    """
    meters = await raw_sql.fetch(_METERS, user_id, today)
    events = [
        CalendarEvent(
            CalendarEventKind.VERIFICATION,
            meter["next_verification_on"],
            meter["id"].hex,
            meter["number"],
        )
        for meter in meters
        if meter["next_verification_on"] is not None
    ]
    accounts = {
        (meter["account_id"], meter["number"], meter["closed_on"])
        for meter in meters
        if not meter["reports_itself"]
    }
    events += [
        CalendarEvent(CalendarEventKind.WINDOW_CLOSES, closed_on, key.hex, number)
        for key, number, closed_on in accounts
        if closed_on
    ]
    last_on = max((closed_on or date.max for *_, closed_on in accounts), default=today)
    return events + [event for event in await _windows(today) if event.day < last_on]


async def _windows(today: date) -> list[CalendarEvent]:
    terms, events = await window_terms(), list[CalendarEvent]()
    for _ in range(2):
        if (window := window_on(today, terms)) is None:
            break
        month = f"{window.period:%Y%m}"
        events.append(CalendarEvent(CalendarEventKind.WINDOW_OPENS, window.opens_on, month))
        events.append(CalendarEvent(CalendarEventKind.WINDOW_CLOSES, window.closes_on, month))
        today = window.closes_on + timedelta(days=1)
    return events
