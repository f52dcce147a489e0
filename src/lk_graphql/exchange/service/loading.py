"""Loading of files: staging, checks, writing of rows.

Most files are plain (`tabular.plain_files`): PostgreSQL's COPY reads them about five times faster
than `SourceReader`, into the same rows. If a file proves not to be plain, by its bytes or by an
error of COPY, the copy is rolled back and `SourceReader` reads the file.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from asyncpg import Connection

from lk_graphql.exchange.service import faults, import_sql
from lk_graphql.exchange.service.import_sql import TEMPORARY, UNLOGGED, Staging
from lk_graphql.import_formats.service.records import ImportFormat, Records, SetCheck
from lk_graphql.kit.ids import new_key
from lk_graphql.tabular import value_formats
from lk_graphql.tabular.plain_files import NeedsParsing, RawCopy
from lk_graphql.tabular.table_files import FileRefused, Source, SourceLine, SourceReader
from lk_graphql.tabular.value_formats import DecimalSign

_ENCODINGS = {"utf-8": "utf8", "utf-8-sig": "utf8", "cp1251": "win1251"}
LINE_SEQUENCE = "CREATE TEMP SEQUENCE IF NOT EXISTS import_line"
"""Temporary sequence of line numbers, for the column `line` of staging tables."""
ProgressCallback = Callable[[str, int, int, int], None]
"""Called with the step, its progress, its total, and the number of rows."""
_PAGES_PER_STATEMENT = 4000  # 32 MB of a temporary table
_PAGES_PER_TRANSACTION = 32_000  # 256 MB; each transaction reads the joined tables once
_BYTES_PER_COPY = 64 << 20
_ROWS_PER_COPY = 200_000
_PAGE_SIZE = 8192
_MAX_TOTAL = 10**17  # kopecks
_SAMPLE = 1000  # rows that are searched for ambiguous numbers
_NUMBERED = (
    "ALTER TABLE {} ALTER file SET DEFAULT {}; SELECT setval('pg_temp.import_line', {}, false)"
)
_LINES_PER_REPORT = 1000  # each report also yields to the event loop
_REFUSED = "SELECT count(DISTINCT (file, line)) FROM fault WHERE records = $1 AND NOT is_note"


def ignore_progress(step: str, position: int, total: int, rows: int) -> None:
    """Ignore the progress, for callers that don't display it."""


def lock_accounts(query: str) -> str:
    """Lock the accounts that `query` selects, as commands of customers do, in the order of keys."""
    return (
        f"SELECT count(*) FROM (SELECT FROM account WHERE id IN ({query}) ORDER BY id"
        " FOR NO KEY UPDATE) locked"
    )


async def create_table(connection: Connection, query: str, for_many: str) -> int:
    """Create a table and return its number of rows; if there are many, execute `for_many`, too."""
    count = int((await connection.execute(query)).rpartition(" ")[2])
    if count >= import_sql.FEW_ROWS:
        await connection.execute(for_many)
    return count


async def copy_raw(
    connection: Connection,
    table: str,
    source: Source,
    number: int,
    report: Callable[[int, int], None],
    size: int | None = None,
) -> int | None:
    """Copy a plain file into its staging table and return the number of rows.

    Returns None if the file isn't plain; then nothing is copied. `number` is the file's number in
    the import. `size` is the number of bytes in a COPY, by default all; each COPY is a transaction,
    or a savepoint.
    """
    is_usual = source.delimiter in {*";,|"} and source.encoding in _ENCODINGS
    if not is_usual or source.is_damaged:
        return None
    await connection.execute(_NUMBERED.format(table, number, source.header_line + 1))
    copy, rows = RawCopy(source, report), 0
    try:
        for span in copy.spans(size or source.size):
            async with connection.transaction():
                tag = await connection.copy_to_table(
                    table,
                    source=copy.chunks(span),
                    columns=source.columns,
                    format="csv",
                    delimiter=source.delimiter,
                    encoding=_ENCODINGS[source.encoding],
                )
            rows += int(tag.rpartition(" ")[2])
    except (NeedsParsing, asyncpg.DataError):
        if rows:
            await connection.execute(f"DELETE FROM {table} WHERE file = {number}")
        return None
    return rows


@dataclass
class Tally:
    """Counts of the rows of one `Records`."""

    name: str
    read: int = 0
    refused: int = 0
    inserted: int = 0
    changed: int = 0
    removed: int = 0
    sums: dict[str, int] = field(default_factory=dict[str, int])
    """Sums of the good rows, in kopecks."""

    @property
    def loaded(self) -> int:
        return self.inserted + self.changed


@dataclass
class Loading:
    """Steps of an import; callers call the methods in their order.

    With temporary tables, one transaction has all steps. With unlogged tables, each statement is a
    transaction. Its size doesn't grow with the file, except for the checks of sums and of keys.

    `decimal_sign` is the sign in the numbers of the files, if the operator has named it. Records
    without files are neither staged nor checked. If records stand alone, those without files don't
    even have a table `row_x`, unless a set check reads it.
    """

    kind: ImportFormat
    report: ProgressCallback
    staging: Staging = TEMPORARY
    decimal_sign: DecimalSign | None = None
    tallies: dict[str, Tally] = field(init=False)
    present: set[str] = field(default_factory=set[str], init=False)
    """Names of the records that have files."""
    has_faults: bool = field(default=False, init=False)
    """Whether a fault or a note is recorded."""

    def __post_init__(self) -> None:
        self.tallies = {records.name: Tally(records.name) for records in self.kind.records}

    async def stage(
        self, connection: Connection, sources: Sequence[tuple[Source, Records]]
    ) -> None:
        """Copy the lines of the files as text into staging tables. Raises `FileRefused`."""
        if len(sources) > import_sql.MOST_FILES:
            raise FileRefused(f"At most {import_sql.MOST_FILES} files can be imported at a time.")
        self.present = {records.name for _, records in sources}
        tables = [
            self.staging.table(f"stage_{records.name}", import_sql.stage_columns(records))
            for records in self._present_records
        ]
        fault_table = self.staging.table("fault", faults.FAULT_COLUMNS)
        created = (import_sql.keys(new_key()), fault_table, LINE_SEQUENCE, *tables)
        await connection.execute(";\n".join(created))
        for number, (source, records) in enumerate(sources, start=1):
            await self._copy(connection, source, records, number)
        for records in self._present_records:
            await self._analyze(connection, records, "stage")

    @property
    def _present_records(self) -> list[Records]:
        return [records for records in self.kind.records if records.name in self.present]

    async def _copy(
        self, connection: Connection, source: Source, records: Records, number: int
    ) -> None:
        """Copy a plain file by `copy_raw`, another one line by line."""
        tally, table = self.tallies[records.name], f"stage_{records.name}"
        before = tally.read

        def report_lines(position: int, rows: int) -> None:
            tally.read = before + rows
            self.report(source.name, position, source.size, tally.read)

        size = _BYTES_PER_COPY if self.staging is UNLOGGED else None
        rows = await copy_raw(connection, table, source, number, report_lines, size)
        tally.read = before + (rows or 0)
        if rows is None:
            await self._read(connection, source, records, number)
        self.report(source.name, source.size, source.size, tally.read)

    async def _read(
        self, connection: Connection, source: Source, records: Records, number: int
    ) -> None:
        columns = source.columns if source.delimiter else records.names
        blank_cells = (None,) * len(columns)
        reader, tally = SourceReader(source), self.tallies[records.name]

        async def rows() -> AsyncIterator[tuple[Any, ...]]:
            for line in reader.lines(columns):
                tally.read += 1
                if tally.read % _LINES_PER_REPORT == 0:
                    self.report(source.name, reader.position, source.size, tally.read)
                    await asyncio.sleep(0)
                yield (
                    number,
                    line.number,
                    line.fault_code,
                    line.column,
                    line.description,
                    *_cells(line, blank_cells),
                )

        remaining = rows()
        async for first in remaining:
            await connection.copy_records_to_table(
                f"stage_{records.name}",
                records=_up_to(_ROWS_PER_COPY, first, remaining),
                columns=("file", "line", "fault_code", "fault_column", "content", *columns),
            )

    async def check(self, connection: Connection) -> None:
        """Record all faults, and leave only the good rows in `row_x`."""
        set_checks = [check for check in self.kind.set_checks if check.records in self.present]
        present_parts = [pair for pair in self.kind.parts if pair[0].name in self.present]
        for step, records in enumerate(self.kind.records):
            self.report("Checking", step, len(self.kind.records), 0)
            if records.name in self.present:
                await self._check_rows(connection, records)
            elif self._is_read(records, set_checks):
                await connection.execute(
                    self.staging.table_of(f"row_{records.name}", import_sql.no_rows(records))
                )
        await self._match_under_lock(connection)
        of_parts = [check for check in set_checks if self.kind.by_name[check.records].part_of]
        await self._check_sets(connection, of_parts)
        for parts, part in present_parts:
            documents = self.kind.by_name[part.parent]
            await self._refuse(connection, documents, faults.broken_documents(parts, part))
        await self._check_sets(connection, [one for one in set_checks if one not in of_parts])
        for parts, part in present_parts:
            await self._refuse(connection, parts, faults.orphans(parts, part))
        for note in self.kind.notes:
            if note.records in self.present:
                await self._record(connection, faults.set_faults(note, is_note=True))
        self.report("Checking", len(self.kind.records), len(self.kind.records), 0)

    async def _check_sets(self, connection: Connection, checks: Sequence[SetCheck]) -> None:
        for check in checks:
            records = self.kind.by_name[check.records]
            await self._refuse(connection, records, faults.set_faults(check))

    async def _match_under_lock(self, connection: Connection) -> None:
        """Lock the accounts of the rows until the end, and look up the existing rows again."""
        if self.kind.locked_accounts:
            await connection.execute(lock_accounts(self.kind.locked_accounts))
            for records in self._present_records:
                await connection.execute(_match_again(records))

    def _is_read(self, records: Records, checks: Sequence[SetCheck]) -> bool:
        """Whether a statement reads the rows of records that have no file."""
        name = f"row_{records.name} "
        return not self.kind.stand_alone or any(name in check.query for check in checks)

    async def _check_rows(self, connection: Connection, records: Records) -> None:
        table, columns = f"stage_{records.name}", records.columns
        signs = ""
        sample = value_formats.has_ambiguous(table, columns, _SAMPLE)
        if sample and await connection.fetchval(sample):
            signs = await self._proven_signs(connection)
        well_formed = await self._convert(connection, records, signs)
        if well_formed < self.tallies[records.name].read:
            await self._check_unusual(connection, records, signs)
        await self._analyze(connection, records, "row")
        if sql := faults.row_faults(records):
            await self._refuse(connection, records, sql)
        keys = (records.key, *((column,) for column in records.unique))
        duplicates = [faults.duplicates(records, key) for key in keys]
        taken = [faults.duplicate_in_table(records, column) for column in records.unique]
        await self._refuse(connection, records, *duplicates, *taken)

    async def _analyze(self, connection: Connection, records: Records, table: str) -> None:
        if self.tallies[records.name].read >= import_sql.FEW_ROWS:
            await connection.execute(f"ANALYZE {table}_{records.name}")

    async def _check_unusual(self, connection: Connection, records: Records, signs: str) -> None:
        """Normalize unusual spellings, and record malformed values. Raises `FileRefused`."""
        table, columns = f"stage_{records.name}", records.columns
        for _, line, is_same in await connection.fetch(faults.mark_headings(records, signs)):
            if not is_same:
                raise FileRefused(
                    f"Line {line} of a file with {records.name} names the columns again, in another"
                    " order: perhaps files were joined. Import them one by one."
                )
        await connection.execute(faults.mark_totals(records, signs))
        if sql := value_formats.normalize(table, columns, signs):
            await connection.execute(";\n".join((*value_formats.FUNCTIONS, sql)))
        if any(column.value.ambiguous_sql for column in columns):
            signs = await self._proven_signs(connection)
        await connection.execute(f"DROP TABLE row_{records.name}")
        await self._convert(connection, records, signs)
        await self._record(connection, faults.broken_lines(records))
        await self._record(connection, faults.format_faults(records, signs))

    async def _convert(self, connection: Connection, records: Records, signs: str) -> int:
        """Create `row_x` with the well-formed rows; return their number."""
        table, query = f"row_{records.name}", import_sql.typed_rows(records, signs)
        if self.staging is not UNLOGGED:
            return await self._count(connection, self.staging.table_of(table, query))
        await connection.execute(f"{self.staging.table_of(table, query)} WITH NO DATA")
        count, pages = 0, await self._pages(connection, f"stage_{records.name}")
        for page in range(0, pages, _PAGES_PER_TRANSACTION):
            span = range(page, page + _PAGES_PER_TRANSACTION)
            self.report(f"Reading {records.name}", page, pages, count)
            query = import_sql.typed_rows(records, signs, span)
            count += await self._count(connection, f"INSERT INTO {table} {query}")
        return count

    async def _proven_signs(self, connection: Connection) -> str:
        tables = {f"stage_{records.name}": records.columns for records in self._present_records}
        return await connection.fetchval(value_formats.proven_signs(tables, self.decimal_sign))

    async def _record(self, connection: Connection, check: str) -> bool:
        """Record the faults or notes that a statement selects; return whether there are any."""
        has_some = bool(await self._count(connection, check))
        self.has_faults |= has_some
        return has_some

    async def _refuse(self, connection: Connection, records: Records, *checks: str) -> None:
        """Record the faults that the checks find, then delete the faulty rows."""
        if any([await self._record(connection, check) for check in checks]):
            await connection.execute(faults.without_faulty(records))

    async def count(self, connection: Connection) -> None:
        """Count the refused rows and sum the good ones. Raises `FileRefused`."""
        for records in self._present_records:
            tally = self.tallies[records.name]
            if self.has_faults:
                tally.refused = await connection.fetchval(_REFUSED, records.name)
            if records.sums and tally.read:
                sums = ", ".join(f"coalesce(sum({name}), 0)" for name in records.sums)
                row = await connection.fetchrow(f"SELECT {sums} FROM row_{records.name}")
                tally.sums = {
                    name: int(total) for name, total in zip(records.sums, row or (), strict=True)
                }
                if too_large := [
                    name for name in records.sums if abs(tally.sums[name]) > _MAX_TOTAL
                ]:
                    raise FileRefused(
                        f"The total of {records.name}.{too_large[0]} is beyond all bounds."
                    )

    async def write(self, connection: Connection, records: Records) -> None:
        tally, part = self.tallies[records.name], records.part_of
        if not tally.read and not part:
            return
        pages = min(tally.read, 1)  # few rows are in few pages, which one statement can write
        if tally.read >= import_sql.FEW_ROWS:
            pages = await self._pages(connection, f"row_{records.name}")
        parent = part.parent if part else records.name
        has_existing = await connection.fetchval(
            f"SELECT EXISTS (SELECT FROM row_{parent} WHERE NOT is_new)"
        )
        if has_existing and pages:
            await connection.execute(import_sql.index(records))
        for page in range(0, pages, _PAGES_PER_STATEMENT):
            self.report(f"Writing {records.name}", page, pages, tally.loaded)
            span = f"({page},0)", f"({page + _PAGES_PER_STATEMENT},0)"
            tally.inserted += await self._count(connection, import_sql.insert(records), *span)
            if has_existing:
                await self._write_existing(connection, records, span)
        if has_existing and part and not part.keeps_missing:
            tally.removed += await self._count(connection, import_sql.delete_missing(records, part))
        if pages:
            self.report(f"Writing {records.name}", pages, pages, tally.loaded)

    async def _write_existing(
        self, connection: Connection, records: Records, span: tuple[str, str]
    ) -> None:
        tally = self.tallies[records.name]
        tally.changed += await self._count(connection, import_sql.update(records), *span)
        if records.is_stamped_by_run:
            await connection.execute(import_sql.restamp(records), *span)
        if records.part_of:
            tally.inserted += await self._count(connection, import_sql.insert_new(records), *span)

    async def _pages(self, connection: Connection, table: str) -> int:
        query = "SELECT pg_relation_size($1::text::regclass)"
        return await connection.fetchval(query, table) // _PAGE_SIZE

    async def _count(self, connection: Connection, sql: str, *arguments: str) -> int:
        """Execute a statement and return the number of rows it has written."""
        return int((await connection.execute(sql, *arguments)).rpartition(" ")[2])


def _match_again(records: Records) -> str:
    """Match rows with those of the table, which customers may have changed since."""
    sources = (reference.target for reference in records.references)
    names = ", ".join([*sources, *(column.typed_name for column in records.columns)])
    rows = f"SELECT file, line, {names} FROM row_{records.name}"
    return (
        f"UPDATE row_{records.name} r SET id = m.id, is_new = m.is_new, is_stale = m.is_stale"
        f" FROM ({import_sql.existing_rows(records, rows)}) m"
        " WHERE (m.file, m.line) = (r.file, r.line) AND (m.id, m.is_new, m.is_stale)"
        " IS DISTINCT FROM (r.id, r.is_new, r.is_stale)"
    )


async def _up_to(
    count: int, first: tuple[Any, ...], others: AsyncIterator[tuple[Any, ...]]
) -> AsyncIterator[tuple[Any, ...]]:
    """Yield `first` and the next rows of `others`, `count` in all; later rows stay in `others`."""
    yield first
    while (count := count - 1) and (row := await anext(others, None)):
        yield row


def _cells(line: SourceLine, empty: tuple[None, ...]) -> tuple[str | None, ...]:
    return line.cells or empty
