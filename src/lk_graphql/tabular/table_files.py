"""Reader of CSV and JSON files: encoding, dialect, lines.

The encoding is UTF-8, UTF-16 with a byte order mark, or Windows-1251, and is detected from the
whole file. Lines are read one at a time, so memory use doesn't grow with the file.

Damage is confined: an unreadable row is bad, and no other row is affected. If the extent of the
damage is unclear, the file is refused.
"""

import hashlib
import os
import re
from codecs import (
    BOM_UTF8,
    BOM_UTF16_BE,
    BOM_UTF16_LE,
    BOM_UTF32_BE,
    BOM_UTF32_LE,
    getincrementaldecoder,
)
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, TextIO

from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.pasted_text import strip_invisible
from lk_graphql.kit.text_encoding import (
    NAMES,
    UTF_8,
    WINDOWS_1251,
    EncodingEvidence,
    UnknownEncoding,
    has_misread_word,
    is_misread,
)
from lk_graphql.kit.typed_texts import NO_TEXT
from lk_graphql.tabular.delimited_text import (
    Header,
    MalformedText,
    Record,
    find_header,
    lines_of,
    normal_name,
    read_records,
)
from lk_graphql.tabular.json_objects import NestedJson, is_object, parse_object, read_objects
from lk_graphql.tabular.spreadsheet_cells import is_placeholder, unescape_cell

_CHUNK = 1 << 20
_START = 1 << 16  # characters examined for a wrong conversion by an earlier program
_MAX_QUOTED = 200  # characters of a broken line in the report
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_DAMAGE = re.compile(f"[{NO_TEXT}{_REPLACEMENT}]|\\?{{3}}")
"""Bytes that aren't text, as "surrogateescape" decodes them; characters that customers' texts can't
have either; and characters that an earlier program has put in place of letters."""
_UNDEFINED = 0x98  # in Windows-1251
_BLANKS = (
    "".join(character for character in map(chr, range(0x3001)) if character.isspace())
    + "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\x1a"
)
"""Invisible characters and blanks around values."""
UTF_16 = "utf-16"
_WIDE_MARKS = {BOM_UTF32_LE: "UTF-32", BOM_UTF32_BE: "UTF-32"}
_UTF_16_MARKS = (BOM_UTF16_LE, BOM_UTF16_BE)
_WORKBOOK = (
    "it seems to be a workbook or an archive. Open it and save its sheet as CSV («Сохранить как» →"
    " «CSV UTF-8 (разделитель — запятая)»)"
)
_MAGIC = {
    b"PK\x03\x04": _WORKBOOK,
    b"\xd0\xcf\x11\xe0": _WORKBOOK,
    b"\x1f\x8b": "it is compressed by gzip: unpack it",
    b"%PDF": "it is a PDF document",
    b"<": "it seems to be XML or a web page",
}


class FileRefused(CommandError):
    """A file that can't be read; nothing was loaded."""


@dataclass(frozen=True)
class Source:
    """An inspected file; `delimiter` is empty for JSON."""

    path: Path
    size: int
    sha256: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    """Names in the header, or keys of the first object (`delimited_text.normal_name`)."""
    header_line: int = 0
    lines: int = 0
    is_damaged: bool = False
    """Whether some bytes aren't text in this encoding, or were lost earlier."""
    is_sequence: bool = False
    """Whether JSON objects are in an array, or take several lines."""

    @property
    def name(self) -> str:
        """The file's name as text, with replacement characters for bytes that aren't UTF-8."""
        return _name(self.path)


@dataclass(frozen=True)
class SourceLine:
    """A line of data: `cells` in the requested order.

    A broken line has a `fault_code`, the `column` of the fault, if known, and the broken line or
    value as its `description`. Its `cells` only identify the document to which it belongs, because
    those behind the fault may be of other columns.
    """

    number: int
    cells: tuple[str | None, ...]
    fault_code: str | None = None
    description: str | None = None
    column: str | None = None


class _BadValue(Exception):
    """A value that stands for a missing one; carries the fault code."""


def inspect_file(path: Path, known_names: frozenset[str]) -> Source:
    """Read a file for its hash, encoding and columns. Raises `FileRefused`.

    `known_names` distinguish the header from titles above it.
    """
    digest, size, lines, encoding, is_damaged = _fingerprint(path)
    try:
        with _open(path, encoding) as text:
            start = text.read(_START)
            if is_misread(start):
                raise _no_text(path, "an earlier program has read it in a wrong encoding")
            text.seek(0)
            if start.lstrip(_BLANKS)[:1] in {"{", "["}:
                is_sequence, columns = _keys(text)
                header = Header(0, "", columns)
            else:
                header, is_sequence = find_header(text, known_names), False
    except MalformedText as error:
        raise FileRefused(f"{_name(path)}, {error}.") from error
    if not header or not header.names:
        raise FileRefused(f"{_name(path)} is empty: its first line must name the columns.")
    if _DAMAGE.search("".join(header.names)):
        raise FileRefused(
            f"{_name(path)}, line {header.line or 1}: the names of the columns have bytes that"
            f" aren't text in {NAMES.get(encoding, 'UTF-8')}."
        )
    return Source(
        path,
        size,
        digest,
        encoding,
        header.delimiter,
        header.names,
        header.line,
        lines,
        is_damaged,
        is_sequence,
    )


@dataclass
class SourceReader:
    """Lines of a file after the header; `position` is the number of bytes read."""

    source: Source
    position: int = 0

    def lines(self, columns: tuple[str, ...]) -> Iterator[SourceLine]:
        """Yield the lines. Raises `FileRefused` for malformed CSV."""
        with _open(self.source.path, self.source.encoding) as text:
            lines = self._separated(text) if self.source.delimiter else self._objects(text, columns)
            try:
                for count, line in enumerate(lines):
                    if count % 1000 == 0:
                        self.position = text.buffer.tell()
                    yield line
            except MalformedText as error:
                raise FileRefused(f"{self.source.name}, {error}.") from error
            except UnicodeDecodeError as error:
                raise _no_text(self.source.path, f"damaged {self.source.encoding}") from error
        self.position = self.source.size

    def _separated(self, text: TextIO) -> Iterator[SourceLine]:
        source = self.source
        blanks = _BLANKS + source.delimiter
        for record in read_records(
            text, Header(source.header_line, source.delimiter, source.columns)
        ):
            if record.text.strip(blanks):
                yield self._line(record)

    def _line(self, record: Record) -> SourceLine:
        columns, cells = self.source.columns, record.cells
        if cells is None:
            text = record.text.strip()
            unquoted = [cell.strip('"') for cell in text.split(self.source.delimiter)]
            return _bad(record.line, "BAD_QUOTES", text, cells=_readable(unquoted, columns))
        if any(cell.strip(_BLANKS) for cell in cells[len(columns) :]) or len(cells) < len(columns):
            text = self.source.delimiter.join(cells)
            return _bad(record.line, "FIELD_COUNT", text, cells=_readable(cells, columns))
        is_damaged, values = _is_damaged(record.text), list[str | None]()
        for column, cell in zip(columns, cells, strict=False):
            try:
                values.append(_value(cell, is_damaged=is_damaged))
            except _BadValue as error:
                text, readable = cell.strip(_BLANKS), _readable(cells, columns)
                return _bad(record.line, str(error), text, column, cells=readable)
        return SourceLine(record.line, tuple(values))

    def _objects(self, text: TextIO, columns: tuple[str, ...]) -> Iterator[SourceLine]:
        names = frozenset(columns)
        is_sequence = self.source.is_sequence
        objects = read_objects(text) if is_sequence else enumerate(lines_of(text), start=1)
        for number, content in objects:
            if content.strip(_BLANKS):
                yield _object(number, content.strip(_BLANKS), columns, names)


def _is_damaged(text: str) -> bool:
    return bool(_DAMAGE.search(text)) or has_misread_word(text)


def _bad(
    number: int,
    code: str,
    text: str,
    column: str | None = None,
    *,
    cells: tuple[str | None, ...] = (),
) -> SourceLine:
    return SourceLine(number, cells, code, _repaired(text[:_MAX_QUOTED]), column)


def _readable(cells: Sequence[str | None], columns: tuple[str, ...]) -> tuple[str | None, ...]:
    """A value for each column of a broken line, None for what can't be read; empty without any."""
    values = list[str | None]()
    for _, cell in zip_longest(columns, cells[: len(columns)]):
        try:
            values.append(_value(cell, is_damaged=True) if cell else None)
        except _BadValue:
            values.append(None)
    return tuple(values) if any(values) else ()


def _repaired(text: str) -> str:
    """The text with replacement characters for damage, so that it can be stored and shown."""
    return _DAMAGE.sub(lambda match: match[0] if match[0][0] == "?" else _REPLACEMENT, text)


def _value(cell: str, *, is_damaged: bool = False) -> str | None:
    """The text without the marks that spreadsheets put around it. Raises `_BadValue`."""
    text = cell.strip(_BLANKS)
    if not text:
        return None
    if is_damaged and _is_damaged(text):
        raise _BadValue("BAD_ENCODING")
    original = unescape_cell(text)
    if original == text:
        if is_placeholder(text):
            raise _BadValue("PLACEHOLDER")
        if text[0] == '"' and cell[0] != '"':
            raise _BadValue("BAD_QUOTES")  # a mark after a blank doesn't start a quoted value
    text = original.strip(_BLANKS)
    if not text:
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return strip_invisible(text).strip(_BLANKS) or None


def _object(number: int, line: str, columns: tuple[str, ...], names: frozenset[str]) -> SourceLine:
    has_damage = bool(_DAMAGE.search(line))
    try:
        document = parse_object(_repaired(line) if has_damage else line)
    except NestedJson:
        return _bad(number, "BAD_ENCODING" if has_damage else "BAD_JSON", line)
    values = {normal_name(key): value for key, value in document.items()}
    if len(values) < len(document):
        return _bad(number, "BAD_JSON", line)
    texts = {
        name: ("false", "true")[value] if isinstance(value, bool) else value
        for name, value in values.items()
    }

    def bad(code: str, text: str, column: str | None = None) -> SourceLine:
        readable = _readable([texts.get(name) for name in columns], columns)
        return _bad(number, code, text, column, cells=readable)

    if unknown := values.keys() - names:
        return bad("UNKNOWN_COLUMN", ", ".join(sorted(unknown)))
    cells = dict[str, str | None]()
    for name, text in texts.items():
        try:
            cells[name] = _value(text, is_damaged=True) if text else None
        except _BadValue as error:
            is_escaped = not has_damage and bool(_DAMAGE.search(text or ""))
            return bad("BAD_JSON" if is_escaped else str(error), text or "", name)
    return SourceLine(number, tuple([cells.get(name) for name in columns]))


def _keys(text: TextIO) -> tuple[bool, tuple[str, ...]]:
    """Whether the objects are a sequence, and the keys of the first. Raises `MalformedText`."""
    first = next(line for line in lines_of(text) if line.strip(_BLANKS)).strip(_BLANKS)
    number, is_sequence = 1, not is_object(first)
    if is_sequence:
        text.seek(0)
        number, first = next(read_objects(text), (1, "{}"))
    try:
        return is_sequence, tuple(map(normal_name, parse_object(_repaired(first))))
    except NestedJson as error:
        raise MalformedText(f"line {number} isn't a JSON object: {error}") from error


def _fingerprint(path: Path) -> tuple[str, int, int, str, bool]:
    """Hash, size, lines, encoding, and whether the text is damaged. Raises `FileRefused`."""
    with path.open("rb") as file:
        start = file.read(_START)
    if reason := _foreign_format(start):
        raise _no_text(path, reason)
    is_wide = start.startswith(_UTF_16_MARKS)
    digest, size, lines, end = hashlib.sha256(), 0, 0, b""
    unicode = getincrementaldecoder(UTF_16 if is_wide else UTF_8)()
    is_unicode, is_damaged = True, False
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            is_unicode = is_unicode and _decodes(unicode, chunk)
            is_damaged = is_damaged or _REPLACEMENT.encode() in end + chunk
            digest.update(chunk)
            size += len(chunk)
            lines += chunk.count(b"\n")
            end = chunk[-2:]
    encoding = UTF_16 if is_wide else UTF_8
    if not is_unicode or not _decodes(unicode, b"", final=True):
        if is_wide:
            raise _no_text(path, "it is in UTF-16, and damaged or cut off")
        encoding, is_damaged = _encoding(path)
    if encoding == UTF_8 and start.startswith(BOM_UTF8):
        encoding = "utf-8-sig"
    return digest.hexdigest(), size, lines, encoding, is_damaged


def _foreign_format(start: bytes) -> str:
    """The reason why a file isn't text in a known encoding; empty if it may be."""
    for marks in (_WIDE_MARKS, _MAGIC):
        for mark, name in marks.items():
            if start.startswith(mark):
                return f"it is in {name}" if marks is _WIDE_MARKS else name
    zeros = [start[place::2].count(0) * 8 for place in (0, 1)]
    if start.startswith(_UTF_16_MARKS) or max(zeros) <= len(start) // 2:
        return ""
    if min(zeros) * 4 < max(zeros):
        return "it seems to be in UTF-16 without a byte order mark"
    return "it isn't text"


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


def _name(path: Path) -> str:
    return os.fsencode(path.name).decode(errors="replace")


def _no_text(path: Path, reason: str) -> FileRefused:
    return FileRefused(
        f"{_name(path)} isn't text in UTF-8 or Windows-1251{reason and f': {reason}'}. Nothing was"
        " loaded. Save a spreadsheet as CSV («Текст CSV»), preferably in UTF-8."
    )


def _decodes(decoder: Any, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _open(path: Path, encoding: str) -> TextIO:
    """Open without newline translation, which `csv` needs inside quotes; see `_DAMAGE`."""
    errors = "strict" if encoding == UTF_16 else "surrogateescape"
    return path.open(encoding=encoding, errors=errors, newline="")
