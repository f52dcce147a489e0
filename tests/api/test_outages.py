"""`lk serve` while its PostgreSQL is frozen, stopped, full or locked, and afterwards."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import orjson
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from lk_graphql.demo.postgres.restartable import RestartablePostgres, temporary_postgres
from lk_graphql.kit.signing import Signer
from tests.support.cli_process import lk, start_lk, wait_for
from tests.support.ws_client import WebSocketSession

EMAIL, PASSWORD = "olga.petrova@example.com", "Correct-Horse-7"
LIMIT = 2.0  # seconds, LK_DATABASE_TIMEOUT
PATIENCE = 15.0  # seconds after which a request counts as held; a loaded machine is slow

QUERY = "{ viewer { email } }"
BY_RESOLVERS = '{ node(id: "x") { id } }'
MUTATION = 'mutation { profileUpdate(input: {firstName: "Ольга"}) { errors { code } } }'
SIGN_IN = f"""mutation {{
    sessionCreate(input: {{email: "{EMAIL}", password: "{PASSWORD}", delivery: BEARER}}) {{
        token errors {{ code }} }} }}"""
SUBSCRIPTION = "subscription { appealMessageAdded { text } }"
APPEAL = """mutation ($topic: ID!, $key: String!) { appealCreate(input: {
    topicId: $topic, text: "Почему нет света?", idempotencyKey: $key}) {
    appeal { number } errors { code } } }"""

SECRET = "k" * 32
FEED = f"/calendar/{Signer(SECRET.encode()).sign('CALENDAR', uuid4(), b'0' * 16)}.ics"

GRAPHQL = (QUERY, BY_RESOLVERS, MUTATION, SIGN_IN)
BACKENDS = """
SELECT count(*) FILTER (WHERE state <> 'idle') AS busy, count(*) AS all
FROM pg_stat_activity WHERE usename = 'cabinet'"""

SLOW_COMMIT = """
CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql
AS 'BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END';
CREATE CONSTRAINT TRIGGER sleep AFTER INSERT ON appeal INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION sleep();"""
COMMITTING = """
SELECT count(*) > 0 AS is_committing FROM pg_stat_activity
WHERE usename = 'cabinet' AND query LIKE 'COMMIT%' AND wait_event = 'PgSleep'"""


@dataclass
class Cabinet:
    """A running `lk serve` with connections for its own role, and its database."""

    postgres: RestartablePostgres
    dsn: str
    url: str
    log: Path
    token: str = ""

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[httpx.AsyncClient]:
        authorization = {"authorization": f"Bearer {self.token}"} if self.token else {}
        async with httpx.AsyncClient(
            base_url=self.url, timeout=PATIENCE, headers=authorization, verify=False
        ) as http:
            yield http

    async def query(self, sql: str, *arguments: object) -> Any:
        """The only row of a statement of the superuser."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return await connection.fetchrow(sql, *arguments)
        finally:
            await connection.close()

    def log_lines(self, start: int) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in self.log.read_bytes()[start:].splitlines()]


@pytest.fixture(scope="module")
def cabinet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cabinet]:
    log = tmp_path_factory.mktemp("serve") / "log"
    with temporary_postgres() as postgres:
        dsn = postgres.dsn("lk")
        asyncio.run(_create(postgres.dsn(), "CREATE ROLE cabinet LOGIN", "CREATE DATABASE lk"))
        for words in (
            ("migrate", "up"),
            ("migrate", "grant", "cabinet"),
            ("documents", "publish", "src/lk_graphql/demo/documents"),
            (
                *("user", "create", EMAIL, "--last-name", "Петрова", "--first-name", "Ольга"),
                *("--patronymic", "", "--phone", "+79135554433", "--password", PASSWORD),
            ),
        ):
            done = lk(*words, LK_DATABASE_URL=dsn)
            assert done.returncode == 0, done.stderr
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        process = start_lk(
            "serve",
            log=log,
            LK_DATABASE_URL=dsn.replace("postgres@", "cabinet@"),
            LK_DATABASE_TIMEOUT=str(LIMIT),
            LK_SMTP_URL="smtp://127.0.0.1:1",
            LK_SECRET_KEY=SECRET,
            LK_PUBLIC_URL="https://lk.example",
            LK_PORT=str(port),
        )
        try:
            wait_for(f"http://127.0.0.1:{port}", process.is_alive)
            yield asyncio.run(_signed_in(Cabinet(postgres, dsn, f"http://127.0.0.1:{port}", log)))
        finally:
            process.terminate()
            process.join(30)


async def _create(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def _signed_in(cabinet: Cabinet) -> Cabinet:
    async with cabinet.client() as http:
        response = await http.post("/graphql", json={"query": SIGN_IN})
        await _until_ready(http)  # the line of a request is written after its response
    cabinet.token = response.json()["data"]["sessionCreate"]["token"]
    return cabinet


@asynccontextmanager
async def frozen(cabinet: Cabinet) -> AsyncGenerator[None]:
    """No process of PostgreSQL runs, as on a lost host."""
    with cabinet.postgres.frozen():
        yield


@asynccontextmanager
async def stopped(cabinet: Cabinet) -> AsyncGenerator[None]:
    """PostgreSQL refuses connections, and has ended those that there were."""
    cabinet.postgres.stop()
    yield
    cabinet.postgres.start()


@asynccontextmanager
async def full(cabinet: Cabinet) -> AsyncGenerator[None]:
    """There are too many connections for the server's role."""
    await cabinet.query("ALTER ROLE cabinet CONNECTION LIMIT 0")
    await cabinet.query(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'cabinet'"
    )
    yield
    await cabinet.query("ALTER ROLE cabinet CONNECTION LIMIT -1")


@asynccontextmanager
async def locked(cabinet: Cabinet) -> AsyncGenerator[None]:
    """Statements wait for a lock until PostgreSQL cancels them."""
    connection = await asyncpg.connect(cabinet.dsn)
    async with connection.transaction():
        await connection.execute('LOCK TABLE "user", session, calendar_feed')
        yield
    await connection.close()


async def _post(http: httpx.AsyncClient, query: str) -> httpx.Response:
    """Send an operation; a sign-in as a guest, as it ends the session that comes along."""
    headers = {"authorization": ""} if query is SIGN_IN else {}
    return await http.post("/graphql", json={"query": query}, headers=headers)


Outage = Callable[[Cabinet], AbstractAsyncContextManager[None]]


@pytest.mark.parametrize("outage", [frozen, stopped, full, locked])
async def test_an_outage_delays_no_request_and_all_get_retry_after(
    cabinet: Cabinet, outage: Outage
):
    start = len(cabinet.log.read_bytes())
    async with cabinet.client() as http:
        async with outage(cabinet):
            posts = [_post(http, query) for query in GRAPHQL * 8]
            answers = await asyncio.gather(*posts)
            feeds = await asyncio.gather(*(http.get(FEED) for _ in range(8)))
            alive = await http.get("/healthz")
        await _until_ready(http)
        after = [await _post(http, query) for query in GRAPHQL]
        feed = await http.get(FEED)

    assert {(r.status_code, r.headers["retry-after"]) for r in [*answers, *feeds]} == {(503, "5")}
    codes = [error["extensions"] for r in answers for error in r.json()["errors"]]
    assert codes == [{"code": "UNAVAILABLE"}] * len(answers)
    assert alive.status_code == 200
    assert [(r.status_code, "errors" in r.json()) for r in after] == [(200, False)] * len(GRAPHQL)
    assert feed.status_code == 404
    lines = await _lines(cabinet, start, unavailable=len(answers) + len(feeds))
    assert lines.pop("request UNAVAILABLE") + lines.pop("refused", 0) == len(answers)
    assert lines.pop("unavailable") == len(feeds)
    assert lines.pop("request OK") == len(GRAPHQL)
    assert lines.keys() <= {"not ready", "pubsub.database_unavailable", "route", "slow operation"}
    backends = await cabinet.query(BACKENDS)
    assert (backends["busy"], backends["all"] <= 11) == (0, True)


async def _lines(cabinet: Cabinet, start: int, *, unavailable: int) -> Counter[str]:
    """Log lines by event, once as many requests have one; refusals share a line within a second."""
    async with asyncio.timeout(PATIENCE):
        while True:
            lines: Counter[str] = Counter()
            for line in cabinet.log_lines(start):
                lines += _counted(line)
            if (
                lines["request UNAVAILABLE"] + lines["unavailable"] + lines["refused"]
                >= unavailable
            ):
                return lines
            await asyncio.sleep(0.1)


def _counted(line: dict[str, Any]) -> Counter[str]:
    assert "exception" not in line, line["exception"]
    if line["event"] == "request":
        return Counter([f"request {line['outcome']}"])
    if line["event"] == "requests refused":
        return Counter(refused=sum(n for key, n in line.items() if key.startswith("capacity_")))
    return Counter([line["event"]])


async def _until_ready(http: httpx.AsyncClient) -> None:
    async with asyncio.timeout(PATIENCE):
        while (await http.get("/readyz")).status_code != 200:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("outage", [frozen, stopped])
async def test_an_outage_fails_readiness_and_not_liveness(cabinet: Cabinet, outage: Outage):
    async with cabinet.client() as http:
        async with outage(cabinet):
            ready = await http.get("/readyz", timeout=PATIENCE)
            alive = await http.get("/healthz")
        await _until_ready(http)

    assert (ready.status_code, alive.status_code) == (503, 200)
    assert ready.headers["retry-after"] == "5"


@pytest.mark.parametrize("outage", [frozen, stopped])
async def test_a_subscription_doesn_t_begin(cabinet: Cabinet, outage: Outage):
    start = len(cabinet.log.read_bytes())
    async with cabinet.client() as http:
        async with outage(cabinet):
            events = await http.post(
                "/graphql", json={"query": SUBSCRIPTION}, headers={"accept": "text/event-stream"}
            )
            closed = await _closed(cabinet)
        await _until_ready(http)

    assert (events.status_code, events.headers["retry-after"]) == (503, "5")
    assert [error["extensions"] for error in events.json()["errors"]] == [{"code": "UNAVAILABLE"}]
    assert closed == (1013, "Try again later")
    lines = await _lines(cabinet, start, unavailable=2)
    assert lines["request UNAVAILABLE"] == 1
    assert lines["unavailable"] == 1  # of the WebSocket


async def _closed(cabinet: Cabinet) -> tuple[int | None, str | None]:
    """The close code of a WebSocket of the customer."""
    url = cabinet.url.replace("http", "ws") + "/graphql"
    protocols = [Subprotocol("graphql-transport-ws")]
    async with connect(url, subprotocols=protocols, proxy=None) as opened:
        session = WebSocketSession(opened)
        payload = {"authorization": f"Bearer {cabinet.token}"}
        await session.send("connection_init", payload=payload)
        async with asyncio.timeout(PATIENCE):
            await opened.wait_closed()
        return opened.close_code, opened.close_reason


async def test_an_unacknowledged_commit_is_repeated_by_its_key(cabinet: Cabinet):
    """PostgreSQL is frozen in the middle of the COMMIT."""
    await _create(cabinet.dsn, SLOW_COMMIT)
    async with cabinet.client() as http:
        topics = await http.post("/graphql", json={"query": "{ appealTopics { id } }"})
        values = {"topic": topics.json()["data"]["appealTopics"][0]["id"], "key": str(uuid4())}
        body = {"query": APPEAL, "variables": values}
        sending = asyncio.create_task(http.post("/graphql", json=body))
        async with asyncio.timeout(PATIENCE):
            while not (await cabinet.query(COMMITTING))["is_committing"]:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.01)
        async with frozen(cabinet):
            unknown = await sending
        await _create(cabinet.dsn, "DROP FUNCTION sleep CASCADE")
        await _until_ready(http)
        repeats = [await http.post("/graphql", json=body) for _ in range(2)]

    assert unknown.status_code == 503
    assert [error["extensions"] for error in unknown.json()["errors"]] == [{"code": "UNAVAILABLE"}]
    appeals = [repeat.json()["data"]["appealCreate"] for repeat in repeats]
    assert appeals[0] == appeals[1]
    assert appeals[0]["errors"] == []
    assert (await cabinet.query("SELECT count(*) FROM appeal"))["count"] == 1
