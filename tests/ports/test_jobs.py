import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from tortoise.exceptions import DBConnectionError
from tortoise.transactions import in_transaction

from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.ids import new_key
from lk_graphql.ports import jobs
from lk_graphql.ports.errors import DoubtfulError, PermanentError
from lk_graphql.ports.jobs import JobContext, Retries, job
from lk_graphql.ports.jobs.registry import JOBS
from lk_graphql.ports.jobs.schema import queries
from tests.ports.in_memory import COMPANY, PORTS
from tests.support.job_delays import without_delays

QUICK = Retries(attempts=3, first_delay=timedelta(milliseconds=1))
runs: list[tuple[str, UUID]] = []
keys: list[UUID] = []
faults: list[Exception] = []
ROW = UUID(int=1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@job("test.note", retries=QUICK)
async def note(context: JobContext, *, row_id: UUID) -> None:
    assert context.company is COMPANY
    assert datetime.now(UTC) - context.now < timedelta(seconds=5)
    runs.append(("note", row_id))


@job("test.tell_the_time", retries=QUICK)
async def tell_the_time(context: JobContext, *, row_id: UUID) -> None:
    assert context.now == context.clock() == LONG_AGO
    runs.append(("told", row_id))


@job("test.fail_once", retries=QUICK)
async def fail_once(_: JobContext, *, row_id: UUID) -> None:
    runs.append(("fail_once", row_id))
    if runs.count(("fail_once", row_id)) == 1:
        raise ConnectionError("The mail server is away")


@job("test.poison", retries=QUICK)
async def poison(_: JobContext, *, row_id: UUID) -> None:
    runs.append(("poison", row_id))
    raise ZeroDivisionError("Nobody can do this")


@job("test.refuse", retries=QUICK)
async def refuse(_: JobContext, *, row_id: UUID) -> None:
    runs.append(("refuse", row_id))
    raise PermanentError("Nobody lives there")


@job("test.hang", retries=QUICK, time_limit=timedelta(milliseconds=10))
async def hang(_: JobContext, *, row_id: UUID) -> None:
    runs.append(("hang", row_id))
    await asyncio.sleep(60)


@job("test.work_long", retries=QUICK)
async def work_long(_: JobContext, *, row_id: UUID) -> None:
    runs.append(("work_long", row_id))
    if runs.count(("work_long", row_id)) == 1:
        await asyncio.sleep(60)


@job("test.slow")
async def slow(_: JobContext, *, row_id: UUID) -> None:
    runs.append(("begun", row_id))
    await asyncio.sleep(0.5)
    runs.append(("ended", row_id))


@job("test.fail_by", retries=QUICK, drops=(NotImplementedError,))
async def fail_by(context: JobContext, *, row_id: UUID) -> None:
    """Raises one of `faults` at each attempt, as long as there are some."""
    runs.append(("fail_by", row_id))
    keys.append(context.key)
    if faults:
        raise faults.pop(0)


@pytest.fixture(autouse=True)
def empty_runs():
    runs.clear()
    keys.clear()
    faults.clear()


async def _work(dsn: str) -> None:
    async with asyncio.timeout(20):
        await jobs.run_until_empty(PORTS, COMPANY, dsn=dsn)


@asynccontextmanager
async def _worker(dsn: str, grace: timedelta = timedelta(seconds=20)) -> AsyncGenerator[None]:
    stop = asyncio.Event()
    working = jobs.run_worker(PORTS, COMPANY, dsn=dsn, stop=stop, grace=grace)
    running = asyncio.create_task(working)
    yield
    stop.set()
    await running


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await condition():  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.02)


async def _wait_for_runs(count: int) -> None:
    async def are_complete() -> bool:
        return len(runs) >= count

    await _until(are_complete)


async def test_a_job_is_done_once_with_its_ids(queue: asyncpg.Connection, dsn: str):
    key = new_key()
    await jobs.enqueue("test.note", row_id=key)

    await _work(dsn)
    await _work(dsn)

    assert runs == [("note", key)]
    assert await jobs.queue_load() == []


async def test_a_job_s_time_is_the_workers_clock_s(queue: asyncpg.Connection, dsn: str):
    key = new_key()
    await jobs.enqueue("test.tell_the_time", row_id=key)

    async with asyncio.timeout(20):
        await jobs.run_until_empty(PORTS, COMPANY, dsn=dsn, clock=lambda: LONG_AGO)
    assert runs == [("told", key)]


async def test_a_rolled_back_change_leaves_no_job(queue: asyncpg.Connection, dsn: str):
    async def change_that_fails() -> None:
        async with in_transaction():
            await jobs.enqueue("test.note", row_id=new_key())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_that_fails()

    assert await queue.fetchval("SELECT count(*) FROM job") == 0
    assert await queue.fetchval("SELECT count(*) FROM job_log") == 0


async def test_a_job_appears_with_the_commit_and_not_before(queue: asyncpg.Connection):
    async with in_transaction():
        await jobs.enqueue("test.note", row_id=new_key())
        assert await queue.fetchval("SELECT count(*) FROM job") == 0

    assert await queue.fetchval("SELECT count(*) FROM job") == 1


async def test_one_dedupe_key_is_one_waiting_job(queue: asyncpg.Connection):
    first, second = new_key(), new_key()
    async with in_transaction():
        await jobs.enqueue("test.note", dedupe_key="a", row_id=first)
        await jobs.enqueue("test.note", dedupe_key="a", row_id=second)
        await jobs.enqueue("test.poison", dedupe_key="a", row_id=second)
        await jobs.enqueue("test.note", dedupe_key="b", row_id=second)

    payloads = await queue.fetch("SELECT entrypoint, payload FROM job ORDER BY id")

    assert [(row["entrypoint"], row["payload"]) for row in payloads] == [
        ("test.note", f'{{"row_id":"{first}"}}'.encode()),
        ("test.poison", f'{{"row_id":"{second}"}}'.encode()),
        ("test.note", f'{{"row_id":"{second}"}}'.encode()),
    ]


async def test_a_delayed_job_waits(queue: asyncpg.Connection, dsn: str):
    await jobs.enqueue("test.note", delay=timedelta(seconds=0.5), row_id=new_key())
    began = datetime.now(UTC)

    await _work(dsn)

    assert len(runs) == 1
    assert datetime.now(UTC) - began >= timedelta(seconds=0.5)


async def test_a_failed_job_is_tried_again(queue: asyncpg.Connection, dsn: str):
    key = new_key()
    await jobs.enqueue("test.fail_once", row_id=key)

    await _work(dsn)

    assert runs == [("fail_once", key)] * 2
    assert await jobs.dead_letters() == []


@pytest.fixture
def each_second() -> Iterator[str]:
    """The name of a job of every second, which fails and is then retried after an hour."""
    name = "test.each_second"

    @job(name, cron="* * * * * *", retries=Retries(first_delay=timedelta(hours=1)))
    async def fail(_: JobContext) -> None:
        runs.append((name, ROW))
        raise ConnectionError("away")

    yield name
    del JOBS[name]


async def test_a_failed_job_of_a_schedule_is_retried_at_its_next_time(
    queue: asyncpg.Connection, dsn: str, each_second: str
):
    await jobs.enqueue("test.note", delay=timedelta(hours=1), row_id=ROW)

    async with _worker(dsn):
        await _wait_for_runs(2)

    assert {name for name, _ in runs} == {each_second}
    rows = await queue.fetch(
        "SELECT entrypoint, attempts, status FROM job WHERE entrypoint LIKE 'test.%' ORDER BY id"
    )
    assert [tuple(row) for row in rows] == [
        ("test.note", 0, "queued"),
        (each_second, len(runs), "queued"),
    ]


async def test_a_failing_job_becomes_a_dead_letter_and_can_be_retried(
    queue: asyncpg.Connection, dsn: str
):
    key = new_key()
    await jobs.enqueue("test.poison", row_id=key)
    await _work(dsn)

    (letter,) = await jobs.dead_letters()

    assert runs == [("poison", key)] * 3
    assert (letter.name, letter.ids, letter.attempts) == ("test.poison", {"row_id": key}, 3)
    assert letter.error == "ZeroDivisionError: Nobody can do this"
    assert "in poison" in letter.traceback
    assert await jobs.queue_load() == [jobs.QueueLoad("test.poison", waiting=0, running=0, dead=1)]

    assert await jobs.retry_dead_letters([letter.id]) == (1, 0)
    assert await jobs.retry_dead_letters([letter.id]) == (0, 0)
    await _work(dsn)
    assert runs == [("poison", key)] * 6
    assert [letter.id for letter in await jobs.dead_letters()] == [letter.id]


async def _die(dsn: str, dedupe_key: str, row_id: UUID) -> int:
    """The id of a new dead letter."""
    await jobs.enqueue("test.poison", dedupe_key=dedupe_key, row_id=row_id)
    await _work(dsn)
    return max(letter.id for letter in await jobs.dead_letters())


async def test_of_equal_dead_letters_the_newest_is_retried(queue: asyncpg.Connection, dsn: str):
    first, second, other = [await _die(dsn, key, new_key()) for key in ("a", "a", "b")]

    assert await jobs.retry_dead_letters([second, first, other]) == (2, 1)

    assert await jobs.dead_letters() == []
    waiting = await queue.fetch("SELECT id FROM job WHERE status = 'queued' ORDER BY id")
    assert [row["id"] for row in waiting] == [second, other]
    assert await queue.fetchval("SELECT status FROM job_log ORDER BY id DESC LIMIT 1") == "queued"
    deleted = await queue.fetch("SELECT job_id FROM job_log WHERE status = 'deleted'")
    assert [row["job_id"] for row in deleted] == [first]


@pytest.mark.parametrize("status", ["queued", "picked"])
async def test_a_dead_letter_gives_way_to_an_equal_job(
    queue: asyncpg.Connection, dsn: str, status: str
):
    dead, other = await _die(dsn, "a", new_key()), await _die(dsn, "b", new_key())
    await jobs.enqueue("test.poison", dedupe_key="a", row_id=new_key())
    await queue.execute("UPDATE job SET status = $1::job_status WHERE status = 'queued'", status)

    assert await jobs.retry_dead_letters([dead, other]) == (1, 1)

    rows = await queue.fetch("SELECT dedupe_key, status FROM job ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("test.poison:b", "queued"),
        ("test.poison:a", status),
    ]


async def test_a_job_with_a_permanent_error_is_not_repeated(queue: asyncpg.Connection, dsn: str):
    key = new_key()
    await jobs.enqueue("test.refuse", row_id=key)

    await _work(dsn)

    assert runs == [("refuse", key)]
    assert [letter.error for letter in await jobs.dead_letters()] == [
        "PermanentError: Nobody lives there"
    ]


def _caused_by(cause: Exception) -> Exception:
    error = ZeroDivisionError("the export failed")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "outage",
    [
        asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.AdminShutdownError("terminating connection due to administrator command"),
        asyncpg.TooManyConnectionsError("sorry, too many clients already"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cannot switch to state 11; another operation (2) …"),
        DBConnectionError("Can't establish connection to database"),
        Unavailable("database"),
        _caused_by(Unavailable("database")),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_an_outage_of_a_pool_counts_no_attempt(
    queue: asyncpg.Connection, dsn: str, outage: Exception
):
    faults[:] = [outage] * 4
    await jobs.enqueue("test.fail_by", row_id=new_key())

    async with without_delays(queue):
        await _work(dsn)

    assert len(runs) == 5
    assert await jobs.queue_load() == []


@pytest.mark.parametrize(
    "own_error",
    [
        asyncpg.InterfaceError("the number of query arguments cannot exceed 32767"),
        asyncpg.ConfigurationLimitExceededError("temporary file size exceeds temp_file_limit"),
        asyncpg.UndefinedFileError("could not open file"),
        _caused_by(asyncpg.OutOfMemoryError("out of memory")),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_an_outage_of_a_job_s_own_counts_no_attempt_twelve_times(
    queue: asyncpg.Connection, dsn: str, own_error: Exception
):
    faults[:] = [own_error] * 99
    await jobs.enqueue("test.fail_by", row_id=new_key())

    async with without_delays(queue) as delays:
        await _work(dsn)

    assert len(runs) == 12 + QUICK.attempts
    (letter,) = await jobs.dead_letters()
    assert (letter.error, letter.attempts) == (
        f"{type(own_error).__name__}: {own_error}",
        QUICK.attempts,
    )
    assert delays[0] < timedelta(seconds=3)
    assert timedelta(minutes=3) < delays[11] < timedelta(minutes=7)

    await jobs.retry_dead_letters([letter.id])
    faults[:] = [own_error] * 12
    async with without_delays(queue):
        await _work(dsn)
    assert await jobs.queue_load() == []


@pytest.mark.parametrize(
    "failure",
    [
        asyncpg.InvalidTextRepresentationError("invalid input syntax for type integer"),
        asyncpg.UniqueViolationError("duplicate key"),
        asyncpg.QueryCanceledError("canceling statement due to statement timeout"),
        Unavailable("acquirer"),
        ConnectionRefusedError("the mail server"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_other_failures_count_as_attempts(
    queue: asyncpg.Connection, dsn: str, failure: Exception
):
    faults[:] = [failure] * 9
    await jobs.enqueue("test.fail_by", row_id=new_key())

    await _work(dsn)

    assert len(runs) == QUICK.attempts
    assert await jobs.queue_load() == [jobs.QueueLoad("test.fail_by", waiting=0, running=0, dead=1)]


async def test_a_refusal_without_a_reason_has_three_attempts_within_an_hour(
    queue: asyncpg.Connection, dsn: str
):
    away, doubtful = ConnectionError("away"), DoubtfulError("SMTP 550")
    faults[:] = [away, away, doubtful, doubtful, doubtful, doubtful]
    await jobs.enqueue("test.fail_by", row_id=new_key())

    async with without_delays(queue) as delays:
        await _work(dsn)

    assert len(runs) == 5
    (letter,) = await jobs.dead_letters()
    assert (letter.error, letter.attempts) == ("DoubtfulError: SMTP 550", 5)
    first, second = delays[-2:]
    assert timedelta(minutes=5) < first < second < timedelta(hours=1) - first

    await jobs.retry_dead_letters([letter.id])
    async with without_delays(queue):
        await _work(dsn)
    assert len(runs) == 7
    assert await jobs.queue_load() == []


async def test_a_job_that_is_enqueued_again_anyway_leaves_no_dead_letter(
    queue: asyncpg.Connection, dsn: str
):
    faults[:] = [NotImplementedError("The acquirer is away")] * 9
    await jobs.enqueue("test.fail_by", row_id=new_key())

    await _work(dsn)

    assert len(runs) == QUICK.attempts
    assert await jobs.queue_load() == []


async def test_all_attempts_of_a_job_have_one_key(queue: asyncpg.Connection, dsn: str):
    faults[:] = [ConnectionError("away")] * 2
    await jobs.enqueue("test.fail_by", row_id=new_key())
    await _work(dsn)
    await jobs.enqueue("test.fail_by", row_id=new_key())
    await _work(dsn)

    assert len(keys) == 4
    assert keys[0] == keys[1] == keys[2] != keys[3]


async def test_an_error_with_a_nul_byte_still_makes_a_dead_letter(
    queue: asyncpg.Connection, dsn: str
):
    faults[:] = [ZeroDivisionError("a \0 byte")] * 3
    await jobs.enqueue("test.fail_by", row_id=new_key())

    await _work(dsn)

    assert [letter.error for letter in await jobs.dead_letters()] == [
        "ZeroDivisionError: a \N{REPLACEMENT CHARACTER} byte"
    ]


async def test_a_dead_worker_is_restarted(queue: asyncpg.Connection, dsn: str):
    """Its first run ends by an error that no repetition helps; the next one works."""
    await queue.execute("ALTER TABLE job RENAME TO job_elsewhere")
    with capture_logs() as log:

        async def has_died() -> bool:
            return any(line["event"] == "jobs.restarting" for line in log)

        async with _worker(dsn):
            await _until(has_died)
            await queue.execute("ALTER TABLE job_elsewhere RENAME TO job")
            await jobs.enqueue("test.note", row_id=new_key())
            await _wait_for_runs(1)

    events = Counter(line["event"] for line in log)
    assert events["jobs.restarting"] <= 2
    assert events["job.done"] == 1


async def test_a_hanging_job_is_cancelled(queue: asyncpg.Connection, dsn: str):
    await jobs.enqueue("test.hang", row_id=new_key())

    await _work(dsn)

    assert [letter.error for letter in await jobs.dead_letters()] == ["TimeoutError: "]


async def test_a_worker_sees_a_new_job_at_once(queue: asyncpg.Connection, dsn: str):
    async with _worker(dsn):
        await asyncio.sleep(0.5)
        await jobs.enqueue("test.note", row_id=new_key())
        async with asyncio.timeout(2):
            await _wait_for_runs(1)


async def test_a_stopping_worker_lets_jobs_finish(queue: asyncpg.Connection, dsn: str):
    await jobs.enqueue("test.slow", row_id=new_key())
    async with _worker(dsn):
        await _wait_for_runs(1)

    assert [name for name, _ in runs] == ["begun", "ended"]
    assert await jobs.queue_load() == []


async def test_a_job_that_a_stopped_worker_didn_t_finish_goes_back(
    queue: asyncpg.Connection, dsn: str
):
    key = new_key()
    await jobs.enqueue("test.work_long", row_id=key)
    async with _worker(dsn, grace=timedelta(milliseconds=50)):
        await _wait_for_runs(1)

    assert await jobs.queue_load() == [
        jobs.QueueLoad("test.work_long", waiting=1, running=0, dead=0)
    ]
    await _work(dsn)
    assert runs == [("work_long", key)] * 2
    assert await jobs.queue_load() == []


async def test_a_killed_worker_s_job_is_done_by_another(queue: asyncpg.Connection, dsn: str):
    key = new_key()
    await jobs.enqueue("test.work_long", row_id=key)
    await _kill_a_worker_at_its_job(queue, dsn)
    assert await jobs.queue_load() == [
        jobs.QueueLoad("test.work_long", waiting=0, running=1, dead=0)
    ]
    await queue.execute("UPDATE job SET heartbeat = now() - interval '31 seconds'")

    runs.append(("work_long", key))  # the run of the killed worker
    async with _worker(dsn):
        await _wait_for_runs(2)


async def _kill_a_worker_at_its_job(queue: asyncpg.Connection, dsn: str) -> None:
    program = (
        "import asyncio, test_jobs\n"
        "from lk_graphql.ports import jobs\n"
        f"asyncio.run(jobs.run_worker(test_jobs.PORTS, test_jobs.COMPANY, dsn={dsn!r},"
        " stop=asyncio.Event()))\n"
    )
    here = str(Path(__file__).parent)
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env={**os.environ, "PYTHONPATH": here}
    )

    async def is_running() -> bool:
        return await queue.fetchval("SELECT EXISTS (SELECT FROM job WHERE status = 'picked')")

    await _until(is_running)
    worker.send_signal(signal.SIGKILL)
    await worker.wait()


async def test_a_job_that_kills_its_workers_becomes_a_dead_letter(
    queue: asyncpg.Connection, dsn: str
):
    await jobs.enqueue("test.note", row_id=new_key())
    await queue.execute(
        "INSERT INTO job_log (job_id, status, priority, entrypoint)"
        " SELECT job.id, 'picked', 0, entrypoint FROM job, generate_series(1, 12)"
    )

    await _work(dsn)

    (letter,) = await jobs.dead_letters()
    assert letter.error.startswith("WorkerDied")
    assert runs == []


async def test_a_worker_survives_its_database(queue: asyncpg.Connection, dsn: str):
    async with _worker(dsn):
        await asyncio.sleep(0.3)
        await queue.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        await jobs.enqueue("test.note", row_id=new_key())
        await _wait_for_runs(1)


async def test_the_log_is_pruned_except_for_dead_letters(queue: asyncpg.Connection, dsn: str):
    await jobs.enqueue("test.note", row_id=new_key())
    await jobs.enqueue("test.poison", row_id=new_key())
    await _work(dsn)
    await queue.execute("UPDATE job_log SET created = created - interval '31 days'")

    await jobs.prune(JobContext(PORTS, COMPANY, datetime.now(UTC)))

    rows = await queue.fetch("SELECT DISTINCT entrypoint FROM job_log")
    assert [row["entrypoint"] for row in rows] == ["test.poison"]
    assert (await jobs.dead_letters())[0].error.startswith("ZeroDivisionError")


async def test_the_schema_of_the_queue_is_that_of_the_library(dsn: str, queue: asyncpg.Connection):
    from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver  # noqa: PLC0415

    plan = await queries(AsyncpgDriver(queue)).plan_upgrade()

    assert (plan.statements, plan.notes) == ((), ())


async def test_an_undeclared_job_is_refused(queue: asyncpg.Connection):
    with pytest.raises(LookupError):
        await jobs.enqueue("test.typo", row_id=new_key())
    with pytest.raises(TypeError):
        await jobs.enqueue("test.note")
    with pytest.raises(TypeError):
        await jobs.enqueue("test.note", row_id="secret")  # pyright: ignore[reportArgumentType]

    assert await queue.fetchval("SELECT count(*) FROM job") == 0


def test_a_job_s_arguments_are_keys_only():
    async def with_email(context: JobContext, *, email: str) -> None: ...
    async def without_context(*, row_id: UUID) -> None: ...

    for handler in (with_email, without_context):
        with pytest.raises(TypeError):
            job("test.wrong")(handler)
    with pytest.raises(TypeError):
        job("test.wrong", cron="0 0 * * *")(note)
    with pytest.raises(ValueError, match="two jobs"):
        job("test.note")(note)
    assert "test.wrong" not in JOBS


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_delays_of_retries_grow_up_to_a_limit(failures: int, chance: float):
    rest = Retries().delay_after(failures, chance)

    assert timedelta(seconds=7.5) <= rest <= timedelta(hours=1.25)
    assert rest <= Retries().delay_after(failures + 1, chance)
