"""Consumption between readings: rollover, ratio, and the range of a register."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.metering.errors import BelowPrevious, TooManyDecimals, TooManyDigits
from lk_graphql.metering.service.consumption import (
    Consumption,
    Scale,
    Span,
    consumed,
    physical_limit,
)

FIVE_DIGITS = Scale(digits=5)
MONTH = physical_limit(30, power_kw=Decimal(15))

dial = st.integers(0, 99_999).map(Decimal)


def span(opening: int, closing: int, scale: Scale = FIVE_DIGITS) -> Span:
    return Span(Decimal(opening), Decimal(closing), scale)


def test_consumption_is_the_difference_of_the_readings():
    assert consumed(span(1200, 1420), plausible_kwh=MONTH) == Consumption(Decimal(220))


def test_a_full_turn_of_the_dial_is_recognised():
    assert consumed(span(99990, 12), plausible_kwh=MONTH) == Consumption(
        Decimal(22), rolled_over=True
    )


def test_an_impossible_turn_of_the_dial_is_a_reading_below_the_previous():
    with pytest.raises(BelowPrevious) as refused:
        consumed(span(500, 400), plausible_kwh=MONTH)

    assert refused.value.details == {"value": Decimal(400), "previous": Decimal(500)}


def test_the_limit_itself_is_still_plausible():
    assert consumed(span(99_999, 10), plausible_kwh=Decimal(11)).kwh == 11
    with pytest.raises(BelowPrevious):
        consumed(span(99_999, 11), plausible_kwh=Decimal(11))


def test_current_transformers_multiply_the_difference():
    behind_transformers = Scale(digits=5, ratio=Decimal(40))

    assert consumed(span(100, 103, behind_transformers), plausible_kwh=MONTH).kwh == 120


def test_fifteen_kilowatts_around_the_clock_are_the_physical_limit():
    assert Decimal(10_800) == MONTH


@pytest.mark.parametrize("value", ["0", "99999", "12.50"])
def test_a_value_within_the_digits_of_the_dial_is_accepted(value: str):
    Scale(digits=5, fraction_digits=1).check(Decimal(value))


@pytest.mark.parametrize("value", ["-1", "100000"])
def test_a_value_beyond_the_digits_of_the_dial_is_refused(value: str):
    with pytest.raises(TooManyDigits):
        FIVE_DIGITS.check(Decimal(value))


def test_decimals_on_a_dial_without_them_are_refused():
    with pytest.raises(TooManyDecimals):
        FIVE_DIGITS.check(Decimal("12.5"))


@given(dial, st.integers(0, 10_800).map(Decimal))
def test_any_consumption_within_the_limit_is_computed_back(opening: Decimal, kwh: Decimal):
    closing = (opening + kwh) % FIVE_DIGITS.turn

    result = consumed(Span(opening, closing, FIVE_DIGITS), plausible_kwh=MONTH)

    assert result == Consumption(kwh, rolled_over=closing < opening)


@given(st.lists(dial, min_size=3, max_size=3).map(sorted))
def test_consumption_is_additive_over_time(readings: list[Decimal]):
    first, middle, last = readings
    spans = (first, middle), (middle, last), (first, last)

    *parts, total = (consumed(Span(*span, FIVE_DIGITS), plausible_kwh=MONTH) for span in spans)

    assert sum(part.kwh for part in parts) == total.kwh
    assert not any(part.rolled_over for part in (*parts, total))
