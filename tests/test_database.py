"""The database holds what the models promise, whoever writes."""

import subprocess
import sys

from lk_graphql import database as models
from lk_graphql.accounts.service.trail import HEARERS
from lk_graphql.identity.models import User
from lk_graphql.notifications.service.calendar import SOURCES
from lk_graphql.ports.jobs.declared import JOBS
from lk_graphql.profile.service.dossiers import KNOWN


async def test_migrations_and_models_agree(database: str):
    assert await models.missing(database) == []
    assert await models.model_changes(database) == []


async def test_tables_are_empty_for_each_test(database: str):
    assert await User.all().count() == 0


WIRED = """
import asyncio, sys
from lk_graphql import database
from lk_graphql.accounts.service.trail import HEARERS
from lk_graphql.notifications.service.calendar import SOURCES
from lk_graphql.ports.jobs.declared import JOBS
from lk_graphql.profile.service.dossiers import KNOWN
asyncio.run(database.open_models("postgresql://nobody@nowhere/none"))
names = [f"{one.__module__}.{one.__name__}" for one in (*HEARERS, *SOURCES)]
print(*sorted([*names, *JOBS, *KNOWN]))
"""
"""What one slice declares to another, in a process that has imported nothing but the models."""


def test_whoever_opens_the_models_has_what_services_rely_on():
    """`lk import` imports no schema, and yet suspends links, tells of bills, enqueues mails."""
    told = subprocess.run([sys.executable, "-c", WIRED], capture_output=True, check=True, text=True)
    here = [f"{one.__module__}.{one.__name__}" for one in (*HEARERS, *SOURCES)]
    here += [name for name in JOBS if name.partition(".")[0] in (*models.SLICES, "jobs")]
    assert told.stdout.split() == sorted([*here, *KNOWN])
    assert "accounts.mail_suspended" in told.stdout.split()
