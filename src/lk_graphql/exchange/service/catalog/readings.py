"""Readings that billing knows of, and its answers to those that customers have sent."""

from lk_graphql.exchange.models import Answer
from lk_graphql.exchange.service.catalog.shared import (
    ACCOUNT_COLUMN,
    ANSWERED_COLUMN,
    METER_COLUMN,
    OF_REGISTER,
    REGISTER_ZONE_COLUMN,
)
from lk_graphql.exchange.service.records import (
    Check,
    Column,
    Computed,
    ImportKind,
    Kind,
    Records,
    SetCheck,
)
from lk_graphql.exchange.service.values import DAY, KEY, MONTH, choice, decimal, text
from lk_graphql.metering.models import ReadingSource, ReadingState

_SAID_SINCE = """
y.source = 'CUSTOMER' AND EXISTS (SELECT FROM reading g WHERE g.register_id = y.register_id
    AND g.period = y.period AND g.state = 'ACCEPTED' AND g.source = 'CUSTOMER'
    AND g.data_as_of > current_setting('lk.as_of')::timestamptz)
"""
"""A newer file has told of another day for the customer's reading of the month."""

_READINGS = Records(
    name="readings",
    table="reading",
    says="Readings («показания») that count: of controllers, of smart meters, estimated, and those"
    " of customers that came another way than through the cabinet.",
    columns=(
        ACCOUNT_COLUMN,
        METER_COLUMN,
        REGISTER_ZONE_COLUMN,
        Column("value", decimal(9, 3), "What the register showed, in kWh."),
        Column("taken_on", DAY, "When it was read."),
        Column("period", MONTH, "The month for which it is billed."),
        Column("source", choice(ReadingSource), "Who read it."),
    ),
    key=("register_id", "taken_on", "period"),
    known_where="t.state = 'ACCEPTED'",
    stamp="data_as_of",
    stale_where=_SAID_SINCE,
    references=(OF_REGISTER,),
    computed=(
        Computed("state", "'ACCEPTED'"),
        Computed("received_at", "current_setting('lk.as_of')::timestamptz", is_compared=False),
    ),
)

_ANSWERS = Records(
    name="reading_answers",
    table="acknowledgement",
    says="Billing's answers to what `lk export readings` has written, by the same keys. What isn't"
    " answered is exported again.",
    columns=(
        Column("reading", KEY, "The reading's key, as it was exported.", into="subject_id"),
        Column(
            "state",
            choice(ReadingState),
            "The reading's state, as it was exported: it may have changed since.",
            into="subject_state",
        ),
        Column(
            "answer",
            choice(Answer),
            "Received; or, of one on review, accepted; or rejected, of which the customer is told.",
        ),
        Column("reason", text(300), "Why it is rejected; the customer reads it.", required=False),
        ANSWERED_COLUMN,
    ),
    key=("subject_id",),
    known_where="t.kind = 'READING'",
    computed=(Computed("kind", "'READING'"),),
    checks=(Check("REQUIRED", "reason", "r.answer = 'REJECTED' AND r.reason IS NULL"),),
    stamp="as_of",
)

_NO_SUCH_READING = """
SELECT r.file, r.line, r.subject_id::text AS value FROM row_reading_answers r
WHERE NOT EXISTS (SELECT FROM reading g WHERE g.id = r.subject_id)
"""
_ANOTHER_COUNTS = """
SELECT r.file, r.line, r.source AS value FROM row_readings r
WHERE r.source = 'CUSTOMER' AND NOT r.is_stale AND (
    EXISTS (SELECT FROM reading g WHERE g.register_id = r.register_id AND g.period = r.period
        AND g.state = 'ACCEPTED' AND g.source = 'CUSTOMER' AND g.id <> r.id
        AND g.data_as_of < r.data_as_of IS NOT TRUE)
    OR EXISTS (SELECT FROM row_readings o WHERE o.register_id = r.register_id
        AND o.period = r.period AND o.source = 'CUSTOMER' AND o.taken_on > r.taken_on)
)
"""
"""Of a customer's readings of a register and month one counts: the last that billing has told of,
unless one was sent here."""

READINGS = Kind(
    ImportKind.READINGS,
    "Readings, and answers to those of customers",
    (_READINGS, _ANSWERS),
    set_checks=(
        SetCheck("readings", "ANOTHER_COUNTS", "source", _ANOTHER_COUNTS),
        SetCheck("reading_answers", "READING_UNKNOWN", "reading", _NO_SUCH_READING),
    ),
)
