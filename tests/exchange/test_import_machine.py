"""Deliveries of billing files in random order and repetition, compared with a model.

The model in plain Python holds the newest version of each bill, the newest balance of each account,
and the unpaid part of each bill by the ledger.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lk_graphql.demo.data.debts import Debt, Ledger, ReceivedAmount
from lk_graphql.import_formats.service.kinds import ImportKind
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
months_of = st.lists(st.tuples(amounts, st.integers(-30, 30)), min_size=MONTHS, max_size=MONTHS)


@dataclass(frozen=True)
class History:
    """Months of an account (charge and penalty), and the sum of its payments."""

    number: str
    months: list[tuple[int, int]]
    paid: int

    @property
    def ledger(self) -> Ledger:
        """The ledger after all bills and payments."""
        ledger = Ledger()
        for offset, (charge, penalty) in enumerate(self.months):
            debt = Debt(shift(FIRST, offset), shift(FIRST, offset + 1), Kopecks(charge))
            ledger = ledger.owe(debt, penalty=Kopecks(penalty))
        return (
            ledger.pay(ReceivedAmount(shift(FIRST, MONTHS), Kopecks(self.paid)))
            if self.paid
            else ledger
        )

    def balance(self) -> tuple[str, int, int, int]:
        ledger = self.ledger
        overpayment = sum(advance.amount for advance in ledger.advances)
        debt = ledger.balance + overpayment - ledger.open_penalty
        return self.number, debt, ledger.open_penalty, overpayment

    def bills(self) -> list[tuple[str, date, int, int, int, list[int] | None]]:
        return [
            (
                self.number,
                (period := shift(FIRST, offset)),
                charge,
                penalty,
                self.ledger.open_of(period),
                [charge] if charge else None,
            )
            for offset, (charge, penalty) in enumerate(self.months)
        ]


@dataclass(frozen=True)
class Delivery:
    """Files of one import; of two versions of a bill the later one is valid."""

    kind: ImportKind
    files: tuple[tuple[str, str], ...]
    version: int = 1

    async def load(self, importer: ImportRunner) -> None:
        as_of = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(days=self.version)
        files = [importer.put(name, text) for name, text in self.files]
        await importer.load(self.kind, *files, as_of=as_of)


def accounts() -> Delivery:
    header = "number;contract_number;contract_signed_on;address;house_kind;tariff_category\n"
    lines = [f"{number};Э-1;2019-03-01;ул. Мира;APARTMENT;RURAL\n" for number in NUMBERS]
    return Delivery(ImportKind.ACCOUNTS, (("a.csv", header + "".join(lines)),))


def month(histories: list[History], offset: int, version: int) -> Delivery:
    """Bills of a month; version 0 has other amounts and an additional line."""
    bills = (
        "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;"
        "closing_balance;consumption_kwh\n"
    )
    lines = "invoice;position;kind;service;amount\n"
    penalties = "invoice;position;for_period;debt;first_day;last_day;rate_percent;divisor;amount\n"
    period = shift(FIRST, offset)
    for history in histories:
        charge, penalty = history.months[offset] if version else (history.months[offset][0] + 7, 5)
        name, due = f"{history.number}-{offset}", shift(period, 1)
        total = f"{to_rubles(charge)};0;{to_rubles(penalty)};0;{to_rubles(charge + penalty)}"
        bills += f"{history.number};{name};{period:%Y-%m};{due};{due};0;{total};1\n"
        parts = [charge] if version else [charge - 7, 7]
        for position, part in enumerate((part for part in parts if part), start=1):
            lines += f"{name};{position};ENERGY;Энергия;{to_rubles(part)}\n"
        if penalty:
            penalties += f"{name};1;{period:%m.%Y};1;{due};{due};9,5;300;{to_rubles(penalty)}\n"
    files = (("i.csv", bills), ("l.csv", lines), ("p.csv", penalties))
    return Delivery(ImportKind.INVOICES, files, version)


def balances(histories: list[History]) -> Delivery:
    """A snapshot after all deliveries."""
    text = "account;debt;penalty;overpayment;as_of\n"
    for history in histories:
        number, *amounts = history.balance()
        text += f"{number};{';'.join(map(to_rubles, amounts))};2026-08-20T12:00Z\n"
    return Delivery(ImportKind.PAYMENTS, (("b.csv", text),))


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[History], list[Delivery]]:
    """Each delivery once after the accounts, some of them before and again."""
    histories = [History(offset, draw(months_of), draw(st.integers(0, 2500))) for offset in NUMBERS]
    all_deliveries = [
        month(histories, offset, version) for offset in range(MONTHS) for version in (0, 1)
    ]
    all_deliveries.append(balances(histories))
    repeated = draw(st.lists(st.sampled_from(all_deliveries), max_size=4))
    return histories, [
        *draw(
            st.lists(st.sampled_from(all_deliveries), max_size=1)
        ),  # refused: the accounts don't exist yet
        accounts(),
        *draw(st.permutations([*all_deliveries, *repeated])),
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
    importer: ImportRunner,
    opened: asyncpg.Connection,
    example: tuple[list[History], list[Delivery]],
):
    histories, sequence = example
    await clear_tables(opened)
    for delivery in sequence:
        await delivery.load(importer)
    bills = [tuple(row) for row in await opened.fetch(STATE)]
    assert bills == [bill for history in histories for bill in history.bills()]
    balances_found = [tuple(row) for row in await opened.fetch(BALANCES)]
    assert balances_found == [history.balance() for history in histories]
