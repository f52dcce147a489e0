"""Months that billing has estimated, and that the cabinet knows by their bills only."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.billing.models import Invoice, InvoiceLine, InvoiceReading, LineKind, VolumeBasis
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Meter, ReadingSource, Register, Zone
from tests.factories.accounts import given_invoice
from tests.factories.metering import Home, given_home, given_read, given_tariffs, noon
from tests.support.client import ApiClient

SEPTEMBER, OCTOBER, NOVEMBER = 9, 10, 11
PRICES = {Zone.DAY: Decimal(4), Zone.NIGHT: Decimal(2)}


@pytest_asyncio.fixture
async def home(api: ApiClient, anna: Viewer) -> Home:
    """It is December. The readings of October are 22400 and 51200, usually 200 and 100 kWh more."""
    home = await given_home(api, anna)
    await given_tariffs()
    api.clock.now = noon(date(2026, 12, 20))
    return home


async def given_bill(
    home: Home,
    month: int,
    day: int = 100,
    *,
    basis: VolumeBasis | None = VolumeBasis.AVERAGE,
    names_readings: bool = False,
) -> Invoice:
    """A bill of an estimate by day, and of 100 kWh by night."""
    invoice = await given_invoice(home.account, month, charged=1, unpaid=1)
    for position, (register, kwh) in enumerate(((home.day, day), (home.night, 100)), start=1):
        await InvoiceLine.create(
            invoice=invoice,
            position=position,
            kind=LineKind.ENERGY,
            service="Электроснабжение",
            zone=register.zone,
            range_number=1,
            basis=basis,
            quantity_kwh=Decimal(kwh),
            rubles_per_kwh=PRICES[register.zone],
            amount=kwh * int(PRICES[register.zone]) * 100,
        )
        if names_readings:
            await InvoiceReading.create(
                invoice=invoice, register=register, consumption_kwh=Decimal(kwh)
            )
    return invoice


async def previewed(home: Home, day: int, night: int) -> tuple[list[str], list[Any]]:
    """Return the volume to bill of each register, and the lines: zone, range, kWh and amount."""
    preview = (await home.preview(day, night))["preview"]
    lines = [
        (line["zone"], line["rangeNumber"], line["quantityKwh"], line["amount"])
        for line in preview["lines"]
    ]
    return [entry["billedKwh"] for entry in preview["entries"]], lines


@pytest.mark.parametrize(
    ("names_readings", "basis"),
    [
        (True, None),
        (True, VolumeBasis.AVERAGE),
        (False, VolumeBasis.AVERAGE),
        (False, VolumeBasis.NORM),
    ],
)
@pytest.mark.parametrize(
    ("estimated", "billed", "line"),
    [(100, "80", ("DAY", 1, "80", "320.00")), (200, "-20", ("DAY", 1, "-20", "-80.00"))],
)
async def test_an_estimated_volume_of_a_bill_is_not_charged_again(
    home: Home,
    *,
    names_readings: bool,
    basis: VolumeBasis | None,
    estimated: int,
    billed: str,
    line: tuple[object, ...],
):
    """180 kWh by day and 130 by night of two months, of which November's bill has a part."""
    await given_bill(home, NOVEMBER, estimated, basis=basis, names_readings=names_readings)

    volumes, lines = await previewed(home, 22_580, 51_330)

    assert volumes == [billed, "30"]
    assert sorted(lines) == [line, ("NIGHT", 1, "30", "60.00")]


@pytest.mark.parametrize("basis", [VolumeBasis.METER, None])
async def test_a_bill_that_calls_nothing_an_estimate_is_none(home: Home, basis: VolumeBasis | None):
    await given_bill(home, NOVEMBER, basis=basis)

    assert (await previewed(home, 22_580, 51_330))[0] == ["180", "130"]


async def test_an_estimate_beside_its_bill_counts_once(home: Home):
    await given_bill(home, NOVEMBER, names_readings=True)
    for register, value in ((home.day, 22_500), (home.night, 51_300)):
        await given_read(register, value, date(2026, 11, 30), ReadingSource.ESTIMATED)

    assert (await previewed(home, 22_580, 51_330))[0] == ["80", "30"]


@pytest.mark.parametrize("sent", [SEPTEMBER + 1, NOVEMBER])
async def test_of_two_estimated_months_billing_may_have_sent_one(
    home: Home, api: ApiClient, sent: int
):
    """A later estimate includes the months before; a bill after it adds to it."""
    await home.day.readings.all().filter(taken_on=date(2026, 10, 20)).delete()
    await home.night.readings.all().filter(taken_on=date(2026, 10, 20)).delete()
    await given_bill(home, OCTOBER, 150)
    await given_bill(home, NOVEMBER, 100)
    steps = {OCTOBER: 150, NOVEMBER: 250}
    nights = {OCTOBER: 100, NOVEMBER: 200}
    await given_read(home.day, 22_200 + steps[sent], date(2026, sent, 30), ReadingSource.ESTIMATED)
    await given_read(
        home.night, 51_100 + nights[sent], date(2026, sent, 30), ReadingSource.ESTIMATED
    )

    assert (await previewed(home, 22_580, 51_330))[0] == ["130", "30"]


async def test_bills_up_to_the_last_reading_are_settled(home: Home):
    await given_bill(home, SEPTEMBER, names_readings=True)
    await given_bill(home, OCTOBER)

    assert (await previewed(home, 22_580, 51_330))[0] == ["180", "130"]


@pytest.mark.parametrize("names_readings", [True, False])
async def test_after_three_estimated_months_the_norm_is_billed(
    home: Home, api: ApiClient, *, names_readings: bool
):
    """The norm is 100 kWh, half for each register."""
    for register in (home.day, home.night):
        await register.readings.all().filter(taken_on__gte=date(2026, 9, 1)).delete()
    for month in (SEPTEMBER, OCTOBER, NOVEMBER):
        await given_bill(home, month, 200, names_readings=names_readings)

    entries = (await home.preview(22_700, 51_400))["preview"]["entries"]

    assert [entry["estimatedKwh"] for entry in entries] == ["50", "50"]


async def given_second_register(
    home: Home, *, meter_removed_on: date | None = None, removed_on: date | None = None
) -> None:
    """A second meter, which has one register, by day."""
    meter = await Meter.create(
        account=home.account,
        serial="778",
        model="Меркурий 200",
        ratio=Decimal(1),
        installed_on=date(2020, 1, 1),
        removed_on=meter_removed_on,
    )
    await Register.create(
        meter=meter, position=1, zone=Zone.DAY, label="T1", digits=5, removed_on=removed_on
    )


async def test_a_line_of_two_registers_decides_about_neither(home: Home):
    """A second meter has counted by day in November; its part of the line isn't known."""
    await given_second_register(home, meter_removed_on=date(2026, 11, 5))
    await given_bill(home, NOVEMBER)

    assert (await previewed(home, 22_580, 51_330))[0] == ["180", "30"]


@pytest.mark.parametrize(
    ("removed_on", "billed"), [(date(2026, 10, 31), "80"), (date(2026, 11, 1), "180")]
)
async def test_a_former_register_of_the_zone_counts_until_its_last_day(
    home: Home, removed_on: date, billed: str
):
    """The second meter was set to one zone, in October or in November."""
    await given_second_register(home, removed_on=removed_on)
    await given_bill(home, NOVEMBER)

    assert (await previewed(home, 22_580, 51_330))[0] == [billed, "30"]
