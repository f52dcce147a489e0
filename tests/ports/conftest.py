"""An empty queue."""

import asyncpg
import pytest_asyncio


@pytest_asyncio.fixture
async def queue(database: str, opened: asyncpg.Connection) -> asyncpg.Connection:
    """A connection to the database where it is."""
    return opened
