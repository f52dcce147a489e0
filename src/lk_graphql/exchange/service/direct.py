"""Files that PostgreSQL may read itself: their bytes go to COPY as they are.

Most of what billing systems write is so plain that our reader (`files.Reader`) would change nothing
in it, and it takes five times as long as COPY. What isn't plain is found on the way, or by COPY
itself; then all of the file is taken back and read by our reader, which knows more.
"""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import BinaryIO

import asyncpg
from asyncpg import Connection

from lk_graphql.exchange.service.files import Source

_PIECE = 1 << 20
_LONGEST_SEAM = 400  # bytes of a piece that the next one is looked at together with
_HARMLESS = bytes({*range(256)} - {*b'"\t\v\f\x1c\x1d\x1e\x1f\\'})
_LEADS = b"\xc2", b"\xe1", b"\xe2", b"\xe3"
_ODD_BLANKS = re.compile(
    rb"\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80"
)
_ENCODINGS = {"utf-8": "utf8", "utf-8-sig": "utf8", "cp1251": "win1251"}
LINES = "CREATE TEMP SEQUENCE IF NOT EXISTS import_line"
"""Numbers a file's lines, for the column `line` of staging tables; lives with the connection."""


class NotPlain(Exception):
    """Something that our reader would change or pass over: quotes, blanks, empty lines."""


@dataclass(frozen=True)
class Passing:
    """A file on its way: `tell` hears of bytes and lines that have gone by."""

    source: Source
    tell: Callable[[int, int], None]

    async def pieces(self) -> AsyncIterator[bytes]:
        """All but the lines before the first row. Raises `NotPlain`."""
        with self.source.path.open("rb") as file:
            self._pass_over_head(file)
            seen, seam = 0, b"\n"
            while piece := file.read(_PIECE):
                self._look_at(seam + piece)
                seen += piece.count(b"\n")
                self.tell(file.tell(), seen)
                yield piece
                seam = (seam + piece)[-_LONGEST_SEAM:]
            if not seam.endswith(b"\n"):
                self._look_at(seam + b"\n")

    def _pass_over_head(self, file: BinaryIO) -> None:
        for _ in range(first_line(self.source) - 1):
            if b'"' in file.readline():
                raise NotPlain

    def _look_at(self, piece: bytes) -> None:
        delimiter = self.source.delimiter.encode()
        nothing = b"\n" + delimiter * (len(self.source.columns) - 1)
        touching = (delimiter + b" ", b" " + delimiter, b"\n ", b" \n", b" \r")
        empty = (b"\n\n", b"\n\r", nothing + b"\n", nothing + b"\r")
        if piece.translate(None, _HARMLESS) or any(one in piece for one in (*touching, *empty)):
            raise NotPlain
        if self.source.encoding == "cp1251":
            has_odd = b"\xa0" in piece
        else:
            has_odd = any(lead in piece for lead in _LEADS) and bool(_ODD_BLANKS.search(piece))
        if has_odd:
            raise NotPlain


def first_line(source: Source) -> int:
    """The number of the first row's line."""
    return 3 if source.is_headed_by_separator else 2


async def copied(
    connection: Connection,
    table: str,
    source: Source,
    number: int,
    tell: Callable[[int, int], None],
) -> int | None:
    """How many rows are in the staging table now; None, and none are, for a file that isn't plain.

    `number` is the file's own among those of the import. Within a transaction.
    """
    if source.delimiter not in {";", ","}:
        return None
    try:
        async with connection.transaction():
            await connection.execute(f"ALTER TABLE {table} ALTER file SET DEFAULT {number}")
            await connection.execute(f"ALTER SEQUENCE import_line RESTART {first_line(source)}")
            done = await connection.copy_to_table(
                table,
                source=Passing(source, tell).pieces(),
                columns=source.columns,
                format="csv",
                delimiter=source.delimiter,
                encoding=_ENCODINGS[source.encoding],
            )
    except (NotPlain, asyncpg.DataError):
        return None
    return int(done.rpartition(" ")[2])
