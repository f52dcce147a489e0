"""Allocation of payments: first in, first out, to the kopeck."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.demo.data.debts import Debt, Ledger, ReceivedAmount, allocate
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.periods import shift

START = date(2026, 1, 1)


def debt(month: int, amount: int) -> Debt:
    period = shift(START, month)
    return Debt(period, shift(period, 1).replace(day=15), Kopecks(amount))


def paid(day: int, amount: int) -> ReceivedAmount:
    return ReceivedAmount(START + timedelta(days=day), Kopecks(amount))


def test_the_oldest_debt_is_settled_first():
    after, rest = allocate(paid(60, 150), [debt(0, 100), debt(1, 100)])

    assert [debt.open for debt in after] == [0, 50]
    assert after[1].settled == (paid(60, 50),)
    assert rest.amount == 0


def test_penalties_are_settled_after_all_debts():
    ledger = (
        Ledger()
        .owe(debt(0, 100), penalty=Kopecks(7))
        .owe(debt(1, 100), penalty=Kopecks(0))
        .pay(paid(60, 203))
    )

    assert (ledger.balance, ledger.open_penalty) == (4, 4)
    assert ledger.open_of(START) == 4
    assert ledger.open_of(shift(START, 1)) == 0


def test_an_advance_settles_the_next_debt_with_its_own_day():
    ledger = Ledger().pay(paid(5, 130)).owe(debt(0, 100), penalty=Kopecks(0))

    assert ledger.debts[0].settled == (paid(5, 100),)
    assert ledger.advances == (paid(5, 30),)
    assert ledger.balance == -30


def test_a_month_below_zero_is_money():
    ledger = Ledger().owe(debt(0, 100), penalty=Kopecks(0)).owe(debt(1, -30), penalty=Kopecks(0))

    assert ledger.debts[0].settled == (ReceivedAmount(date(2026, 2, 28), Kopecks(30)),)
    assert ledger.balance == 70


def test_a_penalty_that_is_written_off_settles_penalties_and_then_is_money():
    ledger = (
        Ledger()
        .owe(debt(0, 100), penalty=Kopecks(7))
        .owe(debt(1, 0), penalty=Kopecks(-5))
        .owe(debt(2, 0), penalty=Kopecks(-12))
    )

    assert (ledger.balance, ledger.open_penalty) == (90, 0)
    assert ledger.debts[0].settled == (ReceivedAmount(date(2026, 3, 31), Kopecks(10)),)


def test_a_debt_settled_before_the_day_is_left_out():
    ledger = Ledger().owe(debt(0, 100), penalty=Kopecks(0)).pay(paid(40, 100))

    assert ledger.without_settled(START + timedelta(days=40)).debts == ledger.debts
    assert ledger.without_settled(START + timedelta(days=41)).debts == ()


movements = st.lists(
    st.tuples(st.sampled_from(["owe", "pay"]), st.integers(0, 5000), st.integers(-90, 90))
)


@given(movements)
def test_a_ledger_conserves_every_kopeck(movements: list[tuple[str, int, int]]):
    ledger, expected = Ledger(), 0
    for month, (kind, amount, penalty) in enumerate(movements):
        if kind == "owe":
            ledger = ledger.owe(debt(month, amount - 500), penalty=Kopecks(penalty))
            expected += amount - 500 + penalty
        else:
            ledger = ledger.pay(paid(month * 30, amount))
            expected -= amount

        assert ledger.balance == expected
        assert ledger.without_settled(date.max).balance == expected
        assert all(debt.open >= 0 for debt in (*ledger.debts, *ledger.penalties))
        assert not (ledger.advances and any(debt.open for debt in ledger.debts))
