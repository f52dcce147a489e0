"""The worker: takes jobs from the queue and runs them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from random import random
from uuid import UUID

import structlog
from pgqueuer import PgQueuer
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.models import Schedule
from pgqueuer.domain.types import QueueExecutionMode

from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.company import Company
from lk_graphql.ports import Ports
from lk_graphql.ports.jobs.driver import ReconnectingDriver
from lk_graphql.ports.jobs.registry import JOBS, Job, JobContext, Retries
from lk_graphql.ports.jobs.runner import JobRunner
from lk_graphql.ports.jobs.schema import SETTINGS, queries

_log = structlog.get_logger(__name__)

_CONCURRENCY = 10
_POLL = timedelta(seconds=5)
"""The poll for retries and for jobs of dead workers; new jobs are announced by NOTIFY."""
_HEARTBEAT = timedelta(seconds=30)
"""Without a heartbeat for this time, another worker takes the job."""
_GRACE = timedelta(seconds=15)
_RETURN_SECONDS = 2.0
"""Seconds in which cancelled jobs return themselves to the queue."""
_CLOSE_SECONDS = 0.5
_RESTARTS = Retries(first_delay=timedelta(seconds=1), max_delay=timedelta(seconds=30))
_STABLE_SECONDS = 60.0
"""After a run of this length, the delay before a restart is short again."""
_END_DELAY = """
UPDATE job SET execute_after = now()
WHERE dedupe_key = $1 AND status = 'queued' AND execute_after > now()
"""


async def run_worker(
    ports: Ports,
    company: Company,
    *,
    dsn: str,
    stop: asyncio.Event,
    grace: timedelta = _GRACE,
    clock: Clock = utc_now,
) -> None:
    """Run jobs until `stop` is set, then finish the running ones within `grace`.

    Unfinished jobs go back into the queue. While PostgreSQL is unavailable, the worker waits for
    it; after any other failure it starts anew. It ends some seconds after `grace` at the latest.
    """
    loop = asyncio.get_running_loop()
    failures = 0
    while not stop.is_set():
        began = loop.time()
        driver = ReconnectingDriver(dsn)
        runner = JobRunner(driver, _contexts(ports, company, clock))
        try:
            await _run(_app(driver, runner), driver, runner, stop, grace)
        except Exception as error:  # noqa: BLE001 - a worker outlives bugs, too
            failures = 1 if loop.time() - began > _STABLE_SECONDS else failures + 1
            _log.error("jobs.restarting", error=type(error).__name__, exc_info=error)
            await _wait(stop, _RESTARTS.delay_after(failures, random()))  # noqa: S311


async def run_until_empty(
    ports: Ports, company: Company, *, dsn: str, clock: Clock = utc_now
) -> None:
    """Run all jobs in the queue, including delayed and retried ones."""
    driver = ReconnectingDriver(dsn)
    app = _app(driver, JobRunner(driver, _contexts(ports, company, clock)))
    try:
        await app.qm.run(mode=QueueExecutionMode.drain, dequeue_timeout=timedelta(seconds=0.1))
    finally:
        driver.close()


def _contexts(ports: Ports, company: Company, clock: Clock) -> Callable[[UUID], JobContext]:
    return lambda key: JobContext(ports, company, clock(), clock, key)


async def _wait(stop: asyncio.Event, limit: timedelta) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), limit.total_seconds())


def _app(driver: ReconnectingDriver, runner: JobRunner) -> PgQueuer:
    store = queries(driver)
    app = PgQueuer(driver, SETTINGS.channel, queries=store)
    for job in JOBS.values():
        app.entrypoint(job.name, on_failure="hold")(runner.entrypoint(job))
        if job.cron:
            app.schedule(job.name, job.cron)(_enqueue(job, driver, store))
    return app


def _enqueue(
    job: Job, driver: ReconnectingDriver, store: Queries
) -> Callable[[Schedule], Awaitable[None]]:
    """A schedule that enqueues a job, so that it is retried like any other.

    A job that waits for a retry is due at once, so that a retry waits for no longer than the next
    scheduled time.
    """

    async def enqueue(_: Schedule) -> None:
        await driver.execute(_END_DELAY, job.name)
        await store.enqueue(job.name, b"{}", dedupe_key=job.name, on_conflict="skip")

    return enqueue


async def _run(
    app: PgQueuer,
    driver: ReconnectingDriver,
    runner: JobRunner,
    stop: asyncio.Event,
    grace: timedelta,
) -> None:
    """Run pgqueuer until `stop`. Raises its error; RuntimeError if it ended without one."""
    running = asyncio.create_task(
        app.run(
            dequeue_timeout=_POLL,
            batch_size=_CONCURRENCY,
            max_concurrent_tasks=2 * _CONCURRENCY,
            heartbeat_timeout=_HEARTBEAT,
        )
    )
    # a failed manager waits for the running jobs before it raises
    ends = [asyncio.create_task(event.wait()) for event in (stop, driver.failed)]
    try:
        await asyncio.wait({running, *ends}, return_when=asyncio.FIRST_COMPLETED)
        app.shutdown.set()
        await _finish(running, driver, runner, grace)
    finally:
        for end in ends:
            end.cancel()
        await _end(running, driver, runner)
    if running.done() and not running.cancelled():
        running.result()
    if not stop.is_set():
        raise RuntimeError("pgqueuer has ended")


async def _finish(
    running: asyncio.Task[None],
    driver: ReconnectingDriver,
    runner: JobRunner,
    grace: timedelta,
) -> None:
    """Wait for the running jobs and their results, but not for a database without jobs."""
    loop = asyncio.get_running_loop()
    end = loop.time() + grace.total_seconds()
    while not running.done() and loop.time() < end and (runner.running or driver.is_available):
        await asyncio.wait({running}, timeout=0.1)


async def _end(running: asyncio.Task[None], driver: ReconnectingDriver, runner: JobRunner) -> None:
    """Return unfinished jobs to the queue and close the connection, without waiting for ever."""
    for attempt in [*runner.running]:
        attempt.cancel()
    await asyncio.wait({running}, timeout=_RETURN_SECONDS)
    driver.close()
    await asyncio.wait({running}, timeout=_CLOSE_SECONDS)
    if not running.done():
        running.cancel()
        _log.error("jobs.abandoned", jobs=len(runner.running))
