"""Absence of card data in the schema, the database and the logs."""

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
# not inside a word: ids contain sixteen digits in a row among their letters
NUMBER = re.compile(r"(?<![0-9A-Za-z_])(?:\d[ -]?){15}\d(?![0-9A-Za-z_])")
# a number of a fiscal receipt, as long as a card's
RECEIPT_NUMBERS = {"9999078900000000"}
COLUMNS = """SELECT table_name || '.' || column_name FROM information_schema.columns
WHERE table_schema = 'public'"""
TEXTS = """SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('character varying', 'text', 'jsonb', 'bytea')"""


def test_no_input_has_a_field_for_a_card():
    names = [
        f"{type_.name}.{field}"
        for type_ in graphql_schema.type_map.values()
        if isinstance(type_, GraphQLInputObjectType)
        for field in type_.fields
    ]
    assert [name for name in names if CARD.search(name)] == []


async def test_no_column_is_for_a_card(opened: asyncpg.Connection):
    names = [row[0] for row in await opened.fetch(COLUMNS)]

    assert len(names) > 100
    assert [name for name in names if CARD.search(name)] == []


def numbers_in(text: str) -> set[str]:
    return {re.sub(r"[ -]", "", number) for number in NUMBER.findall(text)} - RECEIPT_NUMBERS


async def test_after_a_payment_no_card_is_in_the_database_or_the_logs(
    scenario: PaymentScenario, opened: asyncpg.Connection
):
    log = BytesIO()
    with logging_to(log, "debug"):
        started = (await scenario.start())["payment"]
        page = scenario.sandbox.pay(started["pageUrl"], GOOD)
        await scenario.reconcile(await opened.fetchval("SELECT id FROM payment"))

    assert "Оплачено" in page.text
    numbers: dict[str, set[str]] = {"the logs": numbers_in(log.getvalue().decode())}
    for table, column in await opened.fetch(TEXTS):
        cells = await opened.fetch(f'SELECT "{column}"::text FROM "{table}"')
        text = "\n".join(cell[0] or "" for cell in cells)
        numbers[f"{table}.{column}"] = {GOOD} if GOOD in text else set()
    assert {source: cards for source, cards in numbers.items() if cards} == {}
