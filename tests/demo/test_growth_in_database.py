"""Growth of the demo supplier: consistency of the copies."""

from collections.abc import AsyncGenerator
from itertools import groupby
from uuid import RFC_4122, UUID

import asyncpg
import pytest_asyncio

from lk_graphql.demo.data.growth import grow_demo
from lk_graphql.demo.data.people import LOGINS, PASSWORD
from lk_graphql.demo.data.rows import columns, record, table
from lk_graphql.demo.data.supplier import account, account_number
from lk_graphql.ports.passwords import Passwords
from tests.demo.test_growth import SMALL, TODAY, passwords
from tests.support.database_reset import clear_tables

__all__ = ["passwords"]

CHILDREN = """
SELECT conrelid::regclass AS child, confrelid::regclass AS parent, attribute.attname AS key
FROM pg_constraint
JOIN pg_attribute attribute ON attrelid = conrelid AND attnum = conkey[1]
WHERE contype = 'f'"""


@pytest_asyncio.fixture(scope="module")
async def grown(
    opened: asyncpg.Connection, dsn: str, passwords: Passwords
) -> AsyncGenerator[asyncpg.Connection]:
    """One database for all tests, which only read."""
    await clear_tables(opened)
    await grow_demo(dsn, SMALL, today=TODAY, passwords=passwords)
    yield opened


async def test_accounts_have_the_numbers_that_they_would_have_computed(
    grown: asyncpg.Connection,
) -> None:
    """Contracts, ЕЛС, bills and payments are numbered by them."""
    rows = await grown.fetch("SELECT number, unified_number, contract_number FROM account")
    computed = [account(n, TODAY, billed_months=1).account for n in range(1, SMALL.accounts + 1)]

    assert {row["number"]: row["unified_number"] for row in rows} == {
        data.number: data.unified_number for data in computed
    }
    assert all(row["contract_number"].startswith(f"{row['number']}/") for row in rows)
    for name, column in (("invoice", "number"), ("received_payment", "external_id")):
        query = f"""SELECT one.{column} AS own, account.number
            FROM {name} one JOIN account ON account.id = account_id"""
        assert all(r["own"].startswith(f"{r['number']}-") for r in await grown.fetch(query))


async def test_copy_zero_is_the_template(grown: asyncpg.Connection) -> None:
    template = account(15, TODAY, billed_months=SMALL.months)

    for model, rows in groupby(template.rows(), type):
        names = columns(model)
        expected = {record(row, names) for row in rows}
        keys = [values[[*names].index("id")] for values in expected]
        query = f"SELECT {', '.join(names.values())} FROM {table(model)} WHERE id = ANY($1)"
        assert {tuple(row) for row in await grown.fetch(query, keys)} == expected


async def test_each_copy_has_its_own_address_meter_and_key(grown: asyncpg.Connection) -> None:
    query = """SELECT address, serial, min(a.id::text) AS key
        FROM account a JOIN meter ON account_id = a.id GROUP BY 1, 2"""
    rows = await grown.fetch(query)

    assert len(rows) == await grown.fetchval("SELECT count(*) FROM meter")
    assert all(UUID(row["key"]).version == 7 for row in rows)
    assert all(UUID(row["key"]).variant == RFC_4122 for row in rows)


async def test_every_reference_has_its_row(grown: asyncpg.Connection) -> None:
    """The load disables PostgreSQL's own check."""
    for child, parent, key in await grown.fetch(CHILDREN):
        query = f"""SELECT count(*) FROM {child} child WHERE {key} IS NOT NULL
            AND NOT EXISTS (SELECT FROM {parent} parent WHERE parent.id = child.{key})"""
        assert await grown.fetchval(query) == 0, (child, key)


async def test_copies_add_up(grown: asyncpg.Connection) -> None:
    lines = """SELECT count(*) FROM invoice WHERE charged + recalculated <>
        (SELECT sum(amount) FROM invoice_line WHERE invoice_id = invoice.id)"""
    balances = """SELECT count(*) FROM account_balance b WHERE debt + penalty <>
        (SELECT sum(unpaid) FROM invoice WHERE account_id = b.account_id)"""

    assert await grown.fetchval(lines) == 0
    assert await grown.fetchval(balances) == 0


async def test_customers_can_sign_in_and_some_have_three_accounts(
    grown: asyncpg.Connection, passwords: Passwords
) -> None:
    query = """SELECT email_key, password_hash, array_agg(number ORDER BY role DESC, number)
        FROM "user" u JOIN account_link ON user_id = u.id JOIN account a ON a.id = account_id
        GROUP BY u.id"""
    rows = {email: (hashed, numbers) for email, hashed, numbers in await grown.fetch(query)}

    hashed, numbers = rows["customer40@example.com"]
    assert await passwords.verify(hashed, PASSWORD)
    assert numbers == [*sorted(map(account_number, (39, 40))), account_number(38)]
    assert rows["customer38@example.com"][1] == [account_number(38)]
    assert rows.keys() == {login.email for login in LOGINS} | {
        f"customer{n}@example.com" for n in range(12, SMALL.accounts + 1, 2)
    }
