"""The Housing Code's penalty, to the kopeck, with the figures of an actual bill."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.billing.service.receipts.content import PenaltyStep
from lk_graphql.demo.data.debts import (
    Debt,
    KeyRateNotFound,
    Rate,
    ReceivedAmount,
    Segment,
    accrue,
    percent_on,
)
from lk_graphql.kit.money import Kopecks

DUE = date(2026, 4, 15)
THOUSAND = Debt(date(2026, 3, 1), DUE, Kopecks(100_000))
LAW = date(2016, 1, 1)
STEPS = [PenaltyStep(1, None, LAW), PenaltyStep(31, 300, LAW), PenaltyStep(91, 130, LAW)]
RATES = [
    Rate(Decimal(21), date(2024, 10, 28)),
    Rate(Decimal("9.5"), date(2022, 2, 28), date(2026, 12, 31), is_cap=True),
]


def penalty(debt: Debt, until: date, since: date = DUE) -> int:
    return sum(
        part.amount for part in accrue(debt, since=since, until=until, rates=RATES, steps=STEPS)
    )


def paid(debt: Debt, *parts: tuple[date, int]) -> Debt:
    settled = tuple(ReceivedAmount(day, Kopecks(amount)) for day, amount in parts)
    return Debt(debt.period, debt.due_on, debt.amount, settled)


@pytest.mark.parametrize(
    ("paid_on", "kopecks"),
    [
        (date(2026, 5, 15), 0),
        (date(2026, 5, 16), 32),
        (date(2026, 7, 14), 1900),
        (date(2026, 7, 15), 1973),
        (date(2026, 7, 31), 3142),
    ],
)
def test_a_penalty_ends_with_the_day_of_payment(paid_on: date, kopecks: int):
    assert penalty(paid(THOUSAND, (paid_on, 100_000)), until=date(2026, 12, 31)) == kopecks
    assert penalty(THOUSAND, until=paid_on) == kopecks


def test_a_penalty_is_divided_into_segments_of_rate_and_share():
    assert accrue(THOUSAND, since=DUE, until=date(2026, 7, 31), rates=RATES, steps=STEPS) == [
        Segment(
            date(2026, 5, 16),
            date(2026, 7, 14),
            Kopecks(100_000),
            Decimal("9.5"),
            300,
            Kopecks(1900),
        ),
        Segment(
            date(2026, 7, 15),
            date(2026, 7, 31),
            Kopecks(100_000),
            Decimal("9.5"),
            130,
            Kopecks(1242),
        ),
    ]


def test_a_part_that_was_paid_counts_through_its_day():
    half = paid(THOUSAND, (date(2026, 5, 25), 50_000))

    segments = accrue(half, since=DUE, until=date(2026, 6, 4), rates=RATES, steps=STEPS)

    assert [(part.first_day, part.days, part.debt) for part in segments] == [
        (date(2026, 5, 16), 10, 100_000),
        (date(2026, 5, 26), 10, 50_000),
    ]
    assert [part.amount for part in segments] == [317, 158]


def test_a_debt_paid_in_time_has_no_penalty():
    assert (
        accrue(
            paid(THOUSAND, (DUE, 100_000)),
            since=DUE,
            until=date(2027, 4, 15),
            rates=RATES,
            steps=STEPS,
        )
        == []
    )


def test_the_rate_is_that_of_the_day_of_payment():
    rates = [Rate(Decimal(9), date(2026, 1, 1)), Rate(Decimal(6), date(2026, 6, 1))]
    rates[0] = Rate(Decimal(9), date(2026, 1, 1), date(2026, 5, 31))
    half = paid(THOUSAND, (date(2026, 5, 20), 50_000))

    segments = accrue(half, since=DUE, until=date(2026, 6, 2), rates=rates, steps=STEPS)

    assert [(part.first_day.day, part.debt, part.percent) for part in segments] == [
        (16, 50_000, 6),
        (16, 50_000, 9),
        (21, 50_000, 6),
    ]


def test_the_shares_are_dated_rows_too():
    steps = [*STEPS, PenaltyStep(1, 100, date(2026, 7, 1))]

    before = accrue(THOUSAND, since=DUE, until=date(2026, 6, 30), rates=RATES, steps=steps)
    after = accrue(THOUSAND, since=DUE, until=date(2026, 7, 1), rates=RATES, steps=steps)

    assert [segment.divisor for segment in before] == [300]
    assert [segment.divisor for segment in after] == [100]


def test_the_cap_is_a_dated_row_too():
    assert percent_on(date(2026, 12, 31), RATES) == Decimal("9.5")
    assert percent_on(date(2027, 1, 1), RATES) == 21
    with pytest.raises(KeyRateNotFound):
        percent_on(date(2023, 1, 1), RATES)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_of_rates_that_overlap_the_newest_counts(order: tuple[int, ...]):
    """D13: the lowest was taken; only the cap is a lower bound on the rate."""
    rows = [
        Rate(Decimal(7), date(2026, 1, 1)),
        Rate(Decimal(9), date(2026, 6, 15)),
        Rate(Decimal(8), date(2026, 6, 20), date(2026, 6, 30)),
    ]
    rates = [rows[number] for number in order]
    on = [date(2026, 6, 14), date(2026, 6, 15), date(2026, 6, 25), date(2026, 7, 1)]

    assert [percent_on(day, rates) for day in on] == [7, 9, 8, 9]


days = st.integers(0, 250).map(lambda number: DUE + timedelta(days=number))
parts = st.lists(st.tuples(days, st.integers(1, 33_000)), max_size=3)


@given(parts, st.lists(days, min_size=3, max_size=3).map(sorted))
def test_a_penalty_is_additive_over_periods_to_the_kopeck(
    payments: list[tuple[date, int]], marks: list[date]
):
    debt = paid(THOUSAND, *payments)
    first, middle, last = marks

    halves = penalty(debt, since=first, until=middle) + penalty(
        debt, since=middle + timedelta(days=1), until=last
    )

    assert halves == penalty(debt, since=first, until=last)


@given(parts, days, days)
def test_a_penalty_never_shrinks_with_time(
    payments: list[tuple[date, int]], first: date, second: date
):
    debt = paid(THOUSAND, *payments)

    assert penalty(debt, min(first, second)) <= penalty(debt, max(first, second))


@given(st.integers(0, 10**9), st.integers(0, 10**9), days)
def test_a_penalty_never_shrinks_with_the_debt(first: int, second: int, until: date):
    less, more = (Debt(DUE, DUE, Kopecks(amount)) for amount in sorted((first, second)))

    assert penalty(less, until) <= penalty(more, until)


@given(parts, days)
def test_paying_never_costs_more_than_owing(payments: list[tuple[date, int]], until: date):
    assert penalty(paid(THOUSAND, *payments), until) <= penalty(THOUSAND, until)
