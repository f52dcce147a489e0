"""The cabinet's side of the model: what it must show, by the defects that were found in life."""

from datetime import date, datetime

import pytest

from tests.year import population
from tests.year.model.cabinet import (
    ADVANCE,
    DEBT,
    DUE,
    OVERDUE,
    PAID,
    PARTLY_PAID,
    PENALTY,
    PROCESSING,
    Cabinet,
    Part,
)
from tests.year.model.days import ZONE
from tests.year.model.files import File, Month, Row, Sum
from tests.year.model.postings import RegistryRow
from tests.year.model.tables import table
from tests.year.model.views import view_of

ANNA = "0800000001"
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
TODAY = date(2026, 11, 20)
ANNA_NAME = "Белова Анна Петровна"
HOLDER: Row = {
    "number": ANNA,
    "holder_last_name": "Белова",
    "holder_first_name": "Анна",
    "holder_patronymic": "Петровна",
    "holder_since": date(2020, 1, 1),
    "as_of": datetime(2026, 1, 1, tzinfo=ZONE),
}


@pytest.fixture
def cabinet() -> Cabinet:
    """Bills of 100 and 200 rubles, with 3 rubles of penalty, of which nothing is paid."""
    cabinet = Cabinet(population.rules())
    load(cabinet, 5, "invoices", bill(SEPTEMBER, 100_00, 0, 100_00, 0))
    load(cabinet, 6, "invoices", bill(OCTOBER, 200_00, 3_00, 303_00, 3_00))
    return cabinet


def load(cabinet: Cabinet, day: int, name: str, row: Row) -> None:
    """A row of a file of November."""
    content = table(name, [row])
    cabinet.load([File(name, name, b"", content)], datetime(2026, 11, day, tzinfo=ZONE))


def bill(period: date, charged: int, penalty: int, closing: int, closing_penalty: int) -> Row:
    return {
        "account": ANNA,
        "number": f"{period:%y%m}",
        "period": Month(period),
        "due_on": population.rules().due_day(period),
        "charged": Sum(charged),
        "recalculated": Sum(0),
        "penalty": Sum(penalty),
        "closing_balance": Sum(closing),
        "closing_penalty": Sum(closing_penalty),
    }


def balance(day: int, debt: int, penalty: int, overpayment: int) -> Row:
    sums = {"debt": Sum(debt), "penalty": Sum(penalty), "overpayment": Sum(overpayment)}
    return {"account": ANNA, **sums, "as_of": datetime(2026, 11, day, tzinfo=ZONE)}


def payment(number: str, amount: int, account: str = ANNA) -> Row:
    paid_on = date(2026, 11, 20)
    return {
        "external_id": number,
        "account": account,
        "amount": Sum(amount),
        "paid_on": paid_on,
    }


def pay(cabinet: Cabinet, number: str, amount: int) -> None:
    cabinet.pay(RegistryRow(number, ANNA, amount, datetime(2026, 11, 20, tzinfo=ZONE)))


def states(cabinet: Cabinet, today: date = TODAY) -> list[str]:
    return [cabinet.status(ANNA, period, today) for period in (SEPTEMBER, OCTOBER)]


def test_a_refund_out_of_an_overpayment_is_no_debt(cabinet: Cabinet):
    load(cabinet, 18, "balances", balance(18, 0, 0, 60_00))
    pay(cabinet, "1В1", -40_00)
    assert (cabinet.net(ANNA), cabinet.amount_due(ANNA)) == (-20_00, 0)


def test_a_refund_that_is_posted_is_not_in_processing(cabinet: Cabinet):
    pay(cabinet, "1", 100_00)
    pay(cabinet, "1В1", -40_00)
    assert cabinet.amount_due(ANNA) == 243_00
    load(cabinet, 21, "payments", payment("1", 100_00))
    load(cabinet, 21, "payments", payment("1В1", -40_00))
    load(cabinet, 21, "balances", balance(21, 240_00, 3_00, 0))
    assert (cabinet.processing(ANNA), cabinet.amount_due(ANNA)) == (0, 243_00)
    assert not cabinet.is_pending("1В1")


def test_a_bill_that_was_paid_here_is_neither_overdue_nor_due(cabinet: Cabinet):
    assert (states(cabinet), cabinet.qr_sum(ANNA, SEPTEMBER)) == ([OVERDUE, OVERDUE], 100_00)
    pay(cabinet, "1", 100_00)
    assert states(cabinet) == [PROCESSING, OVERDUE]
    assert cabinet.qr_sum(ANNA, SEPTEMBER) == 0
    assert cabinet.reminders(ANNA) == {date(2026, 11, 16): 203_00}
    pay(cabinet, "2", 50_00)
    assert states(cabinet, date(2026, 11, 16)) == [PROCESSING, PARTLY_PAID]


def test_a_bill_that_is_issued_again_never_undoes_a_newer_balance(cabinet: Cabinet):
    load(cabinet, 19, "balances", balance(19, 0, 0, 60_00))
    load(cabinet, 20, "invoices", bill(OCTOBER, 210_00, 3_00, 313_00, 3_00))
    assert (cabinet.net(ANNA), states(cabinet)) == (-60_00, [PAID, PAID])
    load(cabinet, 20, "balances", balance(2, 999_00, 0, 0))
    assert cabinet.net(ANNA) == -60_00


@pytest.mark.parametrize("row", [payment("1", 1_00), payment("1", 303_00, "0800000002")])
def test_a_payment_that_is_posted_otherwise_is_a_difference_and_changes_nothing(
    cabinet: Cabinet, row: Row
):
    pay(cabinet, "1", 303_00)
    load(cabinet, 21, "payments", row)
    posted = 1_00 if row["account"] == ANNA else 0
    load(cabinet, 21, "balances", balance(21, 300_00 - posted, 3_00, 0))
    assert (cabinet.net(ANNA), cabinet.differences()) == (0, {"1"})
    assert cabinet.is_pending("1")


def test_a_receipt_has_a_line_for_each_month_and_no_vat_on_penalties(cabinet: Cabinet):
    load(cabinet, 18, "balances", balance(18, 310_00, 3_00, 0))
    assert cabinet.parts(ANNA, 400_00, TODAY) == [
        Part(DEBT, 10_00),
        Part(DEBT, 100_00, SEPTEMBER, 18_03),
        Part(DEBT, 200_00, OCTOBER, 36_07),
        Part(PENALTY, 3_00, OCTOBER),
        Part(ADVANCE, 87_00, None, 15_69),
    ]
    assert cabinet.parts(ANNA, 60_00, TODAY) == [
        Part(DEBT, 10_00),
        Part(DEBT, 50_00, SEPTEMBER, 9_02),
    ]
    assert cabinet.due_without_penalty(ANNA, OCTOBER) == 310_00


def test_a_view_agrees_with_the_single_functions(cabinet: Cabinet):
    load(cabinet, 1, "accounts", HOLDER)
    load(cabinet, 18, "balances", balance(18, 310_00, 3_00, 0))
    pay(cabinet, "1", 50_00)
    view = view_of(cabinet, ANNA, ANNA_NAME, TODAY)
    assert [one.status for one in view.bills] == states(cabinet)
    assert [(one.unpaid, one.due, one.qr_sum, one.old_debt) for one in view.bills] == [
        (100_00, 60_00, cabinet.qr_sum(ANNA, SEPTEMBER), 0),
        (203_00, 203_00, cabinet.qr_sum(ANNA, OCTOBER), 0),
    ]
    assert (view.balance, view.processing) == (cabinet.balance(ANNA), 50_00)
    assert view.amount_due == cabinet.amount_due(ANNA) == 263_00
    assert dict(view.reminders) == cabinet.reminders(ANNA)


def test_a_view_changes_when_a_bill_becomes_late(cabinet: Cabinet):
    load(cabinet, 1, "accounts", HOLDER)
    on_time, the_same, late = (
        view_of(cabinet, ANNA, ANNA_NAME, date(2026, 11, day)) for day in (15, 16, 17)
    )
    assert on_time == the_same
    assert [one.status for one in on_time.bills] == [OVERDUE, DUE]
    assert [one.status for one in late.bills] == [OVERDUE, OVERDUE]
