"""Export of payments to billing, and their import as posted."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from lk_graphql.exchange.models import ExportFormat, ExportKind, ImportKind
from lk_graphql.exchange.service.exports import export_rows
from lk_graphql.payments.models import Payment
from tests.factories.payments import BALANCE, PaymentScenario
from tests.support.import_runner import ImportRunner

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


async def export(dsn: str) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(dsn)
    lines = export_rows(connection, ExportKind.PAYMENTS, ExportFormat.JSONL, since=SINCE)
    rows = [orjson.loads(line) async for batch in lines for line in batch]
    await connection.close()
    return rows


async def test_a_payment_is_exported_until_it_comes_back(
    scenario: PaymentScenario, database: str, tmp_path: Path
):
    payment = await scenario.paid(100_000)
    number = f"{payment.number}-1"
    for _ in range(2):
        (row,) = await export(database)
        values = row["external_id"], row["account"], row["amount"]
        assert values == (number, "0012345678", "1000.00")
    runner = ImportRunner(tmp_path)
    template = "account;external_id;paid_on;amount;agent\n{};{};2026-11-22;1000;Личный кабинет\n"
    file = runner.put("p.csv", template.format("0012345678", number))
    assert [(await runner.load(ImportKind.PAYMENTS, file)).posted for _ in range(2)] == [1, 0]
    assert await export(database) == []


async def test_a_payment_is_counted_once_all_the_way(
    scenario: PaymentScenario, database: str, tmp_path: Path
):
    """Paid, «в обработке», exported, posted with a newer balance: counted exactly once."""

    async def balance_sums() -> tuple[str, str, str]:
        (account,) = (await scenario.api.ask(BALANCE, scenario.token))["viewer"]["accounts"]
        balance = account["balance"]
        return balance["debt"], balance["processing"], balance["amountDue"]

    debt, processing, due = await balance_sums()
    assert (processing, due) == ("0.00", "1140.00")
    payment = await scenario.paid(100_000)
    assert await balance_sums() == (debt, "1000.00", "140.00")
    (row,), runner = await export(database), ImportRunner(tmp_path)
    assert await balance_sums() == (debt, "1000.00", "140.00")
    template = "account;external_id;paid_on;amount;agent\n{};{};2026-11-22;1000;Личный кабинет\n"
    files = (
        runner.put("payments.csv", template.format(row["account"], row["external_id"])),
        runner.put("balances.csv", f"account;debt;penalty;overpayment\n{row['account']};140;0;0\n"),
    )
    for posted in (1, 0):
        outcome = await runner.load(ImportKind.PAYMENTS, *files, as_of=datetime.now(UTC))
        assert outcome.posted == posted
        assert await balance_sums() == ("140.00", "0.00", "140.00")
    assert await export(database) == []
    assert (await Payment.get(id=payment.id)).posted_at is not None
