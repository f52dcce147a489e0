"""Escaping of CSV text cells that a spreadsheet or an import would not read as text.

Such a text is written with a leading apostrophe, the mark that spreadsheets use themselves. These
texts need it:

- a text that begins like a formula (spreadsheets ignore blanks and quotation marks before it);
- an error value, or a word for no value;
- digits after an apostrophe;
- lines with separators, which might be rows.

Imports remove the apostrophe (`unescape_cell`), so every text survives a round trip. Numbers, days
and keys aren't texts and are written unchanged.
"""

import re
from collections.abc import Iterable
from datetime import datetime

DELIMITER = ";"
"""The delimiter of written files, as spreadsheets with Russian settings expect it."""
_MARK = "'"
_FORMULA = re.compile(
    r"""[\s\x00-\x1f'"`´‘’“”„«»\xad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]*"""
    r"[-=+@\uff0d\uff1d\uff0b\uff20\u2212]|[\t\r\n]"
)
"""Includes fullwidth signs, which East Asian editions of Excel read, and the minus sign U+2212."""
_DIGITS = re.compile(r"[0-9]+")
_QUOTED_TEXT = re.compile(r'="([^"]*)"')
"""The formula by which programs keep a spreadsheet from reading a text as a number."""
_ERROR = re.compile(
    r"##+|#(Н/Д|N/A|GETTING_DATA)|#[A-ZА-Я/0]+[!?]|=.*|Err:[0-9]{3}|<Объект не найден>.*", re.DOTALL
)
"""Includes errors of LibreOffice, and 1C's text for a reference to a missing object."""
_NO_VALUES = {
    *("NULL", "null", "(null)", "<NULL>", "<null>", r"\N", "DBNull", "System.DBNull", "undefined"),
    *("None", "nan", "<NA>", "N/A", "n/a", "(blank)", "(пусто)", "Неопределено"),
    *("[object Object]", "System.Object[]"),
}
_QUOTED = frozenset(DELIMITER + '"\r\n')


def is_placeholder(text: str) -> bool:
    """Whether a text is a spreadsheet's error or formula, or a word for no value."""
    return text in _NO_VALUES or (text[:1] in {*"#=<E"} and bool(_ERROR.fullmatch(text)))


def escape_cell(text: str) -> str:
    """The text as a cell, with a leading apostrophe if needed."""
    bare = text.lstrip(_MARK)
    is_digits = bare != text and _DIGITS.fullmatch(bare)
    return f"{_MARK}{text}" if is_digits or _needs_mark(bare) else text


def unescape_cell(cell: str) -> str:
    """The text of a cell that `escape_cell` or a spreadsheet has written."""
    if cell.startswith(_MARK):
        bare = cell.lstrip(_MARK)
        return cell[1:] if _DIGITS.fullmatch(bare) or _needs_mark(bare) else cell
    quoted = _QUOTED_TEXT.fullmatch(cell) if cell.startswith("=") else None
    return quoted[1] if quoted else cell


def may_hold_rows(cell: str, delimiter: str = DELIMITER) -> bool:
    """Whether the cell may contain further rows, because a quotation mark isn't closed."""
    return delimiter in cell and ("\n" in cell or "\r" in cell) and unescape_cell(cell) == cell


def cell_of(value: object) -> str | None:
    """The cell of a value: texts are marked, other values are written unchanged."""
    if isinstance(value, str):
        return escape_cell(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return None if value is None else str(value)


def csv_line(cells: Iterable[str | None]) -> bytes:
    """A record of cells that are already marked."""
    return (DELIMITER.join(map(_quoted, cells)) + "\n").encode()


def _needs_mark(bare: str) -> bool:
    return may_hold_rows(bare) or bool(_FORMULA.match(bare)) or is_placeholder(bare)


def _quoted(cell: str | None) -> str:
    if cell is None:
        return ""
    return '"' + cell.replace('"', '""') + '"' if not _QUOTED.isdisjoint(cell) else cell
