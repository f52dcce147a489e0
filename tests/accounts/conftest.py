"""Three people, what is queued for them, and the cabinet that they ask."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from importlib import import_module

import asyncpg
import orjson
import pytest_asyncio
from cabinet import Cabinet, open_cabinet
from given_accounts import given_user

from lk_graphql.kit.viewer import Viewer

import_module("lk_graphql.accounts.jobs")  # declares the jobs

Jobs = Callable[[], Awaitable[list[tuple[str, dict[str, str]]]]]


@pytest_asyncio.fixture
async def queued(database: str, opened: asyncpg.Connection) -> Jobs:
    """What was enqueued so far: names and ids."""

    async def read() -> list[tuple[str, dict[str, str]]]:
        rows = await opened.fetch("SELECT entrypoint, payload FROM job ORDER BY id")
        return [(row["entrypoint"], orjson.loads(row["payload"])) for row in rows]

    return read


@pytest_asyncio.fixture
async def anna(database: str) -> Viewer:
    return await given_user("anna@example.com")


@pytest_asyncio.fixture
async def boris(database: str) -> Viewer:
    return await given_user("boris@example.com")


@pytest_asyncio.fixture
async def clara(database: str) -> Viewer:
    return await given_user("clara@example.com")


@pytest_asyncio.fixture
async def cabinet(database: str) -> AsyncGenerator[Cabinet]:
    async with open_cabinet(database) as opened:
        yield opened
