"""What both transports of subscriptions need: answers, limits, sessions, and the records of it."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextlib import aclosing, contextmanager
from datetime import datetime
from time import perf_counter, time
from typing import Any

from lk_graphql.api.access_log import Metrics, log_request
from lk_graphql.api.context import AppState
from lk_graphql.api.executor import OperationExecutor
from lk_graphql.api.rate_limit import RateLimiter
from lk_graphql.api.realtime.limits import ConnectionLimiter, ConnectionLimits
from lk_graphql.api.realtime.sessions import SessionWatcher
from lk_graphql.api.realtime.stream import Stream, SubscriptionStream
from lk_graphql.api.request import GraphQLRequest
from lk_graphql.api.request_state import RequestState
from lk_graphql.api.responses import cost_extension
from lk_graphql.planner.engine import Call


class SubscriptionServer:
    """One for a process."""

    def __init__(
        self,
        world: Callable[[], AppState],
        answers: OperationExecutor,
        budget: RateLimiter,
        limits: ConnectionLimits,
        metrics: Metrics,
    ) -> None:
        self._world = world
        self.limits = limits
        self.budget = budget
        self.seats = ConnectionLimiter(limits)
        self.vigil = SessionWatcher(world, limits.session_check_interval)
        self._metrics = metrics
        self._answers = answers
        self._following = SubscriptionStream(world, answers, budget)

    def now(self) -> datetime:
        return self._world().clock()

    @contextmanager
    def hold_connection(self, transport: str, address: str) -> Generator[None]:
        """An open connection, counted. Raises `TooManyConnections`."""
        open_ = self._metrics.connections.labels(transport)
        with self.seats.for_connection(address), open_.track_inprogress():
            yield

    async def answers(self, asked: GraphQLRequest, exchange: RequestState) -> Stream:
        """All answers of an operation, one for a query. Raises what `Following.stream` raises."""
        call = self._answers.prepare(asked, exchange)
        if exchange.kind == "subscription":
            async with aclosing(self.stream(call, exchange)) as stream:
                async for answer in stream:
                    yield answer
        else:
            reply = await self._answers.execute(call, exchange)
            yield reply.body + self.cost(exchange)

    async def stream(self, call: Call, exchange: RequestState) -> Stream:
        """The answers of a subscription, counted."""
        with self._metrics.subscriptions.track_inprogress():
            async with aclosing(self._following.stream(call, exchange)) as stream:
                async for answer in stream:
                    self._metrics.events.inc()
                    yield answer + self.cost(exchange)

    def cost(self, exchange: RequestState) -> bytes:
        """The end of an answer: what it cost."""
        bucket = exchange.bucket
        full_at = time() + self.budget.seconds_until_full(bucket)
        return cost_extension(exchange.cost, self.budget.limit, bucket.left, full_at)

    def record(self, exchange: RequestState, started: float) -> None:
        """Log and count an operation that is over; `started` is of `perf_counter`."""
        seconds = perf_counter() - started
        self._metrics.record(exchange, seconds)
        log_request(exchange, seconds)


async def first_of(*waits: Coroutine[Any, Any, None]) -> None:
    """Return as soon as one of them does, or raise what it raises; the others are cancelled."""
    tasks = [asyncio.create_task(wait) for wait in waits]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def wait_set(event: asyncio.Event) -> None:
    await event.wait()
