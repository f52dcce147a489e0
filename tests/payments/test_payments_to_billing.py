"""A payment of the cabinet on its way to billing and back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from exchange.desk import Desk
from given_payments import Paying

from lk_graphql.exchange.models import ExportFormat, ExportKind, ImportKind
from lk_graphql.exchange.service.exporting import exported

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


async def export(dsn: str) -> list[dict[str, Any]]:
    connection = await asyncpg.connect(dsn)
    lines = exported(connection, ExportKind.PAYMENTS, ExportFormat.JSONL, since=SINCE)
    found = [orjson.loads(line) async for batch in lines for line in batch]
    await connection.close()
    return found


async def test_a_payment_is_exported_until_it_comes_back(
    at_work: Paying, database: str, tmp_path: Path
):
    payment = await at_work.paid(100_000)
    number = f"{payment.number}-1"
    for _ in range(2):
        (sent,) = await export(database)
        told = sent["external_id"], sent["account"], sent["amount"]
        assert told == (number, "0012345678", "1000.00")
    desk = Desk(tmp_path)
    back = "account;external_id;paid_on;amount;agent\n{};{};2026-11-22;1000;Личный кабинет\n"
    file = desk.put("p.csv", back.format("0012345678", number))
    assert [(await desk.load(ImportKind.PAYMENTS, file)).posted for _ in range(2)] == [1, 0]
    assert await export(database) == []
