"""What an acquirer says when somebody else was quicker, hasn't decided, or couldn't do it."""

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
from tests.factories.payments import PAYMENT, SUPERVISOR, PaymentScenario
from tests.support.client import COMPANY
from tests.support.sandbox_acquirer import GOOD, AcquirerProxy


@dataclass
class Late(AcquirerProxy):
    """Refuses, and until that is heard somebody else has had it done."""

    meanwhile: Callable[[], Awaitable[object]]

    async def register(self, order: AcquirerOrder) -> RegisteredOrder:
        await self.meanwhile()
        raise AcquirerRefused(f"{order.id} comes too late")

    async def refund(self, refund: RefundOrder) -> RefundResult:
        await self.meanwhile()
        raise AcquirerRefused(f"{refund.id} comes too late")


@dataclass
class Undecided(AcquirerProxy):
    """Answers about refunds with a status of its own."""

    status: RefundStatus
    reason: str | None = None

    async def refund(self, refund: RefundOrder) -> RefundResult:
        return RefundResult("rf-1", self.status, refund.amount, self.reason)


class WithoutPaper(AcquirerProxy):
    """Its cash register fails."""

    async def state(self, reference: str) -> OrderSnapshot:
        truth = await super().state(reference)
        failed = [replace(one, status=FiscalStatus.FAILED, storage=None) for one in truth.fiscal]
        return replace(truth, fiscal=tuple(failed))


async def asked(payment: Payment, amount: int = 30_000) -> Refund:
    claim = refunds.RefundClaim(payment.id, 1, Kopecks(amount), "Оплачено дважды", new_key().hex)
    made = await refunds.request(SUPERVISOR, claim, now=datetime.now(UTC))
    return await Refund.get(id=made.id)


async def kinds(payment: Payment) -> list[str]:
    found = PaymentEvent.filter(payment_id=payment.id).order_by("happened_at", "id")
    return [event.kind for event in await found]


async def test_a_refusal_that_comes_after_a_registration_ends_nothing(scenario: PaymentScenario):
    sandbox = scenario.acquirer

    async def another_look() -> None:
        (payment,) = await Payment.all()
        await creation.register(
            payment.id, acquirer=sandbox, company=COMPANY, now=payment.created_at
        )

    scenario.ports = replace(scenario.ports, acquirer=Late(sandbox, another_look))
    payment = await scenario.begun()

    assert payment.state is PaymentState.REGISTERED
    assert payment.page_url
    assert await kinds(payment) == ["CREATED", "REGISTERED"]


async def test_a_refusal_that_comes_after_a_refund_ends_nothing(scenario: PaymentScenario):
    payment, sandbox = await scenario.paid(100_000), scenario.acquirer
    refund = await asked(payment)

    async def send() -> None:
        now = datetime.now(UTC)
        await refunds.send(refund.id, acquirer=sandbox, company=COMPANY, now=now)

    scenario.ports = replace(scenario.ports, acquirer=Late(sandbox, send))
    await scenario.do_jobs()

    assert (await Refund.get(id=refund.id)).state is RefundState.SUCCEEDED
    assert (await Payment.get(id=payment.id)).refunded == 30_000
    assert "REFUND_FAILED" not in await kinds(payment)


async def test_a_refund_that_is_over_is_not_sent_again(scenario: PaymentScenario):
    payment = await scenario.paid(100_000)
    refund = await asked(payment)
    await scenario.do_jobs()
    before = await kinds(payment)
    now = datetime.now(UTC)
    await refunds.send(refund.id, acquirer=scenario.acquirer, company=COMPANY, now=now)

    assert await kinds(payment) == before
    assert (await scenario.acquirer.state(payment.reference or "")).refunded == 30_000


async def test_a_refund_that_its_bank_ponders_is_asked_about_again(scenario: PaymentScenario):
    payment, sandbox = await scenario.paid(100_000), scenario.acquirer
    refund = await asked(payment)
    scenario.ports = replace(scenario.ports, acquirer=Undecided(sandbox, RefundStatus.PENDING))
    await scenario.do_jobs()

    assert (await Refund.get(id=refund.id)).state is RefundState.REQUESTED
    waiting = await Payment.get(id=payment.id)
    assert (waiting.refunded, waiting.state) == (0, PaymentState.SUCCEEDED)
    assert waiting.look_at is not None
    scenario.ports = replace(scenario.ports, acquirer=sandbox)
    await scenario.reconcile(payment.id)
    assert (await Refund.get(id=refund.id)).state is RefundState.SUCCEEDED


@pytest.mark.parametrize(
    ("reason", "told"), [("rejected_by_payee", "rejected_by_payee"), (None, "canceled")]
)
async def test_a_refund_that_its_bank_cancels_leaves_the_money_where_it_is(
    scenario: PaymentScenario, reason: str | None, told: str
):
    payment = await scenario.paid(100_000)
    refund = await asked(payment)
    canceling = Undecided(scenario.acquirer, RefundStatus.CANCELED, reason)
    scenario.ports = replace(scenario.ports, acquirer=canceling)
    await scenario.do_jobs()

    refund = await Refund.get(id=refund.id)
    assert (refund.state, refund.failure) == (RefundState.FAILED, told)
    assert (await kinds(payment))[-1] == "REFUND_FAILED"
    assert sum([line.amount for line in await LedgerLine.filter(book="ACQUIRER")]) == 100_000
    await asked(payment, 100_000)  # all of it may still be asked for


async def test_a_receipt_that_couldn_t_be_made_out_is_shown_and_not_mailed(
    scenario: PaymentScenario,
):
    payment = await scenario.begun()
    scenario.sandbox.pay(payment.page_url or "", GOOD)
    scenario.ports = replace(scenario.ports, acquirer=WithoutPaper(scenario.acquirer))
    payment = await scenario.reconcile(payment.id)
    await scenario.do_jobs()

    asked = await scenario.api.ask(PAYMENT, scenario.token, id=to_public("pay", payment.id))
    (receipt,) = asked["payment"]["receipts"]
    assert (asked["payment"]["state"], receipt["state"]) == ("SUCCEEDED", "FAILED")
    assert await kinds(payment) == ["CREATED", "REGISTERED", "SUCCEEDED"]
    assert scenario.api.mails.sent == []
    assert payment.look_at is None
    assert await FiscalReceipt.filter(state="PENDING").count() == 0
