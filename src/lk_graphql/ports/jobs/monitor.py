"""Measures the queue: waiting jobs and dead letters, for the operators' metrics."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from time import monotonic, time

import structlog

from lk_graphql.kit.metrics import MONITOR_TIME, OLDEST_JOB, QUEUED_JOBS
from lk_graphql.ports.jobs.queue import QueueState, queue_states
from lk_graphql.ports.jobs.registry import JOBS

INTERVAL = 15.0
"""Seconds between two measurements, the usual interval at which Prometheus reads them."""
_LIMIT = 10.0
_HANG_SECONDS = 60.0

_log = structlog.get_logger(__name__)

Measure = Callable[[], Awaitable[None]]
_STATES = ("due", "later", "running", "dead")


async def measure_queue() -> None:
    """Set the gauges of all kinds of jobs, of those without jobs to zero."""
    nothing = (QueueState(name, 0, 0, 0, 0, 0) for name in JOBS)
    states = {state.name: state for state in (*nothing, *await queue_states())}
    for name, state in states.items():
        for column in _STATES:
            QUEUED_JOBS.labels(name, column).set(getattr(state, column))
        OLDEST_JOB.labels(name).set(state.oldest)


class Monitor:
    """Repeats measurements in the worker's event loop, and so proves that it isn't blocked."""

    def __init__(self, measures: Sequence[Measure], clock: Callable[[], float] = monotonic) -> None:
        self._measures = measures
        self._clock = clock
        self._beat = clock()

    def is_alive(self) -> bool:
        """Whether the loop has run within the last minute, also during outages of the database."""
        return self._clock() - self._beat < _HANG_SECONDS

    async def run(self, stop: asyncio.Event) -> None:
        """Measure until `stop` is set. During an outage the gauges keep their last values."""
        while not stop.is_set():
            await self._measure()
            self._beat = self._clock()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), INTERVAL)

    async def _measure(self) -> None:
        try:
            async with asyncio.timeout(_LIMIT):
                for measure in self._measures:
                    await measure()
        except Exception as error:  # noqa: BLE001 - the worker goes on without numbers
            _log.warning("monitor.failed", error=type(error).__name__)
        else:
            MONITOR_TIME.set(time())
