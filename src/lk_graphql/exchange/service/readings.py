"""Readings of an import: replaced and returned ones, and those on which bills are based."""

from datetime import datetime

from asyncpg import Connection

from lk_graphql.accounts.service.account_days import visible_sql
from lk_graphql.billing.service.invoices import ZONE_ESTIMATE_SQL
from lk_graphql.exchange.service.import_sql import key_of
from lk_graphql.exchange.service.loading import lock_accounts
from lk_graphql.import_formats.service.readings import ACKNOWLEDGED_STATE
from lk_graphql.metering.models import CURRENT_STATES_SQL, PENDING_STATES_SQL
from lk_graphql.metering.service.checks import REVIEWED_KINDS_SQL
from lk_graphql.metering.service.reading_states import KEEP_ON_REVIEW, SETTLE_ESTIMATES
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import notify_accounts

# A reading that has come back in `readings` may have no answer; its row is created.
_EXPORT_AGAIN = """
WITH moved AS ({moved})
INSERT INTO acknowledgement (id, kind, subject_id, subject_state, answer, as_of)
SELECT new_key(), 'READING', moved.id, 'MOVED', 'RECEIVED', coalesce(data_as_of, received_at)
FROM moved LEFT JOIN acknowledgement a ON a.subject_id = moved.id
WHERE a.id IS NOT NULL OR batch IS NOT NULL AND data_as_of IS NOT NULL
ON CONFLICT (subject_id) DO UPDATE SET subject_state = excluded.subject_state
"""


def export_again(moved: str) -> str:
    """The statement by which readings are exported again, after they have changed their month.

    Billing has acknowledged them for the month before. `moved` selects them, or is an update that
    moves them and returns them.
    """
    return _EXPORT_AGAIN.format(moved=moved)


_REPLACED = f"""
WITH replaced AS (
    UPDATE reading g SET state = 'SUPERSEDED' FROM row_readings r
    WHERE g.id = r.id AND NOT r.is_new AND NOT r.is_stale AND g.batch IS NOT NULL
        AND (g.value, g.source) IS DISTINCT FROM (r.value, r.source)
    RETURNING g.id
)
UPDATE row_readings r SET id = {key_of("r")}, is_new = true
FROM replaced WHERE r.id = replaced.id
"""
_OUTDATED = """
UPDATE reading g SET state = 'SUPERSEDED' FROM row_readings r
WHERE r.source = 'CUSTOMER' AND NOT r.is_stale AND g.register_id = r.register_id
    AND g.period = r.period AND g.state = 'ACCEPTED' AND g.id <> r.id
    AND (g.source = 'CUSTOMER' OR g.taken_on = r.taken_on)
"""
_ACCEPTED = f"""
CREATE TEMP TABLE returned_reading ON COMMIT DROP AS
SELECT g.id FROM row_readings r JOIN reading g ON g.id = r.id
WHERE NOT r.is_stale AND g.state IN ({PENDING_STATES_SQL})
"""
_OF_RETURNED = f"""
SELECT account.id, 'reading/' || reading.id || '/accepted', account.id, reading.period, NULL::date,
    NULL::bigint
FROM returned_reading JOIN reading USING (id) JOIN register ON register.id = reading.register_id
JOIN meter ON meter.id = register.meter_id JOIN account ON account.id = meter.account_id
WHERE {visible_sql("reading.taken_on")}
"""


async def supersede_readings(connection: Connection) -> None:
    """Supersede the readings that the file replaces, in three cases.

    If the file has another reading for the register, month and day of a reading submitted through
    the cabinet, the submitted one keeps its row, with photo and findings, as superseded. A
    customer's reading that billing has reported earlier for another day of the month is superseded,
    too, because the checks permit one a month. So are the month's reading and that of the day, if
    the file returns a pending one.
    """
    await connection.execute(_ACCEPTED)
    await connection.execute(_REPLACED)
    await connection.execute(_OUTDATED)


async def notify_of_returned(connection: Connection, *, now: datetime) -> int:
    """Notify customers of the pending readings that the import has accepted; return their number.

    Call it after the readings are written.
    """
    await notify_accounts(NoticeKind.READINGS_ACCEPTED, _OF_RETURNED, now=now)
    return await connection.fetchval("SELECT count(*) FROM returned_reading")


# The reading counts as the file has it, or a bill names it.
_AGREED = """
UPDATE acknowledgement k
SET subject_state = g.state, as_of = current_setting('lk.as_of')::timestamptz
FROM reading g, ({readings}) r
WHERE g.id = r.id AND g.period = r.period AND g.source = 'CUSTOMER' AND g.state = 'ACCEPTED'
    AND k.subject_id = g.id AND k.subject_state <> g.state
    AND k.as_of <= current_setting('lk.as_of')::timestamptz
"""
_RETURNED = "SELECT id, period FROM row_readings WHERE NOT is_stale"
_NAMED = """
SELECT u.current_id AS id, i.period FROM row_invoice_readings u JOIN row_invoices i
ON i.id = u.invoice_id WHERE NOT u.is_stale"""
# The reading has changed in the cabinet since billing fetched it: `_REPORTED_SINCE` of the file.
_CHANGED = """
INSERT INTO acknowledgement AS k (id, kind, subject_id, subject_state, answer, as_of)
SELECT DISTINCT ON (g.id) new_key(), 'READING', g.id,
    CASE WHEN g.period = r.period THEN 'ACCEPTED' ELSE 'MOVED' END, 'RECEIVED',
    current_setting('lk.as_of')::timestamptz
FROM row_readings r JOIN reading g ON g.register_id = r.register_id AND g.taken_on = r.taken_on
    AND g.value = r.value
WHERE r.is_stale AND r.source = 'CUSTOMER' AND g.source = 'CUSTOMER' AND g.batch IS NOT NULL
    AND (g.period <> r.period OR g.state IN ('SUPERSEDED', 'WITHDRAWN', 'REJECTED'))
    AND NOT EXISTS (SELECT FROM reading o WHERE o.register_id = g.register_id
        AND o.period = r.period AND o.source = 'CUSTOMER' AND o.state = 'ACCEPTED'
        AND (o.data_as_of > current_setting('lk.as_of')::timestamptz
            OR o.taken_on = g.taken_on AND o.value = g.value))
ORDER BY g.id, g.period = r.period DESC
ON CONFLICT (subject_id) DO UPDATE
SET subject_state = excluded.subject_state, as_of = excluded.as_of
WHERE k.subject_state = 'ON_REVIEW' AND k.as_of <= excluded.as_of
"""
# Billing has one reading of a register, month and day, and one of the customer's of a month.
_REPLACED_THERE = f"""
INSERT INTO acknowledgement AS k (id, kind, subject_id, subject_state, answer, as_of)
SELECT DISTINCT ON (g.id) new_key(), 'READING', g.id, g.state, 'RECEIVED',
    current_setting('lk.as_of')::timestamptz
FROM row_readings r JOIN reading o ON o.id = r.id
JOIN reading g ON g.register_id = r.register_id AND g.period = r.period AND g.id <> r.id
LEFT JOIN acknowledgement k ON k.subject_id = g.id
WHERE NOT r.is_stale AND o.state = 'ACCEPTED' AND g.source = 'CUSTOMER'
    AND g.state IN ('SUPERSEDED', 'WITHDRAWN', 'REJECTED')
    AND (r.source = 'CUSTOMER' OR g.taken_on = r.taken_on)
    AND g.batch IS NOT NULL AND {ACKNOWLEDGED_STATE} <> g.state
ON CONFLICT (subject_id) DO UPDATE
SET subject_state = excluded.subject_state, as_of = excluded.as_of
WHERE k.as_of <= excluded.as_of
"""


async def acknowledge_returned(connection: Connection) -> None:
    """Acknowledge customers' readings as billing has them by its file (`ACKNOWLEDGED_STATE`).

    A reading that was withdrawn, replaced, rejected or moved between its export and its return is
    acknowledged as billing has it, and so is exported again. Call it after the rows of the files
    are written.
    """
    await connection.execute(_AGREED.format(readings=_RETURNED))
    await connection.execute(_CHANGED)
    await connection.execute(_REPLACED_THERE)


# A bill without any reading may be from a billing system that doesn't send them. Then the basis of
# its lines decides, or else whether the month has an estimate: one of 0 kWh has no line.
_IS_ESTIMATED = f"""
coalesce((SELECT is_estimated FROM ({ZONE_ESTIMATE_SQL}) zone), EXISTS (
    SELECT FROM reading e WHERE e.register_id = {{register}}.id AND e.period = {{bill}}.period
    AND e.source = 'ESTIMATED' AND e.state = 'ACCEPTED'
))"""
_NEXT_PERIOD = """(
    SELECT max(b.period) + interval '1 month' FROM invoice b WHERE b.account_id = i.account_id
)::date AS next_period"""


# A bill without readings counts the last reading that billing has acknowledged as accepted, if a
# replacement or withdrawal since wasn't acknowledged: billing hasn't fetched it.
_COUNTED = f"""
CREATE TEMP TABLE counted_reading ON COMMIT DROP AS
SELECT g.id, g.register_id, g.received_at, i.period, {_NEXT_PERIOD}
FROM row_invoice_readings r JOIN invoice i ON i.id = r.invoice_id
JOIN reading g ON g.id = r.current_id
WHERE NOT r.is_stale AND g.source = 'CUSTOMER'
    AND (g.state <> 'ACCEPTED' OR g.period <> i.period)
UNION ALL SELECT id, register_id, received_at, period, next_period
FROM (
    SELECT DISTINCT ON (g.register_id, i.period)
        g.id, g.register_id, g.received_at, g.state, i.period, {_NEXT_PERIOD}
    FROM row_invoices r JOIN invoice i ON i.id = r.id
    JOIN meter m ON m.account_id = i.account_id JOIN register s ON s.meter_id = m.id
    JOIN reading g ON g.register_id = s.id AND g.period = i.period
    LEFT JOIN acknowledgement k ON k.subject_id = g.id
    WHERE NOT r.is_stale AND g.source = 'CUSTOMER'
        AND g.state IN ('ACCEPTED', 'SUPERSEDED', 'WITHDRAWN')
        AND {ACKNOWLEDGED_STATE} IN ('ACCEPTED', 'MOVED')
        AND NOT EXISTS (SELECT FROM invoice_reading u WHERE u.invoice_id = i.id)
        AND NOT {_IS_ESTIMATED.format(bill="i", register="s")}
    ORDER BY g.register_id, i.period, g.received_at DESC, g.id DESC
) acknowledged WHERE state <> 'ACCEPTED'
"""
_LEAVE_TO_NEXT = """
WITH other AS (
    SELECT n.id, n.taken_on, c.register_id, c.next_period,
        n.received_at < c.received_at OR lead(n.id) OVER (
            PARTITION BY c.register_id, c.next_period ORDER BY n.received_at, n.id
        ) IS NOT NULL AS is_outdated
    FROM counted_reading c JOIN reading n ON n.register_id = c.register_id AND n.period = c.period
    WHERE n.source = 'CUSTOMER' AND n.state = 'ACCEPTED'
        AND n.id NOT IN (SELECT id FROM counted_reading)
)
UPDATE reading n SET period = c.next_period,
    state = CASE WHEN c.is_outdated OR EXISTS (
        SELECT FROM reading o WHERE o.register_id = c.register_id AND o.period = c.next_period
        AND o.state = 'ACCEPTED' AND (o.source = 'CUSTOMER' OR o.taken_on = c.taken_on)
    ) THEN 'SUPERSEDED' ELSE 'ACCEPTED' END
FROM other c WHERE n.id = c.id
"""
_COUNT = """
UPDATE reading g SET state = 'ACCEPTED', period = c.period, reason = NULL
FROM (SELECT DISTINCT ON (id) id, period FROM counted_reading ORDER BY id, period DESC) c
WHERE g.id = c.id AND NOT EXISTS (
    SELECT FROM reading o WHERE o.register_id = g.register_id AND o.period = c.period
    AND o.state = 'ACCEPTED' AND o.id <> g.id
    AND (o.source = 'CUSTOMER' OR o.taken_on = g.taken_on)
)
"""
"""Skips a reading if another accepted one, such as an inspector's, has its day and month."""


_NEWEST_BILLS = """(
    SELECT id, account_id, period, is_new, (period + interval '1 month')::date AS next_period
    FROM row_invoices r WHERE NOT is_stale
        AND NOT EXISTS (SELECT FROM invoice i WHERE i.account_id = r.account_id
            AND i.period > r.period)
) b JOIN meter m ON m.account_id = b.account_id JOIN register g ON g.meter_id = m.id
WHERE n.register_id = g.id AND n.batch IS NOT NULL AND n.source = 'CUSTOMER'"""
_OF_NEWEST_BILLS = f"{_NEWEST_BILLS} AND n.period = b.period"
"""The readings `n` that customers have sent in the cabinet for the month of an account's newest
bill `b`."""
# The bill before was based on a later reading, which included this one. After other causes, the
# customer has sent a later reading, or another one of the month or the day is accepted.
_DECIDE_AGAIN = f"""
UPDATE reading n SET state = CASE WHEN EXISTS (
        SELECT FROM reading_finding f WHERE f.reading_id = n.id
        AND (f.kind IN ({REVIEWED_KINDS_SQL}) OR f.mistake IS NOT NULL)
    ) THEN 'ON_REVIEW' ELSE 'ACCEPTED' END
FROM {_OF_NEWEST_BILLS} AND n.state = 'SUPERSEDED' AND NOT b.is_new
    AND NOT EXISTS (
        SELECT FROM reading o WHERE o.register_id = g.id AND o.taken_on >= n.taken_on AND CASE
            WHEN EXISTS (SELECT FROM invoice_reading u WHERE u.invoice_id = b.id)
            THEN o.source <> 'ESTIMATED' AND EXISTS (SELECT FROM invoice_reading u
                WHERE (u.invoice_id, u.register_id, u.current_id) = (b.id, g.id, o.id))
            ELSE o.period = n.period AND o.state = 'ACCEPTED'
                AND o.source NOT IN ('CUSTOMER', 'ESTIMATED')
                AND NOT {_IS_ESTIMATED.format(bill="b", register="g")} END)
    AND NOT EXISTS (
        SELECT FROM reading o WHERE o.register_id = g.id AND o.id <> n.id AND (
            o.source = 'CUSTOMER' AND o.period >= n.period
                AND (o.received_at, o.id) > (n.received_at, n.id)
            OR o.period = n.period AND (o.source = 'CUSTOMER' AND o.state IN ({CURRENT_STATES_SQL})
                OR o.taken_on = n.taken_on AND o.state = 'ACCEPTED')))
"""
"""The customers' last readings of months whose bill is issued again without them."""


# Such as a reading that a bill before has left to the next month, or that was sent late, for it.
_INCLUDE_WAITING = f"""
UPDATE reading n SET period = b.period, state = 'SUPERSEDED'
FROM {_NEWEST_BILLS} AND n.period > b.period AND n.state IN ('ACCEPTED', 'ON_REVIEW')
    AND EXISTS (SELECT FROM invoice_reading u JOIN reading o ON o.id = u.current_id
        WHERE u.invoice_id = b.id AND u.register_id = g.id AND o.taken_on >= n.taken_on
        AND o.source NOT IN ('CUSTOMER', 'ESTIMATED'))
"""
"""The customers' readings of later months that a bill includes, because it is based on a later one
of another source."""


# Bills have no readings of a meter with an expired verification, so such readings keep their month.
# A reading keeps it, too, if the bill is based on a later one, such as an inspector's, because this
# one includes its energy.
_LEAVE_UNBILLED = f"""
UPDATE reading n SET (period, state) = (SELECT
    CASE WHEN is_included THEN n.period ELSE b.next_period END,
    CASE WHEN is_included OR EXISTS (
        SELECT FROM reading o WHERE o.register_id = n.register_id AND o.period = b.next_period
        AND o.state = 'ACCEPTED' AND (o.source = 'CUSTOMER' OR o.taken_on = n.taken_on)
    ) THEN 'SUPERSEDED' ELSE 'ACCEPTED' END
    FROM (SELECT EXISTS (
        SELECT FROM invoice_reading u JOIN reading o ON o.id = u.current_id
        WHERE u.invoice_id = b.id AND u.register_id = n.register_id AND o.source <> 'ESTIMATED'
        AND o.taken_on >= n.taken_on
    ) AS is_included) later)
FROM {_OF_NEWEST_BILLS} AND n.state = 'ACCEPTED'
    AND (m.next_verification_on IS NULL OR n.taken_on <= m.next_verification_on)
    AND NOT EXISTS (SELECT FROM invoice_reading u WHERE (u.invoice_id, u.current_id) = (b.id, n.id))
    AND (EXISTS (SELECT FROM invoice_reading u WHERE u.invoice_id = b.id)
        OR {_IS_ESTIMATED.format(bill="b", register="g")})
"""
_OF_BILLS = "SELECT account_id FROM row_invoices WHERE NOT is_stale"
_BILLED_REGISTERS = """
SELECT g.id AS register_id, r.period, EXISTS (
    SELECT FROM invoice_reading u JOIN reading n ON n.id = u.current_id
    WHERE u.invoice_id = r.id AND u.register_id = g.id AND n.source <> 'ESTIMATED'
) AS is_read
FROM row_invoices r JOIN meter m USING (account_id) JOIN register g ON g.meter_id = m.id
WHERE NOT r.is_stale
"""


async def accept_counted(connection: Connection) -> None:
    """Accept the customers' readings on which the bills are based, for the months of these bills.

    A reading that was sent for such a month, but too late for its bill, counts for the first month
    that isn't billed (docs/decisions/0162). A reading on review is moved to that month, too, and
    stays on review. Both are superseded if the month has a later reading of billing. An estimate
    doesn't count beside a reading on which its month's bill is based. Call it after the bills are
    written.

    The accounts stay locked until the bills are visible: a reading that is sent meanwhile waits,
    and then can't count for a month that is billed without it.
    """
    await connection.execute(lock_accounts(_OF_BILLS))
    await connection.execute(_DECIDE_AGAIN)
    await connection.execute(_COUNTED)
    await connection.execute(export_again(f"{_LEAVE_TO_NEXT} RETURNING n.*"))
    await connection.execute(SETTLE_ESTIMATES.format(billed=_BILLED_REGISTERS))
    await connection.execute(_COUNT)
    await connection.execute(export_again(f"{_LEAVE_UNBILLED} RETURNING n.*"))
    await connection.execute(export_again(f"{_INCLUDE_WAITING} RETURNING n.*"))
    on_review = KEEP_ON_REVIEW.format(accounts=_OF_BILLS)
    await connection.execute(export_again(f"{on_review} RETURNING n.*"))
    await connection.execute(_AGREED.format(readings=_NAMED))
