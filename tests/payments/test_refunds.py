"""Refunds: requests by staff, limits, repeats, receipts and posting."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from lk_graphql.kit.errors import Forbidden
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Role, StaffViewer
from lk_graphql.payments.errors import RefundRefused
from lk_graphql.payments.models import (
    Difference,
    DifferenceResolution,
    FiscalReceipt,
    LedgerLine,
    Payment,
    PaymentTerms,
    Refund,
    RefundState,
    RegistryRow,
)
from lk_graphql.payments.service import creation, differences, refunds
from lk_graphql.payments.service.creation import PaymentRequest
from lk_graphql.payments.service.preview import PartRequest
from lk_graphql.payments.service.refunds import RefundClaim
from tests.factories.accounts import LINKS
from tests.factories.payments import (
    BALANCE,
    PAYMENT,
    SUPERVISOR,
    PaymentScenario,
    acknowledge,
    request_refund,
)
from tests.support.client import COMPANY
from tests.support.sandbox_acquirer import GOOD, POOR, given_refund

CLERK = StaffViewer(new_key(), new_key(), Role.CLERK)


def claim(payment: Payment, amount: int) -> RefundClaim:
    return RefundClaim(payment.id, 1, Kopecks(amount), "Оплачено дважды", new_key().hex)


async def refund_of(scenario: PaymentScenario, payment: Payment, amount: int) -> Refund:
    key = await request_refund(scenario.acquirer, claim(payment, amount))
    return await Refund.get(id=key)


async def test_a_partial_refund_has_a_receipt_of_its_own(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    await refund_of(scenario, payment, 30_000)
    await scenario.do_jobs()
    await scenario.reconcile(payment.id)
    await scenario.do_jobs()

    row = (await scenario.post(PAYMENT, id=f"pay_{payment.id.hex}"))["payment"]
    assert (row["state"], row["refunded"]) == ("PARTIALLY_REFUNDED", "300.00")
    assert row["refunds"] == [{"amount": "300.00", "state": "SUCCEEDED"}]
    assert sorted(
        (receipt["isRefund"], receipt["state"], receipt["amount"]) for receipt in row["receipts"]
    ) == [
        (False, "DONE", "1000.00"),
        (True, "DONE", "300.00"),
    ]
    (paid, refunded) = [mail for _, mail in scenario.api.mails.sent]
    assert (paid.subject[:12], refunded.subject[:12]) == ("Чек по плате", "Чек возврата")
    assert "Сумма к оплате в кабинете уже учитывает этот возврат." in refunded.text
    balance = (await scenario.post(BALANCE))["viewer"]["accounts"][0]["balance"]
    assert balance["processing"] == "700.00"
    assert sum([line.amount for line in await LedgerLine.filter(book="ACQUIRER")]) == 70_000
    assert sum([line.amount for line in await LedgerLine.all()]) == 0


async def test_a_payment_is_refunded_in_two_steps(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    digits = list[str]()
    for amount in (30_000, 70_000):
        refund = await refund_of(scenario, payment, amount)
        digits.append(str(refund.id.int)[-8:])
        await scenario.do_jobs()

    assert (await Payment.get(id=payment.id)).state == "REFUNDED"
    numbers = await RegistryRow.all().order_by("happened_at", "id").values_list("number", "amount")
    assert [(number.removeprefix(payment.number), amount) for number, amount in numbers] == [
        ("-1", 100_000), (f"-1В{digits[0]}", -30_000), (f"-1В{digits[1]}", -70_000),
    ]  # fmt: skip
    with pytest.raises(RefundRefused, match="NOT_PAID"):
        await refund_of(scenario, payment, 1)


async def test_each_of_many_refunds_has_its_receipt(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    for _ in range(11):  # a list of the acquirer has ten objects by default
        await refund_of(scenario, payment, 1_000)
    await scenario.do_jobs()
    await scenario.reconcile(payment.id)

    receipts = await FiscalReceipt.filter(payment_id=payment.id).order_by("number")
    assert [row.state for row in receipts] == ["DONE"] * 12
    assert len({row.number for row in receipts}) == 12
    assert sorted(row.amount for row in receipts) == [1_000] * 11 + [100_000]
    assert (await Payment.get(id=payment.id)).next_check_at is None


async def test_a_full_refund_leaves_the_commission_which_the_acquirer_may_return(
    scenario: PaymentScenario,
):
    await PaymentTerms.all().update(commission_percent=Decimal("1.5"))
    request = PaymentRequest(
        (PartRequest(scenario.account.id, amount=Kopecks(100_000)),), Kopecks(101_500)
    )
    key = await creation.start(
        scenario.anna, request, "1", acquirer=scenario.acquirer, company=COMPANY,
        signer=LINKS, now=datetime.now(UTC),
    )  # fmt: skip
    payment = await Payment.get(id=key)
    scenario.sandbox.pay(payment.page_url or "", GOOD)
    payment = await scenario.reconcile(key)
    with pytest.raises(RefundRefused, match="NOT_ENOUGH_LEFT"):
        await refund_of(scenario, payment, 101_500)
    await refund_of(scenario, payment, 100_000)
    await scenario.do_jobs()
    refunded = await scenario.reconcile(key)
    assert (refunded.state, refunded.refunded) == ("REFUNDED", 100_000)
    assert await Difference.all().count() == 0

    await scenario.acquirer.refund(given_refund(payment.reference or "", 1_500))
    await scenario.reconcile(key)
    difference = await Difference.get()
    assert (difference.kind, difference.theirs) == ("REFUNDED", "101500")
    explained, now = DifferenceResolution.EXPLAINED, datetime.now(UTC)
    await differences.settle(SUPERVISOR, difference.id, explained, "Вернули комиссию", now=now)
    await scenario.reconcile(key)
    assert await Difference.filter(settled_at=None).count() == 0


async def test_two_simultaneous_refunds_never_exceed_the_payment(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    requests = [refund_of(scenario, payment, 60_000) for _ in range(2)]
    outcomes = await asyncio.gather(*requests, return_exceptions=True)
    await scenario.do_jobs()

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refund", "RefundRefused"]
    assert (await Payment.get(id=payment.id)).refunded == 60_000
    assert (await scenario.acquirer.state(payment.reference or "")).refunded == 60_000


async def test_a_refund_that_is_sent_twice_at_once_is_one_refund(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    refund = await refund_of(scenario, payment, 60_000)
    await asyncio.gather(*(scenario.reconcile(payment.id) for _ in range(4)))

    assert (await Refund.get(id=refund.id)).state is RefundState.SUCCEEDED
    assert (await Payment.get(id=payment.id)).refunded == 60_000
    assert await Difference.all().count() == 0


@pytest.mark.parametrize("amount", [0, -1, 100_001])
async def test_a_senseless_sum_is_refused(scenario: PaymentScenario, amount: int):
    payment = await scenario.paid(100_000)

    with pytest.raises(RefundRefused, match="NOT_ENOUGH_LEFT"):
        await refund_of(scenario, payment, amount)


async def test_an_unpaid_payment_can_t_be_refunded(scenario: PaymentScenario):
    payment = await scenario.paid(100_000, card=POOR)

    with pytest.raises(RefundRefused, match="NOT_PAID"):
        await refund_of(scenario, payment, 1)


async def test_a_missing_part_can_t_be_refunded(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    claim = RefundClaim(payment.id, 2, Kopecks(1), "", "key")

    with pytest.raises(RefundRefused, match="NOT_ENOUGH_LEFT"):
        await request_refund(scenario.acquirer, claim)


async def test_a_clerk_may_not_request_a_refund(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)

    with pytest.raises(Forbidden):
        await request_refund(scenario.acquirer, claim(payment, 1), CLERK)
    assert await Refund.all().count() == 0


async def test_a_refund_that_the_acquirer_refuses_leaves_the_money_in_the_payment(
    scenario: PaymentScenario,
):
    payment = await scenario.paid(100_000)
    refund = await refund_of(scenario, payment, 60_000)
    await Payment.filter(id=payment.id).update(reference="unknown")
    await scenario.do_jobs()

    refund = await Refund.get(id=refund.id)
    assert (refund.state, refund.failure) == (RefundState.FAILED, "HTTP 400 invalid_request amount")
    assert (await Payment.get(id=payment.id)).refunded == 0
    assert await refunds.unfinished(payment.id) == []


async def test_after_a_day_only_staff_may_decide(scenario: PaymentScenario):
    """The acquirer's key has expired by then: a repeat might be a second refund."""
    payment = await scenario.paid(100_000)
    refund = await refund_of(scenario, payment, 60_000)
    late = refund.requested_at + timedelta(hours=24)
    for _ in range(2):
        await scenario.reconcile(payment.id, now=late)

    (difference,) = await Difference.all()
    assert (difference.kind, difference.ours) == ("UNKNOWN_REFUND", "60000")
    assert (await Refund.get(id=refund.id)).state is RefundState.REQUESTED
    assert (await scenario.acquirer.state(payment.reference or "")).refunded == 0


async def test_a_clerk_may_not_decide_either(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    refund = await refund_of(scenario, payment, 60_000)
    late = refund.requested_at + timedelta(hours=24)

    with pytest.raises(Forbidden):
        await refunds.decide(CLERK, refund.id, None, "a guess", now=late)
    assert (await Refund.get(id=refund.id)).state is RefundState.REQUESTED


async def test_a_payment_is_posted_when_all_its_movements_are(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    await refund_of(scenario, payment, 30_000)
    await scenario.do_jobs()
    numbers = await RegistryRow.all().order_by("happened_at", "id").values_list("number", flat=True)

    posted: list[bool] = []
    for number in numbers:
        assert await acknowledge([str(number)], now=datetime.now(UTC)) == 1
        posted.append((await Payment.get(id=payment.id)).posted_at is not None)
    assert posted == [False, True]


async def test_a_refund_that_we_know_nothing_of_is_for_staff(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    await scenario.acquirer.refund(given_refund(payment.reference or "", 500))
    await scenario.reconcile(payment.id)

    (difference,) = await Difference.all()
    assert (difference.kind, difference.ours, difference.theirs) == ("REFUNDED", "0..0", "500")


async def test_billing_posts_everything_once(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    now = datetime.now(UTC)
    row = await RegistryRow.get(posted_at=None).select_related("account")
    assert (row.number, row.account.number, row.amount) == (
        f"{payment.number}-1", "0012345678", 100_000,
    )  # fmt: skip

    assert await acknowledge([row.number, "stranger"], now=now) == 1
    assert await acknowledge([row.number], now=now) == 0
    assert not await RegistryRow.exists(posted_at=None)
    (account,) = (await scenario.api.ask(BALANCE, scenario.token))["viewer"]["accounts"]
    assert (account["balance"]["processing"], account["balance"]["amountDue"]) == (
        "0.00", "1140.00",
    )  # fmt: skip
    response = (await scenario.post(PAYMENT, id=f"pay_{payment.id.hex}"))["payment"]
    assert response["isPosted"] is True
    assert response["events"][-1]["kind"] == "POSTED"


async def test_a_refund_after_posting_is_on_its_way_to_billing_again(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    await acknowledge([f"{payment.number}-1"], now=datetime.now(UTC))
    await refund_of(scenario, payment, 30_000)
    await scenario.do_jobs()

    (account,) = (await scenario.api.ask(BALANCE, scenario.token))["viewer"]["accounts"]
    assert account["balance"]["processing"] == "-300.00"
    assert (await Payment.get(id=payment.id)).posted_at is None
