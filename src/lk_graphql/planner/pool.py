"""The planner's read-only connections, which recover from a restart of the database."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol, Self

from lk_graphql.database.connections import (
    ConnectionLost,
    ConnectionPool,
    LimitedConnection,
    ServerRole,
    TimeLimits,
    connect,
)
from lk_graphql.kit.database_url import Pooling


class Database(Protocol):
    """The part of a pool that the planner uses."""

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None: ...


class Pool:
    """Executes read-only statements, and repeats a statement once if its connection was lost."""

    def __init__(self, connections: ConnectionPool, pooling: Pooling = Pooling.NONE) -> None:
        self._connections = connections
        self._pooling = pooling

    @classmethod
    async def open(
        cls,
        dsn: str,
        *,
        size: int = 10,
        limits: TimeLimits = TimeLimits.within(10),  # noqa: B008 - immutable
        pooling: Pooling = Pooling.NONE,
        max_statements: int = 100,
    ) -> Self:
        """Open one connection, to detect a wrong address at once; others open on demand.

        `max_statements` is the number of prepared statements per connection: each takes 2 KiB
        here and, once planned, about 200 KiB in PostgreSQL.
        """
        pool = cls.of_role(
            "primary",
            dsn,
            size=size,
            limits=limits,
            pooling=pooling,
            max_statements=max_statements,
        )
        await pool.fetchrow("SELECT")
        return pool

    @classmethod
    def of_role(
        cls,
        role: ServerRole,
        dsn: str,
        *,
        size: int,
        limits: TimeLimits,
        pooling: Pooling = Pooling.NONE,
        max_statements: int = 100,
    ) -> Self:
        """A pool that opens all connections on demand."""
        connect = partial(_connect, role, dsn, limits, pooling, max_statements)
        name = "plans" if role == "primary" else "replicas"
        return cls(ConnectionPool(connect, size, limits, name), pooling)

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None:
        """One row. Raises `Unavailable` within the time limits."""
        try:
            return await self._fetchrow(sql, arguments)
        except ConnectionLost:
            return await self._fetchrow(sql, arguments)

    async def close(self) -> None:
        """Close the idle connections; no statement may be running."""
        await self._connections.close()

    async def _fetchrow(self, sql: str, arguments: Sequence[object]) -> Sequence[Any] | None:
        connection = await self._connections.acquire()
        try:
            if self._pooling is not Pooling.TRANSACTION:
                return await connection.fetchrow(sql, *arguments)
            # clients of a pooler share sessions, so each transaction sets its own mode
            async with connection.transaction(readonly=True):
                return await connection.fetchrow(sql, *arguments)
        finally:
            await self._connections.release(connection)


READ_SETTINGS = {
    "application_name": "lk reads",
    "default_transaction_read_only": "on",
    "jit": "off",  # the estimated cost of a deep plan would trigger it
    "timezone": "UTC",
}


async def _connect(
    role: ServerRole, dsn: str, limits: TimeLimits, pooling: Pooling, max_statements: int
) -> LimitedConnection:
    arguments = limits.connect_arguments(**READ_SETTINGS)
    connection: Any = await connect(
        dsn,
        role=role,
        pooling=pooling,
        statement_cache_size=max_statements,
        max_cached_statement_lifetime=0,
        max_cacheable_statement_size=0,
        **arguments,
    )
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
    )
    return connection
