"""Bills, balances and payments through the API."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import (
    AccountBalance,
    Invoice,
    InvoiceLine,
    InvoicePenalty,
    InvoiceReading,
    LineKind,
    RecalculationReason,
    ReceivedPayment,
)
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Reading, Register, Zone
from tests.factories.accounts import given_account, given_invoice, given_link
from tests.support.client import ApiClient

BILLS = """query Bills($first: Int) { viewer { accounts { invoices(first: $first) {
    period total unpaid status dueOn } } } }"""
WHOLE = """{ viewer { accounts { invoices(first: 1) {
    number period issuedOn dueOn openingBalance charged recalculated penalty total paid
    closingBalance consumptionKwh account { number }
    lines { kind service zone rangeNumber quantityKwh rublesPerKwh amount reason
      reasonCode correctsFrom correctsTo document }
    readings { meterSerial meterRegister { zone } previous { value } current { value }
      consumptionKwh }
    penalties { forPeriod debt firstDay lastDay ratePercent divisor amount }
    payments { paidOn amount agent } } } } }"""
BALANCE = "{ viewer { accounts { balance { amountDue debt penalty overpayment } } } }"
ARCHIVE = """query Archive($id: ID!, $first: Int, $after: String, $last: Int) {
  node(id: $id) { ... on Account {
    invoiceArchive(first: $first, after: $after, last: $last) {
      nodes { period } totalCount pageInfo { hasNextPage endCursor } } } } }"""

LOCAL = ZoneInfo("Asia/Novokuznetsk")


async def given_details(account: Account) -> Invoice:
    """The newest bill with a line of each kind, a reading, a penalty and a payment."""
    bill = await Invoice.get(account=account, period=date(2026, 10, 1))
    await InvoiceLine.create(
        invoice=bill,
        position=2,
        kind=LineKind.RECALCULATION,
        service="Электроэнергия",
        amount=-500,
        reason="Ошибочное показание",
        reason_code=RecalculationReason.READING_CORRECTED,
        corrects_from=date(2026, 7, 1),
        corrects_to=date(2026, 8, 1),
        document="Акт № 15 от 03.10.2026",
    )
    await InvoiceLine.create(
        invoice=bill,
        position=1,
        kind=LineKind.ENERGY,
        service="Электроэнергия",
        zone=Zone.DAY,
        range_number=1,
        quantity_kwh=Decimal(150),
        rubles_per_kwh=Decimal("4.26667"),
        amount=64_000,
    )
    day = await Register.get(zone=Zone.DAY)
    older, newer = await Reading.filter(register=day).order_by("taken_on")
    await InvoiceReading.create(
        invoice=bill, register=day, previous=older, current=newer, consumption_kwh=Decimal(150)
    )
    await InvoicePenalty.create(
        invoice=bill,
        position=1,
        for_period=date(2026, 6, 1),
        debt=100_000,
        first_day=date(2026, 10, 1),
        last_day=date(2026, 10, 31),
        rate_percent=Decimal("9.5"),
        divisor=300,
        amount=982,
    )
    await ReceivedPayment.create(
        account=account,
        invoice=bill,
        external_id="1",
        paid_on=date(2026, 10, 5),
        amount=70_000,
        agent="Почта России",
    )
    return bill


async def test_a_bill_shows_all_its_fields(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    await given_details(account)
    answer = await api.ask(WHOLE, await api.signed_in(anna))
    assert answer["viewer"]["accounts"][0]["invoices"] == [
        {
            "number": "0012345678-2610",
            "period": "2026-10",
            "issuedOn": "2026-11-03",
            "dueOn": "2026-11-16",
            "openingBalance": "500.00",
            "charged": "640.00",
            "recalculated": "0.00",
            "penalty": "0.00",
            "total": "640.00",
            "paid": "0.00",
            "closingBalance": "1140.00",
            "consumptionKwh": "150",
            "account": {"number": "0012345678"},
            "lines": [
                {
                    "kind": "ENERGY",
                    "service": "Электроэнергия",
                    "zone": "DAY",
                    "rangeNumber": 1,
                    "quantityKwh": "150",
                    "rublesPerKwh": "4.26667",
                    "amount": "640.00",
                    "reason": None,
                    "reasonCode": None,
                    "correctsFrom": None,
                    "correctsTo": None,
                    "document": None,
                },
                {
                    "kind": "RECALCULATION",
                    "service": "Электроэнергия",
                    "zone": None,
                    "rangeNumber": None,
                    "quantityKwh": None,
                    "rublesPerKwh": None,
                    "amount": "-5.00",
                    "reason": "Ошибочное показание",
                    "reasonCode": "READING_CORRECTED",
                    "correctsFrom": "2026-07",
                    "correctsTo": "2026-08",
                    "document": "Акт № 15 от 03.10.2026",
                },
            ],
            "readings": [
                {
                    "meterSerial": "M-0012345678",
                    "meterRegister": {"zone": "DAY"},
                    "previous": {"value": "12195"},
                    "current": {"value": "12345"},
                    "consumptionKwh": "150",
                }
            ],
            "penalties": [
                {
                    "forPeriod": "2026-06",
                    "debt": "1000.00",
                    "firstDay": "2026-10-01",
                    "lastDay": "2026-10-31",
                    "ratePercent": "9.5",
                    "divisor": 300,
                    "amount": "9.82",
                }
            ],
            "payments": [{"paidOn": "2026-10-05", "amount": "700.00", "agent": "Почта России"}],
        }
    ]


@pytest.mark.parametrize(
    ("moment", "newest"),
    [
        (datetime(2026, 11, 16, 23, 59, tzinfo=LOCAL), "DUE"),
        (datetime(2026, 11, 17, 0, 0, tzinfo=LOCAL), "OVERDUE"),
    ],
)
async def test_a_bill_is_late_by_the_company_s_day(
    api: ApiClient, anna: Viewer, moment: datetime, newest: str
):
    await given_link(anna, await given_account())
    answer = await api.ask(BILLS, await api.signed_in(anna), now=moment)
    bills = answer["viewer"]["accounts"][0]["invoices"]
    assert [(bill["period"], bill["status"]) for bill in bills] == [
        ("2026-10", newest),
        ("2026-09", "OVERDUE"),
        ("2026-08", "PAID"),
    ]
    assert [bill["unpaid"] for bill in bills] == ["640.00", "500.00", "0.00"]


async def test_a_bill_with_a_payment_is_partly_paid(api: ApiClient, anna: Viewer):
    await given_link(anna, await given_account())
    await Invoice.filter(period=date(2026, 10, 1)).update(unpaid=1)
    moment = datetime(2026, 11, 10, tzinfo=LOCAL)
    answer = await api.ask(BILLS, await api.signed_in(anna), now=moment, first=1)
    assert [bill["status"] for bill in answer["viewer"]["accounts"][0]["invoices"]] == [
        "PARTLY_PAID"
    ]


async def test_six_bills_are_the_default(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    for month in range(1, 8):
        await given_invoice(account, month, charged=100, unpaid=0)
    token = await api.signed_in(anna)
    cases: list[tuple[dict[str, Any], list[int]]] = [
        ({}, [10, 9, 8, 7, 6, 5]),
        ({"first": 2}, [10, 9]),
        ({"first": 100}, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]),
    ]
    for variables, periods in cases:
        answer = await api.ask(BILLS, token, **variables)
        months = [bill["period"] for bill in answer["viewer"]["accounts"][0]["invoices"]]
        assert months == [f"2026-{month:02}" for month in periods]


async def test_the_archive_is_paged_newest_first(api: ApiClient, anna: Viewer):
    account = await given_account()
    await given_link(anna, account)
    token, key = await api.signed_in(anna), to_public("acc", account.id)
    first = await api.ask(ARCHIVE, token, id=key, first=2)
    page = first["node"]["invoiceArchive"]
    assert [node["period"] for node in page["nodes"]] == ["2026-10", "2026-09"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    after = page["pageInfo"]["endCursor"]
    rest = (await api.ask(ARCHIVE, token, id=key, after=after))["node"]["invoiceArchive"]
    assert [node["period"] for node in rest["nodes"]] == ["2026-08"]
    last = (await api.ask(ARCHIVE, token, id=key, last=2))["node"]["invoiceArchive"]
    assert [node["period"] for node in last["nodes"]] == ["2026-09", "2026-08"]


async def test_debt_is_positive_and_to_pay_is_debt_and_penalty(api: ApiClient, anna: Viewer):
    await given_link(anna, await given_account())
    token = await api.signed_in(anna)
    await AccountBalance.all().update(penalty=250)
    balance = (await api.ask(BALANCE, token))["viewer"]["accounts"][0]["balance"]
    assert balance == {
        "amountDue": "1142.50",
        "debt": "1140.00",
        "penalty": "2.50",
        "overpayment": "0.00",
    }
    await AccountBalance.all().update(debt=0, penalty=0, overpayment=5)
    balance = (await api.ask(BALANCE, token))["viewer"]["accounts"][0]["balance"]
    assert (balance["amountDue"], balance["overpayment"]) == ("0.00", "0.05")
    await AccountBalance.all().delete()
    assert (await api.ask(BALANCE, token))["viewer"]["accounts"][0]["balance"] is None


async def test_other_customers_see_no_bill_and_no_payment(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    account = await given_account()
    await given_link(anna, account)
    bill = await given_details(account)
    payment = await ReceivedPayment.get()
    keys = [to_public("inv", bill.id), to_public("rcv", payment.id)]
    nodes = "query Nodes($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    response = await api.ask(nodes, await api.signed_in(anna), ids=keys)
    assert [node["id"] for node in response["nodes"]] == keys
    for token in ("", await api.signed_in(boris)):
        assert (await api.ask(nodes, token, ids=keys))["nodes"] == [None, None]
