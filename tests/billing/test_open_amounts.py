"""The amounts due of an account and of its bills: Python, SQL and the supplier's model agree."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import AccountBalance, Invoice
from lk_graphql.billing.service.invoices import (
    AccountDebt,
    BilledMonth,
    InvoiceStatus,
    allocate_open,
    debt_of,
    invoice_status,
    open_amounts,
    open_through,
)
from lk_graphql.billing.service.notifications import days_to_pay, notify_of_due, notify_of_overdue
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.money import Kopecks, to_rubles
from lk_graphql.kit.periods import shift
from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice
from tests.factories.accounts import given_bare_account, given_link, given_user
from tests.factories.payments import given_movement, given_terms
from tests.support.client import ApiClient
from tests.support.database_reset import clear_tables
from tests.support.path_comparison import EXAMPLES
from tests.support.payment_code import parse
from tests.year.model.cabinet import Cabinet, SentBill
from tests.year.model.ledger import Balance
from tests.year.model.postings import RegistryRow
from tests.year.model.rules import Rules

FIRST = date(2026, 6, 1)
LATER = datetime(2027, 1, 1, tzinfo=UTC)
TODAY = date(2026, 9, 20)
NOW = datetime(2026, 9, 20, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """An account: months (charge, recalculation, penalty), balance, and what was paid here."""

    months: list[tuple[int, int, int]]
    balance: Balance
    movements: list[int]

    @property
    def debt(self) -> AccountDebt:
        balance = self.balance
        return AccountDebt(
            Kopecks(balance.debt),
            Kopecks(balance.penalty),
            Kopecks(balance.overpayment),
            Kopecks(sum(self.movements)),
        )

    @property
    def booked(self) -> AccountDebt:
        """The same in billing's books."""
        return AccountDebt(self.debt.debt, self.debt.penalty, self.debt.overpayment)

    def bills(self) -> list[BilledMonth]:
        return [
            BilledMonth(new_key(), shift(FIRST, place), charge + recalculated, penalty)
            for place, (charge, recalculated, penalty) in enumerate(self.months)
        ]

    def model(self, number: str) -> Cabinet:
        cabinet = Cabinet(Rules())
        for place, (charge, recalculated, penalty) in enumerate(self.months):
            period = shift(FIRST, place)
            energy, due_on = charge + recalculated, shift(period, 1).replace(day=15)
            cabinet.bills.setdefault(number, {})[period] = SentBill(
                NOW, number, period, due_on, energy, penalty, 0, 0
            )
        cabinet.snapshots[number] = LATER, self.balance
        for place, amount in enumerate(self.movements):
            cabinet.pay(RegistryRow(f"{number}-{place}", number, amount, NOW))
        return cabinet


amounts = st.integers(0, 300)
months = st.tuples(amounts, st.sampled_from((0, 0, -50, -400, 70)), st.integers(-10, 40))
balances = st.one_of(
    st.builds(Balance, st.integers(0, 1500), st.sampled_from((0, 3, 90)), st.just(0)),
    st.builds(Balance, st.just(0), st.just(0), amounts),
)
cases = st.builds(
    Case,
    st.lists(months, max_size=5),
    balances,
    st.lists(st.integers(-400, 900).filter(bool), max_size=3),
)


@settings(deadline=None)
@given(cases)
def test_the_bills_and_the_unexplained_rest_add_up_to_the_amount_due(case: Case):
    number = "1"
    cabinet = case.model(number)

    parts = allocate_open(case.debt, case.bills())

    assert sum(part.total for part in parts) == case.debt.amount_due == cabinet.amount_due(number)
    assert [(part.period, part.debt, part.penalty) for part in parts] == [
        (part.period, part.debt, part.penalty) for part in cabinet.due(number)
    ]
    booked = allocate_open(case.booked, case.bills())
    assert [part.total for part in booked] == [part.total for part in cabinet.unpaid(number)]
    for bill, part, unpaid in zip(case.bills(), parts[1:], booked[1:], strict=True):
        due_on = shift(bill.period, 1).replace(day=15)
        status = invoice_status(unpaid.total, part.total, bill.settleable, due_on, TODAY)
        assert status == cabinet.status(number, bill.period, TODAY)


QUERY = """{ viewer { accounts { number balance { amountDue processing }
  invoices(first: 5) { period unpaid processing amountDue status qrPayload } } } }"""


async def given_case(case: Case, number: str) -> Account:
    account = await given_bare_account(number)
    booked = allocate_open(case.booked, case.bills())[1:]
    for part, (charge, recalculated, penalty) in zip(booked, case.months, strict=True):
        period = part.period or FIRST
        total = charge + recalculated + penalty
        await Invoice.create(
            account=account, number=f"{number}-{period:%y%m}", period=period, issued_on=period,
            due_on=shift(period, 1).replace(day=15), opening_balance=0, charged=charge,
            recalculated=recalculated, penalty=penalty, paid=0, closing_balance=total,
            unpaid=part.total, consumption_kwh=Decimal(1),
        )  # fmt: skip
    debt, penalty, overpayment = case.balance.debt, case.balance.penalty, case.balance.overpayment
    await AccountBalance.create(
        account=account, debt=debt, penalty=penalty, overpayment=overpayment, as_of=NOW
    )
    for amount in case.movements:
        await given_movement(account, amount)
    await given_movement(account, 777, posted_at=NOW)
    return account


def shown(cabinet: Cabinet, number: str) -> dict[str, Any]:
    """The answer to `QUERY` by the model, with the sums of the codes."""
    bills = cabinet.bills_of(number)
    unpaid = {part.period: part.total for part in cabinet.unpaid(number)}
    due = {part.period: part.total for part in cabinet.due(number)}
    return {
        "number": number,
        "balance": {
            "amountDue": to_rubles(cabinet.amount_due(number)),
            "processing": to_rubles(cabinet.processing(number)),
        },
        "invoices": [
            {
                "period": f"{bill.period:%Y-%m}",
                "unpaid": to_rubles(unpaid[bill.period]),
                "processing": to_rubles(unpaid[bill.period] - due[bill.period]),
                "amountDue": to_rubles(due[bill.period]),
                "status": cabinet.status(number, bill.period, TODAY),
                "qrPayload": str(cabinet.qr_sum(number, bill.period) or "") or None,
            }
            for bill in reversed(bills)
        ],
    }


def with_sums(account: dict[str, Any]) -> dict[str, Any]:
    """The answer with the sum of each code in place of the code."""
    for bill in account["invoices"]:
        bill["qrPayload"] = bill["qrPayload"] and parse(bill["qrPayload"])["Sum"]
    return account


async def reminded(viewer: Viewer, numbers: Iterable[str]) -> dict[str, dict[date, int]]:
    """The amounts in each account's reminders, by their due days; two reminders for each."""
    for place in range(6):
        due_on = shift(FIRST, place).replace(day=15)
        await notify_of_due(due_on - timedelta(days=2), now=NOW)
        await notify_of_overdue(due_on + timedelta(days=2), now=NOW)
    notices = await Notice.filter(user_id=viewer.id).values_list("account__number", "day", "amount")
    asked: dict[str, dict[date, int]] = {number: {} for number in numbers}
    for number, day, amount in notices:
        asked[number][day] = amount
    assert len(notices) == 2 * sum(map(len, asked.values()))
    return asked


@settings(
    max_examples=(EXAMPLES and EXAMPLES // 50) or 3,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(cases, min_size=8, max_size=8))
async def test_the_customer_s_amounts_are_those_of_the_model(
    api: ApiClient, opened: asyncpg.Connection, example: list[Case]
):
    await clear_tables(opened)
    await given_terms()
    viewer = await given_user("anna@example.com")
    accounts: dict[str, Cabinet] = {}
    keys: dict[str, UUID] = {}
    for place, case in enumerate(example):
        number = f"{place:010}"
        account = await given_case(case, number)
        await given_link(viewer, account)
        accounts[number], keys[number] = case.model(number), account.id

    answer = await api.ask(QUERY, await api.signed_in(viewer), now=NOW)

    assert [with_sums(account) for account in answer["viewer"]["accounts"]] == [
        shown(cabinet, number) for number, cabinet in accounts.items()
    ]
    asked = await reminded(viewer, accounts)
    assert asked == {number: cabinet.reminders(number) for number, cabinet in accounts.items()}
    days = [event.day for event in await days_to_pay(viewer.id, FIRST)]
    assert sorted(days) == sorted(day for reminders in asked.values() for day in reminders)
    for number, case in zip(accounts, example, strict=True):
        assert await debt_of(keys[number]) == case.debt
        parts = await open_amounts(keys[number])
        assert [part.total for part in parts] == [
            part.total for part in accounts[number].due(number)
        ]
        for bill in await Invoice.filter(account_id=keys[number]):
            through = await open_through(bill)
            assert through.total == accounts[number].qr_sum(number, bill.period)


def test_a_credit_is_partly_open_by_its_penalty_only():
    bill = BilledMonth(new_key(), FIRST, -5, 20)
    (rest, part) = allocate_open(AccountDebt(Kopecks(0), Kopecks(20)), [bill])
    assert (rest.total, part.debt, part.penalty) == (0, 0, 20)
    assert invoice_status(20, 20, bill.settleable, TODAY, TODAY) is InvoiceStatus.DUE
    assert invoice_status(20, 19, bill.settleable, TODAY, TODAY) is InvoiceStatus.PARTLY_PAID


@pytest.mark.parametrize(
    ("recalculated", "penalty", "unpaid"),
    [(0, -10_00, 100_00), (-130_00, 20_00, 20_00), (-5_00, -10_00, 95_00), (0, 0, 100_00)],
    ids=["penalty written off", "credit with a penalty", "both", "neither"],
)
async def test_a_bill_that_is_paid_in_part_is_never_wholly_due(
    api: ApiClient, anna: Viewer, recalculated: int, penalty: int, unpaid: int
):
    """Charges of 100 rubles; the whole of what payments settle is open, then less by 5 rubles."""
    case = Case([(100_00, recalculated, penalty)], Balance(unpaid, 0, 0), [])
    if recalculated == -130_00:
        case = replace(case, balance=Balance(0, unpaid, 0))
    account = await given_case(case, "0400000001")
    await given_link(anna, account)
    token, now = await api.signed_in(anna), datetime(2026, 7, 10, tzinfo=UTC)

    async def bill() -> tuple[str, str, str]:
        answer = await api.ask(QUERY, token, now=now)
        (row,) = answer["viewer"]["accounts"][0]["invoices"]
        return row["unpaid"], row["amountDue"], row["status"]

    assert await bill() == (to_rubles(unpaid), to_rubles(unpaid), "DUE")
    await given_movement(account, 500)
    assert await bill() == (to_rubles(unpaid), to_rubles(unpaid - 500), "PARTLY_PAID")
