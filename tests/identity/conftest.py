"""What the tests of identity start from."""

from collections.abc import AsyncGenerator

import asyncpg
import httpx
import pytest
import pytest_asyncio
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from lk_graphql import app, settings
from lk_graphql.api.complexity import Limits, validation_rules
from lk_graphql.identity.service import consents
from lk_graphql.planner.engine import Reader
from lk_graphql.ports.mail import RememberedMails
from tests.factories import identity
from tests.identity.browser import Frontend
from tests.support.fixtures import cabinet

__all__ = ["cabinet"]


@pytest_asyncio.fixture
async def world(database: str, opened: asyncpg.Connection) -> asyncpg.Connection:
    """An empty cabinet with the demo company's documents; a connection to look around."""
    await consents.publish(consents.demo_editions())
    return opened


@pytest.fixture
def mailbox() -> RememberedMails:
    return RememberedMails()


SETTINGS = settings.read(
    public_url=identity.COMPANY.public_url,
    company_name=identity.COMPANY.name,
    time_zone="Asia/Novokuznetsk",
    database_connections=4,
    log_level="warning",
)


@pytest_asyncio.fixture(scope="session")
async def known_reader(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator[Reader]:
    """With the limits of clients; it checks the whole schema, so all frontends share it."""
    chosen = SETTINGS.model_copy(update={"database_url": SecretStr(dsn)})
    rules = validation_rules(Limits(), introspection=True)
    async with app.open_reader(chosen, identity.LINKS, rules) as reader:
        yield reader


@pytest_asyncio.fixture
async def frontend(
    world: asyncpg.Connection, known_reader: Reader, database: str, mailbox: RememberedMails
) -> AsyncGenerator[Frontend]:
    ports, registry = identity.ports(mailbox), CollectorRegistry()
    built = app.create_app(SETTINGS, ports=ports, reader=known_reader, registry=registry)
    transport = httpx.ASGITransport(built)
    async with httpx.AsyncClient(transport=transport, base_url=identity.COMPANY.public_url) as http:
        yield Frontend(http, mailbox, database)
