"""A payment from its preview to the fiscal receipt, over HTTP, with the sandbox acquirer."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.billing.models import AccountBalance, Invoice
from lk_graphql.database import raw_sql
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.payments.models import (
    Difference,
    FiscalReceipt,
    LedgerEntry,
    LedgerLine,
    Payment,
    PaymentEvent,
    PaymentState,
    PaymentTerms,
    RegistryRow,
)
from lk_graphql.payments.service import states
from lk_graphql.ports.jobs import queue_load
from tests.factories.accounts import NOW, given_account, given_link
from tests.factories.payments import BALANCE, PAYMENT, START, PaymentScenario, key_in
from tests.support.client import ApiClient
from tests.support.sandbox_acquirer import GOOD, NEVER, POOR, SECURE, SILENT

PREVIEW = """query ($input: PaymentPreviewInput!) { paymentPreview(input: $input) {
  preview { payer { lastName email phone } amount commission total minimum maximum
    parts { accountNumber contractNumber address invoiceNumber period debt penalty overpayment
      processing amountDue amount advance } }
  errors { code path message } } }"""


async def preview(scenario: PaymentScenario, *parts: dict[str, Any]) -> Any:
    return (await scenario.post(PREVIEW, input={"parts": parts}))["paymentPreview"]


def own(scenario: PaymentScenario, **more: Any) -> dict[str, Any]:
    return {"accountId": f"acc_{scenario.account.id.hex}", **more}


async def test_a_null_is_as_good_as_left_out(scenario: PaymentScenario):
    """Generated clients send null for what a form leaves empty."""
    nulls = own(scenario, amount=None, invoiceId=None)
    assert await preview(scenario, nulls) == await preview(scenario, own(scenario))

    started = [
        (await scenario.post(START, input={"total": "1140.00", "idempotencyKey": "one", **form}))
        for form in (
            {"parts": [nulls], "returnUrl": None},
            {"parts": [own(scenario)]},
        )
    ]

    first, repeat = (answer["paymentStart"] for answer in started)
    assert first["errors"] == repeat["errors"] == []
    assert first["payment"]["id"] == repeat["payment"]["id"]


async def test_the_review_page_shows_all_that_there_is_to_agree_to(scenario: PaymentScenario):
    payload = await preview(scenario, own(scenario))

    assert payload["errors"] == []
    assert payload["preview"] == {
        "payer": {"lastName": "Иванова", "email": "anna@example.com", "phone": "+79131234567"},
        "amount": "1140.00",
        "commission": "0.00",
        "total": "1140.00",
        "minimum": "1.00",
        "maximum": "350000.00",
        "parts": [
            {
                "accountNumber": "0012345678",
                "contractNumber": "Э-0012345678",
                "address": "654007, г. Новокузнецк, ул. Кирова, д. 12, кв. 7",
                "invoiceNumber": "0012345678-2610",
                "period": "2026-10",
                "debt": "1140.00",
                "penalty": "0.00",
                "overpayment": "0.00",
                "processing": "0.00",
                "amountDue": "1140.00",
                "amount": "1140.00",
                "advance": "0.00",
            }
        ],
    }
    assert await Payment.all().count() == 0


async def test_any_amount_may_be_paid_also_ahead(scenario: PaymentScenario):
    payload = await preview(scenario, own(scenario, amount="2000.00"))

    (part,) = payload["preview"]["parts"]
    assert (part["amount"], part["advance"]) == ("2000.00", "860.00")


@pytest.mark.parametrize(
    ("more", "code", "path"),
    [
        ({"amount": "0.99"}, "AMOUNT_TOO_SMALL", ["parts", "0", "amount"]),
        ({"amount": "350000.01"}, "AMOUNT_TOO_LARGE", ["parts", "0", "amount"]),
        ({"amount": "0.00"}, "AMOUNT_TOO_SMALL", ["parts", "0", "amount"]),
        ({"amount": "-5.00"}, "AMOUNT_TOO_SMALL", ["parts", "0", "amount"]),
        ({"amount": "abc"}, "NUMBER_MALFORMED", ["parts", "0", "amount"]),
        ({"accountId": "acc_1"}, "ACCOUNT_NOT_FOUND", ["parts", "0", "accountId"]),
        ({"invoiceId": f"inv_{'0' * 32}"}, "INVOICE_NOT_FOUND", ["parts", "0", "invoiceId"]),
    ],
)
async def test_an_invalid_payment_is_refused_with_its_code(
    scenario: PaymentScenario, more: dict[str, Any], code: str, path: list[str]
):
    payload = await preview(scenario, own(scenario, **more))

    assert [(error["code"], error["path"]) for error in payload["errors"]] == [(code, path)]
    assert payload["preview"] is None


@pytest.mark.parametrize(("period", "debt", "due", "amount"), [
    ("2026-09", 114_000, "1140.00", "500.00"), ("2026-10", 30_000, "300.00", "300.00"),
])  # fmt: skip
async def test_a_bill_is_paid_as_far_as_it_is_open_and_still_owed(
    scenario: PaymentScenario, period: str, debt: int, due: str, amount: str
):
    await AccountBalance.all().update(debt=debt)
    bill = await Invoice.get(period=date.fromisoformat(f"{period}-01"))
    payload = await preview(scenario, own(scenario, invoiceId=to_public("inv", bill.id)))

    (part,) = payload["preview"]["parts"]
    assert (part["invoiceNumber"], part["period"]) == (bill.number, period)
    assert (part["amount"], part["amountDue"], part["advance"]) == (amount, due, "0.00")


async def test_an_account_twice_and_none_at_all_are_refused(scenario: PaymentScenario):
    twice = await preview(scenario, own(scenario), own(scenario))
    empty = await preview(scenario)

    assert [error["code"] for error in twice["errors"]] == ["ACCOUNT_REPEATED"]
    assert [error["code"] for error in empty["errors"]] == ["PARTS_INVALID"]


async def test_a_good_card_pays(scenario: PaymentScenario, opened: asyncpg.Connection):
    started = (await scenario.start())["payment"]
    assert (started["state"], started["total"]) == ("REGISTERED", "1140.00")
    scenario.sandbox.pay(started["pageUrl"], GOOD)
    row = await scenario.reconcile(key_in(started["id"]))

    payment = (await scenario.post(PAYMENT, id=started["id"]))["payment"]
    assert (payment["state"], payment["pageUrl"], payment["isPosted"]) == ("SUCCEEDED", None, False)
    assert [event["kind"] for event in payment["events"]] == [
        "CREATED", "REGISTERED", "SUCCEEDED", "RECEIPT_ISSUED",
    ]  # fmt: skip
    assert [(receipt["state"], receipt["amount"]) for receipt in payment["receipts"]] == [
        ("DONE", "1140.00")
    ]
    assert row.next_check_at is None
    sums = await opened.fetch("SELECT book, sum(amount)::int FROM ledger_line GROUP BY book")
    assert dict(map(tuple, sums)) == {"ACQUIRER": 114_000, "CUSTOMER": -114_000}


async def test_a_confirmed_payment_is_in_processing_until_billing_has_it(scenario: PaymentScenario):
    await scenario.paid(100_000)
    (account,) = (await scenario.api.ask(BALANCE, scenario.token))["viewer"]["accounts"]

    assert account["balance"] == {
        "amountDue": "140.00", "processing": "1000.00", "debt": "1140.00", "overpayment": "0.00",
    }  # fmt: skip


async def test_an_overpaid_account_has_nothing_to_pay(scenario: PaymentScenario):
    await scenario.paid(200_000)
    (account,) = (await scenario.api.ask(BALANCE, scenario.token))["viewer"]["accounts"]

    assert account["balance"]["amountDue"] == "0.00"
    payload = await preview(scenario, own(scenario))
    assert [error["code"] for error in payload["errors"]] == ["NOTHING_TO_PAY"]


@pytest.mark.parametrize(
    ("card", "state"), [(POOR, "DECLINED"), (SECURE, "PENDING"), (SILENT, "PENDING")]
)
async def test_no_entry_is_booked_before_the_acquirer_confirms_the_payment(
    scenario: PaymentScenario, card: str, state: str
):
    payment = await scenario.paid(card=card)

    assert payment.state == state
    assert await LedgerEntry.all().count() == 0
    assert await FiscalReceipt.all().count() == 0


async def test_the_return_page_proves_nothing(scenario: PaymentScenario):
    started = (await scenario.start())["payment"]

    payment = (await scenario.post(PAYMENT, id=started["id"]))["payment"]
    assert payment["state"] == "REGISTERED"


async def test_a_callback_starts_one_check(scenario: PaymentScenario):
    payment = await scenario.begun()
    scenario.sandbox.pay(payment.page_url or "", NEVER)
    for _ in range(2):
        answer = await scenario.callback("payment.succeeded", payment.reference or "")
        assert answer.status_code == 200
    assert (await Payment.get(id=payment.id)).state is PaymentState.REGISTERED
    await scenario.do_jobs()

    assert (await Payment.get(id=payment.id)).state is PaymentState.SUCCEEDED
    assert await LedgerEntry.all().count() == 1


async def test_a_callback_that_lies_changes_nothing(scenario: PaymentScenario):
    payment = await scenario.begun()
    await scenario.callback("payment.succeeded", payment.reference or "")
    await scenario.do_jobs()

    assert (await Payment.get(id=payment.id)).state is PaymentState.REGISTERED
    assert await LedgerEntry.all().count() == 0


async def test_callbacks_of_unknown_orders_leave_no_trace(scenario: PaymentScenario):
    unknown_order = await scenario.callback("payment.succeeded", str(new_key()))
    other_kind = await scenario.callback("payout.succeeded", str(new_key()))

    assert (unknown_order.status_code, other_kind.status_code) == (200, 200)
    assert await queue_load() == []


async def test_the_receipt_is_mailed(scenario: PaymentScenario):
    await scenario.paid()
    await scenario.do_jobs()

    ((to, mail),) = scenario.api.mails.sent
    assert (to, mail.subject[:18]) == ("anna@example.com", "Чек по платежу ЛК-")
    assert "1140,00" in "".join(mail.text.split())


async def test_a_repeated_key_starts_one_payment(scenario: PaymentScenario):
    first = await scenario.start(key="k1")
    again = await scenario.start(key="k1")

    assert first == again
    assert await Payment.all().count() == 1


async def test_fifty_simultaneous_starts_with_one_key_are_one_payment(scenario: PaymentScenario):
    payloads = await asyncio.gather(*(scenario.start(key="k1") for _ in range(50)))

    assert {payload["payment"]["id"] for payload in payloads} == {payloads[0]["payment"]["id"]}
    assert [payload["errors"] for payload in payloads] == [[]] * 50
    payment = await Payment.get()
    assert payment.state == "REGISTERED"
    kinds = await PaymentEvent.all().order_by("happened_at", "id").values_list("kind", flat=True)
    assert kinds == ["CREATED", "REGISTERED"]


async def test_a_repeated_key_with_another_sum_is_refused(scenario: PaymentScenario):
    await scenario.start(key="k1")
    other = await scenario.start("500.00", key="k1")

    assert [error["code"] for error in other["errors"]] == ["IDEMPOTENCY_CONFLICT"]


async def test_a_second_start_of_an_open_payment_goes_on_with_it(scenario: PaymentScenario):
    first = await scenario.start()
    again = await scenario.start()
    other = await scenario.start("500.00")

    assert again["payment"]["id"] == first["payment"]["id"]
    assert other["payment"]["id"] != first["payment"]["id"]
    assert await Payment.all().count() == 2


@pytest.mark.parametrize("commissions", [("0", "1"), ("1", "0")], ids=["now more", "now less"])
async def test_an_open_payment_with_another_commission_is_not_what_was_confirmed(
    scenario: PaymentScenario, commissions: tuple[str, str]
):
    totals = {"0": "1140.00", "1": "1151.40"}
    before, now = commissions
    await PaymentTerms.all().update(commission_percent=Decimal(before))
    first = (await scenario.start(total=totals[before]))["payment"]
    await PaymentTerms.all().update(commission_percent=Decimal(now))
    again = await scenario.start(total=totals[now])

    assert again["payment"] is None
    (error,) = again["errors"]
    assert (error["code"], error["path"]) == ("PAYMENT_OPEN", ["parts"])
    assert first["number"] in error["message"]
    await PaymentTerms.all().update(commission_percent=Decimal(before))
    assert (await scenario.start(total=totals[before]))["payment"] == first
    assert (await Payment.get()).total == int(totals[before].replace(".", ""))
    assert await PaymentEvent.filter(kind="CREATED").count() == 1


async def test_a_payment_that_shares_a_part_with_an_open_one_is_refused(scenario: PaymentScenario):
    second = await given_account("0012345679", unified_number=None)
    await given_link(scenario.anna, second)
    first = await scenario.start()
    parts = [own(scenario, amount="1140.00"), {"accountId": f"acc_{second.id.hex}"}]
    both = await scenario.start("2280.00", parts=parts)

    (error,) = both["errors"]
    assert error["code"] == "PAYMENT_OPEN"
    assert first["payment"]["number"] in error["message"]


async def test_several_accounts_at_once_are_one_payment(scenario: PaymentScenario):
    second = await given_account("0012345679", unified_number=None)
    await given_link(scenario.anna, second)
    parts = [own(scenario), {"accountId": f"acc_{second.id.hex}", "amount": "100.00"}]
    started = (await scenario.start("1240.00", parts=parts))["payment"]
    scenario.sandbox.pay(started["pageUrl"], GOOD)
    await scenario.reconcile(key_in(started["id"]))

    rows = await RegistryRow.all().order_by("number").values_list("amount", flat=True)
    assert list(rows) == [114_000, 10_000]
    assert sum([line.amount for line in await LedgerLine.all()]) == 0


async def test_only_the_confirmed_total_is_charged(scenario: PaymentScenario):
    refused = await scenario.start(total="1139.99")

    (error,) = refused["errors"]
    assert (error["code"], error["path"]) == ("AMOUNT_CHANGED", ["total"])
    assert "теперь к оплате 1\xa0140,00\xa0₽." in error["message"]
    assert await Payment.all().count() == 0


async def test_another_customer_doesn_t_see_the_payment(scenario: PaymentScenario, boris: Viewer):
    await given_link(boris, scenario.account)
    started = (await scenario.start())["payment"]
    token = await scenario.api.signed_in(boris)

    response = await scenario.api.ask(PAYMENT, token, id=started["id"])
    assert response == {"payment": None}
    query = "{ viewer { payments { nodes { id } } } }"
    assert (await scenario.api.ask(query, token))["viewer"]["payments"]["nodes"] == []
    payments = (await scenario.api.ask(query, scenario.token))["viewer"]["payments"]["nodes"]
    assert payments == [{"id": started["id"]}]


async def test_without_an_acquirer_no_payment_is_accepted(api: ApiClient, anna: Viewer):
    request = {"idempotencyKey": "k", "parts": [{"accountId": "acc_1"}], "total": "1.00"}
    answer = await api.post(START, await api.signed_in(anna), input=request)

    (error,) = answer["data"]["paymentStart"]["errors"]
    assert error["code"] == "PAYMENTS_CLOSED"


async def test_an_amount_that_differs_is_for_staff_and_not_booked(scenario: PaymentScenario):
    payment = await scenario.begun()
    scenario.sandbox.pay(payment.page_url or "", GOOD)
    await Payment.filter(id=payment.id).update(amount=113_999)
    for _ in range(2):
        await scenario.reconcile(payment.id)

    (difference,) = await Difference.all()
    assert (difference.kind, difference.ours, difference.theirs) == ("AMOUNT", "113999", "114000")
    assert await LedgerEntry.all().count() == 0


async def test_checks_of_a_payment_become_less_frequent(scenario: PaymentScenario):
    payment = await scenario.begun()
    moment, waits = NOW, list[float]()
    for _ in range(10):
        payment = await Payment.get(id=payment.id)
        assert payment.next_check_at
        waits.append((payment.next_check_at - moment) / timedelta(minutes=1))
        moment = payment.next_check_at
        assert await states.enqueue_checks(now=moment) == [payment.id]

    assert waits == [1, 2, 5, 15, 60, 180, 360, 720, 1440, 1440]
    assert await states.enqueue_checks(now=moment) == []


async def test_a_started_payment_is_answered_again_after_the_limit(scenario: PaymentScenario):
    first = await scenario.start(key="a")
    await raw_sql.fetch("UPDATE attempts SET moments = array_fill(moments[1], ARRAY[60])")

    other = await scenario.start("10.00", key="b")
    assert await scenario.start(key="a") == first
    assert [error["code"] for error in other["errors"]] == ["TOO_MANY_TRIES"]
    assert await Payment.all().count() == 1


LINKED = """{ viewer { payments { nodes { parts { accountNumber invoiceNumber
  account { id number } invoice { id number } } refunds { account { id } } } } } }"""


async def test_a_payment_leads_to_its_accounts_and_bills_while_they_are_the_payer_s(
    scenario: PaymentScenario,
):
    await scenario.begun()
    invoice = await Invoice.filter(account=scenario.account).order_by("-period").first()
    assert invoice

    linked = await scenario.api.ask(LINKED, scenario.token)
    await AccountLink.filter(user_id=scenario.anna.id).update(state=LinkState.ENDED)
    left = await scenario.api.ask(LINKED, scenario.token)

    numbers = {"accountNumber": scenario.account.number, "invoiceNumber": invoice.number}
    (payment,) = linked["viewer"]["payments"]["nodes"]
    assert payment["parts"] == [
        {
            **numbers,
            "account": {
                "id": to_public("acc", scenario.account.id),
                "number": scenario.account.number,
            },
            "invoice": {"id": to_public("inv", invoice.id), "number": invoice.number},
        }
    ]
    (payment,) = left["viewer"]["payments"]["nodes"]
    assert payment["parts"] == [{**numbers, "account": None, "invoice": None}]


async def test_the_review_page_leads_to_accounts_and_bills(scenario: PaymentScenario):
    query = """mutation ($input: PaymentPreviewInput!) { paymentPreview(input: $input) {
      preview { parts { account { number balance { debt } } invoice { number period } } } } }"""

    answer = await scenario.post(query, input={"parts": [own(scenario)]})

    (part,) = answer["paymentPreview"]["preview"]["parts"]
    assert part == {
        "account": {"number": scenario.account.number, "balance": {"debt": "1140.00"}},
        "invoice": {"number": "0012345678-2610", "period": "2026-10"},
    }
