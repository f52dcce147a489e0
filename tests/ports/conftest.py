"""An empty queue."""

import asyncpg
import pytest_asyncio

from lk_graphql.ports.jobs.schema import install_sql


@pytest_asyncio.fixture
async def queue(database: str, opened: asyncpg.Connection) -> asyncpg.Connection:
    """A connection to the database where it is."""
    if await opened.fetchval("SELECT to_regclass('job') IS NULL"):
        await opened.execute(install_sql())
    return opened
