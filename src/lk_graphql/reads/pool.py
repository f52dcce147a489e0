"""A small pool of raw connections for reading, which outlives a restart of the database.

asyncpg's own pool resets a connection each time it comes back and hands it out behind a proxy:
that costs as much as a small statement. Plans leave nothing behind, so there is nothing to reset.
"""

from asyncio import Semaphore
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, Self

import asyncpg

_GOING_DOWN = (asyncpg.AdminShutdownError, asyncpg.CrashShutdownError)
_HARMLESS = (asyncpg.PostgresError, asyncpg.InterfaceError)


class Database(Protocol):
    """What reading needs of a pool."""

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None: ...


class Pool:
    """Connections for one statement at a time each; the one that came back last goes first."""

    def __init__(self, connect: Callable[[], Awaitable[Any]], size: int) -> None:
        self._connect = connect
        self._places = Semaphore(size)
        self._idle: list[Any] = []

    @classmethod
    async def open(
        cls, dsn: str, *, size: int = 10, seconds: float = 10, remembered: int = 300
    ) -> Self:
        """Connect once, so that a wrong address is noticed now; the others when they're needed.

        `seconds` is how long a statement may take before PostgreSQL ends it with a
        QueryCanceledError; `remembered` is how many prepared statements a connection keeps.
        """

        async def connect() -> Any:
            return await _connected(dsn, seconds, remembered)

        pool = cls(connect, size)
        pool._idle.append(await connect())
        return pool

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None:
        """One row; read again on a new connection if the first one turns out to be lost."""
        async with self._places:
            try:
                return await self._fetchrow(await self._take(), sql, arguments)
            except _Lost:
                self._drop_idle()  # they were lost with it
                return await self._fetchrow(await self._connect(), sql, arguments)

    async def close(self) -> None:
        """Close what is idle; nobody may be reading any more."""
        while self._idle:
            await self._idle.pop().close()

    async def _take(self) -> Any:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return await self._connect()

    async def _fetchrow(self, connection: Any, sql: str, arguments: tuple[object, ...]) -> Any:
        try:
            row = await connection.fetchrow(sql, *arguments)
        except BaseException as error:
            lost = connection.is_closed() or isinstance(error, _GOING_DOWN)
            if not lost and isinstance(error, _HARMLESS):
                self._idle.append(connection)
                raise
            connection.terminate()  # lost, or cancelled halfway: nobody may use it again
            if lost and isinstance(error, Exception):
                raise _Lost from error
            raise
        self._idle.append(connection)
        return row

    def _drop_idle(self) -> None:
        while self._idle:
            self._idle.pop().terminate()


class _Lost(ConnectionError):
    """The connection broke under a statement."""


async def _connected(dsn: str, seconds: float, remembered: int) -> Any:
    connection: Any = await asyncpg.connect(
        dsn,
        statement_cache_size=remembered,
        # asyncpg doesn't keep statements over 15 KiB unless told to: 0 means any length
        max_cacheable_statement_size=0,
        server_settings={
            "application_name": "lk reads",
            "default_transaction_read_only": "on",
            "jit": "off",  # a deep plan's estimate would set off the compiler
            "statement_timeout": str(round(seconds * 1000)),
            "timezone": "UTC",
        },
    )
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
    )
    return connection
