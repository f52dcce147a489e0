"""Migrations undone one by one, back to a certain one, in a process of their own."""

import subprocess
import sys

from tests.support.cli_process import environment

_UNDO = """
import asyncio, sys
from lk_graphql.database import migrations

async def undo(dsn, last):
    while last not in (await migrations.downgrade(dsn))[0]:
        pass

asyncio.run(undo(*sys.argv[1:]))
"""


def undo_migrations(dsn: str, last: str) -> None:
    """Undo the newest migrations, the last of which has `last` in its name.

    Not in the test's process, because undoing closes the models of the process.
    """
    done = subprocess.run(
        [sys.executable, "-c", _UNDO, dsn, last],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
