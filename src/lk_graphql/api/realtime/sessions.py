"""Noticing that sessions have ended while their connections are open."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager

import structlog

from lk_graphql.api.context import AppState
from lk_graphql.planner.principal import live_sessions

log = structlog.stdlib.get_logger("lk_graphql.api")


class SessionWatcher:
    """Asks every few seconds, in one statement, which of all sessions go on.

    However a session ends (signed out, revoked, expired, its customer locked), it is noticed here;
    nobody who ends one has to think of telling.
    """

    def __init__(self, world: Callable[[], AppState], seconds: float) -> None:
        self._world = world
        self._seconds = seconds
        self._watched: dict[bytes, set[asyncio.Event]] = {}
        self._watching: asyncio.Task[None] | None = None

    async def is_live(self, token_hash: bytes) -> bool:
        """Whether the token is a living session's."""
        return token_hash in await self._live_sessions([token_hash])

    @contextmanager
    def ended(self, token_hash: bytes) -> Generator[asyncio.Event]:
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
                for token_hash in self._watched.keys() - await self._live_sessions(
                    [*self._watched]
                ):
                    for ended in self._watched.get(token_hash, ()):
                        ended.set()
            except Exception as outage:  # noqa: BLE001 - the next look may find the database again
                log.warning("session check failed", error=type(outage).__name__)
            await asyncio.sleep(self._seconds)

    async def _live_sessions(self, token_hashes: list[bytes]) -> set[bytes]:
        world = self._world()
        reader = world.engine
        sessions = (reader.session, reader.staff_session)
        return await live_sessions(reader.database, sessions, token_hashes, world.clock())
