"""Payments of the cabinet that billing reports back: they aren't «в обработке» any more."""

from datetime import datetime

from asyncpg import Connection

from lk_graphql.payments.service.registry import acknowledge

_BATCH = 1000

_POSTED = """
SELECT w.number FROM registry_row w JOIN row_payments r ON r.external_id = w.number
WHERE w.posted_at IS NULL
"""


async def acknowledge_posted(connection: Connection, *, now: datetime) -> int:
    """Found in SQL, done by the rule of payments; how many there were.

    In the transaction that brings them: a customer never sees a payment counted twice.
    """
    cursor = await connection.cursor(_POSTED)
    posted = 0
    while found := await cursor.fetch(_BATCH):
        posted += await acknowledge([number for (number,) in found], now=now)
    return posted
