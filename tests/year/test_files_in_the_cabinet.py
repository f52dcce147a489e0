"""The model and the real cabinet exchange files: docs/import.md says enough for both."""

from collections.abc import Iterator
from dataclasses import astuple
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from random import Random

import asyncpg
import pytest

from lk_graphql.exchange.models import ExportFormat, ExportKind, ImportKind
from lk_graphql.exchange.service.exports import export_rows
from lk_graphql.metering.models import ReadingState, Register
from tests.factories.accounts import given_reading
from tests.factories.payments import BALANCE, PaymentScenario
from tests.support.import_runner import ImportRunner
from tests.year import population
from tests.year.model.cabinet import Cabinet
from tests.year.model.days import ZONE, later, month_of
from tests.year.model.files import File, Style
from tests.year.model.money import rubles
from tests.year.supplier_files import AS_OF, play


def by_kind(files: list[File]) -> Iterator[tuple[ImportKind, list[File]]]:
    for kind, some in groupby(files, key=lambda file: file.kind):
        yield ImportKind[kind.upper()], [*some]


async def load(importer: ImportRunner, files: list[File], as_of: datetime = AS_OF) -> None:
    """Load files into the real cabinet; every row has to be taken."""
    for kind, some in by_kind(files):
        paths = [importer.folder / file.name for file in some]
        for file, path in zip(some, paths, strict=True):
            path.write_bytes(file.content)
        outcome = await importer.load(kind, *paths, as_of=as_of.astimezone(UTC))
        assert outcome.faults == [], importer.faults()[:5]
        assert outcome.run.rows_read == sum(len(file.table.rows) for file in some)


async def export(dsn: str, kind: ExportKind) -> bytes:
    connection = await asyncpg.connect(dsn)
    since = datetime(2026, 1, 1, tzinfo=UTC)
    lines = export_rows(connection, kind, ExportFormat.CSV, since=since)
    content = b"".join([line async for batch in lines for line in batch])
    await connection.close()
    return content


async def read(opened: asyncpg.Connection, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await opened.fetch(sql)]


BALANCES = """
SELECT number, debt, penalty, overpayment FROM account
JOIN account_balance ON account.id = account_id ORDER BY 1
"""
BILLS = """
SELECT number, charged + recalculated + penalty, closing_balance, consumption_kwh,
(SELECT count(*) FROM invoice_line WHERE invoice_id = invoice.id) FROM invoice ORDER BY 1
"""
READINGS = """
SELECT meter.serial, register.zone, reading.value, reading.source FROM reading
JOIN register ON register.id = register_id JOIN meter ON meter.id = meter_id ORDER BY 1, 2, 3, 4
"""


@pytest.mark.parametrize(("seed", "months"), [(0, 1), (1, 1), (3, 8)])
async def test_the_cabinet_takes_every_row_that_the_supplier_writes(
    seed: int, months: int, importer: ImportRunner, opened: asyncpg.Connection
):
    style = Style.random(Random(seed)) if seed else Style()
    supplier, files = play(seed, months, style)
    cabinet = Cabinet(supplier.rules)

    await load(importer, files)
    cabinet.load(files, AS_OF)

    assert await read(opened, BALANCES) == [
        (number, *astuple(cabinet.balance(number))) for number in sorted(supplier.accounts)
    ]
    assert await read(opened, BILLS) == sorted(
        (bill.number, bill.total, bill.closing, bill.kwh, len(bill.lines))
        for account in supplier.accounts.values()
        for bill in account.bills.values()
    )
    assert await read(opened, READINGS) == sorted(
        (meter.serial, register.zone, reading.value, reading.source)
        for account in supplier.accounts.values()
        for meter in account.meters
        for register in meter.registers
        for reading in register.counted()
    )


async def test_readings_of_customers_are_billed_and_come_back(
    importer: ImportRunner, opened: asyncpg.Connection, database: str
):
    supplier, files = play(1, 1, Style())
    await load(importer, files)
    for register in await Register.all().prefetch_related("readings"):
        newest = max(reading.value for reading in register.readings)
        state = ReadingState.ACCEPTED if register.position == 1 else ReadingState.ON_REVIEW
        await given_reading(register, newest + Decimal(7), 11, state)

    exported = await export(database, ExportKind.READINGS)
    registers = [r for a in supplier.accounts.values() for m in a.meters for r in m.registers]
    assert supplier.receive_readings(exported) == len(registers) > 50
    await load(importer, supplier.answer_files(AS_OF))
    assert supplier.receive_readings(await export(database, ExportKind.READINGS)) == 0

    bills = supplier.close_month()
    november = date(2026, 11, 1)
    await load(importer, supplier.reading_files(november, november))
    await load(importer, supplier.bill_files(bills))
    usages = [usage for bill in bills for usage in bill.usages if usage.serial]
    assert {usage.basis for usage in usages} == {"METER"}
    assert await read(
        opened, "SELECT count(*) FROM reading WHERE period = '2026-11-01' AND state = 'ACCEPTED'"
    ) == [(len(registers),)]


async def test_a_payment_in_the_cabinet_is_posted_and_owed_the_same_throughout(
    scenario: PaymentScenario, database: str, tmp_path: Path
):
    today = datetime.now(ZONE).date()  # the sandbox knows no other
    supplier = population.supplier(1, 0, later(month_of(today), -1))
    account = population.add_account(supplier, Random(1), 0, number="0012345678", has_meter=False)
    importer, cabinet = ImportRunner(tmp_path), Cabinet(supplier.rules)

    async def deliver(files: list[File]) -> None:
        moment = datetime.now(ZONE)
        await load(importer, files, moment)
        cabinet.load(files, moment)

    async def check() -> None:
        (shown,) = (await scenario.api.ask(BALANCE, scenario.token))["viewer"]["accounts"]
        assert shown["balance"]["amountDue"] == rubles(cabinet.amount_due(account.number))
        assert shown["balance"]["processing"] == rubles(cabinet.processing(account.number))

    await deliver(supplier.bill_files(supplier.close_month(), datetime.now(ZONE)))
    await check()
    due = cabinet.amount_due(account.number)
    await scenario.paid(due - 100)
    for row in supplier.receive_registry(await export(database, ExportKind.PAYMENTS)):
        cabinet.pay(row)
        supplier.post(row, today)
    await check()
    assert cabinet.processing(account.number) == due - 100 > 0

    await deliver(supplier.payment_files(supplier.start, date.max, datetime.now(ZONE)))
    await check()
    assert (cabinet.amount_due(account.number), cabinet.processing(account.number)) == (100, 0)
    assert supplier.receive_registry(await export(database, ExportKind.PAYMENTS)) == []
