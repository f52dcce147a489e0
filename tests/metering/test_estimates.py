"""Months without a reading: the average first, the norm after."""

from decimal import Decimal

from lk_graphql.metering.service.rules import Estimate, EstimateTerms, estimate

NORM_KWH = Decimal(156)
LAW = EstimateTerms(average_months=6, least_months=3, longest_run=3, raising_factor=Decimal("1.5"))
BY_NORM = Estimate(NORM_KWH, LAW.raising_factor)


def of(history: list[int], *, before: int = 0) -> Estimate:
    return estimate(
        [Decimal(kwh) for kwh in history],
        estimated_before=before,
        norm_kwh=NORM_KWH,
        rule=LAW,
    )


def test_an_estimate_is_the_average_of_the_last_six_months():
    assert of([9999, 100, 110, 120, 130, 140, 150]) == Estimate(Decimal(125))


def test_three_months_are_enough_and_two_are_not():
    assert of([100, 100, 101]) == Estimate(Decimal(100))
    assert of([100, 100]) == BY_NORM


def test_half_a_kilowatt_hour_counts_as_one():
    assert of([100, 100, 100, 101, 101, 101]).kwh == 101


def test_the_average_serves_three_periods_in_a_row():
    history = [100] * 6

    assert of(history, before=2) == Estimate(Decimal(100))
    assert of(history, before=3) == BY_NORM
