"""Estimates of months whose bill is issued again, on the basis of a value that was read."""

from datetime import date
from decimal import Decimal

import pytest_asyncio

from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import MonthlyConsumption, Reading, Zone
from tests.factories.metering import NUMBER, Home, given_home, given_read, noon
from tests.support.client import ApiClient
from tests.support.import_runner import ImportRunner

READINGS = "account;meter;zone;value;taken_on;period;source\n"
ESTIMATE = f"{NUMBER};777;DAY;22600;2026-11-30;2026-11;ESTIMATED\n"
ACT = f"{NUMBER};777;DAY;22550;2026-11-28;2026-11;CONTROLLER\n"
BILLS = (
    "account;number;period;issued_on;due_on;opening_balance;charged;recalculated;penalty;paid;"
    "closing_balance;consumption_kwh\n"
)
LINES = "invoice;position;kind;service;zone;quantity_kwh;rubles_per_kwh;amount\n"
USED = "invoice;account;meter;zone;previous_on;current_on;consumption_kwh\n"
ESTIMATED, READ = "", "2026-11-28"


@pytest_asyncio.fixture
async def home(api: ApiClient, anna: Viewer) -> Home:
    """22400 by day on 20 October, and no reading of November."""
    home = await given_home(api, anna)
    await given_read(home.night, 51_300, date(2026, 11, 20))
    api.clock.now = noon(date(2026, 12, 20))
    return home


async def load_readings(importer: ImportRunner, *rows: str, day: int) -> None:
    file = importer.put("readings.csv", READINGS + "".join(rows))
    outcome = await importer.load(ImportKind.READINGS, file, as_of=noon(date(2026, 12, day)))
    assert outcome.faults == []


async def load_bill(importer: ImportRunner, kwh: int, current_on: str, *, day: int) -> None:
    """November's bill; `current_on` is empty for an estimate."""
    row = f"{NUMBER};A-11;2026-11;2026-12-03;2026-12-15;0;{kwh};0;0;0;{kwh};{kwh}\n"
    outcome = await importer.load(
        ImportKind.INVOICES,
        importer.put("invoices.csv", BILLS + row),
        importer.put("invoice_lines.csv", f"{LINES}A-11;1;ENERGY;Энергия;DAY;{kwh};1;{kwh}\n"),
        importer.put("invoice_readings.csv", f"{USED}A-11;{NUMBER};777;DAY;;{current_on};{kwh}\n"),
        as_of=noon(date(2026, 12, day)),
    )
    assert outcome.faults == []


async def states(home: Home) -> list[tuple[int, str]]:
    """The values and states of November by day, in the order of their days."""
    readings = Reading.filter(register=home.day, period=date(2026, 11, 1)).order_by("taken_on")
    return [(int(row.value), row.state.value) for row in await readings]


async def consumption(home: Home) -> Decimal:
    row = await MonthlyConsumption.get(
        account=home.account, period=date(2026, 11, 1), zone=Zone.DAY
    )
    return row.kwh


async def billed_in_december(home: Home) -> str:
    return (await home.preview(22_700, 51_400))["preview"]["entries"][0]["billedKwh"]


async def test_a_bill_that_is_based_on_a_reading_ends_the_estimate(
    home: Home, importer: ImportRunner
):
    """200 kWh were estimated; the inspector read 150."""
    await load_readings(importer, ESTIMATE, day=3)
    await load_bill(importer, 200, ESTIMATED, day=3)
    assert (await consumption(home), await billed_in_december(home)) == (200, "100")

    await load_readings(importer, ACT, day=8)
    await load_bill(importer, 150, READ, day=8)

    assert await states(home) == [(22_550, "ACCEPTED"), (22_600, "SUPERSEDED")]
    assert (await consumption(home), await billed_in_december(home)) == (150, "150")


async def test_a_bill_that_names_the_estimate_itself_keeps_it(home: Home, importer: ImportRunner):
    await load_readings(importer, ESTIMATE, day=3)

    await load_bill(importer, 200, "2026-11-30", day=3)

    assert await states(home) == [(22_600, "ACCEPTED")]
    assert await billed_in_december(home) == "100"


async def test_the_estimate_that_is_sent_again_stays_superseded(home: Home, importer: ImportRunner):
    await load_readings(importer, ESTIMATE, ACT, day=3)
    await load_bill(importer, 150, READ, day=8)

    await load_readings(importer, ESTIMATE, ACT, day=9)
    await load_bill(importer, 150, READ, day=9)

    assert await states(home) == [(22_550, "ACCEPTED"), (22_600, "SUPERSEDED")]
    assert await consumption(home) == 150


async def test_an_estimate_that_comes_after_such_a_bill_does_not_count(
    home: Home, importer: ImportRunner
):
    await load_readings(importer, ACT, day=3)
    await load_bill(importer, 150, READ, day=3)

    await load_readings(importer, ESTIMATE, day=4)

    assert await states(home) == [(22_550, "ACCEPTED")]
    assert (await consumption(home), await billed_in_december(home)) == (150, "150")


async def test_the_estimate_counts_again_if_the_next_issue_names_no_reading(
    home: Home, importer: ImportRunner
):
    await load_readings(importer, ESTIMATE, ACT, day=3)
    await load_bill(importer, 150, READ, day=8)

    await load_bill(importer, 200, ESTIMATED, day=9)

    assert await states(home) == [(22_550, "ACCEPTED"), (22_600, "ACCEPTED")]
    assert (await consumption(home), await billed_in_december(home)) == (200, "100")


async def test_an_older_file_of_the_bill_changes_no_estimate(home: Home, importer: ImportRunner):
    await load_readings(importer, ESTIMATE, ACT, day=3)
    await load_bill(importer, 150, READ, day=8)

    await load_bill(importer, 200, ESTIMATED, day=7)

    assert await states(home) == [(22_550, "ACCEPTED"), (22_600, "SUPERSEDED")]
