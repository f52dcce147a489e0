"""Reader of CSV and JSON Lines files: encoding, delimiter, lines, recognition by columns.

UTF-8 or Windows-1251, detected by the evidence of the whole file; `;`, `,` or a tab, detected in
the first line. Accepts a byte order mark, `sep=;`, blank lines, blanks around values and empty
trailing columns. Lines are read one at a time, so memory use doesn't grow with the file.

Damage stays where it is: a row with bytes that aren't text is bad, and no other row changes.
"""

import csv
import hashlib
import re
from codecs import (
    BOM_UTF8,
    BOM_UTF16_BE,
    BOM_UTF16_LE,
    BOM_UTF32_BE,
    BOM_UTF32_LE,
    getincrementaldecoder,
)
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TextIO, cast

import orjson

from lk_graphql.exchange.service.records import ImportFormat, Records
from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.text_encoding import (
    NAMES,
    UTF_8,
    WINDOWS_1251,
    EncodingEvidence,
    UnknownEncoding,
)

_CHUNK = 1 << 20
_DELIMITERS = ";,\t"
_MAX_QUOTED = 200  # characters of a broken line in the report
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_DAMAGE = re.compile(f"[\udc80-\udcff{_REPLACEMENT}]")
"""Bytes that aren't text, as "surrogateescape" decodes them, and what an earlier program has put
in their place."""
_UNDEFINED = 0x98  # in Windows-1251
_WIDE_MARKS = {
    BOM_UTF32_LE: "UTF-32",
    BOM_UTF32_BE: "UTF-32",
    BOM_UTF16_LE: "UTF-16",
    BOM_UTF16_BE: "UTF-16",
}


class FileRefused(CommandError):
    """A file that can't be read; nothing was loaded."""


@dataclass(frozen=True)
class Source:
    """An inspected file; `delimiter` is empty for JSON Lines."""

    path: Path
    size: int
    sha256: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    """Names in the header, or keys of the first object, in lower case."""
    is_headed_by_separator: bool = False
    is_damaged: bool = False
    """Whether some bytes aren't text in this encoding, or have been lost before."""


@dataclass(frozen=True)
class SourceLine:
    """A line of data: `cells` in the requested order, or the `fault_code` of a broken line.

    `column` is the fault's, if it is known, and `description` the line or the value.
    """

    number: int
    cells: tuple[str | None, ...]
    fault_code: str | None = None
    description: str | None = None
    column: str | None = None


def inspect_file(path: Path) -> Source:
    """Read a file for its hash, encoding and columns. Raises `FileRefused`."""
    digest, size, encoding, is_damaged = _fingerprint(path)
    with _open(path, encoding) as text:
        header_line = text.readline().strip()
        if header_line.startswith("{"):
            columns = _keys(header_line, path)
            return Source(path, size, digest, encoding, "", columns, is_damaged=is_damaged)
        has_separator = header_line.lower().startswith("sep=")
        if not has_separator:
            text.seek(0)
        delimiter = header_line[4:5] if has_separator else max(_DELIMITERS, key=header_line.count)
        header = next(csv.reader(text, delimiter=delimiter), list[str]())
    columns = tuple(name.strip().lower() for name in header)
    while columns and not columns[-1]:
        columns = columns[:-1]
    if not columns:
        raise FileRefused(f"{path.name} is empty: its first line has to name the columns.")
    if _DAMAGE.search("".join(columns)):
        raise FileRefused(
            f"{path.name}, line 1: the names of the columns have bytes that are no text in"
            f" {NAMES.get(encoding, 'UTF-8')}."
        )
    return Source(path, size, digest, encoding, delimiter, columns, has_separator, is_damaged)


@dataclass
class _Lines:
    """Lines of a text, and those that the reader has taken for its current record."""

    text: TextIO
    taken: list[str] = field(default_factory=list[str])

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.text)
        self.taken.append(line)
        return line


@dataclass
class SourceReader:
    """Lines of a file after the header; `position` is the number of bytes read."""

    source: Source
    position: int = 0

    def lines(self, columns: tuple[str, ...]) -> Iterator[SourceLine]:
        """Yield the lines. Raises `FileRefused` for malformed CSV."""
        with _open(self.source.path, self.source.encoding) as text:
            lines = self._separated(text) if self.source.delimiter else self._objects(text, columns)
            for count, line in enumerate(lines):
                if count % 1000 == 0:
                    self.position = text.buffer.tell()
                yield line
        self.position = self.source.size

    def _separated(self, text: TextIO) -> Iterator[SourceLine]:
        lines = _Lines(text)
        reader = csv.reader(lines, delimiter=self.source.delimiter)
        is_header = True
        number, taken = 1, list[str]()
        if self.source.is_headed_by_separator:
            next(reader)
            number, lines.taken = 2, []
        try:
            for cells in reader:
                line_number, number = number, reader.line_num + 1
                taken, lines.taken = lines.taken, []
                if len(taken) > 1 and self._has_row_inside(taken):
                    raise self._unclosed(line_number)
                if is_header:
                    is_header = False
                elif any(cells):
                    yield self._line(line_number, cells)
        except csv.Error as error:
            raise self._unclosed(number, f"{error}. ") from error
        if _ends_in_quotes(taken, self.source.delimiter):
            raise self._unclosed(number - len(taken))

    def _has_row_inside(self, lines: list[str]) -> bool:
        """Whether a quoted value with line ends holds a line that looks like a row of its own."""
        width = len(self.source.columns)
        return any(line.count(self.source.delimiter) >= width - 1 for line in lines[1:])

    def _unclosed(self, number: int, reason: str = "") -> FileRefused:
        return FileRefused(
            f"{self.source.path.name}, line {number}: {reason}Perhaps a quotation mark is opened"
            " there and never closed, or the file is cut off."
        )

    def _line(self, number: int, cells: list[str]) -> SourceLine:
        width = len(self.source.columns)
        if len(cells) > width and not any(cells[width:]):
            del cells[width:]
        if len(cells) != width:
            text = self.source.delimiter.join(cells)[:_MAX_QUOTED]
            return SourceLine(number, (), "FIELD_COUNT", _repaired(text))
        if self.source.is_damaged:
            for column, cell in zip(self.source.columns, cells, strict=True):
                if _DAMAGE.search(cell):
                    return _damaged(number, column, cell)
        return SourceLine(number, tuple([cell.strip() or None for cell in cells]))

    def _objects(self, text: TextIO, columns: tuple[str, ...]) -> Iterator[SourceLine]:
        names = frozenset(columns)
        for number, line in enumerate(text, start=1):
            if self.source.is_damaged and _DAMAGE.search(line):
                yield _damaged(number, *_damaged_value(line))
            elif not line.isspace():
                yield _object(number, line, columns, names)


def recognize(source: Source, kind: ImportFormat) -> Records:
    """Records with these columns. Raises `FileRefused` with the differences."""
    columns = frozenset(source.columns)
    if len(columns) < len(source.columns):
        repeated = sorted(name for name in columns if source.columns.count(name) > 1)
        raise FileRefused(f"{source.path.name} has columns twice: {', '.join(repeated)}.")
    best = max(
        kind.records,
        key=lambda records: len(columns & set(records.names)) - len(records.required - columns),
    )
    missing = sorted(best.required - columns) if source.delimiter else []
    unknown = sorted(columns - set(best.names))
    if not missing and not unknown:
        return best
    raise FileRefused(
        " ".join(
            [
                f"{source.path.name} looks like {best.name}, but isn't:",
                *([f"it lacks {', '.join(missing)};"] if missing else []),
                *(f"{name!r} is no column of it{_match_score(name, best)};" for name in unknown),
                "docs/import.md lists them all.",
            ]
        )
    )


def _ends_in_quotes(lines: list[str], delimiter: str) -> bool:
    """Whether the text ends inside of a quoted value: then nobody knows where it should."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _damaged(number: int, column: str | None, text: str) -> SourceLine:
    return SourceLine(number, (), "BAD_ENCODING", _repaired(text[:_MAX_QUOTED]), column)


def _repaired(text: str) -> str:
    """A text that can be stored and shown, with marks in place of its damage."""
    return _DAMAGE.sub(_REPLACEMENT, text)


def _damaged_value(line: str) -> tuple[str | None, str]:
    """Key and text of the first damaged value of a JSON object; no key for a damaged object."""
    text = _repaired(line.strip())
    try:
        document: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None, text
    items = cast("dict[str, Any]", document).items() if isinstance(document, dict) else ()
    values = ((key, value) for key, value in items if _REPLACEMENT in str(value))
    return next(values, (None, text))


def _object(number: int, line: str, columns: tuple[str, ...], names: frozenset[str]) -> SourceLine:
    try:
        document: Any = orjson.loads(line)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        return SourceLine(number, (), "BAD_JSON", line.strip()[:_MAX_QUOTED])
    values = cast("dict[str, Any]", document)
    if unknown := values.keys() - names:
        return SourceLine(number, (), "UNKNOWN_COLUMN", ", ".join(sorted(unknown))[:_MAX_QUOTED])
    if any(isinstance(value, dict | list) or _has_nul(value) for value in values.values()):
        return SourceLine(number, (), "BAD_JSON", line.strip()[:_MAX_QUOTED])
    return SourceLine(number, tuple([_as_text(values.get(name)) for name in columns]))


def _has_nul(value: object) -> bool:
    """Whether it is a text that PostgreSQL can't store."""
    return isinstance(value, str) and "\0" in value


def _as_text(value: str | float | bool | None) -> str | None:  # noqa: FBT001 - a value of JSON
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value).strip() or None


def _fingerprint(path: Path) -> tuple[str, int, str, bool]:
    """Hash, size, encoding, and whether the text is damaged. Raises `FileRefused`."""
    digest, size, end = hashlib.sha256(), 0, b""
    unicode = getincrementaldecoder(UTF_8)()
    is_unicode, is_damaged = True, False
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            wide = "" if size else _wide_encoding(chunk)
            if wide or b"\0" in chunk:
                raise _no_text(path, wide)
            is_unicode = is_unicode and _decodes(unicode, chunk)
            is_damaged = is_damaged or _REPLACEMENT.encode() in end + chunk
            digest.update(chunk)
            size += len(chunk)
            end = chunk[-2:]
    encoding = UTF_8
    if not is_unicode or not _decodes(unicode, b"", final=True):
        encoding, is_damaged = _encoding(path)
    if encoding == UTF_8 and _has_bom(path):
        encoding = "utf-8-sig"
    return digest.hexdigest(), size, encoding, is_damaged


def _encoding(path: Path) -> tuple[str, bool]:
    """Encoding of a text that isn't valid UTF-8, and whether it is damaged."""
    evidence = EncodingEvidence()
    with path.open("rb") as file:
        while line := file.readline(_CHUNK):
            evidence.add(line)
    try:
        encoding = evidence.encoding()
    except UnknownEncoding as error:
        raise _no_text(path, str(error)) from error
    if encoding not in {UTF_8, WINDOWS_1251}:
        raise _no_text(path, f"it seems to be in {NAMES[encoding]}")
    return encoding, encoding == UTF_8 or _UNDEFINED in evidence.histogram


def _wide_encoding(start: bytes) -> str:
    return next(
        (f"it is in {name}" for mark, name in _WIDE_MARKS.items() if start.startswith(mark)), ""
    )


def _no_text(path: Path, reason: str) -> FileRefused:
    return FileRefused(
        f"{path.name} is no text in UTF-8 or Windows-1251{reason and f': {reason}'}. Nothing was"
        " loaded. A spreadsheet has to be saved as CSV («Текст CSV»), best in UTF-8."
    )


def _decodes(decoder: Any, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _has_bom(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(3) == BOM_UTF8


def _open(path: Path, encoding: str) -> TextIO:
    """Open without newline translation, which `csv` needs inside quotes; see `_DAMAGE`."""
    return path.open(encoding=encoding, errors="surrogateescape", newline="")


def _keys(line: str, path: Path) -> tuple[str, ...]:
    try:
        document: dict[str, object] = orjson.loads(_repaired(line))
    except orjson.JSONDecodeError as error:
        raise FileRefused(f"{path.name}, line 1, is no JSON object: {error}") from error
    return tuple(document)


def _match_score(name: str, records: Records) -> str:
    close = get_close_matches(name, records.names, n=1)
    return f" (did you mean {close[0]}?)" if close else ""
