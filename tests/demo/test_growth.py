"""Growth of the demo supplier: existing rows are kept."""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from datetime import date

import asyncpg
import pytest

from lk_graphql.demo.data.growth import GrowthSize, foreign_data, grow_demo, last_account
from lk_graphql.demo.data.supplier import account_number
from lk_graphql.ports.passwords import HashCost, Passwords

TODAY = date(2026, 11, 22)
SMALL = GrowthSize(accounts=55, months=2, demo=10, templates=20, batch=15)


@pytest.fixture(scope="module")
def passwords() -> Iterator[Passwords]:
    port = Passwords(HashCost(memory_kib=64, passes=1))
    yield port
    port.close()


@pytest.fixture
async def grown(database: str, passwords: Passwords) -> AsyncGenerator[asyncpg.Connection]:
    await grow_demo(database, SMALL, today=TODAY, passwords=passwords)
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


async def test_growing_leaves_existing_rows_unchanged(database: str, passwords: Passwords):
    smaller = replace(SMALL, accounts=27)
    connection = await asyncpg.connect(database)

    assert await grow_demo(database, smaller, today=TODAY, passwords=passwords) == 27
    before = await _rows(connection)
    later = date(2026, 12, 2)
    assert await grow_demo(database, SMALL, today=later, passwords=passwords) == SMALL.accounts
    after = await _rows(connection)
    await connection.close()

    assert before < after


async def test_a_run_that_failed_is_gone_on_with(
    grown: asyncpg.Connection, database: str, passwords: Passwords
):
    """The third batch from here finds a login of its own there already, after all its bills."""
    larger = replace(SMALL, accounts=100)
    move = """UPDATE "user" SET email_key = $2 WHERE email_key = $1"""
    await grown.execute(move, "customer30@example.com", "customer90@example.com")
    with pytest.raises(asyncpg.UniqueViolationError):
        await grow_demo(database, larger, today=TODAY, passwords=passwords)
    assert await grown.fetchval("SELECT count(*) FROM account") == 85
    await grown.execute(move, "customer90@example.com", "customer30@example.com")

    assert await grow_demo(database, larger, today=TODAY, passwords=passwords) == 100

    assert await grown.fetchval("SELECT count(*) FROM account") == 100
    assert await last_account(grown) == 100


async def test_data_from_outside_the_demo_are_reported(grown: asyncpg.Connection, database: str):
    assert await foreign_data(database) == []

    await grown.execute("UPDATE account SET number = '1' WHERE number = $1", account_number(54))
    await grown.execute("""UPDATE "user" SET email_key = 'somebody@example.net'
        WHERE email_key = 'customer30@example.com'""")

    assert await foreign_data(database) == ["2 accounts", "1 logins"]


async def _rows(connection: asyncpg.Connection) -> set[str]:
    tables = ("account", "invoice", "reading", "account_link")
    query = " UNION ALL ".join(f"SELECT {table}::text AS row FROM {table}" for table in tables)
    return {row["row"] for row in await connection.fetch(query)}
