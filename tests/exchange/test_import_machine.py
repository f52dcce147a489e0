"""Whatever billing sends, in whatever order and how often: the end is the same.

A model in plain Python says what the end is: of each bill the newest version, of each account the
newest balance, and of each bill what the ledger leaves open of it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lk_graphql.billing.service.debts import Debt, Ledger, ReceivedAmount
from lk_graphql.exchange.models import ImportKind
from lk_graphql.kit.money import Kopecks, to_rubles
from lk_graphql.kit.periods import shift
from tests.support.database_reset import clear_tables
from tests.support.import_runner import ImportRunner
from tests.support.path_comparison import EXAMPLES

NUMBERS = ("0000000001", "0000000002")
MONTHS = 4
FIRST = date(2026, 3, 1)
STATE = """
SELECT a.number, i.period, i.charged, i.penalty, i.unpaid,
    (SELECT array_agg(l.amount ORDER BY l.position) FROM invoice_line l WHERE l.invoice_id = i.id)
FROM invoice i JOIN account a ON a.id = i.account_id ORDER BY 1, 2
"""
BALANCES = """
SELECT a.number, b.debt, b.penalty, b.overpayment FROM account_balance b
JOIN account a ON a.id = b.account_id ORDER BY 1
"""

amounts = st.integers(0, 500)
months_of = st.lists(st.tuples(amounts, st.integers(0, 30)), min_size=MONTHS, max_size=MONTHS)


@dataclass(frozen=True)
class History:
    """An account's months (charge and penalty), and what was paid for all of them."""

    number: str
    months: list[tuple[int, int]]
    paid: int

    @property
    def ledger(self) -> Ledger:
        """After all bills and payments."""
        ledger = Ledger()
        for n, (charge, penalty) in enumerate(self.months):
            debt = Debt(shift(FIRST, n), shift(FIRST, n + 1), Kopecks(charge))
            ledger = ledger.owe(debt, penalty=Kopecks(penalty))
        return (
            ledger.pay(ReceivedAmount(shift(FIRST, MONTHS), Kopecks(self.paid)))
            if self.paid
            else ledger
        )

    def balance(self) -> tuple[str, int, int, int]:
        ledger = self.ledger
        ahead = sum(one.amount for one in ledger.advances)
        owed = ledger.balance + ahead - ledger.open_penalty
        return self.number, owed, ledger.open_penalty, ahead

    def bills(self) -> list[tuple[str, date, int, int, int, list[int] | None]]:
        return [
            (
                self.number,
                (period := shift(FIRST, n)),
                charge,
                penalty,
                self.ledger.open_of(period),
                [charge] if charge else None,
            )
            for n, (charge, penalty) in enumerate(self.months)
        ]


@dataclass(frozen=True)
class Delivery:
    """A file or some; of two versions of a bill the later one counts."""

    kind: ImportKind
    files: tuple[tuple[str, str], ...]
    version: int = 1

    async def load(self, importer: ImportRunner) -> None:
        as_of = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(days=self.version)
        files = [importer.put(name, text) for name, text in self.files]
        await importer.load(self.kind, *files, as_of=as_of)


def accounts() -> Delivery:
    head = "number;contract_number;contract_signed_on;address;house_kind;tariff_category\n"
    lines = [f"{n};Э-1;2019-03-01;ул. Мира;APARTMENT;RURAL\n" for n in NUMBERS]
    return Delivery(ImportKind.ACCOUNTS, (("a.csv", head + "".join(lines)),))


def month(histories: list[History], n: int, version: int) -> Delivery:
    """The bills of a month; an early version has other amounts, and a line too many."""
    bills = (
        "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;"
        "closing_balance;consumption_kwh\n"
    )
    lines = "invoice;position;kind;service;amount\n"
    penalties = "invoice;position;for_period;debt;first_day;last_day;rate_percent;divisor;amount\n"
    period = shift(FIRST, n)
    for one in histories:
        charge, penalty = one.months[n] if version else (one.months[n][0] + 7, 5)
        name, due = f"{one.number}-{n}", shift(period, 1)
        total = f"{to_rubles(charge)};0;{to_rubles(penalty)};0;{to_rubles(charge + penalty)}"
        bills += f"{one.number};{name};{period:%Y-%m};{due};{due};0;{total};1\n"
        parts = [charge] if version else [charge - 7, 7]
        for position, part in enumerate((part for part in parts if part), start=1):
            lines += f"{name};{position};ENERGY;Энергия;{to_rubles(part)}\n"
        if penalty:
            penalties += f"{name};1;{period:%m.%Y};1;{due};{due};9,5;300;{to_rubles(penalty)}\n"
    files = (("i.csv", bills), ("l.csv", lines), ("p.csv", penalties))
    return Delivery(ImportKind.INVOICES, files, version)


def balances(histories: list[History]) -> Delivery:
    """A snapshot after everything."""
    text = "account;debt;penalty;overpayment;as_of\n"
    for one in histories:
        number, *owed = one.balance()
        text += f"{number};{';'.join(map(to_rubles, owed))};2026-08-20T12:00Z\n"
    return Delivery(ImportKind.PAYMENTS, (("b.csv", text),))


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[History], list[Delivery]]:
    """All that is to be sent at least once after the accounts, and some of it before and again."""
    histories = [History(n, draw(months_of), draw(st.integers(0, 2500))) for n in NUMBERS]
    every = [month(histories, n, version) for n in range(MONTHS) for version in (0, 1)]
    every.append(balances(histories))
    again = draw(st.lists(st.sampled_from(every), max_size=4))
    return histories, [
        *draw(st.lists(st.sampled_from(every), max_size=1)),  # refused: nobody knows the accounts
        accounts(),
        *draw(st.permutations([*every, *again])),
    ]


@pytest.mark.fuzz
@settings(
    max_examples=(EXAMPLES and EXAMPLES // 50) or 2,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deliveries())
async def test_any_order_and_any_repetition_come_to_the_same_end(
    importer: ImportRunner, opened: asyncpg.Connection, drawn: tuple[list[History], list[Delivery]]
):
    histories, sent = drawn
    await clear_tables(opened)
    for delivery in sent:
        await delivery.load(importer)
    bills = [tuple(row) for row in await opened.fetch(STATE)]
    assert bills == [bill for one in histories for bill in one.bills()]
    owed = [tuple(row) for row in await opened.fetch(BALANCES)]
    assert owed == [one.balance() for one in histories]
