"""Connections and their pool under time limits, lost connections and cancellations."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from lk_graphql import database as models
from lk_graphql.database import raw_sql
from lk_graphql.database.connections import (
    ConnectionLost,
    ConnectionPool,
    TimeLimits,
    is_outage,
)
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.metrics import DATABASE_FAILURES

ME = "SELECT pg_backend_pid()"
KILL = "SELECT pg_terminate_backend(pg_backend_pid())"
PATIENT = TimeLimits(connection=20, answer=20)
INSERT = "INSERT INTO attempts VALUES (gen_random_uuid(), '{}', now())"
HASTY = TimeLimits(connection=20, answer=1)
"""PostgreSQL itself cancels nothing, as if it were frozen."""


def pool_of(dsn: str, size: int, limits: TimeLimits) -> ConnectionPool:
    async def connect() -> Any:
        return await asyncpg.connect(dsn, **limits.connect_arguments())

    return ConnectionPool(connect, size, limits, "test")


async def use(pool: ConnectionPool, statement: str) -> Any:
    connection = await pool.acquire()
    try:
        return await connection.fetchval(statement)
    finally:
        await pool.release(connection)


async def test_waiting_tasks_get_connections_in_their_order(dsn: str):
    """Also before one who has just given its connection back."""
    pool, order = pool_of(dsn, 1, PATIENT), list[str]()

    async def twice(name: str) -> None:
        for _ in range(2):
            await use(pool, "SELECT pg_sleep(0.01)")
            order.append(name)

    await asyncio.gather(*(twice(name) for name in "abc"))
    await pool.close()

    assert order == [*"abcabc"]


async def test_a_wait_for_a_connection_ends_at_the_limit(dsn: str):
    pool = pool_of(dsn, 1, TimeLimits(connection=0.1))
    held = await pool.acquire()

    with pytest.raises(Unavailable) as refused:
        await pool.acquire()
    await pool.release(held)

    assert refused.value.reason == "TimeoutError"
    assert await pool.acquire() is held
    held.terminate()


def failures() -> float:
    """The counted failures of the pool of these tests, whatever their reason."""
    return sum(
        sample.value
        for family in DATABASE_FAILURES.collect()
        for sample in family.samples
        if sample.name.endswith("_total") and sample.labels["pool"] == "test"
    )


async def test_a_connection_that_is_refused_is_counted_as_a_failure_of_the_database():
    """While PostgreSQL is away there are no others, and the alert rings by this number."""
    pool, before = pool_of("postgresql://lk@127.0.0.1:1/lk", 1, PATIENT), failures()

    for _ in range(2):
        with pytest.raises(Unavailable):
            await pool.acquire()

    assert failures() - before == 2


async def test_a_statement_on_a_lost_connection_is_counted_once(dsn: str):
    pool, before = pool_of(dsn, 1, PATIENT), failures()

    with pytest.raises(ConnectionLost):
        await use(pool, KILL)
    await pool.close()

    assert failures() - before == 1


async def test_a_cancelled_wait_loses_no_connection(dsn: str):
    pool = pool_of(dsn, 1, PATIENT)
    held = await pool.acquire()
    for _ in range(2):
        waiters = [asyncio.create_task(pool.acquire()) for _ in range(3)]
        await asyncio.sleep(0)
        waiters[0].cancel()
        await pool.release(held)  # to the second
        waiters[1].cancel()  # which has got it, and doesn't know yet
        results = await asyncio.gather(*waiters, return_exceptions=True)
        assert [type(result) for result in results[:2]] == [asyncio.CancelledError] * 2
        assert results[2] is held
    held.terminate()


async def test_a_statement_without_an_answer_in_time_ends_its_connection(dsn: str):
    pool = pool_of(dsn, 1, HASTY)
    before = await use(pool, ME)

    with pytest.raises(Unavailable) as hung:
        await use(pool, "SELECT pg_sleep(20)")
    after = await use(pool, ME)
    await pool.close()

    assert hung.value.reason == "TimeoutError"
    assert not isinstance(hung.value, ConnectionLost)  # it isn't repeated
    assert after != before


async def test_a_statement_cancelled_by_postgresql_leaves_its_connection_open(dsn: str):
    pool = pool_of(dsn, 1, TimeLimits(connection=20, statement=0.1, answer=20))
    before = await use(pool, ME)

    with pytest.raises(Unavailable) as slow:
        await use(pool, "SELECT pg_sleep(20)")
    after = await use(pool, ME)
    await pool.close()

    assert slow.value.reason == "QueryCanceledError"
    assert after == before


async def test_a_cancelled_statement_ends_its_connection(dsn: str):
    """And PostgreSQL soon ends the statement, which may hold locks."""
    pool = pool_of(dsn, 1, PATIENT)
    before = await use(pool, ME)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(use(pool, "SELECT pg_sleep(20)"), 0.05)
    after = await use(pool, ME)
    async with asyncio.timeout(20):
        while await use(pool, f"SELECT 1 FROM pg_stat_activity WHERE pid = {before}"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await pool.close()

    assert after != before


async def test_one_lost_connection_replaces_the_idle_ones(dsn: str):
    pool = pool_of(dsn, 3, PATIENT)
    before = [await pool.acquire() for _ in range(3)]
    for connection in before:
        await pool.release(connection)

    with pytest.raises(ConnectionLost):
        await use(pool, KILL)
    after = [await pool.acquire() for _ in range(3)]

    assert all(connection.is_closed() for connection in before)
    assert not {*before} & {*after}
    pool.terminate()
    assert all(connection.is_closed() for connection in after)


async def test_a_connection_left_in_a_transaction_is_not_used_again(dsn: str):
    pool = pool_of(dsn, 1, PATIENT)
    left = await pool.acquire()
    await left.execute("BEGIN")
    await pool.release(left)

    assert left.is_closed()
    assert await use(pool, "SELECT 1") == 1
    await pool.close()


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("SELECT nothing", asyncpg.UndefinedColumnError),
        ("SELECT 1 / 0", asyncpg.DivisionByZeroError),
        ("SELECT $1::int", asyncpg.InterfaceError),  # without its argument
        ("CREATE TABLE x ()", asyncpg.ReadOnlySQLTransactionError),  # not on a standby
    ],
)
async def test_faulty_statements_are_no_outage(dsn: str, statement: str, error: type[Exception]):
    pool = pool_of(dsn, 1, PATIENT)
    connection = await pool.acquire()
    await connection.execute("SET default_transaction_read_only = on")

    with pytest.raises(error) as raised:
        await connection.fetchval(statement)

    assert not is_outage(raised.value)
    assert not connection.is_closed()
    connection.terminate()


@pytest_asyncio.fixture
async def hasty_models(database: str) -> AsyncGenerator[None]:
    """The models on connections with little patience."""
    await models.close_models()
    await models.open_models(database, limits=HASTY)
    yield
    await models.close_models()
    await models.open_models(database)


async def insert_and(statement: str) -> None:
    """A transaction that hangs within a savepoint."""
    async with in_transaction():
        await raw_sql.fetch(INSERT)
        async with in_transaction():
            await raw_sql.fetch(statement)


async def test_a_transaction_ends_with_its_connection(hasty_models: None):
    before = await raw_sql.fetch(ME)

    with pytest.raises(Unavailable):
        await insert_and("SELECT pg_sleep(20)")

    assert await raw_sql.fetch("SELECT FROM attempts") == []
    assert await raw_sql.fetch(ME) != before


async def test_a_cancelled_transaction_stays_cancelled(hasty_models: None):
    """Its rollback on a connection that has ended must not hide the reason."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await insert_and("SELECT pg_sleep(20)")

    assert await raw_sql.fetch("SELECT FROM attempts") == []


async def test_a_change_on_a_lost_connection_is_not_acknowledged(hasty_models: None):
    async def change() -> None:
        transaction: Any
        async with in_transaction() as transaction:
            await raw_sql.fetch(INSERT)
            async with transaction.acquire_connection() as connection:
                connection.terminate()

    with pytest.raises(Unavailable):
        await change()

    assert await raw_sql.fetch("SELECT FROM attempts") == []


async def test_rows_written_together_on_a_lost_connection_are_an_outage(hasty_models: None):
    client: Any = get_connection("default")
    before = await raw_sql.fetch(ME)

    with pytest.raises(Unavailable):
        await client.execute_many("SELECT pg_sleep($1)", [[20.0], [20.0]])

    assert await raw_sql.fetch(ME) != before


async def test_an_error_in_a_transaction_keeps_its_connection(hasty_models: None):
    before = await raw_sql.fetch(ME)

    with pytest.raises(asyncpg.DivisionByZeroError):
        await insert_and("SELECT 1 / 0")

    assert await raw_sql.fetch("SELECT FROM attempts") == []
    assert await raw_sql.fetch(ME) == before
