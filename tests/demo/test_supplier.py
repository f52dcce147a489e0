"""The demo supplier's rows are consistent to the kopeck."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from lk_graphql.billing.models import Invoice, LineKind, RecalculationReason
from lk_graphql.demo.data import invoice_lines, supplier
from lk_graphql.demo.data.household import household
from lk_graphql.demo.data.names import listed
from lk_graphql.demo.data.rng import ZONE
from lk_graphql.demo.data.rows import columns, record
from lk_graphql.demo.data.supplier import AccountData
from lk_graphql.kit.periods import month_of, shift
from lk_graphql.metering.models import Reading, ReadingSource, ReadingState

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def accounts() -> list[AccountData]:
    return [supplier.account(n, TODAY) for n in range(1, 201)]


def test_every_month_up_to_the_last_is_billed(accounts: list[AccountData]):
    expected = [shift(date(2023, 11, 1), n) for n in range(36)]

    assert all([i.period for i in data.billing.invoices] == expected for data in accounts)


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2027, 3, 31), date(2028, 2, 29)])
def test_the_last_bill_is_of_the_month_before_whatever_day_it_is(today: date):
    invoices = supplier.account(7, today, billed_months=6).billing.invoices

    assert [i.period for i in invoices] == [shift(month_of(today), n) for n in range(-6, 0)]
    assert all(i.issued_on <= today for i in invoices)


@pytest.mark.parametrize(
    "today", [TODAY, date(2026, 11, 1), date(2026, 11, 15), date(2026, 11, 16)]
)
def test_no_row_of_the_demo_is_in_the_future(today: date):
    """No time is after midnight in Novokuznetsk, when `today` begins."""
    midnight = datetime.combine(today, time(), ZONE)
    for data in (supplier.account(n, today, billed_months=6) for n in range(1, 61)):
        assert data.balance.as_of == data.account.data_as_of
        moments = [data.account.data_as_of, *(row.received_at for row in data.history.readings)]
        assert max(moments) < midnight
        assert all(payment.paid_on < today for payment in data.billing.payments)


def test_lines_penalties_and_payments_add_up_to_the_bill(accounts: list[AccountData]):
    for books in (data.billing for data in accounts):
        energy, corrections = (
            _sums((row.invoice_id, row.amount) for row in books.lines if row.kind is kind)
            for kind in (LineKind.ENERGY, LineKind.RECALCULATION)
        )
        penalties = _sums((row.invoice_id, row.amount) for row in books.penalties)
        payments = _sums((row.invoice_id, row.amount) for row in books.payments)
        for bill in books.invoices:
            assert bill.charged == energy[bill.id]
            assert bill.recalculated == corrections[bill.id]
            assert bill.penalty == penalties[bill.id]
            assert bill.paid == payments[bill.id]


def test_each_bill_opens_with_the_closing_balance_of_the_one_before(accounts: list[AccountData]):
    for data in accounts:
        balance = 0
        for bill in data.billing.invoices:
            assert bill.opening_balance == balance
            balance += bill.charged + bill.recalculated + bill.penalty - bill.paid
            assert bill.closing_balance == balance


def test_the_balance_is_the_last_closing_balance_less_later_payments(accounts: list[AccountData]):
    for data in accounts:
        since = sum(p.amount for p in data.billing.payments if p.invoice_id is None)
        expected = data.billing.invoices[-1].closing_balance - since
        balance = data.balance

        assert balance.debt + balance.penalty - balance.overpayment == expected
        assert 0 in (balance.debt + balance.penalty, balance.overpayment)


def test_the_unpaid_amounts_of_bills_add_up_to_the_debt(accounts: list[AccountData]):
    for data in accounts:
        assert sum(bill.unpaid for bill in data.billing.invoices) == (
            data.balance.debt + data.balance.penalty
        )
        assert all(0 <= bill.unpaid <= _month_total(bill) for bill in data.billing.invoices)


def test_payments_are_billed_in_the_month_they_came(accounts: list[AccountData]):
    for data in accounts:
        periods = {bill.id: bill.period for bill in data.billing.invoices}
        for payment in data.billing.payments:
            billed_in = periods.get(payment.invoice_id) if payment.invoice_id else month_of(TODAY)
            assert billed_in == month_of(payment.paid_on)
            assert payment.paid_on < TODAY


def test_the_bill_has_the_energy_between_its_readings(accounts: list[AccountData]):
    for data in accounts:
        passed = _sums((row.invoice_id, row.consumption_kwh) for row in data.billing.readings)
        billed = _sums(
            (line.invoice_id, line.quantity_kwh or 0)
            for line in data.billing.lines
            if line.kind is LineKind.ENERGY or line.reason == invoice_lines.TOO_HIGH
        )
        assert passed == billed


def test_readings_lead_from_one_bill_to_the_next(accounts: list[AccountData]):
    for data in accounts:
        readings = dict[UUID | None, Reading]({row.id: row for row in data.history.readings})
        turns = {r.id: 10**r.digits for meter in data.meters for r in meter.registers}
        last = dict[object, object]()
        for row in data.billing.readings:
            previous, current = readings[row.previous_id], readings[row.current_id]
            difference = current.value - previous.value - row.consumption_kwh
            assert difference % turns[row.register_id] == 0
            assert last.get(row.register_id, row.previous_id) == row.previous_id
            last[row.register_id] = row.current_id


def test_the_penalty_equals_the_sum_of_its_days(accounts: list[AccountData]):
    late = [data for data in accounts if data.billing.penalties]
    assert len(late) > 20

    for data in late[:15]:
        billed = sum(row.amount for row in data.billing.penalties)
        debts = {row.for_period for row in data.billing.penalties}
        # a debt's penalty is rounded once
        assert abs(billed - _penalty_by_days(data)) <= Decimal(len(debts)) / 2


def _penalty_by_days(data: AccountData) -> Decimal:
    """The sum of daily penalties, by a simple simulation of debts and payments."""
    bills = {shift(bill.period, 1): bill for bill in data.billing.invoices}
    debts, penalties, funds, exact = list[Any](), 0, 0, Decimal()
    day = data.billing.invoices[0].period
    while day < max(bills):
        funds += sum(
            p.amount for p in data.billing.payments if p.paid_on == day - timedelta(days=1)
        )
        penalties, funds = _settle(debts, penalties, funds)
        if bill := bills.get(day):
            debts.append([bill.due_on, max(0, bill.charged + bill.recalculated)])
            funds += max(0, -bill.charged - bill.recalculated)
            penalties, funds = _settle(debts, penalties + bill.penalty, funds)
        for due_on, amount in debts:
            late = (day - due_on).days
            if late >= 31:
                exact += Decimal(amount) * Decimal("0.095") / (300 if late < 91 else 130)
        day += timedelta(days=1)
    return exact


def _settle(debts: list[Any], penalties: int, funds: int) -> tuple[int, int]:
    for debt in debts:
        amount = min(debt[1], funds)
        debt[1], funds = debt[1] - amount, funds - amount
    amount = min(penalties, funds)
    return penalties - amount, funds - amount


def test_the_same_day_makes_the_same_rows():
    first, second = (
        [(type(row), record(row, columns(type(row)))) for row in supplier.account(17, TODAY).rows()]
        for _ in range(2)
    )

    assert first == second


def test_the_demo_has_readings_and_bills_of_every_kind(accounts: list[AccountData]):
    sources = Counter(row.source for data in accounts for row in data.history.readings)
    states = Counter(row.state for data in accounts for row in data.history.readings)
    reasons = Counter(row.reason for data in accounts for row in data.billing.lines)
    ranges = Counter(row.range_number for data in accounts for row in data.billing.lines)
    rates = Counter(len(data.meters[0].registers) for data in accounts)

    assert sources.keys() == set(ReadingSource) - {
        ReadingSource.BILLING_IMPORT,
        ReadingSource.PARTNER,
        ReadingSource.PHONE,
    }
    expected_states = {ReadingState.ACCEPTED, ReadingState.SUPERSEDED, ReadingState.ON_REVIEW}
    assert states.keys() == expected_states
    assert states[ReadingState.ON_REVIEW] == 1
    assert reasons[invoice_lines.TOO_HIGH] > 5
    assert len(reasons) > 10  # and interruptions of several lengths
    corrected = [row for data in accounts for row in data.billing.lines if row.reason]
    assert {row.reason_code for row in corrected} == {
        RecalculationReason.ESTIMATE_CORRECTED,
        RecalculationReason.SUPPLY_INTERRUPTED,
    }
    assert any(row.corrects_from != row.corrects_to for row in corrected)
    assert all(row.corrects_from and row.corrects_to for row in corrected)
    assert {1, 2, 3} <= ranges.keys()
    assert rates.keys() == {1, 2, 3}
    assert any(len(data.meters) == 2 for data in accounts)
    assert any(_rolled_over(data) for data in accounts)
    due = [data.meters[-1].meter.next_verification_on for data in accounts]
    assert any(day and day < TODAY for day in due)
    assert any(day and TODAY <= day < TODAY + timedelta(days=60) for day in due)


@pytest.mark.parametrize(
    ("today", "amount", "corrected"),
    [(TODAY, -983, date(2026, 9, 30)), (date(2027, 3, 5), -4160, date(2027, 1, 31))],
)
def test_the_first_account_s_newest_bill_makes_up_for_hours_without_electricity(
    today: date, amount: int, corrected: date
):
    """0.15 % of what the month before was charged, for each of 26 hours."""
    books = supplier.account(1, today, billed_months=12).billing
    before, newest = books.invoices[-2:]

    (line,) = [
        line
        for line in books.lines
        if line.invoice_id == newest.id and line.kind is LineKind.RECALCULATION
    ]
    assert line.amount == newest.recalculated == amount
    assert abs(-before.charged * Decimal("0.039") - amount) <= Decimal("0.5")
    assert line.reason == (
        "Перерывы в электроснабжении сверх допустимых: 26 ч (ПП РФ № 354, приложение 1)"
    )
    assert line.corrects_from == line.corrects_to == before.period == corrected.replace(day=1)
    assert line.document == f"Акт о перерывах в электроснабжении от {corrected:%d.%m.%Y}"


def test_a_measured_reading_follows_two_estimated_months(accounts: list[AccountData]):
    visited = 0
    for data in accounts:
        readings = dict[UUID | None, Reading]({row.id: row for row in data.history.readings})
        guesses = Counter[UUID]()
        for row in data.billing.readings:
            source = readings[row.current_id].source
            if guesses[row.register_id] == 2:
                assert source in {ReadingSource.CONTROLLER, ReadingSource.NETWORK_COMPANY}
                visited += 1
            is_guess = source is ReadingSource.ESTIMATED
            guesses[row.register_id] = guesses[row.register_id] + 1 if is_guess else 0
    assert visited > 20


def test_some_accounts_have_a_debt_and_some_an_overpayment(accounts: list[AccountData]):
    assert 10 < sum(data.balance.penalty > 0 for data in accounts) < 60
    assert 10 < sum(data.balance.overpayment > 0 for data in accounts) < 80
    assert sum(data.balance.debt == 0 for data in accounts) > 100


def test_accounts_have_unique_numbers_and_mostly_unique_addresses():
    some = range(1, 5001)

    assert len({supplier.account_number(n) for n in some}) == len(some)
    assert len({household(n).place.address for n in some}) > 0.9 * len(some)


def test_names_agree_with_each_other():
    for person in (household(n).holder for n in range(1, 500)):
        is_woman = person.first_name in listed("women")
        if person.patronymic:
            assert person.patronymic.endswith("на" if is_woman else "ич")
        if person.last_name.endswith(("ов", "ев", "ин")):
            assert not is_woman


def _sums(pairs: Iterable[tuple[UUID | None, int | Decimal]]) -> dict[UUID | None, Decimal]:
    sums = defaultdict[UUID | None, Decimal](Decimal)
    for key, amount in pairs:
        sums[key] += amount
    return sums


def _month_total(bill: Invoice) -> int:
    return bill.charged + max(0, bill.recalculated) + bill.penalty


def _rolled_over(data: AccountData) -> bool:
    values = dict[UUID | None, Decimal]({row.id: row.value for row in data.history.readings})
    return any(
        values[row.current_id] < values[row.previous_id] and row.consumption_kwh > 0
        for row in data.billing.readings
    )
