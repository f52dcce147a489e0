"""Consumption by month and zone between accepted readings."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from lk_graphql.demo.data import supplier
from lk_graphql.demo.data.load import load_demo
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import (
    Meter,
    MonthlyConsumption,
    Reading,
    ReadingSource,
    ReadingState,
    Register,
    Zone,
)
from lk_graphql.ports.passwords import HashCost, Passwords
from tests.factories.accounts import given_account, given_link, given_reading
from tests.support.client import ApiClient

CONSUMPTION = """query ($id: ID!, $first: Int, $after: String, $where: ConsumptionFilterInput) {
  node(id: $id) { ... on Account { consumption(first: $first, after: $after, where: $where) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { period zone kwh source since until } } } } }"""


@pytest.fixture
def one_zone() -> dict[str, Any]:
    return {"zones": ["NIGHT"]}


async def months(
    api: ApiClient, viewer: Viewer, key: UUID, **arguments: Any
) -> list[dict[str, Any]]:
    token = await api.signed_in(viewer)
    answer = await api.ask(CONSUMPTION, token, id=to_public("acc", key), **arguments)
    return answer["node"]["consumption"]["nodes"]


async def test_monthly_consumption_is_the_step_between_accepted_readings(
    api: ApiClient, anna: Viewer
):
    """The first reading of a register is only a start and makes no month."""
    account = await given_account()
    await given_link(anna, account)
    night = await Register.get(zone=Zone.NIGHT)
    await given_reading(night, Decimal(5000), 11, ReadingState.ON_REVIEW)

    rows = await months(api, anna, account.id)

    assert sorted(rows, key=lambda row: row["zone"]) == [
        {
            "period": "2026-10",
            "zone": zone,
            "kwh": "150",
            "source": "CUSTOMER",
            "since": "2026-09-20",
            "until": "2026-10-20",
        }
        for zone in ("DAY", "NIGHT")
    ]


async def test_consumption_includes_a_turn_of_the_dial_and_a_too_high_estimate(
    api: ApiClient, anna: Viewer, one_zone: dict[str, Any]
):
    account = await given_account()
    await given_link(anna, account)
    night = await Register.get(zone=Zone.NIGHT)
    await Reading.filter(register=night).delete()
    await Meter.all().update(ratio=Decimal("1.5"))
    estimated, read = ReadingSource.ESTIMATED, ReadingSource.CUSTOMER
    for month, value, source in (
        (7, 999_900, read), (8, 999_990, read), (9, 60, estimated), (10, 40, read),
    ):  # fmt: skip
        await given_reading(night, Decimal(value), month, source=source)

    rows = await months(api, anna, account.id, where=one_zone)

    assert [(row["period"], row["kwh"]) for row in rows] == [
        ("2026-10", "-30"), ("2026-09", "105"), ("2026-08", "135"),
    ]  # fmt: skip


async def test_two_meters_of_one_month_add_up_and_the_last_reading_gives_the_source(
    api: ApiClient, anna: Viewer, one_zone: dict[str, Any]
):
    account = await given_account()
    await given_link(anna, account)
    new = await Meter.create(
        account=account,
        serial="new",
        model="Меркурий 200",
        ratio=Decimal(1),
        installed_on=date(2026, 10, 20),
    )
    night = await Register.create(meter=new, position=1, zone=Zone.NIGHT, label="T2", digits=6)
    for day, value in ((20, 3), (31, 13)):
        await Reading.create(
            register=night,
            value=Decimal(value),
            taken_on=date(2026, 10, day),
            received_at=datetime(2026, 10, day, tzinfo=UTC),
            period=date(2026, 10, 1),
            source=ReadingSource.CONTROLLER,
            state=ReadingState.ACCEPTED,
        )

    (october,) = await months(api, anna, account.id, where=one_zone)

    assert october["kwh"] == "160"
    assert (october["source"], october["until"]) == ("CONTROLLER", "2026-10-31")


async def test_each_month_has_its_source(api: ApiClient, anna: Viewer, one_zone: dict[str, Any]):
    account = await given_account()
    await given_link(anna, account)
    night = await Register.get(zone=Zone.NIGHT)
    await Reading.filter(register=night).delete()
    sources = ("CONTROLLER", "CUSTOMER", "ESTIMATED", "CONTROLLER", "SMART")
    for month, source in enumerate(sources, start=6):
        await given_reading(night, Decimal(100 * month), month, source=ReadingSource(source))

    rows = await months(api, anna, account.id, where=one_zone)

    assert [(row["period"], row["kwh"], row["source"]) for row in rows] == [
        ("2026-10", "100", "SMART"),
        ("2026-09", "100", "CONTROLLER"),
        ("2026-08", "100", "ESTIMATED"),
        ("2026-07", "100", "CUSTOMER"),
    ]


async def test_the_history_is_paged_without_losing_or_repeating_a_month(
    api: ApiClient, anna: Viewer
):
    account = await given_account()
    await given_link(anna, account)
    token, key = await api.signed_in(anna), to_public("acc", account.id)
    zones: list[str] = []
    after = None
    while True:
        answer = await api.ask(CONSUMPTION, token, id=key, first=1, after=after)
        page = answer["node"]["consumption"]
        zones += [node["zone"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert sorted(zones) == ["DAY", "NIGHT"]
    assert page["totalCount"] == 2


BY_MONTH = """query ($id: ID!, $first: Int, $last: Int, $where: ConsumptionMonthFilterInput) {
  node(id: $id) { ... on Account {
    consumptionByMonth(first: $first, last: $last, where: $where) { totalCount
      nodes { period kwh zones { zone kwh source since until } } } } } }"""


async def given_three_zones(night: Register) -> None:
    """Readings of peak and half-peak beside those of the night, in no order."""
    await Register.filter(zone=Zone.DAY).update(zone=Zone.PEAK)
    meter_id = night.meter_id
    half = await Register.create(
        meter_id=meter_id, position=3, zone=Zone.HALF_PEAK, label="T3", digits=5, fraction_digits=1
    )
    for month, value in ((8, "10"), (9, "20.5"), (10, "31.1")):
        await given_reading(half, Decimal(value), month)


async def test_the_zones_of_a_month_are_in_the_order_of_the_day(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    await given_three_zones(await Register.get(zone=Zone.NIGHT))

    rows = await months(api, anna, account.id)

    assert [(row["period"], row["zone"]) for row in rows] == [
        ("2026-10", "PEAK"),
        ("2026-10", "HALF_PEAK"),
        ("2026-10", "NIGHT"),
        ("2026-09", "HALF_PEAK"),
    ]


async def test_a_month_has_its_total_and_its_zones(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    await given_three_zones(await Register.get(zone=Zone.NIGHT))
    token, key = await api.signed_in(anna), to_public("acc", account.id)

    async def page(**arguments: Any) -> dict[str, Any]:
        answer = await api.ask(BY_MONTH, token, id=key, **arguments)
        return answer["node"]["consumptionByMonth"]

    dates = {"source": "CUSTOMER", "since": "2026-09-20", "until": "2026-10-20"}
    september = {
        "period": "2026-09",
        "kwh": "10.5",
        "zones": [
            {"zone": "HALF_PEAK", "kwh": "10.5", "source": "CUSTOMER",
             "since": "2026-08-20", "until": "2026-09-20"},
        ],
    }  # fmt: skip
    october = {
        "period": "2026-10",
        "kwh": "310.6",
        "zones": [
            {"zone": "PEAK", "kwh": "150", **dates},
            {"zone": "HALF_PEAK", "kwh": "10.6", **dates},
            {"zone": "NIGHT", "kwh": "150", **dates},
        ],
    }
    assert await page() == {"totalCount": 2, "nodes": [october, september]}
    assert await page(first=1) == {"totalCount": 2, "nodes": [october]}
    assert await page(last=1) == {"totalCount": 2, "nodes": [september]}
    assert await page(where={"to": "2026-09"}) == {"totalCount": 1, "nodes": [september]}


async def test_months_and_zones_can_be_chosen(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    for where, count in (
        ({"from": "2026-10"}, 2),
        ({"from": "2026-11"}, 0),
        ({"to": "2026-09"}, 0),
        ({"zones": ["DAY"]}, 1),
        ({"zones": ["PEAK"]}, 0),
    ):
        assert len(await months(api, anna, account.id, where=where)) == count, where


async def test_the_history_equals_the_volumes_of_the_demo_s_bills(database: str):
    """The billed volumes of the demo equal those of the view over the same readings."""
    cheap, today = Passwords(HashCost(8, 1)), date(2026, 11, 20)
    await load_demo(database, today=today, passwords=cheap, accounts=12)
    cheap.close()
    households = [supplier.account(n, today) for n in range(1, 13)]
    zones = {
        register.id: register.zone
        for household in households
        for meter in household.meters
        for register in meter.registers
    }
    billed = summed(
        ((household.account.id, bill.period, zones[row.register_id]), row.consumption_kwh)
        for household in households
        for bill in household.billing.invoices
        for row in household.billing.readings
        if row.invoice_id == bill.id
    )

    volumes = {
        (row.account_id, row.period, row.zone): row.kwh
        for row in await MonthlyConsumption.filter(period__lt=date(2026, 11, 1))
    }

    assert volumes == billed


def summed(parts: Iterable[tuple[Any, Decimal]]) -> dict[Any, Decimal]:
    sums: defaultdict[Any, Decimal] = defaultdict(Decimal)
    for key, kwh in parts:
        sums[key] += kwh
    return dict(sums)
