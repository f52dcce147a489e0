"""Waits for locks of PostgreSQL, in tests of concurrent transactions."""

import asyncio

import asyncpg

_WAITING = """SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
WHERE NOT granted AND datname = current_database()"""


async def until_locks_are_awaited(connection: asyncpg.Connection, count: int = 1) -> None:
    """Return as soon as so many connections to the database wait for a lock."""
    async with asyncio.timeout(10):
        while len(await connection.fetch(_WAITING)) < count:
            await asyncio.sleep(0.01)
            # a transaction sees the connections of its first look, and no newer ones
            await connection.execute("SELECT pg_stat_clear_snapshot()")
