"""Subscriptions to a person's own things, over both transports."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio
from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import Account, AccountLink, LinkState
from lk_graphql.database import raw_sql
from lk_graphql.identity.models import Session
from lk_graphql.identity.service.users import USER
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice, NoticeKind
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user
from lk_graphql.ports.pubsub import COALESCE_SECONDS, JITTER_SECONDS
from lk_graphql.profile.models import PersonalDataExport, PersonalDataExportState
from tests.factories.accounts import NOW, given_bare_account, given_link
from tests.factories.uploads import PDF, announced, sent
from tests.support.client import ApiClient, build
from tests.support.ws_client import EndpointServer, answers, serving

BADGE = """subscription { viewerChanged { unreadNotices uploads { id state } accounts { number }
  personalDataExports(first: 1) { state } } }"""
ADDED = """subscription ($after: ID) { noticeAdded(after: $after) {
  id period recipient { unreadNotices } } }"""
UPLOAD = "subscription ($id: ID!) { uploadChanged(uploadId: $id) { id state } }"
ACCOUNTS = "subscription { accountChanged { number residents } }"
READ = """mutation ($input: NoticesMarkReadInput!) { noticesMarkRead(input: $input) {
  errors { code } } }"""
QUIET = 4 * COALESCE_SECONDS


@dataclass
class Scene:
    """Anna in front of two screens."""

    api: ApiClient
    anna: Viewer
    token: str
    server: EndpointServer

    @asynccontextmanager
    async def watching(
        self, query: str, **variables: str
    ) -> AsyncGenerator[Callable[[], Awaitable[Any]]]:
        """Yield a function that returns the next result, the same one of both transports."""
        async with (
            self.server.events(query, self.token, variables) as (_, lines),
            self.server.connect() as session,
        ):
            await session.init(self.token)
            await session.subscribe("a", query, **variables)

            async def next_result() -> Any:
                async with asyncio.timeout(JITTER_SECONDS + 5):
                    (first,), second = await answers(lines, 1), await session.result()
                assert first == second
                (data,) = second["data"].values()
                return data

            yield next_result

    async def wakes(self, viewer: Viewer) -> Callable[[], Awaitable[int]]:
        """A function that counts the signals of a person from now on."""
        signals, counted = self.api.state.ports.pubsub.changes(USER, viewer.id), list[int]()

        async def count() -> None:
            async for _ in signals:
                counted.append(1)

        counting = asyncio.create_task(count())
        await asyncio.sleep(QUIET)
        counted.clear()

        async def result() -> int:
            await asyncio.sleep(JITTER_SECONDS + QUIET)
            counting.cancel()
            return len(counted)

        return result


@pytest_asyncio.fixture
async def scene(api: ApiClient, anna: Viewer, database: str) -> AsyncGenerator[Scene]:
    token, state = await api.signed_in(anna), api.state
    app = build(state.engine, state.ports, api.clock)
    async with state.ports.pubsub.connected(database), serving(app) as server:
        yield Scene(api, anna, token, server)


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


async def given_notice(viewer: Viewer, month: int, minutes: int = 0) -> str:
    event = NoticeEvent(
        NoticeKind.INVOICE_ISSUED,
        f"invoice/{month}/{minutes}",
        period=date(2026, month, 1),
        day=date(2026, 11, 16),
        amount=Kopecks(1),
    )
    await notify_user(viewer.id, event, now=NOW + timedelta(minutes=minutes))
    notice = await Notice.get(user_id=viewer.id, cause=event.cause)
    return to_public("ntc", notice.id)


async def test_every_notice_updates_the_unread_counter(scene: Scene, boris: Viewer):
    async with scene.watching(BADGE) as next_result:
        empty: dict[str, Any] = {
            "unreadNotices": 0,
            "uploads": [],
            "accounts": [],
            "personalDataExports": [],
        }
        assert await next_result() == empty

        notice = await given_notice(scene.anna, 1)
        assert await next_result() == {**empty, "unreadNotices": 1}

        await given_notice(boris, 1)  # is nothing to Anna
        values = {"ids": [notice]}
        answer = await scene.api.post(READ, scene.token, input=values)
        assert answer["data"]["noticesMarkRead"]["errors"] == []
        assert await next_result() == empty

        payload = await announced(scene.api, scene.token, "a.pdf", "application/pdf", len(PDF))
        upload = {"id": payload["upload"]["id"], "state": "AWAITED"}
        assert await next_result() == {**empty, "uploads": [upload]}

        account = await given_bare_account("0400000001")
        await given_link(scene.anna, account)
        shown = {**empty, "uploads": [upload], "accounts": [{"number": "0400000001"}]}
        assert await next_result() == shown

        export = await PersonalDataExport.create(
            user_id=scene.anna.id,
            state=PersonalDataExportState.WAITING,
            requested_at=NOW,
            expires_at=NOW + timedelta(days=1),
        )
        assert await next_result() == {**shown, "personalDataExports": [{"state": "WAITING"}]}
        await PersonalDataExport.filter(id=export.id).update(
            state=PersonalDataExportState.READY, made_at=NOW, size=1
        )
        assert await next_result() == {**shown, "personalDataExports": [{"state": "READY"}]}


async def test_each_notice_comes_once_with_the_number_of_unread_ones(scene: Scene, boris: Viewer):
    older = await given_notice(scene.anna, 1)
    newer = await given_notice(scene.anna, 2, minutes=1)

    async with scene.watching(ADDED) as next_result:
        assert await next_result() == notice(newer, "2026-02", 2)
        await given_notice(boris, 3)
        # of a job that has begun before the newer one was made
        late = await given_notice(scene.anna, 4, minutes=-5)
        assert await next_result() == notice(late, "2026-04", 3)
        await scene.api.post(READ, scene.token, input={"ids": [older]})
        last = await given_notice(scene.anna, 5, minutes=2)
        assert await next_result() == notice(last, "2026-05", 3)

    async with scene.watching(ADDED, after=older) as next_result:
        for made_later in (newer, late, last):
            assert (await next_result())["id"] == made_later

    # the phone was offline while the late one and the last one were made
    async with scene.watching(ADDED, after=newer) as next_result:
        assert (await next_result())["id"] == late
        assert (await next_result())["id"] == last

    foreign = to_public("ntc", (await Notice.filter(user_id=boris.id).get()).id)
    async with scene.watching(ADDED, after=foreign) as next_result:
        assert (await next_result())["id"] == last


def notice(public_id: str, period: str, unread: int) -> dict[str, Any]:
    return {"id": public_id, "period": period, "recipient": {"unreadNotices": unread}}


async def test_an_upload_is_followed_to_its_check(scene: Scene, boris: Viewer):
    payload = await announced(scene.api, scene.token, "a.pdf", "application/pdf", len(PDF))
    upload_id = payload["upload"]["id"]

    async with scene.watching(UPLOAD, id=upload_id) as next_result:
        assert await next_result() == {"id": upload_id, "state": "AWAITED"}
        assert (await sent(scene.api, payload["url"], PDF)).status_code < 300
        states = {(await next_result())["state"]}
        while "READY" not in states:
            states.add((await next_result())["state"])
    assert states <= {"RECEIVING", "SCANNING", "READY"}

    scene.token = await scene.api.signed_in(boris)
    async with scene.watching(UPLOAD, id=upload_id) as next_result:
        assert await next_result() is None


async def test_one_subscription_is_for_all_accounts(scene: Scene, boris: Viewer):
    first, second, foreign = [await given_bare_account(f"040000000{n}") for n in (1, 2, 3)]
    for account in (first, second):
        await given_link(scene.anna, account)
    await given_link(boris, foreign)

    async with scene.watching(ACCOUNTS) as next_result:
        assert [(await next_result())["number"] for _ in range(2)] == [first.number, second.number]

        for account in (foreign, second):
            await Account.filter(id=account.id).update(residents=7)
        assert await next_result() == {"number": second.number, "residents": 7}

        third = await given_bare_account("0400000004")
        await given_link(scene.anna, third)
        numbers = [(await next_result())["number"] for _ in range(3)]
        assert numbers == [first.number, second.number, third.number]

        await AccountLink.filter(account=second, user_id=scene.anna.id).update(
            state=LinkState.ENDED
        )
        numbers = [(await next_result())["number"] for _ in range(2)]
        assert numbers == [first.number, third.number]

        await Account.filter(id__in=[second.id, third.id]).update(residents=8)
        assert await next_result() == {"number": third.number, "residents": 8}


async def test_two_events_of_one_text_are_two_results(scene: Scene):
    titles = "subscription { noticeAdded { title } }"
    await given_notice(scene.anna, 1)

    async with scene.watching(titles) as next_result:
        first = await next_result()
        await given_notice(scene.anna, 1, minutes=1)
        assert await next_result() == first


async def test_two_accounts_of_one_state_are_two_results(scene: Scene):
    residents = "subscription { accountChanged { residents } }"
    for number in ("0400000001", "0400000002"):
        await given_link(scene.anna, await given_bare_account(number))

    async with scene.watching(residents) as next_result:
        assert await next_result() == await next_result()


@pytest.mark.parametrize("query", [BADGE, ADDED, ACCOUNTS])
async def test_the_end_of_the_session_is_the_end(scene: Scene, query: str):
    await given_link(scene.anna, await given_bare_account("0400000001"))
    await given_notice(scene.anna, 1)
    async with (
        scene.server.events(query, scene.token) as (_, lines),
        scene.server.connect() as session,
    ):
        await session.init(scene.token)
        await session.subscribe("a", query)
        assert await session.result() == (await answers(lines, 1))[0]

        await Session.filter(user_id=scene.anna.id).update(ended_at=NOW)
        await given_notice(scene.anna, 2, minutes=1)

        (last,) = await answers(lines, 1)
        assert "data" not in last
        assert codes(last) == ["UNAUTHENTICATED"]
        assert (await session.close_code())[0] == 4401


async def test_a_guest_is_refused(scene: Scene):
    for query in (BADGE, ADDED, ACCOUNTS):
        async with scene.server.events(query) as (_, lines):
            (answer,) = await answers(lines, 1)
        assert codes(answer) == ["UNAUTHENTICATED"]


async def test_a_rolled_back_notice_is_not_published(scene: Scene):
    wakes = await scene.wakes(scene.anna)
    with pytest.raises(RuntimeError):
        await notify_and_fail(scene.anna)
    assert await wakes() == 0


async def notify_and_fail(viewer: Viewer) -> None:
    async with in_transaction():
        await given_notice(viewer, 1)
        raise RuntimeError


async def test_notices_of_many_people_are_one_signal(scene: Scene, boris: Viewer):
    """A statement for all accounts publishes all people; also those without a notice wake once."""
    wakes = await scene.wakes(boris)
    await raw_sql.fetch(
        """INSERT INTO notice (id, user_id, kind, cause, created_at)
        SELECT new_key(), $1, 'LINK_ADDED', n, $2 FROM generate_series(1, 101) n""",
        scene.anna.id,
        NOW,
    )
    assert await wakes() == 1
