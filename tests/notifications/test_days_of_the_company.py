"""Days are those of the company's time zone, also at midnight and at the end of a month."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lk_graphql.billing.jobs import notify_of_payments
from lk_graphql.billing.models import Invoice
from lk_graphql.kit.company import Company
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.jobs import notify_of_verification, notify_of_window
from lk_graphql.metering.models import LatePolicy, Meter
from lk_graphql.notifications.models import Delivery, DeliverySettings, Notice, NoticeKind
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user
from tests.factories.accounts import given_bare_account, given_invoice, given_link, given_meter
from tests.factories.metering import given_window
from tests.factories.notifications import FakeClock, RecordingGateway

ZONES = ("Asia/Kamchatka", "Asia/Novokuznetsk", "Europe/Kaliningrad")
"""In the first zone 10:00 comes on the UTC day before."""


@pytest.fixture
async def bill(anna: Viewer) -> Invoice:
    """A bill due on 30 November; the reading window is from the 28th to the end of the month."""
    await given_window(28, 31, LatePolicy.NEXT_PERIOD, offline_days=3)
    account = await given_bare_account("0400000001")
    await given_link(anna, account)
    await given_meter(account)
    await Meter.all().update(next_verification_on=date(2026, 11, 30))
    bill = await given_invoice(account, 10, charged=64_000, unpaid=14_000)
    await Invoice.all().update(due_on=date(2026, 11, 30))
    return bill


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.usefixtures("bill")
async def test_each_reminder_is_sent_in_the_morning_of_its_day_in_the_company_s_zone(zone: str):
    company = Company("МЭФ", "https://lk.example", ZoneInfo(zone))
    begin = datetime(2026, 11, 26, 0, 11, tzinfo=UTC)
    for hour in range(7 * 24):
        context: Any = SimpleNamespace(now=begin + timedelta(hours=hour), company=company)
        for job in (notify_of_window, notify_of_verification, notify_of_payments):
            await job(context)
    times = {
        (notice.kind, f"{notice.created_at.astimezone(company.zone):%m-%d %H:%M}")
        for notice in await Notice.all()
    }
    assert times == {
        (NoticeKind.PAYMENT_DUE, "11-27 10:11"),
        (NoticeKind.WINDOW_OPENED, "11-28 10:11"),
        (NoticeKind.READING_REMINDER, "11-29 10:11"),
        (NoticeKind.VERIFICATION_DUE, "11-30 10:11"),
        (NoticeKind.PAYMENT_OVERDUE, "12-01 10:11"),
    }


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", [date(2026, 11, 30), date(2026, 12, 31), date(2028, 2, 29)])
@pytest.mark.parametrize(("minutes", "is_sent"), [(-1, True), (0, False)])
async def test_a_reminder_is_pointless_from_the_midnight_there(
    anna: Viewer, zone: str, day: date, minutes: int, *, is_sent: bool
):
    company = Company("МЭФ", "https://lk.example", ZoneInfo(zone))
    midnight = datetime(day.year, day.month, day.day, tzinfo=company.zone) + timedelta(days=1)
    await DeliverySettings.create(user_id=anna.id, changed_at=midnight)
    clock = FakeClock((midnight + timedelta(minutes=minutes)).astimezone(UTC))
    await notify_user(anna.id, NoticeEvent(NoticeKind.PAYMENT_DUE, "due", day=day), now=clock.now)
    recorder = RecordingGateway(clock)
    await recorder.deliver_due(minutes=0.5, company=company)
    assert len(recorder.got) == is_sent
    assert await Delivery.filter(state="SENT").count() == is_sent
