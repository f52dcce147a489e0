"""Budgets of clients that all processes share through an external store.

No request waits for the store. A process charges its copies of the budgets at once, and sends the
charges to the store in batches, one batch at a time. The store's response to a batch includes the
charges of all processes; the process corrects its copies by it.

Until a process has received the charges of the others, it may charge up to a whole budget more. The
shared budget is then overdrawn, and must refill before the client may use it again.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Protocol

import structlog

from lk_graphql.api.rate_limit import BucketOwner, RateLimiter
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.metrics import UNSHARED_BUDGETS
from lk_graphql.kit.signing import Signer

_PAUSE = 0.05
"""Seconds between batches, so that a batch holds the charges of several requests."""
RETRY_SECONDS = 1.0
"""Seconds between attempts to reach an unavailable store."""
_BATCH = 200
"""Budgets per batch; the store needs one or two milliseconds for these."""

_log = structlog.get_logger(__name__)


class BudgetStore(Protocol):
    """Stores for each budget the time until it is full again, and nothing about its owner."""

    async def charge(self, charges: Sequence[tuple[str, int]]) -> Sequence[int]:
        """Add milliseconds to the times of budgets, by their names, and return the times.

        A budget that isn't stored is full. Raises `Unavailable`, soon.
        """
        ...

    async def close(self) -> None: ...


class SharedBudgets:
    """Keeps the buckets of a process equal to those of the others.

    While the store is unavailable, the process has its part of each bucket, as without a store.
    The shared budgets never receive the charges of that time.
    """

    def __init__(self, limiter: RateLimiter, store: BudgetStore, signer: Signer) -> None:
        self._limiter = limiter
        self._store = store
        self._signer = signer
        self._is_unavailable = False

    @asynccontextmanager
    async def shared(self) -> AsyncGenerator[None]:
        """Share the budgets in a background task for the length of the block."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await self._store.close()

    async def _run(self) -> None:
        while True:
            try:
                await self._store.charge([])
                self._begin()
                await self._settle_batches()
            except Unavailable as outage:
                self._report(outage)
            finally:
                self._limiter.share(is_shared=False)
            await asyncio.sleep(RETRY_SECONDS)

    def _begin(self) -> None:
        self._limiter.share(is_shared=True)
        UNSHARED_BUDGETS.set(0)
        if self._is_unavailable:
            _log.info("shared_budgets.available")
        self._is_unavailable = False

    def _report(self, outage: Unavailable) -> None:
        UNSHARED_BUDGETS.set(1)
        if not self._is_unavailable:
            _log.warning("shared_budgets.unavailable", error=outage.reason)
        self._is_unavailable = True

    async def _settle_batches(self) -> None:
        """Settle the buckets that requests use. Raises `Unavailable` when the store fails."""
        while True:
            await self._limiter.has_used.wait()
            buckets = self._limiter.take_used(_BATCH)
            charges = list[tuple[str, int]]()
            for bucket in buckets:
                bucket.shared_key = bucket.shared_key or self._key(bucket.owner)
                charges.append((bucket.shared_key, self._limiter.take_unsettled(bucket)))
            times = await self._store.charge(charges)
            for bucket, milliseconds in zip(buckets, times, strict=True):
                self._limiter.settle(bucket, milliseconds)
            await asyncio.sleep(_PAUSE)

    def _key(self, owner: BucketOwner) -> str:
        """A name that doesn't disclose the owner, with 128 bits of a keyed hash."""
        kind, text = ("session", owner.hex()) if isinstance(owner, bytes) else ("network", owner)
        return f"lk:budget:{self._signer.fingerprint(f'budget of a {kind}', text)[:32]}"
