"""Refused addresses get no further deliveries, and don't delay those of others."""

import json
from collections import Counter
from collections.abc import Generator
from datetime import datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import REGISTRY

from lk_graphql.identity.models import User
from lk_graphql.kit import emails
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.jobs import send_mails, send_sms
from lk_graphql.notifications.models import (
    Delivery,
    DeliverySettings,
    DeliveryState,
    NoticeChannel,
    NoticeKind,
    RefusedAddress,
)
from lk_graphql.notifications.service.delivery import MAX_FAILURES
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user
from lk_graphql.ports.jobs import JobContext
from lk_graphql.ports.mail import (
    MailboxNotFound,
    MailRefused,
    MailServerUnavailable,
    Sender,
    SmtpMailer,
)
from lk_graphql.ports.sms import Smsc, SmscAccess
from tests.factories.accounts import LINKS, NOW
from tests.factories.notifications import (
    COMPANY,
    FakeClock,
    RecordingGateway,
    given_confirmed_phone,
)
from tests.support.capture_logs import logging_to
from tests.support.client import ApiClient
from tests.support.smsc_server import LOGIN, PASSWORD, SmscServer, serving_smsc
from tests.support.smtp_server import running_smtp

WAITING, SENT = DeliveryState.WAITING, DeliveryState.SENT
DROPPED, FAILED = DeliveryState.DROPPED, DeliveryState.FAILED
SETTINGS = "{ viewer { notificationSettings { emailRefusedAt smsRefusedAt } } }"
RESUME = """mutation ($channel: NoticeChannel!) {
  notificationSettingsUpdate(input: { resume: [$channel] }) {
    viewer { notificationSettings { emailRefusedAt smsRefusedAt } } errors { code } } }"""


class SmtpHandler:
    """An SMTP server where Anna has no mailbox."""

    def __init__(self) -> None:
        self.recipients: list[str] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.recipients.append(address)
        if address.startswith("anna"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def smtp_server() -> Generator[tuple[SmtpHandler, str]]:
    handler = SmtpHandler()
    with running_smtp(handler) as url:
        yield handler, url


@pytest.fixture
def smsc() -> Generator[SmscServer]:
    with serving_smsc() as server:
        yield server


def job_context(mail_url: str = "", sms: Smsc | None = None) -> JobContext:
    sender = Sender("МЭФ", emails.parse("lk@example.ru"))
    ports: Any = SimpleNamespace(
        mail=mail_url and SmtpMailer(mail_url, sender),
        sms=sms,
        signer=LINKS,
        mails_per_second=1000,
        sms_per_second=1000,
    )
    return JobContext(ports, COMPANY, datetime.now(NOW.tzinfo))


async def notify(viewer: Viewer, *causes: str) -> None:
    for cause in causes:
        await notify_user(viewer.id, NoticeEvent(NoticeKind.APPEAL_ANSWERED, cause), now=NOW)


async def given_no_quiet(*viewers: Viewer, has_sms: bool = False) -> None:
    for viewer in viewers:
        await DeliverySettings.create(user_id=viewer.id, has_sms=has_sms, changed_at=NOW)


async def states(channel: NoticeChannel = NoticeChannel.EMAIL) -> dict[DeliveryState, int]:
    return dict(Counter([delivery.state for delivery in await Delivery.filter(channel=channel)]))


async def refused_channels(api: ApiClient, viewer: Viewer) -> tuple[bool, bool]:
    """The flags of the settings for a refused mailbox and a refused number."""
    answer = await api.ask(SETTINGS, await api.signed_in(viewer))
    settings = answer["viewer"]["notificationSettings"]
    return settings["emailRefusedAt"] is not None, settings["smsRefusedAt"] is not None


async def test_a_mailbox_that_is_not_there_is_tried_once(
    api: ApiClient, anna: Viewer, boris: Viewer, smtp_server: tuple[SmtpHandler, str]
):
    attempts, url = smtp_server[0].recipients, smtp_server[1]
    await given_no_quiet(anna, boris)
    await notify(anna, "one")
    await notify(boris, "one", "two")
    await send_mails(job_context(url))
    assert Counter(attempts) == {"anna@example.com": 1, "boris@example.com": 2}
    assert await refused_channels(api, anna) == (True, False)
    assert await refused_channels(api, boris) == (False, False)
    await notify(anna, "two")  # only in the inbox: no delivery is created
    await notify(boris, "three")
    await send_mails(job_context(url))
    assert Counter(attempts) == {"anna@example.com": 1, "boris@example.com": 3}
    assert await states() == {FAILED: 1, SENT: 3}
    # A new address is used at once, the old one again after `resume`.
    await User.filter(id=anna.id).update(email="new@example.com", email_key="new@example.com")
    assert await refused_channels(api, anna) == (False, False)
    await notify(anna, "three")
    await send_mails(job_context(url))
    assert attempts[-1] == "new@example.com"
    await User.filter(id=anna.id).update(email="anna@example.com", email_key="anna@example.com")
    assert await refused_channels(api, anna) == (True, False)
    resumed = await api.post(RESUME, await api.signed_in(anna), channel="EMAIL")
    payload = resumed["data"]["notificationSettingsUpdate"]
    assert payload["viewer"]["notificationSettings"]["emailRefusedAt"] is None
    await notify(anna, "four")
    await send_mails(job_context(url))
    assert attempts[-1] == "anna@example.com"
    assert await refused_channels(api, anna) == (True, False)


async def test_a_number_that_refuses_sms_gets_one_and_mails_go_on(
    api: ApiClient, anna: Viewer, boris: Viewer, smsc: SmscServer
):
    for viewer in (anna, boris):
        await given_confirmed_phone(viewer)
        await given_no_quiet(viewer, has_sms=True)
    await User.filter(id=boris.id).update(phone="+79131234568")
    await given_confirmed_phone(boris)
    smsc.unreachable = {"79131234567"}
    port = Smsc(SmscAccess(LOGIN, PASSWORD), address=smsc.url)
    for cause in ("one", "two"):
        await notify(anna, cause)
        await notify(boris, cause)
        await send_sms(job_context(sms=port))
    assert [form["phones"] for _, form in smsc.asked].count("+79131234567") == 1
    assert [form["phones"] for form in smsc.messages] == ["+79131234568"] * 2
    assert await refused_channels(api, anna) == (False, True)
    assert await Delivery.filter(channel=NoticeChannel.EMAIL, state=WAITING).count() == 4


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def recorder(clock: FakeClock) -> RecordingGateway:
    return RecordingGateway(clock)


async def test_deliveries_to_a_refused_address_are_dropped_unsent(
    recorder: RecordingGateway, anna: Viewer
):
    await notify(anna, *map(str, range(30)))
    recorder.faults = [MailboxNotFound("SMTP 550")]
    await recorder.deliver_due(per_second=1)
    assert await states() == {FAILED: 1, DROPPED: 29}
    assert len(recorder.got) == 1


async def test_a_refused_mail_doesn_t_block_its_mailbox(recorder: RecordingGateway, anna: Viewer):
    await notify(anna, "one", "two")
    recorder.faults = [MailRefused("SMTP 554")]
    await recorder.deliver_due()
    assert await states() == {FAILED: 1, SENT: 1}
    assert await RefusedAddress.all().count() == 0


async def test_a_refused_mail_is_counted_and_logged_with_the_server_s_code(
    recorder: RecordingGateway, anna: Viewer
):
    def counted(state: str) -> float:
        labels = {"channel": "EMAIL", "state": state}
        return REGISTRY.get_sample_value("lk_graphql_notice_deliveries_total", labels) or 0

    before = [counted(state) for state in ("SENT", "FAILED")]
    await notify(anna, "one", "two", "three")
    recorder.faults = [MailRefused("SMTP 554 5.7.1")]
    log = BytesIO()
    with logging_to(log, "warning"):
        await recorder.deliver_due()

    assert [counted(state) for state in ("SENT", "FAILED")] == [before[0] + 2, before[1] + 1]
    refused = await Delivery.get(state=FAILED)
    line = json.loads(log.getvalue())
    assert (line["event"], line["delivery"], line["error"]) == (
        "notices.refused",
        str(refused.id),
        "MailRefused: SMTP 554 5.7.1",
    )


async def test_a_message_with_an_error_delays_no_other(
    recorder: RecordingGateway, clock: FakeClock, anna: Viewer
):
    await notify(anna, "one", "two", "three")
    recorder.faults = [ValueError("a line break")]
    await recorder.deliver_due()
    assert await states() == {WAITING: 1, SENT: 2}
    clock.now += timedelta(minutes=1)
    await recorder.deliver_due()
    assert await states() == {SENT: 3}


async def test_an_outage_uses_up_the_attempts_of_a_few_only(
    recorder: RecordingGateway, anna: Viewer
):
    await notify(anna, *map(str, range(50)))
    recorder.faults = [MailServerUnavailable("SMTP 421")] * 50
    await recorder.deliver_due(per_second=5)
    tries = Counter(await Delivery.all().values_list("attempts", flat=True))
    assert tries == {1: MAX_FAILURES, 0: 30}
