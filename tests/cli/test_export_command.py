"""`lk export`: its file is always complete, and nothing else remains in the folder."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import asyncpg
import pytest

from tests.factories.accounts import given_account
from tests.factories.payments import given_movement
from tests.support.cli_process import lk
from tests.support.locks import until_locks_are_awaited

HEADER = "external_id;account;amount;period;happened_at"
OTHER_PROCESSES = """SELECT count(pg_terminate_backend(pid)) FROM pg_locks
JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()"""


async def export(dsn: str, folder: Path, *options: str) -> CompletedProcess[str]:
    words = ("export", "payments", "--since", "2020-01-01", *options)
    return await asyncio.to_thread(lk, *words, folder=folder, LK_DATABASE_URL=dsn)


def amounts(path: Path) -> list[str]:
    header, *lines = path.read_text().splitlines()
    assert header == HEADER
    return [line.split(";")[2] for line in lines]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def given_payments() -> None:
    account = await given_account("0000000001")
    for amount in (100, 200, 300):
        await given_movement(account, amount, posted_at=datetime(2026, 11, 1, tzinfo=UTC))
    await given_movement(account, 400)


async def test_two_exports_at_once_write_complete_files(
    opened: asyncpg.Connection, cleaner: asyncpg.Connection, database: str, tmp_path: Path
):
    """They shared a draft: the later one failed, and could change the other's file."""
    await given_payments()
    async with opened.transaction():
        await opened.execute("LOCK TABLE registry_row IN ACCESS EXCLUSIVE MODE")
        exports = asyncio.gather(export(database, tmp_path, "--all"), export(database, tmp_path))
        await until_locks_are_awaited(cleaner, 2)

    done = await exports

    assert [(one.returncode, one.stderr) for one in done] == [(0, ""), (0, "")]
    assert [one.stdout for one in done] == ["4 rows: payments.csv\n", "1 rows: payments.csv\n"]
    assert amounts(tmp_path / "payments.csv") in (["1.00", "2.00", "3.00", "4.00"], ["4.00"])
    assert names(tmp_path) == ["payments.csv"]


async def test_an_export_that_fails_leaves_the_file_before_it_and_no_draft(
    opened: asyncpg.Connection, cleaner: asyncpg.Connection, database: str, tmp_path: Path
):
    await given_payments()
    (tmp_path / "payments.csv").write_text("yesterday's\n")
    async with opened.transaction():
        await opened.execute("LOCK TABLE registry_row IN ACCESS EXCLUSIVE MODE")
        waiting = asyncio.ensure_future(export(database, tmp_path))
        await until_locks_are_awaited(cleaner)
        assert names(tmp_path) != ["payments.csv"]
        assert await cleaner.fetchval(OTHER_PROCESSES) == 1

    assert (await waiting).returncode == 1
    assert names(tmp_path) == ["payments.csv"]
    assert (tmp_path / "payments.csv").read_text() == "yesterday's\n"


async def test_the_draft_of_a_killed_export_is_deleted_a_day_later(database: str, tmp_path: Path):
    """It has personal data. A younger one may be that of an export at the same time."""
    await given_payments()
    now = datetime.now(UTC)
    for name, age in (
        (".payments.csv.0a1b2c3d.part", timedelta(hours=25)),
        (".payments.csv.4e5f6a7b.part", timedelta(hours=23)),
        (".readings.csv.0a1b2c3d.part", timedelta(hours=25)),
    ):
        (tmp_path / name).write_text("draft\n")
        moment = (now - age).timestamp()
        os.utime(tmp_path / name, (moment, moment))

    assert (await export(database, tmp_path)).returncode == 0

    assert names(tmp_path) == [
        ".payments.csv.4e5f6a7b.part",
        ".readings.csv.0a1b2c3d.part",
        "payments.csv",
    ]


@pytest.mark.parametrize("out", ["missing/payments.csv", "file/payments.csv"])
async def test_a_path_that_can_not_be_written_is_named(database: str, tmp_path: Path, out: str):
    (tmp_path / "file").touch()

    refused = await export(database, tmp_path, "--out", out)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"{out} can't be written: ")
    assert refused.stderr.endswith("Name another file with --out.\n")
    assert names(tmp_path) == ["file"]
