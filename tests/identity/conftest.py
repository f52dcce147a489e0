"""Fixtures of the identity tests."""

from collections.abc import AsyncGenerator

import asyncpg
import httpx
import pytest
import pytest_asyncio
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from lk_graphql import app, settings
from lk_graphql.demo.documents import demo_documents
from lk_graphql.identity.service import consents
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.ports.mail import InMemoryMailer
from tests.factories import identity
from tests.identity.browser import Browser
from tests.support.fixtures import api

__all__ = ["api"]


@pytest_asyncio.fixture
async def empty_database(database: str, opened: asyncpg.Connection) -> asyncpg.Connection:
    """Publish the demo company's documents; the connection serves for checks."""
    await consents.publish(demo_documents())
    return opened


@pytest.fixture
def mailbox() -> InMemoryMailer:
    return InMemoryMailer()


SETTINGS = settings.read(
    public_url=identity.COMPANY.public_url,
    company_name=identity.COMPANY.name,
    time_zone="Asia/Novokuznetsk",
    database_connections=4,
    log_level="warning",
)


@pytest_asyncio.fixture(scope="session")
async def limited_engine(opened: asyncpg.Connection, dsn: str) -> AsyncGenerator[QueryEngine]:
    """Query engine with the complexity limits of production, shared because it is slow to build."""
    test_settings = SETTINGS.model_copy(update={"database_url": SecretStr(dsn)})
    async with app.open_engine(test_settings, identity.LINKS, ()) as engine:
        yield engine


@pytest_asyncio.fixture
async def browser(
    empty_database: asyncpg.Connection,
    limited_engine: QueryEngine,
    database: str,
    mailbox: InMemoryMailer,
) -> AsyncGenerator[Browser]:
    ports, registry = identity.ports(mailbox), CollectorRegistry()
    # the tests send many documents once, each of which is compiled
    settings = SETTINGS.model_copy(update={"cost_limit": 100_000})
    application = app.create_app(settings, ports=ports, engine=limited_engine, registry=registry)
    transport = httpx.ASGITransport(application)
    async with httpx.AsyncClient(transport=transport, base_url=identity.COMPANY.public_url) as http:
        yield Browser(http, mailbox, database)
