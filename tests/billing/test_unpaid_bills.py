"""Unpaid bills of all accounts by one query: filters by status, on both paths."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from lk_graphql.billing.models import Invoice
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from tests.factories.accounts import given_account, given_invoice, given_link
from tests.support.client import ApiClient

UNPAID = """query ($status: [InvoiceStatus!], $from: Period, $first: Int, $last: Int) { viewer {
  invoices(where: {status: $status, from: $from}, first: $first, last: $last) {
    totalCount nodes { period status account { number } } } } }"""
ARCHIVE = """query ($status: [InvoiceStatus!]) { viewer { accounts {
  invoiceArchive(where: {status: $status}) { totalCount nodes { period } } } } }"""
BILL = """query ($id: ID!) { invoice(id: $id) { period } account(id: $id) { number }
  appeal(id: $id) { id } meter(id: $id) { id } contractApplication(id: $id) { id } }"""
NOON = datetime(2026, 11, 10, 5, tzinfo=UTC)
OPEN = ["PARTLY_PAID", "DUE", "OVERDUE"]


async def given_bills(viewer: Viewer) -> None:
    """Two accounts with three bills each, of which the newest is open, and the oldest of one."""
    for number in ("0000000001", "0000000002"):
        account = await given_account(number)
        await given_link(viewer, account)
        await Invoice.filter(account=account).delete()
        for month, unpaid in ((8, 0), (9, 0), (10, 100)):
            await given_invoice(account, month, charged=100, unpaid=unpaid)
    await Invoice.filter(account__number="0000000001", period=date(2026, 8, 1)).update(unpaid=50)


async def test_one_query_has_the_unpaid_bills_of_all_accounts(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    await given_bills(anna)
    token = await api.signed_in(anna)

    bills = (await api.ask(UNPAID, token, now=NOON, status=OPEN))["viewer"]["invoices"]

    assert bills["totalCount"] == 3
    found = {(bill["period"], bill["account"]["number"], bill["status"]) for bill in bills["nodes"]}
    assert found == {
        ("2026-10", "0000000001", "DUE"),
        ("2026-10", "0000000002", "DUE"),
        ("2026-08", "0000000001", "OVERDUE"),
    }
    assert [bill["period"] for bill in bills["nodes"]] == ["2026-10", "2026-10", "2026-08"]
    others = (await api.ask(UNPAID, await api.signed_in(boris), now=NOON, status=OPEN))["viewer"]
    assert others == {"invoices": {"totalCount": 0, "nodes": []}}


@pytest.mark.parametrize(
    ("arguments", "periods"),
    [
        ({"status": ["OVERDUE"]}, ["2026-08"]),
        ({"status": OPEN, "from": "2026-09"}, ["2026-10", "2026-10"]),
        ({"status": []}, []),
        ({"status": OPEN, "last": 1}, ["2026-08"]),
        ({"status": ["PAID"], "first": 2}, ["2026-09", "2026-09"]),
        ({"first": 100}, ["2026-10", "2026-10", "2026-09", "2026-09", "2026-08", "2026-08"]),
    ],
)
async def test_filters_by_status_go_with_months_and_pages(
    api: ApiClient, anna: Viewer, arguments: dict[str, Any], periods: list[str]
):
    await given_bills(anna)
    token = await api.signed_in(anna)

    bills = (await api.ask(UNPAID, token, now=NOON, **arguments))["viewer"]["invoices"]

    assert [bill["period"] for bill in bills["nodes"]] == periods


async def test_the_archive_of_an_account_has_the_same_filter(api: ApiClient, anna: Viewer):
    await given_bills(anna)

    answer = await api.ask(ARCHIVE, await api.signed_in(anna), now=NOON, status=["OVERDUE"])

    assert [account["invoiceArchive"] for account in answer["viewer"]["accounts"]] == [
        {"totalCount": 1, "nodes": [{"period": "2026-08"}]},
        {"totalCount": 0, "nodes": []},
    ]


async def test_an_object_of_a_page_is_queried_by_its_type_and_id(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    await given_bills(anna)
    bill = await Invoice.filter(period=date(2026, 10, 1)).first()
    assert bill
    nothing = dict.fromkeys(("invoice", "account", "appeal", "meter", "contractApplication"))

    token = await api.signed_in(anna)
    shown = await api.ask(BILL, token, id=to_public("inv", bill.id))
    assert shown == {**nothing, "invoice": {"period": "2026-10"}}
    for stranger in ("", await api.signed_in(boris)):
        assert await api.ask(BILL, stranger, id=to_public("inv", bill.id)) == nothing
