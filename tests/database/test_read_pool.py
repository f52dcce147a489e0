"""The pool recovers from lost connections, and reuses none in an unknown state."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from lk_graphql.database.connections import ReadPool, TimeLimits
from lk_graphql.kit.errors import Unavailable

ME = "SELECT pg_backend_pid()"


@pytest_asyncio.fixture
async def pool(dsn: str) -> AsyncGenerator[ReadPool]:
    """A pool of two connections."""
    pool = ReadPool(dsn, size=2)
    yield pool
    await pool.close()


async def _kill(dsn: str, backend: int) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute("SELECT pg_terminate_backend($1)", backend)
    await connection.close()


async def _pid(pool: ReadPool) -> Any:
    row = await pool.fetchrow(ME)
    assert row
    return row[0]


async def test_one_connection_serves_as_long_as_one_is_enough(pool: ReadPool) -> None:
    assert len({await _pid(pool) for _ in range(5)}) == 1


async def test_more_callers_than_connections_wait(pool: ReadPool) -> None:
    sql = "SELECT pg_backend_pid(), pg_sleep(0.01)"
    rows = await asyncio.gather(*(pool.fetchrow(sql) for _ in range(12)))
    assert len({row[0] for row in rows if row}) == 2


async def test_a_connection_lost_while_idle_is_replaced(pool: ReadPool, dsn: str) -> None:
    backend = await _pid(pool)
    await _kill(dsn, backend)
    assert await _pid(pool) != backend


async def test_a_connection_lost_under_a_statement_is_read_again(pool: ReadPool, dsn: str) -> None:
    backend = await _pid(pool)
    task = asyncio.create_task(pool.fetchrow("SELECT pg_backend_pid(), pg_sleep(0.2)"))
    await asyncio.sleep(0.05)
    await _kill(dsn, backend)
    row = await task
    assert row
    assert row[0] != backend


async def test_a_cancelled_reader_closes_its_connection(pool: ReadPool) -> None:
    before = await _pid(pool)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(pool.fetchrow("SELECT pg_sleep(5)"), 0.05)
    assert await _pid(pool) != before


async def test_a_cancelled_waiter_loses_no_connection(pool: ReadPool) -> None:
    async def read(seconds: float) -> None:
        await pool.fetchrow("SELECT pg_sleep($1)", seconds)
        waiters[1].cancel()  # it has just got the connection, and not used it yet

    readers = [asyncio.create_task(read(seconds)) for seconds in (0.1, 0.2)]
    await asyncio.sleep(0.02)
    waiters = [asyncio.create_task(_pid(pool)) for _ in range(3)]
    await asyncio.sleep(0.02)
    waiters[0].cancel()
    await asyncio.gather(*readers)
    results = await asyncio.gather(*waiters, return_exceptions=True)
    assert [type(result) for result in results] == [*[asyncio.CancelledError] * 2, int]
    backends = await asyncio.gather(*(_pid(pool) for _ in range(4)))
    assert len(set(backends)) == 2


async def test_leave_to_open_a_connection_is_handed_on(pool: ReadPool) -> None:
    readers = [asyncio.create_task(pool.fetchrow("SELECT pg_sleep(5)")) for _ in range(2)]
    waiters = [asyncio.create_task(_pid(pool)) for _ in range(3)]
    await asyncio.sleep(0.02)
    for reader in readers:
        reader.cancel()
    assert len(set(await asyncio.wait_for(asyncio.gather(*waiters), 2))) == 2


async def test_a_slow_statement_is_cancelled_and_its_connection_stays_open(dsn: str) -> None:
    pool = ReadPool(dsn, size=2, limits=TimeLimits.within(2))
    before = await _pid(pool)
    with pytest.raises(Unavailable) as ended:
        await pool.fetchrow("SELECT pg_sleep(5)")
    assert isinstance(ended.value.__cause__, asyncpg.QueryCanceledError)
    assert await _pid(pool) == before
    await pool.close()


async def test_nothing_can_be_written(pool: ReadPool) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await pool.fetchrow("CREATE TABLE x ()")


async def test_a_wrong_address_is_no_outage(dsn: str) -> None:
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await ReadPool(dsn.replace("/lk_", "/nowhere_")).fetchrow(ME)
