"""Reader of CSV and JSON Lines files: encoding, delimiter, lines, recognition by columns.

UTF-8 or Windows-1251, detected by reading the file once; `;`, `,` or a tab, detected in the first
line. Accepts a byte order mark, `sep=;`, blank lines, blanks around values and empty trailing
columns. Lines are read one at a time, so memory use doesn't grow with the file.
"""

import csv
import hashlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TextIO, cast

import orjson

from lk_graphql.exchange.service.records import ImportFormat, Records
from lk_graphql.kit.errors import CommandError

_CHUNK = 1 << 20
_DELIMITERS = ";,\t"
_MAX_QUOTED = 200  # characters of a broken line in the report


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


@dataclass(frozen=True)
class SourceLine:
    """A line of data: `cells` in the requested order, or the `fault_code` of a broken line."""

    number: int
    cells: tuple[str | None, ...]
    fault_code: str | None = None
    description: str | None = None


def inspect_file(path: Path) -> Source:
    """Read a file once for its hash, encoding and columns. Raises `FileRefused`."""
    digest, size, encoding = _fingerprint(path)
    with _open(path, encoding) as text:
        header_line = text.readline().strip()
        if header_line.startswith("{"):
            return Source(path, size, digest, encoding, "", _keys(header_line, path))
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
    return Source(path, size, digest, encoding, delimiter, columns, has_separator)


@dataclass
class SourceReader:
    """Lines of a file after the header; `position` is the number of bytes read."""

    source: Source
    position: int = 0

    def lines(self, columns: tuple[str, ...]) -> Iterator[SourceLine]:
        """Yield the lines. Raises `FileRefused` for malformed CSV."""
        with _open(self.source.path, self.source.encoding) as text:
            lines = self._separated(text) if self.source.delimiter else _objects(text, columns)
            for count, line in enumerate(lines):
                if count % 1000 == 0:
                    self.position = text.buffer.tell()
                yield line
        self.position = self.source.size

    def _separated(self, text: TextIO) -> Iterator[SourceLine]:
        reader = csv.reader(text, delimiter=self.source.delimiter)
        width = len(self.source.columns)
        is_header = True
        number = 1
        if self.source.is_headed_by_separator:
            next(reader)
            number = 2
        try:
            for cells in reader:
                line_number, number = number, reader.line_num + 1
                if is_header:
                    is_header = False
                elif any(cells):
                    yield _line(line_number, cells, width, self.source.delimiter)
        except csv.Error as error:
            raise FileRefused(
                f"{self.source.path.name}, line {number}: {error}."
                " Perhaps a quotation mark is opened there and never closed."
            ) from error


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


def _line(number: int, cells: list[str], width: int, delimiter: str) -> SourceLine:
    if len(cells) > width and not any(cells[width:]):
        del cells[width:]
    if len(cells) != width:
        text = delimiter.join(cells)[:_MAX_QUOTED]
        return SourceLine(number, (), "FIELD_COUNT", text)
    return SourceLine(number, tuple([cell.strip() or None for cell in cells]))


def _objects(text: TextIO, columns: tuple[str, ...]) -> Iterator[SourceLine]:
    names = frozenset(columns)
    for number, line in enumerate(text, start=1):
        if not line.isspace():
            yield _object(number, line, columns, names)


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
    if any(isinstance(value, dict | list) for value in values.values()):
        return SourceLine(number, (), "BAD_JSON", line.strip()[:_MAX_QUOTED])
    return SourceLine(number, tuple([_as_text(values.get(name)) for name in columns]))


def _as_text(value: str | float | bool | None) -> str | None:  # noqa: FBT001 - a value of JSON
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value).strip() or None


def _fingerprint(path: Path) -> tuple[str, int, str]:
    """Hash, size and encoding. Raises `FileRefused` for a binary file."""
    digest, size = hashlib.sha256(), 0
    unicode = getincrementaldecoder("utf-8")()
    is_unicode = True
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if b"\0" in chunk or (not size and chunk.startswith((BOM_UTF16_LE, BOM_UTF16_BE))):
                raise FileRefused(
                    f"{path.name} is no text in UTF-8 or Windows-1251. A spreadsheet has to be"
                    " saved as CSV («Текст CSV»), with one of these encodings."
                )
            is_unicode = is_unicode and _decodes(unicode, chunk)
            digest.update(chunk)
            size += len(chunk)
    if is_unicode and _decodes(unicode, b"", final=True):
        return digest.hexdigest(), size, "utf-8-sig" if _has_bom(path) else "utf-8"
    return digest.hexdigest(), size, "cp1251"


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
    """Open without newline translation, which `csv` needs inside quotes. 0x98 isn't cp1251."""
    return path.open(encoding=encoding, errors="replace", newline="")


def _keys(line: str, path: Path) -> tuple[str, ...]:
    try:
        document: dict[str, object] = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise FileRefused(f"{path.name}, line 1, is no JSON object: {error}") from error
    return tuple(document)


def _match_score(name: str, records: Records) -> str:
    close = get_close_matches(name, records.names, n=1)
    return f" (did you mean {close[0]}?)" if close else ""
