"""Notification settings («Мои подписки») through the API."""

import asyncio
from typing import Any

import asyncpg
import pytest

from lk_graphql.accounts.models import Account
from lk_graphql.identity.models import Consent, ConsentAction
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import (
    Delivery,
    DeliverySettings,
    NoticeChannel,
    NoticeKind,
    TopicSettings,
)
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user
from lk_graphql.notifications.service.topics import token_of
from tests.factories.accounts import NOW, given_bare_account, given_link
from tests.factories.notifications import (
    SMS_TEXT,
    FakeClock,
    RecordingGateway,
    given_confirmed_phone,
    given_sms_text,
)
from tests.support.client import ApiClient
from tests.support.locks import until_locks_are_awaited

SETTINGS = """{ viewer {
  notificationSettings { smsEnabled quietFrom quietUntil emailTopics smsTopics }
  accounts { number notificationSettings { isOwn emailTopics smsTopics } }
} }"""
UPDATE = """mutation ($input: NotificationSettingsUpdateInput!) {
  notificationSettingsUpdate(input: $input) {
    viewer {
      notificationSettings { smsEnabled quietFrom quietUntil emailTopics smsTopics }
      accounts { number notificationSettings { isOwn emailTopics smsTopics } }
    }
    errors { code path message }
  }
}"""
UNSUBSCRIBE = """mutation ($link: String!) {
  notificationsUnsubscribe(input: { token: $link }) { topic errors { code path } } }"""
ALL = ["READING_REMINDERS", "READING_RESULTS", "BILLS", "PAYMENTS", "METERS", "ANSWERS"]
AT_FIRST = {
    "smsEnabled": False,
    "quietFrom": "22:00",
    "quietUntil": "08:00",
    "emailTopics": ALL,
    "smsTopics": ALL,
}


@pytest.fixture
async def account(anna: Viewer) -> Account:
    account = await given_bare_account("0400000001")
    await given_link(anna, account)
    return account


async def settings(api: ApiClient, viewer: Viewer) -> dict[str, Any]:
    return (await api.ask(SETTINGS, await api.signed_in(viewer)))["viewer"]


async def update(api: ApiClient, viewer: Viewer, **variables: Any) -> dict[str, Any]:
    answer = await api.post(UPDATE, await api.signed_in(viewer), input=variables)
    return answer["data"]["notificationSettingsUpdate"]


async def test_at_first_everything_comes_by_email(api: ApiClient, anna: Viewer, account: Account):
    viewer = await settings(api, anna)
    assert viewer["notificationSettings"] == AT_FIRST
    assert viewer["accounts"] == [
        {
            "number": "0400000001",
            "notificationSettings": {"isOwn": False, "emailTopics": ALL, "smsTopics": ALL},
        }
    ]


async def test_only_submitted_settings_are_changed(api: ApiClient, anna: Viewer, boris: Viewer):
    saved = await update(api, anna, topics={"email": ["METERS", "BILLS"]})
    assert saved["viewer"]["notificationSettings"] == {
        **AT_FIRST,
        "emailTopics": ["BILLS", "METERS"],
    }
    saved = await update(api, anna, quietHours={"start": "09:30", "end": "07:00"})
    changed = {"quietFrom": "09:30", "quietUntil": "07:00", "emailTopics": ["BILLS", "METERS"]}
    assert saved["viewer"]["notificationSettings"] == {**AT_FIRST, **changed}
    saved = await update(api, anna, quietHours=None)
    never = {"quietFrom": None, "quietUntil": None, "emailTopics": ["BILLS", "METERS"]}
    assert saved["viewer"]["notificationSettings"] == {**AT_FIRST, **never}
    assert (await settings(api, anna))["notificationSettings"] == {**AT_FIRST, **never}
    assert (await settings(api, boris))["notificationSettings"] == AT_FIRST


async def test_an_account_s_own_choice_starts_from_the_general_one(
    api: ApiClient, anna: Viewer, account: Account
):
    await update(api, anna, topics={"email": ["BILLS"], "sms": []})
    about = to_public("acc", account.id)
    own = {"accountId": about, "topics": {"sms": ["PAYMENTS"]}}
    saved = await update(api, anna, accounts=[own])
    assert saved["viewer"]["accounts"][0]["notificationSettings"] == {
        "isOwn": True,
        "emailTopics": ["BILLS"],
        "smsTopics": ["PAYMENTS"],
    }
    back = await update(api, anna, accounts=[{"accountId": about, "topics": None}])
    assert back["viewer"]["accounts"][0]["notificationSettings"] == {
        "isOwn": False,
        "emailTopics": ["BILLS"],
        "smsTopics": [],
    }


async def test_sms_need_a_confirmed_number(api: ApiClient, anna: Viewer):
    refused = await update(api, anna, smsEnabled=True, topics={"email": []})
    assert [(e["code"], e["path"]) for e in refused["errors"]] == [
        ("PHONE_NOT_CONFIRMED", ["smsEnabled"])
    ]
    assert await DeliverySettings.all().count() + await TopicSettings.all().count() == 0
    await given_confirmed_phone(anna)
    await given_sms_text()
    saved = await update(api, anna, smsEnabled=True, smsConsentVersion=SMS_TEXT)
    assert saved["viewer"]["notificationSettings"] == {**AT_FIRST, "smsEnabled": True}
    off = await update(api, anna, smsEnabled=False)
    assert off["viewer"]["notificationSettings"] == AT_FIRST


async def test_sms_need_a_consent_and_its_withdrawal_is_recorded(api: ApiClient, anna: Viewer):
    """Each is recorded once, however often the switch is set to its present value."""
    await given_confirmed_phone(anna)
    text = await given_sms_text()
    for version in (None, "2024-01-01"):
        refused = await update(api, anna, smsEnabled=True, smsConsentVersion=version)
        assert [(e["code"], e["path"]) for e in refused["errors"]] == [
            ("CONSENT_OUTDATED", ["smsConsentVersion"])
        ]
    assert await DeliverySettings.all().count() + await Consent.all().count() == 0

    await update(api, anna, smsEnabled=False)
    assert await Consent.all().count() == 0
    await update(api, anna, smsEnabled=True, smsConsentVersion=SMS_TEXT)
    await update(api, anna, smsEnabled=True)
    await update(api, anna, smsEnabled=False)
    await update(api, anna, smsEnabled=False)

    consents = (
        await Consent.all().order_by("happened_at", "id").values_list("action", "document_id")
    )
    assert consents == [(ConsentAction.GIVEN, text.id), (ConsentAction.WITHDRAWN, text.id)]


async def test_the_twenty_first_switch_to_sms_of_a_day_is_refused(api: ApiClient, anna: Viewer):
    await given_confirmed_phone(anna)
    await given_sms_text()
    for _ in range(20):
        for values in ({"smsEnabled": True, "smsConsentVersion": SMS_TEXT}, {"smsEnabled": False}):
            assert (await update(api, anna, **values))["errors"] == []

    refused = await update(api, anna, smsEnabled=True, smsConsentVersion=SMS_TEXT)
    others = await update(
        api, anna, smsEnabled=False, quietHours={"start": "23:00", "end": "07:00"}
    )

    assert [(e["code"], e["path"]) for e in refused["errors"]] == [("TOO_MANY_TRIES", [])]
    assert others["errors"] == []
    assert await Consent.all().count() == 40


async def test_the_consent_to_sms_can_be_withdrawn_alone(api: ApiClient, anna: Viewer):
    """Waiting SMS are not sent any more."""
    await given_confirmed_phone(anna)
    await given_sms_text()
    await update(api, anna, smsEnabled=True, smsConsentVersion=SMS_TEXT, quietHours=None)
    await notify_user(anna.id, NoticeEvent(NoticeKind.APPEAL_ANSWERED, "answer/1"), now=NOW)
    withdraw = """mutation { consentWithdraw(input: { kind: SMS }) {
        viewer { notificationSettings { smsEnabled } consents { action document { kind } } }
        errors { code path } } }"""
    token = await api.signed_in(anna)

    payload = (await api.post(withdraw, token))["data"]["consentWithdraw"]

    sms = {"kind": "SMS"}
    assert payload["viewer"] == {
        "notificationSettings": {"smsEnabled": False},
        "consents": [
            {"action": "WITHDRAWN", "document": sms}, {"action": "GIVEN", "document": sms},
        ],
    }  # fmt: skip
    recorder = RecordingGateway(FakeClock())
    await recorder.deliver_due(minutes=1, channel=NoticeChannel.SMS)
    assert recorder.got == []
    again = (await api.post(withdraw, token))["data"]["consentWithdraw"]
    assert again == {"viewer": None, "errors": [{"code": "CONSENT_NOT_GIVEN", "path": ["kind"]}]}
    assert await Consent.all().count() == 2


@pytest.mark.parametrize(
    ("start", "end"), [("22:00", "22:00"), ("24:00", "08:00"), ("22", "08:00"), ("22:00", "8:00")]
)
async def test_invalid_quiet_hours_are_refused(api: ApiClient, anna: Viewer, start: str, end: str):
    refused = await update(api, anna, quietHours={"start": start, "end": end})
    assert [(e["code"], e["path"]) for e in refused["errors"]] == [
        ("QUIET_HOURS_INVALID", ["quietHours"])
    ]


async def test_settings_of_another_customer_s_account_are_refused(
    api: ApiClient, boris: Viewer, account: Account
):
    for key in (account.id, new_key()):
        choice: Any = {"accountId": to_public("acc", key), "topics": {"email": []}}
        refused = await update(api, boris, accounts=[choice])
        assert [(e["code"], e["path"]) for e in refused["errors"]] == [
            ("ACCOUNT_NOT_FOUND", ["accounts", "0", "accountId"])
        ]
    assert await TopicSettings.all().count() == 0
    many = [{"accountId": to_public("acc", account.id), "topics": None}] * 51
    refused = await update(api, boris, accounts=many)
    assert [e["code"] for e in refused["errors"]] == ["TOO_MANY_ACCOUNTS"]


async def given_mail(viewer: Viewer) -> Delivery:
    """A waiting mail about an answer."""
    await notify_user(viewer.id, NoticeEvent(NoticeKind.APPEAL_ANSWERED, "message/1"), now=NOW)
    return await Delivery.get(channel=NoticeChannel.EMAIL)


async def test_the_link_in_a_mail_silences_its_topic_everywhere(
    api: ApiClient, anna: Viewer, account: Account
):
    own = {"accountId": to_public("acc", account.id), "topics": {"email": ["BILLS", "ANSWERS"]}}
    await update(api, anna, accounts=[own])
    token = token_of((await given_mail(anna)).id, api.state.ports.signer)
    for _ in range(2):
        answer = await api.post(UNSUBSCRIBE, link=token)
        assert answer["data"]["notificationsUnsubscribe"] == {"topic": "ANSWERS", "errors": []}
    viewer = await settings(api, anna)
    general = viewer["notificationSettings"]
    assert general["emailTopics"] == [topic for topic in ALL if topic != "ANSWERS"]
    assert general["smsTopics"] == ALL
    assert viewer["accounts"][0]["notificationSettings"]["emailTopics"] == ["BILLS"]
    again = await update(api, anna, topics={"email": ALL})
    assert again["viewer"]["notificationSettings"]["emailTopics"] == ALL


async def test_settings_saved_at_the_moment_of_an_unsubscription_keep_it(
    api: ApiClient, anna: Viewer, opened: asyncpg.Connection
):
    link = token_of((await given_mail(anna)).id, api.state.ports.signer)
    await update(api, anna, topics={"email": ALL, "sms": ALL})
    token, sms = await api.signed_in(anna), {"topics": {"sms": ["BILLS"]}}
    async with opened.transaction():
        await opened.execute("SELECT FROM notice_choice FOR UPDATE")
        unsubscribing = asyncio.create_task(api.post(UNSUBSCRIBE, link=link))
        await until_locks_are_awaited(opened)
        saving = asyncio.create_task(api.post(UPDATE, token, input=sms))
        await until_locks_are_awaited(opened, 2)
    assert (await unsubscribing)["data"]["notificationsUnsubscribe"]["errors"] == []
    assert (await saving)["data"]["notificationSettingsUpdate"]["errors"] == []

    saved = (await settings(api, anna))["notificationSettings"]
    assert saved["emailTopics"] == [topic for topic in ALL if topic != "ANSWERS"]
    assert saved["smsTopics"] == ["BILLS"]


UNSUBSCRIBE_PREVIEW = """query ($link: String!) {
  notificationsUnsubscribePreview(token: $link) { topic maskedEmail } }"""


async def test_a_preview_of_unsubscribing_has_the_topic_and_the_address(
    api: ApiClient, anna: Viewer
):
    token = token_of((await given_mail(anna)).id, api.state.ports.signer)
    answer = await api.post(UNSUBSCRIBE_PREVIEW, link=token)
    preview = {"topic": "ANSWERS", "maskedEmail": "a***@example.com"}
    assert answer["data"] == {"notificationsUnsubscribePreview": preview}
    assert await TopicSettings.all().count() == 0


@pytest.mark.parametrize("token", ["", "x", "A" * 64, "ж" * 64])
async def test_a_made_up_link_does_nothing(api: ApiClient, anna: Viewer, token: str):
    await given_mail(anna)
    previewed = await api.post(UNSUBSCRIBE_PREVIEW, link=token)
    assert previewed["data"] == {"notificationsUnsubscribePreview": None}
    answer = await api.post(UNSUBSCRIBE, link=token)
    assert answer["data"]["notificationsUnsubscribe"]["errors"] == [
        {"code": "UNSUBSCRIBE_TOKEN_INVALID", "path": ["token"]}
    ]
    assert await TopicSettings.all().count() == 0
