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
    AcquirerRefused,
    FiscalStatus,
    Order,
    Refunded,
    RefundOrder,
    RefundStatus,
    Registered,
    Truth,
)
from tests.factories.payments import PAYMENT, SUPERVISOR, Paying
from tests.support.client import COMPANY
from tests.support.sandbox_acquirer import GOOD, Relay


@dataclass
class Late(Relay):
    """Refuses, and until that is heard somebody else has had it done."""

    meanwhile: Callable[[], Awaitable[object]]

    async def register(self, order: Order) -> Registered:
        await self.meanwhile()
        raise AcquirerRefused(f"{order.id} comes too late")

    async def refund(self, refund: RefundOrder) -> Refunded:
        await self.meanwhile()
        raise AcquirerRefused(f"{refund.id} comes too late")


@dataclass
class Undecided(Relay):
    """Answers about refunds with a status of its own."""

    status: RefundStatus
    reason: str | None = None

    async def refund(self, refund: RefundOrder) -> Refunded:
        return Refunded("rf-1", self.status, refund.amount, self.reason)


class WithoutPaper(Relay):
    """Its cash register fails."""

    async def state(self, reference: str) -> Truth:
        truth = await super().state(reference)
        failed = [replace(one, status=FiscalStatus.FAILED, storage=None) for one in truth.fiscal]
        return replace(truth, fiscal=tuple(failed))


async def asked(payment: Payment, amount: int = 30_000) -> Refund:
    claim = refunds.Claim(payment.id, 1, Kopecks(amount), "Оплачено дважды", new_key().hex)
    made = await refunds.request(SUPERVISOR, claim, now=datetime.now(UTC))
    return await Refund.get(id=made.id)


async def kinds(payment: Payment) -> list[str]:
    found = PaymentEvent.filter(payment_id=payment.id).order_by("happened_at", "id")
    return [event.kind for event in await found]


async def test_a_refusal_that_comes_after_a_registration_ends_nothing(at_work: Paying):
    sandbox = at_work.acquirer

    async def another_look() -> None:
        (payment,) = await Payment.all()
        await creation.register(
            payment.id, acquirer=sandbox, company=COMPANY, now=payment.created_at
        )

    at_work.ports = replace(at_work.ports, acquirer=Late(sandbox, another_look))
    payment = await at_work.begun()

    assert payment.state is PaymentState.REGISTERED
    assert payment.page_url
    assert await kinds(payment) == ["CREATED", "REGISTERED"]


async def test_a_refusal_that_comes_after_a_refund_ends_nothing(at_work: Paying):
    payment, sandbox = await at_work.paid(100_000), at_work.acquirer
    refund = await asked(payment)

    async def send() -> None:
        now = datetime.now(UTC)
        await refunds.send(refund.id, acquirer=sandbox, company=COMPANY, now=now)

    at_work.ports = replace(at_work.ports, acquirer=Late(sandbox, send))
    await at_work.do_jobs()

    assert (await Refund.get(id=refund.id)).state is RefundState.SUCCEEDED
    assert (await Payment.get(id=payment.id)).refunded == 30_000
    assert "REFUND_FAILED" not in await kinds(payment)


async def test_a_refund_that_is_over_is_not_sent_again(at_work: Paying):
    payment = await at_work.paid(100_000)
    refund = await asked(payment)
    await at_work.do_jobs()
    before = await kinds(payment)
    now = datetime.now(UTC)
    await refunds.send(refund.id, acquirer=at_work.acquirer, company=COMPANY, now=now)

    assert await kinds(payment) == before
    assert (await at_work.acquirer.state(payment.reference or "")).refunded == 30_000


async def test_a_refund_that_its_bank_ponders_is_asked_about_again(at_work: Paying):
    payment, sandbox = await at_work.paid(100_000), at_work.acquirer
    refund = await asked(payment)
    at_work.ports = replace(at_work.ports, acquirer=Undecided(sandbox, RefundStatus.PENDING))
    await at_work.do_jobs()

    assert (await Refund.get(id=refund.id)).state is RefundState.REQUESTED
    waiting = await Payment.get(id=payment.id)
    assert (waiting.refunded, waiting.state) == (0, PaymentState.SUCCEEDED)
    assert waiting.look_at is not None
    at_work.ports = replace(at_work.ports, acquirer=sandbox)
    await at_work.look(payment.id)
    assert (await Refund.get(id=refund.id)).state is RefundState.SUCCEEDED


@pytest.mark.parametrize(
    ("reason", "told"), [("rejected_by_payee", "rejected_by_payee"), (None, "canceled")]
)
async def test_a_refund_that_its_bank_cancels_leaves_the_money_where_it_is(
    at_work: Paying, reason: str | None, told: str
):
    payment = await at_work.paid(100_000)
    refund = await asked(payment)
    canceling = Undecided(at_work.acquirer, RefundStatus.CANCELED, reason)
    at_work.ports = replace(at_work.ports, acquirer=canceling)
    await at_work.do_jobs()

    refund = await Refund.get(id=refund.id)
    assert (refund.state, refund.failure) == (RefundState.FAILED, told)
    assert (await kinds(payment))[-1] == "REFUND_FAILED"
    assert sum([line.amount for line in await LedgerLine.filter(book="ACQUIRER")]) == 100_000
    await asked(payment, 100_000)  # all of it may still be asked for


async def test_a_receipt_that_couldn_t_be_made_out_is_shown_and_not_mailed(at_work: Paying):
    payment = await at_work.begun()
    at_work.sandbox.pay(payment.page_url or "", GOOD)
    at_work.ports = replace(at_work.ports, acquirer=WithoutPaper(at_work.acquirer))
    payment = await at_work.look(payment.id)
    await at_work.do_jobs()

    asked = await at_work.cabinet.ask(PAYMENT, at_work.token, id=to_public("pay", payment.id))
    (receipt,) = asked["payment"]["receipts"]
    assert (asked["payment"]["state"], receipt["state"]) == ("SUCCEEDED", "FAILED")
    assert await kinds(payment) == ["CREATED", "REGISTERED", "SUCCEEDED"]
    assert at_work.cabinet.mails.sent == []
    assert payment.look_at is None
    assert await FiscalReceipt.filter(state="PENDING").count() == 0
