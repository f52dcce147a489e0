"""One import inside one transaction: files to staging, checks, rows into the cabinet's tables."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from asyncpg import Connection

from lk_graphql.exchange.service import checking, direct, statements, writing
from lk_graphql.exchange.service.files import FileRefused, Line, Reader, Source
from lk_graphql.exchange.service.records import Kind, Records
from lk_graphql.kit.ids import new_key

Tell = Callable[[str, int, int, int], None]
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

    kind: Kind
    tell: Tell
    tallies: dict[str, Tally] = field(init=False)

    def __post_init__(self) -> None:
        self.tallies = {records.name: Tally(records.name) for records in self.kind.records}

    async def stage(
        self, connection: Connection, sources: Sequence[tuple[Source, Records]]
    ) -> None:
        """Copy the files' lines, as text, into temporary tables. Raises `FileRefused`."""
        if len(sources) > statements.MOST_FILES:
            raise FileRefused(f"At most {statements.MOST_FILES} files can be imported at a time.")
        await connection.execute(statements.keys(new_key()))
        await connection.execute(checking.FAULTS)
        await connection.execute(direct.LINES)
        for records in self.kind.records:
            await connection.execute(statements.stage_table(records))
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
            self.tell(source.path.name, position, source.size, tally.read)

        rows = await direct.copied(connection, table, source, number, tell)
        tally.read = before + (rows or 0)
        if rows is None:
            await self._read(connection, source, records, number)
        self.tell(source.path.name, source.size, source.size, tally.read)

    async def _read(
        self, connection: Connection, source: Source, records: Records, number: int
    ) -> None:
        columns = source.columns if source.delimiter else records.names
        nothing = (None,) * len(columns)
        reader, tally = Reader(source), self.tallies[records.name]

        async def rows() -> AsyncIterator[tuple[Any, ...]]:
            for line in reader.lines(columns):
                tally.read += 1
                if tally.read % _LINES == 0:
                    self.tell(source.path.name, reader.position, source.size, tally.read)
                    await asyncio.sleep(0)
                yield (number, line.number, line.broken, line.said, *_cells(line, nothing))

        await connection.copy_records_to_table(
            f"stage_{records.name}",
            records=rows(),
            columns=("file", "line", "broken", "said", *columns),
        )

    async def check(self, connection: Connection) -> None:
        """Find all that is wrong, and leave only good rows in `row_x`."""
        for step, records in enumerate(self.kind.records):
            self.tell("Checking", step, len(self.kind.records), 0)
            await self._check_rows(connection, records)
        for parts, part in self.kind.parts:
            await connection.execute(checking.broken_documents(parts, part))
            await self._drop_faulty(connection, self.kind.by_name[part.of])
        for check in self.kind.set_checks:
            await connection.execute(checking.set_faults(check))
            await self._drop_faulty(connection, self.kind.by_name[check.records])
        for parts, part in self.kind.parts:
            await connection.execute(checking.orphans(parts, part))
            await self._drop_faulty(connection, parts)
        self.tell("Checking", len(self.kind.records), len(self.kind.records), 0)

    async def _check_rows(self, connection: Connection, records: Records) -> None:
        well_formed = await self._count(connection, statements.typed_rows(records))
        if well_formed < self.tallies[records.name].read:
            await connection.execute(checking.broken_lines(records))
            await connection.execute(checking.form_faults(records))
        await connection.execute(f"ANALYZE row_{records.name}")
        if sql := checking.row_faults(records):
            await connection.execute(sql)
        await self._drop_faulty(connection, records)
        await connection.execute(checking.duplicates(records, records.key))
        for column in records.unique:
            await connection.execute(checking.duplicates(records, (column,)))
            await connection.execute(checking.taken(records, column))
        await self._drop_faulty(connection, records)

    async def _drop_faulty(self, connection: Connection, records: Records) -> None:
        found = "SELECT EXISTS (SELECT FROM fault WHERE records = $1)"
        if await connection.fetchval(found, records.name):
            await connection.execute(checking.without_faulty(records))

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
        of = part.of if part else records.name
        known = await connection.fetchval(f"SELECT EXISTS (SELECT FROM row_{of} WHERE NOT is_new)")
        if known:
            await connection.execute(writing.index(records))
        for first in range(0, pages, _PAGES):
            self.tell(f"Writing {records.name}", first, pages, tally.loaded)
            span = f"({first},0)", f"({first + _PAGES},0)"
            tally.inserted += await self._count(connection, writing.insert(records), *span)
            if known:
                await self._write_known(connection, records, span)
        if known and part and not part.is_kept:
            tally.removed = await self._count(connection, writing.prune(records, part))
        if pages:
            self.tell(f"Writing {records.name}", pages, pages, tally.loaded)

    async def _write_known(
        self, connection: Connection, records: Records, span: tuple[str, str]
    ) -> None:
        tally = self.tallies[records.name]
        tally.changed += await self._count(connection, writing.update(records), *span)
        if records.is_stamped_by_run:
            await connection.execute(writing.restamp(records), *span)
        if records.part_of:
            tally.inserted += await self._count(connection, writing.add(records), *span)

    async def _pages(self, connection: Connection, records: Records) -> int:
        query = "SELECT pg_relation_size($1::text::regclass)"
        return await connection.fetchval(query, f"row_{records.name}") // _PAGE

    async def _count(self, connection: Connection, sql: str, *arguments: str) -> int:
        """How many rows a statement has written."""
        return int((await connection.execute(sql, *arguments)).rpartition(" ")[2])


def _cells(line: Line, nothing: tuple[None, ...]) -> tuple[str | None, ...]:
    return nothing if line.broken else line.cells
