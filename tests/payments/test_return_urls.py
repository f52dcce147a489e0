"""Addresses to return to after a payment: pages of allowed origins, fixed with the payment."""

import httpx
import pytest

from lk_graphql.payments.models import Payment
from lk_graphql.payments.service import orders
from tests.factories.payments import PaymentScenario
from tests.support.client import COMPANY, URL


async def sent_url(scenario: PaymentScenario) -> str:
    """The address in the order of the only payment, as the acquirer has it."""
    url = f"{scenario.sandbox.url}/v3/payments/{(await Payment.get()).reference}"
    async with httpx.AsyncClient(auth=("shop", "secret"), trust_env=False, verify=False) as client:
        response = await client.get(url)
    return response.json()["confirmation"]["return_url"]


async def test_without_a_return_url_the_return_page_is_used(scenario: PaymentScenario):
    payload = await scenario.start()
    assert await sent_url(scenario) == f"{URL}/payment#{payload['payment']['id']}"


@pytest.mark.parametrize(
    ("requested", "sent"),
    [
        (f"{URL}/done", f"{URL}/done?payment=%s"),
        ("https://front.example/", "https://front.example/?payment=%s"),
        ("https://front.example/pay?x=1", "https://front.example/pay?x=1&payment=%s"),
        ("https://front.example/#/pay", "https://front.example/?payment=%s#/pay"),
    ],
)
async def test_a_page_of_an_allowed_origin_is_accepted_with_the_payment_s_id(
    scenario: PaymentScenario, requested: str, sent: str
):
    payload = await scenario.start(returnUrl=requested)

    assert payload["errors"] == []
    assert await sent_url(scenario) == sent % payload["payment"]["id"]


@pytest.mark.parametrize(
    "requested",
    [
        "", "/payment", "//front.example", "https://evil.example/", "http://front.example/",
        "https://front.example:8443/", "https://front.example@evil.example/",
        "https://front.example\\@evil.example/", "https://front.example.evil.example/",
        "javascript:alert(1)", "https://frоnt.example/", "https://front.example/\u202e",
        "https://front.example/" + "x" * 500,
    ],
)  # fmt: skip
async def test_any_other_return_url_is_refused(scenario: PaymentScenario, requested: str):
    payload = await scenario.start(returnUrl=requested)

    assert payload["payment"] is None
    assert [(error["code"], error["path"]) for error in payload["errors"]] == [
        ("RETURN_URL_INVALID", ["returnUrl"])
    ]
    assert await Payment.all().count() == 0


async def test_the_return_url_is_a_part_of_the_idempotent_request(scenario: PaymentScenario):
    page = "https://front.example/a"
    first = await scenario.start(key="k1", returnUrl=page)

    assert await scenario.start(key="k1", returnUrl=page) == first
    for other in ({}, {"returnUrl": "https://front.example/b"}):
        payload = await scenario.start(key="k1", **other)
        assert [error["code"] for error in payload["errors"]] == ["IDEMPOTENCY_CONFLICT"]
    assert await Payment.all().count() == 1


async def test_an_open_payment_keeps_its_own_return_url(scenario: PaymentScenario):
    first = await scenario.start(returnUrl="https://front.example/a")
    again = await scenario.start(returnUrl="https://front.example/b")

    assert again["payment"]["id"] == first["payment"]["id"]
    assert await sent_url(scenario) == f"https://front.example/a?payment={first['payment']['id']}"


async def test_payments_of_before_have_the_return_page(scenario: PaymentScenario):
    payload = await scenario.start()
    await Payment.all().update(return_url=None)
    order = await orders.order_of(await Payment.get(), company=COMPANY)
    assert order.return_url == f"{URL}/payment#{payload['payment']['id']}"
