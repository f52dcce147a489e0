"""GraphQL over Server-Sent Events, with a real client and api_server."""

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
async def api_server(
    make_client: MakeClient, database: str
) -> AsyncGenerator[SubscriptionTestServer]:
    async with serve(await make_client(realtime=QUICK), database) as api_server:
        yield api_server


async def test_a_subscription_streams_the_present_state_and_every_change(
    api_server: SubscriptionTestServer,
):
    async with api_server.events(ME, TOKEN) as (response, lines):
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert response.headers["x-accel-buffering"] == "no"
        assert response.headers["cache-control"] == "no-store"
        assert await answers(lines, 1) == [{"data": {"meChanged": {"firstName": "Пётр"}}}]
        await api_server.rename("Павел")
        assert await answers(lines, 1) == [{"data": {"meChanged": {"firstName": "Павел"}}}]


async def test_the_end_of_a_subscription_is_an_event(api_server: SubscriptionTestServer):
    query = "subscription { threeTimes { firstName } }"
    async with api_server.events(query, TOKEN) as (_, lines):
        assert len(await answers(lines, 3)) == 3
        assert [line async for line in lines] == ["event: complete", "data: "]


async def test_a_query_is_answered_by_one_event(api_server: SubscriptionTestServer):
    async with api_server.events("{ viewer { email } }", TOKEN) as (response, lines):
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        lines_read = [line async for line in lines]
        assert lines_read[0] == "event: next"
        assert orjson.loads(lines_read[1].removeprefix("data: "))["data"] == {
            "viewer": {"email": "dozor@example.com"}
        }
        assert lines_read[2:] == ["event: complete", "data: "]


WRONG = (
    ("subscription {", TOKEN, "BAD_REQUEST"),
    ("subscription { nothing }", TOKEN, "BAD_REQUEST"),
    (ME, "", "UNAUTHENTICATED"),
    (ME, "nobody-s-token", "UNAUTHENTICATED"),
    ('subscription { collapsing(text: "x") { email } }', TOKEN, "INTERNAL"),
)


async def test_errors_are_events_too(api_server: SubscriptionTestServer):
    for query, token, code in WRONG:
        async with api_server.events(query, token) as (response, lines):
            assert response.status_code == 200
            lines_read = [line async for line in lines if line != ":"]
            (error,) = orjson.loads(lines_read[1].removeprefix("data: "))["errors"]
            assert error["extensions"]["code"] == code
            assert lines_read[2:] == ["event: complete", "data: "]


async def test_a_subscription_without_events_in_accept_is_refused_with_the_alternative(
    api_server: SubscriptionTestServer,
):
    answer = await api_server.client.post(ME, token=TOKEN)
    assert answer.status_code == 400
    assert "graphql-transport-ws" in answer.json()["errors"][0]["message"]


async def test_accepting_both_media_types_gets_events_for_subscriptions_only(
    api_server: SubscriptionTestServer,
):
    both = "application/json, text/event-stream"
    async with api_server.events("{ viewer { email } }", TOKEN, accept=both) as (response, _):
        assert response.headers["content-type"] == "application/json; charset=utf-8"
    async with api_server.events(ME, TOKEN, accept=both) as (response, lines):
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert len(await answers(lines, 1)) == 1


async def test_a_silent_stream_shows_signs_of_life(api_server: SubscriptionTestServer):
    async with api_server.events(ME, TOKEN) as (_, lines):
        await answers(lines, 1)
        assert await anext(lines) == ":"


async def test_the_stream_ends_soon_after_its_session(api_server: SubscriptionTestServer):
    async with api_server.events(ME, TOKEN) as (_, lines):
        await answers(lines, 1)
        await Session.filter(user_id=api_server.viewer).update(ended_at=datetime.now(UTC))
        lines_read = [line async for line in lines if line != ":"]
        (error,) = orjson.loads(lines_read[1].removeprefix("data: "))["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
        assert lines_read[2:] == ["event: complete", "data: "]


async def test_streams_of_a_session_are_counted(api_server: SubscriptionTestServer):
    async with AsyncExitStack() as stack:
        streams: list[AsyncIterator[str]] = []
        for _ in range(QUICK.per_session + 1):
            _, lines = await stack.enter_async_context(api_server.events(ME, TOKEN))
            streams.append(lines)
        lines_read = [(await answers(lines, 1))[0] for lines in streams]
        assert sum("RATE_LIMITED" in str(result) for result in lines_read) == 1


async def test_a_server_that_stops_cuts_the_stream_at_once(api_server: SubscriptionTestServer):
    async with api_server.events(ME, TOKEN) as (_, lines):
        await answers(lines, 1)
        api_server.server.should_exit = True
        async with asyncio.timeout(3):
            assert [line async for line in lines if line != ":"] == []


async def test_a_closed_stream_leaves_no_subscription(api_server: SubscriptionTestServer):
    value = api_server.client.registry.get_sample_value
    async with api_server.events(ME, TOKEN) as (_, lines):
        await answers(lines, 1)
        assert value("lk_graphql_subscription_connections", {"transport": "sse"}) == 1
        assert value("lk_graphql_subscriptions") == 1
    async with asyncio.timeout(5):
        while value("lk_graphql_subscription_connections", {"transport": "sse"}):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert value("lk_graphql_subscriptions") == 0
    assert api_server.client.lines.last["outcome"] == "CLIENT_GONE"


async def test_a_page_of_another_site_can_t_use_the_cookie(api_server: SubscriptionTestServer):
    headers = {"cookie": f"__Host-lk_session={TOKEN}", "origin": "https://evil.example"}
    async with api_server.events(ME, **headers) as (response, _):
        assert response.status_code == 403


async def test_event_source_subscribes_by_get(api_server: SubscriptionTestServer):
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {TOKEN}"}
        async with http.stream(
            "GET", api_server.url, params={"query": ME}, headers=headers
        ) as response:
            lines = (line async for line in response.aiter_lines() if line)
            assert await answers(lines, 1) == [{"data": {"meChanged": {"firstName": "Пётр"}}}]
