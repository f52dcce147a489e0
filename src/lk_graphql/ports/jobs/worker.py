"""The worker: takes jobs from the queue and runs them."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import asyncpg
import orjson
import structlog
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgPoolDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.errors import FailingListenerError, RetryRequested
from pgqueuer.domain.models import Job as Row
from pgqueuer.domain.models import Schedule
from pgqueuer.domain.types import QueueExecutionMode

from lk_graphql.kit.clock import Clock, utc_now
from lk_graphql.kit.company import Company
from lk_graphql.ports import Ports
from lk_graphql.ports.errors import PermanentError
from lk_graphql.ports.jobs.registry import JOBS, Job, JobContext
from lk_graphql.ports.jobs.schema import SETTINGS, queries

_log = structlog.get_logger(__name__)

_CONCURRENCY = 10
_POLL = timedelta(seconds=5)
"""The poll for retries and for jobs of dead workers; new jobs are announced by NOTIFY."""
_HEARTBEAT = timedelta(seconds=30)
"""Without a heartbeat for this time, another worker takes the job."""
_GRACE = timedelta(seconds=20)
_RETURN_TIMEOUT = timedelta(seconds=2)
"""For cancelled jobs to write that they go back into the queue."""
_RECONNECT = timedelta(seconds=3)

_OUTAGES = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, FailingListenerError)


class WorkerDied(PermanentError):
    """A job whose workers died too often."""


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

    Unfinished jobs go back into the queue. While PostgreSQL is unavailable, the worker reconnects.
    """
    while not stop.is_set():
        try:
            async with asyncpg.create_pool(dsn, min_size=1, max_size=3) as pool:
                app = _app(pool, lambda: JobContext(ports, company, clock(), clock))
                await _run(app, stop, grace)
        except _OUTAGES as outage:
            _log.warning("jobs.database_unavailable", error=type(outage).__name__)
            await _wait(stop, _RECONNECT)


async def run_until_empty(
    ports: Ports, company: Company, *, dsn: str, clock: Clock = utc_now
) -> None:
    """Run all jobs in the queue, including delayed and retried ones."""
    async with asyncpg.create_pool(dsn, min_size=1, max_size=3) as pool:
        app = _app(pool, lambda: JobContext(ports, company, clock(), clock))
        await app.qm.run(mode=QueueExecutionMode.drain, dequeue_timeout=timedelta(seconds=0.1))


async def _wait(stop: asyncio.Event, limit: timedelta) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), limit.total_seconds())


def _app(pool: "asyncpg.Pool[asyncpg.Record]", new_context: Callable[[], JobContext]) -> PgQueuer:
    driver = AsyncpgPoolDriver(pool)
    store = queries(driver)
    app = PgQueuer(driver, SETTINGS.channel, queries=store)
    for job in JOBS.values():
        app.entrypoint(job.name, on_failure="hold")(_attempt(job, store, new_context))
        if job.cron:
            app.schedule(job.name, job.cron)(_enqueue(job, store))
    return app


async def _run(app: PgQueuer, stop: asyncio.Event, grace: timedelta) -> None:
    running = asyncio.create_task(
        app.run(
            dequeue_timeout=_POLL,
            batch_size=_CONCURRENCY,
            max_concurrent_tasks=2 * _CONCURRENCY,
            shutdown_on_listener_failure=True,
            heartbeat_timeout=_HEARTBEAT,
        )
    )
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        app.shutdown.set()
        await asyncio.wait({running}, timeout=grace.total_seconds())
    finally:
        stopping.cancel()
        await _end(running)
    if not running.cancelled():
        running.result()


async def _end(running: asyncio.Task[None]) -> None:
    """Cancel the running jobs, which go back into the queue.

    The first cancellation may only make pgqueuer wait for them, so cancel until it stops.
    """
    while not running.done():
        running.cancel()
        await asyncio.wait({running}, timeout=_RETURN_TIMEOUT.total_seconds())


def _attempt(
    job: Job, store: Queries, new_context: Callable[[], JobContext]
) -> Callable[[Row], Awaitable[None]]:
    """An entrypoint for pgqueuer: RetryRequested requeues a job, other exceptions end it."""

    async def attempt(row: Row) -> None:
        try:
            await _check_survival(job, row, store)
            async with asyncio.timeout(job.time_limit.total_seconds()):
                await job.handler(new_context(), **_ids(row))
        except asyncio.CancelledError:
            raise RetryRequested(reason="The worker was stopped") from None
        except Exception as error:
            failures = row.attempts + 1
            _log.warning("job.failed", job=job.name, attempt=failures, error=type(error).__name__)
            if failures >= job.retries.attempts or isinstance(error, PermanentError):
                raise
            delay = job.retries.delay_after(failures, random.random())  # noqa: S311 - no secret
            raise RetryRequested(delay, f"{type(error).__name__}: {error}") from error
        _log.info("job.done", job=job.name, attempt=row.attempts + 1)

    return attempt


def _ids(row: Row) -> dict[str, UUID]:
    return {name: UUID(key) for name, key in orjson.loads(row.payload or b"{}").items()}


async def _check_survival(job: Job, row: Row, store: Queries) -> None:
    """Raise `WorkerDied` for a job that kills its workers.

    pgqueuer counts no attempt when the worker dies, so such a job would be retried for ever.
    """
    (picks,) = await store.driver.fetch(_COUNT_PICKS, row.id)
    deaths = int(str(picks["taken"])) - 1
    if row.attempts + deaths >= job.retries.attempts:
        raise WorkerDied(f"The workers of the last attempts of {job.name} died")


_COUNT_PICKS = """
SELECT count(*) AS taken FROM job_log WHERE job_id = $1 AND status = 'picked' AND id > coalesce(
    (SELECT max(id) FROM job_log WHERE job_id = $1 AND status = 'queued'), 0)
"""


def _enqueue(job: Job, store: Queries) -> Callable[[Schedule], Awaitable[None]]:
    """A schedule that enqueues a job, so that it is retried like any other."""

    async def enqueue(_: Schedule) -> None:
        await store.enqueue(job.name, b"{}", dedupe_key=job.name, on_conflict="skip")

    return enqueue
