"""The execution of operations over WebSocket and event streams.

Results, limits, metrics, and the end of sessions while connections of them are open. A subscription
has the current state as its first result, then the state after each change.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

import orjson
import structlog

from lk_graphql.api.access_log import Metrics, request_id
from lk_graphql.api.context import AppState
from lk_graphql.api.executor import OperationExecutor, serialize_result
from lk_graphql.api.realtime.limits import ConnectionLimiter, ConnectionLimits, ConnectionSlot
from lk_graphql.api.request import GraphQLRequest, RequestCredentials, RequestHeaders
from lk_graphql.api.request_errors import RateLimited, TooManyConnections
from lk_graphql.api.request_state import RequestState
from lk_graphql.kit.errors import NotSignedIn, Unavailable
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import Call, do_nothing
from lk_graphql.planner.principal import Principal, live_sessions
from lk_graphql.planner.resolvers.rows import Ref

log = structlog.stdlib.get_logger("lk_graphql.api")

Stream = AsyncGenerator[bytes, None]
"""GraphQL results as JSON texts."""


class StreamedResult(NamedTuple):
    """`body` is the result's object without its closing brace."""

    body: bytes
    is_last: bool


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
    """Executes subscriptions for both transports; one instance per process.

    Events for a slow client are merged, not queued.
    """

    def __init__(
        self,
        app_state: Callable[[], AppState],
        executor: OperationExecutor,
        limits: ConnectionLimits,
        metrics: Metrics,
    ) -> None:
        self._app_state = app_state
        self.limits = limits
        self.limiter = ConnectionLimiter(limits)
        self.session_watcher = SessionWatcher(app_state, limits.session_check_interval)
        self.metrics = metrics
        self._executor = executor

    def request_state(self, headers: RequestHeaders, address: str) -> RequestState:
        """The state of a new operation over a WebSocket."""
        return self._executor.request_state("WEBSOCKET", headers, address, request_id(None))

    @contextmanager
    def hold_connection(
        self, transport: str, address: str, token_hash: bytes | None
    ) -> Generator[ConnectionSlot]:
        """Count an open connection. Raises `TooManyConnections`."""
        gauge = self.metrics.connections.labels(transport)
        with self.limiter.place(address, token_hash) as place, gauge.track_inprogress():
            yield place

    async def early_session(self, address: str, credentials: RequestCredentials) -> bytes | None:
        """The session of a handshake, looked up only if there is no capacity for guests.

        Otherwise the session is looked up at the initialisation, which may carry another token.
        Raises `TooManyConnections` if there is neither capacity nor a session.
        """
        if self.limiter.has_capacity_for_guest(address):
            return None
        token_hash = credentials.token_hash
        with suppress(Unavailable):
            if credentials.token and await self.session_watcher.is_live(token_hash):
                return token_hash
        raise TooManyConnections(self.limits.per_address)

    async def results(self, request: GraphQLRequest, state: RequestState) -> Stream:
        """All results of an operation, one for a query. Raises as `stream`."""
        call = self._executor.prepare(request, state)
        if state.kind == "subscription":
            async with aclosing(self.stream(call, state)) as stream:
                async for result in stream:
                    yield result
        else:
            response = await self._executor.execute(call, state)
            yield response.body + state.charge.extension(state.extensions)

    async def stream(self, call: Call, state: RequestState) -> Stream:
        """The results of a subscription.

        A result equal to the previous one is dropped if it is of the same object; two messages may
        have one text.

        `prepare` has charged the first result. Each further result costs the same, and waits until
        the client's bucket holds its cost. Raises `InvalidDocument`, the exceptions of the use
        case, and `NotSignedIn` after the session's end.
        """
        with self.metrics.subscriptions.track_inprogress():
            principal = await self._app_state().engine.principal(call)
            self._executor.identify(principal, state)
            context = self._executor.context(call, state, principal)
            events = await self._app_state().engine.subscribe(call, context)
            async with aclosing(events):
                previous = None
                async for ref in events:
                    if previous is not None:
                        await _charge_result(state)
                    current = call._replace(now=self._app_state().clock(), on_compile=do_nothing)
                    result = await self._current_result(current, ref, state)
                    if (ref.keys, result.body) != previous:
                        await self._app_state().record_change(state.viewer)
                        self.metrics.events.inc()
                        yield result.body + state.charge.extension(state.extensions)
                    if result.is_last:
                        return
                    previous = ref.keys, result.body

    async def _current_result(
        self, call: Call, ref: Ref[Any], state: RequestState
    ) -> StreamedResult:
        """Read the object under the subscriber's session. Raises `NotSignedIn` after its end."""
        planned = await self._app_state().engine.execute_plan(call, ref.keys[0])
        if planned is None:
            return await self._resolved_result(call, ref, state)
        state.path = "plan"
        _require_same_principal(state, planned.principal)
        await self._executor.audit(planned.accesses, state)
        is_last = planned.data.endswith(b"null}") and _is_empty(orjson.loads(planned.data))
        return StreamedResult(b'{"data":' + planned.data, is_last)

    async def _resolved_result(
        self, call: Call, ref: Ref[Any], state: RequestState
    ) -> StreamedResult:
        state.path = "resolvers"
        engine = self._app_state().engine
        principal = await engine.principal(call)
        _require_same_principal(state, principal)
        context = self._executor.context(call, state, principal)
        result = await engine.execute_resolvers(call, context, replace(ref, rows=context.rows))
        await self._executor.audit(context.rows.accesses, state)
        return StreamedResult(serialize_result(result, state), is_last=_is_empty(result.data))


async def _charge_result(state: RequestState) -> None:
    """Charge a further result, as soon as the client's bucket holds its cost."""
    while True:
        try:
            return state.charge.add_result(state.token_hash, state.client.address)
        except RateLimited as refusal:
            await asyncio.sleep(refusal.retry_after)


def _require_same_principal(state: RequestState, principal: Principal) -> None:
    """Raises `NotSignedIn` if the session is not the subscriber's any more."""
    if state.staff is not None:
        is_same = state.staff == principal.staff
    else:
        is_same = _session(state.viewer) == _session(principal.viewer)
    if not is_same:
        raise NotSignedIn


def _session(viewer: Viewer | None) -> UUID | None:
    return viewer and viewer.session_id


def _is_empty(data: dict[str, Any] | None) -> bool:
    return data is None or None in data.values()


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
