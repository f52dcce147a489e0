"""Files with the same bytes as earlier ones: a repetition, or billing's data of a later time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from subprocess import CompletedProcess

import pytest
import pytest_asyncio

from lk_graphql.exchange.models import ImportRun
from lk_graphql.import_formats.service.kinds import ImportKind
from tests.exchange.billing_files import ACCOUNTS
from tests.support.cli_process import lk
from tests.support.import_runner import ImportRunner, Rows

HEADER = "account;debt;penalty;overpayment\n"
BALANCE = "SELECT debt, as_of FROM account_balance"
LkImport = Callable[..., Awaitable[CompletedProcess[str]]]


@pytest_asyncio.fixture
async def lk_import(importer: ImportRunner, database: str) -> LkImport:
    """`lk import payments FILE`, with two snapshots of one account."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    importer.put("owed.csv", f"{HEADER}0000000001;100;0;0\n")
    importer.put("paid.csv", f"{HEADER}0000000001;70;0;0\n")

    async def load(file: str, *options: str) -> CompletedProcess[str]:
        words = ("import", "payments", file, *options)
        return await asyncio.to_thread(lk, *words, folder=importer.folder, LK_DATABASE_URL=database)

    return load


async def test_a_file_with_the_bytes_of_an_earlier_one_is_loaded_as_of_its_later_time(
    lk_import: LkImport, rows: Rows
):
    """A debt that was paid, and is owed again because the payment was taken back."""
    for file, day in (("owed.csv", 2), ("paid.csv", 3), ("owed.csv", 4)):
        done = await lk_import(file, "--as-of", f"2026-11-0{day}T10:00")
        assert done.returncode == 0
    assert await rows(BALANCE) == [(10_000, datetime(2026, 11, 4, 3, tzinfo=UTC))]


@pytest.mark.parametrize("day", [1, 2])
async def test_a_file_is_not_loaded_again_as_of_the_same_or_an_earlier_time(
    lk_import: LkImport, rows: Rows, day: int
):
    await lk_import("owed.csv", "--as-of", "2026-11-02T10:00")
    before = await rows(BALANCE)

    repeated = await lk_import("owed.csv", "--as-of", f"2026-11-0{day}T10:00")

    assert (repeated.returncode, repeated.stdout) == (0, "")
    assert "Loaded already, on " in repeated.stderr
    assert "nothing to do. To load it again: --again." in repeated.stderr
    assert await rows(BALANCE) == before
    assert await ImportRun.filter(kind=ImportKind.PAYMENTS).count() == 1


async def test_a_skipped_file_that_may_be_newer_than_the_cabinet_is_reported_as_such(
    lk_import: LkImport, rows: Rows
):
    """Without a time, it may be an old file or a new one with the same rows."""
    await lk_import("owed.csv")
    await lk_import("paid.csv")

    skipped = await lk_import("owed.csv")

    assert (skipped.returncode, skipped.stdout) == (0, "")
    message = " ".join(skipped.stderr.split())
    assert message.startswith("Loaded already, on ")
    assert message.endswith(
        "before other files of this kind: skipped. If billing has made it since, name the time by"
        " --as-of."
    )
    assert [debt for debt, _ in await rows(BALANCE)] == [7_000]
    assert await ImportRun.filter(kind=ImportKind.PAYMENTS).count() == 2
