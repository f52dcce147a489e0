"""Norms by residents, and which order is in force."""

from datetime import date
from decimal import Decimal

import pytest

from lk_graphql.metering.service.rules import NormTerms, norm_kwh

OLD, NEW = date(2020, 1, 1), date(2026, 7, 1)
ROWS = [
    NormTerms(1, Decimal(100), OLD),
    NormTerms(2, Decimal(70), OLD),
    NormTerms(5, Decimal(40), OLD),
    NormTerms(1, Decimal(90), NEW),
]


@pytest.mark.parametrize(
    ("residents", "expected"), [(0, 100), (1, 100), (2, 140), (4, 280), (5, 200), (9, 360)]
)
def test_a_row_is_for_so_many_people_or_more(residents: int, expected: int):
    assert norm_kwh(residents, date(2026, 6, 1), ROWS) == expected


def test_a_new_order_replaces_all_rows_of_the_old():
    assert norm_kwh(2, NEW, ROWS) == 180


def test_there_is_none_before_the_first_order():
    assert norm_kwh(1, date(2019, 12, 1), ROWS) is None
