"""Charges for several months since the last reading."""

from datetime import date
from decimal import Decimal
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.billing.models import InvoiceLine, LineKind
from lk_graphql.billing.service.charges import (
    BilledEnergy,
    Charge,
    Ranges,
    ReadingGap,
    TariffPrice,
    charge,
    charge_after_gap,
    in_proportion,
)
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import EstimateRule, GapPricing, ReadingSource, Zone
from tests.factories.accounts import given_invoice
from tests.factories.metering import Home, given_home, given_read, given_tariffs, noon
from tests.support.client import ApiClient

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))
KUZBASS = Ranges((Decimal(400), Decimal(650)))
PRICES = [
    TariffPrice(zone, number, Decimal(rubles), date(2026, 1, 1))
    for zone in Zone
    for number, rubles in ((1, "4.93"), (2, "7.20"), (3, "10.45"))
]


def billed(lines: list[Charge]) -> list[BilledEnergy]:
    return [
        BilledEnergy(line.zone, line.range_number, line.kwh, line.rubles_per_kwh)
        for line in reversed(lines)
    ]


def test_a_gap_of_two_months_has_the_limits_of_two():
    volume = {Zone.SINGLE: Decimal(1000)}

    one = charge_after_gap(volume, DECEMBER, ranges=KUZBASS, prices=PRICES)
    two = charge_after_gap(volume, DECEMBER, ranges=KUZBASS, prices=PRICES, gap=ReadingGap(2))

    assert sum(line.amount for line in one.charged) == 742_950
    assert sum(line.amount for line in two.charged) == 538_400


def test_estimated_volumes_are_subtracted_range_by_range():
    """November was estimated at 500; the reading shows 900 in all, 100 of them above 800."""
    november = charge({Zone.SINGLE: Decimal(500)}, NOVEMBER, ranges=KUZBASS, prices=PRICES)
    gap = ReadingGap(2, billed(november))

    settled = charge_after_gap(
        {Zone.SINGLE: Decimal(400)}, DECEMBER, ranges=KUZBASS, prices=PRICES, gap=gap
    )

    assert [(line.range_number, line.kwh) for line in settled.charged] == [(1, 400)]
    assert settled.credited == []


def test_an_estimated_excess_is_credited_at_its_own_prices():
    """Of 700 estimated 450 have passed in all: what was billed above 450 comes back, dearest."""
    prices = [*PRICES, TariffPrice(Zone.SINGLE, 1, Decimal(5), date(2026, 12, 1))][::-1]
    november = charge({Zone.SINGLE: Decimal(700)}, NOVEMBER, ranges=KUZBASS, prices=PRICES)
    gap = ReadingGap(2, billed(november))

    settled = charge_after_gap(
        {Zone.SINGLE: Decimal(-250)}, DECEMBER, ranges=KUZBASS, prices=prices, gap=gap
    )

    assert [(line.range_number, line.kwh) for line in settled.charged] == [(1, 50)]
    assert [
        (line.range_number, line.kwh, line.rubles_per_kwh, line.amount) for line in settled.credited
    ] == [(2, -250, Decimal("7.20"), -180_000), (3, -50, Decimal("10.45"), -52_250)]


volume = st.integers(0, 2000).map(Decimal)
zones = st.fixed_dictionaries(dict.fromkeys((Zone.DAY, Zone.NIGHT), volume))


@given(st.lists(zones, max_size=3), zones)
def test_bills_and_reading_together_have_the_ranges_of_all_months(
    estimates: list[dict[Zone, Decimal]], used: dict[Zone, Decimal]
):
    bills = [charge(zone, NOVEMBER, ranges=KUZBASS, prices=PRICES) for zone in estimates]
    lines = [line for bill in bills for line in bill]
    months = len(estimates) + 1
    unbilled = {
        zone: kwh - sum((estimate[zone] for estimate in estimates), Decimal())
        for zone, kwh in used.items()
    }

    settled = charge_after_gap(
        unbilled, DECEMBER, ranges=KUZBASS, prices=PRICES, gap=ReadingGap(months, billed(lines))
    )

    every = [*lines, *settled.charged, *settled.credited]
    expected = in_proportion(used, KUZBASS.for_months(months).split(sum(used.values(), Decimal())))
    assert by_cell(every) == {
        (zone, number): kwh
        for zone, parts in expected.items()
        for number, kwh in enumerate(parts, start=1)
        if kwh
    }
    for zone, kwh in unbilled.items():
        new = [line.kwh for line in (*settled.charged, *settled.credited) if line.zone is zone]
        assert sum(new) == kwh
    assert all(line.amount >= 0 for line in settled.charged)
    assert all(line.amount <= 0 for line in settled.credited)


def by_cell(lines: list[Charge]) -> dict[tuple[Zone, int], Decimal]:
    ordered = sorted(lines, key=lambda line: (line.zone, line.range_number))
    groups = groupby(ordered, key=lambda line: (line.zone, line.range_number))
    sums = {cell: sum((line.kwh for line in group), Decimal()) for cell, group in groups}
    return {cell: kwh for cell, kwh in sums.items() if kwh}


# Over HTTP: the last reading is October's, and this is December.


async def given_december(api: ApiClient, anna: Viewer) -> Home:
    home = await given_home(api, anna)
    await given_tariffs()
    api.clock.now = noon(date(2026, 12, 20))
    return home


async def test_a_preview_prices_two_months_together(api: ApiClient, anna: Viewer):
    """400 kWh of two months are all in range I, which ends at 200 kWh a month."""
    home = await given_december(api, anna)

    preview = (await home.preview(22_700, 51_300))["preview"]

    assert preview["total"] == "1400.00"
    assert {line["rangeNumber"] for line in preview["lines"]} == {1}


async def test_a_supplier_may_price_a_gap_as_one_month(api: ApiClient, anna: Viewer):
    home = await given_december(api, anna)
    await EstimateRule.create(
        from_period=date(2026, 12, 1),
        average_months=6,
        least_months=3,
        longest_run=3,
        raising_factor=Decimal("1.5"),
        reference="a test",
        gap_pricing=GapPricing.LAST_MONTH,
    )

    preview = (await home.preview(22_700, 51_300))["preview"]

    assert preview["total"] == "2100.00"


@pytest.mark.parametrize("is_billed", [True, False])
async def test_a_preview_subtracts_the_billed_estimate(
    api: ApiClient, anna: Viewer, *, is_billed: bool
):
    """November: 200 by day and 100 by night, a third of them above range I."""
    home = await given_december(api, anna)
    for register, value in ((home.day, 22_600), (home.night, 51_300)):
        await given_read(register, value, date(2026, 11, 30), ReadingSource.ESTIMATED)
    if is_billed:
        await given_november(home)

    preview = (await home.preview(22_700, 51_300))["preview"]

    lines = [
        (line["zone"], line["rangeNumber"], line["quantityKwh"], line["amount"])
        for line in preview["lines"]
    ]
    assert [entry["billedKwh"] for entry in preview["entries"]] == ["100", "0"]
    if is_billed:
        assert lines == [
            ("DAY", 1, "167", "668.00"),
            ("NIGHT", 1, "33", "66.00"),
            ("DAY", 2, "-67", "-536.00"),
            ("NIGHT", 2, "-33", "-132.00"),
        ]
    else:
        assert lines == [("DAY", 1, "100", "400.00"), ("NIGHT", 1, "0", "0.00")]


@pytest.mark.parametrize("above", [0, 10])
async def test_an_estimate_may_lie_below_the_reading_of_its_month(
    api: ApiClient, anna: Viewer, above: int
):
    """The bill goes on from the estimate, which billing made without November's reading."""
    home = await given_december(api, anna)
    for register, value in ((home.day, 22_600), (home.night, 51_300)):
        await given_read(register, value + above, date(2026, 11, 18))
        await given_read(register, value, date(2026, 11, 30), ReadingSource.ESTIMATED)

    preview = (await home.preview(22_700, 51_310))["preview"]

    assert [entry["billedKwh"] for entry in preview["entries"]] == ["100", "10"]
    assert preview["total"] == "420.00"


async def given_november(home: Home) -> None:
    invoice = await given_invoice(home.account, 11, charged=1, unpaid=1)
    cells = ((Zone.DAY, 1, 133, 4), (Zone.NIGHT, 1, 67, 2), (Zone.DAY, 2, 67, 8))
    for position, (zone, number, kwh, price) in enumerate((*cells, (Zone.NIGHT, 2, 33, 4)), 1):
        await InvoiceLine.create(
            invoice=invoice,
            position=position,
            kind=LineKind.ENERGY,
            service="Электроснабжение",
            zone=zone,
            range_number=number,
            quantity_kwh=Decimal(kwh),
            rubles_per_kwh=Decimal(price),
            amount=kwh * price * 100,
        )
