"""Payments for staff: search, refunds, settlement of acquirer differences."""

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
from lk_graphql.payments.service import states
from lk_graphql.staff.models import Act, AuditEntry
from tests.factories.payments import PaymentScenario, sandbox, sandbox_server, scenario
from tests.factories.staff import given_staff, given_staff_session

__all__ = ["sandbox", "sandbox_server", "scenario"]

import_module("lk_graphql.payments.jobs")  # registers the jobs

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
SEARCH = """query ($where: StaffPaymentFilterInput) { staff { payments(first: 5, where: $where) {
  nodes { id number state total refunded reference isPosted customer { fullName }
    parts { position accountNumber amount refunded } receipts { state isRefund }
    refunds { amount state receipt { state isRefund } } } } } }"""
OPEN_DIFFERENCES = """{ staff { paymentDifferences(first: 5) { nodes {
  id kind ours theirs settledAt payment { number } } } } }"""
REASON = "Оплачено дважды"


async def create_supervisor(number: int = 1) -> str:
    """Create a supervisor, who may refund, and return a session token."""
    return await given_staff_session(
        await given_staff(Role.SUPERVISOR, f"supervisor{number}@example.com")
    )


async def mutate(scenario: PaymentScenario, token: str, query: str, **input: Any) -> Any:
    """Send a mutation and return its payload."""
    answer = await scenario.api.post(query, token, input=input)
    (payload,) = answer["data"].values()
    return payload


async def refund(scenario: PaymentScenario, token: str, payment: Payment, **overrides: Any) -> Any:
    form = {
        "paymentId": to_public("spm", payment.id),
        "amount": "1.00",
        "reason": REASON,
        "idempotencyKey": new_key().hex,
    }
    return await mutate(scenario, token, REFUND, **{**form, **overrides})


def codes(payload: Any) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["path"]) for error in payload["errors"]]


async def test_a_partial_refund_has_its_receipt(scenario: PaymentScenario) -> None:
    payment, token = await scenario.paid(100_000), await create_supervisor()

    payload = await refund(scenario, token, payment, amount="300.00")
    (requested,) = payload["payment"]["refunds"]
    assert (requested["amount"], requested["state"], requested["reason"]) == (
        "300.00",
        "REQUESTED",
        REASON,
    )
    assert requested["receipt"] is None
    await scenario.do_jobs()
    await scenario.reconcile(payment.id)

    (node,) = (await scenario.api.ask(SEARCH, token))["staff"]["payments"]["nodes"]
    assert (node["state"], node["refunded"]) == ("PARTIALLY_REFUNDED", "300.00")
    assert node["refunds"] == [
        {
            "amount": "300.00",
            "state": "SUCCEEDED",
            "receipt": {"state": "DONE", "isRefund": True},
        }
    ]
    (entry,) = await AuditEntry.filter(act=Act.REFUND_REQUESTED)
    assert (entry.subject, entry.reason) == ("refund", REASON)
    assert entry.subject_id
    assert to_public("srf", entry.subject_id) == requested["id"]


async def test_one_key_for_two_payments_at_once_is_one_refund_and_a_conflict(
    scenario: PaymentScenario,
) -> None:
    payments = await scenario.paid(100_000), await scenario.paid(50_000)
    token, key = await create_supervisor(), new_key().hex
    form = {"amount": "10.00", "reason": REASON, "idempotencyKey": key}
    answers = await asyncio.gather(
        *(
            scenario.api.post(
                REFUND, token, input={**form, "paymentId": to_public("spm", payment.id)}
            )
            for payment in payments
        )
    )

    assert not [answer["errors"] for answer in answers if "errors" in answer]
    results = [codes(answer["data"]["staffRefundRequest"]) for answer in answers]
    assert sorted(results) == [[], [("IDEMPOTENCY_CONFLICT", ["idempotencyKey"])]]
    await scenario.do_jobs()
    refunded = [(await Payment.get(id=payment.id)).refunded for payment in payments]
    assert sorted(refunded) == [0, 1_000]
    assert await AuditEntry.filter(act=Act.REFUND_REQUESTED).count() == 1


async def test_simultaneous_refunds_never_exceed_the_payment(scenario: PaymentScenario) -> None:
    payment = await scenario.paid(100_000)
    tokens = [await create_supervisor(number) for number in (1, 2)]
    results = await asyncio.gather(
        *(refund(scenario, token, payment, amount="600.00") for token in tokens * 2)
    )
    await scenario.do_jobs()

    refusals = [codes(result) for result in results if result["errors"]]
    assert refusals == [[("REFUND_TOO_LARGE", ["amount"])]] * 3
    assert (await Payment.get(id=payment.id)).refunded == 60_000
    assert (await scenario.acquirer.state(payment.reference or "")).refunded == 60_000
    assert sum([line.amount for line in await LedgerLine.filter(book="ACQUIRER")]) == 40_000
    assert await AuditEntry.filter(act=Act.REFUND_REQUESTED).count() == 1


async def test_a_button_pressed_again_is_the_same_refund(scenario: PaymentScenario) -> None:
    payment, token = await scenario.paid(100_000), await create_supervisor()
    requests = [
        refund(scenario, token, payment, amount="300.00", idempotencyKey="one") for _ in range(4)
    ]
    results = await asyncio.gather(*requests)

    assert [len(result["payment"]["refunds"]) for result in results] == [1, 1, 1, 1]
    assert await Refund.all().count() == 1
    assert await AuditEntry.filter(act=Act.REFUND_REQUESTED).count() == 1
    conflict = await refund(scenario, token, payment, amount="300.01", idempotencyKey="one")
    assert codes(conflict) == [("IDEMPOTENCY_CONFLICT", ["idempotencyKey"])]


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"amount": "1000.01"}, ("REFUND_TOO_LARGE", ["amount"])),
        ({"amount": "0.00"}, ("REFUND_TOO_LARGE", ["amount"])),
        ({"position": 2}, ("REFUND_TOO_LARGE", ["amount"])),
        ({"position": 0}, ("REFUND_TOO_LARGE", ["amount"])),
        ({"position": 32_768}, ("REFUND_TOO_LARGE", ["amount"])),
        ({"position": -(2**31)}, ("REFUND_TOO_LARGE", ["amount"])),
        ({"amount": "999999999999999.99"}, ("REFUND_TOO_LARGE", ["amount"])),
        ({"amount": "300⁵⁰"}, ("NUMBER_MALFORMED", ["amount"])),
        ({"reason": "дважды\x07"}, ("REASON_REQUIRED", ["reason"])),
        ({"reason": "\u202eывждад"}, ("REASON_REQUIRED", ["reason"])),
        ({"reason": "\u200b" * 9}, ("REASON_REQUIRED", ["reason"])),
        ({"reason": " a  "}, ("REASON_REQUIRED", ["reason"])),
        ({"idempotencyKey": ""}, ("IDEMPOTENCY_KEY_INVALID", ["idempotencyKey"])),
        ({"paymentId": "spm_none"}, ("PAYMENT_NOT_FOUND", ["paymentId"])),
        ({"paymentId": to_public("spm", new_key())}, ("PAYMENT_NOT_FOUND", ["paymentId"])),
    ],
)
async def test_an_invalid_refund_is_refused(
    scenario: PaymentScenario, overrides: Any, code: Any
) -> None:
    payment, token = await scenario.paid(100_000), await create_supervisor()

    assert codes(await refund(scenario, token, payment, **overrides)) == [code]
    assert await Refund.all().count() == 0
    assert await AuditEntry.filter(act=Act.REFUND_REQUESTED).count() == 0


async def test_an_unpaid_payment_can_t_be_refunded(scenario: PaymentScenario) -> None:
    payment, token = await scenario.begun(), await create_supervisor()

    payload = await refund(scenario, token, payment)
    assert codes(payload) == [("PAYMENT_NOT_PAID", ["paymentId"])]


async def test_a_clerk_sees_payments_and_sends_nothing_back(scenario: PaymentScenario) -> None:
    payment = await scenario.paid(100_000)
    token = await given_staff_session(await given_staff())
    form = {
        "paymentId": to_public("spm", payment.id),
        "amount": "1.00",
        "reason": REASON,
        "idempotencyKey": "one",
    }

    answer = await scenario.api.post(REFUND, token, input=form)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert await Refund.all().count() == 0
    answer = await scenario.api.post(SEARCH, token)
    (node,) = answer["data"]["staff"]["payments"]["nodes"]
    assert node["parts"] == [
        {"position": 1, "accountNumber": "0012345678", "amount": "1000.00", "refunded": "0.00"}
    ]
    assert node["receipts"] == [{"state": "DONE", "isRefund": False}]
    assert await AuditEntry.filter(act=Act.LOOKED, subject="user").count() == 1


async def test_payments_are_searched_by_number_account_and_customer(
    scenario: PaymentScenario,
) -> None:
    payment, begun_payment = await scenario.paid(100_000), await scenario.begun(50_000)
    token = await given_staff_session(await given_staff())

    async def search(**where: Any) -> list[str]:
        answer = await scenario.api.ask(SEARCH, token, where=where)
        return [node["number"] for node in answer["staff"]["payments"]["nodes"]]

    assert await search() == [begun_payment.number, payment.number]
    for typed in (payment.number, payment.number.lower(), payment.number.replace("К", "K")):
        assert await search(number=typed) == [payment.number]
    assert await search(reference=begun_payment.reference) == [begun_payment.number]
    assert await search(states=["SUCCEEDED"]) == [payment.number]
    assert await search(accountNumber="0012345678") == [begun_payment.number, payment.number]
    assert await search(accountNumber="0000000000") == []
    customer = to_public("scu", scenario.anna.id)
    assert await search(customerId=customer) == [begun_payment.number, payment.number]
    assert await search(customerId=to_public("scu", new_key())) == []
    query = "query ($id: ID!) { node(id: $id) { ... on StaffCustomer {"
    query += " payments(first: 1) { nodes { number } } } } }"
    node = (await scenario.api.ask(query, token, id=customer))["node"]
    assert node["payments"]["nodes"] == [{"number": begun_payment.number}]


async def create_difference(scenario: PaymentScenario) -> Payment:
    """Create a payment with another amount than the acquirer's."""
    payment = await scenario.begun()
    await Payment.filter(id=payment.id).update(amount=1)
    return await scenario.reconcile(payment.id)


async def test_a_difference_is_listed_settled_once_and_not_reported_again(
    scenario: PaymentScenario,
) -> None:
    payment, token = await create_difference(scenario), await create_supervisor()

    (node,) = (await scenario.api.ask(OPEN_DIFFERENCES, token))["staff"]["paymentDifferences"][
        "nodes"
    ]
    difference_id = node.pop("id")
    assert node == {
        "kind": "AMOUNT",
        "ours": "1",
        "theirs": "114000",
        "settledAt": None,
        "payment": {"number": payment.number},
    }
    reason = "Эквайер подтвердил ошибку"
    payload = await mutate(scenario, token, SETTLE, differenceId=difference_id, reason=reason)
    assert payload["difference"]["settlement"] == reason
    repeated = await mutate(scenario, token, SETTLE, differenceId=difference_id, reason=reason)
    assert codes(repeated) == [("DIFFERENCE_NOT_OPEN", ["differenceId"])]
    await scenario.reconcile(payment.id)

    assert (await scenario.api.ask(OPEN_DIFFERENCES, token))["staff"]["paymentDifferences"][
        "nodes"
    ] == []
    (entry,) = await AuditEntry.filter(act=Act.DIFFERENCE_SETTLED)
    assert (entry.subject, entry.reason) == ("payment_difference", reason)
    await Payment.filter(id=payment.id).update(amount=2)
    await scenario.reconcile(payment.id)
    assert await Difference.filter(settled_at=None).values_list("ours", flat=True) == ["2"]


async def create_unanswered_refund(scenario: PaymentScenario, token: str) -> tuple[Payment, Refund]:
    """Create a refund a day old, not executed and not answered by the acquirer."""
    payment = await scenario.paid(100_000)
    await refund(scenario, token, payment, amount="300.00")
    long_ago = datetime.now(UTC) - timedelta(hours=24)
    await Refund.all().update(requested_at=long_ago)
    await scenario.do_jobs()
    assert [difference.kind for difference in await Difference.all()] == [
        DifferenceKind.UNKNOWN_REFUND
    ]
    return payment, await Refund.get()


async def test_a_refund_in_doubt_counts_when_staff_have_seen_it(scenario: PaymentScenario) -> None:
    token = await create_supervisor()
    _, unanswered = await create_unanswered_refund(scenario, token)
    form = {"refundId": to_public("srf", unanswered.id), "reason": "Видно в кабинете эквайера"}

    payload = await mutate(scenario, token, DECIDE, **form, reference=" rf-1 ")
    assert payload["payment"] == {
        "state": "PARTIALLY_REFUNDED",
        "refunded": "300.00",
        "refunds": [{"state": "SUCCEEDED", "reference": "rf-1", "failure": None}],
        "differences": [{"kind": "UNKNOWN_REFUND", "settlement": form["reason"]}],
    }
    assert sum([line.amount for line in await LedgerLine.filter(book="ACQUIRER")]) == 70_000
    repeated = await mutate(scenario, token, DECIDE, **form)
    assert codes(repeated) == [("REFUND_NOT_IN_DOUBT", ["refundId"])]
    assert await AuditEntry.filter(act=Act.REFUND_DECIDED).count() == 1


async def test_a_refund_in_doubt_that_never_happened_may_be_made_again(
    scenario: PaymentScenario,
) -> None:
    token = await create_supervisor()
    payment, unanswered = await create_unanswered_refund(scenario, token)
    form = {"refundId": to_public("srf", unanswered.id), "reason": "В кабинете эквайера его нет"}

    payload = await mutate(scenario, token, DECIDE, **form)
    assert payload["payment"]["refunds"] == [
        {"state": "FAILED", "reference": None, "failure": form["reason"]}
    ]
    assert (payload["payment"]["state"], payload["payment"]["refunded"]) == ("SUCCEEDED", "0.00")
    assert (await refund(scenario, token, payment, amount="1000.00"))["errors"] == []


async def test_the_difference_of_a_refund_in_doubt_can_t_be_explained(
    scenario: PaymentScenario,
) -> None:
    token = await create_supervisor()
    _, unanswered = await create_unanswered_refund(scenario, token)
    difference = await Difference.get()
    form = {"differenceId": to_public("spd", difference.id), "reason": "Возврат прошёл"}

    payload = await mutate(scenario, token, SETTLE, **form)
    assert codes(payload) == [("RESOLUTION_INVALID", ["resolution"])]
    assert (await Difference.get()).settled_at is None
    assert await AuditEntry.filter(act=Act.DIFFERENCE_SETTLED).count() == 0

    # An answer that came while the refund was being marked leaves nothing to decide.
    failed = {"state": RefundState.FAILED, "failure": "canceled", "ended_at": datetime.now(UTC)}
    await Refund.filter(id=unanswered.id).update(**failed)
    payload = await mutate(scenario, token, SETTLE, **form)
    assert (payload["errors"], payload["difference"]["kind"]) == ([], "UNKNOWN_REFUND")


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("reference", [None, "rf-1"])
async def test_a_second_refund_in_doubt_is_reported_after_the_first_decision(
    scenario: PaymentScenario, first: int, reference: str | None
) -> None:
    """Both orders of deciding, and after the checks have ended."""
    token = await create_supervisor()
    payment = await scenario.paid(100_000)
    for amount in ("300.00", "200.00"):
        await refund(scenario, token, payment, amount=amount)
    await Refund.all().update(requested_at=datetime.now(UTC) - timedelta(days=32))
    await scenario.do_jobs()
    await Payment.all().update(next_check_at=None)
    pending = await Refund.all().order_by("id")
    decided, other = pending[first], pending[1 - first]
    form = {"refundId": to_public("srf", decided.id), "reason": "По кабинету эквайера"}

    assert codes(await mutate(scenario, token, DECIDE, **form, reference=reference)) == []
    (due,) = await states.enqueue_checks(now=datetime.now(UTC) + timedelta(minutes=2))
    assert due == payment.id
    await scenario.do_jobs()
    reported = await Difference.get(kind=DifferenceKind.UNKNOWN_REFUND, settled_at=None)
    assert (reported.ours, str(other.id) in reported.theirs) == (str(other.amount), True)


async def test_a_decision_needs_a_refund_in_doubt_and_a_name_of_its_own(
    scenario: PaymentScenario,
) -> None:
    token = await create_supervisor()
    payment = await scenario.paid(100_000)
    await refund(scenario, token, payment, amount="100.00")
    await scenario.do_jobs()
    await refund(scenario, token, payment, amount="200.00")
    executed, pending = await Refund.all().order_by("id")
    reason = "Видно в кабинете"

    for key in (to_public("srf", new_key()), "srf_none", to_public("srf", pending.id)):
        payload = await mutate(scenario, token, DECIDE, refundId=key, reason=reason)
        assert codes(payload) == [("REFUND_NOT_IN_DOUBT", ["refundId"])]
    await Refund.filter(id=pending.id).update(requested_at=datetime.now(UTC) - timedelta(days=2))
    form = {"refundId": to_public("srf", pending.id), "reason": reason}
    for reference, code in ((" ", "REFERENCE_INVALID"), (executed.reference, "REFERENCE_USED")):
        payload = await mutate(scenario, token, DECIDE, **form, reference=reference)
        assert codes(payload) == [(code, ["reference"])]
    assert (await Refund.get(id=pending.id)).state is RefundState.REQUESTED
    assert await AuditEntry.filter(act=Act.REFUND_DECIDED).count() == 0
