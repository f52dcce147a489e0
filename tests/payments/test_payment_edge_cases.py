"""Lost responses, contradictions, missing terms, and the return page."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import AccountBalance, Supplier, VatRate
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.models import (
    Difference,
    DifferenceKind,
    DifferenceResolution,
    LedgerLine,
    Payment,
    PaymentPart,
    PaymentState,
    PaymentTerms,
)
from lk_graphql.payments.service import creation, differences, orders, reconciliation, states
from lk_graphql.payments.service.creation import PaymentRequest
from lk_graphql.payments.service.preview import PartRequest
from lk_graphql.payments.service.states import InvalidTransition
from lk_graphql.ports.acquiring import (
    AcquirerOrder,
    AcquirerRefused,
    AcquirerUnavailable,
    RegisteredOrder,
    Shop,
    YooKassa,
    yookassa_json,
)
from tests.factories.accounts import LINKS, NOW, given_bare_account, given_link
from tests.factories.payments import SUPERVISOR, PaymentScenario
from tests.support.client import COMPANY
from tests.support.sandbox_acquirer import GOOD, AcquirerProxy


@dataclass
class FailingRegistration(AcquirerProxy):
    """Fails the first registrations, then forwards them to the sandbox."""

    failure: Exception
    times: int

    async def register(self, order: AcquirerOrder) -> RegisteredOrder:
        if self.times:
            self.times -= 1
            raise self.failure
        return await super().register(order)


def fail_registration(scenario: PaymentScenario, failure: Exception, times: int = 1) -> None:
    acquirer = FailingRegistration(scenario.acquirer, failure, times)
    scenario.ports = replace(scenario.ports, acquirer=acquirer)


async def test_a_registration_without_an_answer_is_repeated(scenario: PaymentScenario):
    fail_registration(scenario, AcquirerUnavailable())
    payment = await scenario.begun()
    assert (payment.state, payment.page_url) == (PaymentState.CREATED, None)

    payment = await scenario.reconcile(payment.id, now=NOW + timedelta(minutes=1))
    assert payment.state is PaymentState.REGISTERED


async def test_an_unregistered_payment_expires_after_a_day(scenario: PaymentScenario):
    fail_registration(scenario, AcquirerUnavailable())
    payment = await scenario.begun()
    payment = await scenario.reconcile(payment.id, now=NOW + timedelta(hours=24))

    assert (payment.state, payment.next_check_at) == (PaymentState.EXPIRED, None)


async def test_a_payment_that_the_acquirer_refuses_is_canceled(scenario: PaymentScenario):
    fail_registration(scenario, AcquirerRefused("HTTP 400"))
    payment = await scenario.begun()

    assert (payment.state, payment.reason) == (PaymentState.CANCELED, "HTTP 400")


async def test_an_order_that_the_acquirer_has_lost_is_for_staff(scenario: PaymentScenario):
    payment = await scenario.begun()
    await Payment.filter(id=payment.id).update(reference="gone")
    await scenario.reconcile(payment.id)

    assert (await Difference.get()).kind == "LOST"


async def test_a_lost_payment_ends_when_staff_have_settled_it_and_can_be_started_again(
    scenario: PaymentScenario,
):
    first = await scenario.begun()
    await Payment.filter(id=first.id).update(reference="gone")
    await scenario.reconcile(first.id)
    again = await scenario.reconcile(first.id)
    assert (again.state, (await scenario.begun()).id) == (PaymentState.REGISTERED, first.id)

    await settle_loss()
    ended = await scenario.reconcile(first.id)
    assert (ended.state, ended.reason) == (PaymentState.CANCELED, "lost by the acquirer")
    assert ended.next_check_at is None
    second = await scenario.begun()
    assert (second.state, second.id == first.id) == (PaymentState.REGISTERED, False)
    await scenario.reconcile(first.id)
    assert await Difference.all().count() == 1


async def test_an_order_that_is_found_again_can_still_be_paid(scenario: PaymentScenario):
    payment = await scenario.begun()
    await Payment.filter(id=payment.id).update(reference="gone")
    await scenario.reconcile(payment.id)
    await Payment.filter(id=payment.id).update(reference=payment.reference)
    await settle_loss()
    found = await scenario.reconcile(payment.id)
    assert found.state is PaymentState.REGISTERED

    scenario.sandbox.pay(payment.page_url or "", GOOD)
    assert (await scenario.reconcile(payment.id)).state is PaymentState.SUCCEEDED


async def test_a_paid_order_that_the_acquirer_has_lost_stays_paid(scenario: PaymentScenario):
    payment = await scenario.paid()
    await Payment.filter(id=payment.id).update(reference="gone")
    await scenario.reconcile(payment.id)
    await settle_loss()

    assert (await scenario.reconcile(payment.id)).state is PaymentState.SUCCEEDED


async def settle_loss() -> None:
    """Settle the only difference, which is LOST, as explained."""
    loss = await Difference.get(kind=DifferenceKind.LOST)
    explained = DifferenceResolution.EXPLAINED
    await differences.settle(SUPERVISOR, loss.id, explained, "Новый магазин", now=datetime.now(UTC))


async def test_an_end_that_contradicts_ours_is_for_staff(scenario: PaymentScenario):
    payment = await scenario.begun()
    await Payment.filter(id=payment.id).update(state=PaymentState.EXPIRED)
    scenario.sandbox.pay(payment.page_url or "", GOOD)
    await scenario.reconcile(payment.id)

    difference = await Difference.get()
    assert (difference.kind, difference.ours, difference.theirs) == (
        "STATE",
        "EXPIRED",
        "SUCCEEDED",
    )
    assert await LedgerLine.all().count() == 0


async def test_a_state_that_can_t_follow_is_a_fault_of_ours(scenario: PaymentScenario):
    payment = await scenario.paid()

    with pytest.raises(InvalidTransition, match=r"SUCCEEDED isn't followed by PENDING"):
        await states.move(payment, PaymentState.PENDING, now=NOW)


async def test_a_commission_is_charged_and_booked(scenario: PaymentScenario):
    await PaymentTerms.create(
        valid_from=date(2026, 1, 1), minimum=100, maximum=1_000_000,
        commission_percent=Decimal("1.5"), reference="a test",
    )  # fmt: skip
    started = (await scenario.start("1000.00", total="1015.00"))["payment"]
    scenario.sandbox.pay(started["pageUrl"], GOOD)
    payment = await Payment.get()
    await scenario.reconcile(payment.id)

    lines = await LedgerLine.all().order_by("amount").values_list("book", "amount")
    assert lines == [("CUSTOMER", -100_000), ("COMMISSION", -1_500), ("ACQUIRER", 101_500)]


@pytest.mark.parametrize("model", [PaymentTerms, Supplier, VatRate])
async def test_without_terms_supplier_or_vat_rate_no_payment_is_accepted(
    scenario: PaymentScenario, model: type[PaymentTerms | Supplier | VatRate]
):
    await model.all().delete()
    payload = await scenario.start()

    assert [error["code"] for error in payload["errors"]] == ["PAYMENTS_CLOSED"]


async def test_before_the_first_balance_a_payment_is_an_advance(scenario: PaymentScenario):
    await AccountBalance.all().delete()
    started = (await scenario.start("100.00"))["payment"]
    scenario.sandbox.pay(started["pageUrl"], GOOD)
    await scenario.reconcile((await Payment.get()).id)

    assert (await Payment.get()).state is PaymentState.SUCCEEDED


async def test_a_payment_order_names_the_accounts_and_their_details(scenario: PaymentScenario):
    """A new account has neither an ЕЛС nor a bill; the second of two accounts is named, too."""
    new_account = await given_bare_account("0099999999")
    await given_link(scenario.anna, new_account)
    purposes: list[str] = []
    for accounts in ((new_account,), (new_account, scenario.account), (scenario.account,)):
        parts = tuple(PartRequest(account.id, amount=Kopecks(5_000)) for account in accounts)
        payment_id = await creation.start(
            scenario.anna, PaymentRequest(parts, Kopecks(5_000 * len(parts))), str(new_key()),
            acquirer=scenario.acquirer, company=COMPANY, signer=LINKS, now=NOW,
        )  # fmt: skip
        order = await orders.order_of(await Payment.get(id=payment_id), company=COMPANY)
        purposes.append(order.utility.purpose)
        await Payment.filter(id=payment_id).update(state=PaymentState.EXPIRED)

    assert purposes == [
        "Оплата за электроэнергию;ЛС 0099999999",
        "Оплата за электроэнергию;ЛС 0099999999;ЛС 0012345678",
        f"Оплата за электроэнергию;ЛС 0012345678;ЕЛС {scenario.account.unified_number};ПРД 10.2026",
    ]


@pytest.mark.parametrize(("digits", "in_purpose", "in_description"), [(12, 10, 6), (20, 7, 4)])
async def test_no_number_in_the_texts_of_a_payment_is_cut(
    scenario: PaymentScenario, digits: int, in_purpose: int, in_description: int
):
    """A part of a number could be the number of another account."""
    numbers = [f"{place:0{digits}}" for place in range(1, 11)]
    for number in numbers:
        unified = {"unified_number": "75ДА533316"} if number == numbers[0] else {}
        await given_link(scenario.anna, await given_bare_account(number, **unified))
    accounts = [await Account.get(number=number) for number in numbers]
    parts = tuple(PartRequest(account.id, amount=Kopecks(5_000)) for account in accounts)
    payment_id = await creation.start(
        scenario.anna, PaymentRequest(parts, Kopecks(50_000)), str(new_key()),
        acquirer=scenario.acquirer, company=COMPANY, signer=LINKS, now=NOW,
    )  # fmt: skip
    await PaymentPart.filter(payment_id=payment_id).update(period=date(2026, 11, 1))
    payment = await Payment.get(id=payment_id)
    body = yookassa_json.order(await orders.order_of(payment, company=COMPANY))

    purpose = ["Оплата за электроэнергию", *(f"ЛС {number}" for number in numbers[:in_purpose])]
    if in_purpose == len(numbers):
        purpose.append("ЕЛС 75ДА533316")
    assert body["payment_order"]["payment_purpose"] == ";".join(purpose)
    described = ", ".join(numbers[:in_description])
    assert body["description"] == f"Платёж {payment.number}: электроэнергия, л/с {described}"


async def test_a_check_of_an_unregistered_payment_changes_nothing(scenario: PaymentScenario):
    fail_registration(scenario, AcquirerUnavailable())
    payment = await scenario.begun()
    await reconciliation.reconcile(payment.id, acquirer=scenario.acquirer, now=datetime.now(UTC))

    assert (await Payment.get(id=payment.id)).state is PaymentState.CREATED


async def test_the_return_page_has_all_states_and_its_script(scenario: PaymentScenario):
    http = scenario.api.http
    page = await http.get("/payment", headers={"accept-language": "en"})
    script = await http.get("/payment/came_back.js")
    large = await http.post("/webhooks/acquirer", content=b"x" * 70_000)

    assert all(f'data-state="{state}"' in page.text for state in PaymentState)
    assert "Your payment" in page.text
    assert script.headers["content-type"].startswith("text/javascript")
    assert large.status_code == 400


def test_the_acquirer_without_a_name_is_the_live_one():
    assert YooKassa(Shop("1", "s")).provider == "yookassa"
