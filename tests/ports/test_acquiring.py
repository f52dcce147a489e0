"""The port against the sandbox, over a socket: client and server of the protocol."""

import asyncio
from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import stamina

from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.ports.acquiring import (
    VAT_RATES,
    AcquirerNotification,
    AcquirerRefused,
    AcquirerUnavailable,
    AnswerUnreadable,
    CancelReason,
    FiscalStatus,
    NotificationInvalid,
    OrderNotFound,
    OrderStatus,
    ReceiptLine,
    ReceiptSubject,
    RefundStatus,
    Settlement,
    Shop,
    YooKassa,
    yookassa_json,
)
from tests.support.sandbox_acquirer import (
    GOOD,
    POOR,
    QUICK,
    SECURE,
    SILENT,
    SLOW,
    Sandbox,
    given_order,
    given_refund,
    running,
)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Generator[Sandbox]:
    with running(tmp_path_factory.mktemp("books") / "sandbox.sqlite") as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def fast_retries() -> Generator[None]:
    """Retries without delays."""
    with stamina.set_testing(True, attempts=2):
        yield


async def test_a_registered_order_waits_for_a_card(sandbox: Sandbox):
    order = given_order()
    registered = await sandbox.port.register(order)
    order_state = await sandbox.port.state(registered.reference)

    assert registered.page_url == f"{sandbox.url}/pay/{registered.reference}"
    assert (order_state.status, order_state.order_id) == (OrderStatus.WAITING, order.id)
    assert (order_state.amount, order_state.currency, order_state.refunded) == (123_456, "RUB", 0)
    assert (order_state.paid_at, order_state.fiscal) == (None, ())


async def test_the_same_order_twice_is_one(sandbox: Sandbox):
    order = given_order()

    assert await sandbox.port.register(order) == await sandbox.port.register(order)


async def test_an_order_that_changed_under_its_id_is_no_refusal_of_the_first(sandbox: Sandbox):
    order = given_order()
    await sandbox.port.register(order)

    with pytest.raises(AnswerUnreadable, match="Idempotence-Key"):
        await sandbox.port.register(given_order(1, id=order.id))


async def test_a_good_card_pays_and_the_receipt_follows(sandbox: Sandbox):
    registered = await sandbox.port.register(given_order())
    page = sandbox.pay(registered.page_url, GOOD)
    order_state = await sandbox.port.state(registered.reference)

    assert "Оплачено" in page.text
    assert order_state.status is OrderStatus.SUCCEEDED
    assert order_state.paid_at is not None
    (receipt,) = order_state.fiscal
    assert (receipt.status, receipt.refund) == (FiscalStatus.DONE, None)
    assert receipt.storage
    assert receipt.number
    assert receipt.attribute


async def test_a_declined_card_ends_the_order(sandbox: Sandbox):
    registered = await sandbox.port.register(given_order())
    page = sandbox.pay(registered.page_url, POOR)
    order_state = await sandbox.port.state(registered.reference)

    assert "На карте не хватает денег" in page.text
    assert (order_state.status, order_state.cancel) == (OrderStatus.CANCELED, CancelReason.DECLINED)
    assert order_state.reason == "insufficient_funds"


async def test_a_payment_with_3_d_secure_requires_the_code(sandbox: Sandbox):
    registered = await sandbox.port.register(given_order())
    page = sandbox.pay(registered.page_url, SECURE)
    assert "Подтвердите оплату" in page.text
    assert 'autocomplete="one-time-code"' in page.text
    assert ">Вернуться без оплаты</a>" in page.text
    assert (await sandbox.port.state(registered.reference)).status is OrderStatus.PROCESSING

    assert "Осталось попыток: 2" in sandbox.post(f"{registered.page_url}/code", code="0").text
    assert "Оплачено" in sandbox.post(f"{registered.page_url}/code", code="1234").text
    assert (await sandbox.port.state(registered.reference)).status is OrderStatus.SUCCEEDED


async def test_three_wrong_codes_are_too_many(sandbox: Sandbox):
    registered = await sandbox.port.register(given_order())
    sandbox.pay(registered.page_url, SECURE)
    typed = [sandbox.post(f"{registered.page_url}/code", code="0") for _ in range(3)]

    assert "Код из сообщения банка не подошёл" in typed[-1].text
    assert (await sandbox.port.state(registered.reference)).reason == "3d_secure_failed"


async def test_a_slow_payment_is_processing_and_succeeds_later(sandbox: Sandbox):
    registered = await sandbox.port.register(given_order())
    assert "Ждём ответа банка" in sandbox.pay(registered.page_url, SLOW).text
    await asyncio.sleep(0.4)

    assert (await sandbox.port.state(registered.reference)).status is OrderStatus.SUCCEEDED


async def test_a_repeated_payment_of_an_order_changes_nothing(sandbox: Sandbox):
    registered = await sandbox.port.register(given_order())
    sandbox.pay(registered.page_url, GOOD)
    again = sandbox.pay(registered.page_url, POOR)

    assert "Оплачено" in again.text
    assert (await sandbox.port.state(registered.reference)).status is OrderStatus.SUCCEEDED


async def test_a_real_card_isn_t_accepted(sandbox: Sandbox):
    registered = await sandbox.port.register(given_order())
    page = sandbox.pay(registered.page_url, "4111111111111111")

    # going back never sends a card again
    assert str(page.url).endswith("?wrong=number&expiry=12%2F39")
    assert 'autocomplete="cc-exp" maxlength="7" value="12/39"' in page.text
    assert "подойдёт только карта из списка" in page.text
    assert "4111" not in page.text
    assert (await sandbox.port.state(registered.reference)).status is OrderStatus.WAITING


async def test_refunds_never_exceed_the_payment(sandbox: Sandbox):
    reference = await paid(sandbox, 1000)
    refund = given_refund(reference, 600)
    first = await sandbox.port.refund(refund)
    again = await sandbox.port.refund(refund)

    assert first == again
    assert (first.status, first.amount) == (RefundStatus.SUCCEEDED, 600)
    with pytest.raises(AcquirerRefused, match="amount"):
        await sandbox.port.refund(given_refund(reference, 401))
    order_state = await sandbox.port.state(reference)
    (receipt,) = order_state.fiscal
    assert (order_state.refunded, receipt.refund) == (600, None)
    (receipt,) = await sandbox.port.refund_receipts(first.reference)
    assert (receipt.refund, receipt.status) == (first.reference, FiscalStatus.DONE)


async def test_a_refund_by_a_slow_bank_is_pending_until_its_state_is_queried(sandbox: Sandbox):
    registered = await sandbox.port.register(given_order(1000))
    sandbox.pay(registered.page_url, SLOW)
    await asyncio.sleep(0.4)
    await sandbox.port.state(registered.reference)
    refund = given_refund(registered.reference, 600)
    first = await sandbox.port.refund(refund)
    assert (first.status, (await sandbox.port.refund_state(first.reference)).status) == (
        RefundStatus.PENDING, RefundStatus.PENDING,
    )  # fmt: skip
    await asyncio.sleep(0.4)

    assert await sandbox.port.refund(refund) == first
    assert await sandbox.port.refund_state(first.reference) == replace(
        first, status=RefundStatus.SUCCEEDED
    )
    with pytest.raises(OrderNotFound):
        await sandbox.port.refund_state(str(new_key()))


async def test_an_unpaid_order_can_t_be_refunded(sandbox: Sandbox):
    registered = await sandbox.port.register(given_order())

    with pytest.raises(AcquirerRefused):
        await sandbox.port.refund(given_refund(registered.reference, 1))


async def paid(sandbox: Sandbox, amount: int) -> str:
    registered = await sandbox.port.register(given_order(amount))
    sandbox.pay(registered.page_url, GOOD)
    return registered.reference


async def test_the_books_outlive_the_application(tmp_path: Path):
    with running(tmp_path / "books") as sandbox:
        order = given_order()
        before = await sandbox.port.register(order)
        sandbox.pay(before.page_url, GOOD)
    with running(tmp_path / "books") as sandbox:
        after = await sandbox.port.state(before.reference)

    assert after.status is OrderStatus.SUCCEEDED


async def test_an_unfinished_order_expires(tmp_path: Path):
    pace = replace(QUICK, payment_lifetime=timedelta(seconds=0.2))
    with running(tmp_path / "books", pace=pace) as sandbox:
        registered = await sandbox.port.register(given_order())
        sandbox.pay(registered.page_url, SILENT)
        await asyncio.sleep(0.3)
        order_state = await sandbox.port.state(registered.reference)

    assert (order_state.status, order_state.cancel) == (OrderStatus.CANCELED, CancelReason.EXPIRED)


async def test_an_unknown_reference_is_not_found(sandbox: Sandbox):
    with pytest.raises(OrderNotFound):
        await sandbox.port.state(str(new_key()))


async def test_a_wrong_secret_is_no_answer_about_an_order(sandbox: Sandbox):
    guessing = YooKassa(Shop("shop", "guess", f"{sandbox.url}/v3"))

    for request in (
        guessing.register(given_order()),
        guessing.refund(given_refund("p1", 100)),
        guessing.state("p1"),
    ):
        with pytest.raises(AcquirerUnavailable, match="401 invalid_credentials"):
            await request


@pytest.mark.parametrize(
    ("changed", "parameter"),
    [
        ({"description": ""}, "description"),
        ({"return_url": "nowhere"}, "confirmation.return_url"),
        ({"buyer_email": "anna"}, "receipt.customer.email"),
        ({"receipt": given_order(5).receipt}, "amount"),
        ({"receipt": ()}, "receipt.items"),
    ],
)
async def test_a_faulty_order_is_refused_by_name(
    sandbox: Sandbox, changed: dict[str, Any], parameter: str
):
    with pytest.raises(AcquirerRefused, match=f"invalid_request {parameter}"):
        await sandbox.port.register(given_order(**changed))


async def test_a_receipt_links_to_the_page_of_the_operator_of_fiscal_data(sandbox: Sandbox):
    page = "https://ofd.example/{storage}/{number}/{attribute}"
    shop = Shop("shop", "secret", f"{sandbox.url}/v3", receipt_url=page)
    order_state = await YooKassa(shop).state(await paid(sandbox, 1000))

    (receipt,) = order_state.fiscal
    expected = f"https://ofd.example/{receipt.storage}/{receipt.number}/{receipt.attribute}"
    assert receipt.url == expected


@pytest.mark.parametrize(
    ("body", "notice"),
    [
        (
            b'{"type":"notification","event":"payment.succeeded","object":{"id":"p1"}}',
            AcquirerNotification("payment.succeeded", "p1", "p1"),
        ),
        (
            b'{"type":"notification","event":"refund.succeeded","object":{"id":"r1","payment_id":"p1"}}',
            AcquirerNotification("refund.succeeded", "r1", "p1"),
        ),
        (b'{"type":"notification","event":"payout.succeeded","object":{"id":"p1"}}', None),
        (b'{"type":"notification","event":"payment_method.active","object":{}}', None),
        (b'{"type":"notification","event":"deal.closed","object":null}', None),
        (b'{"type":"notification","event":"of.the.future"}', None),
    ],
)
def test_a_callback_is_parsed_into_a_notification(
    sandbox: Sandbox, body: bytes, notice: AcquirerNotification | None
):
    assert sandbox.port.notice(body) == notice


@pytest.mark.parametrize(
    "body",
    [
        b'{"type":"other","event":"payment.succeeded","object":{"id":"p1"}}',
        b'{"event":"payment.succeeded"}',
        b'{"type":"notification","event":"payment.succeeded","object":[]}',
        b'{"type":"notification","event":1,"object":{"id":"p1"}}',
        b"[]",
        b"null",
        b"\xff",
        b"",
    ],
)
def test_an_invalid_notification_is_refused(sandbox: Sandbox, body: bytes):
    with pytest.raises(NotificationInvalid):
        sandbox.port.notice(body)


def test_a_secret_is_in_no_repr():
    assert "hush" not in repr(Shop("shop", "hush"))


def test_an_order_from_elsewhere_has_no_id_of_the_cabinet():
    answer = {
        "id": "p1", "status": "waiting_for_capture", "metadata": {"order_id": "7"},
        "amount": {"value": "1.00", "currency": "RUB"},
    }  # fmt: skip
    order_state = yookassa_json.snapshot(answer)

    assert (order_state.order_id, order_state.status) == (None, OrderStatus.PROCESSING)
    with pytest.raises(AnswerUnreadable, match=r"^status: gone$"):
        yookassa_json.snapshot(answer | {"status": "gone"})


@pytest.mark.parametrize(
    ("percent", "code", "code_of_advance"),
    [(22, 11, 12), (20, 4, 6), (18, 4, 6), (10, 3, 5), (7, 8, 10), (5, 7, 9), (0, 2, 2)],
)
def test_each_rate_of_the_law_has_its_code(percent: int, code: int, code_of_advance: int):
    line = ReceiptLine("Электроэнергия", Kopecks(1), Decimal(percent), Settlement.FULL_PAYMENT)
    advance = replace(line, settlement=Settlement.ADVANCE)

    assert yookassa_json.vat_code(line) == code
    assert yookassa_json.vat_code(advance) == code_of_advance
    assert percent in VAT_RATES


def test_a_line_is_a_piece_or_kilowatt_hours_at_their_price():
    piece = ReceiptLine(
        "П" * 200, Kopecks(12_34), None, Settlement.FULL_PAYMENT, ReceiptSubject.PAYMENT
    )
    energy = ReceiptLine(
        "Электроэнергия", Kopecks(1033_20), 22, Settlement.FULL_PAYMENT,
        quantity_kwh=Decimal("184.5"), kopecks_per_kwh=Kopecks(560),
    )  # fmt: skip

    assert yookassa_json.receipt("anna@example.com", [piece, energy])["items"] == [
        {
            "description": "П" * 128, "quantity": "1.000", "measure": "piece",
            "amount": {"value": "12.34", "currency": "RUB"}, "vat_code": 1,
            "payment_mode": "full_payment", "payment_subject": "payment",
        },
        {
            "description": "Электроэнергия", "quantity": "184.500", "measure": "kilowatt_hour",
            "amount": {"value": "5.60", "currency": "RUB"}, "vat_code": 11,
            "payment_mode": "full_payment", "payment_subject": "service",
        },
    ]  # fmt: skip


async def test_lines_that_don_t_add_up_are_refused(sandbox: Sandbox):
    order = given_order()
    (line,) = order.receipt
    cheaper = replace(line, quantity_kwh=Decimal(1), kopecks_per_kwh=Kopecks(1))
    fraction = replace(line, quantity_kwh=Decimal("0.001"), kopecks_per_kwh=Kopecks(1))
    for wrong in (cheaper, fraction):
        with pytest.raises(AcquirerRefused, match="invalid_request"):
            await sandbox.port.register(replace(order, id=new_key(), receipt=(wrong,)))
