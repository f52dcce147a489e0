"""Settings, quiet hours and kinds together decide what is sent when: against plain Python."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pytest
from given_accounts import NOW, given_bare_account, given_link
from notifications.given import COMPANY, ZONE, Clock, Recorder, given_confirmed_phone

from lk_graphql.accounts.models import AccountLink
from lk_graphql.identity.models import User
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import (
    Delivery,
    DeliveryPace,
    DeliveryState,
    Notice,
    NoticeChannel,
    NoticeChoice,
    NoticeKind,
    NoticeManners,
    NoticeTopic,
)
from lk_graphql.notifications.service.quiet import QuietHours
from lk_graphql.notifications.service.sending import hand_over
from lk_graphql.notifications.service.telling import News, tell_linked
from lk_graphql.profile.models import PhoneProof

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


@dataclass
class Case:
    """One person's settings, and the minute of the day when something happens."""

    kind: str
    minute: int
    general: dict[str, set[str]] | None
    own: dict[str, set[str]] | None
    manners: tuple[bool, tuple[int, int] | None] | None
    is_confirmed: bool
    has_mobile: bool


def some_case(dice: random.Random) -> Case:
    def choice() -> dict[str, set[str]] | None:
        if dice.random() < 0.4:
            return None
        return {way: {t for t in TOPICS if dice.random() < 0.4} for way in ("EMAIL", "SMS")}

    start, end = dice.sample(range(0, 1440, 30), 2)
    quiet = None if dice.random() < 0.3 else (start, end)
    return Case(
        kind=dice.choice([kind.value for kind in NoticeKind]),
        minute=dice.randrange(1440),
        general=choice(),
        own=choice(),
        manners=None if dice.random() < 0.2 else (dice.random() < 0.7, quiet),
        is_confirmed=dice.random() < 0.7,
        has_mobile=dice.random() < 0.8,
    )


def expected(case: Case) -> set[str]:
    """The ways in which it is to come."""
    topic = next((name for name, kinds in TOPICS.items() if case.kind in kinds), None)
    if topic is None:
        return set()
    muted = case.own if case.own is not None else case.general or {"EMAIL": set(), "SMS": set()}
    ways = {way for way in ("EMAIL", "SMS") if topic not in muted[way]}
    has_sms = case.manners is not None and case.manners[0]
    return ways if has_sms and case.is_confirmed and case.has_mobile else ways - {"SMS"}


def expected_minute(case: Case) -> int:
    """Minutes after midnight: when it is not quiet any more."""
    quiet = case.manners[1] if case.manners else (22 * 60, 8 * 60)
    minute = case.minute
    while quiet and is_quiet(minute % 1440, *quiet):
        minute += 1
    return minute


def is_quiet(minute: int, start: int, end: int) -> bool:
    return start <= minute < end if start < end else minute >= start or minute < end


async def given(case: Case, anna: Viewer) -> None:
    await NoticeChoice.all().delete()
    await NoticeManners.all().delete()
    await PhoneProof.all().delete()
    await Notice.all().delete()
    await DeliveryPace.all().delete()
    phone = "+79131234567" if case.has_mobile else "+73843123456"
    await User.filter(id=anna.id).update(phone=phone)
    if case.is_confirmed:
        await given_confirmed_phone(anna)
    link = await AccountLink.get(user_id=anna.id)
    for account_id, muted in ((None, case.general), (link.account_id, case.own)):
        if muted is not None:
            await NoticeChoice.create(
                user_id=anna.id,
                account_id=account_id,
                muted_by_email=sorted(muted["EMAIL"]),
                muted_by_sms=sorted(muted["SMS"]),
                changed_at=NOW,
            )
    if case.manners:
        has_sms, quiet = case.manners
        start, end = quiet or (None, None)
        await NoticeManners.create(
            user_id=anna.id, has_sms=has_sms, quiet_from=start, quiet_until=end, changed_at=NOW
        )


async def test_what_comes_when_is_as_plain_python_says(anna: Viewer):
    dice = random.Random("preferences")
    account = await given_bare_account("0400000001")
    await given_link(anna, account)
    midnight = datetime(2026, 11, 25, tzinfo=ZONE)
    for number in range(120):
        case = some_case(dice)
        await given(case, anna)
        now = midnight + timedelta(minutes=case.minute)
        await tell_linked(account.id, News(NoticeKind(case.kind), f"case/{number}"), now=now)
        got = {row.channel.value: row.due_at for row in await Delivery.all()}
        assert set(got) == expected(case), case
        for channel in NoticeChannel:
            clock = Clock(now)
            recorder = Recorder(clock)
            while waiting := await Delivery.get_or_none(
                channel=channel, state=DeliveryState.WAITING
            ):
                clock.now = max(clock.now, waiting.due_at)
                await hand_over(
                    recorder.gateway(channel=channel),
                    company=COMPANY,
                    watch=clock.watch,
                    until=clock.now + timedelta(minutes=1),
                )
            sent_at = midnight + timedelta(minutes=expected_minute(case))
            wanted = [sent_at] if channel.value in expected(case) else []
            delivered = await Delivery.filter(channel=channel).values_list("sent_at", flat=True)
            assert delivered == wanted, (case, channel)


def test_every_topic_is_told_above():
    assert set(TOPICS) == set(NoticeTopic)


@pytest.mark.parametrize(
    ("clock", "ends"),
    [
        ("2026-11-22 21:59", None),
        ("2026-11-22 22:00", "2026-11-23 08:00"),
        ("2026-11-22 00:00", "2026-11-22 08:00"),
        ("2026-11-22 07:59", "2026-11-22 08:00"),
        ("2026-11-22 08:00", None),
    ],
)
def test_the_night_lies_between_two_days(clock: str, ends: str | None):
    now = datetime.fromisoformat(clock).replace(tzinfo=ZONE)
    over = QuietHours(time(22), time(8)).ends_at(now, ZONE)
    assert over == (ends and datetime.fromisoformat(ends).replace(tzinfo=ZONE))
