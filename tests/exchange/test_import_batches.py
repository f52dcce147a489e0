"""A large import is checked as a whole, and written in batches of accounts."""

import asyncio
import time
from asyncio import CancelledError
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from lk_graphql.exchange.models import ImportRun, ImportState
from lk_graphql.exchange.service.batches import finish_interrupted
from lk_graphql.exchange.service.runs import ImportAlreadyRunning, ImportResult
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Delivery, Notice
from tests.exchange.billing_files import ACCOUNTS, INVOICES
from tests.support.cli_process import lk, start_lk
from tests.support.client import COMPANY
from tests.support.import_runner import NOW, BrokenBar, ImportRunner, Rows

BILLS, MANY = 12, 150
OLD, NEW = 100, 250
MONTH = """
SELECT a.number, i.period, i.charged, i.unpaid, i.closing_balance,
    (SELECT array_agg(l.amount ORDER BY l.position) FROM invoice_line l WHERE l.invoice_id = i.id),
    b.debt, b.as_of, b.period
FROM account a LEFT JOIN invoice i ON i.account_id = a.id
LEFT JOIN account_balance b ON b.account_id = a.id ORDER BY 1, 2
"""
"""Everything that a bill changes, in one snapshot."""
METERS = """\
account;serial;model;ratio;installed_on
0000000000;M-0;Меркурий 201;1;2020-01-01
"""
REGISTERS = """\
account;meter;zone;position;label;digits;fraction_digits
0000000000;M-0;SINGLE;1;T1;6;0
"""
READINGS = """\
account;meter;zone;value;taken_on;period;source
0000000000;M-0;SINGLE;100;2026-10-23;2026-10;CUSTOMER
0000000000;M-0;SINGLE;120;2026-11-23;2026-11;CUSTOMER
"""
USED = """\
invoice;account;meter;zone;previous_on;current_on;consumption_kwh
B-11-0;0000000000;M-0;SINGLE;2026-10-23;2026-11-23;20
"""
TEMPORARY_OBJECTS = """
SELECT proname FROM pg_proc WHERE pronamespace::regnamespace::text LIKE 'pg\\_temp%'
UNION ALL SELECT relname FROM pg_class WHERE relnamespace::regnamespace::text LIKE 'pg\\_temp%'
"""


def accounts(importer: ImportRunner, count: int = BILLS) -> Path:
    lines = [
        f"{number:010};Э-{number};2019-03-01;ул. Мира;APARTMENT;RURAL;Ким;О."
        for number in range(count)
    ]
    return importer.put("a.csv", "\n".join([ACCOUNTS.splitlines()[0], *lines]))


def bills(
    importer: ImportRunner, charged: int, *, month: int = 10, count: int = BILLS
) -> tuple[Path, Path]:
    """A bill of two lines for each account, the accounts in descending order."""
    invoices = [INVOICES.splitlines()[0]]
    lines = ["invoice;position;kind;service;amount"]
    for number in reversed(range(count)):
        name = f"B-{month}-{number}"
        invoices.append(
            f"{number:010};{name};2026-{month};2026-12-03;2026-12-16;0;{charged};0;0;0;{charged};1"
        )
        lines.append(f"{name};1;ENERGY;Электроэнергия;{charged - 10}")
        lines.append(f"{name};2;ENERGY;Электроэнергия;10")
    return (
        importer.put(f"i{charged}-{month}.csv", "\n".join(invoices) + "\n"),
        importer.put(f"l{charged}-{month}.csv", "\n".join(lines) + "\n"),
    )


async def given_month(importer: ImportRunner) -> None:
    await importer.load(ImportKind.ACCOUNTS, accounts(importer))
    await importer.load(ImportKind.INVOICES, *bills(importer, OLD))


def tally(result: ImportResult, name: str) -> tuple[int, int, int, int]:
    of_name = next(tally for tally in result.tallies if tally.name == name)
    return of_name.read, of_name.inserted, of_name.changed, of_name.removed


async def test_an_import_in_batches_has_the_result_of_one_transaction(
    importer: ImportRunner, rows: Rows, opened: asyncpg.Connection
):
    await given_month(importer)
    files = (*bills(importer, NEW), *bills(importer, NEW, month=11))
    at_once = await importer.load(ImportKind.INVOICES, *files)
    expected = await rows(MONTH)
    await opened.execute("DELETE FROM invoice")
    await opened.execute("DELETE FROM account_balance")
    await importer.load(ImportKind.INVOICES, *bills(importer, OLD))
    in_batches = await importer.load(ImportKind.INVOICES, *files, batch=5)
    assert await rows(MONTH) == expected
    for name in ("invoices", "invoice_lines"):
        assert tally(in_batches, name) == tally(at_once, name)
    assert (at_once.run.batches, at_once.run.state) == (None, ImportState.DONE)
    # two bills an account: three accounts reach the five
    assert (in_batches.run.batches, in_batches.run.state) == (5, ImportState.DONE)
    assert in_batches.run.batches_written == 5
    stored = await ImportRun.get(id=in_batches.run.id)
    assert (stored.totals, stored.rows_loaded) == (at_once.run.totals, at_once.run.rows_loaded)


@pytest.mark.parametrize("options", [{}, {"batch": 5}])
async def test_an_import_leaves_nothing_to_its_connection(
    importer: ImportRunner, rows: Rows, options: dict[str, Any]
):
    """At its end PostgreSQL drops the rest by a commit, which may wait for a standby."""
    await given_month(importer)
    await importer.load(ImportKind.INVOICES, *bills(importer, NEW), **options)

    assert await rows(TEMPORARY_OBJECTS) == []


async def test_every_account_shows_its_old_month_or_its_new_one_all_the_time(
    importer: ImportRunner, database: str, rows: Rows
):
    await given_month(importer)
    before = await rows(MONTH)
    loading = asyncio.create_task(
        importer.load(ImportKind.INVOICES, *bills(importer, NEW), batch=1)
    )
    seen = list[list[tuple[object, ...]]]()
    while not loading.done():
        seen.append(await rows(MONTH))
        await asyncio.sleep(0)
    await loading
    after = await rows(MONTH)
    assert len(after) == len(before) == BILLS
    for state in seen:
        pairs = zip(state, before, after, strict=True)
        assert all(month in (old, new) for month, old, new in pairs)
    mixed = [state for state in seen if state not in (before, after)]
    assert mixed, "no state between two batches was seen"
    counts = [sum(month == new for month, new in zip(state, after, strict=True)) for state in seen]
    assert counts == sorted(counts)


async def test_a_refused_file_and_a_harmful_one_show_nothing(
    importer: ImportRunner, rows: Rows, opened: asyncpg.Connection, anna: Viewer
):
    await given_month(importer)
    before = await rows(MONTH)
    invoices, lines = bills(importer, NEW)
    broken = importer.put("broken.csv", lines.read_text().replace(";240\n", ";1\n", 1))
    refused = await importer.load(ImportKind.INVOICES, invoices, broken, batch=1, is_atomic=True)
    assert (refused.run.state, refused.run.batches) == (ImportState.REFUSED, None)
    differing = await importer.load(
        ImportKind.INVOICES, invoices, lines, batch=1, controls=["invoices=13"]
    )
    assert (differing.run.state, differing.run.batches) == (ImportState.REFUSED, None)
    await given_links(opened, anna)
    harmful = await importer.load(ImportKind.INVOICES, invoices, lines, batch=1)
    assert (harmful.run.state, harmful.impact.affected) == (
        ImportState.NEEDS_CONFIRMATION,
        BILLS,
    )
    assert await rows(MONTH) == before
    tried = await importer.load(ImportKind.INVOICES, invoices, lines, batch=5, is_dry_run=True)
    assert tried.run.state is ImportState.CHECKED
    assert tally(tried, "invoices") == (BILLS, 0, BILLS, 0)
    assert await rows(MONTH) == before
    done = await importer.load(
        ImportKind.INVOICES, invoices, lines, batch=1, expected_changes=BILLS
    )
    assert done.run.state is ImportState.DONE


async def broken_off(importer: ImportRunner, *files: Path, batch: int, written: int) -> None:
    """Import the files and stop after some batches, as if the process had ended."""
    await importer.load(ImportKind.INVOICES, *files, batch=batch, is_dry_run=True)
    importer.fails_at, importer.failure = importer.steps.index("Writing") + written, CancelledError
    with pytest.raises(CancelledError):
        await importer.load(ImportKind.INVOICES, *files, batch=batch)
    importer.fails_at = None


async def given_links(opened: asyncpg.Connection, person: Viewer) -> None:
    await opened.execute(
        "INSERT INTO account_link (id, account_id, user_id, role, state, linked_at, changed_at)"
        " SELECT new_key(), id, $1, 'OWNER', 'ACTIVE', now(), now() FROM account",
        person.id,
    )


async def test_an_import_that_breaks_off_between_two_batches_is_finished_by_a_worker(
    importer: ImportRunner, rows: Rows, opened: asyncpg.Connection, anna: Viewer
):
    await given_month(importer)
    await given_links(opened, anna)
    before = await rows(MONTH)
    files = bills(importer, NEW, month=11)
    await importer.load(ImportKind.INVOICES, *files, is_dry_run=True)
    await broken_off(importer, *files, batch=5, written=2)
    run = await ImportRun.get(state=ImportState.APPLYING)
    assert (run.batches, run.batches_written, run.finished_at) == (3, 2, None)
    assert len(await rows(MONTH)) == len(before) + 10
    assert await Notice.all().count() == await Delivery.all().count() == 10

    await finish_interrupted(company=COMPANY, clock=lambda: NOW)

    run = await ImportRun.get(id=run.id)
    assert (run.state, run.batches_written, run.rows_loaded) == (ImportState.DONE, 3, 48)
    assert len(await rows(MONTH)) == len(before) + BILLS
    assert await Notice.all().count() == await Delivery.all().count() == BILLS
    assert await rows("SELECT tablename FROM pg_tables WHERE schemaname = 'import_staging'") == []
    repeated = await importer.load(ImportKind.INVOICES, *files, batch=5)
    assert repeated.run.rows_loaded == repeated.notified == 0


async def test_notices_have_the_time_of_their_batch(
    importer: ImportRunner, opened: asyncpg.Connection, anna: Viewer
):
    """A customer may have read newer notices before a run is continued."""
    await given_month(importer)
    await given_links(opened, anna)
    await broken_off(importer, *bills(importer, NEW, month=11), batch=5, written=2)
    later = NOW + timedelta(hours=3)

    await finish_interrupted(company=COMPANY, clock=lambda: later)

    assert await Notice.filter(created_at=NOW).count() == 10
    assert await Notice.filter(created_at=later).count() == BILLS - 10


async def test_changes_between_two_batches_have_their_effect(
    importer: ImportRunner, rows: Rows, opened: asyncpg.Connection, anna: Viewer
):
    """A bill rests on a reading that its customer replaces before the bill's batch."""
    await given_month(importer)
    await importer.load(
        ImportKind.METERS,
        importer.put("m.csv", METERS),
        importer.put("r.csv", REGISTERS),
    )
    await importer.load(ImportKind.READINGS, importer.put("g.csv", READINGS))
    part = importer.put("u.csv", USED)
    files = (*bills(importer, NEW, month=11), part)
    await broken_off(importer, *files, batch=5, written=1)
    await opened.execute("UPDATE reading SET state = 'SUPERSEDED' WHERE value = 120")
    await opened.execute(
        "INSERT INTO reading (id, register_id, value, taken_on, period, source, state, received_at)"
        " SELECT new_key(), register_id, 125, '2026-11-24', '2026-11-01', 'CUSTOMER', 'ACCEPTED',"
        " now() FROM reading WHERE value = 120"
    )
    await importer.load(ImportKind.ACCOUNTS, accounts(importer), as_of=NOW)
    assert await rows(
        "SELECT value::int, state, period FROM reading WHERE source = 'CUSTOMER' ORDER BY value"
    ) == [
        (100, "ACCEPTED", date(2026, 10, 1)),
        (120, "ACCEPTED", date(2026, 11, 1)),
        (125, "ACCEPTED", date(2026, 12, 1)),
    ]
    assert await ImportRun.filter(kind=ImportKind.INVOICES, state=ImportState.DONE).count() == 2


async def test_staged_rows_that_postgresql_has_lost_are_imported_again(
    importer: ImportRunner, rows: Rows, opened: asyncpg.Connection, anna: Viewer
):
    """A crash empties tables without WAL; the files are needed again."""
    await given_month(importer)
    files = bills(importer, NEW, month=11)
    await broken_off(importer, *files, batch=5, written=2)
    await opened.execute("TRUNCATE import_staging.batch")
    run = await ImportRun.get(state=ImportState.APPLYING)
    await finish_interrupted(company=COMPANY, clock=lambda: NOW)
    run = await ImportRun.get(id=run.id)
    assert run.state is ImportState.INTERRUPTED
    assert run.reason == (
        "PostgreSQL has lost the rows of the other batches, after 2 of 3. Import the files again."
    )
    again = await importer.load(ImportKind.INVOICES, *files, batch=5)
    assert (again.run.state, tally(again, "invoices")) == (ImportState.DONE, (BILLS, 2, 0, 0))


async def test_an_error_in_a_batch_fails_the_run_with_the_number_of_written_batches(
    importer: ImportRunner, rows: Rows, opened: asyncpg.Connection
):
    await given_month(importer)
    files = bills(importer, NEW, month=11)
    await importer.load(ImportKind.INVOICES, *files, batch=5, is_dry_run=True)
    importer.fails_at = importer.steps.index("Writing") + 1
    with pytest.raises(BrokenBar):
        await importer.load(ImportKind.INVOICES, *files, batch=5)
    run = await ImportRun.get(state=ImportState.FAILED)
    assert run.reason == (
        "BrokenBar after 1 of 3 batches: the accounts of the others have no new rows. Import the"
        " files again. "
    )
    importer.fails_at = None
    done = await importer.load(ImportKind.INVOICES, *files, batch=5)
    assert tally(done, "invoices") == (BILLS, 7, 0, 0)


STAGED = "SELECT tablename FROM pg_tables WHERE schemaname = 'import_staging'"


@pytest.mark.parametrize(
    ("options", "state"),
    [
        ({"is_dry_run": True}, ImportState.CHECKED),
        ({"controls": ["invoices=1"]}, ImportState.REFUSED),
        ({"expected_changes": 1}, ImportState.NEEDS_CONFIRMATION),
    ],
)
async def test_a_large_run_that_ends_without_writing_leaves_no_staged_rows(
    importer: ImportRunner, rows: Rows, options: dict[str, Any], state: ImportState
):
    """They have the data of customers, and twice the size of the files."""
    await given_month(importer)
    before = await rows(MONTH)

    ended = await importer.load(ImportKind.INVOICES, *bills(importer, NEW), batch=5, **options)

    assert (ended.run.state, await rows(STAGED)) == (state, [])
    assert await rows(MONTH) == before


@pytest.mark.parametrize("step", ["Checking", "Writing"])
@pytest.mark.parametrize("failure", [BrokenBar, CancelledError])
async def test_only_a_run_that_goes_on_keeps_its_staged_rows(
    importer: ImportRunner, rows: Rows, step: str, failure: type[BaseException]
):
    await given_month(importer)
    files = bills(importer, NEW, month=11)
    await importer.load(ImportKind.INVOICES, *files, batch=5, is_dry_run=True)
    importer.fails_at, importer.failure = importer.steps.index(step) + 1, failure

    with pytest.raises(failure):
        await importer.load(ImportKind.INVOICES, *files, batch=5)

    run = await ImportRun.all().order_by("-id").first()
    goes_on = (step, failure) == ("Writing", CancelledError)
    assert run
    assert (run.state is ImportState.APPLYING) == goes_on == bool(await rows(STAGED))
    importer.fails_at = None
    await importer.load(ImportKind.INVOICES, *files, batch=5)
    assert (len(await rows(MONTH)), await rows(STAGED)) == (2 * BILLS, [])


async def test_two_imports_at_once_are_one_after_the_other(
    importer: ImportRunner, rows: Rows, database: str
):
    await given_month(importer)
    files = bills(importer, NEW, month=11)
    outcomes = await asyncio.gather(
        *(importer.load(ImportKind.INVOICES, *files, batch=1) for _ in range(2)),
        return_exceptions=True,
    )
    refusals = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [type(refusal) for refusal in refusals] == [ImportAlreadyRunning]
    assert len(await rows(MONTH)) == 2 * BILLS


async def test_payments_and_balances_are_written_in_batches_too(importer: ImportRunner, rows: Rows):
    await given_month(importer)
    payments = ["account;external_id;paid_on;amount;agent"]
    balances = ["account;debt;penalty;overpayment"]
    for number in range(BILLS):
        payments.append(f"{number:010};P-{number};2026-10-07;{number + 1};Сбербанк")
        balances.append(f"{number:010};{OLD - number - 1};0;0")
    files = (
        importer.put("p.csv", "\n".join(payments) + "\n"),
        importer.put("b.csv", "\n".join(balances) + "\n"),
    )
    result = await importer.load(ImportKind.PAYMENTS, *files, batch=4)
    assert (result.run.state, result.run.batches) == (ImportState.DONE, 6)
    assert tally(result, "payments") == (BILLS, BILLS, 0, 0)
    assert await rows('SELECT unpaid FROM invoice ORDER BY number::text COLLATE "C"') == [
        (100 * (OLD - number - 1),)
        for number in sorted(range(BILLS), key=lambda number: f"B-10-{number}")
    ]


async def test_a_killed_import_shows_each_account_s_old_month_or_its_new_one(
    importer: ImportRunner, database: str, rows: Rows
):
    """By `kill -9` of the command while it writes; the next import finishes it first."""
    await importer.load(ImportKind.ACCOUNTS, accounts(importer, MANY))
    await importer.load(ImportKind.INVOICES, *bills(importer, OLD, count=MANY))
    before = await rows(MONTH)
    files = bills(importer, NEW, count=MANY)
    process = start_lk(
        *("import", "invoices", *map(str, files), "--batch", "10"),
        log=importer.folder / "log",
        LK_DATABASE_URL=database,
    )
    deadline = time.monotonic() + 120
    while not await rows("SELECT FROM import_run WHERE state = 'APPLYING' AND batches_written > 2"):
        assert process.is_alive(), "the import ended before it could be killed"
        assert time.monotonic() < deadline
    process.kill()
    process.join()
    killed = await rows(MONTH)
    listed = lk("imports", folder=importer.folder, LK_DATABASE_URL=database).stdout
    run = await ImportRun.get(state=ImportState.APPLYING)
    changed = [month for month, old in zip(killed, before, strict=True) if month != old]
    assert f"APPLYING  {run.batches_written} of 15" in listed
    assert len(killed) == len(before)
    assert 30 <= len(changed) < MANY

    await importer.load(ImportKind.ACCOUNTS, accounts(importer, MANY))

    run = await ImportRun.get(id=run.id)
    assert (run.state, run.batches_written) == (ImportState.DONE, 15)
    after = await rows(MONTH)
    assert all(month in (old, new) for month, old, new in zip(killed, before, after, strict=True))
    assert {(month[2], month[3], tuple(month[5]), month[6]) for month in after} == {
        (100 * NEW, 100 * NEW, (100 * (NEW - 10), 1000), 100 * NEW)
    }
