"""A repeat under an idempotency key has the same content, whatever has changed meanwhile."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lk_graphql.billing.models import Supplier
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import Difference, Payment, PaymentState, Refund, RefundState
from lk_graphql.payments.service import creation, refunds
from lk_graphql.payments.service.personal_data import PERSONAL_DATA
from lk_graphql.ports.acquiring import (
    AcquirerOrder,
    AcquirerUnavailable,
    AnswerUnreadable,
    RefundOrder,
    RefundResult,
    RegisteredOrder,
    Shop,
    YooKassa,
    yookassa_json,
)
from tests.factories.accounts import NOW
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


async def erase(scenario: PaymentScenario) -> None:
    """Erase the payer's login and what payments have of them."""
    address = f"{scenario.anna.id.hex}@erased.invalid"
    await User.filter(id=scenario.anna.id).update(email=address, email_key=address)
    for eraser in PERSONAL_DATA.erasers:
        await eraser.erase(scenario.anna.id, NOW)


async def publish_requisites(_: PaymentScenario) -> None:
    """Publish others that are valid from the payment's day."""
    (values,) = await Supplier.all().values()
    changed: dict[str, Any] = {
        "id": new_key(),
        "valid_from": COMPANY.today(NOW),
        "account": "4" * 20,
    }
    await Supplier.create(**values | changed)


async def change_nothing(_: PaymentScenario) -> None: ...


MEANWHILE = [change_nothing, change_address, erase, publish_requisites]
MOVED = replace(
    COMPANY,
    name="Другая компания",
    public_url="https://moved.example",
    cabinet_url="https://app.example",
    zone=ZoneInfo("America/Los_Angeles"),
    page_origins=(),
)


@pytest.mark.parametrize("meanwhile", MEANWHILE)
async def test_a_repeated_order_is_the_same_after_any_change_of_settings(
    scenario: PaymentScenario, meanwhile: Callable[[PaymentScenario], Awaitable[None]]
):
    acquirer = LosesFirstAnswers(scenario.acquirer)
    scenario.ports = replace(scenario.ports, acquirer=acquirer)
    payment = await scenario.begun()
    assert (payment.state, payment.buyer_email) == (PaymentState.CREATED, "anna@example.com")
    await meanwhile(scenario)
    await creation.register(payment.id, acquirer=acquirer, company=MOVED, now=NOW)

    first, second = (yookassa_json.order(order) for order in acquirer.orders)
    assert first == second
    payment = await Payment.get()
    assert payment.state is PaymentState.REGISTERED
    assert (payment.buyer_email, payment.return_url) == (None, None)


@pytest.mark.parametrize("meanwhile", MEANWHILE)
async def test_a_repeated_refund_is_the_same_after_any_change_of_settings(
    scenario: PaymentScenario, meanwhile: Callable[[PaymentScenario], Awaitable[None]]
):
    refund = await requested(scenario)
    acquirer = LosesFirstAnswers(scenario.acquirer)
    with pytest.raises(AcquirerUnavailable):
        await refunds.send(refund.id, acquirer=acquirer, now=datetime.now(UTC))
    await meanwhile(scenario)
    await refunds.send(refund.id, acquirer=acquirer, now=datetime.now(UTC))

    first, second = (yookassa_json.refund(order) for order in acquirer.refunds)
    assert first == second
    refund = await Refund.get(id=refund.id)
    assert (refund.state, refund.buyer_email) == (RefundState.SUCCEEDED, None)
    assert (await Payment.get(id=refund.payment_id)).refunded == 30_000


async def test_a_refund_in_doubt_keeps_no_address(scenario: PaymentScenario):
    refund = await requested(scenario)
    late = refund.requested_at + timedelta(hours=24)
    await refunds.send(refund.id, acquirer=scenario.acquirer, now=late)

    refund = await Refund.get(id=refund.id)
    assert (refund.state, refund.buyer_email) == (RefundState.REQUESTED, None)


async def test_a_payment_that_was_never_registered_keeps_nothing_of_its_payer(
    scenario: PaymentScenario,
):
    scenario.ports = replace(scenario.ports, acquirer=LosesFirstAnswers(scenario.acquirer))
    payment = await scenario.begun()
    await erase(scenario)
    payment = await scenario.reconcile(payment.id, now=NOW + timedelta(hours=24))

    assert payment.state is PaymentState.EXPIRED
    assert (payment.buyer_email, payment.return_url) == (None, None)


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


async def test_a_wrong_secret_after_a_lost_answer_fails_no_refund(scenario: PaymentScenario):
    refund = await requested(scenario)
    with pytest.raises(AcquirerUnavailable):
        await refunds.send(
            refund.id, acquirer=LosesFirstAnswers(scenario.acquirer), now=datetime.now(UTC)
        )
    wrong = YooKassa(Shop("shop", "old secret", f"{scenario.sandbox.url}/v3", "sandbox"))
    with pytest.raises(AcquirerUnavailable, match="401"):
        await refunds.send(refund.id, acquirer=wrong, now=datetime.now(UTC))
    await refunds.send(refund.id, acquirer=scenario.acquirer, now=datetime.now(UTC))

    refund = await Refund.get(id=refund.id)
    assert refund.state is RefundState.SUCCEEDED
    assert (await Payment.get(id=refund.payment_id)).refunded == 30_000
    assert await Difference.all().count() == 0


async def test_a_wrong_secret_cancels_no_payment(scenario: PaymentScenario):
    right = scenario.ports
    wrong = YooKassa(Shop("shop", "old secret", f"{scenario.sandbox.url}/v3", "sandbox"))
    scenario.ports = replace(right, acquirer=wrong)
    payment = await scenario.begun()
    assert payment.state is PaymentState.CREATED
    scenario.ports = right
    assert right.acquirer is not None
    await creation.register(payment.id, acquirer=right.acquirer, company=COMPANY, now=NOW)

    assert (await Payment.get(id=payment.id)).state is PaymentState.REGISTERED
