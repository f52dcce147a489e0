"""Late, undecided and failed responses of the acquirer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.errors import RefundRefused
from lk_graphql.payments.models import (
    Difference,
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
from tests.factories.payments import PAYMENT, SUPERVISOR, PaymentScenario, request_refund
from tests.support.client import COMPANY
from tests.support.locks import until_locks_are_awaited
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
    amount: Kopecks | None = None

    async def refund(self, refund: RefundOrder) -> RefundResult:
        return RefundResult("rf-1", self.status, self.amount or refund.amount, self.reason)


@dataclass
class SlowRefunds(AcquirerProxy):
    """Answers each request of a refund as the first one: pending; the state is another question."""

    status: RefundStatus = RefundStatus.PENDING
    sent: int = 0

    async def refund(self, refund: RefundOrder) -> RefundResult:
        self.sent += 1
        return replace(await self.inner.refund(refund), status=RefundStatus.PENDING)

    async def refund_state(self, reference: str) -> RefundResult:
        return replace(await self.inner.refund_state(reference), status=self.status)


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


async def pending_refund(scenario: PaymentScenario) -> tuple[Payment, Refund, SlowRefunds]:
    payment, acquirer = await scenario.paid(100_000), SlowRefunds(scenario.acquirer)
    refund = await refund_of(scenario, payment)
    scenario.ports = replace(scenario.ports, acquirer=acquirer)
    await scenario.do_jobs()
    return payment, await Refund.get(id=refund.id), acquirer


async def test_a_pending_refund_is_queried_until_its_bank_has_done_it(scenario: PaymentScenario):
    payment, refund, acquirer = await pending_refund(scenario)
    assert (refund.state, refund.buyer_email) == (RefundState.REQUESTED, None)
    payment = await Payment.get(id=payment.id)
    assert (payment.refunded, payment.state) == (0, PaymentState.SUCCEEDED)
    assert payment.next_check_at is not None

    for day in range(1, 3):
        await scenario.reconcile(payment.id, now=refund.requested_at + timedelta(days=day))
    assert (await Refund.get(id=refund.id)).state is RefundState.REQUESTED
    acquirer.status = RefundStatus.SUCCEEDED
    await scenario.reconcile(payment.id, now=refund.requested_at + timedelta(days=3))

    assert (await Refund.get(id=refund.id)).state is RefundState.SUCCEEDED
    assert (await Payment.get(id=payment.id)).refunded == 30_000
    assert (acquirer.sent, await Difference.all().count()) == (1, 0)


async def test_a_pending_refund_that_its_bank_cancels_fails(scenario: PaymentScenario):
    payment, refund, acquirer = await pending_refund(scenario)
    acquirer.status = RefundStatus.CANCELED
    await scenario.reconcile(payment.id, now=refund.requested_at + timedelta(days=3))

    assert (await Refund.get(id=refund.id)).state is RefundState.FAILED
    assert (await event_kinds(payment))[-1] == "REFUND_FAILED"


async def test_a_pending_refund_is_for_staff_after_a_month(scenario: PaymentScenario):
    payment, refund, _ = await pending_refund(scenario)
    reference = refund.reference
    early, late = (refund.requested_at + timedelta(days=days) for days in (29, 31))
    with pytest.raises(RefundRefused, match="NOT_IN_DOUBT"):
        await refunds.decide(SUPERVISOR, refund.id, None, "Ещё идёт", now=early)
    await scenario.reconcile(payment.id, now=late)

    difference = await Difference.get()
    assert (difference.kind, difference.theirs) == (
        "UNKNOWN_REFUND", f"no end of {reference} for a month",
    )  # fmt: skip
    await refunds.decide(SUPERVISOR, refund.id, reference, "Есть в выписке", now=late)
    assert (await Refund.get(id=refund.id)).state is RefundState.SUCCEEDED
    assert (await Difference.get()).settled_at == late


async def test_a_reference_that_comes_as_the_key_expires_prevents_the_doubt(
    scenario: PaymentScenario, opened: asyncpg.Connection
):
    payment = await scenario.paid(100_000)
    refund = await refund_of(scenario, payment)
    late = refund.requested_at + timedelta(days=1)
    async with opened.transaction():
        await opened.execute("SELECT FROM payment WHERE id = $1 FOR UPDATE", payment.id)
        doubt = asyncio.create_task(refunds.send(refund.id, acquirer=scenario.acquirer, now=late))
        await until_locks_are_awaited(opened)
        await opened.execute("UPDATE refund SET reference = 'r-1' WHERE id = $1", refund.id)
    await doubt

    assert await Difference.all().count() == 0
    assert (await Refund.get(id=refund.id)).state is RefundState.REQUESTED


async def test_a_pending_refund_that_the_acquirer_no_longer_has_fails_nothing(
    scenario: PaymentScenario,
):
    payment, refund, _ = await pending_refund(scenario)
    await Refund.filter(id=refund.id).update(reference="gone")
    await scenario.reconcile(payment.id)

    assert (await Refund.get(id=refund.id)).state is RefundState.REQUESTED


async def test_a_pending_refund_of_another_amount_is_for_staff(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    refund = await refund_of(scenario, payment)
    await Refund.filter(id=refund.id).update(amount=40_000)
    pending = FixedRefundStatus(scenario.acquirer, RefundStatus.PENDING, amount=Kopecks(30_000))
    scenario.ports = replace(scenario.ports, acquirer=pending)
    await scenario.do_jobs()

    assert (await Refund.get(id=refund.id)).reference is None
    assert await Difference.all().values_list("kind", "ours", "theirs") == [
        ("REFUNDED", "40000", "30000 RUB (rf-1)")
    ]


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
