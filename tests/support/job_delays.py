"""Retries of jobs without their delays."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg

_SKIP_DELAYS = """
WITH late AS (
    SELECT id, execute_after - updated AS delay FROM job
    WHERE status = 'queued' AND execute_after > now() FOR UPDATE
)
UPDATE job SET execute_after = now() FROM late WHERE job.id = late.id RETURNING late.delay
"""


@asynccontextmanager
async def without_delays(connection: asyncpg.Connection) -> AsyncGenerator[list[timedelta]]:
    """Retry all jobs at once; yield a list of the skipped delays."""
    delays = list[timedelta]()

    async def skip() -> None:
        while True:
            delays.extend([row["delay"] for row in await connection.fetch(_SKIP_DELAYS)])
            await asyncio.sleep(0.02)

    skipping = asyncio.create_task(skip())
    try:
        yield delays
    finally:
        skipping.cancel()
        await asyncio.wait({skipping})
