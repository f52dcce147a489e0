"""Import files of readings, and answers to readings and appeals of customers.

With the statements that decide which readings of customers count: those that an import of readings
replaces, and those that bills are based on.
"""

from datetime import datetime

from asyncpg import Connection

from lk_graphql.accounts.service.account_days import visible_sql
from lk_graphql.exchange.models import Answer, ImportChangeKind, ImportKind
from lk_graphql.exchange.service.import_sql import key_of
from lk_graphql.exchange.service.records import (
    ACCOUNT_COLUMN,
    METER_COLUMN,
    OF_REGISTER,
    REGISTER_ZONE_COLUMN,
    Computed,
    DrasticChange,
    FileColumn,
    ImportFormat,
    Records,
    RowCheck,
    SetCheck,
    as_of_check,
    day_check,
    lock_accounts,
)
from lk_graphql.kit.value_formats import (
    DAY,
    KEY,
    MOMENT,
    MONTH,
    choice,
    decimal,
    text,
)
from lk_graphql.metering.models import ReadingSource, ReadingState
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import notify_accounts

_READ = "row_readings r JOIN register g ON g.id = register_id JOIN meter m ON m.id = meter_id"
_REGISTER_CHECKS = tuple(
    SetCheck(
        "readings",
        code,
        column,
        f"SELECT file, line, r.{column}::text AS value FROM {_READ} WHERE {condition}",
    )
    for code, column, condition in (
        ("TOO_MANY_DECIMALS", "value", "value <> round(value, fraction_digits)"),
        ("TOO_MANY_DIGITS", "value", "value >= 10::numeric ^ digits"),
        ("OUT_OF_SERVICE", "taken_on", "taken_on < installed_on OR taken_on > removed_on"),
    )
)
"""Checks for readings that the register can't have shown."""
_BELOW_PREVIOUS = SetCheck(
    "readings",
    "BELOW_PREVIOUS",
    "value",
    """
    SELECT file, line, value::text FROM (
        SELECT file, line, value, lag(value) OVER (PARTITION BY register_id ORDER BY taken_on)
            AS previous FROM (
            SELECT file, line, register_id, taken_on, value FROM row_readings
            WHERE source <> 'ESTIMATED'
            UNION ALL SELECT NULL, NULL, g.register_id, g.taken_on, g.value FROM reading g
            WHERE g.state = 'ACCEPTED' AND g.source <> 'ESTIMATED'
                AND g.taken_on > (SELECT min(taken_on) - 100 FROM row_readings)
                AND g.register_id IN (SELECT register_id FROM row_readings)
                AND g.id NOT IN (SELECT id FROM row_readings)
        ) read
    ) compared WHERE file IS NOT NULL AND value < previous
    """,
)
"""Note of readings below the previous one, which is in the file, or in the table and less than a
hundred days older than the file's first reading. Such a reading is an error, or the register has
passed zero."""

_ANSWERED_COLUMN = FileColumn(
    "as_of",
    MOMENT,
    "The moment of billing's answer; if empty, that of the import (`--as-of`).",
    required=False,
    default="current_setting('lk.as_of')::timestamptz",
)

_SAME = "{0}.register_id = y.register_id AND {0}.taken_on = y.taken_on AND {0}.value = y.value"
_RETURNED = f"""
SELECT w.id FROM reading w WHERE y.source = 'CUSTOMER' AND {_SAME.format("w")}
    AND w.period = y.period AND w.batch IS NOT NULL
    AND w.state IN ('NEEDS_CONFIRMATION', 'ON_REVIEW')
"""
"""A pending reading that billing returns, and so accepts as by an answer. At most one reading of a
register and month is pending (a unique index)."""
_REPORTED_SINCE = f"""
y.source = 'CUSTOMER' AND EXISTS (SELECT FROM reading g WHERE g.register_id = y.register_id
    AND g.source = 'CUSTOMER' AND (
        g.period = y.period AND g.state = 'ACCEPTED'
        AND g.data_as_of > current_setting('lk.as_of')::timestamptz
        OR g.batch IS NOT NULL AND {_SAME.format("g")}
        AND (g.state IN ('SUPERSEDED', 'WITHDRAWN')
            OR g.state IN ('ACCEPTED', 'ON_REVIEW') AND g.period <> y.period)
        AND NOT EXISTS (SELECT FROM reading c WHERE {_SAME.format("c")} AND c.period = y.period
            AND c.batch IS NOT NULL AND c.state IN ('ACCEPTED', 'NEEDS_CONFIRMATION', 'ON_REVIEW'))
    ))
"""
"""A customer's reading is stale in three cases: a newer file has reported the customer's reading of
the month; or it was submitted in the cabinet, and was replaced or withdrawn since, without being
submitted again; or it was submitted in the cabinet, and counts there for another month."""

_READINGS = Records(
    name="readings",
    table="reading",
    description=(
        "Valid readings («показания»): of controllers, of smart meters, estimated, and those "
        "that customers sent other than through the cabinet. A register's first one is its "
        "value at the installation."
    ),
    columns=(
        ACCOUNT_COLUMN,
        METER_COLUMN,
        REGISTER_ZONE_COLUMN,
        FileColumn("value", decimal(9, 3), "The value of the register, in kWh."),
        FileColumn("taken_on", DAY, "The day of the reading."),
        FileColumn("period", MONTH, "The month for which the reading is billed."),
        FileColumn("source", choice(ReadingSource), "The source of the reading."),
    ),
    key=("register_id", "taken_on", "period"),
    existing_where="t.state = 'ACCEPTED'",
    preferred=_RETURNED,
    stamp="data_as_of",
    stale_where=_REPORTED_SINCE,
    references=(OF_REGISTER,),
    checks=(
        day_check("taken_on", "CASE WHEN r.source = 'ESTIMATED' THEN 31 ELSE 1 END"),
        day_check("period", "31"),
    ),
    computed=(
        Computed("state", "'ACCEPTED'"),
        Computed("received_at", "current_setting('lk.as_of')::timestamptz", is_compared=False),
    ),
)

_READING_ANSWERS = Records(
    name="reading_answers",
    table="acknowledgement",
    description=(
        "Billing's answers to the rows of `lk export readings`, by the same keys. Rows without "
        "an answer are exported again."
    ),
    columns=(
        FileColumn("reading", KEY, "The exported key of the reading.", target="subject_id"),
        FileColumn(
            "state",
            choice(ReadingState),
            "The exported state of the reading, which may have changed since.",
            target="subject_state",
        ),
        FileColumn(
            "answer",
            choice(Answer),
            "The answer: received; accepted, for a reading on review; or rejected, with a "
            "notice to the customer.",
        ),
        FileColumn(
            "reason",
            text(300),
            "The reason for the rejection, shown to the customer.",
            required=False,
        ),
        _ANSWERED_COLUMN,
    ),
    key=("subject_id",),
    existing_where="t.kind = 'READING'",
    computed=(Computed("kind", "'READING'"),),
    checks=(
        as_of_check(),
        RowCheck("REQUIRED", "reason", "r.answer = 'REJECTED' AND r.reason IS NULL"),
    ),
    stamp="as_of",
)

_NO_SUCH_READING = """
SELECT r.file, r.line, r.subject_id::text AS value FROM row_reading_answers r
WHERE NOT EXISTS (SELECT FROM reading g WHERE g.id = r.subject_id)
"""
_OTHER_SOURCE_COUNTS = """
SELECT r.file, r.line, r.source AS value FROM row_readings r
JOIN reading g ON g.register_id = r.register_id AND g.period = r.period
WHERE r.source = 'CUSTOMER' AND NOT r.is_stale AND g.state = 'ACCEPTED' AND g.source = 'CUSTOMER'
    AND g.id <> r.id AND g.data_as_of < r.data_as_of IS NOT TRUE
    AND NOT EXISTS (SELECT FROM reading w WHERE w.id = r.id AND w.state <> 'ACCEPTED')
UNION SELECT r.file, r.line, r.source FROM row_readings r
JOIN row_readings o ON o.register_id = r.register_id AND o.period = r.period
WHERE r.source = 'CUSTOMER' AND NOT r.is_stale AND o.source = 'CUSTOMER'
    AND o.taken_on > r.taken_on
"""
"""Refused customer readings: one per register and month counts. It is the last one that billing has
reported, unless one was submitted in the cabinet. A pending one that is returned replaces it."""


_READING_CHANGED = """
SELECT m.account_id FROM (
    SELECT r.register_id FROM row_readings r JOIN reading t ON t.id = r.id
    WHERE NOT r.is_stale AND t.value <> r.value
    UNION ALL SELECT r.register_id FROM row_readings r
    JOIN reading t ON t.register_id = r.register_id AND t.period = r.period
    WHERE NOT r.is_stale AND r.source = 'CUSTOMER' AND t.source = 'CUSTOMER'
        AND t.state = 'ACCEPTED' AND t.id <> r.id AND t.value <> r.value
        AND NOT EXISTS (SELECT FROM reading w WHERE w.id = r.id AND w.state <> 'ACCEPTED')
) c JOIN register g ON g.id = c.register_id JOIN meter m ON m.id = g.meter_id
"""
_READING_REJECTED = """
SELECT m.account_id FROM row_reading_answers r JOIN reading t ON t.id = r.subject_id
JOIN register g ON g.id = t.register_id JOIN meter m ON m.id = g.meter_id
WHERE NOT r.is_stale AND r.answer = 'REJECTED' AND t.source = 'CUSTOMER'
    AND t.state IN ('ACCEPTED', 'NEEDS_CONFIRMATION', 'ON_REVIEW')
    AND NOT EXISTS (SELECT FROM invoice i WHERE i.account_id = m.account_id
        AND i.period >= t.period)
"""
"""Readings of billed months stay as they are (`metering.service.changes`)."""
_CONCERNED = """
SELECT m.account_id FROM row_readings r JOIN register g ON g.id = r.register_id
JOIN meter m ON m.id = g.meter_id
UNION SELECT m.account_id FROM row_reading_answers r JOIN reading n ON n.id = r.subject_id
JOIN register g ON g.id = n.register_id JOIN meter m ON m.id = g.meter_id
"""

READINGS = ImportFormat(
    ImportKind.READINGS,
    "Readings, and answers to those of customers",
    (_READINGS, _READING_ANSWERS),
    set_checks=(
        *_REGISTER_CHECKS,
        SetCheck("readings", "ANOTHER_COUNTS", "source", _OTHER_SOURCE_COUNTS),
        SetCheck("reading_answers", "READING_UNKNOWN", "reading", _NO_SUCH_READING),
    ),
    notes=(_BELOW_PREVIOUS,),
    drastic_changes=(
        DrasticChange(
            ImportChangeKind.READING_CHANGED,
            "an accepted reading is replaced by one with another value",
            _READING_CHANGED,
        ),
        DrasticChange(
            ImportChangeKind.READING_REJECTED,
            "a reading is rejected, with a notice",
            _READING_REJECTED,
        ),
    ),
    locked_accounts=_CONCERNED,
)


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
_ACCEPTED = """
CREATE TEMP TABLE returned_reading ON COMMIT DROP AS
SELECT g.id FROM row_readings r JOIN reading g ON g.id = r.id
WHERE NOT r.is_stale AND g.state IN ('NEEDS_CONFIRMATION', 'ON_REVIEW')
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


_COUNTED = """
CREATE TEMP TABLE counted_reading ON COMMIT DROP AS
SELECT g.id, g.register_id, g.received_at, i.period, (
    SELECT max(b.period) + interval '1 month' FROM invoice b WHERE b.account_id = i.account_id
)::date AS next_period
FROM row_invoice_readings r JOIN invoice i ON i.id = r.invoice_id
JOIN reading g ON g.id = r.current_id
WHERE NOT r.is_stale AND g.source = 'CUSTOMER'
    AND (g.state <> 'ACCEPTED' OR g.period <> i.period)
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

# A bill without any reading is from a billing system that doesn't send them. Bills have no readings
# of a meter with an expired verification, so such readings keep their month.
_LEAVE_UNBILLED = """
UPDATE reading n SET period = b.next_period, state = CASE WHEN EXISTS (
    SELECT FROM reading o WHERE o.register_id = n.register_id AND o.period = b.next_period
    AND o.state = 'ACCEPTED' AND (o.source = 'CUSTOMER' OR o.taken_on = n.taken_on)
) THEN 'SUPERSEDED' ELSE 'ACCEPTED' END
FROM (
    SELECT id, account_id, period, (period + interval '1 month')::date AS next_period
    FROM row_invoices r WHERE NOT is_stale
        AND EXISTS (SELECT FROM invoice_reading u WHERE u.invoice_id = r.id)
        AND NOT EXISTS (SELECT FROM invoice i WHERE i.account_id = r.account_id
            AND i.period > r.period)
) b JOIN meter m ON m.account_id = b.account_id JOIN register g ON g.meter_id = m.id
WHERE n.register_id = g.id AND n.period = b.period AND n.batch IS NOT NULL
    AND n.source = 'CUSTOMER' AND n.state = 'ACCEPTED'
    AND (m.next_verification_on IS NULL OR n.taken_on <= m.next_verification_on)
    AND NOT EXISTS (SELECT FROM invoice_reading u WHERE (u.invoice_id, u.current_id) = (b.id, n.id))
"""


# Staff can't decide on a reading of a billed month. So a reading on review moves to the first month
# that isn't billed. Of several, the last one stays, unless that month has a later reading.
_KEEP_ON_REVIEW = """
WITH waiting AS (
    SELECT w.id, (SELECT max(period) FROM invoice WHERE account_id = m.account_id) AS billed
    FROM reading w JOIN register g ON g.id = w.register_id JOIN meter m ON m.id = g.meter_id
    WHERE w.state = 'ON_REVIEW' AND m.account_id IN (
        SELECT account_id FROM row_invoices WHERE NOT is_stale
    )
), due AS (
    SELECT id, (billed + interval '1 month')::date AS period FROM waiting
)
UPDATE reading n SET period = due.period, state = CASE WHEN EXISTS (
    SELECT FROM reading o WHERE o.register_id = n.register_id AND (
        o.period > n.period AND o.state = 'ON_REVIEW'
        OR o.period = due.period AND (o.state = 'NEEDS_CONFIRMATION'
            OR o.state = 'ACCEPTED' AND o.taken_on >= n.taken_on))
) THEN 'SUPERSEDED' ELSE 'ON_REVIEW' END
FROM due WHERE n.id = due.id AND n.period < due.period
"""


async def accept_counted(connection: Connection) -> None:
    """Accept the customers' readings on which the bills are based, for the months of these bills.

    A reading that was sent for such a month, but too late for its bill, counts for the first month
    that isn't billed (docs/decisions/0162). A reading on review is moved to that month, too, and
    stays on review. Call it after the bills are written.

    The accounts stay locked until the bills are visible: a reading that is sent meanwhile waits,
    and then can't count for a month that is billed without it.
    """
    await connection.execute(
        lock_accounts("SELECT account_id FROM row_invoices WHERE NOT is_stale")
    )
    await connection.execute(_COUNTED)
    await connection.execute(_LEAVE_TO_NEXT)
    await connection.execute(_COUNT)
    await connection.execute(_LEAVE_UNBILLED)
    await connection.execute(_KEEP_ON_REVIEW)


_APPEAL_ANSWERS = Records(
    name="appeal_answers",
    table="acknowledgement",
    description=(
        "Messages that billing has received, by the keys of `lk export appeals`. The others "
        "are exported again. Answers to customers are written in the back office, not "
        "imported."
    ),
    columns=(
        FileColumn("message", KEY, "The exported key of the message.", target="subject_id"),
        _ANSWERED_COLUMN,
    ),
    key=("subject_id",),
    existing_where="t.kind = 'APPEAL_MESSAGE'",
    computed=(Computed("kind", "'APPEAL_MESSAGE'"), Computed("answer", "'RECEIVED'")),
    checks=(as_of_check(),),
    stamp="as_of",
)

_NO_SUCH_MESSAGE = """
SELECT r.file, r.line, r.subject_id::text AS value FROM row_appeal_answers r
WHERE NOT EXISTS (SELECT FROM appeal_message m WHERE m.id = r.subject_id AND m.direction = 'SENT')
"""

APPEALS = ImportFormat(
    ImportKind.APPEALS,
    "Acknowledgements of customers' messages",
    (_APPEAL_ANSWERS,),
    set_checks=(SetCheck("appeal_answers", "MESSAGE_UNKNOWN", "message", _NO_SUCH_MESSAGE),),
)
