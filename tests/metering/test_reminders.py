"""Scheduled notices about reading windows and verifications: dates, recipients, only once."""

from datetime import UTC, date, datetime
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
from tests.factories.metering import given_window

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


async def test_the_opening_and_the_end_of_the_window_are_told_once(account: Account):
    last = date(2026, 11, 25)
    opening, reminder = (NoticeKind.WINDOW_OPENED, last), (NoticeKind.READING_REMINDER, last)
    assert await notices_after(14) == []
    assert await notices_after(15, 16) == [opening]
    assert await notices_after(18, 21) == [opening]
    assert await notices_after(22, 23, 25) == [opening, reminder]
    assert await notices_after(26) == [opening, reminder]


async def test_what_was_missed_is_told_for_two_days_more(account: Account):
    assert [kind for kind, _ in await notices_after(17)] == [NoticeKind.WINDOW_OPENED]


async def test_who_has_sent_everything_is_not_reminded(account: Account):
    day, night = await Register.all().order_by("position")
    await given_reading(day, Decimal(12_400), 11)
    await given_reading(night, Decimal(700), 11, ReadingState.WITHDRAWN)
    assert len(await notices_after(22)) == 1
    await Notice.all().delete()
    await Reading.filter(register_id=night.id, period=date(2026, 11, 1)).update(
        state=ReadingState.ON_REVIEW
    )
    assert await notices_after(22) == []


@pytest.mark.parametrize(
    "changed", [{"removed_on": date(2026, 11, 1)}, {"reports_itself": True}], ids=str
)
async def test_without_a_meter_to_read_there_is_nothing_to_tell(
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
async def test_verification_is_told_at_its_three_stages(
    account: Account, due: date, *, is_told: bool
):
    await Meter.all().update(next_verification_on=due)
    for _ in range(2):
        await notify_of_verification(date(2026, 11, 15), now=NOW)
    meter = await Meter.get()
    facts = [(notice.kind, notice.subject_id, notice.day) for notice in await Notice.all()]
    assert facts == [(NoticeKind.VERIFICATION_DUE, meter.id, due)] * is_told
