"""A payment of the cabinet on its way to billing and back."""

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
    found = [orjson.loads(line) async for batch in lines for line in batch]
    await connection.close()
    return found


async def test_a_payment_is_exported_until_it_comes_back(
    scenario: PaymentScenario, database: str, tmp_path: Path
):
    payment = await scenario.paid(100_000)
    number = f"{payment.number}-1"
    for _ in range(2):
        (sent,) = await export(database)
        told = sent["external_id"], sent["account"], sent["amount"]
        assert told == (number, "0012345678", "1000.00")
    desk = ImportRunner(tmp_path)
    back = "account;external_id;paid_on;amount;agent\n{};{};2026-11-22;1000;Личный кабинет\n"
    file = desk.put("p.csv", back.format("0012345678", number))
    assert [(await desk.load(ImportKind.PAYMENTS, file)).posted for _ in range(2)] == [1, 0]
    assert await export(database) == []


async def test_a_payment_is_counted_once_all_the_way(
    scenario: PaymentScenario, database: str, tmp_path: Path
):
    """Paid here, «в обработке», exported, posted with a newer balance: never twice, never not."""

    async def seen() -> tuple[str, str, str]:
        (account,) = (await scenario.api.ask(BALANCE, scenario.token))["viewer"]["accounts"]
        balance = account["balance"]
        return balance["debt"], balance["processing"], balance["amountDue"]

    debt, processing, due = await seen()
    assert (processing, due) == ("0.00", "1140.00")
    payment = await scenario.paid(100_000)
    assert await seen() == (debt, "1000.00", "140.00")
    ((row,), desk) = (await export(database), ImportRunner(tmp_path))
    assert await seen() == (debt, "1000.00", "140.00")
    back = "account;external_id;paid_on;amount;agent\n{};{};2026-11-22;1000;Личный кабинет\n"
    files = (
        desk.put("payments.csv", back.format(row["account"], row["external_id"])),
        desk.put("balances.csv", f"account;debt;penalty;overpayment\n{row['account']};140;0;0\n"),
    )
    for posted in (1, 0):
        outcome = await desk.load(ImportKind.PAYMENTS, *files, as_of=datetime.now(UTC))
        assert outcome.posted == posted
        assert await seen() == ("140.00", "0.00", "140.00")
    assert await export(database) == []
    assert (await Payment.get(id=payment.id)).posted_at is not None
