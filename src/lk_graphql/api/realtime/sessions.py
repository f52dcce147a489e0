"""Noticing that sessions have ended while their connections are open."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager

import structlog

from lk_graphql.api.context import World
from lk_graphql.planner.principal import living

log = structlog.stdlib.get_logger("lk_graphql.api")


class Vigil:
    """Asks every few seconds, in one statement, which of all sessions go on.

    However a session ends (signed out, revoked, expired, its customer locked), it is noticed here;
    nobody who ends one has to think of telling.
    """

    def __init__(self, world: Callable[[], World], seconds: float) -> None:
        self._world = world
        self._seconds = seconds
        self._watched: dict[bytes, set[asyncio.Event]] = {}
        self._watching: asyncio.Task[None] | None = None

    async def goes_on(self, token_hash: bytes) -> bool:
        """Whether the token is a living session's."""
        return token_hash in await self._living([token_hash])

    @contextmanager
    def over(self, token_hash: bytes) -> Generator[asyncio.Event]:
        """An event that is set soon after the session has ended."""
        ended = asyncio.Event()
        self._watched.setdefault(token_hash, set()).add(ended)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            yield ended
        finally:
            self._watched[token_hash].discard(ended)
            if not self._watched[token_hash]:
                del self._watched[token_hash]

    async def _watch(self) -> None:
        """Until nobody is left to be watched."""
        await asyncio.sleep(self._seconds)
        while self._watched:
            try:
                for token_hash in self._watched.keys() - await self._living([*self._watched]):
                    for ended in self._watched.get(token_hash, ()):
                        ended.set()
            except Exception as outage:  # noqa: BLE001 - the next look may find the database again
                log.warning("sessions can't be watched", error=type(outage).__name__)
            await asyncio.sleep(self._seconds)

    async def _living(self, token_hashes: list[bytes]) -> set[bytes]:
        world = self._world()
        reader = world.reader
        sessions = (reader.session, reader.staff_session)
        return await living(reader.database, sessions, token_hashes, world.clock())
