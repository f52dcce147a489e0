"""Batches of one request on the plain path: what fields want at the same time is read at once."""

from asyncio import Task, current_task, shield, wait
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from strawberry.dataloader import DataLoader

Load = Callable[[list[UUID]], Awaitable[list[Any]]]


class Batches:
    """Loads by key; everything of one kind that is asked for in one turn of the loop together.

    Fields that want the same rows share one future. When a field fails, graphql-core 3.3 cancels
    those beside it; a shield keeps that from the others who wait.
    """

    def __init__(self) -> None:
        self._loaders: dict[object, DataLoader[UUID, Any]] = {}
        self._running: set[Task[Any]] = set()
        self._over = False

    async def one(self, kind: object, load: Load, key: UUID) -> Any:
        """What `load` gives for this key; the first `load` of a kind serves them all."""
        return await shield(self._loader(kind, load).load(key))

    async def many(self, kind: object, load: Load, keys: Sequence[UUID]) -> list[Any]:
        return await shield(self._loader(kind, load).load_many(keys))

    async def settle(self) -> None:
        """Wait for what is being read, and read nothing more.

        When a field fails, graphql-core doesn't wait for those beside it: their batches would
        otherwise use a connection that already serves somebody else.
        """
        self._over = True
        if self._running:
            await wait(self._running)

    def _loader(self, kind: object, load: Load) -> DataLoader[UUID, Any]:
        async def tracked(keys: list[UUID]) -> list[Any]:
            if self._over or (task := current_task()) is None:
                return [None] * len(keys)  # nobody waits for it any more
            self._running.add(task)
            try:
                return await load(keys)
            finally:
                self._running.discard(task)

        return self._loaders.setdefault(kind, DataLoader(load_fn=tracked))
