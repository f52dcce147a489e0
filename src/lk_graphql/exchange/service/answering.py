"""What billing's answers make of customers' readings: found in SQL, done by metering's rules."""

from datetime import datetime

from asyncpg import Connection

from lk_graphql.exchange.models import Answer
from lk_graphql.metering.errors import PeriodBilled, ReadingFinal, TakenBeforePrevious
from lk_graphql.metering.service.billing_side import BILLING
from lk_graphql.metering.service.changes import accept_reading, reject_reading

_BATCH = 1000

# Most readings were accepted when they were sent: then there is nothing to do.
_TO_DO = """
SELECT r.subject_id, r.answer, r.reason FROM row_reading_answers r
JOIN reading g ON g.id = r.subject_id
WHERE NOT r.is_stale AND (
    r.answer = 'ACCEPTED' AND g.state IN ('NEEDS_CONFIRMATION', 'ON_REVIEW')
    OR r.answer = 'REJECTED' AND g.state IN ('ACCEPTED', 'NEEDS_CONFIRMATION', 'ON_REVIEW')
)
"""
_SEEN = """
UPDATE acknowledgement a SET subject_state = g.state FROM reading g, row_reading_answers r
WHERE a.subject_id = r.subject_id AND g.id = a.subject_id AND NOT r.is_stale
    AND r.answer <> 'RECEIVED' AND a.subject_state <> g.state
"""
"""What billing has decided itself needn't be exported to it."""


async def answer_readings(connection: Connection, *, now: datetime) -> int:
    """Accept and reject as billing says, and tell the customers; how many that were.

    A reading whose month has been billed, that was withdrawn meanwhile, or on whose day somebody
    else has read the register, stays as it is.
    """
    cursor = await connection.cursor(_TO_DO)
    answered = 0
    while found := await cursor.fetch(_BATCH):
        for reading_id, answer, reason in found:
            try:
                if answer == Answer.ACCEPTED:
                    await accept_reading(reading_id, billing=BILLING, now=now)
                else:
                    await reject_reading(reading_id, reason, billing=BILLING, now=now)
            except (PeriodBilled, ReadingFinal, TakenBeforePrevious):
                continue
            answered += 1
    await connection.execute(_SEEN)
    return answered
