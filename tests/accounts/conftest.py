"""Fixtures of the account tests: the API, users, and the enqueued jobs."""

from collections.abc import Awaitable, Callable

import asyncpg
import orjson
import pytest_asyncio

from tests.support.fixtures import anna, api, boris, clara

__all__ = ["anna", "api", "boris", "clara", "queued"]

Jobs = Callable[[], Awaitable[list[tuple[str, dict[str, str]]]]]


@pytest_asyncio.fixture
async def queued(database: str, opened: asyncpg.Connection) -> Jobs:
    """A function that returns the enqueued jobs: names and arguments."""

    async def read() -> list[tuple[str, dict[str, str]]]:
        rows = await opened.fetch("SELECT entrypoint, payload FROM job ORDER BY id")
        return [(row["entrypoint"], orjson.loads(row["payload"])) for row in rows]

    return read
