"""A meter whose verification is over: its readings are kept, and don't count."""

from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.accounts.service.holders import HolderName, change_holder
from lk_graphql.billing.models import Tariff
from lk_graphql.kit.ids import key_of
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import (
    EstimateRule,
    Meter,
    MonthlyConsumption,
    Reading,
    ReadingState,
    Register,
)
from lk_graphql.metering.service import reading_states
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.metering.service.notifications import notify_of_window
from lk_graphql.notifications.models import Notice, NoticeKind
from tests.factories.accounts import NOW
from tests.factories.metering import PREVIEW, TODAY, Home, given_home, given_read, given_tariffs
from tests.support.client import ApiClient

NOVEMBER = date(2026, 11, 1)


@pytest_asyncio.fixture
async def home(api: ApiClient, anna: Viewer) -> Home:
    """Usually 200 kWh by day and 100 by night; the verification ended yesterday."""
    home = await given_home(api, anna)
    await given_tariffs()
    await Meter.all().update(next_verification_on=TODAY - timedelta(1))
    return home


def kinds(entry: dict[str, Any]) -> list[str]:
    return [finding["kind"] for finding in entry["findings"]]


async def test_a_preview_with_an_expired_verification_prices_the_estimate(home: Home):
    """320 and 130 kWh are shown, the averages of 200 and 100 would be billed."""
    preview = (await home.preview(22_720, 51_330))["preview"]

    assert [(e["status"], kinds(e)) for e in preview["entries"]] == [
        ("ON_REVIEW", ["VERIFICATION_EXPIRED"])
    ] * 2
    assert [
        (e["consumptionKwh"], e["billedKwh"], e["estimatedKwh"]) for e in preview["entries"]
    ] == [("320", "200", "200"), ("130", "100", "100")]
    assert sum(float(line["quantityKwh"]) for line in preview["lines"]) == 300


async def given_few_months(*registers: Register) -> None:
    """Too few months for an average, so the norm would be billed: 50 kWh for each register."""
    for register in registers:
        await Reading.filter(register=register, taken_on__lt=date(2026, 9, 1)).delete()


async def test_a_preview_raises_consumption_by_the_norm(home: Home):
    """50 kWh for 4 rubles and 50 for 2, and a half of that."""
    await given_few_months(home.day, home.night)

    preview = (await home.preview(22_720, 51_330))["preview"]

    assert [entry["billedKwh"] for entry in preview["entries"]] == ["50", "50"]
    assert [line["amount"] for line in preview["lines"]] == ["200.00", "100.00"]
    assert preview["surcharge"] == {"factor": "1.5", "amount": "150.00"}
    assert preview["total"] == "450.00"


async def test_an_average_is_not_raised(home: Home):
    """200 kWh by day are the average, 50 by night the norm; together 50 are in range II."""
    await given_few_months(home.night)

    preview = (await home.preview(22_720, 51_330))["preview"]

    assert [entry["billedKwh"] for entry in preview["entries"]] == ["200", "50"]
    amounts = [(line["zone"], line["amount"]) for line in preview["lines"]]
    assert amounts == [
        ("DAY", "640.00"),
        ("NIGHT", "80.00"),
        ("DAY", "320.00"),
        ("NIGHT", "40.00"),
    ]
    assert preview["surcharge"] == {"factor": "1.5", "amount": "60.00"}
    assert preview["total"] == "1140.00"


@pytest.mark.parametrize(
    ("since", "billed"),
    [
        (date(2026, 8, 1), ["200", "100"]),
        (date(2026, 8, 31), ["200", "100"]),
        (date(2026, 9, 1), ["50", "50"]),
    ],
)
async def test_an_average_is_of_the_months_that_a_new_holder_sees(
    home: Home, since: date, billed: list[str]
):
    """An average needs three months. The first one may begin with an earlier holder's reading."""
    buyer = HolderName("Петров", "Олег", None)
    await change_holder(home.account.id, buyer, since=since, default_since=since, now=NOW)
    await AccountLink.all().update(state=LinkState.ACTIVE)

    preview = (await home.preview(22_720, 51_330))["preview"]

    assert [entry["billedKwh"] for entry in preview["entries"]] == billed


@pytest.mark.parametrize(
    "change",
    [{"next_verification_on": TODAY}, {"next_verification_on": None}],
    ids=["on the last day", "unknown"],
)
async def test_a_reading_that_counts_is_not_raised(home: Home, change: dict[str, Any]):
    """Although the norm would be billed without it."""
    await given_few_months(home.day, home.night)
    await Meter.all().update(**change)

    preview = (await home.preview(22_500, 51_300))["preview"]

    assert [entry["estimatedKwh"] for entry in preview["entries"]] == ["50", "50"]
    assert (preview["surcharge"], preview["total"]) == (None, "600.00")


async def test_a_factor_of_one_adds_nothing(home: Home):
    await given_few_months(home.day, home.night)
    await EstimateRule.all().update(raising_factor=1)

    preview = (await home.preview(22_720, 51_330))["preview"]

    assert (preview["surcharge"], preview["total"]) == (None, "300.00")


async def test_of_two_meters_in_a_zone_only_the_one_by_the_norm_is_raised(home: Home):
    """A third of the norm by day, 33 kWh, and 67 that were read on another meter."""
    await given_few_months(home.day, home.night)
    other = await Meter.create(
        account=home.account,
        serial="778",
        model="Меркурий 200",
        ratio=1,
        installed_on=date(2026, 10, 1),
    )
    register = await Register.create(meter=other, position=1, zone="DAY", label="T1", digits=5)
    await given_read(register, 0, date(2026, 10, 20))
    entries = [*home.entries(22_720, 51_330), home.entry(register, 67)]

    preview = (await home.ask(PREVIEW, accountId=home.id, entries=entries))["preview"]

    kwh = [int(entry["billedKwh"]) for entry in preview["entries"]]
    assert (sum(kwh[:2]), kwh[2]) == (67, 67)
    surcharge = (kwh[0] * 4 + kwh[1] * 2) / 2
    assert preview["surcharge"] == {"factor": "1.5", "amount": f"{surcharge:.2f}"}


async def test_without_a_tariff_there_is_no_surcharge(home: Home):
    await given_few_months(home.day, home.night)
    await Tariff.all().delete()

    preview = (await home.preview(22_720, 51_330))["preview"]

    assert (preview["lines"], preview["surcharge"], preview["total"]) == (None, None, None)


@pytest.mark.parametrize("until", [TODAY, TODAY + timedelta(1), None])
async def test_on_the_day_itself_a_reading_counts(home: Home, until: date | None):
    await Meter.all().update(next_verification_on=until)
    preview = (await home.preview(22_720, 51_330))["preview"]
    payload = await home.submit(22_720, 51_330)

    assert [(e["status"], kinds(e)) for e in preview["entries"]] == [
        ("ACCEPTED_FOR_BILLING", [])
    ] * 2
    assert [e["status"] for e in payload["entries"]] == ["ACCEPTED_FOR_BILLING"] * 2


async def test_a_reading_of_an_unverified_meter_is_stored_and_does_not_count(home: Home):
    before = await MonthlyConsumption.filter(account=home.account).count()
    payload = await home.submit(22_720, 51_330)

    assert [e["status"] for e in payload["entries"]] == ["ON_REVIEW"] * 2
    assert payload["confirmToken"] is None
    assert [kinds(e["reading"]) for e in payload["entries"]] == [["VERIFICATION_EXPIRED"]] * 2
    assert await home.states(home.day) == [(22_720, "ON_REVIEW")]
    assert await MonthlyConsumption.filter(account=home.account).count() == before
    assert await Notice.filter(kind=NoticeKind.READINGS_ACCEPTED).count() == 0


async def test_staff_may_accept_a_reading_of_an_unverified_meter(home: Home):
    """The verification was done in time, and billing told it late."""
    payload = await home.submit(22_720, 51_330)
    key = key_of(payload["entries"][0]["reading"]["id"], "rdg")
    assert key

    await reading_states.accept_reading(key, billing=BILLING, now=NOW)

    assert await home.states(home.day) == [(22_720, "ACCEPTED")]
    rows = await MonthlyConsumption.filter(account=home.account, period=NOVEMBER)
    assert [row.kwh for row in rows] == [320]


async def test_an_unusual_reading_of_an_unverified_meter_is_confirmed_first(home: Home):
    payload = await home.submit(24_720, 51_330)

    assert [e["status"] for e in payload["entries"]] == ["NEEDS_CONFIRMATION", "ON_REVIEW"]
    assert kinds(payload["entries"][0]["reading"]) == ["ABOVE_USUAL", "VERIFICATION_EXPIRED"]
    await home.confirm(payload["confirmToken"])
    assert await home.states(home.day) == [(24_720, "ON_REVIEW")]


async def test_a_later_reading_replaces_one_on_review_and_no_accepted_one(home: Home):
    await Meter.all().update(next_verification_on=TODAY)
    await home.submit(22_700, 51_300)
    await Meter.all().update(next_verification_on=TODAY - timedelta(1))
    await home.submit(22_710, 51_310)
    await home.submit(22_720, 51_320)

    assert await home.states(home.day) == [
        (22_700, "ACCEPTED"),
        (22_710, "SUPERSEDED"),
        (22_720, "ON_REVIEW"),
    ]


async def test_a_new_register_has_nothing_to_compare_with(home: Home):
    await Reading.all().delete()
    payload = await home.submit(1, 2)

    assert [e["status"] for e in payload["entries"]] == ["ON_REVIEW"] * 2
    assert await Reading.filter(state=ReadingState.ON_REVIEW).count() == 2


async def test_an_unverified_meter_sends_no_reminder_of_readings(home: Home):
    day = date(2026, 11, 23)
    await Meter.all().update(next_verification_on=date(2026, 10, 31))
    assert await notify_of_window(day, now=NOW) == 0

    await Meter.all().update(next_verification_on=NOVEMBER)
    assert await notify_of_window(day, now=NOW) == 1
