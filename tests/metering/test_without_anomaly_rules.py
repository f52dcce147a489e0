"""Readings of a supplier without anomaly rules: priced, never questioned, refused if impossible."""

from decimal import Decimal

import pytest_asyncio

from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import AnomalyRule, Meter, Reading, Register
from tests.factories.metering import Home, given_home, given_tariffs
from tests.support.client import ApiClient


@pytest_asyncio.fixture
async def home(api: ApiClient, anna: Viewer) -> Home:
    home = await given_home(api, anna)
    await given_tariffs()
    await AnomalyRule.all().delete()
    return home


async def test_the_preview_has_the_consumption_and_its_price(home: Home):
    preview = (await home.preview(22500, 51250))["preview"]

    kwh = [(entry["consumptionKwh"], entry["billedKwh"]) for entry in preview["entries"]]
    assert kwh == [("100", "100"), ("50", "50")]
    assert preview["total"] == "500.00"


async def test_a_value_below_the_previous_one_is_refused(home: Home):
    payload = await home.submit(22300, 51300)

    refused, accepted = payload["entries"]
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [
        ("BELOW_PREVIOUS", ["entries", "0", "value"])
    ]
    assert (refused["status"], accepted["status"]) == ("REJECTED", "ACCEPTED_FOR_BILLING")
    assert await home.states(home.day) == []


async def test_a_turn_of_the_dial_of_less_than_half_is_accepted(home: Home):
    await Meter.all().update(ratio=Decimal(20))
    await Register.filter(id=home.day.id).update(fraction_digits=1)
    last = await Reading.filter(register=home.day).order_by("-taken_on").first()
    assert last is not None
    await Reading.filter(id=last.id).update(value=Decimal("99999.5"))
    preview = (await home.preview("50.0", 51250))["preview"]
    payload = await home.submit("50.0", 51250)

    assert preview["entries"][0]["consumptionKwh"] == "1010"
    assert [entry["status"] for entry in payload["entries"]] == ["ACCEPTED_FOR_BILLING"] * 2
    assert payload["entries"][0]["reading"]["findings"] == []


async def test_a_large_value_needs_no_confirmation(home: Home):
    payload = await home.submit(32400, 51250)

    assert [entry["status"] for entry in payload["entries"]] == ["ACCEPTED_FOR_BILLING"] * 2
    assert payload["entries"][0]["reading"]["findings"] == []
