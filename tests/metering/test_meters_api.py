"""Meters, registers and readings through the API, on both paths."""

from datetime import date
from decimal import Decimal

from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Meter, Reading, ReadingState, Register, Zone
from tests.factories.accounts import given_account, given_link, given_meter, given_reading
from tests.support.client import ApiClient

METERS = """{ viewer { accounts { meters { serial removedOn registers {
    zone label digits lastReading { value takenOn state } } } } } }"""

PAGE = """query Page($id: ID!, $first: Int, $after: String) {
  node(id: $id) { ... on Register { readings(first: $first, after: $after) {
    nodes { value state } pageInfo { hasNextPage endCursor } totalCount } } } }"""


async def test_registers_have_their_zones_and_the_last_accepted_reading(
    api: ApiClient, anna: Viewer
):
    account = await given_account()
    await given_link(anna, account)
    day = await Register.get(zone=Zone.DAY)
    await given_reading(day, Decimal(99999), 11, ReadingState.ON_REVIEW)
    answer = await api.ask(METERS, await api.signed_in(anna))
    assert answer["viewer"]["accounts"] == [
        {
            "meters": [
                {
                    "serial": "M-0012345678",
                    "removedOn": None,
                    "registers": [
                        {
                            "zone": "DAY",
                            "label": "T1",
                            "digits": 6,
                            "lastReading": {
                                "value": "12345",
                                "takenOn": "2026-10-20",
                                "state": "ACCEPTED",
                            },
                        },
                        {
                            "zone": "NIGHT",
                            "label": "T2",
                            "digits": 6,
                            "lastReading": {
                                "value": "678",
                                "takenOn": "2026-10-20",
                                "state": "ACCEPTED",
                            },
                        },
                    ],
                }
            ]
        }
    ]


async def test_a_meter_without_accepted_readings_has_none_to_show(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    await Reading.all().update(state=ReadingState.REJECTED)
    answer = await api.ask(METERS, await api.signed_in(anna))
    (meter,) = answer["viewer"]["accounts"][0]["meters"]
    assert [register["lastReading"] for register in meter["registers"]] == [None, None]


async def test_a_removed_meter_is_still_listed(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    await Meter.all().update(removed_on=date(2026, 11, 1))
    answer = await api.ask(METERS, await api.signed_in(anna))
    assert [m["removedOn"] for m in answer["viewer"]["accounts"][0]["meters"]] == ["2026-11-01"]


async def test_history_is_paged_newest_first_whatever_became_of_a_reading(
    api: ApiClient, anna: Viewer
):
    await given_link(anna, await given_account())
    day = await Register.get(zone=Zone.DAY)
    await given_reading(day, Decimal(12400), 11, ReadingState.SUPERSEDED)
    token, key = await api.signed_in(anna), to_public("reg", day.id)
    page = (await api.ask(PAGE, token, id=key, first=2))["node"]["readings"]
    assert [node["state"] for node in page["nodes"]] == ["SUPERSEDED", "ACCEPTED"]
    assert page["totalCount"] == 3
    assert page["pageInfo"]["hasNextPage"] is True
    after = page["pageInfo"]["endCursor"]
    last_page = (await api.ask(PAGE, token, id=key, first=2, after=after))["node"]["readings"]
    assert [node["value"] for node in last_page["nodes"]] == ["12195"]
    assert last_page["pageInfo"]["hasNextPage"] is False


async def test_other_customers_see_no_meter_register_or_reading(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    account = await given_account()
    await given_link(anna, account)
    await given_link(boris, await given_account("0000000001"))
    meter = await Meter.get(account=account)
    register = await Register.filter(meter=meter).first()
    reading = await Reading.filter(register=register).first()
    assert register is not None
    assert reading is not None
    keys = [
        to_public("mtr", meter.id),
        to_public("reg", register.id),
        to_public("rdg", reading.id),
    ]
    nodes = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    answer = await api.ask(nodes, await api.signed_in(anna), ids=keys)
    assert [node["id"] for node in answer["nodes"]] == keys
    for token in ("", await api.signed_in(boris)):
        assert (await api.ask(nodes, token, ids=keys))["nodes"] == [None] * 3


async def test_a_reading_leads_to_its_meter_and_account(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    reading = await Reading.filter(register__zone=Zone.NIGHT).first()
    assert reading
    query = """query ($id: ID!) { node(id: $id) { ... on Reading {
      register { zone meter { serial account { number } } } } } }"""

    answer = await api.ask(query, await api.signed_in(anna), id=to_public("rdg", reading.id))

    meter = {"serial": "M-0012345678", "account": {"number": account.number}}
    assert answer["node"] == {"register": {"zone": "NIGHT", "meter": meter}}


async def test_installed_and_removed_meters_are_filtered(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    removed = await given_meter(account, "00000009")
    await Meter.filter(id=removed.id).update(removed_on=date(2026, 3, 1))
    query = """query ($is: Boolean) { viewer { accounts {
      meters(where: {isRemoved: $is}) { serial removedOn } } } }"""
    token = await api.signed_in(anna)

    async def serials(**arguments: bool) -> list[str]:
        answer = await api.ask(query, token, **arguments)
        return [meter["serial"] for meter in answer["viewer"]["accounts"][0]["meters"]]

    everything = await serials()
    assert await serials(**{"is": True}) == ["00000009"]
    assert await serials(**{"is": False}) == [
        serial for serial in everything if serial != "00000009"
    ]
    assert len(everything) == 1 + len(await serials(**{"is": False}))
