"""Bills that were paid in the cabinet and aren't posted yet: nobody is asked twice."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from lk_graphql.billing.models import AccountBalance, Invoice
from lk_graphql.billing.service.notifications import days_to_pay, notify_of_due, notify_of_overdue
from lk_graphql.billing.service.receipts.content import ReceiptContent, load_receipt
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.money import Kopecks
from lk_graphql.notifications.models import Notice
from lk_graphql.payments.models import Payment, Refund, RefundState, RegistryRow
from lk_graphql.payments.service.refunds import RefundClaim
from tests.factories.payments import PaymentScenario, request_refund
from tests.support.import_runner import ImportRunner
from tests.support.payment_code import parse

TODAY, NOW = date(2026, 11, 14), datetime(2026, 11, 14, 5, tzinfo=UTC)
BILLS = """{ viewer { accounts { balance { amountDue processing } invoices {
  period unpaid processing amountDue status qrPayload } } } }"""
PREVIEW = """query ($input: PaymentPreviewInput!) { paymentPreview(input: $input) {
  preview { parts { amountDue amount } } errors { code } } }"""


async def shown(scenario: PaymentScenario) -> tuple[str, list[tuple[str, ...]]]:
    """The amount due; of each bill what is unpaid, processing and due, and the sum of its code."""
    answer = await scenario.api.ask(BILLS, scenario.token, now=NOW)
    (account,) = answer["viewer"]["accounts"]
    bills = [
        (
            bill["status"],
            bill["unpaid"],
            bill["processing"],
            bill["amountDue"],
            parse(bill["qrPayload"])["Sum"] if bill["qrPayload"] else "",
        )
        for bill in account["invoices"]
    ]
    return account["balance"]["amountDue"], bills


async def previewed(scenario: PaymentScenario, **part: str) -> Any:
    """The amounts of a preview without a requested amount, or the code of its refusal."""
    values = {"parts": [{"accountId": to_public("acc", scenario.account.id), **part}]}
    payload = (await scenario.post(PREVIEW, input=values))["paymentPreview"]
    if payload["errors"]:
        return payload["errors"][0]["code"]
    (shown_part,) = payload["preview"]["parts"]
    return shown_part["amountDue"], shown_part["amount"]


async def reminders(scenario: PaymentScenario) -> list[int]:
    """Amounts of the reminders of a week, and the calendar's days (of which there is as much)."""
    await Notice.all().delete()
    for day in range(9):
        await notify_of_due(TODAY + timedelta(days=day - 2), now=NOW)
        await notify_of_overdue(TODAY + timedelta(days=day - 2), now=NOW)
    days = [event.day for event in await days_to_pay(scenario.anna.id, TODAY)]
    rows: list[tuple[int]] = await Notice.all().order_by("id").values_list("amount")
    assert len(rows) == 2 * len(days)
    return [amount for (amount,) in rows]


async def receipt(scenario: PaymentScenario) -> ReceiptContent:
    newest = await Invoice.get(account=scenario.account, period=date(2026, 10, 1))
    content = await load_receipt(newest.id, period_format="MMYYYY", today=TODAY)
    assert content
    return content


async def refunded(scenario: PaymentScenario, payment: Payment, amount: int) -> None:
    claim = RefundClaim(payment.id, 1, Kopecks(amount), "Ошибка", new_key().hex)
    key = await request_refund(scenario.acquirer, claim)
    assert (await Refund.get(id=key)).state is RefundState.REQUESTED


async def test_a_bill_that_is_paid_in_the_cabinet_isn_t_due_again(scenario: PaymentScenario):
    assert await shown(scenario) == (
        "1140.00",
        [
            ("DUE", "640.00", "0.00", "640.00", "114000"),
            ("OVERDUE", "500.00", "0.00", "500.00", "50000"),
            ("PAID", "0.00", "0.00", "0.00", ""),
        ],
    )
    assert await reminders(scenario) == [64_000, 64_000]
    assert (await receipt(scenario)).due.total == 114_000

    await scenario.paid(114_000)

    assert await shown(scenario) == (
        "0.00",
        [
            ("PROCESSING", "640.00", "640.00", "0.00", ""),
            ("PROCESSING", "500.00", "500.00", "0.00", ""),
            ("PAID", "0.00", "0.00", "0.00", ""),
        ],
    )
    assert await reminders(scenario) == []
    assert await previewed(scenario) == "NOTHING_TO_PAY"
    content = await receipt(scenario)
    assert (content.due.total, content.code) == (0, None)


async def test_a_part_settles_the_oldest_bill_first(scenario: PaymentScenario):
    await scenario.paid(60_000)

    assert await shown(scenario) == (
        "540.00",
        [
            ("PARTLY_PAID", "640.00", "100.00", "540.00", "54000"),
            ("PROCESSING", "500.00", "500.00", "0.00", ""),
            ("PAID", "0.00", "0.00", "0.00", ""),
        ],
    )
    assert await reminders(scenario) == [54_000, 54_000]
    assert await previewed(scenario) == ("540.00", "540.00")
    older, newest = await Invoice.filter(period__gte=date(2026, 9, 1)).order_by("period")
    newest_id, older_id = (to_public("inv", bill.id) for bill in (newest, older))
    assert await previewed(scenario, invoiceId=newest_id) == ("540.00", "540.00")
    assert await previewed(scenario, invoiceId=older_id) == "NOTHING_TO_PAY"
    content = await receipt(scenario)
    assert (content.due.total, parse(content.code or "")["Sum"]) == (54_000, "54000")


async def test_a_refund_counts_once_the_acquirer_has_done_it(scenario: PaymentScenario):
    payment = await scenario.paid(114_000)

    await refunded(scenario, payment, 40_000)
    before = await shown(scenario)
    await scenario.do_jobs()

    assert before[0] == "0.00"
    assert await shown(scenario) == (
        "400.00",
        [
            ("PARTLY_PAID", "640.00", "240.00", "400.00", "40000"),
            ("PROCESSING", "500.00", "500.00", "0.00", ""),
            ("PAID", "0.00", "0.00", "0.00", ""),
        ],
    )
    assert await reminders(scenario) == [40_000, 40_000]


async def test_a_refund_of_a_posted_payment_opens_its_bills_again(
    scenario: PaymentScenario, tmp_path: Path
):
    payment = await scenario.paid(114_000)
    runner, number = ImportRunner(tmp_path), scenario.account.number
    rows = f"{number};{payment.number}-1;2026-11-14;1140;Личный кабинет\n"
    files = (
        runner.put("p.csv", f"account;external_id;paid_on;amount;agent\n{rows}"),
        runner.put("b.csv", f"account;debt;penalty;overpayment\n{number};0;0;0\n"),
    )
    await runner.load(ImportKind.PAYMENTS, *files, as_of=datetime.now(UTC))
    posted = await shown(scenario)
    await refunded(scenario, payment, 70_000)
    await scenario.do_jobs()

    assert [status for status, *_ in posted[1]] == ["PAID", "PAID", "PAID"]
    assert await shown(scenario) == (
        "700.00",
        [
            ("DUE", "0.00", "-640.00", "640.00", "70000"),
            ("OVERDUE", "0.00", "-60.00", "60.00", "6000"),
            ("PAID", "0.00", "0.00", "0.00", ""),
        ],
    )
    assert await reminders(scenario) == [64_000, 64_000]
    assert await previewed(scenario) == ("700.00", "700.00")


async def test_money_that_was_paid_ahead_covers_a_refund(scenario: PaymentScenario):
    payment = await scenario.paid(10_000)
    await RegistryRow.all().update(posted_at=NOW)
    await refunded(scenario, payment, 4_000)
    await scenario.do_jobs()
    await AccountBalance.all().update(debt=0, penalty=0, overpayment=6_000)
    await Invoice.all().update(unpaid=0)

    due, bills = await shown(scenario)

    assert (due, {status for status, *_ in bills}) == ("0.00", {"PAID"})
    assert await previewed(scenario) == "NOTHING_TO_PAY"
