"""The read-only connection pool, which recovers from a restart of the database."""

from asyncio import LifoQueue
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Protocol, Self

import asyncpg

_SHUTDOWN_ERRORS = (
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    # a statement sent after PostgreSQL's last message, before asyncpg sees the closed socket
    asyncpg.InternalClientError,
)


class Database(Protocol):
    """The part of a pool that the planner uses."""

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None: ...


class Pool:
    """A bounded number of connections, each with one statement at a time.

    A statement is repeated once if its connection was lost. asyncpg's own pool starts a task for
    every release (decision 0190 has the figures).
    """

    def __init__(self, connect: Callable[[], Awaitable[Any]], size: int) -> None:
        self._connect = connect
        self._slots = LifoQueue[Any]()
        for _ in range(size):
            self._slots.put_nowait(None)  # a connection that is yet to be opened

    @classmethod
    async def open(
        cls, dsn: str, *, size: int = 10, seconds: float = 10, max_statements: int = 100
    ) -> Self:
        """Open one connection, so that a wrong address raises now; the others on demand.

        `seconds` is the statement timeout; a statement that exceeds it raises QueryCanceledError.
        `max_statements` is the number of prepared statements per connection: each takes 2 KiB
        here and, once planned, about 200 KiB in PostgreSQL.
        """
        pool = cls(partial(_connect, dsn, seconds, max_statements), size)
        await pool.fetchrow("SELECT")
        return pool

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None:
        """One row; repeats on a new connection if the first was lost."""
        try:
            return await self._fetchrow(sql, arguments)
        except (*_SHUTDOWN_ERRORS, asyncpg.ConnectionDoesNotExistError):
            self._expire_idle()  # the others are lost too
            return await self._fetchrow(sql, arguments)

    async def close(self) -> None:
        """Close the idle connections; no statement may be running."""
        for connection in self._take_idle():
            await connection.close()

    async def _fetchrow(self, sql: str, arguments: Sequence[object]) -> Sequence[Any] | None:
        connection = await self._slots.get()
        try:
            if connection is None or connection.is_closed():
                connection = None
                connection = await self._connect()
            return await connection.fetchrow(sql, *arguments)
        except BaseException as error:
            if connection and not _is_reusable(error):
                connection.terminate()
                connection = None
            raise
        finally:
            self._slots.put_nowait(connection)

    def _expire_idle(self) -> None:
        for connection in self._take_idle():
            connection.terminate()
            self._slots.put_nowait(None)

    def _take_idle(self) -> list[Any]:
        slots = [self._slots.get_nowait() for _ in range(self._slots.qsize())]
        for slot in slots:
            if slot is None:
                self._slots.put_nowait(None)
        return [slot for slot in slots if slot is not None]


def _is_reusable(error: BaseException) -> bool:
    """True if PostgreSQL refused a statement, which leaves the connection usable."""
    return isinstance(error, asyncpg.PostgresError) and not isinstance(error, _SHUTDOWN_ERRORS)


async def _connect(dsn: str, seconds: float, max_statements: int) -> Any:
    connection: Any = await asyncpg.connect(
        dsn,
        statement_cache_size=max_statements,
        max_cached_statement_lifetime=0,
        max_cacheable_statement_size=0,
        server_settings={
            "application_name": "lk reads",
            "default_transaction_read_only": "on",
            "jit": "off",  # the estimated cost of a deep plan would start it
            "statement_timeout": str(round(seconds * 1000)),
            "timezone": "UTC",
        },
    )
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
    )
    return connection
