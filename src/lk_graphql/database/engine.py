"""Tortoise's engine for PostgreSQL with a fix for cancelled transactions (`tortoise_config`).

Tortoise acquires a connection, sends BEGIN, and releases the connection at the end of the block. A
task that is cancelled in between never enters the block, and its connection leaks (decision 0170;
docs/upstream/tortoise-begin-cancelled.md has a reproduction and a fix for upstream).
"""

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections

TORTOISE = "1.1.9"
"""The version that `CancelSafeTransaction` fixes; a test fails for any other."""


class NoResetConnection(asyncpg.Connection):
    """A connection that returns to its pool without a reset, which saves a round trip.

    Commands change settings for their transaction only (`SET LOCAL`).
    """

    def get_reset_query(self) -> str:
        return ""


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


class CancelSafeClient(AsyncpgDBClient):
    """Tortoise's client with `CancelSafeTransaction`."""

    def _in_transaction(self) -> TransactionContext:
        return CancelSafeTransaction(TransactionWrapper(self), self._pool_init_lock)


client_class = CancelSafeClient
"""The name by which Tortoise finds an engine's client."""
