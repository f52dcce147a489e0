"""Fixtures that the conftests of slices import: the application's client, and customers."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.ports.pdf import PdfPool
from tests.factories.accounts import given_user
from tests.support.client import ApiClient, open_client


@pytest_asyncio.fixture
async def api(database: str, engine: QueryEngine, pdfs: PdfPool) -> AsyncGenerator[ApiClient]:
    async with open_client(engine, pdfs=pdfs) as client:
        yield client


@pytest_asyncio.fixture
async def anna(database: str) -> Viewer:
    return await given_user("anna@example.com")


@pytest_asyncio.fixture
async def boris(database: str) -> Viewer:
    return await given_user("boris@example.com")


@pytest_asyncio.fixture
async def clara(database: str) -> Viewer:
    return await given_user("clara@example.com")
