"""Pooled connections for reading, which outlive a restart of the database."""

from asyncio import CancelledError
from collections.abc import Sequence
from typing import Any, Protocol, Self

import asyncpg

_GOING_DOWN = (
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    # a statement follows PostgreSQL's farewell, before the end of the socket has been noticed
    asyncpg.InternalClientError,
)


class Database(Protocol):
    """What reading needs of a pool."""

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None: ...


class Pool:
    """asyncpg's pool, with one statement at a time on each connection.

    A statement is read again, once, if its connection was lost.
    """

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    @classmethod
    async def open(
        cls, dsn: str, *, size: int = 10, seconds: float = 10, remembered: int = 100
    ) -> Self:
        """Connect once, so that a wrong address is noticed now; the others when they're needed.

        `seconds` is how long a statement may take before PostgreSQL ends it with a
        QueryCanceledError; `remembered` is how many prepared statements a connection keeps: each
        takes 2 KiB here and, once it has been planned, some 200 KiB of PostgreSQL.
        """
        pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=size,
            max_inactive_connection_lifetime=0,
            init=_init,
            reset=_keep,
            statement_cache_size=remembered,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,
            server_settings={
                "application_name": "lk reads",
                "default_transaction_read_only": "on",
                "jit": "off",  # a deep plan's estimate would set off the compiler
                "statement_timeout": str(round(seconds * 1000)),
                "timezone": "UTC",
            },
        )
        return cls(pool)

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None:
        """One row; read again on a new connection if the first one turns out to be lost."""
        try:
            return await self._fetchrow(sql, arguments)
        except (*_GOING_DOWN, asyncpg.ConnectionDoesNotExistError):
            await self._pool.expire_connections()  # the others were lost with it
            return await self._fetchrow(sql, arguments)

    async def close(self) -> None:
        """Close what is idle; nobody may be reading any more."""
        await self._pool.close()

    async def _fetchrow(self, sql: str, arguments: Sequence[object]) -> Sequence[Any] | None:
        async with self._pool.acquire() as connection:
            try:
                return await connection.fetchrow(sql, *arguments)
            except (CancelledError, *_GOING_DOWN):
                connection.terminate()  # asyncpg would open another one to cancel the statement
                raise


async def _init(connection: Any) -> None:
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
    )


async def _keep(_: object) -> None:
    """Reset nothing: reading changes no state of a connection."""
