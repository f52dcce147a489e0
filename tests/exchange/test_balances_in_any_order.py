"""Bills and snapshots in any order: the balance in force is the newest truth, never an older one.

The supplier's model (`tests/year/model`) tells the balance, and what is open of each bill.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lk_graphql.billing.models import AccountBalance, Invoice
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.money import to_rubles
from lk_graphql.kit.periods import shift
from tests.factories.accounts import given_bare_account
from tests.support.database_reset import clear_tables
from tests.support.import_runner import ImportRunner
from tests.support.path_comparison import EXAMPLES
from tests.year.model.cabinet import Cabinet
from tests.year.model.days import ZONE
from tests.year.model.files import Month, Row, Sum
from tests.year.model.ledger import Balance
from tests.year.model.rules import Rules

NUMBER = "0000000001"
FIRST = date(2026, 6, 1)
HEADER = (
    "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;"
    "closing_balance;closing_penalty;closing_on;consumption_kwh\n"
)
LINES = "invoice;position;kind;service;amount\n"
PENALTIES = "invoice;position;for_period;debt;first_day;last_day;rate_percent;divisor;amount\n"
BALANCES = "account;debt;penalty;overpayment;as_of\n"


@dataclass(frozen=True)
class Bill:
    """A version of a month's bill; it may be issued weeks after its month."""

    place: int
    charged: int
    recalculated: int
    penalty: int
    closing: int
    closing_penalty: int | None
    issued_after: int = 5
    closing_on: date | None = None

    @property
    def period(self) -> date:
        return shift(FIRST, self.place)

    @property
    def number(self) -> str:
        return f"{NUMBER}-{self.place}"

    @property
    def row(self) -> str:
        issued_on = shift(self.period, 1) + timedelta(days=self.issued_after)
        opening = self.closing - self.charged - self.recalculated - self.penalty
        sums = (opening, self.charged, self.recalculated, self.penalty, 0, self.closing)
        own = (
            None
            if self.closing_penalty is None
            else min(self.closing_penalty, max(self.closing, 0))
        )
        texts = (
            NUMBER, self.number, f"{self.period:%Y-%m}", issued_on, shift(self.period, 1),
            *map(to_rubles, sums), "" if own is None else to_rubles(own), self.closing_on or "", 1,
        )  # fmt: skip
        return ";".join(map(str, texts)) + "\n"

    @property
    def lines(self) -> str:
        parts = (("ENERGY", self.charged), ("RECALCULATION", self.recalculated))
        return "".join(
            f"{self.number};{place};{kind};Энергия;{to_rubles(amount)}\n"
            for place, (kind, amount) in enumerate(parts, start=1)
            if amount
        )

    @property
    def penalties(self) -> str:
        day, amount = self.period, to_rubles(self.penalty)
        row = f"{self.number};1;{day:%m.%Y};1;{day};{day};9,5;300;{amount}\n"
        return row if self.penalty else ""

    @property
    def model_row(self) -> Row:
        own = min(self.closing_penalty or 0, max(self.closing, 0))
        return {
            "account": NUMBER,
            "number": self.number,
            "period": Month(self.period),
            "due_on": shift(self.period, 1),
            "charged": Sum(self.charged),
            "recalculated": Sum(self.recalculated),
            "penalty": Sum(self.penalty),
            "closing_balance": Sum(self.closing),
            "closing_penalty": Sum(own),
        }


@dataclass(frozen=True)
class Snapshot:
    as_of: datetime
    balance: Balance

    @property
    def row(self) -> str:
        sums = (self.balance.debt, self.balance.penalty, self.balance.overpayment)
        return f"{NUMBER};{';'.join(map(to_rubles, sums))};{self.as_of.isoformat()}\n"

    @property
    def model_row(self) -> Row:
        return {
            "account": NUMBER,
            "debt": Sum(self.balance.debt),
            "penalty": Sum(self.balance.penalty),
            "overpayment": Sum(self.balance.overpayment),
            "as_of": self.as_of,
        }


@dataclass(frozen=True)
class Delivery:
    """One import: bills of different months, or a snapshot, or both; made by billing on a day."""

    bills: tuple[Bill, ...]
    snapshot: Snapshot | None
    made_on: int

    @property
    def as_of(self) -> datetime:
        return datetime(2026, 10, 1, tzinfo=ZONE) + timedelta(days=self.made_on)

    async def load(self, importer: ImportRunner, cabinet: Cabinet) -> None:
        texts = {"balances.csv": BALANCES + self.snapshot.row} if self.snapshot else {}
        if self.bills:
            texts |= {
                "i.csv": HEADER + "".join(bill.row for bill in self.bills),
                "l.csv": LINES + "".join(bill.lines for bill in self.bills),
                "p.csv": PENALTIES + "".join(bill.penalties for bill in self.bills),
            }
        kind = ImportKind.INVOICES if self.bills else ImportKind.PAYMENTS
        files = [importer.put(name, text) for name, text in texts.items()]
        outcome = await importer.load(kind, *files, as_of=self.as_of)
        assert outcome.faults == [], importer.faults()
        for bill in self.bills:
            cabinet.load_invoices(bill.model_row, self.as_of)
        if self.snapshot:
            cabinet.load_balances(self.snapshot.model_row, self.as_of)


async def stored() -> tuple[Balance, dict[date, int]]:
    """The balance in force, and what is unpaid of each bill."""
    balance = await AccountBalance.get_or_none()
    sums = (balance.debt, balance.penalty, balance.overpayment) if balance else (0, 0, 0)
    return Balance(*sums), {bill.period: bill.unpaid for bill in await Invoice.all()}


def expected(cabinet: Cabinet) -> tuple[Balance, dict[date, int]]:
    unpaid = {part.period: part.total for part in cabinet.unpaid(NUMBER) if part.period}
    return cabinet.balance(NUMBER), unpaid


bills = st.builds(
    Bill,
    place=st.integers(0, 3),
    charged=st.integers(0, 300),
    recalculated=st.sampled_from((0, 0, -40, -500, 25)),
    penalty=st.sampled_from((0, 0, 7, 20)),
    closing=st.integers(-300, 900),
    closing_penalty=st.sampled_from((None, 0, 7, 60)),
    issued_after=st.integers(0, 60),
)


def moment(place: int, hours: int) -> datetime:
    return datetime(2026, 6 + place, 1, tzinfo=ZONE) + timedelta(hours=hours)


moments = st.builds(moment, st.integers(0, 4), st.sampled_from((-400, -1, 0, 1, 60, 300)))
balances = st.one_of(
    st.builds(Balance, st.integers(0, 900), st.sampled_from((0, 5, 70)), st.just(0)),
    st.builds(Balance, st.just(0), st.just(0), st.integers(0, 300)),
)
snapshots = st.none() | st.builds(Snapshot, moments, balances)
deliveries = st.builds(
    Delivery,
    st.lists(bills, max_size=3, unique_by=lambda bill: bill.place).map(tuple),
    snapshots,
    st.integers(0, 4),
).filter(lambda delivery: delivery.bills or delivery.snapshot)


@pytest.mark.fuzz
@settings(
    max_examples=(EXAMPLES and EXAMPLES // 50) or 3,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(deliveries, min_size=4, max_size=8))
async def test_an_older_file_never_replaces_a_newer_balance(
    importer: ImportRunner, opened: asyncpg.Connection, example: list[Delivery]
):
    await clear_tables(opened)
    await given_bare_account(NUMBER)
    cabinet = Cabinet(Rules())
    for delivery in example:
        await delivery.load(importer, cabinet)
        assert await stored() == expected(cabinet)


PAID = Snapshot(datetime(2026, 7, 4, tzinfo=ZONE), Balance(0, 0, 60))
JUNE = Bill(0, 300, 0, 0, 300, 0, issued_after=29)


@pytest.mark.parametrize("sequence", [(JUNE, PAID), (PAID, JUNE), (JUNE, PAID, JUNE)])
async def test_a_bill_issued_late_or_again_doesn_t_undo_a_payment(
    importer: ImportRunner, database: str, sequence: tuple[Bill | Snapshot, ...]
):
    await given_bare_account(NUMBER)
    cabinet = Cabinet(Rules())

    for day, item in enumerate(sequence):
        is_bill = isinstance(item, Bill)
        delivery = Delivery((item,) if is_bill else (), None if is_bill else item, day)
        await delivery.load(importer, cabinet)

    assert await stored() == (Balance(0, 0, 60), {FIRST: 0})


def on(day: int, *sums: int, hour: int = 0) -> Snapshot:
    return Snapshot(datetime(2026, 8, day, hour, tzinfo=ZONE), Balance(*sums))


JULY = Bill(1, 100, 0, 0, 380, 10)


@pytest.mark.parametrize(
    "sequence",
    [
        pytest.param((on(1, 5, 0, 0), JULY), id="a snapshot of the month's end is the newer"),
        pytest.param((JULY, on(1, 5, 0, 0)), id="in either order"),
        pytest.param(
            (replace(JUNE, penalty=10), JULY, on(5, 0, 10, 0), on(6, 50, 10, 0)),
            id="after a reversal the newest bill is open, though an older penalty was",
        ),
    ],
)
async def test_the_balance_in_force_is_right_in_rare_orders(
    importer: ImportRunner, database: str, sequence: tuple[Bill | Snapshot, ...]
):
    await given_bare_account(NUMBER)
    cabinet = Cabinet(Rules())

    for day, item in enumerate(sequence):
        is_bill = isinstance(item, Bill)
        delivery = Delivery((item,) if is_bill else (), None if is_bill else item, day)
        await delivery.load(importer, cabinet)

        assert await stored() == expected(cabinet)


async def test_a_file_may_have_the_day_of_a_closing_balance(importer: ImportRunner, database: str):
    await given_bare_account(NUMBER)
    later = Bill(0, 300, 0, 0, 300, 0, closing_on=date(2026, 7, 4))
    for day, delivery in enumerate((Delivery((), PAID, 0), Delivery((later,), None, 0))):
        await Delivery(delivery.bills, delivery.snapshot, day).load(importer, Cabinet(Rules()))

    assert await stored() == (Balance(300, 0, 0), {FIRST: 300})
    balance = await AccountBalance.get()
    assert (balance.period, balance.as_of) == (FIRST, datetime(2026, 7, 5, tzinfo=ZONE))


async def test_a_replaced_bill_has_no_effect_on_the_balance(importer: ImportRunner, database: str):
    await given_bare_account(NUMBER)
    wrong = Bill(0, 300, 0, 0, 300, 0, closing_on=date(2026, 7, 4))
    for day, bill in enumerate((wrong, Bill(0, 250, 0, 0, 250, 0))):
        await Delivery((bill,), None, day).load(importer, Cabinet(Rules()))

    assert await stored() == (Balance(250, 0, 0), {FIRST: 250})
    assert (await AccountBalance.get()).as_of == datetime(2026, 7, 1, tzinfo=ZONE)


async def test_the_penalty_in_a_closing_balance_is_stored_if_it_is_present(
    importer: ImportRunner, database: str
):
    await given_bare_account(NUMBER)
    told, untold = Bill(0, 300, 0, 7, 400, 60), Bill(1, 300, 0, 7, 700, None)

    await Delivery((told, untold), None, 0).load(importer, Cabinet(Rules()))

    kept = await Invoice.all().order_by("period").values_list("closing_penalty", flat=True)
    assert kept == [60, None]


PAID_LATER = Snapshot(datetime(2026, 10, 15, tzinfo=ZONE), Balance(0, 0, 0))
OCTOBER = Bill(4, 500, 0, 0, 500, 0)
CLOSED = replace(OCTOBER, closing_on=date(2026, 10, 8))
"""The last bill of an account that closes on 8 October."""


@pytest.mark.parametrize(
    ("sequence", "debt"),
    [
        pytest.param(((9, OCTOBER), (15, PAID_LATER)), 0, id="the snapshot is newer"),
        pytest.param(((15, PAID_LATER), (16, OCTOBER)), 500, id="the bill is newer"),
        pytest.param(((9, CLOSED), (15, PAID_LATER)), 0, id="the account is closed"),
        pytest.param(((15, PAID_LATER), (16, CLOSED)), 0, id="a closed account in either order"),
        pytest.param(
            ((9, OCTOBER), (15, PAID_LATER), (16, OCTOBER), (17, OCTOBER), (40, OCTOBER)),
            0,
            id="the same bill again isn't newer",
        ),
        pytest.param(
            ((9, OCTOBER), (15, PAID_LATER), (16, replace(OCTOBER, closing=450))),
            450,
            id="another closing balance is",
        ),
        pytest.param(((9, OCTOBER), (32, OCTOBER)), 500, id="without a snapshot it stays"),
    ],
)
async def test_a_bill_before_its_month_s_end_doesn_t_block_a_newer_balance(
    importer: ImportRunner,
    database: str,
    sequence: tuple[tuple[int, Bill | Snapshot], ...],
    debt: int,
):
    await given_bare_account(NUMBER)

    for day, item in sequence:
        is_bill = isinstance(item, Bill)
        delivery = Delivery((item,) if is_bill else (), None if is_bill else item, day - 1)
        await delivery.load(importer, Cabinet(Rules()))

    bill = await Invoice.get()
    assert await stored() == (Balance(debt, 0, 0), {bill.period: debt})
    assert (await AccountBalance.get()).as_of <= datetime(2026, 10, 16, tzinfo=ZONE)


async def test_a_snapshot_beside_a_bill_before_its_month_s_end_is_in_force(
    importer: ImportRunner, database: str
):
    await given_bare_account(NUMBER)
    snapshot = Snapshot(datetime(2026, 10, 9, tzinfo=ZONE), Balance(30, 0, 0))

    await Delivery((OCTOBER,), snapshot, 8).load(importer, Cabinet(Rules()))

    assert await stored() == (Balance(30, 0, 0), {OCTOBER.period: 30})
