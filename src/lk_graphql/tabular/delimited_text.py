"""Reader of delimited text (CSV): the line with the names, and the records with their lines.

Quotation marks are read strictly (RFC 4180), because improperly quoted text is ambiguous. Lines end
with LF, CRLF or CR, and are read one at a time.
"""

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TextIO

from lk_graphql.tabular.spreadsheet_cells import may_hold_rows

DELIMITERS = ";,\t|"
_MAX_LINE = 1 << 20  # characters
_MAX_TITLES = 30  # the header must be one of so many first lines
_BLANKS = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff-]+")


class MalformedText(ValueError):
    """A text that can't be divided into records; the message names the line."""


@dataclass(frozen=True)
class Header:
    """The line with the columns' names; `names` are normalized, without empty ones at the end."""

    line: int
    delimiter: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """A record that begins on `line`; `cells` is None if its quotation marks are invalid."""

    line: int
    text: str
    cells: list[str] | None


def lines_of(text: TextIO) -> Iterator[str]:
    """Yield the lines. Raises `MalformedText` for a line of excessive length."""
    number = 0
    while line := text.readline(_MAX_LINE):
        number += 1
        if len(line) == _MAX_LINE:
            raise MalformedText(f"line {number} is longer than {_MAX_LINE} characters")
        yield line


def normal_name(name: str) -> str:
    """A column's name in lower case, with `_` for blanks, and without invisible characters."""
    return _BLANKS.sub("_", name.lower()).strip('_"')


def find_header(text: TextIO, known: Collection[str]) -> Header | None:
    """Find the first line with two of the `known` names, or else the first nonempty line.

    Raises `MalformedText` if a line above it looks like a record.
    """
    lines = [*islice(lines_of(text), _MAX_TITLES)]
    candidates = [
        Header(number, delimiter, _names(line, delimiter))
        for number, line in enumerate(lines, start=1)
        for delimiter in sorted(DELIMITERS, key=line.count, reverse=True)
        if line.strip() and not _is_separator_line(line)
    ]
    named = (header for header in candidates if len(set(header.names) & set(known)) > 1)
    header = next(named, next(iter(candidates), None))
    if not header or not header.names:
        return None
    for number, line in enumerate(lines[: header.line - 1], start=1):
        filled = [name for name in _names(line, header.delimiter) if name]
        if len(filled) * 2 > len(header.names) and not _is_separator_line(line):
            raise MalformedText(f"line {number} is above the names of the columns")
    return header


def _is_separator_line(line: str) -> bool:
    return line.lstrip("\ufeff").lower().startswith("sep=")


def _names(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        cells = next(csv.reader([line], delimiter=delimiter), list[str]())
    except csv.Error:  # a value that is too long for a name
        return ()
    names = [normal_name(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


@dataclass
class _Lines:
    """The lines of a text, and those that the reader has taken for its current record."""

    lines: Iterator[str]
    taken: list[str] = field(default_factory=list[str])

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines).rstrip("\x1a")  # the end of a file in CP/M and DOS
        self.taken.append(line)
        return line


def read_records(text: TextIO, header: Header) -> Iterator[Record]:
    """Yield the records below the header, including empty ones.

    Raises `MalformedText` if a quotation mark is never closed, or is closed so late that the quoted
    value may contain records.
    """
    lines = _Lines(lines_of(text))
    reader = csv.reader(lines, delimiter=header.delimiter, strict=True)
    for _ in islice(lines, header.line):
        pass
    number = header.line + 1
    while True:
        lines.taken = []
        try:
            cells = next(reader, None)
            if cells is None:
                return
        except csv.Error as error:
            if "limit" in str(error) and len(lines.taken) == 1:
                most = csv.field_size_limit()
                reason = f"line {number} has a value of over {most} characters"
                raise MalformedText(reason) from error
            if "unexpected end" in str(error) or "limit" in str(error):
                raise _unclosed(number) from error
            cells = None
        if len(lines.taken) > 1 and _has_record_inside(lines.taken, cells, header):
            raise _unclosed(number)
        yield Record(number, "".join(lines.taken), cells)
        number += len(lines.taken)


def _has_record_inside(lines: list[str], cells: list[str] | None, header: Header) -> bool:
    """Whether a quoted value with line ends contains a line that looks like a record itself."""
    width = len(header.names)
    if (
        cells
        and len(cells) == width > 1
        and not any(may_hold_rows(cell, header.delimiter) for cell in cells)
    ):
        return False
    return any(line.count(header.delimiter) >= width - 1 for line in lines[1:])


def _unclosed(number: int) -> MalformedText:
    return MalformedText(
        f"line {number}: perhaps a quotation mark is opened there and never closed, or the file is"
        " cut off"
    )
