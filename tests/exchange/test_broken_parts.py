"""A row of a document's parts that can't be read: the document isn't loaded without it."""

import json

import pytest

from lk_graphql.billing.models import Invoice, InvoiceReading
from lk_graphql.exchange.models import ImportState
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.metering.models import Meter, Register
from tests.exchange.billing_files import ACCOUNTS, INVOICES, LINES, PENALTIES
from tests.support.import_runner import ImportRunner, Rows

METERS = """\
account;serial;model;installed_on
0000000001;X-1;CE 102;2026-01-01
0000000002;X-2;CE 102;2026-01-01
"""
REGISTERS = """\
account;meter;zone;position;label;digits
0000000001;X-1;DAY;1;T1;6
0000000001;X-1;NIGHT;2;T2;6
0000000002;X-2;SINGLE;1;T;6
"""
READINGS = """\
account;meter;zone;value;taken_on;period;source
0000000001;X-1;DAY;0;2026-01-01;2026-01;CONTROLLER
0000000001;X-1;DAY;20;2026-10-25;2026-10;CONTROLLER
"""
USED = """\
invoice;account;meter;zone;previous_on;current_on;consumption_kwh
A-1;0000000001;X-1;DAY;2026-01-01;2026-10-25;20
"""
BROKEN = [
    (";20\n", ";20;1\n", "FIELD_COUNT"),
    (";20\n", "\n", "FIELD_COUNT"),
    (";20\n", ";#N/A\n", "PLACEHOLDER"),
    (";20\n", ";20\x01\n", "BAD_ENCODING"),
    (";DAY;", ';"DA"Y;', "BAD_QUOTES"),
    ("A-1;0000000001;X-1;DAY", '"A-1";0000000001;X-1;"DA"Y', "BAD_QUOTES"),
]
"""Rows of `invoice_readings` in place of a good one, and the fault of each."""


async def load_accounts_and_meters(importer: ImportRunner) -> None:
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    await importer.load(
        ImportKind.METERS, importer.put("m.csv", METERS), importer.put("r.csv", REGISTERS)
    )
    await importer.load(ImportKind.READINGS, importer.put("g.csv", READINGS))


@pytest.mark.parametrize(("good", "broken", "code"), BROKEN)
@pytest.mark.parametrize("batch", [1, 50_000])
async def test_a_bill_with_a_broken_row_of_its_readings_is_not_loaded(
    importer: ImportRunner, good: str, broken: str, code: str, batch: int
):
    await load_accounts_and_meters(importer)
    bills = (("i.csv", INVOICES), ("l.csv", LINES), ("p.csv", PENALTIES))
    files = [importer.put(name, text) for name, text in bills]
    assert USED.count(good) == 1
    used = importer.put("u.csv", USED.replace(good, broken))

    outcome = await importer.load(ImportKind.INVOICES, *files, used, batch=batch)

    assert [(*fault[:2], fault[3]) for fault in importer.faults()] == [
        ("i.csv", "2", "PART_REFUSED"),
        ("l.csv", "2", "DOCUMENT_MISSING"),
        ("u.csv", "2", code),
    ]
    assert (outcome.run.state, outcome.run.errors) == (ImportState.DONE, 3)
    assert await Invoice.all().values_list("number", flat=True) == ["A-2"]
    assert await InvoiceReading.all().count() == 0


async def test_a_bill_keeps_its_readings_if_their_row_is_broken_in_the_next_file(
    importer: ImportRunner, rows: Rows
):
    await load_accounts_and_meters(importer)
    bills = (("i.csv", INVOICES), ("l.csv", LINES), ("p.csv", PENALTIES))
    files = [importer.put(name, text) for name, text in bills]
    await importer.load(ImportKind.INVOICES, *files, importer.put("u.csv", USED))
    readings = "SELECT xmin::text, * FROM invoice_reading"
    before = await rows(readings)
    assert len(before) == 1

    await importer.load(
        ImportKind.INVOICES, *files, importer.put("u.csv", USED.replace(";20\n", ";#N/A\n"))
    )

    assert await rows(readings) == before


async def test_a_meter_with_a_broken_row_of_its_registers_is_not_loaded(importer: ImportRunner):
    """Otherwise customers could send the values of one zone only."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    registers = importer.put("r.csv", REGISTERS.replace("T2;6", "T2;6;0"))

    await importer.load(ImportKind.METERS, importer.put("m.csv", METERS), registers)

    assert importer.faults() == [
        ("m.csv", "2", "registers", "PART_REFUSED", "0000000001 X-1"),
        ("r.csv", "2", "meter", "DOCUMENT_MISSING", "0000000001 X-1"),
        ("r.csv", "3", "", "FIELD_COUNT", '"0000000001'),
    ]
    assert await Meter.all().values_list("serial", flat=True) == ["X-2"]
    assert await Register.all().values_list("zone", flat=True) == ["SINGLE"]


async def test_an_object_with_an_unknown_key_or_a_placeholder_refuses_its_meter(
    importer: ImportRunner,
):
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    header, *lines = (line.split(";") for line in REGISTERS.splitlines())
    objects = [dict(zip(header, line, strict=True)) for line in lines]
    objects[1]["digits"] = "#N/A"
    objects[2]["digit"] = "6"
    registers = importer.put("r.jsonl", "".join(json.dumps(each) + "\n" for each in objects))

    await importer.load(ImportKind.METERS, importer.put("m.csv", METERS), registers)

    assert await Meter.all().count() == await Register.all().count() == 0
    assert [fault[3] for fault in importer.faults()] == [
        *("PART_REFUSED", "PART_REFUSED"),
        *("DOCUMENT_MISSING", "PLACEHOLDER", "UNKNOWN_COLUMN"),
    ]


async def test_a_broken_row_proves_no_decimal_sign(importer: ImportRunner):
    """Its values may be of other columns."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    await importer.load(
        ImportKind.METERS, importer.put("m.csv", METERS), importer.put("r.csv", REGISTERS)
    )
    broken = "0000000002;X-2;SINGLE;0,5;2026-10-25;2026-10;CONTROLLER;1\n"
    text = READINGS.replace(";20;", ";798,000;") + broken

    await importer.load(ImportKind.READINGS, importer.put("g.csv", text))

    assert [fault[1:4] for fault in importer.faults()] == [
        ("3", "value", "BAD_NUMBER"),
        ("4", "", "FIELD_COUNT"),
    ]
