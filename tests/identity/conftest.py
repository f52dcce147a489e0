"""What the tests of identity start from."""

import asyncpg
import pytest_asyncio

from lk_graphql.identity.service import consents
from lk_graphql.ports.jobs.schema import install_sql


@pytest_asyncio.fixture
async def world(database: str, opened: asyncpg.Connection) -> asyncpg.Connection:
    """An empty cabinet with the demo company's documents; a connection to look around."""
    if await opened.fetchval("SELECT to_regclass('job') IS NULL"):
        await opened.execute(install_sql())
    await consents.publish(consents.demo_editions())
    return opened
