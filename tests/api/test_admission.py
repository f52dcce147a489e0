"""Overload: who is refused, who is answered, and that everybody gives back what they took."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import ExitStack
from io import BytesIO

import asyncpg
import httpx
import orjson
import pytest
import pytest_asyncio
from prometheus_client import CollectorRegistry

from lk_graphql.api.access_log import Metrics
from lk_graphql.api.admission import Admission, AdmissionLimits
from lk_graphql.api.request_state import Priority
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.ports.passwords import Passwords
from tests.api.endpoint_client import TOKEN, MakeClient
from tests.api.little_room import (
    IDLE,
    LARGE,
    SIGN_IN,
    SMALL,
    WRITE,
    Cabinet,
    built,
    prepare,
)
from tests.api.subscription_server import serve
from tests.support.capture_logs import logging_to
from tests.support.client import URL, ApiClient

STREAM = "subscription { appealMessageAdded { text } }"
REFUSED = {
    "errors": [
        {
            "message": "The service is temporarily unavailable. Try again in a few seconds.",
            "extensions": {"code": "UNAVAILABLE"},
        }
    ]
}


@pytest.fixture(autouse=True)
def _quick_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test's refusals are logged during the next test."""
    monkeypatch.setattr("lk_graphql.api.admission.LOG_INTERVAL", 0.01)


@pytest_asyncio.fixture
async def cabinet(
    api: ApiClient, anna: Viewer, engine: QueryEngine, opened: asyncpg.Connection
) -> AsyncGenerator[Cabinet]:
    registry = CollectorRegistry()
    transport = httpx.ASGITransport(built(api, engine, registry))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as http:
        cabinet = Cabinet(http, registry, opened)
        await prepare(cabinet, api, anna)
        yield cabinet


async def test_the_request_beyond_the_limit_is_refused_and_the_others_are_answered(
    cabinet: Cabinet,
):
    async with cabinet.blocked(*[SMALL] * 4) as waiting:
        response = await cabinet.send(SMALL)
        assert not any(task.done() for task in waiting)

    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["cache-control"] == "no-store"
    assert response.json() == REFUSED
    answers = [(await task).json()["data"] for task in waiting]
    assert answers == [{"viewer": {"email": "anna@example.com"}}] * 4
    assert (await cabinet.send(SMALL)).status_code == 200


async def test_health_is_answered_while_all_else_is_refused(cabinet: Cabinet):
    async with cabinet.blocked(*[SMALL] * 4, SIGN_IN):
        health = [await cabinet.http.get(path) for path in ("/healthz", "/readyz")]
        refused = [
            *[await cabinet.send(query) for query in (SMALL, LARGE, WRITE, SIGN_IN)],
            await cabinet.http.get("/graphql", params={"query": SMALL}),
            await cabinet.http.get("/files/receipts/1"),
        ]
        preflight = await cabinet.http.options("/graphql")

    assert [response.status_code for response in health] == [200, 200]
    assert [response.status_code for response in refused] == [503] * 6
    assert {response.headers["retry-after"] for response in refused} == {"5"}
    assert preflight.status_code == 204


@pytest.mark.parametrize(
    ("running", "answered"),
    [
        (1, {SMALL, LARGE, WRITE}),
        (2, {SMALL, LARGE}),
        (3, {SMALL}),
        (4, set[str]()),
    ],
)
async def test_the_less_important_a_request_the_earlier_it_is_refused(
    cabinet: Cabinet, running: int, answered: set[str]
):
    for query in (SMALL, LARGE, WRITE):
        async with cabinet.blocked(*[SMALL] * running, query) as (*_, last):
            is_refused = last.done()
        assert (await last).status_code == (503 if is_refused else 200)
        assert is_refused is (query not in answered)


async def test_an_uncached_document_counts_as_expensive(cabinet: Cabinet):
    async with cabinet.blocked(SMALL, SMALL) as waiting:
        unknown = await cabinet.send("{ viewer { email firstName } }")
        broken = await cabinet.send("{ viewer {")

    assert (unknown.status_code, broken.status_code) == (503, 503)
    assert [(await task).status_code for task in waiting] == [200, 200]
    assert (await cabinet.send("{ viewer { email firstName } }")).status_code == 200


async def test_sign_ins_have_a_limit_of_their_own(cabinet: Cabinet):
    async with cabinet.blocked(SIGN_IN, SMALL) as waiting:
        refused = await cabinet.send(SIGN_IN)
    async with cabinet.blocked(*[SMALL] * 4, SIGN_IN) as others:
        assert not others[-1].done()

    assert refused.status_code == 503
    assert [(await task).status_code for task in (*waiting, *others)] == [200] * 7


async def test_a_full_queue_of_passwords_refuses_sign_ins_while_dashboards_go_on(
    cabinet: Cabinet, monkeypatch: pytest.MonkeyPatch
):
    def full(_: Passwords) -> None:
        raise Unavailable("passwords")

    attempts = await cabinet.database.fetch("SELECT * FROM attempts")
    monkeypatch.setattr(Passwords, "require_capacity", full)
    refused = await cabinet.send(SIGN_IN)
    dashboard = await cabinet.send(LARGE)

    assert refused.status_code == 503
    assert refused.headers["retry-after"] == "5"
    assert dashboard.status_code == 200
    assert await cabinet.database.fetch("SELECT * FROM attempts") == attempts
    assert cabinet.refused() == {"passwords": 1.0}


def test_slow_reads_reduce_the_capacity_and_quick_ones_restore_it():
    seconds = 0.0
    admission = Admission(AdmissionLimits(200, 8), Metrics(CollectorRegistry()), lambda: seconds)

    def fill(priority: Priority, each_takes: float) -> int:
        """Run as many operations as find room; returns their number."""
        nonlocal seconds
        count = 0
        with ExitStack() as stack:
            while admission.has_capacity(priority):
                stack.enter_context(admission.execution(priority))
                count += 1
            seconds += each_takes
        return count

    assert fill(Priority.OTHER, 30) == 100  # of payments that wait for the acquirer
    assert fill(Priority.SMALL_READ, 1.5) == 200
    assert fill(Priority.READ, 1.5) == 15
    assert fill(Priority.OTHER, 0) == 10
    assert fill(Priority.SIGN_IN, 30) == 8
    assert fill(Priority.SMALL_READ, 0.1) == 20
    assert [fill(Priority.SMALL_READ, 0.1) for _ in range(9)][-1] == 200


async def test_refusals_are_counted_by_class_and_logged_together(
    cabinet: Cabinet,
):
    async with cabinet.blocked(*[SMALL] * 4):
        stream = BytesIO()
        with logging_to(stream, "warning"):
            for query in (SMALL, LARGE, LARGE, WRITE):
                await cabinet.send(query)
            await asyncio.sleep(0.05)

    assert cabinet.refused() == {
        "capacity_small_read": 1.0,
        "capacity_read": 2.0,
        "capacity_other": 1.0,
    }
    lines = [orjson.loads(line) for line in stream.getvalue().splitlines()]
    refused = [line for line in lines if line["event"] == "requests refused"]
    counts = Counter[str]()
    for line in refused:
        assert (line["outcome"], line["status"]) == ("UNAVAILABLE", 503)
        counts.update({key: n for key, n in line.items() if key.startswith("capacity_")})
    assert counts == {"capacity_small_read": 1, "capacity_read": 2, "capacity_other": 1}


async def test_a_page_of_another_allowed_origin_can_read_why_it_is_refused(cabinet: Cabinet):
    async with cabinet.blocked(*[SMALL] * 4):
        allowed = await cabinet.send(SMALL, origin="https://front.example")
        foreign = await cabinet.send(SMALL, origin="https://evil.example")

    assert allowed.headers["access-control-allow-origin"] == "https://front.example"
    assert "retry-after" in allowed.headers["access-control-expose-headers"]
    assert "access-control-allow-origin" not in foreign.headers


async def test_failed_requests_release_their_capacity(cabinet: Cabinet):
    for query in ("{ viewer { nothing } }", "{", SMALL + "{", "mutation { nothing }"):
        await cabinet.send(query)
    response = await cabinet.http.post("/graphql", content=b"no JSON")

    assert response.status_code == 415
    assert cabinet.running() == IDLE


async def test_cancelled_requests_release_their_capacity(cabinet: Cabinet):
    async with cabinet.blocked(WRITE, *[SMALL] * 2, SIGN_IN) as waiting:
        assert cabinet.running() == {"requests": 3.0, "sign_ins": 1.0}
        for task in waiting:
            task.cancel()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert cabinet.running() == IDLE

    assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 4


async def test_a_websocket_is_no_way_around_the_limit(
    make_client: MakeClient, dsn: str, opened: asyncpg.Connection
):
    client = await make_client(admission=AdmissionLimits(1, 1))
    async with serve(client, dsn) as server, server.connect() as session:
        await session.init(TOKEN)
        async with opened.transaction():
            await opened.execute('LOCK TABLE session, "user" IN ACCESS EXCLUSIVE MODE')
            await session.subscribe("1", SMALL)
            await session.subscribe("2", SMALL)
            refused = await session.receive()
        answer = await session.answer()

    assert (refused["type"], refused["id"]) == ("error", "2")
    assert [error["extensions"]["code"] for error in refused["payload"]] == ["UNAVAILABLE"]
    assert answer == {"data": {"viewer": {"email": "dozor@example.com"}}}


async def test_streams_need_capacity_to_begin_and_take_none(cabinet: Cabinet):
    stream = {"accept": "text/event-stream"}
    async with cabinet.blocked(*[SMALL] * 2):
        refused = await cabinet.send(STREAM, **stream)
    async with asyncio.timeout(10):
        opening = asyncio.create_task(cabinet.send(STREAM, **stream))
        await asyncio.sleep(0.2)
        running = cabinet.running()
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)

    assert refused.status_code == 503
    assert running == IDLE
