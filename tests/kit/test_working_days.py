"""Working days with the government's yearly transfers, which determine due dates."""

from datetime import date

import pytest

from lk_graphql.kit.working_days import is_working_day, next_working_day


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 4, 27), True),  # a working Saturday, in exchange for 29 April
        (date(2024, 4, 29), False),
        (date(2025, 5, 2), False),  # moved from 4 January
        (date(2025, 11, 1), True),  # a working Saturday, in exchange for 3 November
        (date(2025, 11, 3), False),
        (date(2026, 1, 9), False),  # moved from 3 January
        (date(2026, 12, 31), False),  # moved from 4 January
        (date(2027, 2, 20), True),  # a working Saturday, in exchange for 22 February
        (date(2026, 11, 23), True),
    ],
)
def test_moved_working_days_are_in_the_calendar(day: date, expected: bool):  # noqa: FBT001
    assert is_working_day(day) is expected


def test_a_working_day_stays():
    assert next_working_day(date(2026, 4, 15)) == date(2026, 4, 15)


def test_the_new_year_holidays_are_skipped_in_one_go():
    assert next_working_day(date(2026, 1, 1)) == date(2026, 1, 12)
