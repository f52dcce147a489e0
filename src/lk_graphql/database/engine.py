"""Tortoise's engine for PostgreSQL on a `ConnectionPool`, with a fix for cancelled transactions.

Tortoise acquires a connection, sends BEGIN, and releases the connection at the end of the block. A
task that is cancelled in between never enters the block, and its connection leaks (decision 0170;
docs/upstream/tortoise-begin-cancelled.md has a reproduction and a fix for upstream).
"""

from functools import partial
from types import TracebackType
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections

from lk_graphql.database.connections import ConnectionPool
from lk_graphql.kit.errors import Unavailable

TORTOISE = "1.1.9"
"""The version that `CancelSafeTransaction` fixes; a test fails for any other."""


class CancelSafeTransaction(TransactionContextPooled):
    """A transaction that releases its connection if it fails to begin."""

    __slots__ = ()

    async def __aenter__(self) -> TransactionalDBClient:
        try:
            return await super().__aenter__()
        except BaseException:
            # None until the pool has handed one out; Tortoise has no public name for it
            connection = self.client._connection  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
            if connection is not None:
                # without waiting: the task may be cancelled again
                connection.terminate()
                get_connections().reset(self.token)
            raise

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        try:
            await super().__aexit__(exc_type, exc_val, exc_tb)
        except Unavailable:
            if exc_val is None:
                raise
            # a transaction ends with its connection: what ended the block is the reason


class CancelSafeClient(AsyncpgDBClient):
    """Tortoise's client with `CancelSafeTransaction`."""

    async def create_pool(self, **kwargs: Any) -> Any:
        """The pool; its connections are opened on demand, so nothing waits here."""
        limits, size = kwargs.pop("limits"), kwargs.pop("max_size")
        del kwargs["min_size"]
        return ConnectionPool(partial(_connect, kwargs), size, limits)

    def _in_transaction(self) -> TransactionContext:
        return CancelSafeTransaction(TransactionWrapper(self), self._pool_init_lock)


async def _connect(arguments: dict[str, Any]) -> Any:
    return await asyncpg.connect(**arguments)


client_class = CancelSafeClient
"""The name by which Tortoise finds an engine's client."""
