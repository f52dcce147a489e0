"""What billing's word replaces: it doesn't count any more, and stays in the history."""

from asyncpg import Connection

from lk_graphql.exchange.service.statements import key_of

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
    AND g.period = r.period AND g.state = 'ACCEPTED' AND g.source = 'CUSTOMER' AND g.id <> r.id
"""


async def make_room(connection: Connection) -> None:
    """For an inspector's reading, say, of the same register, month and day; only one counts.

    What billing has loaded itself it may correct; what somebody has sent through the cabinet would
    be lost, with its photo and findings under another's number. And for a customer's reading that
    billing told of another day before: the checks have left no other that counts for the month.
    """
    await connection.execute(_REPLACED)
    await connection.execute(_OUTDATED)
