"""pgqueuer's connection to PostgreSQL, which outlives outages of the database.

pgqueuer's own drivers raise at the first lost connection. Its managers then end, wait for running
jobs, and lose results that aren't written yet; asyncpg's pool may wait for ever
(docs/upstream/pgqueuer-dead-listener.md). This driver repeats statements instead, so that pgqueuer
doesn't notice an outage: jobs continue, and their results are written when PostgreSQL is back.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any, Self, TypeVar, cast

import asyncpg
import structlog
from pgqueuer.core.tm import TaskManager
from pgqueuer.ports.driver import NotifyCallback
from tortoise.exceptions import DBConnectionError

from lk_graphql.database.connections import connect
from lk_graphql.kit.errors import Unavailable
from lk_graphql.ports.jobs.registry import Retries

_log = structlog.get_logger(__name__)

_CONNECT_TIMEOUT = 5.0
_STATEMENT_TIMEOUT = 10.0
_BACKOFF = Retries(first_delay=timedelta(seconds=0.5), max_delay=timedelta(seconds=2))

_FAULTS = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.SyntaxOrAccessError,
    asyncpg.FeatureNotSupportedError,
    ValueError,  # asyncpg's own error for an argument of a wrong type is one
)
"""Errors of a statement, which a repetition would raise again."""
_FAILURES = (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError, asyncpg.PostgresError)
_OUTAGES = (
    asyncpg.PostgresConnectionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,  # a server that was the primary
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    DBConnectionError,
)

Result = TypeVar("Result")


def is_database_outage(error: BaseException | None) -> bool:
    """Whether the database was unavailable, by any pool's error or by the cause of another error.

    A statement cancelled by its time limit doesn't count: it would be cancelled again.
    """
    while error is not None:
        is_fault = isinstance(error, (asyncpg.QueryCanceledError, ValueError))
        if isinstance(error, _OUTAGES) and not is_fault:
            return True
        if isinstance(error, Unavailable) and error.service == "database":
            return True
        error = error.__cause__
    return False


class BaseDriver:
    """The parts of pgqueuer's driver protocol that need no connection."""

    @property
    def shutdown(self) -> asyncio.Event:
        return asyncio.Event()

    @property
    def tm(self) -> TaskManager:
        return TaskManager()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...


class ReconnectingDriver(BaseDriver):
    """One connection, for statements and notifications, that is opened again when it is lost.

    A statement is repeated until PostgreSQL has executed it. If only the response was lost, it is
    executed twice, which pgqueuer's statements tolerate: a job that was taken but not received is
    taken again when its heartbeat is overdue.
    """

    def __init__(self, dsn: str) -> None:
        self.connections = 0
        """The number of connections opened; it changes with each outage."""
        self.failed = asyncio.Event()
        """Set when a statement is at fault, which ends pgqueuer's managers."""
        self._dsn = dsn
        self._connection: asyncpg.Connection | None = None
        self._listeners: list[tuple[str, NotifyCallback]] = []
        self._lock = asyncio.Lock()
        self._closing = asyncio.Event()
        self._away_since: float | None = None

    @property
    def is_available(self) -> bool:
        """Whether the last statement reached PostgreSQL."""
        return self._away_since is None

    async def fetch(self, query: str, *args: object) -> list[dict[str, Any]]:
        values = [_storable(value) for value in args]
        records = await self._repeat(lambda connection: connection.fetch(query, *values))
        return [dict(record) for record in records]

    async def execute(self, query: str, *args: object) -> str:
        values = [_storable(value) for value in args]
        return await self._repeat(lambda connection: connection.execute(query, *values))

    async def notify(self, channel: str, payload: str) -> None:
        await self.fetch("SELECT pg_notify($1, $2)", channel, payload)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        async def listen(connection: asyncpg.Connection) -> None:
            await connection.add_listener(channel, _listener(callback))

        await self._repeat(listen)
        self._listeners.append((channel, callback))

    def close(self) -> None:
        """Close without waiting for anything; later and running statements raise."""
        self._closing.set()
        self._disconnect()

    async def _repeat(self, operation: Callable[[asyncpg.Connection], Awaitable[Result]]) -> Result:
        async with self._lock:
            for failures in count(1):
                try:
                    result = await operation(await self._connected())
                except _FAULTS as fault:
                    if not isinstance(fault, asyncpg.IntegrityConstraintViolationError):
                        self.failed.set()  # pgqueuer handles lost races for a slot or a key
                    raise
                except _FAILURES as error:
                    if self._closing.is_set():
                        raise
                    self._disconnect()
                    self._record_outage(error)
                    await self._back_off(failures)
                else:
                    self._record_recovery()
                    return result
        raise AssertionError  # count() doesn't end

    async def _connected(self) -> asyncpg.Connection:
        if self._closing.is_set():
            raise asyncpg.InterfaceError("The worker is stopping")
        connection = self._connection
        if connection is None or connection.is_closed():
            connection = self._connection = await connect(
                self._dsn,
                timeout=_CONNECT_TIMEOUT,
                command_timeout=_STATEMENT_TIMEOUT,
                server_settings={"application_name": "lk jobs"},
            )
            self.connections += 1
            for channel, callback in self._listeners:
                await connection.add_listener(channel, _listener(callback))
        return connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.terminate()  # unlike close(), it waits for nobody
            self._connection = None

    async def _back_off(self, failures: int) -> None:
        delay = _BACKOFF.delay_after(failures, random.random())  # noqa: S311 - no secret
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), delay.total_seconds())

    def _record_outage(self, error: Exception) -> None:
        if self._away_since is None:
            self._away_since = asyncio.get_running_loop().time()
            _log.warning("jobs.database_unavailable", error=type(error).__name__)

    def _record_recovery(self) -> None:
        if self._away_since is not None:
            seconds = asyncio.get_running_loop().time() - self._away_since
            self._away_since = None
            _log.info("jobs.database_available", seconds=round(seconds, 1))


def _listener(callback: NotifyCallback) -> Callable[..., None]:
    def listener(_connection: object, _pid: int, _channel: str, payload: str) -> None:
        callback(payload)

    return listener


def _storable(value: object) -> object:
    r"""The argument without `\u0000`, which an exception's text may have and jsonb refuses."""
    if isinstance(value, str):
        return value.replace(r"\u0000", r"\ufffd")
    if isinstance(value, list):
        return [_storable(item) for item in cast(list[object], value)]
    return value
