"""Papers: receipts and what they are drawn from, explanations, VAT, and fiscal receipts."""

import html
import re
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from lk_graphql.billing.service.receipts.content import ReceiptContent
from lk_graphql.kit.ids import key_of
from tests.support.pdf_text import only_page, text_of

from .deployment import NoContent
from .model.accounts import Account
from .model.bills import Bill
from .model.cabinet import ADVANCE, PENALTY
from .model.days import last_day, later
from .model.meters import ESTIMATED
from .model.money import kopecks, round_half_up, rubles
from .world import Resident, World

BILLS = """{ viewer { accounts { invoices(first: 13) { id number receiptUrl vatIncluded
  explanation { difference changes { cause amount text before now } } } } } }"""

# Receipts

_WITHOUT = re.compile(r"без (?:них|пени)\s+([\d\s]+,\d\d)")


async def check_receipt(world: World, resident: Resident, number: str, bill: Bill) -> None:
    """The sums, the payer and the code of a receipt, in the content that its page is drawn from."""
    accounts = (await resident.customer.post(BILLS))["viewer"]["accounts"]
    shown = [
        one for account in accounts for one in account["invoices"] if one["number"] == bill.number
    ]
    if not shown:
        return
    subject = f"{bill.period:%Y-%m}"
    key = key_of(shown[0]["id"], "inv")
    assert key
    try:
        check_content(world, number, bill, await world.production.receipt(key))
    except NoContent:
        world.drawn = False  # each page is compared instead
    except (LookupError, ValueError) as crash:
        world.report("RECEIPT", number, f"crash {subject}", "a receipt", repr(crash))
        return
    check_vat(world, number, bill, shown[0]["vatIncluded"])
    check_explanation(world, number, bill, shown[0]["explanation"])
    is_telling = is_penalty_telling(world, number, bill) and not world.told
    if not world.drawn or is_telling:
        world.drawn, world.told = True, world.told or is_telling
        await check_page(world, resident, number, bill, shown[0]["receiptUrl"])


def check_content(world: World, number: str, bill: Bill, content: ReceiptContent | None) -> None:
    """The content that a receipt is drawn from: sums, payer, and whether there is a code."""
    subject = f"{bill.period:%Y-%m}"
    assert content
    for name in (
        "opening_balance",
        "charged",
        "recalculated",
        "penalty",
        "paid",
        "closing_balance",
    ):
        expected = getattr(bill, name.removesuffix("_balance"))
        world.compare(
            "RECEIPT_SUMS", number, f"{name} {subject}", expected, getattr(content.sums, name)
        )
    holder = world.cabinet.holder_of(number, last_day(bill.period))
    payer = {
        "holder": holder,  # who sees it, though it was billed before billing knew of a new one
        "address": bill.address,
        "tariff_category": bill.category,
        "residents": bill.residents,
    }
    for name, value in payer.items():
        world.compare(
            "RECEIPT_PAYER", number, f"{name} {subject}", value, getattr(content.payer, name)
        )
    due = world.cabinet.qr_sum(number, bill.period)
    world.compare("RECEIPT_CODE", number, subject, due > 0, content.code is not None)


def is_penalty_telling(world: World, number: str, bill: Bill) -> bool:
    """Whether the due sum without penalties isn't just the whole one less the bill's own."""
    due = world.cabinet.qr_sum(number, bill.period)
    without = world.cabinet.due_without_penalty(number, bill.period)
    return without not in (due, due - bill.penalty)


async def check_page(world: World, resident: Resident, number: str, bill: Bill, url: str) -> None:
    """The words of one page of a seed, as it is before it becomes a PDF: drawing codes is slow."""
    response = await resident.customer.http.get(url)
    subject = f"{bill.period:%Y-%m}"
    if not world.compare("RECEIPT", number, f"status {subject}", 200, response.status_code):
        return
    is_drawn = (
        response.headers["content-type"] == "application/pdf" and response.content[:1] == b"%"
    )
    page = text_of(only_page(response.content)) if is_drawn else html.unescape(response.text)
    if without := _WITHOUT.search(page):
        expected = world.cabinet.due_without_penalty(number, bill.period)
        world.compare("RECEIPT_PENALTY", number, subject, expected, _printed(without[1]))
    if bill.closing == 0 and "переплата" in page:
        world.report("RECEIPT_ZERO", number, subject, "nothing to pay", "переплата")


def _printed(text: str) -> int:
    return kopecks(re.sub(r"[^\d,\-−]", "", text).replace("−", "-"))


# What bills say


def check_vat(world: World, number: str, bill: Bill, shown: str | None) -> None:
    """The VAT in a bill, each part of it at the rate of its own months."""
    if shown is not None:
        expected = rubles(world.supplier.vat_included(bill))
        world.compare("VAT", number, f"{bill.period:%Y-%m}", expected, shown)


def check_explanation(world: World, number: str, bill: Bill, shown: dict[str, Any] | None) -> None:
    """Its parts add up, days are those between the readings, an end isn't told as a beginning."""
    account = world.supplier.accounts[number]
    before = account.bills.get(later(bill.period, -1))
    if shown is None or before is None:
        return
    subject = f"{bill.period:%Y-%m}"
    total = sum(kopecks(change["amount"]) for change in shown["changes"])
    if kopecks(shown["difference"]) == bill.total - before.total:
        world.compare("EXPLANATION", number, f"sum {subject}", bill.total - before.total, total)
    for change in shown["changes"]:
        if change["cause"] == "RAISING_FACTOR" and kopecks(change["amount"]) < 0:
            is_told_as_new = "вместо показаний" in change["text"] and bill.charged < before.charged
            if is_told_as_new and not any(line.factor for line in bill.lines):
                world.report("EXPLANATION", number, "raising factor", "its end", change["text"])
    spans = [days_read(account, one) for one in (before, bill)]
    days = [change for change in shown["changes"] if change["cause"] == "DAYS"]
    if None not in spans and days and world.supplier.detail.readings_of_bills:
        told = [int(float(days[0][key])) for key in ("before", "now")]
        world.compare("EXPLANATION", number, f"days {subject}", spans, told)


def days_read(account: Account, bill: Bill) -> int | None:
    """The days between the readings of a bill, if all its registers were read on the same days.

    An estimate is of no day: between it and a reading no days are known.
    """
    spans: set[tuple[date | None, date | None]] = set()
    for usage in bill.usages:
        readings = account.meter(usage.serial).register(usage.zone).readings if usage.serial else []
        estimated = {reading.taken_on for reading in readings if reading.source == ESTIMATED}
        is_read = usage.previous_on not in estimated
        spans.add((usage.previous_on, usage.current_on) if is_read else (None, None))
    first, last = spans.pop() if len(spans) == 1 else (None, None)
    return (last - first).days if first and last and first < last else None


# Fiscal receipts

_VAT_CODES = {1: "none", 4: "20", 11: "22", 12: "22/122", 6: "20/120"}


def check_fiscal(
    world: World, numbers: Collection[str], expected: dict[tuple[str, str], int], items: Any
) -> None:
    """The lines that were ordered with a payment: debts by their month's rate, penalties apart."""
    printed: dict[tuple[str, str], int] = defaultdict(int)
    for item in items:
        mode = "advance" if item["payment_mode"] != "full_payment" else "debt"
        rate = _VAT_CODES.get(item["vat_code"], str(item["vat_code"]))
        price = kopecks(item["amount"]["value"])
        printed[mode, rate] += round_half_up(price * Decimal(str(item["quantity"])))
    if ("debt", "?") in expected:
        # rates that are the company's, or those of the months that a correction names
        expected, printed = without_rates(expected), without_rates(printed)
    rows = [{key: value for key, value in one.items() if value} for one in (expected, printed)]
    world.compare("FISCAL", " ".join(numbers), "", *(str(sorted(one.items())) for one in rows))


def without_rates(lines: dict[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """The same with the taxed debts in one sum."""
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for (mode, rate), amount in lines.items():
        sums[mode, "taxed" if mode == "debt" and rate != "none" else rate] += amount
    return sums


def fiscal_lines(world: World, number: str, money: int) -> dict[tuple[str, str], int]:
    """Sums that a payment to one account settles, by mode and rate."""
    lines: dict[tuple[str, str], int] = defaultdict(int)
    for one in world.cabinet.parts(number, money, world.today):
        if one.kind == PENALTY:
            key = "debt", "none"
        elif one.kind == ADVANCE:
            rate = world.supplier.rules.vat_percent(world.today)
            key = "advance", f"{rate:f}/{100 + rate:f}"
        elif one.period and not is_corrected(world, number, one.period):
            key = "debt", f"{world.supplier.rules.vat_percent(last_day(one.period)):f}"
        else:
            key = "debt", "?"
        lines[key] += one.amount
    return dict(lines)


def is_corrected(world: World, number: str, period: date) -> bool:
    """Whether a bill has parts of other months, which may have had another rate."""
    bill = world.supplier.accounts[number].bills.get(period)
    return bill is None or bill.recalculated != 0
