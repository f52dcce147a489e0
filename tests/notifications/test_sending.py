"""Delivery at the set rate, once each, also after crashes of the sender."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.identity.models import User
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import (
    Delivery,
    DeliveryPace,
    DeliverySettings,
    DeliveryState,
    NoticeChannel,
    NoticeKind,
    NoticeTopic,
    RefusedAddress,
    TopicSettings,
)
from lk_graphql.notifications.service import outbox
from lk_graphql.notifications.service.notices import NoticeEvent, notify_linked, notify_user
from lk_graphql.notifications.service.outbox import LeasedDelivery
from lk_graphql.ports.mail import MailRefused, MailRejected, MailServerUnavailable
from tests.factories.accounts import NOW, given_bare_account, given_link
from tests.factories.notifications import (
    COMPANY,
    FakeClock,
    RecordingGateway,
    given_confirmed_phone,
)

ANSWER = NoticeKind.APPEAL_ANSWERED
WAITING, SENT = DeliveryState.WAITING, DeliveryState.SENT
DROPPED, FAILED = DeliveryState.DROPPED, DeliveryState.FAILED


class Killed(BaseException):
    """A crash that no `except Exception` catches."""


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def recorder(clock: FakeClock) -> RecordingGateway:
    return RecordingGateway(clock)


async def given_answers(viewer: Viewer, count: int) -> None:
    for n in range(count):
        await notify_user(viewer.id, NoticeEvent(ANSWER, f"message/{n}"), now=NOW)


async def run(recorder: RecordingGateway, per_second: float = 100, *, minutes: float = 240) -> int:
    return await recorder.deliver_due(minutes=minutes, per_second=per_second)


async def states() -> dict[DeliveryState, int]:
    return dict(Counter([delivery.state for delivery in await Delivery.all()]))


async def test_each_message_is_sent_once_with_its_facts(recorder: RecordingGateway, anna: Viewer):
    account = await given_bare_account("0400000001")
    await given_link(anna, account)
    bill = NoticeEvent(
        NoticeKind.INVOICE_ISSUED, "invoice/1", period=date(2026, 10, 1), day=date(2026, 12, 16)
    )
    await notify_linked(account.id, bill, now=NOW)
    assert await run(recorder) == 1
    assert await run(recorder) == 0
    ((_, leased),) = recorder.got
    recipient = (leased.email, leased.name)
    assert recipient == ("anna@example.com", "Пелагея Сергеевна")
    facts = (leased.kind, leased.facts.account, leased.facts.period)
    assert facts == (bill.kind, "0400000001", bill.period)
    delivery = await Delivery.get()
    assert (delivery.id, delivery.state, delivery.sent_at) == (leased.id, SENT, NOW)


async def test_no_second_has_more_messages_than_the_rate(
    recorder: RecordingGateway, clock: FakeClock, anna: Viewer
):
    await given_answers(anna, 50)
    await run(recorder, 7)
    moments = [moment for moment, _ in recorder.got]
    assert len(moments) == 50
    second = timedelta(seconds=1)
    assert all(sum(m <= n < m + second for n in moments) <= 7 for m in moments)
    assert sum(clock.waited) == pytest.approx(49 / 7, abs=1)


async def test_two_senders_share_the_rate(clock: FakeClock, anna: Viewer):
    await given_answers(anna, 20)
    first, second = RecordingGateway(clock), RecordingGateway(clock)
    await run(first, 5, minutes=1 / 60)
    await run(second, 5)
    assert sorted(first.keys + second.keys) == sorted(
        await Delivery.all().values_list("id", flat=True)
    )
    assert clock.now - NOW == pytest.approx(timedelta(seconds=3.8), abs=timedelta(seconds=0.2))


async def test_a_killed_sender_s_batch_is_sent_again_under_the_same_keys_later(
    recorder: RecordingGateway, clock: FakeClock, anna: Viewer
):
    await given_answers(anna, 12)
    recorder.faults = [Killed()]
    with pytest.raises(Killed):
        await run(recorder, 4)
    keys = recorder.keys
    assert 1 <= len(keys) <= 4
    assert await states() == {WAITING: 12}
    await run(recorder, 4)
    assert await states() == {SENT: 8, WAITING: 4}  # the killed sender's leases run until later
    clock.now += outbox.LEASE
    await run(recorder, 4)
    assert await states() == {SENT: 12}
    assert len(set(recorder.keys)) == 12
    repeats = [delivery for _, delivery in recorder.got if delivery.attempts > 1]
    assert {delivery.id for delivery in repeats} >= set(keys)
    assert len(repeats) == 4


class SlowGateway(RecordingGateway):
    """A gateway that accepts five messages and answers no others; it `is_stuck` from then on."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.is_stuck = asyncio.Event()

    async def send(self, delivery: LeasedDelivery) -> None:
        if len(self.got) == 5:
            self.is_stuck.set()
            await asyncio.Event().wait()
        await super().send(delivery)


async def test_a_stopped_sender_s_messages_are_not_sent_again(
    recorder: RecordingGateway, clock: FakeClock, anna: Viewer
):
    await given_answers(anna, 12)
    stopped = SlowGateway(clock)
    sending = asyncio.create_task(run(stopped))
    await stopped.is_stuck.wait()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert await states() == {SENT: 5, WAITING: 7}
    clock.now += outbox.LEASE
    assert await run(recorder) == 7
    keys = [delivery.id for delivery in await Delivery.all()]
    assert sorted(stopped.keys + recorder.keys) == sorted(keys)


async def test_simultaneous_leases_never_share_a_delivery(anna: Viewer):
    await given_answers(anna, 30)
    keys = set[UUID]()
    for _ in range(6):
        deliveries = await outbox.lease(NoticeChannel.EMAIL, 5, now=NOW)
        assert len(deliveries) == 5
        assert not keys & {delivery.id for delivery in deliveries}
        keys |= {delivery.id for delivery in deliveries}
    assert await outbox.lease(NoticeChannel.EMAIL, 5, now=NOW) == []


async def test_an_outage_is_waited_out(recorder: RecordingGateway, clock: FakeClock, anna: Viewer):
    await given_answers(anna, 1)
    recorder.faults = [MailServerUnavailable("SMTP 421"), MailServerUnavailable("SMTP 421")]
    for _ in range(3):
        await run(recorder)
        clock.now += timedelta(minutes=1)
    assert await states() == {SENT: 1}
    assert await Delivery.all().values_list("attempts", flat=True) == [3]


@pytest.mark.parametrize("fault", [MailServerUnavailable("SMTP 421"), RuntimeError("a bug")])
async def test_an_outage_of_a_weekend_loses_no_mail(
    recorder: RecordingGateway, clock: FakeClock, anna: Viewer, fault: Exception
):
    await given_answers(anna, 3)
    await DeliverySettings.create(user_id=anna.id, changed_at=NOW)
    recorder.faults = [fault] * 1000
    until = NOW + timedelta(hours=48)
    while clock.now < until:
        await run(recorder)
        clock.now += timedelta(minutes=30)
    assert await states() == {WAITING: 3}

    recorder.faults = []
    clock.now += timedelta(minutes=75)  # an hour and its jitter
    await run(recorder)

    assert await states() == {SENT: 3}


async def test_a_delivery_has_failed_after_three_days(
    recorder: RecordingGateway, clock: FakeClock, anna: Viewer
):
    await given_answers(anna, 1)
    await DeliverySettings.create(user_id=anna.id, changed_at=NOW)
    recorder.faults = [MailServerUnavailable("SMTP 421")] * 100
    for _ in range(100):
        await run(recorder)
        clock.now += timedelta(hours=2)
    assert await states() == {FAILED: 1}
    assert len(recorder.got) == 80


async def test_a_refusal_without_a_reason_is_tried_three_times_within_an_hour(
    recorder: RecordingGateway, clock: FakeClock, anna: Viewer
):
    await given_answers(anna, 1)
    await DeliverySettings.create(user_id=anna.id, changed_at=NOW)
    outages = [MailServerUnavailable("SMTP 421") for _ in range(4)]
    recorder.faults = [*outages, *(MailRejected("SMTP 550") for _ in range(9))]
    for _ in range(200):
        await run(recorder)
        clock.now += timedelta(minutes=1)
    assert await states() == {FAILED: 1}
    assert await Delivery.all().values_list("attempts", "refusals") == [(7, 3)]
    first, *_, last = (at for at, _ in recorder.got[4:])
    assert timedelta(minutes=20) < last - first <= timedelta(hours=1)
    assert not await RefusedAddress.exists()


async def test_a_mail_server_that_is_wrong_for_a_minute_loses_no_mail(
    recorder: RecordingGateway, clock: FakeClock, anna: Viewer
):
    await given_answers(anna, 30)
    await DeliverySettings.create(user_id=anna.id, changed_at=NOW)
    recorder.faults = [MailRejected("SMTP 550")] * 40
    for _ in range(40):
        await run(recorder)
        clock.now += timedelta(minutes=1)
    assert await states() == {SENT: 30}


async def test_a_refused_address_is_not_tried_again(recorder: RecordingGateway, anna: Viewer):
    await given_answers(anna, 2)
    recorder.faults = [MailRefused("SMTP 550")]
    await run(recorder)
    assert await states() == {FAILED: 1, SENT: 1}


async def test_a_delivery_of_a_muted_topic_is_dropped(recorder: RecordingGateway, anna: Viewer):
    await given_answers(anna, 3)
    topics = [NoticeTopic.ANSWERS.value]
    await TopicSettings.create(user_id=anna.id, muted_by_email=topics, changed_at=NOW)
    await run(recorder)
    assert await states() == {DROPPED: 3}
    assert recorder.got == []
    assert await DeliveryPace.all().count() == 0  # dropped deliveries take no share of the rate


async def test_a_user_without_access_gets_no_message(
    recorder: RecordingGateway, anna: Viewer, boris: Viewer, clara: Viewer
):
    account = await given_bare_account("0400000001")
    for viewer in (anna, boris, clara):
        await given_link(viewer, account)
    await notify_linked(account.id, NoticeEvent(NoticeKind.PAYMENT_OVERDUE, "overdue/1"), now=NOW)
    await AccountLink.filter(user_id=anna.id).update(state=LinkState.SUSPENDED)
    await User.filter(id=boris.id).update(locked_at=NOW)
    await run(recorder)
    assert [delivery.email for _, delivery in recorder.got] == ["clara@example.com"]
    assert await states() == {SENT: 1, DROPPED: 2}


@pytest.mark.parametrize(
    ("kind", "is_sent"),
    [
        (NoticeKind.READING_REMINDER, False),
        (NoticeKind.WINDOW_OPENED, False),
        (NoticeKind.PAYMENT_DUE, False),
        (NoticeKind.PAYMENT_OVERDUE, True),
        (NoticeKind.VERIFICATION_DUE, True),
    ],
)
async def test_a_reminder_is_pointless_after_its_day(
    recorder: RecordingGateway, anna: Viewer, kind: NoticeKind, *, is_sent: bool
):
    today = COMPANY.today(NOW)
    await notify_user(anna.id, NoticeEvent(kind, "today", day=today), now=NOW)
    await notify_user(anna.id, NoticeEvent(kind, "gone", day=today - timedelta(days=1)), now=NOW)
    await run(recorder)
    is_today = sorted(delivery.facts.day == today for _, delivery in recorder.got)
    assert is_today == ([False, True] if is_sent else [True])


async def test_nothing_comes_at_night_and_waiting_uses_up_no_attempt(
    recorder: RecordingGateway, clock: FakeClock, anna: Viewer
):
    clock.now = datetime(2026, 11, 22, 23, 30, tzinfo=COMPANY.zone)
    await given_answers(anna, 1)
    await run(recorder, minutes=60)
    assert recorder.got == []
    delivery = await Delivery.get()
    assert delivery.due_at == datetime(2026, 11, 23, 8, 0, tzinfo=COMPANY.zone)
    assert await Delivery.all().values_list("attempts", flat=True) == [0]
    clock.now = delivery.due_at
    await run(recorder)
    assert [delivery.attempts for _, delivery in recorder.got] == [1]


async def test_sms_and_mails_are_sent_separately(
    recorder: RecordingGateway, clock: FakeClock, anna: Viewer
):
    await given_confirmed_phone(anna)
    await DeliverySettings.create(user_id=anna.id, has_sms=True, changed_at=NOW)
    await given_answers(anna, 2)
    await recorder.deliver_due(minutes=5, per_second=1, channel=NoticeChannel.SMS)
    channels = await Delivery.filter(state=SENT).values_list("channel", flat=True)
    assert channels == [NoticeChannel.SMS] * 2
    assert [delivery.phone for _, delivery in recorder.got] == ["+79131234567"] * 2
    assert clock.now == NOW + timedelta(seconds=1)


async def test_a_run_of_the_sender_ends_after_its_time(recorder: RecordingGateway, anna: Viewer):
    await given_answers(anna, 30)
    await run(recorder, 1, minutes=1 / 6)
    assert 10 <= len(recorder.got) <= 12
    assert (await states())[WAITING] == 30 - len(recorder.got)
