"""The queue beside the tables, and what it holds."""

from collections.abc import Awaitable, Callable
from importlib import import_module

import asyncpg
import orjson
import pytest_asyncio
from given_accounts import given_user

from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.jobs.schema import install_sql

import_module("lk_graphql.accounts.jobs")  # declares the jobs

Jobs = Callable[[], Awaitable[list[tuple[str, dict[str, str]]]]]


@pytest_asyncio.fixture
async def queued(database: str, opened: asyncpg.Connection) -> Jobs:
    """What was enqueued so far: names and ids."""
    if await opened.fetchval("SELECT to_regclass('job') IS NULL"):
        await opened.execute(install_sql())

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
