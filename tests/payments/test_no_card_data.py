"""Card data exists on the acquirer's page only: not in our schema, database or logs."""

import re
from io import BytesIO

import asyncpg
from graphql import GraphQLInputObjectType

from lk_graphql.schema import graphql_schema
from tests.factories.payments import PaymentScenario
from tests.support.capture_logs import logging_to
from tests.support.sandbox_acquirer import GOOD

CARD = re.compile(
    r"card.?(number|holder)|\bpan\b|cvc|cvv|expir(y|ation).?(month|year)", re.IGNORECASE
)
# nobody writes one into a word, while ids have figures of sixteen among their letters
NUMBER = re.compile(r"(?<![0-9A-Za-z_])(?:\d[ -]?){15}\d(?![0-9A-Za-z_])")
# figures of a fiscal receipt, and a bank account's, are as long
KNOWN = {"9999078900000000"}
COLUMNS = """SELECT table_name || '.' || column_name FROM information_schema.columns
WHERE table_schema = 'public'"""
TEXTS = """SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('character varying', 'text', 'jsonb', 'bytea')"""


def test_no_input_asks_for_a_card():
    names = [
        f"{type_.name}.{field}"
        for type_ in graphql_schema.type_map.values()
        if isinstance(type_, GraphQLInputObjectType)
        for field in type_.fields
    ]
    assert [name for name in names if CARD.search(name)] == []


async def test_no_column_is_for_one(opened: asyncpg.Connection):
    names = [row[0] for row in await opened.fetch(COLUMNS)]

    assert len(names) > 100
    assert [name for name in names if CARD.search(name)] == []


def numbers_in(text: str) -> set[str]:
    return {re.sub(r"[ -]", "", found) for found in NUMBER.findall(text)} - KNOWN


async def test_after_a_payment_none_is_in_the_database_or_the_logs(
    scenario: PaymentScenario, opened: asyncpg.Connection
):
    kept = BytesIO()
    with logging_to(kept, "debug"):
        started = (await scenario.start())["payment"]
        page = scenario.sandbox.pay(started["pageUrl"], GOOD)
        await scenario.reconcile(await opened.fetchval("SELECT id FROM payment"))

    assert "Оплачено" in page.text
    found: dict[str, set[str]] = {"the logs": numbers_in(kept.getvalue().decode())}
    for table, column in await opened.fetch(TEXTS):
        cells = await opened.fetch(f'SELECT "{column}"::text FROM "{table}"')
        text = "\n".join(cell[0] or "" for cell in cells)
        found[f"{table}.{column}"] = {GOOD} if GOOD in text else set()
    assert {where: cards for where, cards in found.items() if cards} == {}
