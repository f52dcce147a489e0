"""Detection of sessions that end while connections of them are open."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager

import structlog

from lk_graphql.api.context import AppState
from lk_graphql.planner.principal import live_sessions

log = structlog.stdlib.get_logger("lk_graphql.api")


class SessionWatcher:
    """Checks the sessions of open connections periodically, by one statement for all.

    The check covers all ways to end a session (sign-out, revocation, expiry, lock), so code that
    ends a session need not notify open connections.
    """

    def __init__(self, app_state: Callable[[], AppState], interval: float) -> None:
        self._app_state = app_state
        self._interval = interval
        self._watched: dict[bytes, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None

    async def is_live(self, token_hash: bytes) -> bool:
        """Whether the token is an active session's."""
        return token_hash in await self._active([token_hash])

    @contextmanager
    def ended(self, token_hash: bytes) -> Generator[asyncio.Event]:
        """An event that is set at the first check after the session's end."""
        ended = asyncio.Event()
        self._watched.setdefault(token_hash, set()).add(ended)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch())
        try:
            yield ended
        finally:
            self._watched[token_hash].discard(ended)
            if not self._watched[token_hash]:
                del self._watched[token_hash]

    async def _watch(self) -> None:
        """Check until no session is watched."""
        await asyncio.sleep(self._interval)
        while self._watched:
            try:
                active = await self._active([*self._watched])
                for token_hash in self._watched.keys() - active:
                    for ended in self._watched.get(token_hash, ()):
                        ended.set()
            except Exception as outage:  # noqa: BLE001 - the next check may succeed
                log.warning("session check failed", error=type(outage).__name__)
            await asyncio.sleep(self._interval)

    async def _active(self, token_hashes: list[bytes]) -> set[bytes]:
        app_state = self._app_state()
        engine = app_state.engine
        sessions = (engine.session, engine.staff_session)
        return await live_sessions(engine.database, sessions, token_hashes, app_state.clock())
