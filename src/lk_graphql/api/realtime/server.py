"""What both transports of subscriptions need: answers, limits, sessions, and the records of it."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextlib import aclosing, contextmanager
from datetime import datetime
from time import perf_counter, time
from typing import Any

from lk_graphql.api.access_log import Metrics, log_request
from lk_graphql.api.context import World
from lk_graphql.api.executor import Answers
from lk_graphql.api.rate_limit import Budget
from lk_graphql.api.realtime.limits import LiveLimits, Seats
from lk_graphql.api.realtime.sessions import Vigil
from lk_graphql.api.realtime.stream import Following, Stream
from lk_graphql.api.request import Asked
from lk_graphql.api.request_state import Exchange
from lk_graphql.api.responses import cost_extension
from lk_graphql.planner.engine import Call


class Live:
    """One for a process."""

    def __init__(
        self,
        world: Callable[[], World],
        answers: Answers,
        budget: Budget,
        limits: LiveLimits,
        metrics: Metrics,
    ) -> None:
        self._world = world
        self.limits = limits
        self.budget = budget
        self.seats = Seats(limits)
        self.vigil = Vigil(world, limits.vigil)
        self._metrics = metrics
        self._answers = answers
        self._following = Following(world, answers, budget)

    def now(self) -> datetime:
        return self._world().clock()

    @contextmanager
    def holding(self, transport: str, address: str) -> Generator[None]:
        """An open connection, counted. Raises `TooManyStreams`."""
        open_ = self._metrics.connections.labels(transport)
        with self.seats.for_connection(address), open_.track_inprogress():
            yield

    async def answers(self, asked: Asked, exchange: Exchange) -> Stream:
        """All answers of an operation, one for a query. Raises what `Following.stream` raises."""
        call = self._answers.prepare(asked, exchange)
        if exchange.kind == "subscription":
            async with aclosing(self.stream(call, exchange)) as stream:
                async for answer in stream:
                    yield answer
        else:
            reply = await self._answers.answer(call, exchange)
            yield reply.body + self.cost(exchange)

    async def stream(self, call: Call, exchange: Exchange) -> Stream:
        """The answers of a subscription, counted."""
        with self._metrics.subscriptions.track_inprogress():
            async with aclosing(self._following.stream(call, exchange)) as stream:
                async for answer in stream:
                    self._metrics.events.inc()
                    yield answer + self.cost(exchange)

    def cost(self, exchange: Exchange) -> bytes:
        """The end of an answer: what it cost."""
        bucket = exchange.bucket
        full_at = time() + self.budget.seconds_until_full(bucket)
        return cost_extension(exchange.cost, self.budget.limit, bucket.left, full_at)

    def record(self, exchange: Exchange, started: float) -> None:
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


async def until(event: asyncio.Event) -> None:
    await event.wait()
