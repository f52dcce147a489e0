"""Late, undecided and failed responses of the acquirer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import (
    FiscalReceipt,
    LedgerLine,
    Payment,
    PaymentEvent,
    PaymentState,
    Refund,
    RefundState,
)
from lk_graphql.payments.service import creation, refunds
from lk_graphql.ports.acquiring import (
    AcquirerOrder,
    AcquirerRefused,
    FiscalStatus,
    OrderSnapshot,
    RefundOrder,
    RefundResult,
    RefundStatus,
    RegisteredOrder,
)
from tests.factories.payments import PAYMENT, PaymentScenario, request_refund
from tests.support.client import COMPANY
from tests.support.sandbox_acquirer import GOOD, AcquirerProxy


@dataclass
class LateRefusal(AcquirerProxy):
    """Refuses a request after `meanwhile` has executed it."""

    meanwhile: Callable[[], Awaitable[object]]

    async def register(self, order: AcquirerOrder) -> RegisteredOrder:
        await self.meanwhile()
        raise AcquirerRefused(f"{order.id} comes too late")

    async def refund(self, refund: RefundOrder) -> RefundResult:
        await self.meanwhile()
        raise AcquirerRefused(f"{refund.id} comes too late")


@dataclass
class FixedRefundStatus(AcquirerProxy):
    """Answers refunds with a given status."""

    status: RefundStatus
    reason: str | None = None

    async def refund(self, refund: RefundOrder) -> RefundResult:
        return RefundResult("rf-1", self.status, refund.amount, self.reason)


@dataclass
class FailingCashRegister(AcquirerProxy):
    """An acquirer whose cash register fails, or hasn't registered anything yet."""

    status: FiscalStatus = FiscalStatus.FAILED

    async def state(self, reference: str) -> OrderSnapshot:
        snapshot = await super().state(reference)
        failed = [replace(receipt, status=self.status, storage=None) for receipt in snapshot.fiscal]
        return replace(snapshot, fiscal=tuple(failed))


async def refund_of(scenario: PaymentScenario, payment: Payment, amount: int = 30_000) -> Refund:
    claim = refunds.RefundClaim(payment.id, 1, Kopecks(amount), "Оплачено дважды", new_key().hex)
    return await Refund.get(id=await request_refund(scenario.acquirer, claim))


async def event_kinds(payment: Payment) -> list[str]:
    events = PaymentEvent.filter(payment_id=payment.id).order_by("happened_at", "id")
    return [event.kind for event in await events]


async def test_a_refusal_that_comes_after_a_registration_ends_nothing(scenario: PaymentScenario):
    sandbox = scenario.acquirer

    async def register() -> None:
        (payment,) = await Payment.all()
        await creation.register(
            payment.id, acquirer=sandbox, company=COMPANY, now=payment.created_at
        )

    scenario.ports = replace(scenario.ports, acquirer=LateRefusal(sandbox, register))
    payment = await scenario.begun()

    assert payment.state is PaymentState.REGISTERED
    assert payment.page_url
    assert await event_kinds(payment) == ["CREATED", "REGISTERED"]


async def test_a_refusal_that_comes_after_a_refund_ends_nothing(scenario: PaymentScenario):
    payment, sandbox = await scenario.paid(100_000), scenario.acquirer
    refund = await refund_of(scenario, payment)

    async def send() -> None:
        now = datetime.now(UTC)
        await refunds.send(refund.id, acquirer=sandbox, now=now)

    scenario.ports = replace(scenario.ports, acquirer=LateRefusal(sandbox, send))
    await scenario.do_jobs()

    assert (await Refund.get(id=refund.id)).state is RefundState.SUCCEEDED
    assert (await Payment.get(id=payment.id)).refunded == 30_000
    assert "REFUND_FAILED" not in await event_kinds(payment)


async def test_a_refund_that_is_over_is_not_sent_again(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    refund = await refund_of(scenario, payment)
    await scenario.do_jobs()
    before = await event_kinds(payment)
    now = datetime.now(UTC)
    await refunds.send(refund.id, acquirer=scenario.acquirer, now=now)

    assert await event_kinds(payment) == before
    assert (await scenario.acquirer.state(payment.reference or "")).refunded == 30_000


async def test_a_pending_refund_is_checked_again(scenario: PaymentScenario):
    payment, sandbox = await scenario.paid(100_000), scenario.acquirer
    refund = await refund_of(scenario, payment)
    scenario.ports = replace(
        scenario.ports, acquirer=FixedRefundStatus(sandbox, RefundStatus.PENDING)
    )
    await scenario.do_jobs()

    assert (await Refund.get(id=refund.id)).state is RefundState.REQUESTED
    pending_payment = await Payment.get(id=payment.id)
    assert (pending_payment.refunded, pending_payment.state) == (0, PaymentState.SUCCEEDED)
    assert pending_payment.next_check_at is not None
    scenario.ports = replace(scenario.ports, acquirer=sandbox)
    await scenario.reconcile(payment.id)
    assert (await Refund.get(id=refund.id)).state is RefundState.SUCCEEDED


@pytest.mark.parametrize(
    ("reason", "failure"), [("rejected_by_payee", "rejected_by_payee"), (None, "canceled")]
)
async def test_a_canceled_refund_leaves_the_money_in_the_payment(
    scenario: PaymentScenario, reason: str | None, failure: str
):
    payment = await scenario.paid(100_000)
    refund = await refund_of(scenario, payment)
    canceling = FixedRefundStatus(scenario.acquirer, RefundStatus.CANCELED, reason)
    scenario.ports = replace(scenario.ports, acquirer=canceling)
    await scenario.do_jobs()

    refund = await Refund.get(id=refund.id)
    assert (refund.state, refund.failure) == (RefundState.FAILED, failure)
    assert (await event_kinds(payment))[-1] == "REFUND_FAILED"
    assert sum([line.amount for line in await LedgerLine.filter(book="ACQUIRER")]) == 100_000
    await refund_of(scenario, payment, 100_000)  # the whole sum is refundable again


async def test_a_failed_receipt_is_reported_and_not_mailed(
    scenario: PaymentScenario,
):
    payment = await scenario.begun()
    scenario.sandbox.pay(payment.page_url or "", GOOD)
    scenario.ports = replace(scenario.ports, acquirer=FailingCashRegister(scenario.acquirer))
    payment = await scenario.reconcile(payment.id)
    await scenario.do_jobs()

    response = await scenario.api.ask(PAYMENT, scenario.token, id=to_public("pay", payment.id))
    (receipt,) = response["payment"]["receipts"]
    assert (response["payment"]["state"], receipt["state"]) == ("SUCCEEDED", "FAILED")
    assert await event_kinds(payment) == ["CREATED", "REGISTERED", "SUCCEEDED"]
    assert scenario.api.mails.sent == []
    assert payment.next_check_at is None
    assert await FiscalReceipt.filter(state="PENDING").count() == 0
