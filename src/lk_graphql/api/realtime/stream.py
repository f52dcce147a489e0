"""Results of a subscription: the current state, then the state after each change."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from lk_graphql.api.context import AppState
from lk_graphql.api.executor import OperationExecutor, serialize_result
from lk_graphql.api.request_errors import RateLimited
from lk_graphql.api.request_state import RequestState
from lk_graphql.kit.errors import NotSignedIn
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import Call, do_nothing
from lk_graphql.planner.principal import Principal
from lk_graphql.planner.resolvers.rows import Ref

Stream = AsyncGenerator[bytes, None]
"""GraphQL results as JSON texts."""


class StreamedResult(NamedTuple):
    """`body` is the result's object without its closing brace."""

    body: bytes
    is_last: bool


class SubscriptionStream:
    """Executes subscriptions. Events for a slow client are merged, not queued."""

    def __init__(
        self,
        app_state: Callable[[], AppState],
        executor: OperationExecutor,
    ) -> None:
        self._app_state = app_state
        self._executor = executor

    async def stream(self, call: Call, state: RequestState) -> Stream:
        """Results without their closing brace, because the cost follows.

        A result equal to the previous one is dropped if it is of the same object; two messages may
        have one text.

        `prepare` has charged the first result. Each further result costs the same, and waits until
        the client's bucket holds its cost. Raises `InvalidDocument`, the exceptions of the use
        case, and `NotSignedIn` after the session's end.
        """
        principal = await self._app_state().engine.principal(call)
        self._executor.identify(principal, state)
        context = self._executor.context(call, state, principal)
        events = await self._app_state().engine.subscribe(call, context)
        async with aclosing(events):
            previous = None
            async for ref in events:
                if previous is not None:
                    await _charge_result(state)
                current_call = call._replace(now=self._app_state().clock(), on_compile=do_nothing)
                result = await self._current_result(current_call, ref, state)
                if (ref.keys, result.body) != previous:
                    await self._app_state().record_change(state.viewer)
                    yield result.body
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
