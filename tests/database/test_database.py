"""Tortoise's client under cancellation, and the registration of hooks."""

import asyncio
import subprocess
import sys
from importlib.metadata import version
from unittest.mock import patch

import pytest
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from lk_graphql import database
from lk_graphql.accounts.service.audit import LINK_LISTENERS
from lk_graphql.database import engine
from lk_graphql.identity.models import User
from lk_graphql.notifications.service.calendar import CALENDAR_SOURCES
from lk_graphql.ports.jobs.registry import JOBS
from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES


async def test_tables_are_empty_for_each_test(database: str):
    assert await User.all().count() == 0


async def begin() -> None:
    async with in_transaction():
        await asyncio.sleep(60)


async def test_a_task_cancelled_during_begin_gives_its_connection_back(
    database: str,
):
    """After more cancellations than the pool has connections, all five are still usable."""
    for steps in range(12):  # before acquiring a connection, and before, during and after BEGIN
        for _ in range(2):
            task = asyncio.create_task(begin())
            for _ in range(steps):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()

    barrier = asyncio.Barrier(5)

    async def hold_connection() -> None:
        async with in_transaction():
            await User.exists()
            await barrier.wait()

    async with asyncio.timeout(5):
        await asyncio.gather(*(hold_connection() for _ in range(5)))


def test_the_engine_repairs_the_installed_version_of_tortoise():
    """For another version, read the last section of docs/upstream/tortoise-begin-cancelled.md."""
    assert version("tortoise-orm") == engine.TORTOISE


async def test_a_task_that_couldn_t_begin_goes_on_with_the_models(database: str):
    """The next statement of the task uses another connection."""
    before = get_connection("default")
    with (
        patch.object(TransactionWrapper, "begin", fail_to_begin),
        pytest.raises(ConnectionError, match="gone"),
    ):
        await begin()

    assert get_connection("default") is before
    assert await User.all().count() == 0


async def fail_to_begin(_: object) -> None:
    raise ConnectionError("gone")


SCRIPT = """
from lk_graphql.accounts.service.audit import LINK_LISTENERS
from lk_graphql.notifications.service.calendar import CALENDAR_SOURCES
from lk_graphql.ports.jobs.registry import JOBS
from lk_graphql.hooks import load_hooks
from lk_graphql.profile.service.personal_data import PERSONAL_DATA_SOURCES
load_hooks()
hooks = (*LINK_LISTENERS.values(), *CALENDAR_SOURCES.values())
names = [f"{hook.__module__}.{hook.__name__}" for hook in hooks]
print(*sorted([*names, *JOBS, *PERSONAL_DATA_SOURCES]))
"""
"""Prints the registered names in a process that has imported the hooks only."""


def test_services_have_their_hooks_without_the_schema():
    """`lk import` loads no schema, but suspends links, notifies of bills and enqueues mails."""
    process = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, check=True, text=True
    )
    hooks = (*LINK_LISTENERS.values(), *CALENDAR_SOURCES.values())
    names = [f"{hook.__module__}.{hook.__name__}" for hook in hooks]
    names += [name for name in JOBS if name.partition(".")[0] in (*database.SLICES, "jobs")]
    assert process.stdout.split() == sorted([*names, *PERSONAL_DATA_SOURCES])
    assert "accounts.mail_suspended" in process.stdout.split()
