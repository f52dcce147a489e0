"""What customers sent and billing counts otherwise: it is replaced, and stays in the history."""

from asyncpg import Connection

from lk_graphql.exchange.service.statements import key_of

_REPLACED = f"""
WITH replaced AS (
    UPDATE reading g SET state = 'SUPERSEDED' FROM row_readings r
    WHERE g.id = r.id AND NOT r.is_new AND g.batch IS NOT NULL
        AND (g.value, g.source) IS DISTINCT FROM (r.value, r.source)
    RETURNING g.id
)
UPDATE row_readings r SET id = {key_of("r")}, is_new = true
FROM replaced WHERE r.id = replaced.id
"""


async def replace_sent(connection: Connection) -> None:
    """Make room for an inspector's reading, say, of the same register, month and day.

    Only one of a day counts. What billing has loaded itself it may correct; what somebody has sent
    through the cabinet would be lost, with its photo and findings under another's number.
    """
    await connection.execute(_REPLACED)
