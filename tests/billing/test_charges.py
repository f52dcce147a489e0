"""Charges: lines, proration by days, rounding, sums."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.billing.service.charges import (
    RANGE_ONE,
    Charge,
    Ranges,
    TariffNotFound,
    TariffPrice,
    amount_of,
    charge,
    charge_after_gap,
)
from lk_graphql.metering.models import Zone

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
KUZBASS = Ranges((Decimal(400), Decimal(650)))


def prices(zone: Zone, *by_range: str, since: date = date(2026, 1, 1)) -> list[TariffPrice]:
    return [
        TariffPrice(zone, number, Decimal(rubles), since)
        for number, rubles in enumerate(by_range, start=1)
    ]


ONE_RATE = prices(Zone.SINGLE, "4.12", "6.03", "8.77")
TWO_RATES = [*prices(Zone.DAY, "4.73", "6.93", "10.09"), *prices(Zone.NIGHT, "2.88", "4.22", "6.1")]


def test_every_range_is_a_line_at_its_own_price():
    lines = charge({Zone.SINGLE: Decimal(700)}, JUNE, ranges=KUZBASS, prices=ONE_RATE)

    assert [(line.range_number, line.kwh, line.amount) for line in lines] == [
        (1, 400, 164_800),
        (2, 250, 150_750),
        (3, 50, 43_850),
    ]
    assert sum(line.amount for line in lines) == 359_400


def test_a_range_that_holds_nothing_has_no_line_but_the_first_always_has():
    assert [line.range_number for line in _one_rate(120)] == [1]
    assert [(line.kwh, line.amount) for line in _one_rate(0)] == [(0, 0)]


def test_zones_have_their_own_prices():
    lines = charge(
        {Zone.DAY: Decimal(180), Zone.NIGHT: Decimal(75)}, JUNE, ranges=KUZBASS, prices=TWO_RATES
    )

    assert [(line.zone, line.amount) for line in lines] == [
        (Zone.DAY, 85_140),
        (Zone.NIGHT, 21_600),
    ]


def test_a_price_that_changes_inside_is_prorated_by_days():
    rise = [*ONE_RATE, *prices(Zone.SINGLE, "4.60", since=date(2026, 6, 21))]
    old = [
        TariffPrice(price.zone, 1, price.rubles_per_kwh, price.valid_from, date(2026, 6, 20))
        for price in rise[:1]
    ]

    lines = charge({Zone.SINGLE: Decimal(100)}, JUNE, ranges=RANGE_ONE, prices=[*old, rise[-1]])

    assert [(line.first_day.day, line.last_day.day, line.kwh, line.amount) for line in lines] == [
        (1, 20, 67, 27_604),
        (21, 30, 33, 15_180),
    ]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_open_ended_prices_the_newer_counts(order: tuple[int, int]):
    """D13: billed by whichever came first, 4.44 instead of 4.93."""
    both = [
        *prices(Zone.SINGLE, "4.44"),
        *prices(Zone.SINGLE, "4.93", since=date(2026, 6, 1)),
    ]

    lines = charge(
        {Zone.SINGLE: Decimal(100)},
        JUNE,
        ranges=RANGE_ONE,
        prices=[both[number] for number in order],
    )

    assert [(line.first_day, line.last_day, line.amount) for line in lines] == [(*JUNE, 49_300)]


def test_a_price_for_some_days_gives_way_to_the_one_that_it_covers():
    for_ten_days = TariffPrice(Zone.SINGLE, 1, Decimal(5), date(2026, 6, 11), date(2026, 6, 20))

    lines = charge(
        {Zone.SINGLE: Decimal(90)}, JUNE, ranges=RANGE_ONE, prices=[for_ten_days, *ONE_RATE]
    )

    assert [(line.first_day.day, line.last_day.day, line.rubles_per_kwh) for line in lines] == [
        (1, 10, Decimal("4.12")),
        (11, 20, 5),
        (21, 30, Decimal("4.12")),
    ]


def test_a_day_without_a_price_is_no_bill():
    hole = [
        TariffPrice(Zone.SINGLE, 1, Decimal(4), date(2026, 1, 1), date(2026, 6, 14)),
        TariffPrice(Zone.SINGLE, 1, Decimal(5), date(2026, 6, 16)),
    ]

    with pytest.raises(TariffNotFound, match="2026-06-15"):
        charge({Zone.SINGLE: Decimal(1)}, JUNE, ranges=RANGE_ONE, prices=hole)


starts = st.lists(st.integers(-40, 29), unique=True, min_size=1, max_size=5)


@given(starts, st.data())
def test_each_day_is_billed_by_the_newest_price_in_any_order_of_rows(
    offsets: list[int], data: st.DataObject
):
    """Rows are open-ended or bounded; one that holds from the beginning leaves no hole."""
    rows = [TariffPrice(Zone.SINGLE, 1, Decimal(1), date(2020, 1, 1))]
    for number, offset in enumerate(offsets, start=2):
        start = JUNE[0] + timedelta(days=offset)
        length = data.draw(st.none() | st.integers(0, 40))
        end = None if length is None else start + timedelta(days=length)
        rows.append(TariffPrice(Zone.SINGLE, 1, Decimal(number), start, end))

    lines = charge(
        {Zone.SINGLE: Decimal(30)},
        JUNE,
        ranges=RANGE_ONE,
        prices=data.draw(st.permutations(rows)),
    )

    billed = {
        day: line.rubles_per_kwh
        for line in lines
        for day in range(line.first_day.day, line.last_day.day + 1)
    }
    assert billed == {
        number: max(
            (row for row in rows if row.valid_from <= day <= (row.valid_to or date.max)),
            key=lambda row: row.valid_from,
        ).rubles_per_kwh
        for number in range(1, 31)
        for day in [date(2026, 6, number)]
    }


def test_an_estimated_excess_is_credited_at_the_first_range_s_price():
    """The credit leaves the ranges of the day zone unchanged."""
    volumes = {Zone.DAY: Decimal(500), Zone.NIGHT: Decimal(-450)}

    settled = charge_after_gap(volumes, JUNE, ranges=KUZBASS, prices=TWO_RATES)

    assert [(line.zone, line.range_number, line.kwh, line.amount) for line in settled.charged] == [
        (Zone.DAY, 1, 400, 189_200),
        (Zone.NIGHT, 1, 0, 0),
        (Zone.DAY, 2, 100, 69_300),
    ]
    assert [(line.zone, line.range_number, line.kwh, line.amount) for line in settled.credited] == [
        (Zone.NIGHT, 1, -450, -129_600)
    ]


def test_half_a_kopeck_goes_up():
    assert amount_of(Decimal("0.5"), Decimal("4.13")) == 207


def test_a_hole_in_the_tariffs_is_the_operators_fault():
    with pytest.raises(TariffNotFound):
        charge({Zone.PEAK: Decimal(1)}, JUNE, ranges=RANGE_ONE, prices=ONE_RATE)


def _one_rate(kwh: int) -> list[Charge]:
    return charge({Zone.SINGLE: Decimal(kwh)}, JUNE, ranges=KUZBASS, prices=ONE_RATE)


kwh = st.integers(0, 3000).map(Decimal)


@given(kwh, kwh)
def test_lines_add_up_to_the_volume(day: Decimal, night: Decimal):
    lines = charge({Zone.DAY: day, Zone.NIGHT: night}, JUNE, ranges=KUZBASS, prices=TWO_RATES)

    assert sum(line.kwh for line in lines if line.zone is Zone.DAY) == day
    assert sum(line.kwh for line in lines if line.zone is Zone.NIGHT) == night
    assert all(line.amount == amount_of(line.kwh, line.rubles_per_kwh) for line in lines)


@given(kwh, kwh)
def test_more_energy_never_costs_less(first: Decimal, second: Decimal):
    less, more = sorted((int(first), int(second)))

    cheap, dear = (sum(line.amount for line in _one_rate(kwh)) for kwh in (less, more))
    assert cheap <= dear
