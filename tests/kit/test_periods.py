"""Billing months as dates of their first days."""

from datetime import date

from lk_graphql.kit.periods import last_day, month_of, months, shift


def test_months_are_shifted_over_the_turn_of_a_year_both_ways():
    assert shift(date(2025, 12, 1), 1) == date(2026, 1, 1)
    assert shift(date(2026, 1, 1), -13) == date(2024, 12, 1)


def test_a_month_has_its_first_and_last_day():
    assert month_of(date(2024, 2, 17)) == date(2024, 2, 1)
    assert last_day(date(2024, 2, 1)) == date(2024, 2, 29)


def test_months_are_counted_with_both_ends():
    assert list(months(date(2025, 11, 1), date(2026, 1, 1))) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
    ]
