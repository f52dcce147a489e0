"""Views of customers and staff, compared with the model."""

import re
from collections import Counter
from datetime import date
from typing import Any

from .customers import DIFFERENCES, PREVIEW, Refused, part, reminders
from .model.cabinet import SentBill, of_period
from .model.files import read_registry
from .model.money import kopecks, rubles
from .world import Resident, World

INVOICE = """id number period total status unpaid qrPayload receiptUrl dueOn closingBalance"""
ACCOUNTS = """{ viewer { accounts { number
  holder { lastName firstName patronymic }
  balance { debt penalty overpayment amountDue processing }
  payments(first: 40) { nodes { amount } }
  meters { registers { readings(first: 20) { nodes { takenOn source } } } }
  invoices(last: 13) { %s } } } }"""
_SUM = re.compile(r"\|Sum=(\d+)")
_DUE_DAYS_BEFORE, _OVERDUE_DAYS_AFTER = 3, 3


async def check_all(world: World) -> None:
    """After an import: every customer, the registry and the staff's list."""
    for resident in world.residents:
        await check_resident(world, resident)
    await check_registry(world)
    await check_differences(world)


async def check_resident(world: World, resident: Resident) -> None:
    query = ACCOUNTS % " ".join([INVOICE, *world.new_fields])
    shown = (await resident.customer.post(query))["viewer"]["accounts"]
    world.compare(
        "ACCOUNTS",
        resident.customer.email,
        "",
        sorted(resident.holders),
        sorted(one["number"] for one in shown),
    )
    for one in shown:
        number = one["number"]
        if number in resident.holders and number not in world.stale:
            check_account(world, one, resident.holders[number])
            await check_review(world, resident, number)


def check_account(world: World, shown: dict[str, Any], holder: str) -> None:
    cabinet, number = world.cabinet, shown["number"]
    names: dict[str, str] = shown["holder"] or {}
    name = " ".join(
        filter(None, (names.get(key) for key in ("lastName", "firstName", "patronymic")))
    )
    world.compare("HOLDER", number, "", holder, name)
    balance = shown["balance"] or dict.fromkeys(
        ("debt", "penalty", "overpayment", "amountDue", "processing"), "0.00"
    )
    expected = cabinet.balance(number)
    for key in ("debt", "penalty", "overpayment"):
        world.compare("BALANCE", number, key, rubles(getattr(expected, key)), balance[key])
    world.compare(
        "PROCESSING", number, "", rubles(cabinet.processing(number)), balance["processing"]
    )
    world.compare(
        "AMOUNT_DUE", number, "", rubles(cabinet.amount_due(number)), balance["amountDue"]
    )
    check_history(world, shown, holder)
    bills = {bill.number: bill for bill in cabinet.visible_bills(number, holder)}
    shown_bills = {bill["number"]: bill for bill in shown["invoices"]}
    world.invoice_ids |= {key: bill["id"] for key, bill in shown_bills.items()}
    if not world.compare("VISIBLE_BILLS", number, "", sorted(bills), sorted(shown_bills)):
        shown_bills = {key: bill for key, bill in shown_bills.items() if key in bills}
    for key, bill in shown_bills.items():
        check_bill(world, number, bills[key], bill)


def check_history(world: World, shown: dict[str, Any], holder: str) -> None:
    """Payments and a customer's own readings, of the holder's time only."""
    number = shown["number"]
    posted = sorted(kopecks(one["amount"]) for one in shown["payments"]["nodes"])
    expected = world.cabinet.visible_payments(number, holder)
    world.compare("PAYMENTS", number, "", expected, [amount for amount in posted if amount])
    foreign = [
        reading["takenOn"]
        for meter in shown["meters"]
        for register in meter["registers"]
        for reading in register["readings"]["nodes"]
        if reading["source"] == "CUSTOMER"
        and not world.cabinet.is_visible(number, holder, date.fromisoformat(reading["takenOn"]))
    ]
    world.compare("READINGS_OF_OTHERS", number, "", [], foreign)


def check_bill(world: World, account: str, bill: SentBill, shown: dict[str, Any]) -> None:
    cabinet, period = world.cabinet, bill.period
    subject = f"{period:%Y-%m}"
    unpaid = of_period(cabinet.unpaid(account), period)
    due = of_period(cabinet.due(account), period)
    status = cabinet.status(account, period, world.today)
    world.compare("TOTAL", account, subject, rubles(bill.total), shown["total"])
    world.compare(
        "STATUS",
        account,
        f"{subject} {rubles(due)} of {rubles(bill.total)}",
        status,
        shown["status"],
    )
    world.compare("UNPAID", account, subject, rubles(unpaid), shown["unpaid"])
    if "amountDue" in shown:
        world.compare("BILL_DUE", account, subject, rubles(due), shown["amountDue"])
    if "processing" in shown:
        world.compare(
            "BILL_PROCESSING", account, subject, rubles(unpaid - due), shown["processing"]
        )
    code = _SUM.search(shown["qrPayload"] or "")
    expected, amount = cabinet.qr_sum(account, period), int(code[1]) if code else 0
    is_old_debt = expected - amount == cabinet.due(account)[0].total
    kind = "QR_OLD_DEBT" if is_old_debt else "QR"
    world.compare(kind, account, subject if kind == "QR" else "", expected, amount)


async def check_review(world: World, resident: Resident, number: str) -> None:
    """The page before a payment, with what is due or without anything to pay."""
    due, expected = world.cabinet.amount_due(number), world.cabinet.balance(number)
    sums = {
        "debt": expected.debt,
        "penalty": expected.penalty,
        "overpayment": expected.overpayment,
        "processing": world.cabinet.processing(number),
        "amountDue": due,
        "amount": due,
        "advance": 0,
    }
    if world.reviewed.get(number) == (*sums.values(),):
        return
    world.reviewed[number] = (*sums.values(),)
    try:
        parts = [part(resident.customer.links[number])]
        preview = (await resident.customer.mutate(PREVIEW, parts=parts))["preview"]
    except Refused as refused:
        if "PAYMENTS_CLOSED" in refused.codes:
            world.payments_open = False
            world.report("PAYMENTS_CLOSED", "", "D1", "payments are open", refused)
        elif "NOTHING_TO_PAY" in refused.codes:
            world.compare("REVIEW", number, "nothing to pay", 0, due)
        elif not ({"AMOUNT_TOO_SMALL", "AMOUNT_TOO_LARGE"} & {*refused.codes} and is_beyond(due)):
            world.report("REVIEW", number, "refused", rubles(due), refused)
        return
    (shown,) = preview["parts"]
    for key, value in sums.items():
        world.compare("REVIEW", number, key, rubles(value), shown[key])


def is_beyond(due: int) -> bool:
    """Whether a sum is none that a card is charged with: the usual terms are 1 to 350,000 ₽."""
    return not 100 <= due <= 35_000_000


async def check_calendar(world: World, resident: Resident) -> None:
    days = await resident.customer.calendar_days()
    expected = {
        due_on
        for number in resident.holders
        for due_on in visible_reminders(world, number, resident.holders[number])
        if due_on >= world.today
    }
    if not world.stale & {*resident.holders}:
        subject = resident.customer.email
        world.compare(
            "CALENDAR", " ".join(resident.holders), subject, sorted(expected), sorted(days)
        )


def visible_reminders(world: World, number: str, holder: str) -> dict[date, int]:
    """The open sums of the bills that a holder sees, by their due days."""
    visible = {bill.due_on for bill in world.cabinet.visible_bills(number, holder)}
    open_sums = world.cabinet.reminders(number)
    return {day: amount for day, amount in open_sums.items() if day in visible}


async def check_notices(world: World, reminded: set[tuple[str, str, str, date]]) -> None:
    check_reminders(world, reminded)
    for resident in world.residents:
        await check_calendar(world, resident)


def check_reminders(world: World, reminded: set[tuple[str, str, str, date]]) -> None:
    """The mails of a day's run: each open bill once before its due day, and once after it."""
    today = world.today
    for resident in world.residents:
        expected: Counter[tuple[str, str, int]] = Counter()
        for number, holder in resident.holders.items():
            if number in world.stale:
                continue
            for due_on, amount in visible_reminders(world, number, holder).items():
                left = (due_on - today).days
                kind = "DUE" if 0 <= left <= _DUE_DAYS_BEFORE else ""
                kind = "OVERDUE" if -_OVERDUE_DAYS_AFTER <= left < 0 else kind
                key = resident.customer.email, number, kind, due_on
                if kind and key not in reminded:
                    reminded.add(key)
                    expected[kind, number, amount] += 1
        came = Counter(
            (mail.kind, mail.account, mail.amount)
            for mail in reminders(world.production, resident.customer)
            if mail.account not in world.stale
        )
        for kind, number, amount in [*(expected - came), *(came - expected)]:
            is_missing = (kind, number, amount) in expected
            got = [f"{k} {rubles(a)}" for k, n, a in came if n == number]
            wanted = [f"{k} {rubles(a)}" for k, n, a in expected if n == number]
            subject = f"{kind} {'missing' if is_missing else 'wrong'} {today:%Y-%m}"
            world.report("REMINDER", number, subject, wanted, got)


async def check_registry(world: World) -> None:
    rows = read_registry(await world.registry())
    shown, expected = (
        {row.external_id: f"{row.account} {rubles(row.amount)} {row.period}" for row in some}
        for some in (rows, world.pending())
    )
    for key in {*shown} ^ {*expected}:
        world.report("REGISTRY", "", key, expected.get(key), shown.get(key))
    for key in {*shown} & {*expected}:
        world.compare("REGISTRY", "", key, expected[key], shown[key])


async def check_differences(world: World) -> None:
    """Staff see a difference for each movement that billing has posted otherwise."""
    nodes = (await world.staff.post(DIFFERENCES))["staff"]["paymentDifferences"]["nodes"]
    shown = {one["payment"]["number"] for one in nodes if one["settledAt"] is None}
    expected = {key.rpartition("-")[0] for key in world.cabinet.differences()}
    for number in shown ^ expected:
        wanted = "open" if number in expected else "none"
        world.report("DIFFERENCE", "", number, wanted, "open" if number in shown else "none")
