"""Months without a reading: the average first, the norm after."""

from decimal import Decimal

from lk_graphql.metering.service.rules import Estimate, EstimateBasis, EstimateTerms, estimate

NORM = Decimal(156)
LAW = EstimateTerms(average_months=6, least_months=3, longest_run=3, raising_factor=Decimal("1.5"))


def of(history: list[int], *, before: int = 0, meter_possible: bool = True) -> Estimate:
    return estimate(
        [Decimal(kwh) for kwh in history],
        estimated_before=before,
        norm_kwh=NORM,
        meter_possible=meter_possible,
        rule=LAW,
    )


def test_is_the_average_of_the_last_six_months():
    assert of([9999, 100, 110, 120, 130, 140, 150]) == Estimate(Decimal(125), EstimateBasis.AVERAGE)


def test_three_months_are_enough_and_two_are_not():
    assert of([100, 100, 101]) == Estimate(Decimal(100), EstimateBasis.AVERAGE)
    assert of([100, 100]).basis is EstimateBasis.NORM


def test_half_a_kilowatt_hour_counts_as_one():
    assert of([100, 100, 100, 101, 101, 101]).kwh == 101


def test_the_average_serves_three_periods_in_a_row():
    history = [100] * 6

    assert of(history, before=2).basis is EstimateBasis.AVERAGE
    assert of(history, before=3) == Estimate(NORM, EstimateBasis.NORM, Decimal("1.5"))


def test_the_norm_is_not_raised_where_no_meter_could_be():
    assert of([], meter_possible=False) == Estimate(NORM, EstimateBasis.NORM, Decimal(1))
