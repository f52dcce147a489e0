from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit.money import round_half_up, to_kopecks, to_rubles


@given(st.integers(-(10**15), 10**15))
def test_rubles_and_back_lose_nothing(kopecks: int):
    assert to_kopecks(to_rubles(kopecks)) == kopecks


@given(st.integers(-(10**9), 10**9))
def test_rubles_always_have_two_decimals(kopecks: int):
    assert len(to_rubles(kopecks).partition(".")[2]) == 2


@given(st.decimals(-(10**12), 10**12, places=6))
def test_rounding_moves_by_half_a_kopeck_at_most(kopecks: Decimal):
    assert abs(round_half_up(kopecks) - kopecks) <= Decimal("0.5")
    assert round_half_up(-kopecks) == -round_half_up(kopecks)


@pytest.mark.parametrize(
    ("exact", "rounded"), [("0.5", 1), ("1.5", 2), ("2.5", 3), ("-0.5", -1), ("0.499999", 0)]
)
def test_half_a_kopeck_is_rounded_from_zero(exact: str, rounded: int):
    assert round_half_up(Decimal(exact)) == rounded


@pytest.mark.parametrize(
    "text", ["", "twelve", "1.234", "1,23", ".5", "1.", "NaN", "1e9", "1e999999", "٣", "9" * 16]
)
def test_a_text_that_is_no_money_is_refused(text: str):
    with pytest.raises(ValueError, match="two decimals"):
        to_kopecks(text)


@pytest.mark.parametrize(("text", "kopecks"), [("5", 500), ("1.2", 120), ("-0.01", -1)])
def test_fewer_decimals_are_read_too(text: str, kopecks: int):
    assert to_kopecks(text) == kopecks
