"""A killed `lk import` leaves either the old month or the new one."""

import time
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest

from lk_graphql.accounts.models import Account, LinkState
from lk_graphql.exchange.models import ImportRun, ImportState
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Reading, Register
from lk_graphql.ports.jobs import queue_load
from tests.exchange.billing_files import ACCOUNTS
from tests.factories.accounts import NUMBER, given_account, given_link
from tests.support.cli_process import lk, start_lk
from tests.support.import_runner import BrokenBar, ImportRunner, Rows
from tests.support.speed import Fork

BILLS = 3000
STATE = "SELECT (SELECT count(*) FROM invoice), (SELECT count(*) FROM invoice_line)"


def month(folder: Path, count: int = BILLS) -> list[Path]:
    """Write a bill with a line for each of many accounts."""
    names = ("i.csv", "l.csv", "a.csv")
    invoices, lines, accounts = ((folder / name).open("w") for name in names)
    with invoices, lines, accounts:
        invoices.write(
            "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;"
            "paid;closing_balance;consumption_kwh\n"
        )
        lines.write("invoice;position;kind;service;amount\n")
        accounts.write(ACCOUNTS.splitlines()[0] + "\n")
        for number in range(count):
            invoices.write(f"{number:010};B-{number};2026-10;2026-11-03;2026-11-16;0;5;0;0;0;5;1\n")
            lines.write(f"B-{number};1;ENERGY;Электроэнергия;5\n")
            accounts.write(f"{number:010};Э-{number};2019-03-01;ул. Мира;APARTMENT;RURAL;Ким;О.\n")
    return [folder / name for name in names]


async def test_a_killed_import_leaves_the_old_month_and_can_be_repeated(
    importer: ImportRunner, database: str, rows: Rows
):
    bills, lines, accounts = month(importer.folder)
    await importer.load(ImportKind.ACCOUNTS, accounts)
    arguments = ("import", "invoices", str(bills), str(lines))
    process = start_lk(*arguments, log=importer.folder / "log", LK_DATABASE_URL=database)
    await wait_until_running(process, rows)
    process.kill()
    process.join()
    await wait_for_lock(database)
    assert await rows(STATE) == [(0, 0)]
    run = await ImportRun.get(kind=ImportKind.INVOICES)
    assert run.state is ImportState.RUNNING  # the killed process couldn't update it
    await importer.load(ImportKind.INVOICES, bills, lines)
    assert await rows(STATE) == [(BILLS, BILLS)]
    runs = await ImportRun.filter(kind=ImportKind.INVOICES).order_by("state")
    assert [import_run.state for import_run in runs] == [ImportState.DONE, ImportState.INTERRUPTED]


async def test_a_failure_in_any_step_leaves_the_old_month(importer: ImportRunner, rows: Rows):
    """The progress callback is called in every step and fails in one of them."""
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


async def wait_until_running(process: Fork, rows: Rows) -> None:
    query = "SELECT FROM import_run WHERE kind = 'INVOICES' AND state = 'RUNNING'"
    deadline = time.monotonic() + 120
    while not await rows(query):
        assert process.is_alive(), "the import ended before it could be killed"
        assert time.monotonic() < deadline


async def wait_for_lock(database: str) -> None:
    """Wait for PostgreSQL to release the killed client's lock, within seconds."""
    connection = await asyncpg.connect(database)
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", 0x6C6B_696D)
    finally:
        await connection.close()


async def test_the_command_accepts_the_decimal_sign(importer: ImportRunner, database: str):
    await given_account()
    await Register.all().update(fraction_digits=3)
    header = "account;meter;zone;value;taken_on;period;source"
    row = f"{NUMBER};M-{NUMBER};DAY;798,125;2026-11-20;2026-11;CONTROLLER"
    file = importer.put("readings.csv", f"{header}\n{row}\n")
    arguments = ("import", "readings", str(file), "--decimal", "comma")

    process = lk(*arguments, folder=importer.folder, LK_DATABASE_URL=database)

    assert process.returncode == 0, process.stderr
    assert await Reading.filter(value=Decimal("798.125")).count() == 1


async def test_the_command_runs_all_effects_and_prints_a_summary(
    importer: ImportRunner, database: str, anna: Viewer
):
    """A changed holder suspends the link, and its owner is notified by mail."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    link = await given_link(anna, await Account.get(number="0000000001"))
    text = ACCOUNTS.replace("01.04.2020", "31.04.2020").replace("Иванова", "Ким")
    file = importer.put("accounts.csv", text, "cp1251")
    process = lk("import", "accounts", str(file), folder=importer.folder, LK_DATABASE_URL=database)
    assert process.returncode == 3
    assert "accounts  2     0    1        0          0        1" in process.stdout
    assert "1 accounts have another holder: their links are suspended." in process.stdout
    await link.refresh_from_db()
    assert link.state is LinkState.SUSPENDED
    assert "accounts.mail_suspended" in {job.name for job in await queue_load()}
    assert (
        "BAD_DATE  contract_signed_on  1      no such day: write 22.11.2026."
        " A number is a spreadsheet cell without a date format" in process.stdout
    )
    report = (importer.folder / "accounts.faults.csv").read_text("utf-8-sig")
    assert report.splitlines()[1] == (
        "accounts.csv;3;contract_signed_on;BAD_DATE;31.04.2020;такой даты нет: нужно 22.11.2026,"
        " а число вместо даты — ячейка Excel без формата «Дата»"
    )
