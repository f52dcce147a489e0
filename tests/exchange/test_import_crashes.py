"""A real `lk import`, killed at any moment, leaves either the old or the new month."""

import time
from pathlib import Path

import asyncpg
import pytest

from lk_graphql.accounts.models import Account, LinkState
from lk_graphql.exchange.models import ImportKind, ImportRun, ImportState
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.jobs import queue_load
from tests.exchange.billing_files import ACCOUNTS
from tests.factories.accounts import given_link
from tests.support.cli_process import lk, start_lk
from tests.support.forkserver import Fork
from tests.support.import_runner import BrokenBar, ImportRunner, Rows

BILLS = 3000
STATE = "SELECT (SELECT count(*) FROM invoice), (SELECT count(*) FROM invoice_line)"


def month(folder: Path, count: int = BILLS) -> list[Path]:
    """A bill with a line for each of many accounts."""
    names = ("i.csv", "l.csv", "a.csv")
    i, line, a = ((folder / name).open("w") for name in names)
    with i, line, a:
        i.write(
            "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;"
            "paid;closing_balance;consumption_kwh\n"
        )
        line.write("invoice;position;kind;service;amount\n")
        a.write(ACCOUNTS.splitlines()[0] + "\n")
        for n in range(count):
            i.write(f"{n:010};B-{n};2026-10;2026-11-03;2026-11-16;0;5;0;0;0;5;1\n")
            line.write(f"B-{n};1;ENERGY;Электроэнергия;5\n")
            a.write(f"{n:010};Э-{n};2019-03-01;ул. Мира;APARTMENT;RURAL;Ким;О.\n")
    return [folder / name for name in names]


async def test_a_killed_import_leaves_the_old_month_and_can_be_repeated(
    importer: ImportRunner, database: str, rows: Rows
):
    bills, lines, accounts = month(importer.folder)
    await importer.load(ImportKind.ACCOUNTS, accounts)
    words = ("import", "invoices", str(bills), str(lines))
    process = start_lk(*words, log=importer.folder / "log", LK_DATABASE_URL=database)
    await until_running(process, rows)
    process.kill()
    process.join()
    await until_alone(database)
    assert await rows(STATE) == [(0, 0)]
    run = await ImportRun.get(kind=ImportKind.INVOICES)
    assert run.state is ImportState.RUNNING  # nobody was left to say otherwise
    await importer.load(ImportKind.INVOICES, bills, lines)
    assert await rows(STATE) == [(BILLS, BILLS)]
    runs = await ImportRun.filter(kind=ImportKind.INVOICES).order_by("state")
    assert [one.state for one in runs] == [ImportState.DONE, ImportState.INTERRUPTED]


async def test_a_failure_in_any_step_leaves_the_old_month(importer: ImportRunner, rows: Rows):
    """The progress bar is asked at every step: here, it fails."""
    bills, lines, accounts = month(importer.folder, 3)
    await importer.load(ImportKind.ACCOUNTS, accounts)
    await importer.load(ImportKind.INVOICES, bills, lines, is_dry_run=True)
    steps = len(importer.steps)
    for step in range(steps):
        importer.fails_at = step
        with pytest.raises(BrokenBar):
            await importer.load(ImportKind.INVOICES, bills, lines)
        assert await rows(STATE) == [(0, 0)]
    assert await ImportRun.filter(state=ImportState.FAILED).count() == steps
    reasons = await ImportRun.filter(state=ImportState.FAILED).values_list("reason", flat=True)
    assert set(reasons) == {"BrokenBar: "}


async def until_running(process: Fork, rows: Rows) -> None:
    query = "SELECT FROM import_run WHERE kind = 'INVOICES' AND state = 'RUNNING'"
    deadline = time.monotonic() + 120
    while not await rows(query):
        assert process.is_alive(), "the import ended before it could be killed"
        assert time.monotonic() < deadline


async def until_alone(database: str) -> None:
    """PostgreSQL notices within seconds that nobody is there any more."""
    connection = await asyncpg.connect(database)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", 0x6C6B_696D)
    finally:
        await connection.close()


async def test_the_command_does_all_that_follows_and_tells_an_operator(
    importer: ImportRunner, database: str, anna: Viewer
):
    """An account of the file has another holder: who had it linked hears of it, by a mail."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    link = await given_link(anna, await Account.get(number="0000000001"))
    changed = ACCOUNTS.replace("01.04.2020", "31.04.2020").replace("Иванова", "Ким")
    file = importer.put("accounts.csv", changed, "cp1251")
    done = lk("import", "accounts", str(file), folder=importer.folder, LK_DATABASE_URL=database)
    assert done.returncode == 3
    assert "accounts  2     0    1        0          0        1" in done.stdout
    assert "1 accounts have another holder: their links are suspended." in done.stdout
    await link.refresh_from_db()
    assert link.state is LinkState.SUSPENDED
    assert "accounts.mail_suspended" in {job.name for job in await queue_load()}
    assert "BAD_DATE  contract_signed_on  1      there is no such day" in done.stdout
    report = (importer.folder / "accounts.faults.csv").read_text("utf-8-sig")
    assert report.splitlines()[1] == (
        "accounts.csv;3;contract_signed_on;BAD_DATE;31.04.2020;такой даты нет"
    )
