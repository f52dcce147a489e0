"""Whatever people change and click on: what is sent is what a plain oracle says."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import cycle, islice
from uuid import UUID

import pytest

from lk_graphql.identity.models import Consent, ConsentAction, DocumentKind, User
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import (
    Delivery,
    DeliveryState,
    NoticeChannel,
    NoticeKind,
    NoticeManners,
    NoticeTopic,
)
from lk_graphql.notifications.service import settings
from lk_graphql.notifications.service.delivery import deliver
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user
from lk_graphql.notifications.service.quiet_hours import QuietHours
from lk_graphql.notifications.service.settings import AccountTopics, SettingsChange, Topics
from lk_graphql.notifications.service.topics import token_of, unsubscribe
from lk_graphql.profile.models import PhoneProof
from lk_graphql.profile.service import consents
from tests.factories.accounts import CLIENT, LINKS, NOW, given_bare_account, given_link
from tests.factories.notifications import (
    COMPANY,
    SMS_TEXT,
    ZONE,
    FakeClock,
    RecordingGateway,
    given_confirmed_phone,
    given_sms_text,
)

# what the manual's subscriptions cover, told a second time
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
"""A kind, the account that it is about, and the way by which it goes."""


def nothing() -> dict[str, set[str]]:
    return {"EMAIL": set(), "SMS": set()}


@dataclass
class Oracle:
    """What a person has switched off, in sets of topics."""

    accounts: tuple[UUID, ...]
    general: dict[str, set[str]] = field(default_factory=nothing)
    own: dict[UUID, dict[str, set[str]]] = field(default_factory=dict[UUID, dict[str, set[str]]])
    has_sms: bool = False
    is_confirmed: bool = True
    is_mobile: bool = True

    def choose(self, account: UUID | None, way: str, wanted: set[str]) -> None:
        """An account's first choice of its own starts from the general one."""
        if account is None:
            chosen = self.general
        else:
            copied = {one: set(muted) for one, muted in self.general.items()}
            chosen = self.own.setdefault(account, copied)
        chosen[way] = set(TOPICS) - wanted

    def click(self, kind: str) -> None:
        """Unsubscribing from a mail."""
        for chosen in (self.general, *self.own.values()):
            chosen["EMAIL"].add(topic_of(kind))

    def wanted(self) -> set[Message]:
        return {
            (kind.value, account, way)
            for kind in NoticeKind
            for account in (None, *self.accounts)
            for way in ("EMAIL", "SMS")
            if self._wants(topic_of(kind), account, way)
        }

    def _wants(self, topic: str, account: UUID | None, way: str) -> bool:
        muted = self.own.get(account, self.general) if account else self.general
        can = way == "EMAIL" or (self.has_sms and self.is_confirmed and self.is_mobile)
        return topic in TOPICS and topic not in muted[way] and can


def topic_of(kind: str) -> str:
    return next((name for name, kinds in TOPICS.items() if kind in kinds), "")


@dataclass
class Person:
    """Makes changes in the cabinet and tells the oracle of them."""

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
        given: dict[str, list[NoticeTopic]] = {}
        for way in self.dice.sample(("EMAIL", "SMS"), self.dice.randint(1, 2)):
            wanted = {topic for topic in TOPICS if self.dice.random() < 0.6}
            self.oracle.choose(account, way, wanted)
            given[way.lower()] = [NoticeTopic(topic) for topic in wanted]
        topics = Topics(**given)
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
        """On a mail of any age, perhaps for the second time."""
        if self.mails:
            delivery, kind = self.dice.choice(self.mails)
            self.oracle.click(kind)
            await unsubscribe(token_of(delivery, LINKS), now=NOW, links=LINKS)

    async def switch(self) -> None:
        if self.oracle.is_confirmed and self.oracle.is_mobile:
            self.oracle.has_sms = not self.oracle.has_sms
            await self._save(SettingsChange(has_sms=self.oracle.has_sms, sms_consent=SMS_TEXT))

    async def withdraw(self) -> None:
        """The consent to SMS, if there is one."""
        if self.oracle.has_sms:
            await consents.withdraw(self.viewer, DocumentKind.SMS, client=CLIENT, now=NOW)
            self.oracle.has_sms = False

    async def move(self) -> None:
        """To another number and back; the proof of the mobile one may get lost."""
        self.oracle.is_mobile = not self.oracle.is_mobile
        self.oracle.is_confirmed = self.dice.random() < 0.7
        phone = MOBILE if self.oracle.is_mobile else LANDLINE
        await User.filter(id=self.viewer.id).update(phone=phone)
        await PhoneProof.all().delete()
        if self.oracle.is_confirmed:
            await given_confirmed_phone(self.viewer)

    async def _save(self, wish: SettingsChange) -> None:
        await settings.update(self.viewer, wish, client=CLIENT, now=NOW)


async def told(person: Person, round_: str) -> set[Message]:
    """Tell everything that can be told, of everything; what is planned."""
    for account in (None, *person.oracle.accounts):
        for kind in NoticeKind:
            news = NoticeEvent(kind, f"{round_}/{kind}/{account}")
            await notify_user(person.viewer.id, news, account_id=account, now=NOW)
    waiting = await Delivery.filter(state=DeliveryState.WAITING).values_list(
        "notice__kind", "notice__account_id", "channel"
    )
    return {(kind.value, account, way.value) for kind, account, way in waiting}


async def sent(person: Person) -> set[Message]:
    got: set[Message] = set()
    for channel in NoticeChannel:
        recorder = RecordingGateway(FakeClock())
        gateway = recorder.gateway(10_000, channel)
        until = NOW + timedelta(minutes=1)
        await deliver(gateway, company=COMPANY, clock=recorder.clock.watch, until=until)
        of = {one.id: one for _, one in recorder.got}
        rows = await Delivery.filter(id__in=list(of)).values_list("id", "notice__account_id")
        got |= {(of[key].kind.value, account, channel.value) for key, account in rows}
        if channel is NoticeChannel.EMAIL:
            person.mails += [(key, of[key].kind.value) for key, _ in rows]
    return got


@pytest.mark.parametrize("seed", range(6))
async def test_any_changes_and_clicks_are_obeyed_when_told_and_when_sent(anna: Viewer, seed: int):
    accounts = [await given_bare_account(f"040000000{n}") for n in (1, 2)]
    for account in accounts:
        await given_link(anna, account)
    await given_confirmed_phone(anna)
    await given_sms_text()
    await settings.update(anna, SettingsChange(is_never_quiet=True), client=CLIENT, now=NOW)
    oracle = Oracle(tuple(account.id for account in accounts))
    person = Person(anna, oracle, random.Random(f"preferences {seed}"))
    for round_ in range(4):
        for _ in range(person.dice.randint(0, 4)):
            await person.change_something()
        planned = oracle.wanted()
        assert await told(person, str(round_)) == planned
        for _ in range(person.dice.randint(0, 2)):  # while it waits
            await person.change_something()
        assert await sent(person) == planned & oracle.wanted()
        assert await Delivery.filter(state=DeliveryState.WAITING).count() == 0
        kept = await Consent.all().order_by("id").values_list("action", flat=True)
        assert kept == [*islice(cycle(ConsentAction), len(kept))]
        assert len(kept) % 2 == oracle.has_sms


def test_every_topic_is_told_above():
    assert set(TOPICS) == set(NoticeTopic)


def some_quiet_hours() -> Iterator[tuple[int, int, int]]:
    """When they begin and end and what time it is, in minutes after midnight."""
    dice = random.Random("quiet")
    for _ in range(300):
        start, end = dice.sample(range(1440), 2)
        yield start, end, dice.choice((start, end, (start - 1) % 1440, dice.randrange(1440)))


def is_quiet(minute: int, start: int, end: int) -> bool:
    return start <= minute < end if start < end else minute >= start or minute < end


def test_quiet_hours_end_when_plain_counting_says():
    midnight = datetime(2026, 11, 25, tzinfo=ZONE)
    for start, end, minute in some_quiet_hours():
        hours = QuietHours(time(*divmod(start, 60)), time(*divmod(end, 60)))
        loud = minute
        while is_quiet(loud % 1440, start, end):
            loud += 1
        over = hours.ends_at(midnight + timedelta(minutes=minute), ZONE)
        expected = midnight + timedelta(minutes=loud) if loud != minute else None
        assert over == expected, (start, end, minute)


async def test_quiet_hours_put_a_message_off_until_they_end(anna: Viewer):
    await NoticeManners.create(user_id=anna.id, quiet_from=600, quiet_until=660, changed_at=NOW)
    clock = FakeClock(datetime(2026, 11, 25, 10, 30, tzinfo=ZONE))
    recorder = RecordingGateway(clock)
    await notify_user(anna.id, NoticeEvent(NoticeKind.APPEAL_ANSWERED, "one"), now=clock.now)
    for minute in (30, 59, 60):
        clock.now = datetime(2026, 11, 25, 10, tzinfo=ZONE) + timedelta(minutes=minute)
        until = clock.now + timedelta(seconds=30)
        await deliver(recorder.gateway(), company=COMPANY, clock=clock.watch, until=until)
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
    over = QuietHours(time(22), time(8)).ends_at(now, ZONE)
    assert over == (ends and datetime.fromisoformat(ends).replace(tzinfo=ZONE))
