"""Connections with time limits, and their pools, which the planner and Tortoise use.

A statement has two time limits. After the first, PostgreSQL cancels the statement, and the
connection stays usable. A frozen or lost server cancels nothing, so the client closes the
connection after the second.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, Self, TypeVar

import asyncpg

from lk_graphql.kit import database_url
from lk_graphql.kit.database_url import Pooling
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.metrics import CONNECTION_WAITS, DATABASE_FAILURES
from lk_graphql.kit.tracing import TRACING, SpanKind, fingerprint

Answer = TypeVar("Answer")
ServerRole = Literal["primary", "standby"]

_CLIENT_CHECKS = {
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "60000",
    "client_connection_check_interval": "1s",
}
"""Settings by which PostgreSQL ends a client's statement and releases its locks: within a second
after the connection was closed, and within a minute if the client's host is lost."""
_IDLE_IN_TRANSACTION = "60s"
_CONNECT = 60.0
"""The limit, in seconds, for opening a connection if the caller sets none."""
_LOST = (
    OSError,  # includes TimeoutError, for no response in time
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.DatabaseDroppedError,
    asyncpg.IdleSessionTimeoutError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    # a statement sent after PostgreSQL's last message, before asyncpg sees the closed socket
    asyncpg.InternalClientError,
)
"""Errors after which a connection is unusable."""
_REFUSED = (
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,  # connections, memory, disk
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
)
"""Temporary errors of a server, such as a start or a lack of memory."""


_FOR_POOLERS = {"application_name", "timezone"}
"""Settings that PgBouncer accepts from clients in both modes."""
_SET = (
    "SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS x (name, value)"
)


class ConnectionLost(Unavailable):
    """The connection ended during a statement; a new connection may be able to execute it."""


def is_outage(error: BaseException) -> bool:
    """Whether an error means that the database is unavailable, not that the statement is wrong.

    An OSError means this only if a connection raised it: files and other services also raise it.
    """
    return isinstance(error, (*_LOST, *_REFUSED))


def _count_failure(error: Exception, pool: str) -> None:
    DATABASE_FAILURES.labels(type(error).__name__, pool).inc()


async def connect(
    dsn: str,
    *,
    pooling: Pooling = Pooling.NONE,
    timeout: float = _CONNECT,  # noqa: ASYNC109 - asyncpg's name
    role: ServerRole = "primary",
    **arguments: Any,
) -> Any:
    """A connection to the primary (or a standby) of the address's servers, within `timeout`.

    Through a pooler in transaction mode, `server_settings` are omitted.
    """
    arguments["target_session_attrs"] = role
    if pooling is Pooling.NONE:
        return await _connect(dsn, timeout, arguments)
    settings = dict(arguments.pop("server_settings", {}))
    first = {name: settings.pop(name) for name in _FOR_POOLERS & settings.keys()}
    connection = await _connect(dsn, timeout, arguments | {"server_settings": first})
    if pooling is Pooling.SESSION and settings:
        try:
            await connection.fetch(_SET, [*settings], [*settings.values()], timeout=timeout)
        except BaseException:
            connection.terminate()
            raise
    return connection


async def _connect(dsn: str, timeout: float, arguments: dict[str, Any]) -> Any:  # noqa: ASYNC109
    """Connect to the first of the servers that has the role.

    asyncpg also tries several servers, but within one time limit, which a lost host would use up.
    If all servers are unavailable or have another role, raises the error of the last one. An error
    that doesn't mean an outage, such as a wrong password, is raised at once.
    """
    servers = database_url.parse(dsn).servers
    if len(servers) < 2:
        return await asyncpg.connect(dsn, timeout=timeout, **arguments)
    failure: Exception | None = None
    for server in servers:
        try:
            return await asyncpg.connect(
                dsn,
                host=server.host,
                port=server.port,
                timeout=timeout / len(servers),
                **arguments,
            )
        except (OSError, asyncpg.PostgresError, asyncpg.InternalClientError) as error:
            if not is_outage(error):
                raise
            failure = error
    assert failure  # noqa: S101 - there are several servers
    raise failure


@dataclass(frozen=True)
class TimeLimits:
    """Limits in seconds; None is no limit. Jobs, imports and commands have no limits."""

    connection: float | None = None
    """The limit for acquiring a connection, including the time to open it."""
    statement: float | None = None
    """The time after which PostgreSQL cancels a statement."""
    answer: float | None = None
    """The time after which the client closes the connection; longer than `statement`."""

    @classmethod
    def within(cls, seconds: float) -> Self:
        """Limits such that a frozen database delays no request by more than `seconds`."""
        return cls(connection=seconds / 2, statement=seconds * 0.45, answer=seconds / 2)

    def connect_arguments(self, **server_settings: str) -> dict[str, Any]:
        """Keyword arguments of `asyncpg.connect`."""
        has_limits = self.statement is not None
        settings = {
            **_CLIENT_CHECKS,
            # set even to 0, because the role may have limits for a pooler's connections
            "statement_timeout": str(round((self.statement or 0) * 1000)),
            "idle_in_transaction_session_timeout": _IDLE_IN_TRANSACTION if has_limits else "0",
            **server_settings,
        }
        return {
            "timeout": self.connection or _CONNECT,
            "command_timeout": self.answer,
            "connection_class": LimitedConnection,
            "server_settings": settings,
        }


class LimitedConnection(asyncpg.Connection):
    """A connection that raises `Unavailable` for outages, and ends after an unanswered statement.

    After an unanswered statement, it would be unclear to which statement the next answer belongs.
    A cancellation of the task also ends the connection, because asyncpg would request the server to
    cancel the statement, and a frozen server doesn't respond.
    """

    is_cancelled = False
    """Whether a cancellation has ended the connection; other connections may then still be good."""
    pool = ""
    """The name of the connection's pool; empty without one."""

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        return await self._traced(super().execute(*args, **kwargs), args)

    async def executemany(self, *args: Any, **kwargs: Any) -> Any:
        return await self._traced(super().executemany(*args, **kwargs), args)

    async def fetch(self, *args: Any, **kwargs: Any) -> Any:
        return await self._traced(super().fetch(*args, **kwargs), args)

    async def fetchrow(self, *args: Any, **kwargs: Any) -> Any:
        return await self._traced(super().fetchrow(*args, **kwargs), args)

    async def fetchval(self, *args: Any, **kwargs: Any) -> Any:
        return await self._traced(super().fetchval(*args, **kwargs), args)

    async def _traced(self, answer: Awaitable[Answer], arguments: Sequence[Any]) -> Answer:
        if not TRACING.is_on:
            return await self._answered(answer)
        with TRACING.span("sql", SpanKind.CLIENT, statement=fingerprint(arguments[0])):
            return await self._answered(answer)

    async def _answered(self, answer: Awaitable[Answer]) -> Answer:
        try:
            return await answer
        except asyncio.CancelledError:
            self.is_cancelled = True
            self.terminate()
            raise
        except Exception as error:
            if self._has_ended(error):
                _count_failure(error, self.pool)
                self.terminate()
                kind = Unavailable if isinstance(error, TimeoutError) else ConnectionLost
                raise kind("database") from error
            if is_outage(error):
                _count_failure(error, self.pool)
                raise Unavailable("database") from error
            raise

    def _has_ended(self, error: Exception) -> bool:
        if isinstance(error, asyncpg.ReadOnlySQLTransactionError):
            # the primary was replaced; PgBouncer doesn't report it
            return getattr(self.get_settings(), "in_hot_standby", "on") == "on"
        is_closed = isinstance(error, asyncpg.InterfaceError) and self.is_closed()
        return is_closed or isinstance(error, _LOST)


class ConnectionPool:
    """A bounded number of connections, opened on demand and reused last in, first out.

    asyncpg's own pool starts a task for every release (decision 0190 has the figures), returns
    proxies, and by default doesn't limit the wait (decision 0201).
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[LimitedConnection]],
        size: int,
        limits: TimeLimits,
        name: str,
    ) -> None:
        """Start without connections; `name` is the label of the pool's metrics."""
        self._connect = connect
        self._name = name
        self._waits = CONNECTION_WAITS.labels(name)
        self._limits = limits
        self._used = set[LimitedConnection]()
        self._free: list[LimitedConnection | None] = [None] * size  # None: not open yet
        self._waiters = deque[asyncio.Future[LimitedConnection | None]]()

    async def acquire(self) -> LimitedConnection:
        """Get a connection for exclusive use. Raises `Unavailable` if none is free in time."""
        connection = self._free[-1] if self._free else None
        if connection and not connection.is_closed():
            self._free.pop()
        else:
            with self._waits.time():
                connection = await self._within_limit()
        self._used.add(connection)
        return connection

    async def release(self, connection: LimitedConnection) -> None:
        """Take a connection back; an ended connection is taken back when it ends.

        The connection isn't reset, because commands change settings only for their transaction
        (`SET LOCAL`).
        """
        if not connection.is_closed() and connection.is_in_transaction():
            connection.terminate()
        self._take_back(connection)

    async def close(self) -> None:
        """Close the idle connections; none may be in use."""
        closing = [connection.close() for connection in self._free if connection]
        await asyncio.gather(*closing, return_exceptions=True)

    def terminate(self) -> None:
        """End all connections at once."""
        for connection in (*self._free, *self._used):
            if connection:
                connection.terminate()

    async def _within_limit(self) -> LimitedConnection:
        try:
            async with asyncio.timeout(self._limits.connection):
                return await self._opened(self._free.pop() if self._free else await self._slot())
        except Unavailable:
            raise
        except Exception as error:
            if is_outage(error):
                _count_failure(error, self._name)
                raise Unavailable("database") from error
            raise

    async def _slot(self) -> LimitedConnection | None:
        """Wait for a slot; waiting callers are served in order."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled():  # the cancellation came after the slot was given
                self._give(waiter.result())
            raise

    async def _opened(self, slot: LimitedConnection | None) -> LimitedConnection:
        if slot and not slot.is_closed():
            return slot
        try:
            connection = await self._connect()
        except BaseException:
            self._give(None)
            raise
        connection.pool = self._name
        connection.add_termination_listener(lambda _: self._take_back(connection))
        return connection

    def _take_back(self, connection: LimitedConnection) -> None:
        """Free the connection's slot, only once."""
        if connection not in self._used:
            return
        self._used.remove(connection)
        is_closed = connection.is_closed()
        if is_closed and not connection.is_cancelled:
            for other in filter(None, self._free):
                other.terminate()  # probably lost as well
        self._give(None if is_closed else connection)

    def _give(self, slot: LimitedConnection | None) -> None:
        """Give a slot to the first waiting caller, or keep it for the next one."""
        while self._waiters and self._waiters[0].done():  # cancelled
            self._waiters.popleft()
        if self._waiters:
            self._waiters.popleft().set_result(slot)
        else:
            self._free.append(slot)


READ_SETTINGS = {
    "application_name": "lk reads",
    "default_transaction_read_only": "on",
    "jit": "off",  # the estimated cost of a deep plan would trigger it
    "timezone": "UTC",
}


class ReadPool:
    """Executes the planner's statements on read-only connections, which it opens on demand.

    A statement is repeated once if its connection was lost.
    """

    def __init__(
        self,
        dsn: str,
        *,
        size: int = 10,
        limits: TimeLimits = TimeLimits.within(10),  # noqa: B008 - immutable
        pooling: Pooling = Pooling.NONE,
        role: ServerRole = "primary",
    ) -> None:
        connect = partial(_connect_for_reads, dsn, limits, pooling, role)
        name = "plans" if role == "primary" else "replicas"
        self._connections = ConnectionPool(connect, size, limits, name)
        self._pooling = pooling

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


async def _connect_for_reads(
    dsn: str, limits: TimeLimits, pooling: Pooling, role: ServerRole
) -> LimitedConnection:
    connection: Any = await connect(
        dsn,
        role=role,
        pooling=pooling,
        # each prepared statement takes 2 KiB here and, once planned, about 200 KiB in PostgreSQL
        statement_cache_size=100,
        max_cached_statement_lifetime=0,
        max_cacheable_statement_size=0,
        **limits.connect_arguments(**READ_SETTINGS),
    )
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
    )
    return connection
