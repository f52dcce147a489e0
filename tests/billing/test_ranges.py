"""Consumption ranges, and their apportionment to zones."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.billing.models import RangeLimit
from lk_graphql.billing.service.charges import (
    RANGE_ONE,
    Ranges,
    apportion,
    finest_step,
    in_proportion,
    ranges_on,
)
from lk_graphql.metering.models import Zone

KUZBASS = Ranges((Decimal(400), Decimal(650)))

volume = st.decimals(0, 20_000, places=1)
zones = st.fixed_dictionaries(dict.fromkeys((Zone.DAY, Zone.NIGHT, Zone.PEAK), volume))


@pytest.mark.parametrize(
    ("kwh", "expected"),
    [
        (700, [400, 250, 50]),
        (650, [400, 250, 0]),
        (401, [400, 1, 0]),
        (400, [400, 0, 0]),
        (0, [0, 0, 0]),
    ],
)
def test_each_range_has_the_rest_of_the_ranges_below(kwh: int, expected: list[int]):
    assert KUZBASS.split(Decimal(kwh)) == expected


def test_large_families_stay_in_range_one():
    assert RANGE_ONE.split(Decimal(7000)) == [7000]


def test_the_newest_rows_before_a_day_are_in_force():
    rows = [
        RangeLimit(range_number=number, up_to_kwh=end, valid_from=since)
        for number, end, since in (
            (1, None, date(2020, 1, 1)),
            (1, 400, date(2022, 12, 1)),
            (2, 650, date(2022, 12, 1)),
            (3, None, date(2022, 12, 1)),
        )
    ]

    assert ranges_on(date(2022, 11, 30), rows) == RANGE_ONE
    assert ranges_on(date(2022, 12, 1), rows) == KUZBASS


def test_zones_share_every_range_in_proportion():
    by_zone = {Zone.DAY: Decimal(500), Zone.NIGHT: Decimal(200)}

    shared = in_proportion(by_zone, KUZBASS.split(Decimal(700)))

    assert shared == {Zone.DAY: [286, 178, 36], Zone.NIGHT: [114, 72, 14]}


@given(zones)
def test_the_sums_of_zones_and_of_ranges_stay_exact(by_zone: dict[Zone, Decimal]):
    by_range = KUZBASS.split(sum(by_zone.values(), Decimal()))

    shared = in_proportion(by_zone, by_range)

    assert {zone: sum(parts) for zone, parts in shared.items()} == by_zone
    assert [sum(column) for column in zip(*shared.values(), strict=True)] == by_range
    assert all(part >= 0 for parts in shared.values() for part in parts)


@given(volume, volume)
def test_a_larger_volume_is_nowhere_smaller(first: Decimal, second: Decimal):
    less, more = KUZBASS.split(min(first, second)), KUZBASS.split(max(first, second))

    assert sum(more) == max(first, second)
    assert all(low <= high for low, high in zip(less, more, strict=True))


@given(st.integers(0, 10_000).map(Decimal), st.lists(st.integers(1, 99).map(Decimal), min_size=1))
def test_parts_add_up_and_are_off_by_less_than_a_step(total: Decimal, weights: list[Decimal]):
    parts = apportion(total, weights, step=Decimal(1))

    assert sum(parts) == total
    exact = [total * weight / sum(weights) for weight in weights]
    assert all(abs(part - share) < 1 for part, share in zip(parts, exact, strict=True))


@given(st.integers(1, 10_000), st.lists(st.integers(1, 30), min_size=2, max_size=6))
def test_the_first_of_equal_remainders_gets_the_step(total: int, weights: list[int]):
    parts = apportion(Decimal(total), [Decimal(weight) for weight in weights], step=Decimal(1))

    shares = [divmod(total * weight, sum(weights)) for weight in weights]
    left = total - sum(quotient for quotient, _ in shares)
    order = sorted(range(len(shares)), key=lambda i: -shares[i][1])  # equals keep their order
    assert parts == [quotient + (i in order[:left]) for i, (quotient, _) in enumerate(shares)]


def test_a_range_goes_to_the_first_of_zones_that_have_equal_claims():
    """Of 250 kWh of range II each zone has a third of a kWh beyond its whole ones."""
    by_zone = {Zone.PEAK: Decimal(360), Zone.NIGHT: Decimal(220), Zone.HALF_PEAK: Decimal(120)}

    shared = in_proportion(by_zone, KUZBASS.split(Decimal(700)))

    assert shared == {
        Zone.PEAK: [206, 129, 25],
        Zone.NIGHT: [126, 78, 16],
        Zone.HALF_PEAK: [68, 43, 9],
    }


def test_weights_that_sum_to_zero_are_refused():
    assert apportion(Decimal(), [Decimal()], step=Decimal(1)) == [0]
    with pytest.raises(ValueError, match="Nothing to divide by"):
        apportion(Decimal(1), [Decimal()], step=Decimal(1))


def test_the_finest_volume_decides_on_the_step():
    assert finest_step(Decimal(700), Decimal("12.50")) == Decimal("0.1")
