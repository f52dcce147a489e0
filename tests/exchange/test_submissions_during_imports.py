"""Submissions of customers during imports of readings and bills, and conflicts with them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import copy_context
from datetime import date
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from lk_graphql.exchange.models import ImportState
from lk_graphql.exchange.service import application, batches
from lk_graphql.exchange.service.runs import ImportResult
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Reading, ReadingState
from tests.factories.accounts import given_bare_account, given_meter
from tests.factories.metering import NUMBER, Home, given_home
from tests.support.client import ApiClient
from tests.support.import_runner import ImportRunner, Rows

READINGS = "account;meter;zone;value;taken_on;period;source\n"
BILLS = (
    "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;"
    "closing_balance;consumption_kwh\n"
    f"{NUMBER};A-10;2026-10;2026-11-03;2026-11-15;0;0;0;0;0;0;0\n"
    f"{NUMBER};A-11;2026-11;2026-11-20;2026-12-15;0;100;0;0;0;100;20\n"
)
LINE = (
    "invoice;position;kind;service;zone;quantity_kwh;rubles_per_kwh;amount\n"
    "A-11;1;ENERGY;Электроэнергия;DAY;20;5;100\n"
)
USED = "invoice;account;meter;zone;previous_on;current_on;consumption_kwh\n"
WAITS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
AND wait_event_type = 'Lock'
"""
Act = Callable[[], Coroutine[Any, Any, Any]]


@pytest_asyncio.fixture
async def home(api: ApiClient, anna: Viewer) -> Home:
    return await given_home(api, anna)


async def until_blocked(rows: Rows, task: "asyncio.Task[Any]") -> None:
    """Wait until the task has ended, or a statement waits for a lock."""
    while not task.done() and await rows(WAITS) == [(0,)]:
        await asyncio.wait([task], timeout=0.01)


async def load_with(
    monkeypatch: pytest.MonkeyPatch, rows: Rows, step: str, act: Act, importing: Awaitable[Any]
) -> tuple[ImportResult, Any]:
    """Import while a customer acts before a step of `application`; return both results.

    The customer's task has the context of here, so it isn't in the transaction of the import.
    """
    original, tasks, outside = (
        getattr(application, step),
        list["asyncio.Task[Any]"](),
        copy_context(),
    )

    async def with_customer(*arguments: Any, **options: Any) -> None:
        tasks.append(asyncio.create_task(act(), context=outside))
        await until_blocked(rows, tasks[0])
        await original(*arguments, **options)

    monkeypatch.setattr(application, step, with_customer)
    outcome = await importing
    return outcome, await tasks[0]


async def states(home: Home, month: int) -> dict[int, ReadingState]:
    readings = await Reading.filter(register=home.day, period=date(2026, month, 1))
    return {int(reading.value): reading.state for reading in readings}


def codes(payload: dict[str, Any]) -> list[list[str]]:
    return [[error["code"] for error in entry["errors"]] for entry in payload["entries"]]


async def test_a_reading_that_is_sent_while_its_predecessor_comes_back_replaces_it(
    home: Home, importer: ImportRunner, rows: Rows, monkeypatch: pytest.MonkeyPatch
):
    await home.submit(22_600, 51_300)
    file = importer.put("r.csv", f"{READINGS}{NUMBER};777;DAY;22600;2026-11-20;2026-11;CUSTOMER\n")
    outcome, payload = await load_with(
        monkeypatch,
        rows,
        "write_rows",
        lambda: home.submit(22_610, 51_310),
        importer.load(ImportKind.READINGS, file),
    )

    assert (outcome.run.state, outcome.faults) == (ImportState.DONE, [])
    assert codes(payload) == [[], []]
    assert await states(home, 11) == {
        22_600: ReadingState.SUPERSEDED,
        22_610: ReadingState.ACCEPTED,
    }


@pytest.mark.parametrize("batch", [batches.BATCH, 1], ids=["at once", "in batches"])
async def test_no_reading_counts_for_a_month_that_is_billed_while_it_is_sent(
    home: Home, importer: ImportRunner, rows: Rows, monkeypatch: pytest.MonkeyPatch, batch: int
):
    used = f"A-11;{NUMBER};777;DAY;;;20\n"
    files = (
        importer.put("i.csv", BILLS),
        importer.put("l.csv", LINE),
        importer.put("u.csv", USED + used),
    )
    outcome, payload = await load_with(
        monkeypatch,
        rows,
        "apply_effects",
        lambda: home.submit(22_600, 51_300),
        importer.load(ImportKind.INVOICES, *files, batch=batch),
    )

    assert (outcome.run.state, outcome.faults) == (ImportState.DONE, [])
    assert codes(payload) == [["PERIOD_BILLED"], ["PERIOD_BILLED"]]
    assert await states(home, 11) == {}


async def test_an_import_that_loses_a_deadlock_begins_again(
    home: Home, importer: ImportRunner, rows: Rows, opened: asyncpg.Connection, database: str
):
    """Another command has locked the second account, and then wants the first."""
    await home.submit(22_600, 51_300)
    await given_meter(await given_bare_account("0000000099"))
    lines = (
        f"{NUMBER};777;DAY;22600;2026-11-20;2026-11;CUSTOMER\n"
        "0000000099;M-0000000099;DAY;12400;2026-11-20;2026-11;CUSTOMER\n"
    )
    file = importer.put("r.csv", READINGS + lines)
    command = await asyncpg.connect(database)
    await command.execute("SET deadlock_timeout = '60s'")
    first, second = await rows("SELECT id FROM account ORDER BY id")
    lock = "SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE"
    async with command.transaction():
        await command.execute(lock, *second)
        importing = asyncio.create_task(importer.load(ImportKind.READINGS, file))
        await until_blocked(rows, importing)
        await command.execute(lock, *first)
    outcome = await importing
    await command.close()

    assert (outcome.run.state, outcome.run.rows_read, outcome.run.rows_loaded) == (
        ImportState.DONE,
        2,
        1,
    )
    assert [(tally.read, tally.inserted) for tally in outcome.tallies] == [(2, 1), (0, 0)]
    assert await Reading.filter(value=Decimal(12_400)).count() == 1


async def test_a_reading_can_t_be_withdrawn_after_a_bill_was_based_on_it_meanwhile(
    home: Home, importer: ImportRunner, rows: Rows, monkeypatch: pytest.MonkeyPatch
):
    """The first bill of November has left the reading to December, the second is based on it."""
    payload = await home.submit(22_600, 51_300)
    others = (importer.put("i.csv", BILLS), importer.put("l.csv", LINE))
    estimated = importer.put("e.csv", f"{USED}A-11;{NUMBER};777;DAY;;;20\n")
    await importer.load(ImportKind.INVOICES, *others, estimated)
    assert await states(home, 12) == {22_600: ReadingState.ACCEPTED}

    read = importer.put("r.csv", f"{USED}A-11;{NUMBER};777;DAY;2026-10-20;2026-11-20;200\n")
    outcome, withdrawal = await load_with(
        monkeypatch,
        rows,
        "apply_effects",
        lambda: home.withdraw(payload["entries"][0]["reading"]["id"]),
        importer.load(ImportKind.INVOICES, *others, read),
    )

    assert (outcome.run.state, outcome.faults) == (ImportState.DONE, [])
    refusal = {"code": "PERIOD_BILLED", "path": ["readingId"]}
    assert withdrawal == {"reading": None, "errors": [refusal]}
    assert await states(home, 11) == {22_600: ReadingState.ACCEPTED}


async def test_a_reading_can_be_withdrawn_if_a_bill_leaves_it_to_the_next_month_meanwhile(
    home: Home, importer: ImportRunner, rows: Rows, monkeypatch: pytest.MonkeyPatch
):
    payload = await home.submit(22_600, 51_300)
    estimated = importer.put("e.csv", f"{USED}A-11;{NUMBER};777;DAY;;;20\n")
    _, withdrawal = await load_with(
        monkeypatch,
        rows,
        "apply_effects",
        lambda: home.withdraw(payload["entries"][0]["reading"]["id"]),
        importer.load(
            ImportKind.INVOICES,
            importer.put("i.csv", BILLS),
            importer.put("l.csv", LINE),
            estimated,
        ),
    )

    assert withdrawal == {"reading": {"value": "22600", "state": "WITHDRAWN"}, "errors": []}
    assert await states(home, 11) == {}
    assert await states(home, 12) == {22_600: ReadingState.WITHDRAWN}
