"""Resending of notices: channels, limits, audit."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.notifications.models import (
    Delivery,
    DeliverySettings,
    DeliveryState,
    Notice,
    NoticeChannel,
    NoticeKind,
    NoticeTopic,
    RefusedAddress,
    TopicSettings,
)
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user
from lk_graphql.staff.models import Act, AuditEntry
from tests.factories.accounts import given_account, given_link
from tests.factories.notifications import (
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
async def staff_token(api: ApiClient) -> str:
    return await given_staff_session(await given_staff(), NOW)


@pytest_asyncio.fixture
async def notice(anna: Viewer) -> Notice:
    """A notice of an answered appeal, delivered by mail."""
    await DeliverySettings.create(user_id=anna.id, changed_at=NOW)
    await notify_user(anna.id, NoticeEvent(NoticeKind.APPEAL_ANSWERED, "appeal/1"), now=NOW)
    await send_waiting()
    return await Notice.get()


async def send_waiting(channel: NoticeChannel = NoticeChannel.EMAIL) -> list[Any]:
    """Deliver waiting messages; return the keys sent to the gateway."""
    recorder = RecordingGateway(FakeClock(NOW))
    await recorder.deliver_due(channel=channel)
    return recorder.keys


async def resend(api: ApiClient, staff_token: str, notice: Notice, now: datetime = NOW) -> Any:
    api.clock.now = now
    answer = await api.post(RESEND, staff_token, id=to_public("snt", notice.id))
    return answer["data"]["staffNoticeResend"]


def refusal(code: str, retry_at: str | None = None) -> dict[str, Any]:
    return {"notice": None, "errors": [{"code": code, "path": ["noticeId"], "retryAt": retry_at}]}


async def test_a_notice_goes_out_again_as_another_message(
    api: ApiClient, staff_token: str, notice: Notice
):
    first = await Delivery.get()
    assert await resend(api, staff_token, notice) == {
        "notice": {"kind": "APPEAL_ANSWERED", "deliveries": [SENT, WAITS]},
        "errors": [],
    }
    (second_key,) = await send_waiting()
    assert second_key != first.id  # the gateway drops repeated keys
    assert await Delivery.filter(state=DeliveryState.SENT).count() == 2
    assert await Notice.all().count() == 1  # a single entry in the inbox


async def test_a_resent_notice_is_audited(api: ApiClient, staff_token: str, notice: Notice):
    await resend(api, staff_token, notice)
    await resend(api, staff_token, notice)  # refused, therefore not audited
    acts = await AuditEntry.filter(act=Act.NOTICE_RESENT).values("subject", "subject_id")
    assert acts == [{"subject": "notice", "subject_id": notice.id}]
    query = """{ staff { administration { auditLog(where: { acts: [NOTICE_RESENT] }) {
        nodes { subject subjectId } } } } }"""
    admin = await given_staff_session(await given_staff(Role.ADMIN), NOW)
    log = (await api.ask(query, admin, now=NOW))["staff"]["administration"]["auditLog"]
    assert log["nodes"] == [{"subject": "notice", "subjectId": to_public("snt", notice.id)}]


async def test_a_customer_s_notices_have_their_deliveries(
    api: ApiClient, staff_token: str, anna: Viewer, notice: Notice
):
    query = """query ($id: ID!) { node(id: $id) { ... on StaffCustomer { notices { nodes {
      id title deliveries { channel state attempts } } } } } }"""
    data = await api.ask(query, staff_token, id=to_public("scu", anna.id), now=NOW)
    assert data["node"]["notices"]["nodes"] == [
        {
            "id": to_public("snt", notice.id),
            "title": "Ответ на обращение",
            "deliveries": [SENT],
        }
    ]


async def test_a_notice_is_resent_by_sms_too_where_it_is_enabled(
    api: ApiClient, staff_token: str, anna: Viewer, notice: Notice
):
    await given_confirmed_phone(anna)
    await DeliverySettings.filter(user_id=anna.id).update(has_sms=True)
    payload = await resend(api, staff_token, notice)
    channels = [delivery["channel"] for delivery in payload["notice"]["deliveries"]]
    assert sorted(channels) == ["EMAIL", "EMAIL", "SMS"]
    assert len(await send_waiting(NoticeChannel.SMS)) == 1


async def test_a_waiting_delivery_is_not_doubled(api: ApiClient, staff_token: str, notice: Notice):
    await Delivery.all().update(state=DeliveryState.WAITING, sent_at=None)
    assert await resend(api, staff_token, notice) == refusal("NOTICE_ON_ITS_WAY")
    assert await Delivery.all().count() == 1


async def mute(anna: Viewer) -> None:
    topics = [NoticeTopic.ANSWERS.value]
    await TopicSettings.create(user_id=anna.id, muted_by_email=topics, changed_at=NOW)


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
async def test_an_undeliverable_notice_is_not_resent(
    api: ApiClient, staff_token: str, anna: Viewer, notice: Notice, change: Any
):
    await change(anna)
    assert await resend(api, staff_token, notice) == refusal("NOTICE_UNDELIVERABLE")
    assert await Delivery.all().count() == 1
    assert await AuditEntry.filter(act=Act.NOTICE_RESENT).count() == 0


async def test_three_times_a_day_are_enough(api: ApiClient, staff_token: str, notice: Notice):
    payload: Any = None
    for step in range(3):
        now = NOW + timedelta(minutes=10 * step)
        assert (await resend(api, staff_token, notice, now))["errors"] == []
        await Delivery.all().update(state=DeliveryState.SENT, sent_at=NOW)
        payload = await resend(api, staff_token, notice, now)
        assert [error["code"] for error in payload["errors"]] == ["TOO_MANY_TRIES"]
    assert [error["retryAt"] for error in payload["errors"]] == ["2026-11-23T13:00:00.000Z"]


async def test_an_unknown_notice_is_refused(api: ApiClient, staff_token: str, notice: Notice):
    deleted = Notice(id=notice.id)
    await Notice.all().delete()
    assert await resend(api, staff_token, deleted) == refusal("NOTICE_NOT_FOUND")
    answer = await api.post(RESEND, staff_token, id="ntc_none")
    assert answer["data"]["staffNoticeResend"] == refusal("NOTICE_NOT_FOUND")
