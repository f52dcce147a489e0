"""The execution of operations over WebSocket and event streams.

Results, limits, metrics, and the end of sessions while connections of them are open.
"""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextlib import aclosing, contextmanager, suppress
from datetime import datetime
from typing import Any

import structlog

from lk_graphql.api.access_log import Metrics
from lk_graphql.api.context import AppState
from lk_graphql.api.executor import OperationExecutor
from lk_graphql.api.rate_limit import RateLimiter
from lk_graphql.api.realtime.limits import ConnectionLimiter, ConnectionLimits, ConnectionPlace
from lk_graphql.api.realtime.stream import Stream, SubscriptionStream
from lk_graphql.api.request import GraphQLRequest, RequestCredentials
from lk_graphql.api.request_errors import TooManyConnections
from lk_graphql.api.request_state import RequestState
from lk_graphql.kit.errors import Unavailable
from lk_graphql.planner.engine import Call
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
                checked = {*self._watched}  # a session that is added meanwhile isn't checked
                for token_hash in checked - await self._active([*checked]):
                    for ended in self._watched.get(token_hash, ()):
                        ended.set()
            except Exception as outage:  # noqa: BLE001 - the next check may succeed
                log.warning("session check failed", error=type(outage).__name__)
            await asyncio.sleep(self._interval)

    async def _active(self, token_hashes: list[bytes]) -> set[bytes]:
        app_state = self._app_state()
        engine, now = app_state.engine, app_state.clock()
        return await live_sessions(engine.database, engine.sessions, token_hashes, now)


class SubscriptionServer:
    """Executes subscriptions for both transports; one instance per process."""

    def __init__(
        self,
        app_state: Callable[[], AppState],
        executor: OperationExecutor,
        rate_limiter: RateLimiter,
        limits: ConnectionLimits,
        metrics: Metrics,
    ) -> None:
        self._app_state = app_state
        self.limits = limits
        self.rate_limiter = rate_limiter
        self.limiter = ConnectionLimiter(limits)
        self.session_watcher = SessionWatcher(app_state, limits.session_check_interval)
        self.metrics = metrics
        self._executor = executor
        self._subscriptions = SubscriptionStream(app_state, executor, rate_limiter)

    def now(self) -> datetime:
        return self._app_state().clock()

    @contextmanager
    def hold_connection(
        self, transport: str, address: str, token_hash: bytes | None
    ) -> Generator[ConnectionPlace]:
        """Count an open connection. Raises `TooManyConnections`."""
        gauge = self.metrics.connections.labels(transport)
        with self.limiter.place(address, token_hash) as place, gauge.track_inprogress():
            yield place

    async def early_session(self, address: str, credentials: RequestCredentials) -> bytes | None:
        """The session of a handshake, looked up only if there is no room for guests.

        Otherwise the session is looked up at the initialisation, which may carry another token.
        Raises `TooManyConnections` if there is neither room nor a session.
        """
        if self.limiter.has_room_for_guest(address):
            return None
        token_hash = credentials.token_hash
        with suppress(Unavailable):
            if credentials.token and await self.session_watcher.is_live(token_hash):
                return token_hash
        raise TooManyConnections(self.limits.per_address)

    def charge_message(self, size: int, state: RequestState) -> None:
        """Charge a decoded message. Raises `RateLimited`."""
        self._executor.charge_body(size, state)

    def charge_failed(self, cause: Exception, state: RequestState) -> None:
        """Charge an operation that was refused, or whose document or variables are invalid."""
        self._executor.charge_refused(cause, state)

    async def results(self, request: GraphQLRequest, state: RequestState) -> Stream:
        """All results of an operation, one for a query. Raises as `SubscriptionStream.stream`."""
        call = self._executor.prepare(request, state)
        if state.kind == "subscription":
            async with aclosing(self.stream(call, state)) as stream:
                async for result in stream:
                    yield result
        else:
            response = await self._executor.execute(call, state)
            yield response.body + self.rate_limiter.cost_extension(
                state.bucket, state.cost, state.compile, others=state.extensions
            )

    async def stream(self, call: Call, state: RequestState) -> Stream:
        """The results of a subscription, with metrics."""
        with self.metrics.subscriptions.track_inprogress():
            async with aclosing(self._subscriptions.stream(call, state)) as stream:
                async for result in stream:
                    self.metrics.events.inc()
                    yield result + self.rate_limiter.cost_extension(
                        state.bucket, state.cost, state.compile, others=state.extensions
                    )


async def first_of(*waits: Coroutine[Any, Any, None]) -> None:
    """Wait for the first coroutine to return or raise, and cancel the others."""
    tasks = [asyncio.create_task(wait) for wait in waits]
    try:
        finished, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in finished:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def wait_set(event: asyncio.Event) -> None:
    """Wait for an event, without the bool that `Event.wait` returns, for `first_of`."""
    await event.wait()
