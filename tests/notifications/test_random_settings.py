"""Random changes of settings; the messages sent equal those of an oracle."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import cycle, islice
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from lk_graphql.identity.models import Consent, ConsentAction, DocumentKind, User
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import (
    Delivery,
    DeliverySettings,
    DeliveryState,
    NoticeChannel,
    NoticeKind,
    NoticeTopic,
)
from lk_graphql.notifications.service import settings
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user
from lk_graphql.notifications.service.settings import (
    AccountTopics,
    QuietHours,
    SettingsChange,
    Topics,
)
from lk_graphql.notifications.service.topics import token_of, unsubscribe
from lk_graphql.profile.models import PhoneProof
from lk_graphql.profile.service.consent_withdrawal import withdraw_consent
from tests.factories.accounts import CLIENT, LINKS, NOW, given_bare_account, given_link
from tests.factories.notifications import (
    SMS_TEXT,
    ZONE,
    FakeClock,
    RecordingGateway,
    given_confirmed_phone,
    given_sms_text,
)

# The topics of the manual's subscriptions, independent of the service.
TOPICS = {
    "READING_REMINDERS": ("WINDOW_OPENED", "READING_REMINDER"),
    "READING_RESULTS": ("READINGS_ACCEPTED", "READING_REJECTED"),
    "BILLS": ("INVOICE_ISSUED",),
    "PAYMENTS": ("PAYMENT_DUE", "PAYMENT_OVERDUE", "PAYMENT_RECEIVED"),
    "METERS": ("VERIFICATION_DUE",),
    "ANSWERS": (
        "APPEAL_ANSWERED",
        "APPLICATION_CHANGED",
        "APPLICATION_QUESTION",
        "APPLICATION_DECIDED",
    ),
}
MOBILE, LANDLINE = "+79131234567", "+73843123456"
Message = tuple[str, UUID | None, str]
"""A kind, its account, and the channel."""


def nothing() -> dict[str, set[str]]:
    return {"EMAIL": set(), "SMS": set()}


@dataclass
class Oracle:
    """The oracle: the topics that a user has switched off."""

    accounts: tuple[UUID, ...]
    general: dict[str, set[str]] = field(default_factory=nothing)
    own: dict[UUID, dict[str, set[str]]] = field(default_factory=dict[UUID, dict[str, set[str]]])
    has_sms: bool = False
    is_confirmed: bool = True
    is_mobile: bool = True

    def choose(self, account: UUID | None, channel: str, topics: set[str]) -> None:
        """Choose topics; an account's first choice starts from the general one."""
        if account is None:
            choice = self.general
        else:
            copy = {name: set(off) for name, off in self.general.items()}
            choice = self.own.setdefault(account, copy)
        choice[channel] = set(TOPICS) - topics

    def click(self, kind: str) -> None:
        """Unsubscribe from a mail."""
        for choice in (self.general, *self.own.values()):
            choice["EMAIL"].add(topic_of(kind))

    def messages(self) -> set[Message]:
        return {
            (kind.value, account, channel)
            for kind in NoticeKind
            for account in (None, *self.accounts)
            for channel in ("EMAIL", "SMS")
            if self._is_subscribed(topic_of(kind), account, channel)
        }

    def _is_subscribed(self, topic: str, account: UUID | None, channel: str) -> bool:
        off = self.own.get(account, self.general) if account else self.general
        is_open = channel == "EMAIL" or (self.has_sms and self.is_confirmed and self.is_mobile)
        return topic in TOPICS and topic not in off[channel] and is_open


def topic_of(kind: str) -> str:
    return next((name for name, kinds in TOPICS.items() if kind in kinds), "")


@dataclass
class Person:
    """A user who makes random changes, which the oracle repeats."""

    viewer: Viewer
    oracle: Oracle
    dice: random.Random
    mails: list[tuple[UUID, str]] = field(default_factory=list[tuple[UUID, str]])

    async def change_something(self) -> None:
        changes = (self.choose, self.choose, self.follow, self.click, self.switch)
        changes += (self.switch, self.move, self.withdraw)
        await self.dice.choice(changes)()

    async def choose(self) -> None:
        account = self.dice.choice((None, *self.oracle.accounts))
        choices: dict[str, list[NoticeTopic]] = {}
        for channel in self.dice.sample(("EMAIL", "SMS"), self.dice.randint(1, 2)):
            names = {topic for topic in TOPICS if self.dice.random() < 0.6}
            self.oracle.choose(account, channel, names)
            choices[channel.lower()] = [NoticeTopic(topic) for topic in names]
        topics = Topics(**choices)
        await self._save(
            SettingsChange(accounts=[AccountTopics(account, topics)])
            if account
            else SettingsChange(topics=topics)
        )

    async def follow(self) -> None:
        account = self.dice.choice(self.oracle.accounts)
        self.oracle.own.pop(account, None)
        await self._save(SettingsChange(accounts=[AccountTopics(account, None)]))

    async def click(self) -> None:
        """Unsubscribe by any earlier mail, perhaps for the second time."""
        if self.mails:
            delivery, kind = self.dice.choice(self.mails)
            self.oracle.click(kind)
            await unsubscribe(token_of(delivery, LINKS), now=NOW, signer=LINKS)

    async def switch(self) -> None:
        if self.oracle.is_confirmed and self.oracle.is_mobile:
            self.oracle.has_sms = not self.oracle.has_sms
            await self._save(SettingsChange(has_sms=self.oracle.has_sms, sms_consent=SMS_TEXT))

    async def withdraw(self) -> None:
        """Withdraw the consent to SMS, if there is one."""
        if self.oracle.has_sms:
            await withdraw_consent(self.viewer, DocumentKind.SMS, client=CLIENT, now=NOW)
            self.oracle.has_sms = False

    async def move(self) -> None:
        """Change the number to the landline or back, with or without a confirmation."""
        self.oracle.is_mobile = not self.oracle.is_mobile
        self.oracle.is_confirmed = self.dice.random() < 0.7
        phone = MOBILE if self.oracle.is_mobile else LANDLINE
        await User.filter(id=self.viewer.id).update(phone=phone)
        await PhoneProof.all().delete()
        if self.oracle.is_confirmed:
            await given_confirmed_phone(self.viewer)

    async def _save(self, change: SettingsChange) -> None:
        await settings.update(self.viewer, change, client=CLIENT, signer=LINKS, now=NOW)


async def notify_of_everything(person: Person, round_: str) -> set[Message]:
    """Create notices of all kinds and accounts; return the waiting messages."""
    for account in (None, *person.oracle.accounts):
        for kind in NoticeKind:
            event = NoticeEvent(kind, f"{round_}/{kind}/{account}")
            await notify_user(person.viewer.id, event, account_id=account, now=NOW)
    rows = await Delivery.filter(state=DeliveryState.WAITING).values_list(
        "notice__kind", "notice__account_id", "channel"
    )
    return {(kind.value, account, channel.value) for kind, account, channel in rows}


async def deliver_all(person: Person) -> set[Message]:
    """Run both gateways; return the messages sent."""
    messages: set[Message] = set()
    for channel in NoticeChannel:
        recorder = RecordingGateway(FakeClock())
        await recorder.deliver_due(minutes=1, per_second=10_000, channel=channel)
        kinds = {delivery.id: delivery.kind.value for _, delivery in recorder.got}
        rows = await Delivery.filter(id__in=list(kinds)).values_list("id", "notice__account_id")
        messages |= {(kinds[key], account, channel.value) for key, account in rows}
        if channel is NoticeChannel.EMAIL:
            person.mails += [(key, kinds[key]) for key, _ in rows]
    return messages


@pytest.mark.parametrize("seed", range(6))
async def test_changed_settings_hold_at_the_creation_and_at_the_sending(anna: Viewer, seed: int):
    accounts = [await given_bare_account(f"040000000{n}") for n in (1, 2)]
    for account in accounts:
        await given_link(anna, account)
    await given_confirmed_phone(anna)
    await given_sms_text()
    await settings.update(
        anna, SettingsChange(is_never_quiet=True), client=CLIENT, signer=LINKS, now=NOW
    )
    oracle = Oracle(tuple(account.id for account in accounts))
    person = Person(anna, oracle, random.Random(f"preferences {seed}"))
    for round_ in range(4):
        for _ in range(person.dice.randint(0, 4)):
            await person.change_something()
        planned = oracle.messages()
        assert await notify_of_everything(person, str(round_)) == planned
        for _ in range(person.dice.randint(0, 2)):  # changes between creation and delivery
            await person.change_something()
        assert await deliver_all(person) == planned & oracle.messages()
        assert await Delivery.filter(state=DeliveryState.WAITING).count() == 0
        actions = await Consent.all().order_by("id").values_list("action", flat=True)
        assert actions == [*islice(cycle(ConsentAction), len(actions))]
        assert len(actions) % 2 == oracle.has_sms


def test_the_model_has_every_topic():
    assert set(TOPICS) == set(NoticeTopic)


def some_quiet_hours() -> Iterator[tuple[int, int, int]]:
    """Starts, ends and current times, in minutes after midnight."""
    dice = random.Random("quiet")
    for _ in range(300):
        start, end = dice.sample(range(1440), 2)
        yield start, end, dice.choice((start, end, (start - 1) % 1440, dice.randrange(1440)))


def is_quiet(minute: int, start: int, end: int) -> bool:
    return start <= minute < end if start < end else minute >= start or minute < end


def test_quiet_hours_end_at_the_counted_minute():
    midnight = datetime(2026, 11, 25, tzinfo=ZONE)
    for start, end, minute in some_quiet_hours():
        hours = QuietHours(time(*divmod(start, 60)), time(*divmod(end, 60)))
        first = minute
        while is_quiet(first % 1440, start, end):
            first += 1
        quiet_end = hours.ends_at(midnight + timedelta(minutes=minute), ZONE)
        counted_end = midnight + timedelta(minutes=first) if first != minute else None
        assert quiet_end == counted_end, (start, end, minute)


async def test_quiet_hours_put_a_message_off_until_they_end(anna: Viewer):
    await DeliverySettings.create(user_id=anna.id, quiet_from=600, quiet_until=660, changed_at=NOW)
    clock = FakeClock(datetime(2026, 11, 25, 10, 30, tzinfo=ZONE))
    recorder = RecordingGateway(clock)
    await notify_user(anna.id, NoticeEvent(NoticeKind.APPEAL_ANSWERED, "one"), now=clock.now)
    for minute in (30, 59, 60):
        clock.now = datetime(2026, 11, 25, 10, tzinfo=ZONE) + timedelta(minutes=minute)
        await recorder.deliver_due(minutes=0.5)
    assert [moment for moment, _ in recorder.got] == [datetime(2026, 11, 25, 11, tzinfo=ZONE)]


@pytest.mark.parametrize(
    ("clock", "ends"),
    [
        ("2026-11-22 21:59", None),
        ("2026-11-22 22:00", "2026-11-23 08:00"),
        ("2026-11-30 23:59", "2026-12-01 08:00"),
        ("2026-12-31 22:00", "2027-01-01 08:00"),
        ("2028-02-28 23:00", "2028-02-29 08:00"),
        ("2026-11-22 00:00", "2026-11-22 08:00"),
        ("2026-11-22 07:59", "2026-11-22 08:00"),
        ("2026-11-22 08:00", None),
    ],
)
def test_the_night_lies_between_two_days(clock: str, ends: str | None):
    now = datetime.fromisoformat(clock).replace(tzinfo=ZONE)
    quiet_end = QuietHours(time(22), time(8)).ends_at(now, ZONE)
    assert quiet_end == (ends and datetime.fromisoformat(ends).replace(tzinfo=ZONE))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe"])
@pytest.mark.parametrize(("start", "end"), [(23, 2.5), (2, 3), (0, 1), (12, 0), (1.5, 0.5)])
def test_quiet_hours_end_later_also_when_clocks_change(zone: str, start: float, end: float):
    hours = QuietHours.of_minutes(int(start * 60), int(end * 60))
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    for minute in range(0, 365 * 24 * 60, 15):
        now = new_year + timedelta(minutes=minute)
        quiet_end = hours.ends_at(now, ZoneInfo(zone))
        assert quiet_end is None or quiet_end > now


def test_quiet_hours_end_in_the_repeated_hour():
    zone, hours = ZoneInfo("Europe/Berlin"), QuietHours(time(23), time(2, 30))
    last_sunday = datetime(2026, 10, 25, tzinfo=UTC)
    ends = [hours.ends_at(last_sunday + timedelta(minutes=m), zone) for m in (5, 35, 65, 95)]
    assert [end and end.astimezone(UTC).strftime("%H:%M") for end in ends] == [
        "00:30",
        None,
        "01:30",
        None,
    ]
