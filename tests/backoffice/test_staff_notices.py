"""Staff send a notice once more: as the customer allows, a few times, and noted."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import (
    Delivery,
    DeliveryState,
    Notice,
    NoticeChannel,
    NoticeChoice,
    NoticeKind,
    NoticeManners,
    NoticeTopic,
    RefusedAddress,
)
from lk_graphql.notifications.service.delivery import deliver
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user
from lk_graphql.staff.models import Act, AuditEntry
from tests.factories.accounts import given_account, given_link
from tests.factories.notifications import (
    COMPANY,
    FakeClock,
    RecordingGateway,
    given_confirmed_phone,
)
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient

NOW = datetime(2026, 11, 22, 13, tzinfo=UTC)
RESEND = """mutation ($id: ID!) { staffNoticeResend(input: { noticeId: $id }) {
  notice { kind deliveries { channel state attempts } } errors { code path retryAt } } }"""
SENT = {"channel": "EMAIL", "state": "SENT", "attempts": 1}
WAITS = {"channel": "EMAIL", "state": "WAITING", "attempts": 0}


@pytest_asyncio.fixture
async def desk(api: ApiClient) -> str:
    return await given_staff_session(await given_staff(), NOW)


@pytest_asyncio.fixture
async def told(anna: Viewer) -> Notice:
    """An answer to an appeal, which went out by mail."""
    await NoticeManners.create(user_id=anna.id, changed_at=NOW)
    await notify_user(anna.id, NoticeEvent(NoticeKind.APPEAL_ANSWERED, "appeal/1"), now=NOW)
    await sent()
    return await Notice.get()


async def sent(channel: NoticeChannel = NoticeChannel.EMAIL) -> list[Any]:
    """The keys of the messages that go out now, for the gateway."""
    recorder = RecordingGateway(FakeClock(NOW))
    until, gateway = NOW + timedelta(minutes=4), recorder.gateway(channel=channel)
    await deliver(gateway, company=COMPANY, clock=recorder.clock.watch, until=until)
    return recorder.keys


async def resent(api: ApiClient, desk: str, notice: Notice, now: datetime = NOW) -> Any:
    api.clock.now = now
    answer = await api.post(RESEND, desk, id=to_public("snt", notice.id))
    return answer["data"]["staffNoticeResend"]


def refused(code: str, retry_at: str | None = None) -> dict[str, Any]:
    return {"notice": None, "errors": [{"code": code, "path": ["noticeId"], "retryAt": retry_at}]}


async def test_a_notice_goes_out_again_as_another_message(api: ApiClient, desk: str, told: Notice):
    first = await Delivery.get()
    assert await resent(api, desk, told) == {
        "notice": {"kind": "APPEAL_ANSWERED", "deliveries": [SENT, WAITS]},
        "errors": [],
    }
    (again,) = await sent()
    assert again != first.id  # the gateway would take the same for a repeat, and drop it
    assert await Delivery.filter(state=DeliveryState.SENT).count() == 2
    assert await Notice.all().count() == 1  # the inbox shows it once


async def test_it_is_noted_who_did_it(api: ApiClient, desk: str, told: Notice):
    await resent(api, desk, told)
    await resent(api, desk, told)  # refused, and not noted
    acts = await AuditEntry.filter(act=Act.NOTICE_RESENT).values("subject", "subject_id")
    assert acts == [{"subject": "notice", "subject_id": told.id}]


async def test_a_customer_s_notices_show_how_they_went_out(
    api: ApiClient, desk: str, anna: Viewer, told: Notice
):
    query = """query ($id: ID!) { node(id: $id) { ... on StaffCustomer { notices { nodes {
      id title deliveries { channel state attempts } } } } } }"""
    shown = await api.ask(query, desk, id=to_public("scu", anna.id), now=NOW)
    assert shown["node"]["notices"]["nodes"] == [
        {
            "id": to_public("snt", told.id),
            "title": "Ответ на обращение",
            "deliveries": [SENT],
        }
    ]


async def test_it_goes_by_sms_too_where_that_is_wanted(
    api: ApiClient, desk: str, anna: Viewer, told: Notice
):
    await given_confirmed_phone(anna)
    await NoticeManners.filter(user_id=anna.id).update(has_sms=True)
    payload = await resent(api, desk, told)
    channels = [one["channel"] for one in payload["notice"]["deliveries"]]
    assert sorted(channels) == ["EMAIL", "EMAIL", "SMS"]
    assert len(await sent(NoticeChannel.SMS)) == 1


async def test_what_waits_already_is_not_doubled(api: ApiClient, desk: str, told: Notice):
    await Delivery.all().update(state=DeliveryState.WAITING, sent_at=None)
    assert await resent(api, desk, told) == refused("NOTICE_ON_ITS_WAY")
    assert await Delivery.all().count() == 1


async def mute(anna: Viewer) -> None:
    topics = [NoticeTopic.ANSWERS.value]
    await NoticeChoice.create(user_id=anna.id, muted_by_email=topics, changed_at=NOW)


async def refuse(anna: Viewer) -> None:
    await RefusedAddress.create(
        user_id=anna.id,
        channel=NoticeChannel.EMAIL,
        address="anna@example.com",
        refused_at=NOW,
    )


async def leave(anna: Viewer) -> None:
    account = await given_account()
    await given_link(anna, account)
    await AccountLink.all().update(state=LinkState.ENDED)
    await Notice.all().update(account_id=account.id)


async def grow_old(_: Viewer) -> None:
    await Notice.all().update(kind=NoticeKind.PAYMENT_DUE, day=date(2026, 11, 21))


async def stay_in_the_inbox(_: Viewer) -> None:
    await Notice.all().update(kind=NoticeKind.LINK_ADDED)


@pytest.mark.parametrize("change", [mute, refuse, leave, grow_old, stay_in_the_inbox])
async def test_nothing_goes_where_it_is_unwanted_or_in_vain(
    api: ApiClient, desk: str, anna: Viewer, told: Notice, change: Any
):
    await change(anna)
    assert await resent(api, desk, told) == refused("NOTICE_UNDELIVERABLE")
    assert await Delivery.all().count() == 1
    assert await AuditEntry.filter(act=Act.NOTICE_RESENT).count() == 0


async def test_three_times_a_day_are_enough(api: ApiClient, desk: str, told: Notice):
    last: Any = None
    for step in range(3):
        now = NOW + timedelta(minutes=10 * step)
        assert (await resent(api, desk, told, now))["errors"] == []
        await Delivery.all().update(state=DeliveryState.SENT, sent_at=NOW)
        last = await resent(api, desk, told, now)
        assert [error["code"] for error in last["errors"]] == ["TOO_MANY_TRIES"]
    assert [error["retryAt"] for error in last["errors"]] == ["2026-11-23T13:00:00.000Z"]


async def test_there_has_to_be_a_notice(api: ApiClient, desk: str, told: Notice):
    gone = Notice(id=told.id)
    await Notice.all().delete()
    assert await resent(api, desk, gone) == refused("NOTICE_NOT_FOUND")
    answer = await api.post(RESEND, desk, id="ntc_none")
    assert answer["data"]["staffNoticeResend"] == refused("NOTICE_NOT_FOUND")
