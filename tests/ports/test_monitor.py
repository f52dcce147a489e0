"""Measurements of a worker for the operators' metrics."""

import asyncio
from datetime import timedelta

import asyncpg
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from lk_graphql.app import MEASURES
from lk_graphql.kit.ids import new_key
from lk_graphql.ports.jobs import Monitor, enqueue, measure_queue

JOB = "identity.mail_password_changed"
OTHER = "identity.mail_activation"
OUTCOME = {"kind": JOB}
UNWRITTEN = "lk_graphql_unwritten_import_batches"


def queued(job: str) -> dict[str, float | None]:
    states = ("due", "later", "running", "dead")
    return {
        state: REGISTRY.get_sample_value("lk_graphql_queued_jobs", {"kind": job, "state": state})
        for state in states
    }


async def test_the_queue_is_measured_by_kind_and_state(opened: asyncpg.Connection, database: str):
    await enqueue(JOB, user_id=new_key())
    await enqueue(JOB, user_id=new_key())
    await enqueue(JOB, user_id=new_key(), delay=timedelta(hours=1))
    await opened.execute(
        "UPDATE job SET execute_after = now() - interval '70 s'"
        " WHERE id = (SELECT min(id) FROM job)"
    )

    await measure_queue()

    assert queued(JOB) == {"due": 2, "later": 1, "running": 0, "dead": 0}
    assert queued(OTHER) == {"due": 0, "later": 0, "running": 0, "dead": 0}
    oldest = REGISTRY.get_sample_value("lk_graphql_oldest_due_job_seconds", {"kind": JOB})
    assert oldest is not None
    assert 70 <= oldest < 75


async def test_dead_jobs_are_measured_until_they_are_deleted(
    opened: asyncpg.Connection, database: str
):
    await enqueue(JOB, user_id=new_key())
    await opened.execute("UPDATE job SET status = 'failed'")
    await measure_queue()
    assert queued(JOB) == {"due": 0, "later": 0, "running": 0, "dead": 1}

    await opened.execute("DELETE FROM job")
    await measure_queue()
    assert queued(JOB) == {"due": 0, "later": 0, "running": 0, "dead": 0}
    assert REGISTRY.get_sample_value("lk_graphql_oldest_due_job_seconds", {"kind": JOB}) == 0


async def given_run(
    connection: asyncpg.Connection,
    state: str,
    age: timedelta,
    *,
    is_dry: bool = False,
    batches: int | None = None,
    batches_written: int = 0,
) -> None:
    """An import that has begun and ended so long ago."""
    await connection.execute(
        """
        INSERT INTO import_run (id, kind, state, is_dry_run, is_atomic, as_of, started_at,
            finished_at, rows_read, rows_loaded, errors, totals, controls, batches, batches_written)
        VALUES ($1, 'PAYMENTS', $2, $3, false, now(), now() - $4::interval, now() - $4::interval,
            0, 0, 0, '[]', '{}', $5, $6)
        """,
        new_key(),
        state,
        is_dry,
        age,
        batches,
        batches_written,
    )


async def measure_all() -> None:
    for measure in MEASURES:
        await measure()


def unfinished(state: str) -> float:
    name = "lk_graphql_unfinished_import_seconds"
    return REGISTRY.get_sample_value(name, {"state": state}) or 0


async def test_the_age_of_an_import_is_that_of_the_last_one_that_changed_data(
    opened: asyncpg.Connection, database: str
):
    for state, is_dry, days in (("DONE", False, 9), ("DONE", False, 2), ("DONE", True, 0)):
        await given_run(opened, state, timedelta(days=days), is_dry=is_dry)
    await given_run(opened, "REFUSED", timedelta(0))

    await measure_all()

    age = REGISTRY.get_sample_value("lk_graphql_import_age_seconds", {"kind": "payments"})
    assert age is not None
    assert timedelta(days=2) <= timedelta(seconds=age) < timedelta(days=2.01)


async def test_the_unwritten_batches_of_an_import_are_measured_until_it_ends(
    opened: asyncpg.Connection, database: str
):
    await given_run(opened, "APPLYING", timedelta(hours=3), batches=9, batches_written=2)
    await given_run(opened, "INTERRUPTED", timedelta(days=1), batches=9, batches_written=2)
    await measure_all()
    age, batches = unfinished("applying"), REGISTRY.get_sample_value(UNWRITTEN)
    assert (unfinished("running"), batches) == (0, 7)
    assert 10_800 <= age < 10_810

    await opened.execute("UPDATE import_run SET state = 'DONE' WHERE state = 'APPLYING'")
    await measure_all()
    assert (unfinished("applying"), REGISTRY.get_sample_value(UNWRITTEN)) == (0, 0)


async def test_a_monitor_logs_a_lost_database_and_goes_on():
    async def fails() -> None:
        raise ConnectionRefusedError

    stop = asyncio.Event()
    monitor = Monitor([fails])
    with capture_logs() as lines:
        running = asyncio.create_task(monitor.run(stop))
        await asyncio.sleep(0.01)
        stop.set()
        await running
    assert [(line["event"], line["error"]) for line in lines] == [
        ("monitor.failed", "ConnectionRefusedError")
    ]
    assert monitor.is_alive()


async def test_a_worker_with_a_blocked_event_loop_is_unhealthy():
    now = [0.0]
    monitor = Monitor([], lambda: now[0])
    now[0] = 59
    assert monitor.is_alive()
    now[0] = 61
    assert not monitor.is_alive()
