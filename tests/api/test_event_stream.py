"""Server-Sent Events, read by a real client from a real server."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import httpx
import orjson
import pytest_asyncio

from lk_graphql.identity.models import Session
from tests.api.endpoint_client import TOKEN, MakeClient
from tests.api.subscription_server import ME, QUICK, SubscriptionTestServer, serve
from tests.support.ws_client import answers


@pytest_asyncio.fixture
async def served(make_client: MakeClient, database: str) -> AsyncGenerator[SubscriptionTestServer]:
    async with serve(await make_client(realtime=QUICK), database) as served:
        yield served


async def test_a_subscription_streams_the_present_state_and_every_change(
    served: SubscriptionTestServer,
):
    async with served.events(ME, TOKEN) as (response, lines):
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert response.headers["x-accel-buffering"] == "no"
        assert response.headers["cache-control"] == "no-store"
        assert await answers(lines, 1) == [{"data": {"meChanged": {"firstName": "Пётр"}}}]
        await served.rename("Павел")
        assert await answers(lines, 1) == [{"data": {"meChanged": {"firstName": "Павел"}}}]


async def test_an_end_is_told(served: SubscriptionTestServer):
    query = "subscription { threeTimes { firstName } }"
    async with served.events(query, TOKEN) as (_, lines):
        assert len(await answers(lines, 3)) == 3
        assert [line async for line in lines] == ["event: complete", "data: "]


async def test_a_query_is_answered_by_one_event(served: SubscriptionTestServer):
    async with served.events("{ viewer { email } }", TOKEN) as (response, lines):
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        told = [line async for line in lines]
        assert told[0] == "event: next"
        assert orjson.loads(told[1].removeprefix("data: "))["data"] == {
            "viewer": {"email": "dozor@example.com"}
        }
        assert told[2:] == ["event: complete", "data: "]


WRONG = (
    ("subscription {", TOKEN, "BAD_REQUEST"),
    ("subscription { nothing }", TOKEN, "BAD_REQUEST"),
    (ME, "", "UNAUTHENTICATED"),
    (ME, "nobody-s-token", "UNAUTHENTICATED"),
    ('subscription { collapsing(text: "x") { email } }', TOKEN, "INTERNAL"),
)


async def test_errors_are_events_too(served: SubscriptionTestServer):
    for query, token, code in WRONG:
        async with served.events(query, token) as (response, lines):
            assert response.status_code == 200
            told = [line async for line in lines if line != ":"]
            (error,) = orjson.loads(told[1].removeprefix("data: "))["errors"]
            assert error["extensions"]["code"] == code
            assert told[2:] == ["event: complete", "data: "]


async def test_without_events_in_accept_a_subscription_is_told_where_to_go(
    served: SubscriptionTestServer,
):
    answer = await served.site.post(ME, token=TOKEN)
    assert answer.status_code == 400
    assert "graphql-transport-ws" in answer.json()["errors"][0]["message"]


async def test_who_reads_both_gets_events_for_a_subscription_only(served: SubscriptionTestServer):
    both = "application/json, text/event-stream"
    async with served.events("{ viewer { email } }", TOKEN, accept=both) as (response, _):
        assert response.headers["content-type"] == "application/json; charset=utf-8"
    async with served.events(ME, TOKEN, accept=both) as (response, lines):
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert len(await answers(lines, 1)) == 1


async def test_a_silent_stream_shows_signs_of_life(served: SubscriptionTestServer):
    async with served.events(ME, TOKEN) as (_, lines):
        await answers(lines, 1)
        assert await anext(lines) == ":"


async def test_the_stream_ends_soon_after_its_session(served: SubscriptionTestServer):
    async with served.events(ME, TOKEN) as (_, lines):
        await answers(lines, 1)
        await Session.filter(user_id=served.viewer).update(ended_at=datetime.now(UTC))
        told = [line async for line in lines if line != ":"]
        (error,) = orjson.loads(told[1].removeprefix("data: "))["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
        assert told[2:] == ["event: complete", "data: "]


async def test_streams_of_a_session_are_counted(served: SubscriptionTestServer):
    async with AsyncExitStack() as open_:
        streams: list[AsyncIterator[str]] = []
        for _ in range(QUICK.per_session + 1):
            _, lines = await open_.enter_async_context(served.events(ME, TOKEN))
            streams.append(lines)
        told = [(await answers(lines, 1))[0] for lines in streams]
        assert sum("RATE_LIMITED" in str(each) for each in told) == 1


async def test_a_server_that_stops_cuts_the_stream_at_once(served: SubscriptionTestServer):
    async with served.events(ME, TOKEN) as (_, lines):
        await answers(lines, 1)
        served.server.should_exit = True
        async with asyncio.timeout(3):
            assert [line async for line in lines if line != ":"] == []


async def test_a_client_that_leaves_is_forgotten(served: SubscriptionTestServer):
    value = served.site.registry.get_sample_value
    async with served.events(ME, TOKEN) as (_, lines):
        await answers(lines, 1)
        assert value("lk_graphql_subscription_connections", {"transport": "sse"}) == 1
        assert value("lk_graphql_subscriptions") == 1
    async with asyncio.timeout(5):
        while value("lk_graphql_subscription_connections", {"transport": "sse"}):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert value("lk_graphql_subscriptions") == 0
    assert served.site.lines.last["outcome"] == "CLIENT_GONE"


async def test_a_page_of_another_site_can_t_use_the_cookie(served: SubscriptionTestServer):
    headers = {"cookie": f"__Host-lk_session={TOKEN}", "origin": "https://evil.example"}
    async with served.events(ME, **headers) as (response, _):
        assert response.status_code == 403


async def test_eventsource_asks_by_get(served: SubscriptionTestServer):
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {TOKEN}"}
        async with http.stream(
            "GET", served.url, params={"query": ME}, headers=headers
        ) as response:
            lines = (line async for line in response.aiter_lines() if line)
            assert await answers(lines, 1) == [{"data": {"meChanged": {"firstName": "Пётр"}}}]
