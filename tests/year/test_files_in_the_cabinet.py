"""The model and the real cabinet exchange files: docs/import.md says enough for both."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from random import Random

import asyncpg
import pytest

from lk_graphql.exchange.models import ExportFormat, ExportKind
from lk_graphql.exchange.service.exports import export_rows
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.metering.models import ReadingState, Register
from lk_graphql.payments.models import Difference
from lk_graphql.payments.service.refunds import RefundClaim
from tests.factories.accounts import given_bare_account, given_reading
from tests.factories.payments import BALANCE, PaymentScenario, request_refund
from tests.support.import_runner import ImportRunner
from tests.year import population
from tests.year.model.cabinet import Cabinet
from tests.year.model.days import ZONE, later, month_of
from tests.year.model.files import File, Style, read_registry
from tests.year.model.meters import ESTIMATED
from tests.year.model.money import rubles
from tests.year.model.postings import RegistryRow
from tests.year.model.supplier import Supplier
from tests.year.supplier_files import AS_OF, play

OTHER = "0012345679"


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
async def test_the_cabinet_accepts_every_row_that_the_supplier_writes(
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
        if supplier.detail.estimates or reading.source != ESTIMATED
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


@dataclass
class BothSides:
    """A customer of the real cabinet, and the supplier who books what they pay there."""

    scenario: PaymentScenario
    database: str
    importer: ImportRunner
    supplier: Supplier
    cabinet: Cabinet

    async def deliver(self, files: list[File]) -> None:
        moment = datetime.now(ZONE)  # the sandbox knows no other
        await load(self.importer, files, moment)
        self.cabinet.load(files, moment)

    async def new_movement(self) -> RegistryRow:
        """The one row of the exported registry that the supplier hasn't had yet."""
        content = await export(self.database, ExportKind.PAYMENTS)
        (row,) = self.supplier.receive_registry(content)
        self.cabinet.pay(row)
        return row

    async def check(self, due: int, differing: set[str]) -> None:
        """Deliver all postings and balances, and compare what both sides know."""
        moment = datetime.now(ZONE)
        await self.deliver(self.supplier.payment_files(self.supplier.start, date.max, moment))
        (shown,) = (await self.scenario.api.ask(BALANCE, self.scenario.token))["viewer"]["accounts"]
        number = self.scenario.account.number
        assert shown["balance"]["processing"] == rubles(self.cabinet.processing(number))
        assert shown["balance"]["amountDue"] == rubles(due)
        assert self.cabinet.amount_due(number) == due
        unsettled = Difference.filter(settled_at=None).select_related("registry_row")
        numbers = {one.registry_row.number for one in await unsettled if one.registry_row}
        assert numbers == self.cabinet.differences() == differing
        assert {one.external_id for one in self.supplier.differences()} == differing
        exported = read_registry(await export(self.database, ExportKind.PAYMENTS))
        pending = {n for n in self.cabinet.movements if self.cabinet.is_pending(n)}
        assert {row.external_id for row in exported} == pending


@pytest.fixture
async def both(scenario: PaymentScenario, database: str, importer: ImportRunner) -> BothSides:
    """With a bill, and another account to which money may be posted."""
    today = datetime.now(ZONE).date()
    supplier = population.supplier(1, 0, later(month_of(today), -1))
    for position, number in enumerate(("0012345678", OTHER)):
        population.add_account(supplier, Random(1), position, number=number, has_meter=False)
    await given_bare_account(OTHER)
    both = BothSides(scenario, database, importer, supplier, Cabinet(supplier.rules))
    await both.deliver(supplier.bill_files(supplier.close_month(), datetime.now(ZONE)))
    return both


async def test_each_posting_of_billing_is_agreed_or_a_difference_and_changes_no_debt(
    both: BothSides,
):
    """In pieces, taken back, to another account, and at last as it was."""
    supplier, today = both.supplier, datetime.now(ZONE).date()
    paid = both.cabinet.amount_due("0012345678") - 100
    await both.scenario.paid(paid)
    row = await both.new_movement()

    supplier.post(row, today, amount=paid // 2)
    await both.check(100, {row.external_id})
    supplier.post(row, today, amount=paid - paid // 2)
    await both.check(100, set())
    supplier.reverse(row.external_id, today)
    await both.check(100, {row.external_id})
    supplier.post(row, today, account=OTHER)
    await both.check(100, {row.external_id})
    supplier.reverse(row.external_id, today)
    supplier.post(row, today)
    await both.check(100, set())


async def test_a_refund_is_posted_below_zero_and_in_pieces(both: BothSides):
    supplier, today = both.supplier, datetime.now(ZONE).date()
    due = both.cabinet.amount_due("0012345678")
    payment = await both.scenario.paid(due)
    supplier.post(await both.new_movement(), today)
    await both.check(0, set())

    claim = RefundClaim(payment.id, 1, Kopecks(100), "Оплачено дважды", new_key().hex)
    await request_refund(both.scenario.acquirer, claim)
    await both.scenario.do_jobs()
    refund = await both.new_movement()
    assert refund.amount == -100
    await both.check(100, set())
    supplier.post(refund, today, amount=-99)
    await both.check(100, {refund.external_id})
    supplier.post(refund, today, amount=-1)
    await both.check(100, set())
    assert both.cabinet.processing("0012345678") == 0
