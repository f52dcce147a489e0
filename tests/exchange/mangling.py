"""Tables as spreadsheets, accounting programs and mainframes write them.

A `Layout` is a file's form. A spelling is that of a value; some lose it, or could mean another one:
then the row must be refused.
"""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from lk_graphql.import_formats.service.records import FileColumn
from lk_graphql.tabular.value_formats import BOOLEAN, DAY, MOMENT, MONTH

ZONE = ZoneInfo("Asia/Novokuznetsk")
Row = dict[str, str]
Spelling = Callable[[str], str]


def _grouped(separator: str, point: str) -> Spelling:
    def spell(text: str) -> str:
        return f"{Decimal(text):,f}".replace(",", "\0").replace(".", point).replace("\0", separator)

    return spell


def _russian(text: str) -> str:
    return f"{text[8:10]}.{text[5:7]}.{text[:4]}"


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(ZONE)


def _scientific(text: str) -> str:
    return f"{Decimal(text):.5E}".replace(".", ",") if text.isdigit() else text


NUMBERS: dict[str, Spelling] = {
    "comma": lambda text: text.replace(".", ","),
    "blank groups": _grouped(" ", ","),
    "no-break groups": _grouped("\N{NO-BREAK SPACE}", ","),
    "narrow groups": _grouped("\N{NARROW NO-BREAK SPACE}", ","),
    "apostrophe groups": _grouped("'", "."),
    "comma groups": _grouped(",", "."),
    "point groups": _grouped(".", ","),
    "minus behind": lambda text: text[1:] + "-" if text[0] == "-" else text,
    "parentheses": lambda text: f"({text[1:]})" if text[0] == "-" else text,
    "a long minus": lambda text: text.replace("-", "\N{EN DASH}"),
    "plus": lambda text: text if text[0] == "-" else "+" + text,
    "rubles": lambda text: text + " ₽",
    "roubles": lambda text: text.replace(".", ",") + "\N{NO-BREAK SPACE}руб.",
    "dollars": lambda text: "$" + text,
    "scientific": lambda text: f"{Decimal(text):.2E}".replace(".", ","),
    "four decimals": lambda text: f"{Decimal(text):.4f}",
    "three decimals": lambda text: f"{Decimal(text):.3f}",
    "two decimals": lambda text: (
        f"{Decimal(text):.2f}".replace(".", ",")
        if Decimal(text) == round(Decimal(text), 2)
        else text
    ),
    "no zero": lambda text: text.replace("0.", ".", 1) if text.startswith("0.") else text,
    "float": lambda text: repr(float(text) * 1.1 / 1.1),
    "NaN": lambda text: "NaN",  # noqa: ARG005
    "huge": lambda text: text + "9" * 40,
    "sharps": lambda text: "########",  # noqa: ARG005
    "dash": lambda text: "-" if Decimal(text) == 0 else text,
}
DAYS: dict[str, Spelling] = {
    "russian": _russian,
    "1C": lambda text: _russian(text) + " 0:00:00",
    "midnight": lambda text: _russian(text) + " 00:00:00",
    "afternoon": lambda text: text + " 14:05:33",
    "ISO": lambda text: text + "T00:00:00",
    ".NET": lambda text: text + "T00:00:00.0000000+07:00",
    "UTC": lambda text: text + "T00:00:00Z",
    "evening in UTC": lambda text: text + "T20:00:00Z",
    "short year": lambda text: _russian(text)[:6] + text[2:4],
    "slashes": lambda text: _russian(text).replace(".", "/"),
    "American": lambda text: f"{text[5:7]}/{text[8:10]}/{text[:4]}",
    "compact": lambda text: text.replace("-", ""),
    "serial": lambda text: str((date.fromisoformat(text) - date(1899, 12, 30)).days),
}
MONTHS: dict[str, Spelling] = {
    "russian": lambda text: f"{text[5:7]}.{text[:4]}",
    "first day": lambda text: f"01.{text[5:7]}.{text[:4]}",
    "1C": lambda text: f"01.{text[5:7]}.{text[:4]} 0:00:00",
    "ISO": lambda text: f"{text}-01T00:00:00",
    "number": lambda text: f"{int(text[5:7])}.{text[:4]}".rstrip("0"),
    "compact": lambda text: text.replace("-", ""),
    "Excel": lambda text: "окт." + text[2:4],
}
MOMENTS: dict[str, Spelling] = {
    "russian": lambda text: f"{_local(text):%d.%m.%Y %H:%M:%S}",
    "1C": lambda text: f"{_local(text):%d.%m.%Y} {_local(text).hour}:{_local(text):%M:%S}",
    ".NET": lambda text: f"{_local(text):%Y-%m-%dT%H:%M:%S}.0000000+07:00",
    "short year": lambda text: f"{_local(text):%d.%m.%y %H:%M:%S}",
    "day": lambda text: f"{_local(text):%d.%m.%Y}",
}
NO_DAYS: dict[str, Spelling] = {
    name: (lambda _, spelled=spelled: spelled)
    for name, spelled in {
        "1C": "  .  .    ",
        "zeros": "00.00.0000",
        "year one": "01.01.0001 0:00:00",
        ".NET": "0001-01-01T00:00:00",
        "Excel": "0",
        "Excel's day": "30.12.1899",
        "Excel's zero": "00.01.1900",
        "SQL Server": "1900-01-01",
        "for ever": "31.12.9999",
        "dash": "—",
        "NULL": "NULL",
    }.items()
}
BOOLEANS: dict[str, Spelling] = {
    "Excel": lambda text: ("ЛОЖЬ", "ИСТИНА")[int(text)],
    "1C": lambda text: ("Нет", "Да")[int(text)],
    "English": lambda text: ("FALSE", "TRUE")[int(text)],
    "T": lambda text: "FT"[int(text)],
}
TEXTS: dict[str, Spelling] = {
    "formula": lambda text: f'="{text}"' if '"' not in text else text,
    "apostrophe": lambda text: "'" + text if text.isdigit() else text,
    "blanks": lambda text: f" \N{NO-BREAK SPACE}{text} ",
    "zero width": lambda text: text + "\N{ZERO WIDTH SPACE}",
    "byte order mark": lambda text: "\ufeff" + text,
    "lost zeros": lambda text: text.lstrip("0") or "0" if text.isdigit() else text,
    "scientific": _scientific,
    "pandas": lambda text: text + ".0" if text.isdigit() else text,
    "groups": lambda text: f"{int(text):,}".replace(",", "\u00a0") if text.isdigit() else text,
    "NULL": lambda text: "NULL",  # noqa: ARG005
    "error": lambda text: "#Н/Д",  # noqa: ARG005
    "lost letters": lambda text: (
        text.encode("ascii", "replace").decode()
        if text.encode("ascii", "replace").count(b"???")
        else text
    ),
    "replacement": lambda text: text[:-1] + "\N{REPLACEMENT CHARACTER}",
    "NUL": lambda text: text + "\0",
    "control": lambda text: "\x01" + text,
    "quote": lambda text: '"' + text,
    "inner quotes": lambda text: f'"ООО "{text}""',
}
"""`quote` and `inner quotes` are written as they are, without the quotation that CSV needs."""


def spellings(column: FileColumn, text: str) -> dict[str, Spelling]:
    """Spellings of the text by other programs."""
    if not text:
        return NO_DAYS if column.value in {DAY, MOMENT, MONTH} else {}
    if column.value.is_number:
        return NUMBERS
    by_format = {DAY: DAYS, MONTH: MONTHS, MOMENT: MOMENTS, BOOLEAN: BOOLEANS}
    return by_format.get(column.value, TEXTS)


@dataclass(frozen=True)
class Layout:
    """A file's form, which changes no value."""

    delimiter: str = ";"
    encoding: str = "utf-8"
    line_end: str = "\n"
    json: str = ""
    """`lines`, `array`, `pretty` or `values` (numbers are no texts), else CSV."""
    quotes_all: bool = False
    has_sep_line: bool = False
    titles: int = 0
    empty_first: int = 0
    has_blank_lines: bool = False
    empty_columns: int = 0
    header: str = "as it is"
    has_control_z: bool = False
    shuffle: int = 0
    ends_without_line_end: bool = False


@dataclass
class Writer:
    """A table as a file; `lines` are those of the rows, by their place in the table."""

    layout: Layout
    raw: set[tuple[int, str]] = field(default_factory=set[tuple[int, str]])
    """Cells that are written without quotation."""

    def write(self, columns: list[str], rows: list[Row]) -> bytes:
        layout = self.layout
        columns = [*columns]
        if layout.shuffle:
            Random(layout.shuffle).shuffle(columns)
        text = self._json(columns, rows) if layout.json else self._csv(columns, rows)
        if layout.ends_without_line_end:
            text = text.rstrip("\r\n")
        if layout.has_control_z:
            text += "\x1a"
        try:
            return text.encode(layout.encoding)
        except UnicodeEncodeError:
            return text.encode()

    def _csv(self, columns: list[str], rows: list[Row]) -> str:
        layout = self.layout
        lines = list[str]()
        if layout.has_sep_line:
            lines.append(f"sep={layout.delimiter}")
        lines += ["Реестр за октябрь 2026 г." for _ in range(layout.titles)]
        lines += ["" for _ in range(layout.empty_first)]
        empty = [""] * layout.empty_columns
        names = [_named(name, layout.header) for name in columns]
        lines.append(self._line([*names, *empty]))
        for number, row in enumerate(rows):
            cells = [(row[name], (number, name) in self.raw) for name in columns]
            lines.append(
                layout.delimiter.join(
                    [*(text if is_raw else self._cell(text) for text, is_raw in cells), *empty]
                )
            )
            if layout.has_blank_lines and number % 5 == 1:
                lines += ["", layout.delimiter * (len(columns) - 1)]
        return layout.line_end.join([*lines, ""])

    def _line(self, cells: list[str]) -> str:
        return self.layout.delimiter.join(map(self._cell, cells))

    def _cell(self, text: str) -> str:
        if self.layout.quotes_all or any(
            mark in text for mark in (*'"\r\n', self.layout.delimiter)
        ):
            return '"' + text.replace('"', '""') + '"'
        return text

    def _json(self, columns: list[str], rows: list[Row]) -> str:
        layout = self.layout
        documents = [
            {name: _json_value(row[name], is_text=layout.json != "values") for name in columns}
            for row in rows
        ]
        if layout.json == "array":
            return json.dumps(documents, ensure_ascii=False)
        if layout.json == "pretty":
            return json.dumps(documents, ensure_ascii=False, indent=2).replace(
                "\n", layout.line_end
            )
        end = layout.line_end
        return "".join(json.dumps(document, ensure_ascii=False) + end for document in documents)


def _json_value(text: str, *, is_text: bool) -> object:
    if is_text or not text:
        return text or None
    if text.isdigit() and text[0] != "0":
        return int(text)
    return text


def _named(name: str, style: str) -> str:
    match style:
        case "upper":
            return name.upper()
        case "blanks":
            return f" {name.replace('_', ' ').title()}\N{NO-BREAK SPACE}"
        case _:
            return name


def read_table(content: str) -> list[Row]:
    return [*csv.DictReader(io.StringIO(content), delimiter=";")]
