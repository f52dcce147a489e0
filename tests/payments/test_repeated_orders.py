"""A repeat under an idempotency key has the same content, whatever has changed meanwhile."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import Difference, Payment, PaymentState, Refund, RefundState
from lk_graphql.payments.service import creation, refunds
from lk_graphql.ports.acquiring import (
    AcquirerOrder,
    AcquirerUnavailable,
    AnswerUnreadable,
    RefundOrder,
    RefundResult,
    RegisteredOrder,
)
from tests.factories.payments import PaymentScenario, request_refund
from tests.support.client import COMPANY
from tests.support.sandbox_acquirer import AcquirerProxy


@dataclass
class LosesFirstAnswers(AcquirerProxy):
    """Executes requests; of the first of each kind no answer comes back."""

    orders: list[AcquirerOrder] = field(default_factory=list[AcquirerOrder])
    refunds: list[RefundOrder] = field(default_factory=list[RefundOrder])

    async def register(self, order: AcquirerOrder) -> RegisteredOrder:
        answer = await self.inner.register(order)
        self.orders.append(order)
        if len(self.orders) == 1:
            raise AcquirerUnavailable("ReadTimeout")
        return answer

    async def refund(self, refund: RefundOrder) -> RefundResult:
        answer = await self.inner.refund(refund)
        self.refunds.append(refund)
        if len(self.refunds) == 1:
            raise AcquirerUnavailable("ReadTimeout")
        return answer


async def requested(scenario: PaymentScenario) -> Refund:
    payment = await scenario.paid(100_000)
    claim = refunds.RefundClaim(payment.id, 1, Kopecks(30_000), "дважды", new_key().hex)
    return await Refund.get(id=await request_refund(scenario.acquirer, claim))


async def change_address(scenario: PaymentScenario) -> None:
    await User.filter(id=scenario.anna.id).update(email_key="new@example.com")


async def test_a_refund_is_one_though_the_payer_has_another_address(scenario: PaymentScenario):
    refund = await requested(scenario)
    acquirer = LosesFirstAnswers(scenario.acquirer)
    with pytest.raises(AcquirerUnavailable):
        await refunds.send(refund.id, acquirer=acquirer, now=datetime.now(UTC))
    await change_address(scenario)
    await refunds.send(refund.id, acquirer=acquirer, now=datetime.now(UTC))

    first, second = acquirer.refunds
    assert (first, first.buyer_email) == (second, "anna@example.com")
    refund = await Refund.get(id=refund.id)
    assert (refund.state, refund.buyer_email) == (RefundState.SUCCEEDED, None)
    assert (await Payment.get(id=refund.payment_id)).refunded == 30_000


async def test_a_payment_is_one_though_the_payer_has_another_address(scenario: PaymentScenario):
    acquirer = LosesFirstAnswers(scenario.acquirer)
    scenario.ports = replace(scenario.ports, acquirer=acquirer)
    payment = await scenario.begun()
    assert (payment.state, payment.buyer_email) == (PaymentState.CREATED, "anna@example.com")
    await change_address(scenario)
    await creation.register(payment.id, acquirer=acquirer, company=COMPANY, now=payment.created_at)

    first, second = acquirer.orders
    assert first == second
    payment = await Payment.get()
    assert (payment.state, payment.buyer_email) == (PaymentState.REGISTERED, None)


async def test_a_key_with_another_content_fails_no_refund(scenario: PaymentScenario):
    """The row is of the version before, which kept no address."""
    refund = await requested(scenario)
    acquirer = LosesFirstAnswers(scenario.acquirer)
    with pytest.raises(AcquirerUnavailable):
        await refunds.send(refund.id, acquirer=acquirer, now=datetime.now(UTC))
    await Refund.filter(id=refund.id).update(buyer_email=None)
    await change_address(scenario)
    with pytest.raises(AnswerUnreadable, match="Idempotence-Key"):
        await refunds.send(refund.id, acquirer=acquirer, now=datetime.now(UTC))

    assert (await Refund.get(id=refund.id)).state is RefundState.REQUESTED
    assert await Difference.all().values_list("kind", flat=True) == ["UNREADABLE"]
