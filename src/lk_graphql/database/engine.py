"""Tortoise's engine for PostgreSQL, as `database.tortoise_config` names it: connections come back.

Tortoise takes a connection from the pool, sends BEGIN, and gives it back when the block ends. Who
is cancelled in between never enters the block, so that its connection is lost (decision 0170;
docs/upstream/tortoise-begin-cancelled.md has a reproduction and a fix for upstream).

`fetch` is for SQL of our own: what a busy command asks, and what no queryset can say (decision
0180).
"""

from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections

TORTOISE = "1.1.9"
"""The version that `CancelSafeTransaction` repairs; a test fails when another one is installed."""


class NoResetConnection(asyncpg.Connection):
    """Comes back to its pool as it is: what commands set, they set for their transaction only.

    A reset would be one more way to the database after every transaction.
    """

    def get_reset_query(self) -> str:
        return ""


class CancelSafeTransaction(TransactionContextPooled):
    """A transaction that leaves nothing behind when it can't begin."""

    __slots__ = ()

    async def __aenter__(self) -> TransactionalDBClient:
        try:
            return await super().__aenter__()
        except BaseException:
            taken: Any = getattr(self.client, "_connection", None)
            if taken is not None:
                # at once and without a question: who is cancelled may be so again
                taken.terminate()
                get_connections().reset(self.token)
            raise


class CancelSafeClient(AsyncpgDBClient):
    """Tortoise's own, but for how a transaction begins."""

    def _in_transaction(self) -> TransactionContext:
        return CancelSafeTransaction(TransactionWrapper(self), self._pool_init_lock)


client_class = CancelSafeClient
"""What Tortoise looks for in the module of an engine."""
