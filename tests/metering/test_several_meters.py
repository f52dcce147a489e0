"""Several meters of one account: at the same time, and one after the other."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lk_graphql.metering.models import Meter, Reading, Register, Zone
from tests.factories.metering import PREVIEW, TODAY, Home, given_read, given_tariffs

MONTHS = range(4, 11)
END = date(2026, 7, 20)


async def given_another(
    home: Home,
    serial: str,
    monthly: int,
    *,
    installed_on: date = date(2020, 1, 1),
    removed_on: date | None = None,
) -> Register:
    """A meter that counts by day, with readings of April to October while it is in use.

    It began with 0 in March, or on its first day.
    """
    meter = await Meter.create(
        account=home.account,
        serial=serial,
        model="Меркурий 200",
        ratio=Decimal(1),
        installed_on=installed_on,
        removed_on=removed_on,
    )
    register = await Register.create(meter=meter, position=1, zone=Zone.DAY, label="T1", digits=5)
    await given_read(register, 0, max(installed_on, date(2026, 3, 20)))
    days = [date(2026, month, 20) for month in MONTHS]
    in_use = [day for day in days if installed_on < day and (not removed_on or day <= removed_on)]
    for number, day in enumerate(in_use, start=1):
        await given_read(register, number * monthly, day)
    return register


async def preview(home: Home, *values: tuple[Register, int]) -> dict[str, Any]:
    entries = [home.entry(register, value) for register, value in values]
    payload = await home.ask(PREVIEW, accountId=home.id, entries=entries, allowPartial=True)
    return payload["preview"]


async def test_each_register_is_estimated_by_its_own_months(home: Home):
    """200 and 600 kWh a month, both by day."""
    heating = await given_another(home, "778", 600)

    entries = (await preview(home, (home.day, 22_600), (heating, 4_800)))["entries"]

    assert [entry["estimatedKwh"] for entry in entries] == ["200", "600"]


@pytest.mark.parametrize(
    ("expired", "billed"),
    [(["777", "778"], ["200", "600"]), (["777"], ["200", "650"]), (["778"], ["250", "600"])],
)
async def test_a_preview_prices_each_estimate_once(
    home: Home, expired: list[str], billed: list[str]
):
    await given_tariffs()
    heating = await given_another(home, "778", 600)
    verified_until = TODAY - timedelta(1)
    await Meter.filter(serial__in=expired).update(next_verification_on=verified_until)

    priced = await preview(home, (home.day, 22_650), (heating, 4_850))

    assert [entry["billedKwh"] for entry in priced["entries"]] == billed
    kwh = sum(int(line["quantityKwh"]) for line in priced["lines"])
    assert kwh == sum(map(int, billed))


async def test_a_reading_is_unusual_by_the_months_of_its_own_register(home: Home):
    """Three times 200 kWh is the limit, whatever the heating takes."""
    heating = await given_another(home, "778", 600)

    entries = (await preview(home, (home.day, 22_400 + 700), (heating, 4_200 + 700)))["entries"]

    assert [entry["status"] for entry in entries] == ["NEEDS_CONFIRMATION", "ACCEPTED_FOR_BILLING"]
    (finding,) = entries[0]["findings"]
    assert [month["kwh"] for month in finding["typicalMonths"]] == ["200"] * 12


@pytest.mark.parametrize("is_beside_another", [False, True])
async def test_a_meter_goes_on_from_the_one_that_it_replaced(
    home: Home, *, is_beside_another: bool
):
    """The new one has too few months: 3 of its own and 3 before make the average of 300."""
    if not is_beside_another:
        await Meter.filter(serial="777").delete()
    await given_another(home, "778", 200, removed_on=END)
    new = await given_another(home, "779", 400, installed_on=END)

    entries = (await preview(home, (new, 2_000)))["entries"]

    assert [entry["estimatedKwh"] for entry in entries] == ["300"]


async def test_two_meters_that_are_replaced_on_one_day_have_a_successor_each(home: Home):
    await Meter.filter(serial="777").update(removed_on=END)
    await Reading.filter(register=home.day, taken_on__gt=END).delete()
    await given_another(home, "778", 600, removed_on=END)
    new = [await given_another(home, serial, 300, installed_on=END) for serial in ("779", "780")]

    entries = (await preview(home, *((register, 1_500) for register in new)))["entries"]

    averages = [int(entry["estimatedKwh"]) for entry in entries]
    assert sum(averages) == sum([(3 * 200 + 3 * 300) // 6, (3 * 600 + 3 * 300) // 6])
