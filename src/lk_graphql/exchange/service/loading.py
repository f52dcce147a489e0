"""Loading of files inside one transaction: staging (by COPY where safe), checks, rows.

Most of what billing systems write is so plain that our reader (`files.Reader`) would change nothing
in it, and it takes five times as long as COPY. What isn't plain is found on the way, or by COPY
itself; then all of the file is taken back and read by our reader, which knows more.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import asyncpg
from asyncpg import Connection

from lk_graphql.exchange.service import import_sql
from lk_graphql.exchange.service.files import FileRefused, Source, SourceLine, SourceReader
from lk_graphql.exchange.service.records import ImportFormat, Records
from lk_graphql.kit.ids import new_key

_CHUNK = 1 << 20
_MAX_SEAM = 400  # bytes of a piece that the next one is looked at together with
_SAFE_BYTES = bytes({*range(256)} - {*b'"\t\v\f\x1c\x1d\x1e\x1f\\'})
_LEADS = b"\xc2", b"\xe1", b"\xe2", b"\xe3"
_UNICODE_BLANKS = re.compile(
    rb"\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80"
)
_ENCODINGS = {"utf-8": "utf8", "utf-8-sig": "utf8", "cp1251": "win1251"}
LINES = "CREATE TEMP SEQUENCE IF NOT EXISTS import_line"
"""Numbers a file's lines, for the column `line` of staging tables; lives with the connection."""


class NeedsParsing(Exception):
    """Something that our reader would change or pass over: quotes, blanks, empty lines."""


@dataclass(frozen=True)
class RawCopy:
    """A file on its way: `tell` hears of bytes and lines that have gone by."""

    source: Source
    report: Callable[[int, int], None]

    async def pieces(self) -> AsyncIterator[bytes]:
        """All but the lines before the first row. Raises `NeedsParsing`."""
        with self.source.path.open("rb") as file:
            self._skip_header(file)
            seen, seam = 0, b"\n"
            while piece := file.read(_CHUNK):
                self._check_chunk(seam + piece)
                seen += piece.count(b"\n")
                self.report(file.tell(), seen)
                yield piece
                seam = (seam + piece)[-_MAX_SEAM:]
            if not seam.endswith(b"\n"):
                self._check_chunk(seam + b"\n")

    def _skip_header(self, file: BinaryIO) -> None:
        for _ in range(first_line(self.source) - 1):
            if b'"' in file.readline():
                raise NeedsParsing

    def _check_chunk(self, piece: bytes) -> None:
        delimiter = self.source.delimiter.encode()
        nothing = b"\n" + delimiter * (len(self.source.columns) - 1)
        touching = (delimiter + b" ", b" " + delimiter, b"\n ", b" \n", b" \r")
        empty = (b"\n\n", b"\n\r", nothing + b"\n", nothing + b"\r")
        if piece.translate(None, _SAFE_BYTES) or any(one in piece for one in (*touching, *empty)):
            raise NeedsParsing
        if self.source.encoding == "cp1251":
            has_odd = b"\xa0" in piece
        else:
            has_odd = any(lead in piece for lead in _LEADS) and bool(_UNICODE_BLANKS.search(piece))
        if has_odd:
            raise NeedsParsing


def first_line(source: Source) -> int:
    """The number of the first row's line."""
    return 3 if source.is_headed_by_separator else 2


async def copy_raw(
    connection: Connection,
    table: str,
    source: Source,
    number: int,
    report: Callable[[int, int], None],
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
                source=RawCopy(source, report).pieces(),
                columns=source.columns,
                format="csv",
                delimiter=source.delimiter,
                encoding=_ENCODINGS[source.encoding],
            )
    except (NeedsParsing, asyncpg.DataError):
        return None
    return int(done.rpartition(" ")[2])


ProgressCallback = Callable[[str, int, int, int], None]
"""What is being done, how much of it is done, how much there is, and how many rows that were."""

_PAGES = 4000  # of a temporary table that one statement writes: 32 MB
_PAGE = 8192
_LINES = 1000  # between two looks at the clock, and at who else wants the event loop


@dataclass
class Tally:
    """What became of the rows of one kind."""

    name: str
    read: int = 0
    refused: int = 0
    inserted: int = 0
    changed: int = 0
    removed: int = 0
    sums: dict[str, int] = field(default_factory=dict[str, int])
    """Of good rows, in kopecks."""

    @property
    def loaded(self) -> int:
        return self.inserted + self.changed


@dataclass
class Loading:
    """The steps of an import, in the order of its methods, on a connection in a transaction."""

    kind: ImportFormat
    report: ProgressCallback
    tallies: dict[str, Tally] = field(init=False)

    def __post_init__(self) -> None:
        self.tallies = {records.name: Tally(records.name) for records in self.kind.records}

    async def stage(
        self, connection: Connection, sources: Sequence[tuple[Source, Records]]
    ) -> None:
        """Copy the files' lines, as text, into temporary tables. Raises `FileRefused`."""
        if len(sources) > import_sql.MOST_FILES:
            raise FileRefused(f"At most {import_sql.MOST_FILES} files can be imported at a time.")
        await connection.execute(import_sql.keys(new_key()))
        await connection.execute(import_sql.FAULTS)
        await connection.execute(LINES)
        for records in self.kind.records:
            await connection.execute(import_sql.stage_table(records))
        for number, (source, records) in enumerate(sources, start=1):
            await self._copy(connection, source, records, number)
        for records in self.kind.records:
            await connection.execute(f"ANALYZE stage_{records.name}")

    async def _copy(
        self, connection: Connection, source: Source, records: Records, number: int
    ) -> None:
        """The bytes as they are, where that is the same; else line by line."""
        tally, table = self.tallies[records.name], f"stage_{records.name}"
        before = tally.read

        def tell(position: int, rows: int) -> None:
            tally.read = before + rows
            self.report(source.path.name, position, source.size, tally.read)

        rows = await copy_raw(connection, table, source, number, tell)
        tally.read = before + (rows or 0)
        if rows is None:
            await self._read(connection, source, records, number)
        self.report(source.path.name, source.size, source.size, tally.read)

    async def _read(
        self, connection: Connection, source: Source, records: Records, number: int
    ) -> None:
        columns = source.columns if source.delimiter else records.names
        nothing = (None,) * len(columns)
        reader, tally = SourceReader(source), self.tallies[records.name]

        async def rows() -> AsyncIterator[tuple[Any, ...]]:
            for line in reader.lines(columns):
                tally.read += 1
                if tally.read % _LINES == 0:
                    self.report(source.path.name, reader.position, source.size, tally.read)
                    await asyncio.sleep(0)
                yield (number, line.number, line.broken, line.description, *_cells(line, nothing))

        await connection.copy_records_to_table(
            f"stage_{records.name}",
            records=rows(),
            columns=("file", "line", "broken", "said", *columns),
        )

    async def check(self, connection: Connection) -> None:
        """Find all that is wrong, and leave only good rows in `row_x`."""
        for step, records in enumerate(self.kind.records):
            self.report("Checking", step, len(self.kind.records), 0)
            await self._check_rows(connection, records)
        for parts, part in self.kind.parts:
            await connection.execute(import_sql.broken_documents(parts, part))
            await self._delete_faulty(connection, self.kind.by_name[part.parent])
        for check in self.kind.set_checks:
            await connection.execute(import_sql.set_faults(check))
            await self._delete_faulty(connection, self.kind.by_name[check.records])
        for parts, part in self.kind.parts:
            await connection.execute(import_sql.orphans(parts, part))
            await self._delete_faulty(connection, parts)
        self.report("Checking", len(self.kind.records), len(self.kind.records), 0)

    async def _check_rows(self, connection: Connection, records: Records) -> None:
        well_formed = await self._count(connection, import_sql.typed_rows(records))
        if well_formed < self.tallies[records.name].read:
            await connection.execute(import_sql.broken_lines(records))
            await connection.execute(import_sql.format_faults(records))
        await connection.execute(f"ANALYZE row_{records.name}")
        if sql := import_sql.row_faults(records):
            await connection.execute(sql)
        await self._delete_faulty(connection, records)
        await connection.execute(import_sql.duplicates(records, records.key))
        for column in records.unique:
            await connection.execute(import_sql.duplicates(records, (column,)))
            await connection.execute(import_sql.duplicate_in_table(records, column))
        await self._delete_faulty(connection, records)

    async def _delete_faulty(self, connection: Connection, records: Records) -> None:
        found = "SELECT EXISTS (SELECT FROM fault WHERE records = $1)"
        if await connection.fetchval(found, records.name):
            await connection.execute(import_sql.without_faulty(records))

    async def count(self, connection: Connection) -> None:
        """Tell rows and sums of what is about to be written."""
        for records in self.kind.records:
            tally = self.tallies[records.name]
            query = "SELECT count(DISTINCT (file, line)) FROM fault WHERE records = $1"
            tally.refused = await connection.fetchval(query, records.name)
            if records.sums and tally.read:
                sums = ", ".join(f"coalesce(sum({name}), 0)::bigint" for name in records.sums)
                row = await connection.fetchrow(f"SELECT {sums} FROM row_{records.name}")
                tally.sums = dict(zip(records.sums, row or (), strict=True))

    async def write(self, connection: Connection, records: Records) -> None:
        tally, part = self.tallies[records.name], records.part_of
        if not tally.read and not part:
            return
        pages = await self._pages(connection, records)
        of = part.parent if part else records.name
        known = await connection.fetchval(f"SELECT EXISTS (SELECT FROM row_{of} WHERE NOT is_new)")
        if known:
            await connection.execute(import_sql.index(records))
        for first in range(0, pages, _PAGES):
            self.report(f"Writing {records.name}", first, pages, tally.loaded)
            span = f"({first},0)", f"({first + _PAGES},0)"
            tally.inserted += await self._count(connection, import_sql.insert(records), *span)
            if known:
                await self._write_known(connection, records, span)
        if known and part and not part.keeps_missing:
            tally.removed = await self._count(connection, import_sql.delete_missing(records, part))
        if pages:
            self.report(f"Writing {records.name}", pages, pages, tally.loaded)

    async def _write_known(
        self, connection: Connection, records: Records, span: tuple[str, str]
    ) -> None:
        tally = self.tallies[records.name]
        tally.changed += await self._count(connection, import_sql.update(records), *span)
        if records.is_stamped_by_run:
            await connection.execute(import_sql.restamp(records), *span)
        if records.part_of:
            tally.inserted += await self._count(connection, import_sql.insert_new(records), *span)

    async def _pages(self, connection: Connection, records: Records) -> int:
        query = "SELECT pg_relation_size($1::text::regclass)"
        return await connection.fetchval(query, f"row_{records.name}") // _PAGE

    async def _count(self, connection: Connection, sql: str, *arguments: str) -> int:
        """How many rows a statement has written."""
        return int((await connection.execute(sql, *arguments)).rpartition(" ")[2])


def _cells(line: SourceLine, empty: tuple[None, ...]) -> tuple[str | None, ...]:
    return empty if line.broken else line.cells
