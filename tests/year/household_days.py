"""Days of customers: register, link, read their meters, pay, get money back."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.factories.uploads import picture

from . import population
from .acquirer import GOOD, POOR
from .billing_days import Office, bank_payment
from .checks import check_resident
from .customers import (
    CONFIRM,
    HOUSEHOLD,
    LOOK,
    NO_HOUSEHOLD,
    REFUND,
    STAFF_ACCOUNT,
    STAFF_PAYMENTS,
    START,
    SUBMIT,
    Refused,
    part,
    registered,
)
from .model.accounts import Account
from .model.cabinet import SentBill
from .model.days import later, month_of
from .model.meters import Register
from .model.money import rubles
from .model.postings import RegistryRow
from .papers import check_fiscal, check_receipt, fiscal_lines
from .reading_checks import check_preview, check_window
from .watch import watched
from .world import Resident, World


@dataclass
class Paid:
    """A payment that succeeded, with its parts by position."""

    number: str
    parts: list[tuple[str, int]]
    period: date | None
    """The month of the bill that the customer has named."""
    given_back: int = 0


@dataclass
class Households:
    world: World
    office: Office
    payments: list[Paid]

    def key(self) -> str:
        return str(UUID(int=self.world.chance.getrandbits(128), version=4))

    # Logins

    async def arrive(self, number: str) -> None:
        """A holder registers, or takes another account into their cabinet, and proves it."""
        world = self.world
        account = world.supplier.accounts[number]
        if world.linked(number):
            return
        holder = account.holder_on(world.today)
        resident = None
        if world.residents and world.chance.random() < 0.15:
            resident = world.chance.choice(world.residents)
        if resident is None:
            names = holder.last_name, holder.first_name, holder.patronymic
            customer = await registered(world.production, len(world.residents) + 1, names)
            resident = Resident(customer)
            world.residents.append(resident)
            world.note("register", f"{customer.email} {number}")
        await self.link(resident, account)
        await check_resident(world, resident)

    async def link(self, resident: Resident, account: Account) -> None:
        world, number = self.world, account.number
        proofs = self.proofs(account)
        name, proof = world.chance.choice([*proofs.items()])
        holder = account.holder_on(world.today)
        world.note("link", f"{number} by {name} {proof}")
        try:
            await resident.customer.link(number, holder.last_name, proof)
        except Refused as refused:
            if "ALREADY_LINKED" in refused.codes or "LINK_SUSPENDED" in refused.codes:
                return
            state = " of a closed account" if account.closed_on else ""
            world.report("LINK", number, f"by {name}{state}", "linked", refused)
            return
        resident.holders[number] = holder.name

    def proofs(self, account: Account) -> dict[str, dict[str, str]]:
        """Proofs that a bill prints, by their kind."""
        world = self.world
        proofs = {"ЕЛС": {"unifiedNumber": account.unified_number}}
        holder = account.holder_on(world.today)
        bills = world.cabinet.visible_bills(account.number, holder.name)
        if bills and bills[-1].total > 0:
            proofs["bill"] = {"billTotal": rubles(bills[-1].total)}
        registers = [
            register
            for one in account.meters
            if one.removed_on is None
            for register in one.registers
        ]
        known = [
            reading
            for register in registers
            for reading in register.counted()
            if reading.period < world.supplier.open_month and reading.value > 0
            if not reading.is_start  # with which a meter was put in: no bill ends with it
            if reading.taken_on in printed_days(account, register)
        ]
        if known and world.supplier.detail.readings_of_bills:
            newest = max(known, key=lambda reading: reading.period)
            proofs["printed reading"] = {"lastReading": f"{newest.value:f}"}
        return proofs

    # Readings

    async def look_at_meters(self, resident: Resident, number: str) -> dict[str, Any]:
        """An account's meters, and the days on which their readings are taken."""
        shown = (await resident.customer.post(METERS))["viewer"]["accounts"]
        (one,) = [each for each in shown if each["number"] == number]
        check_window(self.world, self.world.supplier.accounts[number], one["readingWindow"])
        return one

    async def read_meters(self, resident: Resident, number: str) -> None:
        """Readings of all registers of an account's meters, with a look at the costs before."""
        world, account = self.world, self.world.supplier.accounts[number]
        one = await self.look_at_meters(resident, number)
        entries: list[dict[str, Any]] = []
        values: dict[tuple[str, str], Decimal] = {}
        for meter in one["meters"]:
            if meter["removedOn"] is not None:
                continue
            mine = account.meter(meter["serial"])
            for register in meter["registers"]:
                row = mine.register(register["zone"])
                value = population.shows(account, mine, row, world.today)
                entries.append({"registerId": register["id"], "value": f"{value:f}"})
                values[mine.serial, row.zone] = value
        if not entries:
            return
        if world.chance.random() < 0.05:
            entries[0]["photoUploadId"] = await resident.customer.upload("t1.jpg", PHOTO)
        form = {"accountId": resident.customer.links[number], "entries": entries}
        world.note("readings", f"{number} {' '.join(each['value'] for each in entries)}")
        try:
            preview = (await resident.customer.mutate(LOOK, **form))["preview"]
            check_preview(world, account, values, preview)
            sent = await self.submit(resident, number, form)
            if world.chance.random() < 0.15:
                await self.correct_readings(resident, form)
        except Refused as refused:
            world.note("readings refused", f"{number} {refused}")
            return
        self.note_refusals(number, sent, is_open=one["readingWindow"]["isOpen"])

    def note_refusals(self, number: str, sent: list[dict[str, Any]], *, is_open: bool) -> None:
        for codes in ({error["code"] for error in each["errors"]} for each in sent):
            if codes:
                self.world.note("reading refused", f"{number} {sorted(codes)}")
            if is_open and codes & NOT_OPEN:
                self.world.report("WINDOW", number, "refused on an open day", "taken", codes)

    async def submit(
        self, resident: Resident, number: str, form: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """The entries' outcomes; what has to be confirmed is confirmed."""
        async with watched(self.world, resident, number, "readings") as watcher:
            sent = await resident.customer.mutate(SUBMIT, **form, idempotencyKey=self.key())
            if watcher:
                watcher.is_expected = any(not each["errors"] for each in sent["entries"])
        if token := sent["confirmToken"]:
            await resident.customer.mutate(CONFIRM, token=token, idempotencyKey=self.key())
        return sent["entries"]

    async def correct_readings(self, resident: Resident, form: dict[str, Any]) -> None:
        """The same form once more, with the last digit put right; billing may have the first."""
        if self.world.chance.random() < 0.5:
            await self.office.exchange_readings()
        entries = [
            {"registerId": each["registerId"], "value": f"{Decimal(each['value']) + 1:f}"}
            for each in form["entries"]
        ]
        again = form | {"entries": entries}
        sent = await resident.customer.mutate(SUBMIT, **again, idempotencyKey=self.key())
        states = " ".join(each["status"] for each in sent["entries"])
        self.world.note("readings again", f"{form['accountId'][:8]} {states}")

    # Money

    async def pay_at_bank(self, _: Resident, number: str) -> None:
        """Cash at a bank: what the newest bill says, a part, or too much."""
        amount = self.some_amount(number)
        self.world.note("pays at bank", f"{number} {amount / 100:.2f}")
        self.office.at_bank.append(bank_payment(self.world, number, amount))

    def some_amount(self, number: str) -> int:
        chance, due = self.world.chance, self.world.cabinet.amount_due(number)
        kinds = [due, due // 2 + 100, due + 5_000, 30_000]
        return min(max(chance.choices(kinds, (5, 2, 2, 1))[0], 1_000), 15_000_000)

    async def pay(self, resident: Resident) -> None:
        """A card payment for one account or all that a customer has."""
        world, chance = self.world, self.world.chance
        numbers = [number for number in resident.holders if number not in world.stale]
        if not numbers or not world.payments_open:
            return
        if len(numbers) > 1 and chance.random() < 0.5:
            numbers = [chance.choice(numbers)]
        sums = {number: self.some_amount(number) for number in numbers}
        await self.pay_sums(resident, sums)

    async def pay_sums(self, resident: Resident, sums: dict[str, int]) -> None:
        world, customer = self.world, resident.customer
        named = self.named_bill(resident, sums)
        invoice = named and world.invoice_ids.get(named.number)
        parts = [part(customer.links[number], amount, invoice) for number, amount in sums.items()]
        text = " ".join(f"{number} {amount / 100:.2f}" for number, amount in sums.items())
        try:
            started = (
                await customer.mutate(
                    START,
                    idempotencyKey=self.key(),
                    parts=parts,
                    total=rubles(sum(sums.values())),
                )
            )["payment"]
        except Refused as refused:
            if "PAYMENTS_CLOSED" in refused.codes:
                world.payments_open = False
                world.report("PAYMENTS_CLOSED", "", "D1", "payments are open", refused)
            else:
                world.report("PAYMENT", " ".join(sums), "refused", "started", refused)
            return
        await world.production.do_jobs()
        acquirer = world.production.installation.acquirer
        if started["pageUrl"] is None:
            world.report("PAYMENT", " ".join(sums), "not registered", "registered", None)
            return
        reference = started["pageUrl"].rpartition("/")[2]
        card = POOR if world.chance.random() < 0.1 else GOOD
        world.note("pays by card" if card == GOOD else "card declined", text)
        lines: dict[tuple[str, str], int] = {}
        for number, amount in sums.items():
            for key, value in fiscal_lines(world, number, amount).items():
                lines[key] = lines.get(key, 0) + value
        check_fiscal(world, [*sums], lines, acquirer.items(reference))
        acquirer.pay(reference, card)
        if card != GOOD:
            await self.deliver_callbacks()
            return
        async with watched(world, resident, next(iter(sums)), "a payment"):
            await self.deliver_callbacks()
        paid = Paid(started["number"], [*sums.items()], named and named.period)
        self.payments.append(paid)
        for position, (number, amount) in enumerate(paid.parts, start=1):
            key = f"{paid.number}-{position}"
            world.cabinet.pay(RegistryRow(key, number, amount, world.now, paid.period))
        await check_resident(world, resident)

    def named_bill(self, resident: Resident, sums: dict[str, int]) -> SentBill | None:
        """Some name the bill that they pay; most just pay what is due."""
        if len(sums) > 1 or self.world.chance.random() > 0.3:
            return None
        (number,) = sums
        bills = self.world.cabinet.visible_bills(number, resident.holders[number])
        known = [bill for bill in bills if bill.number in self.world.invoice_ids]
        return known[-1] if known else None

    async def deliver_callbacks(self) -> None:
        """The acquirer's callbacks: once, twice, or only found by the reconciler."""
        world = self.world
        bodies = world.production.installation.acquirer.callbacks()
        times = world.chance.choice((1, 1, 1, 2, 0))
        for body in bodies * times:
            await world.staff.http.post("/webhooks/acquirer", json=body)
        await world.production.do_jobs()
        if not times:
            world.move_to(world.today, world.now.hour + 3)
            await world.production.do_jobs("payments.reconcile")
            await world.production.do_jobs()

    async def staff_payment(self, number: str) -> dict[str, Any]:
        shown = await self.world.staff.post(STAFF_PAYMENTS, number=number)
        (payment,) = shown["staff"]["payments"]["nodes"]
        return payment

    async def refund(self) -> None:
        """Staff give back a payment, whole or in part."""
        world, chance = self.world, self.world.chance
        some = [paid for paid in self.payments if paid.given_back < paid.parts[0][1]]
        if not some:
            return
        paid = chance.choice(some)
        number, amount = paid.parts[0]
        left = amount - paid.given_back
        money = left if chance.random() < 0.4 else max(left // 3, 1)
        shown = await self.staff_payment(paid.number)
        world.note("refund", f"{number} {paid.number} {money / 100:.2f}")
        try:
            await world.staff.mutate(
                REFUND,
                paymentId=shown["id"],
                position=1,
                amount=rubles(money),
                reason="Заявление плательщика",
                idempotencyKey=self.key(),
            )
        except Refused as refused:
            world.report("REFUND", number, paid.number, "taken", refused)
            return
        await world.production.do_jobs()
        await self.deliver_callbacks()
        paid.given_back += money
        before = shown["movements"]
        moved = (await self.staff_payment(paid.number))["movements"]
        (key,) = [movement["number"] for movement in moved if movement not in before]
        world.cabinet.pay(RegistryRow(key, number, -money, world.now, paid.period))
        for resident in world.linked(number):
            await check_resident(world, resident)

    # Holders

    async def record_household(self) -> None:
        """Staff record that a new holder and the one before are one household, or revoke it.

        Who has the account linked looks at a bill at once: then also at those of before.
        """
        world = self.world
        several = {one.number for one in world.supplier.accounts.values() if len(one.holders) > 1}
        links = [(one, number) for one in world.residents for number in one.holders]
        some = [(resident, number) for resident, number in links if number in several]
        if not some:
            return
        resident, number = world.chance.choice(some)
        mutation = NO_HOUSEHOLD if number in world.cabinet.households else HOUSEHOLD
        shown = await world.staff.post(STAFF_ACCOUNT, number=number)
        form = {"accountId": shown["staff"]["account"]["id"], "reason": "Свидетельство о браке"}
        world.note("one household" if mutation == HOUSEHOLD else "no household", number)
        await world.staff.mutate(mutation, **form)
        world.cabinet.households ^= {number}
        await check_resident(world, resident)
        await self.look_at_receipt(resident, number)

    # Papers

    async def look_at_receipt(self, resident: Resident, number: str) -> None:
        world = self.world
        bills = world.cabinet.visible_bills(number, resident.holders[number])
        account = world.supplier.accounts[number]
        if bills and number not in world.stale:
            sent = world.chance.choice(bills)
            bill = account.bills.get(sent.period)
            if bill and bill.closing == sent.closing:
                world.note("receipt", f"{number} {sent.period:%Y-%m}")
                await check_receipt(world, resident, number, bill)


NOT_OPEN = {"WINDOW_CLOSED", "READINGS_NOT_TAKEN"}
PHOTO = picture()
METERS = """{ viewer { accounts { number
  readingWindow { period isOpen daysLeft closesOn closedBecause } meters { serial removedOn
  registers { id zone digits lastReading { value } } } } } }"""


def months_of_year(start: date) -> list[date]:
    return [later(month_of(start), number) for number in range(12)]


def printed_days(account: Account, register: Register) -> set[date]:
    """The days of a register's readings with which the last two bills end.

    A month that was billed by a norm ends with an estimate, which no bill prints.
    """
    bills = [account.bills[period] for period in sorted(account.bills)[-2:]]
    usages = [usage for bill in bills for usage in bill.usages if usage.zone == register.zone]
    return {usage.current_on for usage in usages if usage.current_on}
