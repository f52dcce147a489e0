"""Queries on a hot standby that is paused, frozen, stopped or promoted, and their sessions."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio
from pydantic import SecretStr
from structlog.testing import capture_logs
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from lk_graphql.database.connections import ReadPool
from lk_graphql.demo.postgres.restartable import IMMEDIATE, RestartablePostgres, standby_of
from lk_graphql.identity.models import User
from lk_graphql.identity.service.sessions import position_sql, session_sql
from lk_graphql.kit.metrics import REPLICA_READS
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.replicas import (
    LIMITS,
    NotOnReplica,
    PositionHistory,
    Replica,
    open_replicas,
)
from lk_graphql.ports.pdf import PdfPool
from tests.factories.staff import given_staff, given_staff_session
from tests.factories.uploads import PDF, announced, sent
from tests.support.client import ApiClient, open_client
from tests.support.ws_client import WebSocketSession, serving

NAME = "{ viewer { firstName } }"
RENAME = """mutation ($name: String!) { profileUpdate(input: {firstName: $name}) {
  errors { code } } }"""
SIGN_OUT = "mutation { sessionEnd(input: {}) { errors { code } } }"
STAFF = "{ staff { me { email } } }"
UPLOAD_STATES = "{ viewer { uploads { state } } }"
CHANGES = "subscription { viewerChanged { firstName } }"

ON_REPLICA = "replica fresh"
LONG = 3600.0
"""Seconds; by so much a replica may be behind where a test is about something else."""


async def until(connection: asyncpg.Connection, condition: str, *arguments: object) -> None:
    async with asyncio.timeout(30):
        while not await connection.fetchval(condition, *arguments):  # noqa: ASYNC110 - a server
            await asyncio.sleep(0.01)


class Standby:
    """The standby of the suite's PostgreSQL, and a connection to each."""

    def __init__(
        self, postgres: RestartablePostgres, dsn: str, primary: asyncpg.Connection
    ) -> None:
        self.postgres = postgres
        self.dsn = postgres.dsn(urlsplit(dsn).path[1:])
        self.primary = primary

    async def replay(self) -> None:
        """Wait until all that was committed has been replayed."""
        await self.primary.execute("SET synchronous_commit = on")  # the suite's PostgreSQL has off
        await self.primary.execute("SELECT pg_logical_emit_message(true, 'test', '')")
        written = await self.primary.fetchval("SELECT pg_current_wal_flush_lsn()")
        connection = await asyncpg.connect(self.dsn)
        await until(connection, "SELECT pg_last_wal_replay_lsn() >= $1", written)
        await connection.close()

    @asynccontextmanager
    async def paused(self) -> AsyncGenerator[None]:
        """All that was committed before is replayed, and nothing that is committed inside."""
        await self.replay()
        connection = await asyncpg.connect(self.dsn)
        await connection.execute("SELECT pg_wal_replay_pause()")
        await until(connection, "SELECT pg_get_wal_replay_pause_state() = 'paused'")
        try:
            yield
        finally:
            await connection.execute("SELECT pg_wal_replay_resume()")
            await connection.close()


@pytest.fixture(scope="module")
def postgres(server: str, dsn: str) -> Iterator[RestartablePostgres]:
    with standby_of(server) as postgres:
        yield postgres
        postgres.stop(IMMEDIATE)


@pytest.fixture
def standby(postgres: RestartablePostgres, opened: asyncpg.Connection, dsn: str) -> Standby:
    return Standby(postgres, dsn, opened)


Opening = Callable[..., AbstractAsyncContextManager[ApiClient]]


@pytest.fixture
def opening(standby: Standby, engine: QueryEngine, database: str, pdfs: PdfPool) -> Opening:
    """Opens the application with the standby as its replica, or with other replicas."""

    @asynccontextmanager
    async def open_(*replicas: str, max_lag: float = LONG) -> AsyncGenerator[ApiClient]:
        dsns = replicas or (standby.dsn,)
        async with open_replicas(
            engine.database,
            dsns,
            size=2,
            session=session_sql,
            position=position_sql,
            max_lag=max_lag,
        ) as engine.replicas:
            urls = tuple(map(SecretStr, dsns))
            async with open_client(engine, pdfs=pdfs, replica_urls=urls) as client:
                yield client
        engine.replicas = None

    return open_


@pytest_asyncio.fixture
async def replicated(standby: Standby, opening: Opening) -> AsyncGenerator[ApiClient]:
    await standby.replay()
    async with opening() as client:
        await read_on_replica(client)
        yield client


@pytest_asyncio.fixture
async def phone(replicated: ApiClient, anna: Viewer) -> str:
    return await replicated.signed_in(anna)


@pytest_asyncio.fixture
async def browser(replicated: ApiClient, anna: Viewer) -> str:
    return await replicated.signed_in(anna)


class Reads:
    """Counts where plans are executed, from the metric."""

    def __init__(self) -> None:
        self._before = self._counts()

    def __call__(self) -> dict[str, int]:
        """The reads since the last call."""
        before, self._before = self._before, self._counts()
        return dict(self._before - before)

    def _counts(self) -> Counter[str]:
        samples = [each for family in REPLICA_READS.collect() for each in family.samples]
        return Counter(
            {
                f"{each.labels['server']} {each.labels['reason']}": int(each.value)
                for each in samples
                if each.name.endswith("_total")
            }
        )


async def read_on_replica(api: ApiClient) -> None:
    """Read until the replica has replayed the position that the application requires.

    The first read requires the newest one, and other tests write, too.
    """
    reads = Reads()
    async with asyncio.timeout(30):
        await api.post(NAME)
        while reads() != {ON_REPLICA: 1}:
            await asyncio.sleep(0.1)
            await api.post(NAME)


async def name_of(api: ApiClient, token: str) -> str | None:
    answer = await api.post(NAME, token)
    assert "errors" not in answer, answer
    viewer = answer["data"]["viewer"]
    return viewer and viewer["firstName"]


async def rename(api: ApiClient, token: str, name: str) -> None:
    answer = await api.post(RENAME, token, name=name)
    assert answer["data"] == {"profileUpdate": {"errors": []}}


async def test_queries_of_customers_and_guests_are_executed_on_the_replica(
    standby: Standby, replicated: ApiClient, phone: str
):
    await standby.replay()
    reads = Reads()
    assert await name_of(replicated, phone) == "Пелагея"
    assert await name_of(replicated, "") is None

    assert reads() == {ON_REPLICA: 2}


async def test_a_session_sees_its_own_change_at_once_and_others_see_it_after_the_replay(
    standby: Standby, replicated: ApiClient, phone: str, browser: str
):
    reads = Reads()
    async with standby.paused():
        await rename(replicated, phone, "Ольга")
        own, other = await name_of(replicated, phone), await name_of(replicated, browser)
        reads_while_paused = reads()
    await standby.replay()
    later = [await name_of(replicated, token) for token in (phone, browser)]

    assert (own, other) == ("Ольга", "Пелагея")
    assert reads_while_paused == {"primary own_change": 1, ON_REPLICA: 1}
    assert later == ["Ольга", "Ольга"]
    assert reads() == {ON_REPLICA: 2}


async def test_a_file_is_seen_at_once_in_all_sessions_of_its_customer(
    standby: Standby, replicated: ApiClient, phone: str, browser: str
):
    payload = await announced(replicated, phone, "Договор.pdf", "application/pdf", len(PDF))
    reads = Reads()
    async with standby.paused():
        answer = await sent(replicated, payload["url"], PDF)
        uploads = [await replicated.post(UPLOAD_STATES, token) for token in (phone, browser)]

    assert answer.status_code == 204
    assert [each["data"] for each in uploads] == [{"viewer": {"uploads": [{"state": "READY"}]}}] * 2
    assert reads() == {"primary own_change": 2}


async def test_a_session_that_ends_is_refused_at_once(
    standby: Standby, replicated: ApiClient, phone: str, browser: str
):
    reads = Reads()
    async with standby.paused():
        await replicated.post(SIGN_OUT, phone)
        answer = await replicated.post(NAME, phone)
        other = await name_of(replicated, browser)

    assert (answer["data"], answer["extensions"]["session"]) == ({"viewer": None}, "ended")
    assert other == "Пелагея"
    assert reads() == {"primary no_session": 1, ON_REPLICA: 1}


async def test_a_lock_holds_at_once(
    standby: Standby, replicated: ApiClient, anna: Viewer, phone: str
):
    async with standby.paused():
        await User.filter(id=anna.id).update(locked_at=datetime.now(UTC))
        name = await name_of(replicated, phone)

    assert name is None


async def test_a_new_session_is_valid_before_the_replica_has_it(
    standby: Standby, replicated: ApiClient, anna: Viewer
):
    reads = Reads()
    async with standby.paused():
        token = await replicated.signed_in(anna)
        name = await name_of(replicated, token)

    assert name == "Пелагея"
    assert reads() == {"primary own_change": 1}


async def test_an_event_that_is_read_again_is_seen(
    standby: Standby, replicated: ApiClient, phone: str, browser: str, dsn: str
):
    async with (
        replicated.state.ports.pubsub.connected(dsn),
        serving(replicated.app) as server,
        connect(
            f"ws://127.0.0.1:{server.port}/graphql",
            subprotocols=[Subprotocol("graphql-transport-ws")],
            proxy=None,
        ) as socket,
    ):
        session = WebSocketSession(socket)
        await session.init(phone)
        await session.subscribe("1", CHANGES)
        first = await session.answer()
        async with standby.paused():
            reads = Reads()
            await rename(replicated, browser, "Ольга")
            event = await session.answer()
            name = await name_of(replicated, phone)

    assert first == {"data": {"viewerChanged": {"firstName": "Пелагея"}}}
    assert event == {"data": {"viewerChanged": {"firstName": "Ольга"}}}
    assert name == "Ольга"
    assert reads() == {"primary own_change": 1}


async def test_staff_read_on_the_primary(standby: Standby, replicated: ApiClient):
    token = await given_staff_session(await given_staff())
    await standby.replay()
    reads = Reads()
    answer = await replicated.post(STAFF, token)

    assert answer["data"] == {"staff": {"me": {"email": "clerk@example.com"}}}
    assert reads() == {"primary no_session": 1}


def test_the_oldest_position_of_the_last_seconds_is_required():
    history = PositionHistory(seconds=10)
    oldest: list[int] = []
    for time in range(0, 30, 3):
        history.add(time, 1000 + time)
        history.add(time + 1, 2000)  # the one before is as new
        oldest.append(history.oldest(time + 1))

    assert oldest == [1000, 1000, 1000, 1000, 1003, 1006, 1009, 1012, 1015, 1018]
    assert (history.is_outdated(29), history.is_outdated(30)) == (False, True)
    assert history.oldest(90) == 1027


async def test_a_replica_that_is_too_far_behind_isn_t_read(
    standby: Standby, opening: Opening, anna: Viewer, opened: asyncpg.Connection
):
    async with opening(max_lag=1) as api:
        token = await api.signed_in(anna)
        await read_on_replica(api)
        async with standby.paused():
            await opened.execute("SELECT pg_logical_emit_message(true, 'test', '')")
            await asyncio.sleep(1.1)
            reads = Reads()
            names = [await name_of(api, token), await name_of(api, token)]

    assert names == ["Пелагея"] * 2
    assert reads() == {"primary lag": 2}


async def test_a_statement_in_the_way_of_the_replay_is_executed_elsewhere(
    standby: Standby, opened: asyncpg.Connection
):
    await opened.execute("CREATE TABLE IF NOT EXISTS locked_table ()")
    await standby.replay()
    other = await asyncpg.connect(standby.dsn)
    await other.execute("ALTER SYSTEM SET max_standby_streaming_delay = 0")
    await other.execute("SELECT pg_reload_conf()")
    pool = ReadPool(standby.dsn, size=1, limits=LIMITS, role="standby")
    replica = Replica("standby", pool)
    read = asyncio.create_task(
        replica.fetchrow("SELECT pg_sleep(0.8) FROM (SELECT count(*) FROM locked_table) AS locked")
    )
    sleeping = "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    await until(other, sleeping)
    await opened.execute("DROP TABLE locked_table")

    with pytest.raises(NotOnReplica) as refused:
        await read
    assert refused.value.reason == "conflict"
    replica.require_due()  # it isn't left alone
    await other.execute("ALTER SYSTEM RESET max_standby_streaming_delay")
    await other.execute("SELECT pg_reload_conf()")
    await other.close()
    await pool.close()


async def test_an_unavailable_replica_causes_no_error(
    standby: Standby, opening: Opening, anna: Viewer, dsn: str
):
    """Nobody listens at the first address, and the second leads to the primary."""
    reads = Reads()
    with capture_logs() as lines:
        async with opening("postgresql://lk@127.0.0.1:1/lk", dsn) as api:
            token = await api.signed_in(anna)
            names = [await name_of(api, token), await name_of(api, "")]

    assert names == ["Пелагея", None]
    assert reads() == {"primary unavailable": 2}
    assert [line["error"] for line in lines if line["event"] == "replica.unavailable"] == [
        "ConnectionRefusedError",
        "TargetServerAttributeNotMatched",
    ]


async def test_a_frozen_replica_costs_no_error_and_one_delay(
    standby: Standby, replicated: ApiClient, phone: str
):
    await standby.replay()
    reads = Reads()
    before = await name_of(replicated, phone)
    with standby.postgres.frozen():
        names = [await name_of(replicated, phone) for _ in range(3)]

    assert (before, names) == ("Пелагея", ["Пелагея"] * 3)
    assert reads() == {ON_REPLICA: 1, "primary unavailable": 3}


async def test_a_replica_that_stops_costs_no_error_and_is_read_again_after_its_start(
    standby: Standby,
    replicated: ApiClient,
    phone: str,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("lk_graphql.planner.replicas.FAILURE_PAUSE", 0.1)
    await standby.replay()
    reads = Reads()
    before = await name_of(replicated, phone)
    standby.postgres.stop()
    without = await name_of(replicated, phone)
    standby.postgres.start()
    await standby.replay()
    await asyncio.sleep(0.1)
    after = await name_of(replicated, phone)

    assert [before, without, after] == ["Пелагея"] * 3
    assert reads() == {ON_REPLICA: 2, "primary unavailable": 1}


async def test_a_promoted_replica_is_no_replica_any_more(
    standby: Standby, replicated: ApiClient, phone: str, browser: str, opening: Opening
):
    """The last test of the standby. What was promoted goes on alone, and others write there."""
    await standby.replay()
    reads = Reads()
    before = await name_of(replicated, browser)
    connection = await asyncpg.connect(standby.dsn)
    assert await connection.fetchval("SELECT pg_promote()")
    await connection.execute("UPDATE \"user\" SET first_name = 'Чужая'")
    await connection.close()
    after = await name_of(replicated, browser)
    await rename(replicated, phone, "Ольга")
    names = [await name_of(replicated, token) for token in (phone, browser)]
    async with opening() as api:
        names.append(await name_of(api, phone))

    assert (before, after, names) == ("Пелагея", "Пелагея", ["Ольга"] * 3)
    assert reads() == {ON_REPLICA: 1, "primary promoted": 3, "primary unavailable": 1}
