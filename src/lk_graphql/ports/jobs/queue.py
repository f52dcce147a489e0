"""The job queue: enqueueing, load, dead letters, pruning."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.domain.types import JobId
from pgqueuer.ports.driver import NotifyCallback
from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql, retention
from lk_graphql.database.retention import OldRows
from lk_graphql.kit.tracing import TRACING
from lk_graphql.ports.jobs.driver import BaseDriver
from lk_graphql.ports.jobs.registry import JobContext, find_job, job
from lk_graphql.ports.jobs.schema import queries

LOG_RETENTION = timedelta(days=30)
STATISTICS_RETENTION = timedelta(days=365)
# The log of a dead letter is kept, because it holds the error.
_LOG = OldRows("job_log", "created", "NOT EXISTS (SELECT FROM job WHERE job.id = job_log.job_id)")
_STATISTICS = OldRows("job_statistics", "created")


@job("jobs.prune", cron="17 20 * * *", time_limit=timedelta(hours=1))
async def prune(context: JobContext) -> None:
    await retention.delete(_LOG, before=context.now - LOG_RETENTION)
    await retention.delete(_STATISTICS, before=context.now - STATISTICS_RETENTION)


async def enqueue(
    name: str,
    /,
    *,
    dedupe_key: str | None = None,
    delay: timedelta | None = None,
    **ids: UUID,
) -> None:
    """Enqueue a job in the current transaction.

    It is dropped while a job of this name with the same `dedupe_key` waits or runs. Raises
    LookupError for an undeclared job, TypeError for other ids than the declared ones.
    """
    find_job(name, ids)
    await _queries().enqueue(
        name,
        orjson.dumps({name: str(key) for name, key in ids.items()}),  # asyncpg's UUID is its own
        execute_after=delay,
        headers=TRACING.headers() or None,
        dedupe_key=dedupe_key and f"{name}:{dedupe_key}",
        on_conflict="skip",
    )


@dataclass(frozen=True)
class DeadLetter:
    """A job without attempts left; it stays until it is retried by hand."""

    id: int
    name: str
    ids: dict[str, UUID]
    attempts: int
    created_at: datetime
    died_at: datetime
    error: str
    """The exception's class and message."""
    traceback: str


async def dead_letters(limit: int = 100) -> list[DeadLetter]:
    """Dead letters, the newest first."""
    return [_dead_letter(row) for row in await raw_sql.fetch(_DEAD_LETTERS, limit)]


class RetriedJobs(NamedTuple):
    """Numbers of dead letters: requeued, and deleted because a newer job does the same."""

    requeued: int
    replaced: int


async def retry_dead_letters(ids: list[int]) -> RetriedJobs:
    """Requeue dead letters with all attempts.

    Only one job of a `dedupe_key` may wait or run. A dead letter is therefore deleted if another
    job of its key does, or if a newer one of its key is requeued.
    """
    async with in_transaction():
        dead = await raw_sql.fetch(_DEAD_AMONG, ids)
        replaced = await raw_sql.fetch(_DELETE_REPLACED, ids)
        await _queries().requeue_jobs([JobId(i) for i in ids])
    return RetriedJobs(len(dead) - len(replaced), len(replaced))


@dataclass(frozen=True)
class QueueState:
    """Numbers of jobs of one name; the oldest due one has waited for `oldest` seconds."""

    name: str
    due: int
    later: int
    running: int
    dead: int
    oldest: float


async def queue_states() -> list[QueueState]:
    """States by name; names without jobs are absent."""
    return [QueueState(**row) for row in await raw_sql.fetch(_STATES)]


@dataclass(frozen=True)
class QueueLoad:
    """Numbers of jobs of one name."""

    name: str
    waiting: int
    running: int
    dead: int


async def queue_load() -> list[QueueLoad]:
    """Loads by name; names without jobs are absent."""
    return [
        QueueLoad(state.name, state.due + state.later, state.running, state.dead)
        for state in await queue_states()
    ]


_DEAD_LETTERS = """
SELECT job.id, job.entrypoint, job.payload, job.attempts, job.created, job.updated, last.traceback
FROM job
LEFT JOIN LATERAL (
    SELECT traceback FROM job_log
    WHERE job_id = job.id AND status = 'failed' ORDER BY created DESC LIMIT 1
) last ON true
WHERE job.status = 'failed' ORDER BY job.updated DESC LIMIT $1
"""

_DEAD_AMONG = "SELECT id FROM job WHERE status = 'failed' AND id = ANY($1) FOR UPDATE"

_DELETE_REPLACED = """
WITH replaced AS (
    DELETE FROM job WHERE status = 'failed' AND id = ANY($1) AND EXISTS (
        SELECT FROM job AS other WHERE other.dedupe_key = job.dedupe_key AND (
            other.status IN ('queued', 'picked')
            OR other.status = 'failed' AND other.id = ANY($1) AND other.id > job.id
        )
    ) RETURNING id, entrypoint, priority
)
INSERT INTO job_log (job_id, status, entrypoint, priority)
SELECT id, 'deleted', entrypoint, priority FROM replaced RETURNING job_id
"""

_STATES = """
SELECT entrypoint AS name,
    count(*) FILTER (WHERE status = 'queued' AND execute_after <= now()) AS due,
    count(*) FILTER (WHERE status = 'queued' AND execute_after > now()) AS later,
    count(*) FILTER (WHERE status = 'picked') AS running,
    count(*) FILTER (WHERE status = 'failed') AS dead,
    extract(epoch FROM coalesce(
        now() - min(execute_after) FILTER (WHERE status = 'queued' AND execute_after <= now()),
        interval '0'))::float8 AS oldest
FROM job GROUP BY entrypoint ORDER BY entrypoint
"""


def _dead_letter(row: Mapping[str, Any]) -> DeadLetter:
    error: dict[str, str] = orjson.loads(row["traceback"] or "{}")
    return DeadLetter(
        row["id"],
        row["entrypoint"],
        {name: UUID(key) for name, key in orjson.loads(row["payload"]).items()},
        row["attempts"] + 1,
        row["created"],
        row["updated"],
        f"{error.get('exception_type', '')}: {error.get('exception_message', '')}",
        error.get("traceback", ""),
    )


def _queries() -> Queries:
    return queries(_TortoiseDriver())


class _TortoiseDriver(BaseDriver):
    """pgqueuer's driver over Tortoise's connection, so that jobs join its transaction."""

    async def fetch(self, query: str, *args: object) -> list[dict[str, Any]]:
        return [dict(row) for row in await raw_sql.fetch(query, *args)]

    async def execute(self, query: str, *args: object) -> str:
        await self.fetch(query, *args)
        return ""

    async def notify(self, channel: str, payload: str) -> None:
        await self.fetch("SELECT pg_notify($1, $2)", channel, payload)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        raise NotImplementedError("A listener needs a connection of its own")
