"""Views of customers and staff, compared with the model."""

import re
from collections import Counter
from datetime import date
from typing import Any

from .customers import DIFFERENCES, ON_REVIEW, PREVIEW, Refused, part, reminders
from .model.files import month, read_registry
from .model.money import kopecks, rubles
from .model.views import AccountView, BillView, view_of
from .world import Resident, World

INVOICE = """id number period total status unpaid qrPayload receiptUrl dueOn closingBalance"""
ACCOUNTS = """{ viewer { accounts { number
  holder { lastName firstName patronymic }
  balance { debt penalty overpayment amountDue processing }
  payments(first: 40) { nodes { amount } }
  meters { registers { readings(first: 20) { nodes { takenOn source } } } }
  invoices(first: 13) { %s } } } }"""
_SUM = re.compile(r"\|Sum=(\d+)")
_DUE_DAYS_BEFORE, _OVERDUE_DAYS_AFTER = 3, 3


async def check_all(world: World, *, everyone: bool = False) -> None:
    """After an import: the registry, the staff's list, and customers whose views have changed.

    Of the others, who must see the same as before, some are asked in turn.
    """
    world.turn += 1
    for order, resident in enumerate(world.residents):
        if everyone or world.is_turn(order) or views(world, resident) != resident.views:
            await check_resident(world, resident)
    pending, differences = movements(world)
    before, world.movements = world.movements, (pending, differences)
    is_asked = everyone or world.is_turn(0)
    if is_asked or pending != before[0]:
        await check_registry(world)
    if is_asked or differences != before[1]:
        await check_differences(world)
    if everyone:
        await check_review_queue(world)


def views(world: World, resident: Resident) -> dict[str, AccountView]:
    """The views that a customer must see, of accounts whose books can be compared."""
    return {
        number: view_of(world.cabinet, number, holder, world.today)
        for number, holder in resident.holders.items()
        if number not in world.stale
    }


def movements(world: World) -> tuple[frozenset[str], frozenset[str]]:
    """The keys in the registry, and the differences that staff see."""
    pending = (row.external_id for row in world.pending())
    return frozenset(pending), frozenset(world.cabinet.differences())


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
    resident.views = views(world, resident)
    for one in shown:
        if view := resident.views.get(one["number"]):
            check_account(world, one, view)
            await check_review(world, resident, one["number"])


def check_account(world: World, shown: dict[str, Any], view: AccountView) -> None:
    number = shown["number"]
    names: dict[str, str] = shown["holder"] or {}
    name = " ".join(
        filter(None, (names.get(key) for key in ("lastName", "firstName", "patronymic")))
    )
    world.compare("HOLDER", number, "", view.holder, name)
    balance = shown["balance"] or dict.fromkeys(
        ("debt", "penalty", "overpayment", "amountDue", "processing"), "0.00"
    )
    for key in ("debt", "penalty", "overpayment"):
        world.compare("BALANCE", number, key, rubles(getattr(view.balance, key)), balance[key])
    world.compare("PROCESSING", number, "", rubles(view.processing), balance["processing"])
    world.compare("AMOUNT_DUE", number, "", rubles(view.amount_due), balance["amountDue"])
    check_history(world, shown, view)
    bills = {one.bill.number: one for one in view.bills}
    shown_bills = {bill["number"]: bill for bill in shown["invoices"]}
    world.invoice_ids |= {key: bill["id"] for key, bill in shown_bills.items()}
    if not world.compare("VISIBLE_BILLS", number, "", sorted(bills), sorted(shown_bills)):
        shown_bills = {key: bill for key, bill in shown_bills.items() if key in bills}
    for key, bill in shown_bills.items():
        check_bill(world, number, bills[key], bill)


def check_history(world: World, shown: dict[str, Any], view: AccountView) -> None:
    """Payments and a customer's own readings, of the holder's time only."""
    number = shown["number"]
    posted = sorted(kopecks(one["amount"]) for one in shown["payments"]["nodes"])
    world.compare("PAYMENTS", number, "", [*view.payments], [amount for amount in posted if amount])
    foreign = [
        reading["takenOn"]
        for meter in shown["meters"]
        for register in meter["registers"]
        for reading in register["readings"]["nodes"]
        if reading["source"] == "CUSTOMER"
        and not world.cabinet.is_visible(
            number, view.holder, date.fromisoformat(reading["takenOn"])
        )
    ]
    world.compare("READINGS_OF_OTHERS", number, "", [], foreign)


def check_bill(world: World, account: str, view: BillView, shown: dict[str, Any]) -> None:
    subject, due = f"{view.bill.period:%Y-%m}", rubles(view.due)
    total = rubles(view.bill.total)
    world.compare("TOTAL", account, subject, total, shown["total"])
    world.compare("STATUS", account, f"{subject} {due} of {total}", view.status, shown["status"])
    world.compare("UNPAID", account, subject, rubles(view.unpaid), shown["unpaid"])
    if "amountDue" in shown:
        world.compare("BILL_DUE", account, subject, due, shown["amountDue"])
    if "processing" in shown:
        processing = rubles(view.unpaid - view.due)
        world.compare("BILL_PROCESSING", account, subject, processing, shown["processing"])
    code = _SUM.search(shown["qrPayload"] or "")
    amount = int(code[1]) if code else 0
    kind = "QR_OLD_DEBT" if view.qr_sum - amount == view.old_debt else "QR"
    world.compare(kind, account, subject if kind == "QR" else "", view.qr_sum, amount)


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


async def check_calendar(world: World, resident: Resident, expected: set[date]) -> None:
    days = await resident.customer.calendar_days()
    subject = resident.customer.email
    world.compare("CALENDAR", " ".join(resident.holders), subject, sorted(expected), sorted(days))


async def check_notices(world: World, reminded: set[tuple[str, str, str, date]]) -> None:
    """The mails of a day's run; and the feeds that have changed, of the others some in turn."""
    check_reminders(world, reminded)
    world.turn += 1
    for order, resident in enumerate(world.residents):
        expected = {
            due_on
            for view in views(world, resident).values()
            for due_on, _ in view.reminders
            if due_on >= world.today
        }
        is_due = world.is_turn(order) or expected != resident.calendar
        if is_due and not world.stale & {*resident.holders}:
            resident.calendar = expected
            await check_calendar(world, resident, expected)


def check_reminders(world: World, reminded: set[tuple[str, str, str, date]]) -> None:
    """The mails of a day's run: each open bill once before its due day, and once after it."""
    today = world.today
    for resident in world.residents:
        expected: Counter[tuple[str, str, int]] = Counter()
        for number, view in views(world, resident).items():
            for due_on, amount in view.reminders:
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


async def check_review_queue(world: World) -> None:
    """Staff can only decide on readings of months that aren't billed: no other ones wait."""
    nodes = (await world.staff.post(ON_REVIEW))["staff"]["readingsOnReview"]["nodes"]
    for one in nodes:
        number = one["account"]["number"]
        billed = max(world.supplier.accounts[number].bills, default=date.min)
        if number not in world.stale and month(one["period"]) <= billed:
            subject = f"taken on {one['takenOn']}"
            world.report("REVIEW_QUEUE", number, subject, "an open month", one["period"])
