"""A small pool of raw connections for reading, which outlives a restart of the database.

asyncpg's own pool resets a connection each time it comes back and hands it out behind a proxy:
that costs as much as a small statement. Plans leave nothing behind, so there is nothing to reset.
"""

from asyncio import CancelledError, Future, get_running_loop
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, Self

import asyncpg

_GOING_DOWN = (asyncpg.AdminShutdownError, asyncpg.CrashShutdownError)
_HARMLESS = (asyncpg.PostgresError, asyncpg.InterfaceError)


class Database(Protocol):
    """What reading needs of a pool."""

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None: ...


class Pool:
    """Connections for one statement at a time each; the one that came back last goes first.

    Neither a semaphore nor a queue of asyncio's: they take eight calls for what is a list's `pop`
    nearly always.
    """

    def __init__(self, connect: Callable[[], Awaitable[Any]], size: int) -> None:
        self._connect = connect
        self._idle: list[Any] = []
        self._unopened = size
        self._waiting: deque[Future[Any]] = deque()
        """Who waits, the longest first: each for a connection, or None for leave to open one."""

    @classmethod
    async def open(
        cls, dsn: str, *, size: int = 10, seconds: float = 10, remembered: int = 100
    ) -> Self:
        """Connect once, so that a wrong address is noticed now; the others when they're needed.

        `seconds` is how long a statement may take before PostgreSQL ends it with a
        QueryCanceledError; `remembered` is how many prepared statements a connection keeps: each
        takes 2 KiB here and, once it has been planned, some 200 KiB of PostgreSQL.
        """

        async def connect() -> Any:
            return await _connected(dsn, seconds, remembered)

        pool = cls(connect, size)
        pool._idle.append(await pool._another())
        return pool

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None:
        """One row; read again on a new connection if the first one turns out to be lost."""
        is_again = False
        while True:
            connection = self._idle.pop() if self._idle else await self._another()
            try:
                row = await connection.fetchrow(sql, *arguments)
            except BaseException as error:
                if not self._is_lost(connection, error) or is_again:
                    raise
                self._drop_idle()  # they were lost with it
                is_again = True
            else:
                self._give(connection)
                return row

    async def close(self) -> None:
        """Close what is idle; nobody may be reading any more."""
        while self._idle:
            await self._idle.pop().close()

    async def _another(self) -> Any:
        """A new connection, or one that somebody gives back."""
        if self._unopened:
            self._unopened -= 1
        elif (connection := await self._given()) is not None:
            return connection
        try:
            return await self._connect()
        except BaseException:
            self._give(None)
            raise

    async def _given(self) -> Any:
        waiting = get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            return await waiting
        except CancelledError:
            if not waiting.cancelled():  # it was given in the very moment of giving up
                self._give(waiting.result())
            raise

    def _give(self, connection: Any | None) -> None:
        """To who waits longest and hasn't given up; None is leave to open another one."""
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():
                first.set_result(connection)
                return
        if connection is None:
            self._unopened += 1
        else:
            self._idle.append(connection)

    def _is_lost(self, connection: Any, error: BaseException) -> bool:
        """Whether the connection broke under its statement; else it can be used, or is ended."""
        lost = connection.is_closed() or isinstance(error, _GOING_DOWN)
        if not lost and isinstance(error, _HARMLESS):
            self._give(connection)
            return False
        connection.terminate()  # lost, or cancelled halfway: nobody may use it again
        self._give(None)
        return lost and isinstance(error, Exception)

    def _drop_idle(self) -> None:
        while self._idle:
            self._idle.pop().terminate()
            self._give(None)


async def _connected(dsn: str, seconds: float, remembered: int) -> Any:
    connection: Any = await asyncpg.connect(
        dsn,
        statement_cache_size=remembered,
        max_cached_statement_lifetime=0,  # by itself none gets old, and a timer for each is dear
        # of its own accord asyncpg keeps up to 15 KiB; what is over this is prepared each time
        max_cacheable_statement_size=64 * 1024,
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
