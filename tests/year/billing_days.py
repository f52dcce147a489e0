"""Days of billing: months, postings, changes of accounts, meters and rules; its files.

Each event returns nothing; what it sends is loaded and compared by `World.deliver` and the checks.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from .model.bills import Bill, Correction
from .model.days import last_day, later
from .model.files import BankRow, File, Statement
from .model.postings import RegistryRow
from .watch import watched
from .world import World

REASONS = ("Проверка прибора учёта", "Ошибка в тарифе", "Перерыв в подаче энергии")


@dataclass
class Office:
    """Billing's desk: postings to come, and what it hasn't sent yet."""

    world: World
    sent_until: date
    """The last day of which postings have been sent."""
    snapshot_on: date
    """The day of the last snapshot of all balances."""
    plans: list[tuple[date, Callable[[], None]]] = field(
        default_factory=list[tuple[date, Callable[[], None]]]
    )
    statements: int = 0
    at_bank: list[BankRow] = field(default_factory=list[BankRow])
    fetched_at: dict[str, datetime] = field(default_factory=dict[str, datetime])
    """When billing has fetched each kind of export last."""
    last_bills: dict[str, Bill] = field(default_factory=dict[str, Bill])

    # The beginning

    async def open(self) -> None:
        """All that a new cabinet is filled with, in the order of docs/import.md."""
        world, supplier = self.world, self.world.supplier
        before = later(supplier.start, -1)
        await world.deliver(self.shuffled(supplier.rule_files(world.style)))
        await world.deliver(supplier.account_files(world.now, world.style))
        await world.deliver(supplier.meter_files(world.style))
        await world.deliver(supplier.reading_files(before, before, world.style))
        await world.deliver(supplier.payment_files(before, before, world.now, world.style))

    def shuffled(self, files: list[File]) -> list[File]:
        self.world.chance.shuffle(files)
        return files

    # Months

    async def close_month(self) -> None:
        """Bills of the month before, with readings, postings and balances, in some order."""
        world, supplier, chance = self.world, self.world.supplier, self.world.chance
        self.do_plans()
        period = supplier.open_month
        if chance.random() < 0.65:  # else it bills what it has fetched before
            await self.exchange_readings()
        bills = supplier.close_month()
        self.last_bills = {bill.account: bill for bill in bills}
        world.note("month closed", f"{period:%Y-%m}: " + " ".join(b.account for b in bills))
        await world.deliver(supplier.reading_files(period, period, world.style))
        # a snapshot from after the month's end lacks its charges: the bills bring another
        is_told = self.snapshot_on > last_day(period)
        with_balances = world.now if is_told or chance.random() < 0.3 else None
        as_of = world.now if chance.random() < 0.7 else None
        postings = self.posting_files(as_of) if chance.random() < 0.6 else []
        billed = supplier.bill_files(bills, with_balances, world.style)
        if chance.random() < 0.1:
            await world.deliver_cut("invoices", billed, world.now)
        files = [*postings, *billed] if chance.random() < 0.7 else [*billed, *postings]
        readers = [(one, number) for one in world.residents for number in one.holders]
        readers = [one for one in readers if one[1] in self.last_bills]
        if not readers:
            await world.deliver(files)
            return
        async with watched(world, *chance.choice(readers), "a bill"):
            await world.deliver(files)

    async def reissue(self) -> None:
        """The last month's bill of an account again: corrected, before or after it was paid."""
        world, supplier, chance = self.world, self.world.supplier, self.world.chance
        if not self.last_bills:
            return
        number = chance.choice([*self.last_bills])
        period = self.last_bills[number].period
        if period != later(supplier.open_month, -1):
            return
        amount = chance.choice((-50_000, -4_321, 1_234, 20_000, 0))
        correction = Correction(
            period, amount, chance.choice(REASONS), "TARIFF_CORRECTED", period, period
        )
        bill = supplier.reissue(number, period, world.today, [correction] if amount else [])
        self.last_bills[number] = bill
        world.note("bill again", f"{number} {period:%Y-%m} {amount / 100:+.2f}")
        await world.deliver(supplier.bill_files([bill], None, world.style))

    def correct(self) -> None:
        """A recalculation, a credit or a penalty that is written off, in the open month."""
        world, supplier, chance = self.world, self.world.supplier, self.world.chance
        number = chance.choice([*supplier.accounts])
        period = supplier.open_month
        if chance.random() < 0.3:
            penalty = supplier.balance(number, world.today).penalty
            if not penalty:
                return
            row = Correction(period, -penalty, "Списание пени", is_penalty=True)
            world.note("penalty written off", f"{number} {penalty / 100:.2f}")
        else:
            first = later(period, -chance.randint(1, 14))
            amount = chance.choice((-300_000, -90_000, -12_345, 6_789, 45_000))
            codes = ("READING_CORRECTED", "METER_CHECKED", "SUPPLY_INTERRUPTED", "TARIFF_CORRECTED")
            reason = chance.choice(REASONS)
            row = Correction(period, amount, reason, chance.choice(codes), first, later(period, -1))
            world.note("recalculation", f"{number} {amount / 100:+.2f}")
        supplier.correct(number, row)

    # Money

    def posting_files(self, as_of: datetime | None) -> list[File]:
        """Postings since the last such file, with the balances of now if they come along."""
        world = self.world
        first, self.sent_until = self.sent_until, world.today
        self.snapshot_on = world.today if as_of else self.snapshot_on
        return world.supplier.payment_files(first, world.today, as_of, world.style)

    async def send_postings(self) -> None:
        self.do_plans()
        await self.world.deliver(self.posting_files(self.world.now))

    async def exchange_registry(self) -> None:
        """`lk export payments`, and what billing makes of the new rows."""
        for row in self.world.supplier.receive_registry(await self.fetch("payments")):
            self.plan(row)
        await self.send_postings()
        self.check_kopecks()

    def check_kopecks(self) -> None:
        """After all has been sent every kopeck is booked by billing, or in processing here.

        This is the model against itself: of its two halves each keeps its own books.
        """
        world = self.world
        for number in {*world.supplier.accounts} - world.stale:
            booked = world.supplier.balance(number, world.today).net
            net = booked - world.cabinet.processing(number)
            world.compare("KOPECKS", number, "", net, world.cabinet.net(number))

    def plan(self, row: RegistryRow) -> None:
        """When and how a row is booked: mostly at once and as it is."""
        chance, today = self.world.chance, self.world.today
        kind = chance.choices(
            ("at once", "late", "pieces", "other amount", "twice", "elsewhere", "reversed"),
            (50, 20, 8, 7, 5, 4, 6),
        )[0]
        self.world.note(f"booked {kind}", f"{row.account} {row.external_id} {row.amount / 100:.2f}")
        days = [today + timedelta(days=chance.randint(2, 25)) for _ in range(2)]
        match kind:
            case "at once":
                self.post(row, today)
            case "late":
                self.at(days[0], lambda: self.post(row, days[0]))
            case "pieces":
                first = row.amount // 3
                self.post(row, today, amount=first)
                self.at(days[0], lambda: self.post(row, days[0], amount=row.amount - first))
            case "other amount":
                wrong = row.amount - chance.choice((1, -1, 100, row.amount - 100))
                self.post(row, today, amount=wrong)
                self.at(days[0], lambda: self.post(row, days[0], amount=row.amount - wrong))
            case "twice":
                self.post(row, today)
                self.post(row, today)
                self.at(days[0], lambda: self.post(row, days[0], amount=-row.amount))
            case "elsewhere":
                other = chance.choice([*self.world.supplier.accounts])
                self.post(row, today, account=other)
                if chance.random() < 0.7:
                    self.at(days[0], lambda: self.move(row, other, days[0]))
            case _:
                self.post(row, today)
                self.at(days[0], lambda: self.world.supplier.reverse(row.external_id, days[0]))

    def post(
        self, row: RegistryRow, day: date, *, amount: int | None = None, account: str | None = None
    ) -> None:
        self.world.supplier.post(row, day, amount=amount, account=account)

    def move(self, row: RegistryRow, other: str, day: date) -> None:
        if other != row.account:
            self.post(row, day, amount=-row.amount, account=other)
            self.post(row, day)

    def at(self, day: date, act: Callable[[], None]) -> None:
        self.plans.append((day, act))

    def do_plans(self) -> None:
        """Bookings of days that have come, on the day on which billing gets to them."""
        due = [plan for plan in self.plans if plan[0] <= self.world.today]
        self.plans = [plan for plan in self.plans if plan[0] > self.world.today]
        for _, act in due:
            act()

    async def bank_day(self) -> None:
        """A bank's registry of yesterday; one that was cut is not booked, and comes again."""
        world = self.world
        if not self.at_bank:
            return
        self.statements += 1
        rows, self.at_bank = self.at_bank, []
        content = Statement(self.statements, world.today, rows).write()
        if world.chance.random() < 0.1:
            try:
                world.supplier.receive_statement(content[: len(content) // 2], world.today)
            except ValueError:
                world.note("bank registry cut")
        world.supplier.receive_statement(content, world.today)
        if world.chance.random() < 0.2:
            world.supplier.receive_statement(content, world.today)
        world.note("bank registry", " ".join(f"{r.account} {r.amount / 100:.2f}" for r in rows))

    async def reverse_bank_payment(self) -> None:
        """Money given back at a counter: a received payment below zero under its own number."""
        world = self.world
        rows = [r for r in world.supplier.postings.rows if r.agent == "Сбербанк" and r.amount > 0]
        if rows:
            row = world.chance.choice(rows)
            own = f"{row.external_id}-{world.today:%m%d}"
            world.supplier.reverse(row.external_id, world.today, own_number=own)
            world.note("given back", f"{row.account} {row.amount / 100:.2f}")

    # Readings

    async def exchange_readings(self) -> None:
        """`lk export readings`, and billing's answers."""
        world = self.world
        if world.supplier.receive_readings(await self.fetch("readings")):
            await world.deliver(world.supplier.answer_files(world.now, world.style))

    async def fetch(self, kind: str) -> bytes:
        """An export since the last one, as a daily job has it (docs/import.md)."""
        world = self.world
        since = self.fetched_at.get(kind, world.now - timedelta(days=400))
        self.fetched_at[kind] = world.now
        return await world.production.export(kind, since)

    # Files that shouldn't be there

    async def send_again(self) -> None:
        """A file that was loaded before, as it was or in another style, at its old time."""
        world = self.world
        if not world.delivered:
            return
        kind, files, as_of = world.chance.choice(world.delivered[-30:])
        if kind in ("readings", "appeals", "tariffs"):
            return
        again = world.rewritten(files) if world.chance.random() < 0.7 else files
        world.note("old file", f"{kind} of {as_of:%m-%d}")
        await world.deliver(again, as_of)


def bank_payment(world: World, number: str, amount: int) -> BankRow:
    digits = "".join(world.chance.choices("0123456789", k=10))
    return BankRow(f"СУИП{digits}", number, amount, world.today)
