"""Fixtures of the job queue."""

import asyncpg
import pytest_asyncio


@pytest_asyncio.fixture
async def queue(database: str, opened: asyncpg.Connection) -> asyncpg.Connection:
    """A connection to a database with an empty queue."""
    return opened
