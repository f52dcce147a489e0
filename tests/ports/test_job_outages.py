"""Real `lk worker` processes and a PostgreSQL that restarts, crashes and freezes.

RESTARTS=30 .venv/bin/pytest -s tests/ports/test_job_outages.py    # longer, with figures
"""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from email import message_from_bytes
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest
import pytest_asyncio
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver

from lk_graphql.demo.postgres.restartable import RestartablePostgres, temporary_postgres
from lk_graphql.kit.ids import new_key
from lk_graphql.ports.jobs.schema import queries
from tests.support.cli_process import lk, start_lk
from tests.support.smtp_server import running_smtp
from tests.support.speed import Fork

IS_LONG = "RESTARTS" in os.environ
RESTARTS = int(os.environ.get("RESTARTS", "2"))
WORKERS = 2
STOP_SECONDS = 20
JOB = "identity.mail_password_changed"
EVENTS = {
    "job.done",
    "job.postponed",
    "jobs.database_available",
    "jobs.database_unavailable",
    "monitor.failed",
    "Retry requested",
    "Tortoise-ORM shutdown",
}
"""All that a worker logs: neither tracebacks nor failed flushes of pgqueuer."""
OUTAGES = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
RELEASE = """
UPDATE job SET heartbeat = now() - interval '31 seconds'
WHERE status = 'picked' AND heartbeat < now() - interval '8 seconds'
"""
INSERT_USER = """
INSERT INTO "user" (id, email, email_key, phone, last_name, first_name, has_no_patronymic,
    password_hash, preferred_language, created_at, activated_at, password_changed_at)
VALUES ($1, 'a@example.com', 'a@example.com', '+79131234567', 'Иванова', 'Анна', true,
    '!', 'RU', now(), now(), now())
"""


class SmtpHandler:
    """Counts the mails by their Message-ID; each takes some time."""

    def __init__(self) -> None:
        self.mails = Counter[str]()
        self.seconds = 0.02

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        await asyncio.sleep(self.seconds)
        self.mails[message_from_bytes(envelope.content)["Message-ID"]] += 1
        return "250 OK"


@pytest.fixture
def smtp() -> Generator[tuple[SmtpHandler, str]]:
    handler = SmtpHandler()
    with running_smtp(handler) as url:
        yield handler, url


@pytest.fixture(scope="module")
def postgres() -> Generator[RestartablePostgres]:
    with temporary_postgres() as running:
        migrated = lk("migrate", "up", LK_DATABASE_URL=running.dsn())
        assert migrated.returncode == 0, migrated.stderr
        yield running


@pytest_asyncio.fixture
async def user_id(postgres: RestartablePostgres) -> UUID:
    """A customer in a database with an empty queue."""
    connection = await asyncpg.connect(postgres.dsn())
    await connection.execute('TRUNCATE job, job_log, "user" CASCADE')
    await connection.execute(INSERT_USER, user_id := new_key())
    await connection.close()
    return user_id


@asynccontextmanager
async def lk_workers(dsn: str, smtp: str, folder: Path) -> AsyncGenerator[list[Fork]]:
    settings = {
        "LK_DATABASE_URL": dsn,
        "LK_SMTP_URL": smtp,
        "LK_SECRET_KEY": "k" * 32,
        "LK_PUBLIC_URL": "http://127.0.0.1:1",
    }
    started = [
        start_lk("worker", log=folder / f"worker{number}", **settings) for number in range(WORKERS)
    ]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.join()


async def enqueue(dsn: str, user_id: UUID, count: int, stop: asyncio.Event | None = None) -> int:
    """Enqueue mails one by one, through every outage, until `stop` is set; their number."""
    done = 0
    while done < count and not (stop and stop.is_set()):
        try:
            connection = await asyncpg.connect(dsn, timeout=5)
            store = queries(AsyncpgDriver(connection))
            while done < count and not (stop and stop.is_set()):
                await store.enqueue(JOB, orjson.dumps({"user_id": str(user_id)}))
                done += 1
                await asyncio.sleep(0.02)
            await connection.close()
        except (
            OSError,
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,
        ):
            await asyncio.sleep(0.1)
    return done


async def jobs_by_status(dsn: str) -> dict[str, int]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(
        "SELECT status::text, count(*) AS jobs FROM job WHERE entrypoint = $1 GROUP BY status", JOB
    )
    await connection.close()
    return {row["status"]: row["jobs"] for row in rows}


def has_started(log: Path) -> bool:
    """A worker that has done a job: one that is still starting ends if PostgreSQL does."""
    return log.exists() and b"job.done" in log.read_bytes()


async def until(condition: Callable[[], bool], limit: float = 90) -> None:
    async with asyncio.timeout(limit):
        while not condition():  # noqa: ASYNC110 - other processes and threads
            await asyncio.sleep(0.05)


async def until_done(dsn: str) -> None:
    """Wait for an empty queue; a dead letter ends the wait, too.

    A job that was taken, but whose taker did not hear of it, is released sooner than by its
    overdue heartbeat. That may repeat one whose result is late, so not where repeats are counted.
    """
    connection = await asyncpg.connect(dsn)
    async with asyncio.timeout(90):
        while (await jobs_by_status(dsn)).keys() - {"failed"}:
            if not IS_LONG:
                await connection.execute(RELEASE)
            await asyncio.sleep(0.2)
    await connection.close()


def log_of(folder: Path, number: int) -> list[str]:
    return (folder / f"worker{number}").read_text().splitlines()


def stop_all(workers: list[Fork]) -> list[float]:
    """Send SIGTERM to all; the seconds until each has ended."""
    began = time.monotonic()
    for process in workers:
        process.terminate()
    seconds = list[float]()
    for process in workers:
        process.join(60)
        seconds.append(time.monotonic() - began)
    return seconds


async def test_workers_outlive_restarts_and_do_every_job(
    postgres: RestartablePostgres, smtp: tuple[SmtpHandler, str], user_id: UUID, tmp_path: Path
):
    handler, url = smtp
    recoveries = list[float]()
    logs = [tmp_path / f"worker{number}" for number in range(WORKERS)]
    async with lk_workers(postgres.dsn(), url, tmp_path) as workers:
        stop = asyncio.Event()
        producer = asyncio.create_task(enqueue(postgres.dsn(), user_id, 10**6, stop))
        await until(lambda: all(has_started(log) for log in logs))
        for number in range(RESTARTS):
            how = signal.SIGQUIT if number % 2 else signal.SIGINT
            await asyncio.to_thread(postgres.stop, how)
            await asyncio.sleep(number % 4 / 2)
            await asyncio.to_thread(postgres.start)
            began, before = time.monotonic(), len(handler.mails)
            await until(lambda before=before: len(handler.mails) > before + 20)
            recoveries.append(time.monotonic() - began)
        stop.set()
        count = await producer
        await until_done(postgres.dsn())

        assert all(process.is_alive() for process in workers)
        left = await jobs_by_status(postgres.dsn())
        stop_all(workers)

    repeats = sum(handler.mails.values()) - len(handler.mails)
    print(  # noqa: T201
        f"{RESTARTS} restarts: {count} jobs, {len(handler.mails)} mails, {repeats} sent twice;"
        f" twenty mails {sorted(recoveries)[RESTARTS // 2]:.1f} s after the start (median),"
        f" {max(recoveries):.1f} s at most"
    )
    assert left == {}
    # an answer to the producer may have been lost, so that it enqueued a job twice
    assert count <= len(handler.mails) <= count + RESTARTS
    assert [process.exitcode for process in workers] == [0] * WORKERS
    for number in range(WORKERS):
        log = [orjson.loads(line) for line in log_of(tmp_path, number)]
        own = [line["event"] for line in log if line.get("logger") != "asyncpg.pool"]
        events = Counter(event.partition(" for entrypoint")[0] for event in own)
        assert events.keys() <= EVENTS
        assert events["jobs.database_unavailable"] == events["jobs.database_available"] <= RESTARTS


async def test_a_worker_ends_while_postgresql_is_frozen(
    postgres: RestartablePostgres, smtp: tuple[SmtpHandler, str], user_id: UUID, tmp_path: Path
):
    _, url = smtp
    logs = [tmp_path / f"worker{number}" for number in range(WORKERS)]
    async with lk_workers(postgres.dsn(), url, tmp_path) as workers:
        async with asyncio.timeout(90):  # until each has started: it has done a job
            while not all(has_started(log) for log in logs):
                await enqueue(postgres.dsn(), user_id, WORKERS)
                await asyncio.sleep(0.2)
        await until_done(postgres.dsn())
        await asyncio.to_thread(postgres.freeze)
        try:
            seconds = await asyncio.to_thread(stop_all, workers)
        finally:
            postgres.thaw()

    assert [process.exitcode for process in workers] == [0] * WORKERS
    assert max(seconds) < STOP_SECONDS


@pytest.mark.skipif(not IS_LONG, reason="waits for time limits: set RESTARTS")
@pytest.mark.parametrize("pause", [0, 6, 30])
async def test_a_worker_with_jobs_ends_while_postgresql_is_frozen(
    postgres: RestartablePostgres,
    smtp: tuple[SmtpHandler, str],
    user_id: UUID,
    tmp_path: Path,
    pause: float,
):
    """Whether it is frozen for moments or for longer than the time limits of statements."""
    handler, url = smtp
    handler.seconds = 2
    async with lk_workers(postgres.dsn(), url, tmp_path) as workers:
        await enqueue(postgres.dsn(), user_id, 1)
        await until(lambda: len(handler.mails) == 1)
        await enqueue(postgres.dsn(), user_id, 20)
        await asyncio.to_thread(postgres.freeze)
        await asyncio.sleep(pause)
        try:
            seconds = await asyncio.to_thread(stop_all, workers)
        finally:
            postgres.thaw()
        print(f"Frozen for {pause} s: ended after {max(seconds):.1f} s")  # noqa: T201
        assert max(seconds) < STOP_SECONDS
    async with lk_workers(postgres.dsn(), url, tmp_path):
        await until_done(postgres.dsn())

    assert await jobs_by_status(postgres.dsn()) == {}
    assert len(handler.mails) == 21
