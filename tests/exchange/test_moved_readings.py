"""Readings that billing has acknowledged, and that have moved to another month since."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import asyncpg
import orjson
import pytest

from lk_graphql.exchange.models import ExportFormat, ExportKind
from lk_graphql.exchange.service.exports import export_rows
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.ids import new_key
from lk_graphql.metering.models import Reading, ReadingState, Register
from tests.factories.accounts import given_account, given_reading
from tests.support.import_runner import ImportRunner

NUMBER = "0000000001"
NOW, LATER = datetime(2026, 11, 28, tzinfo=UTC), datetime(2026, 11, 29, tzinfo=UTC)
ACCOUNT = "number;contract_number;contract_signed_on;address;house_kind;tariff_category;closed_on\n"
BILL = (
    "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;"
    "closing_balance;consumption_kwh\n"
    f"{NUMBER};A-11;2026-11;2026-11-28;2026-12-15;0;100;0;0;0;100;20\n"
)
LINE = (
    "invoice;position;kind;service;zone;quantity_kwh;rubles_per_kwh;amount;basis\n"
    "A-11;1;ENERGY;Электроэнергия;DAY;20;5;100;AVERAGE\n"
)
USED = "invoice;account;meter;zone;previous_on;current_on;consumption_kwh;current_value\n"

AFTER = {date(2026, 12, 1): "2026-11", date(2026, 11, 1): "2026-12"}
"""The month of a reading after it has moved, by its month before."""
Move = Callable[[ImportRunner], Awaitable[None]]


async def close(importer: ImportRunner) -> None:
    """The account ends in November, so that late readings count for November."""
    row = f"{NUMBER};Э-1;2019-03-01;ул. Мира;APARTMENT;RURAL;2026-11-29\n"
    file = importer.put("accounts.csv", ACCOUNT + row)
    assert (await importer.load(ImportKind.ACCOUNTS, file, as_of=LATER)).faults == []


async def bill(importer: ImportRunner, used: str = "") -> None:
    """November's bill, by an estimate or by the reading of a day."""
    files = [importer.put("invoices.csv", BILL), importer.put("invoice_lines.csv", LINE)]
    if used:
        files.append(importer.put("invoice_readings.csv", USED + used))
    assert (await importer.load(ImportKind.INVOICES, *files, as_of=LATER)).faults == []


async def bill_another(importer: ImportRunner) -> None:
    """The bill counts an earlier reading of the customer, which they have replaced."""
    register = await Register.get(zone="DAY")
    earlier = await given_reading(register, Decimal(12_390), 11, ReadingState.SUPERSEDED)
    await Reading.filter(id=earlier.id).update(batch=new_key(), taken_on=date(2026, 11, 19))
    await bill(importer, f"A-11;{NUMBER};M-{NUMBER};DAY;;2026-11-19;20;12390\n")


async def sent_before(move: Move, state: ReadingState) -> Reading:
    """A reading that was submitted in November; a late one, for December, before `close`."""
    month, day = (12, 27) if move is close else (11, 20)
    await given_account(NUMBER)
    reading = await given_reading(await Register.get(zone="DAY"), Decimal(12_400), month, state)
    await Reading.filter(id=reading.id).update(batch=new_key(), taken_on=date(2026, 11, day))
    return await Reading.get(id=reading.id)


async def answer(importer: ImportRunner, reading: Reading, *, period: str | None = None) -> None:
    """Billing's answer to the exported reading, with the exported month in the optional column."""
    columns, more = ("reading;state;answer", "") if period is None else (
        "reading;state;answer;period", f";{period}")  # fmt: skip
    row = f"{columns}\n{reading.id};{reading.state};RECEIVED{more}\n"
    file = importer.put("reading_answers.csv", row)
    assert (await importer.load(ImportKind.READINGS, file, as_of=NOW)).faults == []


async def come_back(importer: ImportRunner, reading: Reading) -> None:
    """Billing acknowledges the reading by its file of readings."""
    row = f"{NUMBER};M-{NUMBER};DAY;{reading.value};{reading.taken_on};{reading.period:%Y-%m}"
    file = importer.put(
        "readings.csv", f"account;meter;zone;value;taken_on;period;source\n{row};CUSTOMER\n"
    )
    assert (await importer.load(ImportKind.READINGS, file, as_of=NOW)).faults == []


async def exported(dsn: str, reading: Reading) -> list[tuple[str, str]]:
    """The month and state of the reading, where the export contains it."""
    connection = await asyncpg.connect(dsn)
    lines = export_rows(connection, ExportKind.READINGS, ExportFormat.JSONL, since=LATER)
    rows = [orjson.loads(line) async for batch in lines for line in batch]
    await connection.close()
    return [(row["period"], row["state"]) for row in rows if row["reading"] == str(reading.id)]


MOVES = pytest.mark.parametrize(
    ("move", "state"),
    [
        (close, ReadingState.ACCEPTED),
        (close, ReadingState.ON_REVIEW),
        (bill, ReadingState.ACCEPTED),
        (bill_another, ReadingState.ACCEPTED),
        (bill, ReadingState.ON_REVIEW),
    ],
)


@MOVES
async def test_a_reading_that_moves_after_the_answer_is_exported_again(
    importer: ImportRunner, database: str, move: Move, state: ReadingState
):
    reading = await sent_before(move, state)
    to = AFTER[reading.period]
    await answer(importer, reading)
    assert await exported(database, reading) == []

    await move(importer)

    assert await exported(database, reading) == [(to, state)]
    await answer(importer, reading, period=to)
    assert await exported(database, reading) == []


@MOVES
async def test_an_answer_to_the_month_before_does_not_end_the_export(
    importer: ImportRunner, database: str, move: Move, state: ReadingState
):
    """Billing had fetched the reading before it moved, and answers afterwards."""
    reading = await sent_before(move, state)
    to = AFTER[reading.period]
    await move(importer)

    await answer(importer, reading, period=f"{reading.period:%Y-%m}")

    assert await exported(database, reading) == [(to, state)]
    await answer(importer, reading)
    assert await exported(database, reading) == []


@pytest.mark.parametrize("move", [close, bill])
async def test_a_reading_that_moves_after_it_came_back_is_exported_again(
    importer: ImportRunner, database: str, move: Move
):
    reading = await sent_before(move, ReadingState.ACCEPTED)
    to = AFTER[reading.period]
    await come_back(importer, reading)
    assert await exported(database, reading) == []

    await move(importer)

    assert await exported(database, reading) == [(to, "ACCEPTED")]
    await answer(importer, reading)
    assert await exported(database, reading) == []


async def test_a_reading_that_billing_has_reported_itself_is_not_exported_when_it_moves(
    importer: ImportRunner, database: str
):
    reading = await sent_before(close, ReadingState.ACCEPTED)
    await Reading.filter(id=reading.id).update(batch=None, data_as_of=NOW)

    await close(importer)

    assert (await Reading.get(id=reading.id)).period == date(2026, 11, 1)
    assert await exported(database, reading) == []
