"""Import files of readings, and answers to readings and appeals of customers."""

from lk_graphql.import_formats.service.columns import (
    ACCOUNT_COLUMN,
    METER_COLUMN,
    OF_REGISTER,
    REGISTER_ZONE_COLUMN,
    as_of_check,
    day_check,
)
from lk_graphql.import_formats.service.kinds import Answer, ImportChangeKind, ImportKind
from lk_graphql.import_formats.service.records import (
    Computed,
    DrasticChange,
    FileColumn,
    ImportFormat,
    Records,
    RowCheck,
    SetCheck,
)
from lk_graphql.metering.models import (
    CURRENT_STATES_SQL,
    PENDING_STATES_SQL,
    ReadingSource,
    ReadingState,
)
from lk_graphql.tabular.value_formats import DAY, KEY, MOMENT, MONTH, choice, decimal, text

_READ = "row_readings r JOIN register g ON g.id = register_id JOIN meter m ON m.id = meter_id"
_REMOVED_ON = "least(m.removed_on, g.removed_on)"
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
        ("OUT_OF_SERVICE", "taken_on", f"taken_on < installed_on OR taken_on > {_REMOVED_ON}"),
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
    AND w.state IN ({PENDING_STATES_SQL})
"""
"""A pending reading that billing returns, and so accepts as by an answer. At most one reading of a
register and month is pending (a unique index)."""
ACKNOWLEDGED_STATE = """
coalesce(k.subject_state, CASE WHEN g.data_as_of IS NOT NULL THEN 'ACCEPTED' END)"""
"""The state in which billing has the reading `g`, whose acknowledgement is `k` (a LEFT JOIN); null
if billing hasn't acknowledged the reading.

Billing has clearly received a state (docs/decisions/0091), if it
- answers to it in `reading_answers`, or decides it by the answer;
- returns the reading in `readings`, as accepted for the month for which it counts;
- sends in `readings` another reading, which counts in place of one that doesn't count any more;
- names the reading in the bill of its month, as accepted.

It is MOVED if billing has the reading in another month. A reading is exported while its state
isn't the acknowledged one."""
_REPORTED_SINCE = f"""
y.source = 'CUSTOMER' AND EXISTS (SELECT FROM reading g WHERE g.register_id = y.register_id
    AND g.source = 'CUSTOMER' AND (
        g.period = y.period AND g.state = 'ACCEPTED'
        AND g.data_as_of > current_setting('lk.as_of')::timestamptz
        OR g.batch IS NOT NULL AND {_SAME.format("g")}
        AND (g.state IN ('SUPERSEDED', 'WITHDRAWN')
            OR g.state = 'REJECTED' AND NOT EXISTS (SELECT FROM acknowledgement k
                WHERE k.subject_id = g.id AND k.subject_state = 'REJECTED'
                AND k.as_of <= current_setting('lk.as_of')::timestamptz)
            OR g.state IN ('ACCEPTED', 'ON_REVIEW') AND g.period <> y.period)
        AND NOT EXISTS (SELECT FROM reading c WHERE {_SAME.format("c")} AND c.period = y.period
            AND c.batch IS NOT NULL AND c.state IN ({CURRENT_STATES_SQL}))
    ))
"""
"""A customer's reading is stale in three cases: a newer file has reported the customer's reading of
the month; or it was submitted in the cabinet, and was replaced, withdrawn, or rejected since,
without being submitted again; or it was submitted in the cabinet, and counts there for another
month. Billing may send a rejected reading once it has acknowledged the rejection."""
_READ_INSTEAD = """
y.source = 'ESTIMATED' AND EXISTS (SELECT FROM register g JOIN meter m ON m.id = g.meter_id
    JOIN invoice i ON i.account_id = m.account_id AND i.period = y.period
    JOIN invoice_reading u ON u.invoice_id = i.id AND u.register_id = g.id
    JOIN reading n ON n.id = u.current_id
    WHERE g.id = y.register_id AND n.source <> 'ESTIMATED')
"""
"""An estimate is stale if the month's bill is based on a value that was read."""
_READINGS = Records(
    name="readings",
    table="reading",
    description=(
        "Valid readings («показания»): of inspectors, of smart meters, estimated, and those "
        "that customers sent other than through the cabinet. A register's first one is its "
        "value at the installation. An estimate doesn't count if the bill of its month is based on "
        "a value that was read."
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
    stale_where=f"{_REPORTED_SINCE} OR {_READ_INSTEAD}",
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
        FileColumn(
            "period",
            MONTH,
            "The exported month. If it is given, a reading that has moved to another month since "
            "is exported again.",
            required=False,
            target=None,
            exported_as="to_char((SELECT g.period FROM reading g WHERE g.id = t.subject_id),"
            " 'YYYY-MM')",
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
_READING_REJECTED = f"""
SELECT m.account_id FROM row_reading_answers r JOIN reading t ON t.id = r.subject_id
JOIN register g ON g.id = t.register_id JOIN meter m ON m.id = g.meter_id
WHERE NOT r.is_stale AND r.answer = 'REJECTED' AND t.source = 'CUSTOMER'
    AND t.state IN ({CURRENT_STATES_SQL})
    AND NOT EXISTS (SELECT FROM invoice i WHERE i.account_id = m.account_id
        AND i.period >= t.period)
"""
"""Readings of billed months stay as they are (`metering.service.reading_states`)."""
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
