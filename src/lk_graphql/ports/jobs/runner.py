"""An attempt at a job, and the result of a failure: another attempt, or a dead letter."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import random
from time import perf_counter
from uuid import UUID, uuid5

import orjson
import structlog
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job as Row

from lk_graphql.kit.metrics import JOBS
from lk_graphql.kit.tracing import TRACING, SpanKind
from lk_graphql.ports.errors import DoubtfulError, PermanentError
from lk_graphql.ports.jobs.driver import ReconnectingDriver, is_database_outage
from lk_graphql.ports.jobs.registry import DOUBTFUL_RETRIES, Job, JobContext, Retries

_log = structlog.get_logger(__name__)

_MAX_CRASHES = 12
"""So many that a series of outages, in which results may be lost, doesn't end a job."""
_POSTPONEMENTS = Retries(first_delay=timedelta(seconds=2), max_delay=timedelta(minutes=5))
"""Then failures count as attempts: a job's own statement may raise the errors of an outage."""
_POSTPONED = "Postponed: "
_KEYS = UUID("0f4b6c0e-5d1c-4c0f-8f0a-6f1d5b1f2c77")

_COUNT_PICKS = """
SELECT count(*) AS taken FROM job_log WHERE job_id = $1 AND status = 'picked' AND id > coalesce(
    (SELECT max(id) FROM job_log WHERE job_id = $1 AND status = 'queued'), 0)
"""
# An entry without a traceback: the job was enqueued, or a dead letter was retried by hand.
_COUNT_REQUEUES = """
SELECT count(*) AS requeues FROM job_log WHERE job_id = $1 AND status = 'queued'
AND traceback -> 'additional_context' ->> 'reason' LIKE $2 AND id > coalesce(
    (SELECT max(id) FROM job_log WHERE job_id = $1 AND status = 'queued' AND traceback IS NULL), 0)
"""
_UNCOUNT = "UPDATE job SET attempts = attempts - 1 WHERE id = $1"


class WorkerDied(PermanentError):
    """The error of a job during which workers died too often."""


class Postponed(RetryRequested):
    """A further attempt, because the database was unavailable during this one."""


class JobRunner:
    """Runs attempts; `running` are the tasks of those that have not ended."""

    def __init__(
        self, driver: ReconnectingDriver, new_context: Callable[[UUID], JobContext]
    ) -> None:
        self.running: set[asyncio.Task[object]] = set()
        self._driver = driver
        self._new_context = new_context

    def entrypoint(self, job: Job) -> Callable[[Row], Awaitable[None]]:
        """An entrypoint for pgqueuer: RetryRequested requeues a job, other exceptions end it."""

        async def attempt(row: Row) -> None:
            if task := asyncio.current_task():
                self.running.add(task)
                task.add_done_callback(self.running.discard)
            try:
                await self._measured_attempt(job, row)
            except asyncio.CancelledError:  # pgqueuer would delete the job
                await self._driver.execute(_UNCOUNT, row.id)
                raise RetryRequested(reason="The worker was stopped") from None

        return attempt

    async def _measured_attempt(self, job: Job, row: Row) -> None:
        started, outcome = perf_counter(), "done"
        trace = {name: str(value) for name, value in (row.headers or {}).items()}
        number = row.attempts + 1
        try:
            with TRACING.span(f"job {job.name}", SpanKind.CONSUMER, trace, attempt=number):
                await self._attempt(job, row)
        except BaseException as error:
            outcome = _outcome(error)
            raise
        finally:
            JOBS.labels(job.name, outcome).observe(perf_counter() - started)

    async def _attempt(self, job: Job, row: Row) -> None:
        connections = self._driver.connections
        try:
            await self._check_crashes(row)
            connections = self._driver.connections
            async with asyncio.timeout(job.time_limit.total_seconds()):
                await job.handler(self._new_context(_key(row)), **_ids(row))
        except PermanentError as error:
            _log_failure(job, row, error)
            raise
        except Exception as error:  # noqa: BLE001 - any failure is retried
            if await self._was_outage(error, connections):
                await self._postpone(job, row, error)
            await self._retry(job, row, error)
        else:
            _log.info("job.done", job=job.name, attempt=row.attempts + 1)

    async def _was_outage(self, error: Exception, connections: int) -> bool:
        """Whether the database was unavailable during the attempt; returns when it is back."""
        if is_database_outage(error):
            return True
        await self._driver.fetch("SELECT 1")
        return self._driver.connections != connections

    async def _postpone(self, job: Job, row: Row, error: Exception) -> None:
        """Requeue a job without counting the attempt, which pgqueuer counts, unless too often."""
        earlier = await self._requeues(row, _POSTPONED)
        if earlier >= _POSTPONEMENTS.attempts:
            return
        name = type(error).__name__
        _log.warning("job.postponed", job=job.name, error=name)
        await self._driver.execute(_UNCOUNT, row.id)
        delay = _POSTPONEMENTS.delay_after(earlier + 1, random())  # noqa: S311 - no secret
        raise Postponed(delay, f"{_POSTPONED}{name}") from error

    async def _retry(self, job: Job, row: Row, error: Exception) -> None:
        """Requeue a job, or raise its error after the last attempt."""
        _log_failure(job, row, error)
        name = type(error).__name__
        retries, failures = job.retries, row.attempts + 1
        if isinstance(error, DoubtfulError):
            retries = DOUBTFUL_RETRIES
            failures = await self._requeues(row, f"{name}: ") + 1
        if failures < retries.attempts:
            delay = retries.delay_after(failures, random())  # noqa: S311 - no secret
            raise RetryRequested(delay, f"{name}: {error}") from error
        if not isinstance(error, job.drops):
            raise error

    async def _requeues(self, row: Row, reason: str) -> int:
        """The number of times that the job was requeued for a reason that begins so."""
        (count,) = await self._driver.fetch(_COUNT_REQUEUES, row.id, f"{reason}%")
        return count["requeues"]

    async def _check_crashes(self, row: Row) -> None:
        """Raise `WorkerDied` for a job that kills its workers.

        pgqueuer counts no attempt when the worker dies, so such a job would be retried for ever.
        """
        (picks,) = await self._driver.fetch(_COUNT_PICKS, row.id)
        if picks["taken"] > _MAX_CRASHES:
            raise WorkerDied(f"The workers of the last attempts of {row.entrypoint} died")


def _outcome(error: BaseException) -> str:
    match error:
        case asyncio.CancelledError():
            return "stopped"
        case Postponed():
            return "postponed"
        case RetryRequested():
            return "failed"
        case _:
            return "dead"


def _log_failure(job: Job, row: Row, error: Exception) -> None:
    name = type(error).__name__
    _log.warning("job.failed", job=job.name, attempt=row.attempts + 1, error=name)


def _ids(row: Row) -> dict[str, UUID]:
    return {name: UUID(key) for name, key in orjson.loads(row.payload or b"{}").items()}


def _key(row: Row) -> UUID:
    """The job's key; depends on its time, too, because ids repeat after a restore of a backup."""
    return uuid5(_KEYS, f"{row.id} {row.created.isoformat()} {row.entrypoint}")
