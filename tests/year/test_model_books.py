"""Invariants of the model's books under random operations: every kopeck is in exactly one place."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import pytest

from tests.year import population
from tests.year.model.accounts import Account
from tests.year.model.bills import Bill, Correction
from tests.year.model.cabinet import OVERDUE, PAID, PROCESSING, Cabinet
from tests.year.model.days import ZONE, last_day, later, start_of
from tests.year.model.postings import Posting, RegistryRow
from tests.year.model.supplier import Supplier

MONTHS = 8


@dataclass
class Life:
    """A supplier and a cabinet that gets its files, and customers who do anything at all."""

    seed: int
    chance: Random = field(init=False)
    supplier: Supplier = field(init=False)
    cabinet: Cabinet = field(init=False)
    number: int = 0
    today: date = population.START

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.supplier = population.supplier(self.seed, 5)
        self.cabinet = Cabinet(self.supplier.rules)

    @property
    def accounts(self) -> list[Account]:
        return [*self.supplier.accounts.values()]

    def month(self) -> list[Bill]:
        """Operations on the days of a month, the close, and a delivery of everything."""
        period = self.supplier.open_month
        for day in sorted(self.chance.randint(1, 28) for _ in range(6)):
            self.today = period.replace(day=day)
            self.chance.choice(self.operations())()
        population.read_all(self.supplier, self.chance, period, share=0.7)
        bills = self.supplier.close_month()
        self.today = later(period, 1)
        self.deliver(bills)
        return bills

    def deliver(self, bills: list[Bill]) -> None:
        moment = datetime.combine(self.today, time(0, 30), ZONE)
        first, last = self.supplier.start, self.today
        self.cabinet.load(self.supplier.account_files(moment), moment)
        self.cabinet.load(self.supplier.bill_files(bills), moment)
        self.cabinet.load(self.supplier.payment_files(first, last, moment), moment)

    def operations(self) -> list[Callable[[], None]]:
        return [
            *(self.pay_at_a_bank, self.pay_here, self.pay_here, self.refund),
            *(self.post, self.post, self.post_another_sum, self.post_elsewhere, self.reverse),
            *(self.replace_meter, self.change_holder, self.close, self.correct, self.write_off),
            self.reissue,
        ]

    def account(self) -> Account:
        return self.chance.choice(self.accounts)

    def money(self) -> int:
        return self.chance.choice((1, 4_999, 100_000, 1_234_567))

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}-{self.number}"

    def pay_at_a_bank(self) -> None:
        paid_on = self.today - timedelta(self.chance.choice((0, 0, 3, 40)))
        name, number = self.name("Б"), self.account().number
        self.supplier.book(Posting(name, number, self.money(), paid_on, self.today, "Почта"))

    def move(self, account: str, money: int) -> None:
        row = RegistryRow(self.name("ЛК"), account, money, start_of(self.today))
        self.cabinet.pay(row)
        self.supplier.registry[row.external_id] = row

    def pay_here(self) -> None:
        self.move(self.account().number, self.money())

    def refund(self) -> None:
        """Of a payment in the cabinet, all or a part; there may be none yet."""
        paid = [row for row in self.cabinet.movements.values() if row.amount > 0]
        if paid:
            row = self.chance.choice(paid)
            self.move(row.account, -self.chance.randint(1, row.amount))

    def unposted(self) -> list[RegistryRow]:
        booked = {row.external_id for row in self.supplier.postings.rows}
        return [row for row in self.cabinet.movements.values() if row.external_id not in booked]

    def post(self) -> None:
        for row in self.unposted()[:2]:
            self.supplier.post(row, self.today)

    def post_another_sum(self) -> None:
        """A part of it, or twice as much."""
        for row in self.unposted()[:1]:
            amount = self.chance.choice((row.amount // 3, row.amount * 2))
            self.supplier.post(row, self.today, amount=amount)

    def post_elsewhere(self) -> None:
        for row in self.unposted()[:1]:
            self.supplier.post(row, self.today, account=self.account().number)

    def reverse(self) -> None:
        if rows := self.supplier.postings.rows:
            self.supplier.reverse(self.chance.choice(rows).external_id, self.today)

    def replace_meter(self) -> None:
        account = self.account()
        meters = [one for one in account.meters if not one.removed_on]
        if meters and not account.closed_on:
            meter = self.chance.choice(meters)
            shown = {
                one.zone: population.shows(account, meter, one, self.today)
                for one in meter.registers
            }
            new = population.meter(self.chance, account, self.today, is_new=True)
            self.supplier.replace_meter(account.number, meter.serial, shown, new, self.today)

    def change_holder(self) -> None:
        holder = population.holder(self.chance, self.today)
        self.supplier.change_holder(self.account().number, holder)

    def close(self) -> None:
        account = self.account()
        if not account.closed_on and self.chance.random() < 0.5:
            self.supplier.close_account(account.number, self.today)

    def correct(self) -> None:
        money = self.chance.choice((-1_000_000, -5_000, 7_777))
        row = Correction(self.supplier.open_month, money, "Проверка прибора")
        self.supplier.correct(self.account().number, row)

    def write_off(self) -> None:
        for account in self.accounts:
            penalty = self.supplier.balance(account.number, self.today).penalty
            if penalty:
                period = self.supplier.open_month
                row = Correction(period, -penalty, "Списание пени", is_penalty=True)
                self.supplier.correct(account.number, row)
                return

    def reissue(self) -> None:
        account, period = self.account(), later(self.supplier.open_month, -1)
        if period in account.bills:
            row = Correction(period, 4_321, "Ошибка в тарифе", "TARIFF_CORRECTED")
            bill = self.supplier.reissue(account.number, period, self.today, [row])
            self.deliver([bill])


@pytest.mark.parametrize("seed", range(12))
def test_every_kopeck_is_in_one_place_after_every_month(seed: int):
    life = Life(seed)
    for _ in range(MONTHS):
        for bill in life.month():
            assert bill.opening + bill.total - bill.paid == bill.closing
        for account in life.accounts:
            check_books(life, account)
            check_cabinet(life, account)
            check_parts(life, account)
        assert life.cabinet.differences() == {
            row.external_id for row in life.supplier.differences()
        }


def check_books(life: Life, account: Account) -> None:
    """Charges are what was paid and what is owed; a bill begins where the last one ended."""
    bills = [*account.bills.values()]
    paid = sum(row.amount for row in life.supplier.postings.of(account.number))
    balance = life.supplier.balance(account.number, life.today)
    assert balance.net == account.opening_debt + sum(bill.total for bill in bills) - paid
    assert min(balance.debt, balance.penalty, balance.overpayment) >= 0
    assert not (balance.overpayment and balance.debt + balance.penalty)
    assert bills[-1].closing == balance.net
    assert [bill.opening for bill in bills[1:]] == [bill.closing for bill in bills[:-1]]


def check_cabinet(life: Life, account: Account) -> None:
    """However billing posts what was paid in the cabinet, a customer owes the same."""
    here, number = life.cabinet.movements, account.number
    charged = account.opening_debt + sum(bill.total for bill in account.bills.values())
    moved = sum(row.amount for row in here.values() if row.account == number)
    others = sum(
        row.amount
        for row in life.supplier.postings.of(number)
        if row.external_id not in here or here[row.external_id].account != number
    )
    assert life.cabinet.net(number) == charged - moved - others


def check_parts(life: Life, account: Account) -> None:
    """The bills, the code and a payment's parts add up to what is due."""
    number, cabinet = account.number, life.cabinet
    due, balance = cabinet.amount_due(number), cabinet.balance(number)
    bills = cabinet.bills_of(number)
    states = {cabinet.status(number, bill.period, date(2027, 1, 31)) for bill in bills}
    assert sum(one.total for one in cabinet.due(number)) == due
    assert sum(one.total for one in cabinet.unpaid(number)) == balance.debt + balance.penalty
    assert cabinet.qr_sum(number, bills[-1].period) == due
    assert states <= {PAID, PROCESSING, *([OVERDUE] if due else [])}
    for money in (1, due, due + 1_000):
        assert sum(part.amount for part in cabinet.parts(number, money, life.today)) == money


@pytest.mark.parametrize("seed", range(5))
def test_a_bill_that_is_issued_again_unchanged_is_the_same(seed: int):
    life = Life(seed)
    for _ in range(3):
        life.month()
    period = later(life.supplier.open_month, -1)
    for account in life.accounts:
        if bill := account.bills.get(period):
            again = life.supplier.reissue(account.number, period, bill.issued_on)
            assert again == replace(bill, version=bill.version + 1)


@pytest.mark.parametrize("seed", range(3))
def test_money_posted_late_costs_no_penalty_that_it_would_not_have_cost_in_time(seed: int):
    chance = Random(seed)
    dues: list[int] = []
    paid = [(date(2026, chance.randint(3, 7), chance.randint(1, 28)), 30_000) for _ in range(5)]
    for delay in (0, 75):
        supplier = population.supplier(seed, 3)
        waiting = [
            (day + timedelta(delay), Posting(f"Б-{i}-{number}", number, money, day, day, "Почта"))
            for number in supplier.accounts
            for i, (day, money) in enumerate(paid)
        ]
        for _ in range(12):
            end = last_day(supplier.open_month)
            for booked_on, row in [one for one in waiting if one[0] <= end]:
                supplier.book(replace(row, booked_on=booked_on))
                waiting.remove((booked_on, row))
            supplier.close_month()
        dues += [sum(b.penalty for b in one.bills.values()) for one in supplier.accounts.values()]
    assert dues[:3] == dues[3:]
    assert sum(dues) > 0


def test_a_bill_belongs_to_the_holder_of_its_months_end_alone():
    life = Life(3)
    account = life.accounts[0]
    first = account.holder
    second = replace(first, last_name="Другой", since=date(2026, 3, 15))
    life.supplier.change_holder(account.number, second)
    for _ in range(4):
        life.month()
    seen = [
        [bill.period.month for bill in life.cabinet.visible_bills(account.number, one.name)]
        for one in (first, second)
    ]
    assert seen[0][:2] == [1, 2]
    assert seen[1][:1] == [3]
    assert not {*seen[0]} & {*seen[1]}
    assert account.bills[date(2026, 2, 1)].holder == first.name


def test_readings_of_the_cabinet_are_counted_once_and_answered():
    supplier = population.supplier(1, 3)
    account = next(one for one in supplier.accounts.values() if one.meters)
    meter = account.meters[0]
    register = meter.registers[0]
    start = register.readings[0].value
    head = "reading;account;meter;zone;value;taken_on;taken_at;received_at;period;state\n"

    def export(key: str, value: Decimal, state: str) -> bytes:
        text = (
            f"{key};{account.number};{meter.serial};{register.zone};{value};2026-01-20;;;2026-01;"
        )
        return (head + text + state + "\n").encode()

    counted = (start + 10) % register.full_scale
    for _ in range(2):
        supplier.receive_readings(export("a", counted, "ACCEPTED"))
    supplier.receive_readings(export("b", (start + 90_000) % register.full_scale, "ON_REVIEW"))
    taken = [row.value for row in register.readings if not row.is_start]
    answers = [(row["reading"], row["answer"]) for row in supplier.answers.values()]

    assert taken == [counted]
    assert answers == [("a", "RECEIVED"), ("b", "REJECTED")]
    supplier.receive_readings(export("a", counted, "WITHDRAWN"))
    assert [row for row in register.readings if not row.is_start] == []
