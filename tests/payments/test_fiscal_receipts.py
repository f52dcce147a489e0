"""Fiscal receipts as the sandbox shows them: lines, VAT and refunds."""

import re
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import httpx
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from lk_graphql.billing.models import AccountBalance, Invoice, InvoiceLine, LineKind, VatRate
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks
from lk_graphql.payments.errors import RefundRefused
from lk_graphql.payments.models import (
    FiscalReceipt,
    Payment,
    PaymentLine,
    PaymentTerms,
    Refund,
    RefundLine,
    RefundState,
)
from lk_graphql.payments.service import orders
from lk_graphql.payments.service.refunds import RefundClaim
from tests.factories.accounts import NOW, given_bare_account, given_link
from tests.factories.payments import PaymentScenario, key_in, request_refund
from tests.support.client import COMPANY
from tests.support.sandbox_acquirer import GOOD

PREVIEW = """query ($input: PaymentPreviewInput!) { paymentPreview(input: $input) {
  preview { total parts { amount advance lines {
    kind service firstPeriod period amount vatPercent vat } } }
  errors { code path } } }"""
LINES = """query ($id: ID!) { payment(id: $id) { parts { lines {
  kind service firstPeriod period amount vatPercent vat quantityKwh } } } }"""


@pytest_asyncio.fixture
async def debtor(scenario: PaymentScenario) -> PaymentScenario:
    """Anna owes 500 for December 2025, 640 for January 2026 and 12.34 of penalty."""
    await Invoice.filter(account=scenario.account, period=date(2026, 8, 1)).delete()
    months = {date(2026, 9, 1): date(2025, 12, 1), date(2026, 10, 1): date(2026, 1, 1)}
    for period, earlier in months.items():
        await Invoice.filter(period=period).update(period=earlier)
    await Invoice.filter(period=date(2026, 1, 1)).update(penalty=12_34, closing_balance=115_234)
    await AccountBalance.all().update(debt=114_000, penalty=12_34)
    january = await Invoice.get(period=date(2026, 1, 1))
    await InvoiceLine.create(
        invoice=january, position=1, kind=LineKind.ENERGY, service="Электроснабжение",
        quantity_kwh=Decimal(128), rubles_per_kwh=Decimal(5), amount=640_00,
    )  # fmt: skip
    return scenario


def own(scenario: PaymentScenario, **more: Any) -> dict[str, Any]:
    return {"accountId": f"acc_{scenario.account.id.hex}", **more}


async def paid(scenario: PaymentScenario, amount: int) -> Payment:
    """A payment with its receipt."""
    payment = await scenario.paid(amount)
    return await scenario.reconcile(payment.id)


async def receipts(scenario: PaymentScenario, payment: Payment) -> list[list[str]]:
    """The texts of the pages of the payment's receipts, without the numbers."""
    rows = await FiscalReceipt.filter(payment_id=payment.id).order_by("id")
    return [await page(scenario, row) for row in rows]


async def page(scenario: PaymentScenario, receipt: FiscalReceipt) -> list[str]:
    url = f"{scenario.sandbox.url}/receipt/{receipt.storage}/{receipt.number}/{receipt.attribute}"
    async with httpx.AsyncClient(trust_env=False) as client:
        html = (await client.get(url)).raise_for_status().text
    body = html[html.index("<h1>") : html.index("<dl>")]
    texts = re.sub(r"\s*</?(span|p|li|ol|h1)[^>]*>\s*", "\n", body).splitlines()
    return [" ".join(text.split()) for text in texts if text.strip()]


async def refund(debtor: PaymentScenario, payment: Payment, amount: int) -> Refund:
    claim = RefundClaim(payment.id, 1, Kopecks(amount), "Оплачено дважды", new_key().hex)
    return await Refund.get(id=await request_refund(debtor.acquirer, claim))


async def test_a_receipt_has_a_debt_of_two_years_a_penalty_and_an_advance(debtor: PaymentScenario):
    payment = await paid(debtor, 120_000)

    assert await receipts(debtor, payment) == [
        [
            "Кассовый чек: приход", "anna@example.com · ФФД 1.2",
            "Электроэнергия за декабрь 2025, л/с 0012345678", "500,00 ₽",
            "1 шт. × 500,00 ₽", "НДС 20 % — 83,33 ₽ · услуга, полный расчёт",
            "Электроснабжение за январь 2026, л/с 0012345678", "640,00 ₽",
            "128 кВт·ч × 5,00 ₽", "НДС 22 % — 115,41 ₽ · услуга, полный расчёт",
            "Пени за январь 2026, л/с 0012345678", "12,34 ₽",
            "1 шт. × 12,34 ₽", "без НДС · платёж, полный расчёт",
            "Аванс за электроэнергию, л/с 0012345678", "47,66 ₽",
            "1 шт. × 47,66 ₽", "НДС 22/122 — 8,59 ₽ · платёж, аванс",
            "Итог", "1 200,00 ₽",
        ]
    ]  # fmt: skip


async def test_the_review_and_the_payment_show_the_lines_of_the_receipt(debtor: PaymentScenario):
    part = own(debtor, amount="1200.00")
    payload = (await debtor.post(PREVIEW, input={"parts": [part]}))["paymentPreview"]
    (reviewed,) = payload["preview"]["parts"]
    started = (await debtor.start("1200.00"))["payment"]
    payment = await debtor.api.ask(LINES, debtor.token, id=started["id"])

    december = {"firstPeriod": "2025-12", "period": "2025-12"}
    january = {"firstPeriod": "2026-01", "period": "2026-01"}
    no_period = {"firstPeriod": None, "period": None}
    energy = "Электроснабжение"
    assert reviewed["advance"] == "47.66"
    assert reviewed["lines"] == [
        {"kind": "DEBT", "service": None, **december, "amount": "500.00",
         "vatPercent": "20", "vat": "83.33"},
        {"kind": "DEBT", "service": energy, **january, "amount": "640.00",
         "vatPercent": "22", "vat": "115.41"},
        {"kind": "PENALTY", "service": None, **january, "amount": "12.34",
         "vatPercent": None, "vat": None},
        {"kind": "ADVANCE", "service": None, **no_period, "amount": "47.66",
         "vatPercent": "22", "vat": "8.59"},
    ]  # fmt: skip
    volumes = [None, "128", None, None]
    assert payment["payment"]["parts"] == [
        {
            "lines": [
                {**line, "quantityKwh": kwh}
                for line, kwh in zip(reviewed["lines"], volumes, strict=True)
            ]
        }
    ]


async def test_a_part_of_the_debt_pays_the_oldest_month_first(debtor: PaymentScenario):
    payment = await paid(debtor, 60_000)

    ((*_, december, sum_1, _, vat_1, january, sum_2, volume, vat_2, _, _),) = await receipts(
        debtor, payment
    )
    assert (december[:32], sum_1, vat_1[:16]) == (
        "Электроэнергия за декабрь 2025, ", "500,00 ₽", "НДС 20 % — 83,33",
    )  # fmt: skip
    assert (january[:32], sum_2, volume, vat_2[:16]) == (
        "Электроснабжение за январь 2026,", "100,00 ₽", "1 шт. × 100,00 ₽", "НДС 22 % — 18,03",
    )  # fmt: skip


async def test_the_receipt_has_the_reviewed_lines_whatever_billing_sends_meanwhile(
    debtor: PaymentScenario,
):
    payment = await debtor.begun(115_234)
    before = await orders.order_of(payment, company=COMPANY)
    await AccountBalance.all().update(debt=0, penalty=0, overpayment=500_000)
    await InvoiceLine.all().delete()
    await Invoice.all().delete()
    await VatRate.all().update(percent=10)
    after = await orders.order_of(payment, company=COMPANY)
    debtor.sandbox.pay(payment.page_url or "", GOOD)
    for _ in range(2):
        payment = await debtor.reconcile(payment.id)

    assert after == before
    (texts,) = await receipts(debtor, payment)
    assert texts[3::4][:3] == ["500,00 ₽", "640,00 ₽", "12,34 ₽"]
    assert [text[:8] for text in texts[5::4][:3]] == ["НДС 20 %", "НДС 22 %", "без НДС "]


async def test_a_payment_in_processing_reduces_the_debt(debtor: PaymentScenario):
    await debtor.paid(50_000)
    payload = (await debtor.post(PREVIEW, input={"parts": [own(debtor)]}))["paymentPreview"]

    (part,) = payload["preview"]["parts"]
    assert [(line["kind"], line["period"], line["amount"]) for line in part["lines"]] == [
        ("DEBT", "2026-01", "640.00"),
        ("PENALTY", "2026-01", "12.34"),
    ]


async def test_an_overpayment_under_refund_is_not_requested(
    scenario: PaymentScenario,
):
    payment = await paid(scenario, 100_00)
    await refund(scenario, payment, 40_00)
    await scenario.do_jobs()
    await AccountBalance.all().update(debt=0, overpayment=160_00)
    payload = (await scenario.post(PREVIEW, input={"parts": [own(scenario)]}))["paymentPreview"]

    assert [error["code"] for error in payload["errors"]] == ["NOTHING_TO_PAY"]


async def test_a_commission_is_a_line_of_its_own(debtor: PaymentScenario):
    await PaymentTerms.all().update(commission_percent=Decimal("1.5"))
    part = own(debtor, amount="500.00")
    started = (await debtor.start("507.50", parts=[part]))["payment"]
    debtor.sandbox.pay(started["pageUrl"], GOOD)
    await debtor.reconcile(key_in(started["id"]))
    payment = await debtor.reconcile(key_in(started["id"]))

    ((*_, name, sum_, _, about, _, total),) = await receipts(debtor, payment)
    assert (name, sum_, total) == ("Комиссия за приём платежа", "7,50 ₽", "507,50 ₽")
    assert about == "НДС 22 % — 1,35 ₽ · услуга, полный расчёт"


async def test_refunds_return_the_last_settled_lines_and_never_more_of_a_line(
    debtor: PaymentScenario,
):
    payment = await paid(debtor, 120_000)
    for amount in (50_00, 200_00, 950_00):
        await refund(debtor, payment, amount)
        await debtor.do_jobs()
        payment = await debtor.reconcile(payment.id)

    _, *mirrors = await receipts(debtor, payment)
    assert [texts[0] for texts in mirrors] == ["Кассовый чек: возврат прихода"] * 3
    assert mirrors[0][2:] == [
        "Аванс за электроэнергию, л/с 0012345678", "47,66 ₽", "1 шт. × 47,66 ₽",
        "НДС 22/122 — 8,59 ₽ · платёж, аванс",
        "Пени за январь 2026, л/с 0012345678", "2,34 ₽", "1 шт. × 2,34 ₽",
        "без НДС · платёж, полный расчёт", "Итог", "50,00 ₽",
    ]  # fmt: skip
    assert mirrors[1][3::4][:2] == ["10,00 ₽", "190,00 ₽"]
    assert mirrors[2][3::4][:2] == ["450,00 ₽", "500,00 ₽"]
    assert payment.state == "REFUNDED"
    await all_lines_returned(payment)


async def test_a_full_refund_mirrors_the_volume_too(debtor: PaymentScenario):
    payment = await paid(debtor, 115_234)
    await refund(debtor, payment, 115_234)
    await debtor.do_jobs()
    payment = await debtor.reconcile(payment.id)

    _, texts = await receipts(debtor, payment)
    assert "128 кВт·ч × 5,00 ₽" in texts
    assert texts[-1] == "1 152,34 ₽"


async def all_lines_returned(payment: Payment) -> None:
    for line in await PaymentLine.filter(payment_id=payment.id):
        returned = await RefundLine.filter(line_id=line.id)
        assert sum([row.amount for row in returned]) == line.amount


@pytest.mark.parametrize("seed", range(4))
async def test_refunds_in_any_sums_never_exceed_a_line(debtor: PaymentScenario, seed: int):
    """Some of them fail, which makes their lines free again."""
    chance = Random(seed)
    payment = await paid(debtor, 120_000)
    for _ in range(12):
        left = 120_000 - sum([row.amount for row in await Refund.exclude(state="FAILED")])
        if not left:
            break
        requested = await refund(debtor, payment, chance.choice([left, chance.randint(1, left)]))
        rows = await RefundLine.filter(refund_id=requested.id)
        assert sum([row.amount for row in rows]) == requested.amount
        if chance.random() < 0.4:
            await Refund.filter(id=requested.id).update(
                state=RefundState.FAILED, failure="refused", ended_at=NOW
            )

    for line in await PaymentLine.filter(payment_id=payment.id):
        returned = RefundLine.filter(line_id=line.id).exclude(refund__state="FAILED")
        assert 0 <= sum([row.amount for row in await returned]) <= line.amount
    with pytest.raises(RefundRefused):
        await refund(debtor, payment, 120_001)


@pytest.mark.parametrize(
    ("percent", "since", "reason"),
    [
        ("22", date(2026, 1, 1), "No VAT rate for 2025-12-31"),
        ("21.5", date(2019, 1, 1), "a rate that no fiscal receipt can state"),
    ],
)
async def test_no_payment_is_accepted_without_the_vat_rate_of_its_supply(
    scenario: PaymentScenario, percent: str, since: date, reason: str
):
    """The refused customer isn't told why, so a line is logged."""
    await VatRate.filter(percent=20).delete()
    await VatRate.all().update(percent=Decimal(percent), valid_from=since)
    await Invoice.filter(period__lt=date(2026, 10, 1)).delete()
    await Invoice.all().update(period=date(2026, 1, 1))
    with capture_logs() as logs:
        payload = (await scenario.post(PREVIEW, input={"parts": [own(scenario)]}))["paymentPreview"]
        started = await scenario.start()

    for outcome in (payload, started):
        assert [error["code"] for error in outcome["errors"]] == ["PAYMENTS_CLOSED"]
    reasons = [line["why"] for line in logs if line["event"] == "payments are closed to a customer"]
    assert reasons == [reason] * 2
    assert await Payment.all().count() == 0


async def test_ten_accounts_with_old_debts_fit_on_one_receipt(debtor: PaymentScenario):
    parts: list[dict[str, Any]] = []
    for place in range(10):
        account = await given_bare_account(f"00999{place:05}")
        await given_link(debtor.anna, account)
        for month in range(24):
            await Invoice.create(
                account=account, number=f"{place}-{month}",
                period=date(2024 + (month + 11) // 12, (month + 11) % 12 + 1, 1),
                issued_on=NOW.date(), due_on=NOW.date(), opening_balance=0, charged=10_00,
                recalculated=0, penalty=1_00, paid=0, closing_balance=11_00,
                consumption_kwh=Decimal(2),
            )  # fmt: skip
        await AccountBalance.create(
            account=account, debt=240_00, penalty=24_00, overpayment=0, as_of=NOW
        )
        parts.append({"accountId": f"acc_{account.id.hex}", "amount": "270.00"})
    started = await debtor.start("2700.00", parts=parts)

    assert started["errors"] == []
    lines = await PaymentLine.filter(payment_id=key_in(started["payment"]["id"]))
    assert (len(lines), sum([line.amount for line in lines])) == (80, 2700_00)
    debtor.sandbox.pay(started["payment"]["pageUrl"], GOOD)
    payment = await debtor.reconcile(key_in(started["payment"]["id"]))
    assert payment.state == "SUCCEEDED"
