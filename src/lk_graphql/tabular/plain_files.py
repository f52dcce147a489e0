"""Files that PostgreSQL's COPY reads into the same rows as `table_files.SourceReader`.

Such a file has no quotes, no blanks around values, no empty lines and no text that `SourceReader`
normalizes or refuses.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lk_graphql.tabular.table_files import Source

_CHUNK = 1 << 20
_MAX_OVERLAP = 400  # bytes of a chunk that are checked again with the next one
_SAFE_BYTES = bytes({*range(32, 127), *range(128, 256), *b"\n\r"} - {*b"\"\\'#=<["})
_LEADS = tuple(bytes([b]) for b in b"\xc2\xc3\xcc\xcd\xd8\xe1\xe2\xe3\xef\xf0\xf1\xf2\xf3\xf4")
_UNICODE_BLANKS = re.compile(
    rb"\xc2[\x80-\xa0\xad]|\xc3(?:\x90\xc2|[\x80-\xbf]\xc3)|\xcc|\xcd[\x80-\xaf]|\xd8\x9c"
    rb"|\xe1(?:\x85[\x9f\xa0]|\x9a\x80|\x9e[\xb4\xb5]|\xa0[\x8b-\x8f])"
    rb"|\xe2(?:\x80[\x80-\x8f\xa8-\xaf]|\x81[\x9f-\xaf])|\xe3(?:\x80\x80|\x85\xa4)"
    rb"|\xef(?:\xb7[\x90-\xaf]|\xb8[\x80-\x8f]|\xbb\xbf|\xbe\xa0|\xbf[\xb9-\xbb\xbe\xbf])"
    rb"|\xf0\x9b\xb2|\xf0\x9d\x85|\xf3\xa0|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]"
)
"""Blanks, invisible characters, combining marks, misread letters, and characters that are no text,
in UTF-8."""
_UNUSUAL = [
    *("???", "NULL", "null", "None", "nan", "DBNull", "undefined", "N/A", "n/a"),
    *("Err:", "blank)", "пусто)", "Неопределено", "Р°", "Рµ", "Рѕ"),
]
"""Texts of `_SAFE_BYTES` that `SourceReader` refuses in values."""


class NeedsParsing(Exception):
    """The file isn't plain: only `SourceReader` reads it correctly."""


@dataclass
class RawCopy:
    """The bytes of a file for COPY; `report` is called with the bytes and lines read so far."""

    source: Source
    report: Callable[[int, int], None]
    lines: int = 0

    def spans(self, size: int) -> Iterator[range]:
        """Divide the bytes after the header into spans of whole lines, of about `size` bytes.

        Raises `NeedsParsing`.
        """
        with self.source.path.open("rb") as file:
            self._skip_header(file)
            start = file.tell()
            while True:
                file.seek(start + size)
                file.readline()
                stop = min(file.tell(), self.source.size)
                yield range(start, stop)
                if stop == self.source.size:
                    return
                start = stop

    async def chunks(self, span: range) -> AsyncIterator[bytes]:
        """Yield the bytes of a span. Raises `NeedsParsing`."""
        with self.source.path.open("rb") as file:
            file.seek(span.start)
            overlap = b"\n"
            while chunk := file.read(min(_CHUNK, span.stop - file.tell())):
                self._check_chunk(overlap + chunk)
                self.lines += chunk.count(b"\n")
                self.report(file.tell(), self.lines)
                yield chunk
                overlap = (overlap + chunk)[-_MAX_OVERLAP:]
            if not overlap.endswith(b"\n"):
                self._check_chunk(overlap + b"\n")

    def _skip_header(self, file: BinaryIO) -> None:
        for _ in range(self.source.header_line):
            line = file.readline()
            # `header_line` counts a carriage return without a line feed as the end of a line
            if b'"' in line or b"\r" in line.removesuffix(b"\n").removesuffix(b"\r"):
                raise NeedsParsing

    def _check_chunk(self, chunk: bytes) -> None:
        delimiter = self.source.delimiter.encode()
        blank_line = b"\n" + delimiter * (len(self.source.columns) - 1)
        padded = (delimiter + b" ", b" " + delimiter, b"\n ", b" \n", b" \r")
        unusual = [text.encode(self.source.encoding.removesuffix("-sig")) for text in _UNUSUAL]
        blank_lines = (b"\n\n", b"\n\r", blank_line + b"\n", blank_line + b"\r")
        if chunk.translate(None, _SAFE_BYTES) or any(
            pattern in chunk for pattern in (*padded, *blank_lines, *unusual)
        ):
            raise NeedsParsing
        if self.source.encoding == "cp1251":
            has_blanks = b"\xa0" in chunk or b"\xad" in chunk
        else:
            has_blanks = any(lead in chunk for lead in _LEADS) and _UNICODE_BLANKS.search(chunk)
        if has_blanks:
            raise NeedsParsing
