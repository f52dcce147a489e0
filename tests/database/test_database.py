"""The database holds what the models promise, whoever writes."""

import asyncio
import subprocess
import sys
from importlib.metadata import version
from unittest.mock import patch

import pytest
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from lk_graphql import database as models
from lk_graphql.accounts.service.audit import LISTENERS
from lk_graphql.database import engine
from lk_graphql.identity.models import User
from lk_graphql.notifications.service.calendar import SOURCES
from lk_graphql.ports.jobs.registry import JOBS
from lk_graphql.profile.service.personal_data import REGISTRY


async def test_tables_are_empty_for_each_test(database: str):
    assert await User.all().count() == 0


async def begin() -> None:
    async with in_transaction():
        await asyncio.sleep(60)


async def test_who_is_cancelled_anywhere_in_a_transaction_s_beginning_gives_its_connection_back(
    database: str,
):
    """The pool has five: after more such ends than that, five may still work at a time."""
    for steps in range(12):  # before it has a connection, before BEGIN, in it, and after it
        for _ in range(2):
            beginning = asyncio.create_task(begin())
            for _ in range(steps):
                await asyncio.sleep(0)
            beginning.cancel()
            await asyncio.wait([beginning])
            assert beginning.cancelled()

    meeting = asyncio.Barrier(5)

    async def meet() -> None:
        async with in_transaction():
            await User.exists()
            await meeting.wait()

    async with asyncio.timeout(5):
        await asyncio.gather(*(meet() for _ in range(5)))


def test_the_engine_repairs_the_installed_version_of_tortoise():
    """For another version, read the last section of docs/upstream/tortoise-begin-cancelled.md."""
    assert version("tortoise-orm") == engine.TORTOISE


async def test_a_task_that_couldn_t_begin_goes_on_with_the_models(database: str):
    """What it asks next isn't asked over the connection that failed it."""
    before = get_connection("default")
    with (
        patch.object(TransactionWrapper, "begin", unwilling),
        pytest.raises(ConnectionError, match="gone"),
    ):
        await begin()

    assert get_connection("default") is before
    assert await User.all().count() == 0


async def unwilling(_: object) -> None:
    raise ConnectionError("gone")


WIRED = """
from lk_graphql.accounts.service.audit import LISTENERS
from lk_graphql.notifications.service.calendar import SOURCES
from lk_graphql.ports.jobs.registry import JOBS
from lk_graphql.hooks import load_hooks
from lk_graphql.profile.service.personal_data import REGISTRY
load_hooks()
names = [f"{one.__module__}.{one.__name__}" for one in (*LISTENERS.values(), *SOURCES.values())]
print(*sorted([*names, *JOBS, *REGISTRY]))
"""
"""What one slice declares to another, in a process that has imported nothing but the hooks."""


def test_hooks_bring_what_services_rely_on():
    """`lk import` imports no schema, and yet suspends links, tells of bills, enqueues mails."""
    told = subprocess.run([sys.executable, "-c", WIRED], capture_output=True, check=True, text=True)
    here = [f"{one.__module__}.{one.__name__}" for one in (*LISTENERS.values(), *SOURCES.values())]
    here += [name for name in JOBS if name.partition(".")[0] in (*models.SLICES, "jobs")]
    assert told.stdout.split() == sorted([*here, *REGISTRY])
    assert "accounts.mail_suspended" in told.stdout.split()
