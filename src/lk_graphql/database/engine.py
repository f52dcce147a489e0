"""Tortoise's engine for PostgreSQL on a `ConnectionPool`, with a fix for cancelled transactions.

Tortoise acquires a connection, sends BEGIN, and releases the connection at the end of the block. A
task that is cancelled during BEGIN never enters the block, and its connection leaks (decision 0170;
docs/upstream/tortoise-begin-cancelled.md has a reproduction and a fix for upstream).
"""

from functools import partial
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    NestedTransactionContext,
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections

from lk_graphql.database.connections import ConnectionPool, connect
from lk_graphql.kit.errors import Unavailable

_STATEMENTS = 500
"""The number of prepared statements that a connection keeps. A process uses more statements in turn
than asyncpg's default of 100, so most of them would be prepared and planned again and again. 500
take up to 10 MB more in PostgreSQL."""
TORTOISE = "1.1.9"
"""The version that `CancelSafeTransaction` was written for; a test fails for any other."""


class CancelSafeTransaction(TransactionContextPooled):
    """A transaction that releases its connection if it fails to begin."""

    __slots__ = ()

    async def __aenter__(self) -> TransactionalDBClient:
        try:
            return await super().__aenter__()
        except BaseException:
            # None until the pool has returned one; Tortoise has no public name for it
            connection = self.client._connection  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
            if connection is not None:
                # not awaited, because the task may be cancelled again
                connection.terminate()
                get_connections().reset(self.token)
            raise


class LimitedTransactionWrapper(TransactionWrapper):
    """Tortoise's transaction or savepoint on a `LimitedConnection` that may have ended.

    On an ended connection, asyncpg's own transaction would raise InterfaceError.
    """

    async def commit(self) -> None:
        try:
            await super().commit()
        except asyncpg.InterfaceError as closed:
            raise Unavailable("database") from closed

    async def rollback(self) -> None:
        """Roll back; PostgreSQL itself does this for an ended connection."""
        try:
            await super().rollback()
        except (asyncpg.InterfaceError, Unavailable):
            if not self._connection.is_closed():
                raise

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(LimitedTransactionWrapper(self))


class CancelSafeClient(AsyncpgDBClient):
    """Tortoise's client with `CancelSafeTransaction`."""

    async def create_pool(self, **kwargs: Any) -> Any:
        """The pool; it opens its connections on demand, so nothing is awaited here.

        The connections use the whole address, not the parts that Tortoise has parsed.
        """
        limits, size = kwargs["limits"], kwargs["max_size"]
        arguments = {name: kwargs[name] for name in limits.connect_arguments()}
        opening = partial(
            connect,
            kwargs["dsn"],
            pooling=kwargs["pooling"],
            statement_cache_size=_STATEMENTS,
            **arguments,
        )
        return ConnectionPool(opening, size, limits, "models")

    async def execute_many(self, query: str, values: list[Any]) -> None:
        """Like Tortoise's method, but its rollback on a lost connection doesn't hide the cause."""
        try:
            await super().execute_many(query, values)  # pyright: ignore[reportUnknownMemberType] - a bare list
        except asyncpg.InterfaceError as error:
            outage = error.__context__
            if isinstance(outage, Unavailable):
                raise outage from outage.__cause__
            raise

    def _in_transaction(self) -> TransactionContext:
        return CancelSafeTransaction(LimitedTransactionWrapper(self), self._pool_init_lock)


client_class = CancelSafeClient
"""The name by which Tortoise finds an engine's client."""
