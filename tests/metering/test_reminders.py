"""Scheduled notices about reading windows and verifications: dates, recipients, only once."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from lk_graphql.accounts.models import Account
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import LatePolicy, Meter, Reading, ReadingState, Register
from lk_graphql.metering.service.notifications import (
    days_of_meters,
    notify_of_verification,
    notify_of_window,
)
from lk_graphql.notifications.models import Notice, NoticeKind
from tests.factories.accounts import given_bare_account, given_link, given_meter, given_reading
from tests.factories.metering import Home, given_window

NOW = datetime(2026, 11, 15, 3, 11, tzinfo=UTC)


@pytest.fixture
async def account(anna: Viewer) -> Account:
    """Anna's account with a two-rate meter; the window is from the 15th to the 25th."""
    await given_window(15, 25, LatePolicy.NEXT_PERIOD, offline_days=3)
    account = await given_bare_account("0400000001")
    await given_link(anna, account)
    await given_meter(account)
    return account


async def notices_after(*days: int) -> list[tuple[NoticeKind, date | None]]:
    """The notices after the job has run twice on each of these days of November."""
    for day in days:
        for _ in range(2):
            await notify_of_window(date(2026, 11, day), now=NOW)
    return [(notice.kind, notice.day) for notice in await Notice.all().order_by("id")]


async def test_the_opening_and_the_end_of_the_window_have_one_notice_each(account: Account):
    last = date(2026, 11, 25)
    opening, reminder = (NoticeKind.WINDOW_OPENED, last), (NoticeKind.READING_REMINDER, last)
    assert await notices_after(14) == []
    assert await notices_after(15, 16) == [opening]
    assert await notices_after(18, 21) == [opening]
    assert await notices_after(22, 23, 25) == [opening, reminder]
    assert await notices_after(26) == [opening, reminder]


async def test_a_missed_notice_is_sent_within_two_days(account: Account):
    assert [kind for kind, _ in await notices_after(17)] == [NoticeKind.WINDOW_OPENED]


async def test_complete_readings_send_no_reminder(account: Account):
    day, night = await Register.all().order_by("position")
    await given_reading(day, Decimal(12_400), 11)
    await given_reading(night, Decimal(700), 11, ReadingState.WITHDRAWN)
    assert len(await notices_after(22)) == 1
    await Notice.all().delete()
    await Reading.filter(register_id=night.id, period=date(2026, 11, 1)).update(
        state=ReadingState.ON_REVIEW
    )
    assert await notices_after(22) == []


async def test_a_reading_that_waits_for_its_confirmation_is_still_reminded_of(home: Home):
    """Billing doesn't get it, and would bill an estimate."""
    payload = await home.submit(24600, 51300)
    reminder = NoticeKind.READING_REMINDER
    await notices_after(22)
    assert await Notice.filter(kind=reminder).values_list("day", flat=True) == [date(2026, 11, 25)]

    await Notice.filter(kind=reminder).delete()
    await home.confirm(payload["confirmToken"])
    await notices_after(22)
    assert not await Notice.filter(kind=reminder).exists()


@pytest.mark.parametrize(
    "changed", [{"removed_on": date(2026, 11, 1)}, {"reports_itself": True}], ids=str
)
async def test_an_account_without_a_readable_meter_gets_no_reminder(
    account: Account, changed: dict[str, object]
):
    await Meter.all().update(**changed)
    assert await notices_after(15, 22) == []


@pytest.mark.parametrize(
    ("closed_on", "count"),
    [(date(2026, 11, 14), 0), (date(2026, 11, 15), 2), (date(2026, 12, 31), 2)],
)
async def test_an_account_is_left_alone_after_its_last_day(
    account: Account, anna: Viewer, closed_on: date, count: int
):
    today = date(2026, 11, 15)
    await Account.all().update(closed_on=closed_on)
    await Meter.all().update(next_verification_on=today)
    await notify_of_verification(today, now=NOW)
    assert len(await notices_after(15)) == count
    assert bool(await days_of_meters(anna.id, today)) is (count > 0)
    assert len(await notices_after(22)) == count + (closed_on.month == 12)


@pytest.mark.parametrize(
    ("closed_on", "told"),
    [
        (date(2026, 11, 10), {10: "WINDOW_OPENED 10.11"}),
        (date(2026, 11, 15), {15: "WINDOW_OPENED 15.11"}),
        (date(2026, 11, 16), {15: "WINDOW_OPENED 16.11", 16: "READING_REMINDER 16.11"}),
        (date(2026, 11, 20), {15: "WINDOW_OPENED 20.11", 17: "READING_REMINDER 20.11"}),
        (date(2026, 11, 25), {15: "WINDOW_OPENED 25.11", 22: "READING_REMINDER 25.11"}),
        (date(2026, 11, 28), {15: "WINDOW_OPENED 25.11", 22: "READING_REMINDER 25.11"}),
    ],
)
async def test_the_notices_of_a_closing_account_have_its_last_day(
    account: Account, closed_on: date, told: dict[int, str]
):
    """The last day alone is a window, if it is before the rule's (decision 0229)."""
    await Account.all().update(closed_on=closed_on)
    seen = dict[int, str]()
    for day in range(1, 31):
        await Notice.all().update(created_at=NOW - timedelta(days=1))
        await notify_of_window(date(2026, 11, day), now=NOW)
        for notice in await Notice.filter(created_at=NOW):
            assert notice.day
            assert notice.period == date(2026, 11, 1)
            seen[day] = f"{notice.kind} {notice.day:%d.%m}"
    assert seen == told


async def test_a_last_day_before_the_next_window_has_a_notice_of_its_own(account: Account):
    """The window of November is over; the account closes on 2 December."""
    await Account.all().update(closed_on=date(2026, 12, 2))
    for day in (date(2026, 11, 26), date(2026, 12, 1), date(2026, 12, 2)):
        await notify_of_window(day, now=NOW)
    assert await Notice.all().values_list("kind", "period", "day") == [
        (NoticeKind.WINDOW_OPENED, date(2026, 12, 1), date(2026, 12, 2))
    ]


async def test_a_calendar_has_the_last_day_of_an_account_that_closes(
    account: Account, anna: Viewer
):
    """Another account goes on, so the rule's days stay; without it they end with the last day."""
    await Account.all().update(closed_on=date(2026, 11, 20))
    other = await given_bare_account("0400000002")
    link = await given_link(anna, other)
    await given_meter(other)

    async def window_days() -> list[tuple[str, date, str]]:
        events = await days_of_meters(anna.id, date(2026, 11, 14))
        return sorted((event.kind.name, event.day, event.account) for event in events)

    last_day = ("WINDOW_CLOSES", date(2026, 11, 20), account.number)
    first = ("WINDOW_OPENS", date(2026, 11, 15), "")
    assert await window_days() == [
        last_day,
        ("WINDOW_CLOSES", date(2026, 11, 25), ""),
        ("WINDOW_CLOSES", date(2026, 12, 25), ""),
        first,
        ("WINDOW_OPENS", date(2026, 12, 15), ""),
    ]
    await link.delete()
    assert await window_days() == [last_day, first]


@pytest.mark.parametrize(
    ("due", "is_told"),
    [
        (date(2027, 1, 15), False),
        (date(2027, 1, 14), True),  # sixty days ahead
        (date(2027, 1, 12), True),  # two days late
        (date(2027, 1, 11), False),
        (date(2026, 12, 15), True),
        (date(2026, 11, 15), True),
        (date(2026, 11, 12), False),
    ],
)
async def test_a_due_verification_has_a_notice_at_three_stages(
    account: Account, due: date, *, is_told: bool
):
    await Meter.all().update(next_verification_on=due)
    for _ in range(2):
        await notify_of_verification(date(2026, 11, 15), now=NOW)
    meter = await Meter.get()
    facts = [(notice.kind, notice.subject_id, notice.day) for notice in await Notice.all()]
    assert facts == [(NoticeKind.VERIFICATION_DUE, meter.id, due)] * is_told
