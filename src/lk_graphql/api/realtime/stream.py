"""A subscription's answers: the present state, then again after each change."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from lk_graphql.api.context import AppState
from lk_graphql.api.executor import OperationExecutor, serialize_result
from lk_graphql.api.rate_limit import RateLimiter
from lk_graphql.api.request_errors import RateLimited
from lk_graphql.api.request_state import RequestState
from lk_graphql.kit.errors import NotSignedIn
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import Call
from lk_graphql.planner.principal import Principal
from lk_graphql.planner.resolvers.rows import Ref

Stream = AsyncGenerator[bytes, None]
"""GraphQL answers as JSON texts."""


class StreamedResult(NamedTuple):
    """`body` is the answer's object without its closing brace."""

    body: bytes
    is_last: bool


class SubscriptionStream:
    """Answers subscriptions. Nothing is kept for a slow reader but that there is something new."""

    def __init__(
        self, world: Callable[[], AppState], answers: OperationExecutor, budget: RateLimiter
    ) -> None:
        self._world = world
        self._answers = answers
        self._budget = budget

    async def stream(self, call: Call, exchange: RequestState) -> Stream:
        """Answers without their closing brace: the cost follows.

        Raises `InvalidDocument`, what the use case raises, and `NotSignedIn` when the session has
        ended meanwhile.

        The first answer is paid already. Each further one costs as much, and waits until the client
        can afford it. What reads as it did before isn't sent again.
        """
        asking = await self._world().engine.principal(call)
        self._answers.identify(asking, exchange)
        context = self._answers.context(call, exchange, asking)
        events = await self._world().engine.subscribe(call, context)
        async with aclosing(events):
            said = None
            async for found in events:
                if said is not None:
                    await self._charge(exchange)
                shown = await self._current_result(
                    call._replace(now=self._world().clock()), found, exchange
                )
                if shown.body != said:
                    yield shown.body
                if shown.is_last:
                    return
                said = shown.body

    async def _current_result(
        self, call: Call, found: Ref[Any], exchange: RequestState
    ) -> StreamedResult:
        """The object as it is now and as the session, if it still goes on, may see it."""
        answer = await self._world().engine.execute_plan(call, found.keys[0])
        if answer is None:
            return await self._resolved_result(call, found, exchange)
        exchange.path = "plan"
        _require_same_principal(exchange, answer.principal)
        await self._answers.audit(answer.accesses, exchange)
        is_last = answer.data.endswith(b"null}") and _is_empty(orjson.loads(answer.data))
        return StreamedResult(b'{"data":' + answer.data, is_last)

    async def _resolved_result(
        self, call: Call, found: Ref[Any], exchange: RequestState
    ) -> StreamedResult:
        exchange.path = "resolvers"
        reader = self._world().engine
        asking = await reader.principal(call)
        _require_same_principal(exchange, asking)
        context = self._answers.context(call, exchange, asking)
        result = await reader.execute_resolvers(call, context, replace(found, rows=context.rows))
        await self._answers.audit(context.rows.accesses, exchange)
        return StreamedResult(serialize_result(result, exchange), is_last=_is_empty(result.data))

    async def _charge(self, exchange: RequestState) -> None:
        while True:
            address = exchange.client.address
            exchange.bucket = self._budget.bucket(exchange.token_hash, address)
            try:
                return self._budget.charge(exchange.bucket, exchange.cost)
            except RateLimited as poor:
                await asyncio.sleep(poor.retry_after)


def _require_same_principal(then: RequestState, now: Principal) -> None:
    """Raises `NotSignedIn` when whoever subscribed is signed in no more."""
    if then.staff is not None:
        is_same = then.staff == now.staff
    else:
        is_same = _session(then.viewer) == _session(now.viewer)
    if not is_same:
        raise NotSignedIn


def _session(viewer: Viewer | None) -> UUID | None:
    return viewer and viewer.session_id


def _is_empty(data: dict[str, Any] | None) -> bool:
    return data is None or None in data.values()
