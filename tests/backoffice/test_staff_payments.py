"""Staff find payments, send money back, and settle what differs from the acquirer's books."""

import asyncio
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.viewer import Role
from lk_graphql.payments.models import (
    Difference,
    DifferenceKind,
    LedgerLine,
    Payment,
    Refund,
    RefundState,
)
from lk_graphql.staff.models import Act, AuditEntry
from tests.factories.payments import PaymentScenario, sandbox, sandbox_server, scenario
from tests.factories.staff import given_staff, given_staff_session

__all__ = ["sandbox", "sandbox_server", "scenario"]

import_module("lk_graphql.payments.jobs")  # declares the jobs

REFUND = """mutation ($input: StaffRefundRequestInput!) { staffRefundRequest(input: $input) {
  payment { state refunded refunds { id amount state reason receipt { state isRefund } } }
  errors { code path } } }"""
DECIDE = """mutation ($input: StaffRefundDecideInput!) { staffRefundDecide(input: $input) {
  payment { state refunded refunds { state reference failure }
    differences { kind settlement } }
  errors { code path } } }"""
SETTLE = """mutation ($input: StaffPaymentDifferenceSettleInput!) {
  staffPaymentDifferenceSettle(input: $input) {
    difference { kind ours theirs settlement payment { number } } errors { code path } } }"""
FOUND = """query ($where: StaffPaymentFilterInput) { staff { payments(first: 5, where: $where) {
  nodes { id number state total refunded reference isPosted customer { fullName }
    parts { position accountNumber amount refunded } receipts { state isRefund }
    refunds { amount state receipt { state isRefund } } } } } }"""
OPEN = """{ staff { paymentDifferences(first: 5) { nodes {
  id kind ours theirs settledAt payment { number } } } } }"""
WHY = "Оплачено дважды"


async def given_supervisor(number: int = 1) -> str:
    """The token of one who may send money back."""
    return await given_staff_session(
        await given_staff(Role.SUPERVISOR, f"supervisor{number}@example.com")
    )


async def asked(scenario: PaymentScenario, token: str, query: str, **input: Any) -> Any:
    """A mutation's payload."""
    answer = await scenario.api.post(query, token, input=input)
    (payload,) = answer["data"].values()
    return payload


async def refund(scenario: PaymentScenario, token: str, payment: Payment, **more: Any) -> Any:
    wanted = {
        "paymentId": to_public("spm", payment.id),
        "amount": "1.00",
        "reason": WHY,
        "idempotencyKey": new_key().hex,
    }
    return await asked(scenario, token, REFUND, **{**wanted, **more})


def codes(payload: Any) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["path"]) for error in payload["errors"]]


async def test_a_part_is_sent_back_and_its_receipt_shown(scenario: PaymentScenario) -> None:
    payment, token = await scenario.paid(100_000), await given_supervisor()

    told = await refund(scenario, token, payment, amount="300.00")
    (begun,) = told["payment"]["refunds"]
    assert (begun["amount"], begun["state"], begun["reason"]) == ("300.00", "REQUESTED", WHY)
    assert begun["receipt"] is None
    await scenario.do_jobs()
    await scenario.reconcile(payment.id)

    (shown,) = (await scenario.api.ask(FOUND, token))["staff"]["payments"]["nodes"]
    assert (shown["state"], shown["refunded"]) == ("PARTIALLY_REFUNDED", "300.00")
    assert shown["refunds"] == [
        {
            "amount": "300.00",
            "state": "SUCCEEDED",
            "receipt": {"state": "DONE", "isRefund": True},
        }
    ]
    (noted,) = await AuditEntry.filter(act=Act.REFUND_REQUESTED)
    assert (noted.subject, noted.reason) == ("refund", WHY)
    assert noted.subject_id
    assert to_public("srf", noted.subject_id) == begun["id"]


async def test_two_at_once_never_exceed_the_sum(scenario: PaymentScenario) -> None:
    payment = await scenario.paid(100_000)
    tokens = [await given_supervisor(number) for number in (1, 2)]
    told = await asyncio.gather(
        *(refund(scenario, token, payment, amount="600.00") for token in tokens * 2)
    )
    await scenario.do_jobs()

    refused = [codes(one) for one in told if one["errors"]]
    assert refused == [[("REFUND_TOO_LARGE", ["amount"])]] * 3
    assert (await Payment.get(id=payment.id)).refunded == 60_000
    assert (await scenario.acquirer.state(payment.reference or "")).refunded == 60_000
    assert sum([line.amount for line in await LedgerLine.filter(book="ACQUIRER")]) == 40_000
    assert await AuditEntry.filter(act=Act.REFUND_REQUESTED).count() == 1


async def test_a_button_pressed_again_is_the_same_refund(scenario: PaymentScenario) -> None:
    payment, token = await scenario.paid(100_000), await given_supervisor()
    tries = [
        refund(scenario, token, payment, amount="300.00", idempotencyKey="one") for _ in range(4)
    ]
    told = await asyncio.gather(*tries)

    assert [len(one["payment"]["refunds"]) for one in told] == [1, 1, 1, 1]
    assert await Refund.all().count() == 1
    assert await AuditEntry.filter(act=Act.REFUND_REQUESTED).count() == 1
    another = await refund(scenario, token, payment, amount="300.01", idempotencyKey="one")
    assert codes(another) == [("IDEMPOTENCY_CONFLICT", ["idempotencyKey"])]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"amount": "1000.01"}, ("REFUND_TOO_LARGE", ["amount"])),
        ({"amount": "0.00"}, ("REFUND_TOO_LARGE", ["amount"])),
        ({"position": 2}, ("REFUND_TOO_LARGE", ["amount"])),
        ({"reason": " a  "}, ("REASON_REQUIRED", ["reason"])),
        ({"idempotencyKey": ""}, ("IDEMPOTENCY_KEY_INVALID", ["idempotencyKey"])),
        ({"paymentId": "spm_none"}, ("PAYMENT_NOT_FOUND", ["paymentId"])),
        ({"paymentId": to_public("spm", new_key())}, ("PAYMENT_NOT_FOUND", ["paymentId"])),
    ],
)
async def test_what_can_t_go_back_is_refused(
    scenario: PaymentScenario, more: Any, code: Any
) -> None:
    payment, token = await scenario.paid(100_000), await given_supervisor()

    assert codes(await refund(scenario, token, payment, **more)) == [code]
    assert await Refund.all().count() == 0
    assert await AuditEntry.filter(act=Act.REFUND_REQUESTED).count() == 0


async def test_what_wasn_t_paid_can_t_go_back(scenario: PaymentScenario) -> None:
    payment, token = await scenario.begun(), await given_supervisor()

    told = await refund(scenario, token, payment)
    assert codes(told) == [("PAYMENT_NOT_PAID", ["paymentId"])]


async def test_a_clerk_sees_payments_and_sends_nothing_back(scenario: PaymentScenario) -> None:
    payment = await scenario.paid(100_000)
    token = await given_staff_session(await given_staff())
    wanted = {
        "paymentId": to_public("spm", payment.id),
        "amount": "1.00",
        "reason": WHY,
        "idempotencyKey": "one",
    }

    answer = await scenario.api.post(REFUND, token, input=wanted)
    assert [one["extensions"]["code"] for one in answer["errors"]] == ["FORBIDDEN"]
    assert await Refund.all().count() == 0
    answer = await scenario.api.post(FOUND, token)
    (shown,) = answer["data"]["staff"]["payments"]["nodes"]
    assert shown["parts"] == [
        {"position": 1, "accountNumber": "0012345678", "amount": "1000.00", "refunded": "0.00"}
    ]
    assert shown["receipts"] == [{"state": "DONE", "isRefund": False}]
    assert await AuditEntry.filter(act=Act.LOOKED, subject="user").count() == 1


async def test_a_payment_is_found_by_what_a_caller_knows(scenario: PaymentScenario) -> None:
    payment, other = await scenario.paid(100_000), await scenario.begun(50_000)
    token = await given_staff_session(await given_staff())

    async def found(**where: Any) -> list[str]:
        answer = await scenario.api.ask(FOUND, token, where=where)
        return [node["number"] for node in answer["staff"]["payments"]["nodes"]]

    assert await found() == [other.number, payment.number]
    assert await found(number=payment.number) == [payment.number]
    assert await found(reference=other.reference) == [other.number]
    assert await found(states=["SUCCEEDED"]) == [payment.number]
    assert await found(accountNumber="0012345678") == [other.number, payment.number]
    assert await found(accountNumber="0000000000") == []
    customer = to_public("scu", scenario.anna.id)
    assert await found(customerId=customer) == [other.number, payment.number]
    assert await found(customerId=to_public("scu", new_key())) == []
    query = "query ($id: ID!) { node(id: $id) { ... on StaffCustomer {"
    query += " payments(first: 1) { nodes { number } } } } }"
    node = (await scenario.api.ask(query, token, id=customer))["node"]
    assert node["payments"]["nodes"] == [{"number": other.number}]


async def differing(scenario: PaymentScenario) -> Payment:
    """A payment whose amount isn't what the acquirer has."""
    payment = await scenario.begun()
    await Payment.filter(id=payment.id).update(amount=1)
    return await scenario.reconcile(payment.id)


async def test_a_difference_is_listed_settled_once_and_not_reported_again(
    scenario: PaymentScenario,
) -> None:
    payment, token = await differing(scenario), await given_supervisor()

    (shown,) = (await scenario.api.ask(OPEN, token))["staff"]["paymentDifferences"]["nodes"]
    id_ = shown.pop("id")
    assert shown == {
        "kind": "AMOUNT",
        "ours": "1",
        "theirs": "114000",
        "settledAt": None,
        "payment": {"number": payment.number},
    }
    found_out = "Эквайер подтвердил ошибку"
    told = await asked(scenario, token, SETTLE, differenceId=id_, reason=found_out)
    assert told["difference"]["settlement"] == found_out
    again = await asked(scenario, token, SETTLE, differenceId=id_, reason=found_out)
    assert codes(again) == [("DIFFERENCE_NOT_OPEN", ["differenceId"])]
    await scenario.reconcile(payment.id)

    assert (await scenario.api.ask(OPEN, token))["staff"]["paymentDifferences"]["nodes"] == []
    (noted,) = await AuditEntry.filter(act=Act.DIFFERENCE_SETTLED)
    assert (noted.subject, noted.reason) == ("payment_difference", found_out)
    await Payment.filter(id=payment.id).update(amount=2)
    await scenario.reconcile(payment.id)
    assert await Difference.filter(settled_at=None).values_list("ours", flat=True) == ["2"]


async def doubtful(scenario: PaymentScenario, token: str) -> tuple[Payment, Refund]:
    """A refund without an answer for a day, and the acquirer's truth about it: not done."""
    payment = await scenario.paid(100_000)
    await refund(scenario, token, payment, amount="300.00")
    long_ago = datetime.now(UTC) - timedelta(hours=24)
    await Refund.all().update(requested_at=long_ago)
    await scenario.do_jobs()
    assert [one.kind for one in await Difference.all()] == [DifferenceKind.UNKNOWN_REFUND]
    return payment, await Refund.get()


async def test_a_refund_in_doubt_counts_when_staff_have_seen_it(scenario: PaymentScenario) -> None:
    token = await given_supervisor()
    _, doubt = await doubtful(scenario, token)
    wanted = {"refundId": to_public("srf", doubt.id), "reason": "Видно в кабинете эквайера"}

    told = await asked(scenario, token, DECIDE, **wanted, reference=" rf-1 ")
    assert told["payment"] == {
        "state": "PARTIALLY_REFUNDED",
        "refunded": "300.00",
        "refunds": [{"state": "SUCCEEDED", "reference": "rf-1", "failure": None}],
        "differences": [{"kind": "UNKNOWN_REFUND", "settlement": wanted["reason"]}],
    }
    assert sum([line.amount for line in await LedgerLine.filter(book="ACQUIRER")]) == 70_000
    again = await asked(scenario, token, DECIDE, **wanted)
    assert codes(again) == [("REFUND_NOT_IN_DOUBT", ["refundId"])]
    assert await AuditEntry.filter(act=Act.REFUND_DECIDED).count() == 1


async def test_a_refund_in_doubt_that_never_happened_may_be_made_again(
    scenario: PaymentScenario,
) -> None:
    token = await given_supervisor()
    payment, doubt = await doubtful(scenario, token)
    wanted = {"refundId": to_public("srf", doubt.id), "reason": "В кабинете эквайера его нет"}

    told = await asked(scenario, token, DECIDE, **wanted)
    assert told["payment"]["refunds"] == [
        {"state": "FAILED", "reference": None, "failure": wanted["reason"]}
    ]
    assert (told["payment"]["state"], told["payment"]["refunded"]) == ("SUCCEEDED", "0.00")
    assert (await refund(scenario, token, payment, amount="1000.00"))["errors"] == []


async def test_a_decision_needs_a_refund_in_doubt_and_a_name_of_its_own(
    scenario: PaymentScenario,
) -> None:
    token = await given_supervisor()
    payment = await scenario.paid(100_000)
    await refund(scenario, token, payment, amount="100.00")
    await scenario.do_jobs()
    await refund(scenario, token, payment, amount="200.00")
    done, fresh = await Refund.all().order_by("id")
    why = "Видно в кабинете"

    for key in (to_public("srf", new_key()), "srf_none", to_public("srf", fresh.id)):
        told = await asked(scenario, token, DECIDE, refundId=key, reason=why)
        assert codes(told) == [("REFUND_NOT_IN_DOUBT", ["refundId"])]
    await Refund.filter(id=fresh.id).update(requested_at=datetime.now(UTC) - timedelta(days=2))
    wanted = {"refundId": to_public("srf", fresh.id), "reason": why}
    for reference, code in ((" ", "REFERENCE_INVALID"), (done.reference, "REFERENCE_USED")):
        told = await asked(scenario, token, DECIDE, **wanted, reference=reference)
        assert codes(told) == [(code, ["reference"])]
    assert (await Refund.get(id=fresh.id)).state is RefundState.REQUESTED
    assert await AuditEntry.filter(act=Act.REFUND_DECIDED).count() == 0
