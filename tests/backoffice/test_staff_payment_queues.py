"""Queues of staff: differences with the acquirer and with billing, failed fiscal receipts."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Role
from lk_graphql.payments.models import (
    Difference,
    DifferenceState,
    FiscalReceipt,
    Payment,
    ReceiptState,
    RegistryRow,
)
from lk_graphql.payments.service import differences, fiscal_receipts
from lk_graphql.payments.service.differences import Posting
from lk_graphql.payments.service.refunds import RefundClaim
from lk_graphql.staff.models import Act, AuditEntry, StaffMember
from tests.backoffice.test_staff_payments import codes, create_difference, create_supervisor, mutate
from tests.factories.payments import (
    BALANCE,
    PaymentScenario,
    acknowledge,
    request_refund,
    sandbox,
    sandbox_server,
    scenario,
)
from tests.factories.staff import given_staff, given_staff_session
from tests.payments.test_late_answers import FailingCashRegister
from tests.support.sandbox_acquirer import GOOD

__all__ = ["sandbox", "sandbox_server", "scenario"]

import_module("lk_graphql.payments.jobs")  # registers the jobs

DIFFERENCE = """difference { id kind state resolution settlement settledAt clerkId
  movement { number postedAmount postedAt } } errors { code path }"""
CLAIM = f"""mutation ($input: StaffPaymentDifferenceClaimInput!) {{
  staffPaymentDifferenceClaim(input: $input) {{ {DIFFERENCE} }} }}"""
RELEASE = f"""mutation ($input: StaffPaymentDifferenceReleaseInput!) {{
  staffPaymentDifferenceRelease(input: $input) {{ {DIFFERENCE} }} }}"""
SETTLE = f"""mutation ($input: StaffPaymentDifferenceSettleInput!) {{
  staffPaymentDifferenceSettle(input: $input) {{ {DIFFERENCE} }} }}"""
OPEN = f"""mutation ($input: StaffPaymentDifferenceOpenInput!) {{
  staffPaymentDifferenceOpen(input: $input) {{ {DIFFERENCE} }} }}"""
LIST = """query ($where: StaffPaymentDifferenceFilterInput) { staff {
  paymentDifferences(first: 9, where: $where) { nodes { kind theirs movement { number
    accountNumber amount postedAmount period } payment { number movements { number } } } }
  settledPaymentDifferences(first: 9, where: $where) { nodes { kind resolution } } } }"""
RECEIPT = "receipt { id state settlement clerkId failedAt } errors { code path }"
RECEIPTS = """query ($where: StaffFiscalReceiptFilterInput) { staff {
  failedFiscalReceipts(first: 9, where: $where) { nodes {
    id amount state isRefund payment { number } } }
  settledFiscalReceipts(first: 9, where: $where) { nodes { id settlement } } } }"""
WHY = "Выяснено с биллингом"


def receipt_mutation(verb: str) -> str:
    return (
        f"mutation ($input: StaffFiscalReceipt{verb}Input!)"
        f" {{ staffFiscalReceipt{verb}(input: $input) {{ {RECEIPT} }} }}"
    )


async def create_clerk(number: int = 1) -> str:
    member = await given_staff(Role.CLERK, f"clerk{number}@example.com")
    return await given_staff_session(member)


async def post_otherwise(payment: Payment, amount: int = 100) -> str:
    """Billing posts one ruble of it; the public id of the difference."""
    posting = Posting(f"{payment.number}-1", "0012345678", Kopecks(amount))
    await differences.acknowledge([posting], now=datetime.now(UTC))
    difference = await Difference.get(registry_row__payment_id=payment.id, settled_at=None)
    return to_public("spd", difference.id)


async def balance(scenario: PaymentScenario) -> tuple[str, str]:
    (account,) = (await scenario.api.ask(BALANCE, scenario.token))["viewer"]["accounts"]
    return account["balance"]["processing"], account["balance"]["amountDue"]


async def acts() -> list[tuple[str, str | None]]:
    entries = AuditEntry.exclude(act__in=[Act.LOOKED, Act.SIGNED_IN]).order_by("id")
    return [(entry.act.value, entry.reason) for entry in await entries]


async def test_differences_of_both_sorts_are_in_one_list_with_filters(
    scenario: PaymentScenario,
) -> None:
    payment = await scenario.paid(100_000)
    await post_otherwise(payment)
    other = await create_difference(scenario)
    token = await create_clerk()

    async def search(**where: Any) -> list[str]:
        nodes = (await scenario.api.ask(LIST, token, where=where))["staff"]["paymentDifferences"]
        return [node["kind"] for node in nodes["nodes"]]

    (node,) = (await scenario.api.ask(LIST, token, where={"withBilling": True}))["staff"][
        "paymentDifferences"
    ]["nodes"]
    number = f"{payment.number}-1"
    assert node == {
        "kind": "POSTED_AMOUNT",
        "theirs": "0012345678 1.00",
        "movement": {
            "number": number,
            "accountNumber": "0012345678",
            "amount": "1000.00",
            "postedAmount": "1.00",
            "period": None,
        },
        "payment": {"number": payment.number, "movements": [{"number": number}]},
    }
    now = datetime.now(UTC)
    assert await search() == ["POSTED_AMOUNT", "AMOUNT"]
    assert await search(withBilling=False) == ["AMOUNT"]
    assert await search(kinds=["POSTED_AMOUNT", "LOST"]) == ["POSTED_AMOUNT"]
    assert await search(states=["AWAITING_BILLING"]) == []
    assert await search(number=other.number) == ["AMOUNT"]
    assert await search(accountNumber="0012345678") == ["POSTED_AMOUNT", "AMOUNT"]
    assert await search(accountNumber="0000000000") == []
    assert await search(isClaimed=False) == ["POSTED_AMOUNT", "AMOUNT"]
    assert await search(isClaimed=True) == []
    assert await search(**{"from": (now + timedelta(minutes=1)).isoformat()}) == []
    assert await search(to=(now + timedelta(minutes=1)).isoformat()) == ["POSTED_AMOUNT", "AMOUNT"]


async def test_a_claimed_difference_is_settled_by_its_clerk_only(
    scenario: PaymentScenario,
) -> None:
    key = await post_otherwise(await scenario.paid(100_000))
    clerk, colleague = await create_clerk(1), await create_clerk(2)
    supervisor = await create_supervisor()
    member = await StaffMember.get(email="clerk1@example.com")

    claimed = await mutate(scenario, clerk, CLAIM, differenceId=key)
    assert claimed["difference"]["clerkId"] == to_public("stf", member.id)
    taken: list[tuple[str, list[str]]] = [("TAKEN_BY_COLLEAGUE", [])]
    form = {"differenceId": key, "resolution": "POSTING_ACCEPTED", "reason": WHY}
    assert codes(await mutate(scenario, colleague, CLAIM, differenceId=key)) == taken
    assert codes(await mutate(scenario, colleague, RELEASE, differenceId=key)) == taken
    assert codes(await mutate(scenario, supervisor, SETTLE, **form)) == taken
    listed = await scenario.api.ask(LIST, clerk, where={"clerkId": to_public("stf", member.id)})
    assert len(listed["staff"]["paymentDifferences"]["nodes"]) == 1

    released = await mutate(scenario, supervisor, RELEASE, differenceId=key)
    assert released["difference"]["clerkId"] is None
    assert (await mutate(scenario, supervisor, SETTLE, **form))["errors"] == []
    not_open = [("DIFFERENCE_NOT_OPEN", ["differenceId"])]
    assert codes(await mutate(scenario, clerk, CLAIM, differenceId=key)) == not_open
    assert codes(await mutate(scenario, clerk, CLAIM, differenceId="spd_none")) == not_open
    unknown = to_public("spd", new_key())
    assert codes(await mutate(scenario, clerk, RELEASE, differenceId=unknown)) == not_open
    assert await acts() == [
        ("DIFFERENCE_CLAIMED", None),
        ("DIFFERENCE_RELEASED", None),
        ("DIFFERENCE_SETTLED", WHY),
    ]


async def test_simultaneous_settlements_of_a_difference_settle_it_once(
    scenario: PaymentScenario,
) -> None:
    key = await post_otherwise(await scenario.paid(100_000))
    tokens = [await create_supervisor(number) for number in (1, 2)]
    form = {"differenceId": key, "resolution": "POSTING_ACCEPTED", "reason": WHY}

    payloads = await asyncio.gather(
        *(mutate(scenario, token, SETTLE, **form) for token in tokens * 2)
    )

    refusals = [codes(payload) for payload in payloads if payload["errors"]]
    assert refusals == [[("DIFFERENCE_NOT_OPEN", ["differenceId"])]] * 3
    assert await acts() == [("DIFFERENCE_SETTLED", WHY)]
    assert await balance(scenario) == ("0.00", "1140.00")


@pytest.mark.parametrize(
    ("resolution", "state", "shown"),
    [
        ("POSTING_ACCEPTED", "SETTLED", ("0.00", "1140.00")),
        ("POSTED_ELSEWHERE", "SETTLED", ("0.00", "1140.00")),
        ("BILLING_CORRECTS", "AWAITING_BILLING", ("999.00", "141.00")),
    ],
)
async def test_each_resolution_decides_on_the_customer_s_balance(
    scenario: PaymentScenario, resolution: str, state: str, shown: tuple[str, str]
) -> None:
    key = await post_otherwise(await scenario.paid(100_000))
    token = await create_supervisor()
    assert await balance(scenario) == ("999.00", "141.00")

    form = {"differenceId": key, "resolution": resolution, "reason": WHY}
    payload = await mutate(scenario, token, SETTLE, **form)

    difference = payload["difference"]
    assert (difference["state"], difference["resolution"], difference["settlement"]) == (
        state,
        resolution,
        WHY,
    )
    member = await StaffMember.get(email="supervisor1@example.com")
    assert difference["clerkId"] == to_public("stf", member.id)
    is_settled = state == "SETTLED"
    assert (difference["settledAt"] is not None) == is_settled
    assert (difference["movement"]["postedAt"] is not None) == is_settled
    assert difference["movement"]["postedAmount"] == "1.00"
    assert await balance(scenario) == shown
    assert ((await Payment.get()).posted_at is not None) == is_settled
    assert await acts() == [("DIFFERENCE_SETTLED", WHY)]


async def test_a_resolution_of_the_other_sort_is_refused(scenario: PaymentScenario) -> None:
    of_billing = await post_otherwise(await scenario.paid(100_000))
    payment = await create_difference(scenario)
    of_acquirer = to_public("spd", (await Difference.get(payment_id=payment.id)).id)
    token = await create_supervisor()

    for key, resolutions in (
        (of_billing, ("EXPLAINED", "CORRECTED", "SUPERSEDED")),
        (of_acquirer, ("POSTING_ACCEPTED", "POSTED_ELSEWHERE", "BILLING_CORRECTS")),
    ):
        for resolution in resolutions:
            form = {"differenceId": key, "resolution": resolution, "reason": WHY}
            payload = await mutate(scenario, token, SETTLE, **form)
            assert codes(payload) == [("RESOLUTION_INVALID", ["resolution"])]
    form = {"differenceId": of_billing, "resolution": "POSTING_ACCEPTED", "reason": " "}
    assert codes(await mutate(scenario, token, SETTLE, **form)) == [("REASON_REQUIRED", ["reason"])]
    assert await Difference.filter(state=DifferenceState.OPEN).count() == 2
    assert await balance(scenario) == ("999.00", "141.00")
    assert await acts() == []


async def test_a_clerk_claims_and_settles_nothing(scenario: PaymentScenario) -> None:
    key = await post_otherwise(await scenario.paid(100_000))
    form = {"differenceId": key, "resolution": "POSTING_ACCEPTED", "reason": WHY}

    answer = await scenario.api.post(SETTLE, await create_clerk(), input=form)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert await Difference.filter(settled_at=None).count() == 1


async def test_a_movement_that_billing_never_acknowledges_is_reported_and_settled(
    scenario: PaymentScenario,
) -> None:
    payment, token = await scenario.paid(100_000), await create_supervisor()
    number = f"{payment.number}-1"

    payloads = [
        await mutate(scenario, token, OPEN, number=typed, reason=WHY)
        for typed in (f" {number} ", number)
    ]
    opened: list[Any] = [payload["difference"] for payload in payloads]
    assert [(each["kind"], each["state"]) for each in opened] == [("NOT_POSTED", "OPEN")] * 2
    assert await balance(scenario) == ("1000.00", "140.00")
    form = {"resolution": "POSTED_ELSEWHERE", "reason": "В биллинге под номером Б-17"}
    key = opened[0]["id"]
    assert (await mutate(scenario, token, SETTLE, differenceId=key, **form))["errors"] == []

    assert await balance(scenario) == ("0.00", "1140.00")
    not_found = [("MOVEMENT_NOT_FOUND", ["number"])]
    for unknown in (number, "ЛК-0000000-1", ""):
        assert codes(await mutate(scenario, token, OPEN, number=unknown, reason=WHY)) == not_found
    assert await Difference.all().count() == 1
    settled = (await scenario.api.ask(LIST, token))["staff"]["settledPaymentDifferences"]["nodes"]
    assert settled == [{"kind": "NOT_POSTED", "resolution": "POSTED_ELSEWHERE"}]


async def test_a_movement_is_reported_by_its_number_in_any_spelling(
    scenario: PaymentScenario,
) -> None:
    payment, token = await scenario.paid(100_000), await create_supervisor()
    claim = RefundClaim(payment.id, 1, Kopecks(40_00), "Оплачено дважды", new_key().hex)
    await request_refund(scenario.acquirer, claim)
    await scenario.do_jobs()
    number = (await RegistryRow.get(payment_id=payment.id, amount=-40_00)).number
    spellings = (
        number.lower(),
        number.replace("В", "B"),  # a Latin B
        number.replace("В", "b"),
        number.replace("К", "K"),  # a Latin K
        f" {number.replace('-', ' – ')} ",
        f"{number[:6]} {number[6:]}",
    )

    opened: list[Any] = [
        (await mutate(scenario, token, OPEN, number=typed, reason=WHY))["difference"]
        for typed in spellings
    ]

    assert [each["movement"]["number"] for each in opened] == [number] * len(spellings)
    assert await Difference.all().count() == 1
    for typed in (payment.number.lower(), payment.number.replace("К", "K")):
        found = (await scenario.api.ask(LIST, token, where={"number": typed}))["staff"]
        assert len(found["paymentDifferences"]["nodes"]) == 1


async def test_a_file_settles_a_difference_that_a_clerk_has_claimed(
    scenario: PaymentScenario,
) -> None:
    payment, token = await scenario.paid(100_000), await create_supervisor()
    key = await post_otherwise(payment)
    await mutate(scenario, token, CLAIM, differenceId=key)
    member = await StaffMember.get(email="supervisor1@example.com")

    newer = await post_otherwise(payment, 200)
    form = {"resolution": "POSTING_ACCEPTED", "reason": WHY}
    stale = await mutate(scenario, token, SETTLE, differenceId=key, **form)
    assert codes(stale) == [("DIFFERENCE_NOT_OPEN", ["differenceId"])]
    (open_one,) = await Difference.filter(settled_at=None)
    assert (to_public("spd", open_one.id), open_one.clerk_id) == (newer, member.id)
    await acknowledge([f"{payment.number}-1"], now=datetime.now(UTC))

    assert codes(await mutate(scenario, token, SETTLE, differenceId=newer, **form)) == [
        ("DIFFERENCE_NOT_OPEN", ["differenceId"])
    ]
    resolutions = await Difference.all().order_by("id").values_list("resolution", flat=True)
    assert resolutions == ["SUPERSEDED", "CORRECTED"]
    assert (await RegistryRow.get()).posted_amount == 100_000


async def failed_receipt(scenario: PaymentScenario) -> tuple[Payment, str]:
    """A payment whose cash register fails; the public id of its receipt."""
    payment, working = await scenario.begun(100_000), scenario.ports
    scenario.sandbox.pay(payment.page_url or "", GOOD)
    scenario.ports = replace(working, acquirer=FailingCashRegister(scenario.acquirer))
    payment = await scenario.reconcile(payment.id)
    await scenario.do_jobs()
    return payment, to_public("sfr", (await FiscalReceipt.get(payment_id=payment.id)).id)


def mend_cash_register(scenario: PaymentScenario) -> None:
    register = scenario.acquirer
    assert isinstance(register, FailingCashRegister)
    scenario.ports = replace(scenario.ports, acquirer=register.inner)


async def test_failed_receipts_are_listed_with_filters(scenario: PaymentScenario) -> None:
    payment, key = await failed_receipt(scenario)
    token = await create_clerk()

    async def search(**where: Any) -> list[str]:
        answer = await scenario.api.ask(RECEIPTS, token, where=where)
        return [node["id"] for node in answer["staff"]["failedFiscalReceipts"]["nodes"]]

    answer = await scenario.api.ask(RECEIPTS, token)
    assert answer["staff"]["failedFiscalReceipts"]["nodes"] == [
        {
            "id": key,
            "amount": "1000.00",
            "state": "FAILED",
            "isRefund": False,
            "payment": {"number": payment.number},
        }
    ]
    now = datetime.now(UTC)
    assert await search(number=payment.number, accountNumber="0012345678") == [key]
    assert await search(number="ЛК-0000000") == []
    assert await search(isRefund=True) == []
    assert await search(isClaimed=False, isRefund=False) == [key]
    assert await search(**{"from": (now + timedelta(minutes=1)).isoformat()}) == []
    assert await search(to=(now + timedelta(minutes=1)).isoformat()) == [key]


async def test_a_receipt_that_was_sent_once_more_is_expected_again(
    scenario: PaymentScenario,
) -> None:
    payment, key = await failed_receipt(scenario)
    clerk, colleague = await create_clerk(1), await create_clerk(2)
    claimed = await mutate(scenario, clerk, receipt_mutation("Claim"), receiptId=key)
    assert claimed["errors"] == []
    for verb in ("Claim", "Release", "Retry"):
        refused = await mutate(scenario, colleague, receipt_mutation(verb), receiptId=key)
        assert codes(refused) == [("TAKEN_BY_COLLEAGUE", [])]

    retried = await mutate(scenario, clerk, receipt_mutation("Retry"), receiptId=key)
    assert (retried["receipt"]["state"], retried["receipt"]["failedAt"]) == ("PENDING", None)
    await scenario.do_jobs()
    assert (await FiscalReceipt.get()).state is ReceiptState.FAILED  # it fails again
    await mutate(scenario, clerk, receipt_mutation("Retry"), receiptId=key)
    mend_cash_register(scenario)
    await scenario.do_jobs()

    assert (await FiscalReceipt.get()).state is ReceiptState.DONE
    assert (await Payment.get(id=payment.id)).next_check_at is None
    assert [mail.subject[:12] for _, mail in scenario.api.mails.sent] == ["Чек по плате"]
    answer = await scenario.api.ask(RECEIPTS, clerk)
    assert answer["staff"]["failedFiscalReceipts"]["nodes"] == []
    for verb in ("Claim", "Release", "Retry"):
        refused = await mutate(scenario, clerk, receipt_mutation(verb), receiptId=key)
        assert codes(refused) == [("RECEIPT_NOT_FAILED", ["receiptId"])]
    assert await acts() == [
        ("RECEIPT_CLAIMED", None),
        ("RECEIPT_RETRIED", None),
        ("RECEIPT_RETRIED", None),
    ]


async def test_a_failed_receipt_is_settled_with_a_reason(
    scenario: PaymentScenario,
) -> None:
    _, key = await failed_receipt(scenario)
    clerk, supervisor = await create_clerk(), await create_supervisor()
    await mutate(scenario, clerk, receipt_mutation("Claim"), receiptId=key)
    await mutate(scenario, supervisor, receipt_mutation("Release"), receiptId=key)
    reason = "Чек коррекции 17 от 29.11.2026"

    too_short = await mutate(
        scenario, supervisor, receipt_mutation("Settle"), receiptId=key, reason="x"
    )
    assert codes(too_short) == [("REASON_REQUIRED", ["reason"])]
    payload = await mutate(
        scenario, supervisor, receipt_mutation("Settle"), receiptId=key, reason=reason
    )

    assert (payload["receipt"]["state"], payload["receipt"]["settlement"]) == ("FAILED", reason)
    answer = (await scenario.api.ask(RECEIPTS, clerk))["staff"]
    assert answer["failedFiscalReceipts"]["nodes"] == []
    assert answer["settledFiscalReceipts"]["nodes"] == [{"id": key, "settlement": reason}]
    again = await mutate(
        scenario, supervisor, receipt_mutation("Settle"), receiptId=key, reason=reason
    )
    assert codes(again) == [("RECEIPT_NOT_FAILED", ["receiptId"])]
    assert (await acts())[-1] == ("RECEIPT_SETTLED", reason)


async def test_of_a_failed_and_a_later_registration_the_later_counts(
    scenario: PaymentScenario,
) -> None:
    """After another try the acquirer lists both, in any order."""
    _, key = await failed_receipt(scenario)
    failing = scenario.acquirer
    mend_cash_register(scenario)
    snapshot = await scenario.acquirer.state((await Payment.get()).reference or "")
    failed = await failing.state(snapshot.reference)
    payment = await Payment.get()
    for fiscal in ((*failed.fiscal, *snapshot.fiscal), (*snapshot.fiscal, *failed.fiscal)):
        columns = {"state": ReceiptState.PENDING, "failed_at": None}
        await FiscalReceipt.all().update(**columns)
        await fiscal_receipts.update(payment, fiscal, now=datetime.now(UTC))
        assert (await FiscalReceipt.get()).state is ReceiptState.DONE, key
