"""What the tests of identity start from."""

from collections.abc import AsyncGenerator

import asyncpg
import httpx
import pytest
import pytest_asyncio
from cabinet_fixtures import cabinet
from identity import given
from identity.frontend import Frontend
from prometheus_client import CollectorRegistry

from lk_graphql.api.context import World, lent
from lk_graphql.api.endpoint import GraphQLEndpoint, Policy
from lk_graphql.api.limits import Limits, validation_rules
from lk_graphql.api.metrics import Metrics
from lk_graphql.api.origins import Origins
from lk_graphql.identity.queries import SESSION
from lk_graphql.identity.service import consents
from lk_graphql.ports.mail import RememberedMails
from lk_graphql.reads.pool import Pool
from lk_graphql.reads.run import Reader
from lk_graphql.schema import graphql_schema

__all__ = ["cabinet"]


@pytest_asyncio.fixture
async def world(database: str, opened: asyncpg.Connection) -> asyncpg.Connection:
    """An empty cabinet with the demo company's documents; a connection to look around."""
    await consents.publish(consents.demo_editions())
    return opened


@pytest.fixture
def mailbox() -> RememberedMails:
    return RememberedMails()


@pytest_asyncio.fixture(scope="session")
async def known_reader(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator[Reader]:
    """With the limits of clients; it checks the whole schema, so all frontends share it."""
    pool = await Pool.open(dsn, size=2)
    rules = validation_rules(Limits(), introspection=True)
    yield Reader(
        graphql_schema, pool, SESSION, given.COMPANY.zone, lent(given.COMPANY, given.LINKS), rules
    )
    await pool.close()


@pytest_asyncio.fixture
async def frontend(
    world: asyncpg.Connection, known_reader: Reader, database: str, mailbox: RememberedMails
) -> AsyncGenerator[Frontend]:
    around = World(known_reader, given.COMPANY, given.ports(mailbox))
    policy = Policy(Origins(given.COMPANY.public_url))
    endpoint = GraphQLEndpoint(lambda: around, policy, Metrics(CollectorRegistry()))
    transport = httpx.ASGITransport(endpoint)
    async with httpx.AsyncClient(transport=transport, base_url=given.COMPANY.public_url) as http:
        yield Frontend(http, mailbox, database)
