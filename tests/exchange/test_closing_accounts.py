"""Accounts that end: customers' late readings count for their last month."""

from datetime import date
from decimal import Decimal

import pytest
import pytest_asyncio

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import Tariff
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import LatePolicy, Reading, ReadingSource, WindowRule
from tests.factories.accounts import given_invoice, given_reading
from tests.factories.metering import Home, given_home, given_tariffs, noon
from tests.support.client import ApiClient
from tests.support.import_runner import ImportRunner

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
LATE, LAST = date(2026, 11, 27), date(2026, 11, 30)
"""After the days for November's readings, which end on the 25th; and the account's last day."""


@pytest_asyncio.fixture
async def home(api: ApiClient, anna: Viewer) -> Home:
    home = await given_home(api, anna)
    await WindowRule.all().update(late_policy=LatePolicy.NEXT_PERIOD)
    home.api.clock.now = noon(LATE)
    return home


async def close(importer: ImportRunner, home: Home, day: date = LAST) -> None:
    header = "number;contract_number;contract_signed_on;address;house_kind;tariff_category"
    row = f"{home.account.number};Э-1;2019-03-01;ул. Мира;APARTMENT;RURAL;{day}"
    file = importer.put("accounts.csv", f"{header};closed_on\n{row}\n")
    assert (await importer.load(ImportKind.ACCOUNTS, file)).faults == []


async def readings(home: Home) -> list[tuple[int, date, str]]:
    """The value, month and state of what the customer has sent for the day register."""
    sent = Reading.filter(register=home.day, submitted_by_id__isnull=False).order_by("id")
    return [(int(one.value), one.period, one.state.value) for one in await sent]


async def test_a_late_reading_counts_for_the_last_month(home: Home, importer: ImportRunner):
    await home.submit(22600, 51300)
    assert await readings(home) == [(22600, DECEMBER, "ACCEPTED")]

    await close(importer, home)

    assert await readings(home) == [(22600, NOVEMBER, "ACCEPTED")]


@pytest.mark.parametrize(
    ("late", "states"),
    [
        (22600, ("SUPERSEDED", "ACCEPTED")),  # it replaces what was sent in time
        (26000, ("ACCEPTED", "NEEDS_CONFIRMATION")),  # an unusual one only what waits
    ],
)
async def test_a_late_reading_is_compared_as_if_it_were_sent_now(
    home: Home, importer: ImportRunner, late: int, states: tuple[str, str]
):
    home.api.clock.now = noon(date(2026, 11, 20))
    await home.submit(22500, 51200)
    home.api.clock.now = noon(LATE)
    await home.submit(late, 51300)

    await close(importer, home)

    assert await readings(home) == [(22500, NOVEMBER, states[0]), (late, NOVEMBER, states[1])]


async def test_an_accepted_and_a_waiting_one_both_move(home: Home, importer: ImportRunner):
    await home.submit(22600, 51300)
    await home.submit(26000, 51300)

    await close(importer, home)

    assert await readings(home) == [
        (22600, NOVEMBER, "ACCEPTED"), (26000, NOVEMBER, "NEEDS_CONFIRMATION")
    ]  # fmt: skip


async def test_a_controllers_reading_of_the_day_goes_before(home: Home, importer: ImportRunner):
    await home.submit(22600, 51300)
    read = await given_reading(home.day, Decimal(22601), 11, source=ReadingSource.CONTROLLER)
    await Reading.filter(id=read.id).update(taken_on=LATE)

    await close(importer, home)

    assert await readings(home) == [(22600, NOVEMBER, "SUPERSEDED")]


@pytest.mark.parametrize(
    ("day", "why"),
    [(date(2026, 11, 26), "taken after it"), (date(2026, 12, 20), "its month comes")],
)
async def test_a_reading_after_the_last_day_keeps_its_month(
    home: Home, importer: ImportRunner, day: date, why: str
):
    await home.submit(22600, 51300)

    await close(importer, home, day)

    assert await readings(home) == [(22600, DECEMBER, "ACCEPTED")], why


async def test_a_billed_month_gets_no_reading_any_more(home: Home, importer: ImportRunner):
    await home.submit(22600, 51300)
    await given_invoice(home.account, 11, charged=100, unpaid=0)

    await close(importer, home)

    assert await readings(home) == [(22600, DECEMBER, "ACCEPTED")]


async def test_of_an_account_that_will_end_late_days_belong_to_the_last_month(
    home: Home, importer: ImportRunner
):
    await close(importer, home)

    payload = await home.submit(22600, 51300)

    assert payload["entries"][0]["reading"]["period"] == "2026-11"
    assert await readings(home) == [(22600, NOVEMBER, "ACCEPTED")]


async def test_a_reading_of_a_later_month_is_replaced(home: Home):
    """The days of submission were moved after it was sent: its month isn't the one before."""
    await home.submit(22600, 51300)
    await WindowRule.all().update(first_day=1, last_day=30)

    payload = await home.submit(22601, 51301)

    assert [entry["reading"]["period"] for entry in payload["entries"]] == ["2026-11"] * 2
    assert await readings(home) == [
        (22600, DECEMBER, "SUPERSEDED"), (22601, NOVEMBER, "ACCEPTED")
    ]  # fmt: skip


async def given_double_prices(valid_from: date) -> None:
    for tariff in await Tariff.all():
        await Tariff.create(
            category=tariff.category,
            zone=tariff.zone,
            range_number=tariff.range_number,
            rubles_per_kwh=tariff.rubles_per_kwh * 2,
            valid_from=valid_from,
            order_reference="a test",
        )


@pytest.mark.parametrize(
    ("new_price_from", "total"),
    [
        (date(2026, 11, 21), "1800.00"),  # 200 kWh in each zone, half of them in the second range
        (date(2026, 11, 11), "2700.00"),  # half of the days at twice the price
        (date(2026, 11, 1), "3600.00"),
    ],
)
async def test_a_price_after_the_last_day_counts_for_nothing(
    home: Home, new_price_from: date, total: str
):
    home.api.clock.now = noon(date(2026, 11, 20))
    await given_tariffs()
    await Account.all().update(closed_on=date(2026, 11, 20))
    await given_double_prices(new_price_from)

    preview = await home.preview(22600, 51400)

    assert preview["preview"]["total"] == total


async def test_a_price_before_the_contract_counts_for_nothing(home: Home):
    home.api.clock.now = noon(date(2026, 11, 20))
    await given_tariffs()
    await Account.all().update(contract_signed_on=date(2026, 11, 11))
    await given_double_prices(date(2026, 11, 11))

    assert (await home.preview(22600, 51400))["preview"]["total"] == "3600.00"
