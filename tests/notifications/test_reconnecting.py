"""Clients of `noticeAdded` that reconnect, while notices are made and marked as read."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice, NoticeKind
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user
from tests.support.client import ApiClient, build
from tests.support.ws_client import EndpointServer, serving

ADDED = """subscription ($after: ID) { noticeAdded(after: $after) {
  id createdAt recipient { unreadNotices } } }"""
INBOX = "{ viewer { unreadNotices notices { nodes { id createdAt readAt } } } }"
READ = """mutation ($input: NoticesMarkReadInput!) { noticesMarkRead(input: $input) {
  viewer { unreadNotices } errors { code } } }"""
QUIET = 0.5
"""Seconds without a result after which a client disconnects."""


@pytest_asyncio.fixture
async def running(api: ApiClient, database: str) -> AsyncGenerator[EndpointServer]:
    app = build(api.state.engine, api.state.ports, api.clock)
    async with api.state.ports.pubsub.connected(database), serving(app) as running:
        yield running


async def given_notice(viewer: Viewer, name: str, now: datetime | None = None) -> str:
    event = NoticeEvent(NoticeKind.LINK_ADDED, f"link/{name}")
    await notify_user(viewer.id, event, now=now or datetime.now(UTC))
    notice = await Notice.get(user_id=viewer.id, cause=event.cause)
    return to_public("ntc", notice.id)


async def visit(
    running: EndpointServer, token: str, after: str | None, most: int
) -> Sequence[dict[str, Any]]:
    """Connect, receive at most so many notices, and disconnect."""
    got = list[dict[str, Any]]()
    async with running.connect() as session:
        await session.init(token)
        await session.subscribe("a", ADDED, after=after)
        with suppress(TimeoutError):
            async with asyncio.timeout(QUIET):
                while len(got) < most:
                    got.append((await session.result())["data"]["noticeAdded"])
    return got


async def mark(api: ApiClient, token: str, **input: Any) -> dict[str, Any]:
    return (await api.post(READ, token, input=input))["data"]["noticesMarkRead"]


async def test_a_reconnecting_client_gets_each_notice_once(
    running: EndpointServer, api: ApiClient, anna: Viewer
):
    token = await api.signed_in(anna)
    seen = [await given_notice(anna, "first")]
    made = [*seen]

    async def make() -> None:
        for number in range(24):
            await asyncio.sleep(0.02)
            made.append(await given_notice(anna, str(number)))
            if number % 3 == 0:
                await mark(api, token, ids=[made[-1]])
            if number % 7 == 0:
                await mark(api, token, allUntil=datetime.now(UTC).isoformat())

    making = asyncio.create_task(make())
    results = list[dict[str, Any]]()
    while not making.done() or len(seen) < len(made):
        got = await visit(running, token, seen[-1], most=1 + len(seen) % 3)
        results.extend(got)
        seen.extend(result["id"] for result in got)

    assert seen == made
    unread = await Notice.filter(user_id=anna.id, read_at=None).count()
    assert unread == 2  # made after the last mark of all
    (last,) = await visit(running, token, seen[-2], most=2)
    assert (last["id"], last["recipient"]) == (made[-1], {"unreadNotices": unread})


@pytest.mark.parametrize("microsecond", [0, 1, 709_123, 709_999, 999_999])
async def test_all_until_a_time_includes_the_notice_of_this_time(
    running: EndpointServer, api: ApiClient, anna: Viewer, microsecond: int
):
    """Clients get times with milliseconds: `allUntil` left the newest notice unread."""
    token = await api.signed_in(anna)
    moment = datetime(2026, 11, 23, 9, tzinfo=UTC).replace(microsecond=microsecond)
    older = await given_notice(anna, "older", moment - timedelta(seconds=1))
    newest = await given_notice(anna, "newest", moment)
    (shown,) = await visit(running, token, None, most=1)
    next_one = moment.replace(microsecond=microsecond // 1000 * 1000) + timedelta(milliseconds=1)
    later = await given_notice(anna, "later", next_one)

    answer = await mark(api, token, allUntil=shown["createdAt"])

    assert shown["id"] == newest
    assert answer == {"viewer": {"unreadNotices": 1}, "errors": []}
    nodes = (await api.ask(INBOX, token))["viewer"]["notices"]["nodes"]
    assert [(node["id"], node["readAt"] is None) for node in nodes] == [
        (later, True),
        (newest, False),
        (older, False),
    ]


async def test_an_inbox_that_is_read_is_empty_for_the_next_notice(
    running: EndpointServer, api: ApiClient, anna: Viewer
):
    """Another device marks all as read while a client is away, which then gets the next notice."""
    token, other = await api.signed_in(anna), await api.signed_in(anna)
    first = await given_notice(anna, "first")
    (shown,) = await visit(running, token, None, most=2)
    assert shown["recipient"] == {"unreadNotices": 1}
    nodes = (await api.ask(INBOX, other))["viewer"]["notices"]["nodes"]
    assert (await mark(api, other, allUntil=nodes[0]["createdAt"]))["errors"] == []

    assert await visit(running, token, first, most=1) == []
    second = await given_notice(anna, "second")
    (shown,) = await visit(running, token, first, most=2)

    assert (shown["id"], shown["recipient"]) == (second, {"unreadNotices": 1})
