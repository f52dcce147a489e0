"""Import and export runs: staff requests, progress, impact, report of faults, mutual exclusion."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg import Connection
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from lk_graphql.database import raw_sql
from lk_graphql.exchange.errors import (
    FAULTS,
    ImportUploadUnusable,
    LoadedAlready,
    MomentInvalid,
    UploadsInvalid,
)
from lk_graphql.exchange.models import (
    ExportFormat,
    ExportKind,
    ExportRun,
    ExportState,
    ImportChangeKind,
    ImportFile,
    ImportKind,
    ImportRun,
    ImportState,
)
from lk_graphql.exchange.service.loading import Tally
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import CommandError, Unavailable
from lk_graphql.kit.languages import Language
from lk_graphql.kit.metrics import IMPORT_AGE, UNFINISHED_IMPORT, UNWRITTEN_BATCHES
from lk_graphql.kit.pasted_text import find_look_alike
from lk_graphql.kit.spreadsheet_cells import cell_of, csv_line
from lk_graphql.kit.table_files import Source
from lk_graphql.kit.value_formats import DecimalSign
from lk_graphql.kit.viewer import StaffViewer
from lk_graphql.ports.files import FilesUnavailable
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.pubsub import publish
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.claims import claim
from lk_graphql.uploads.service.formats import TABLES

_LOCK = 0x6C6B_696D  # "lkim" in ASCII
IMPORT_RUN = "import_run"
"""Pub/sub topic; the key is the run's."""
STARTABLE = (ImportState.WAITING, ImportState.RUNNING, ImportState.INTERRUPTED)
"""States in which a staff request is executed or begins again."""
UNFINISHED = (*STARTABLE, ImportState.APPLYING)
"""States of runs that may still change."""
TRANSIENT_ERRORS = (
    asyncio.CancelledError,
    OSError,
    FilesUnavailable,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    Unavailable,
)
"""Errors that a retry may overcome: the process, the database or the store stopped."""
_RUNNING = """
SELECT kind, started_at FROM import_run WHERE state IN ('RUNNING', 'APPLYING')
ORDER BY started_at DESC LIMIT 1
"""
_INTERVAL = 1.0  # seconds between two writes of a run's progress
MAX_FILES = 20
_IMPORT_AGES = """
SELECT lower(kind) AS kind, extract(epoch FROM now() - max(finished_at))::float8 AS age
FROM import_run WHERE state = 'DONE' AND NOT is_dry_run GROUP BY kind
"""
_UNFINISHED_AGES = """
SELECT lower(state) AS state,
  coalesce(extract(epoch FROM now() - min(started_at)), 0)::float8 AS age,
  coalesce(sum(batches - batches_written), 0)::float8 AS batches
FROM unnest(ARRAY['RUNNING', 'APPLYING']) AS state LEFT JOIN import_run USING (state) GROUP BY state
"""


class ImportAlreadyRunning(CommandError):
    """Another import is running; two at once would block each other's rows."""


async def require_exclusive(connection: Connection) -> None:
    """Lock out other imports until the transaction ends. Raises `ImportAlreadyRunning`.

    The advisory lock ends with its connection, so a dead process doesn't block others.
    """
    if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
        raise await _already_running(connection)


@asynccontextmanager
async def exclusive_session() -> AsyncGenerator[Connection]:
    """A connection that locks out other imports, for an import of several transactions.

    Its settings are its own: they are reset at the end. Raises `ImportAlreadyRunning`.
    """
    client: Any = get_connection("default")
    connection: Connection
    async with client.acquire_connection() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            raise await _already_running(connection)
        try:
            yield connection
        finally:
            if not connection.is_closed():
                with suppress(*TRANSIENT_ERRORS):
                    await discard_temporary(connection)
                    await connection.execute("RESET ALL")
                    await connection.execute("SELECT pg_advisory_unlock_all()")


async def discard_temporary(connection: Connection) -> None:
    """Drop functions, sequences and tables that would else live as long as the connection.

    At its end PostgreSQL drops them and commits. If a synchronous standby is away, the commit waits
    in a process that can't be interrupted any more, and the primary can't be stopped.
    """
    await connection.execute("CLOSE ALL; DISCARD TEMP")  # asyncpg's cursors would be in the way


async def _already_running(connection: Connection) -> ImportAlreadyRunning:
    running = await connection.fetchrow(_RUNNING)
    details = (
        f" ({running['kind'].lower()}, since {running['started_at']:%H:%M} UTC)" if running else ""
    )
    return ImportAlreadyRunning(
        f"Another import is running{details}. Nothing was loaded: try again when it has ended."
        " If its process was killed, the database lets go of it within seconds."
    )


async def publish_change(run_id: UUID) -> None:
    """Notify subscribers of the run after the running transaction."""
    await publish(IMPORT_RUN, run_id)


async def import_is_running(run_id: UUID) -> bool:
    """Whether the run's record may still change."""
    return await ImportRun.filter(id=run_id, state__in=UNFINISHED).exists()


async def measure_imports() -> None:
    """Set the gauges of the time since each kind of file was loaded, and of what is unfinished."""
    for row in await raw_sql.fetch(_IMPORT_AGES):
        IMPORT_AGE.labels(row["kind"]).set(row["age"])
    unwritten = 0.0
    for row in await raw_sql.fetch(_UNFINISHED_AGES):
        UNFINISHED_IMPORT.labels(row["state"]).set(row["age"])
        unwritten += row["batches"]
    UNWRITTEN_BATCHES.set(unwritten)


async def find_loaded(hashes: Sequence[str]) -> datetime | None:
    """Time at which all files with these SHA-256 were loaded without an error; None if not all."""
    newest: datetime | None = None
    for sha256 in hashes:
        file = (
            await ImportFile.filter(sha256=sha256, run__state=ImportState.DONE, run__errors=0)
            .order_by("-run__finished_at")
            .prefetch_related("run")
            .first()
        )
        if file is None:
            return None
        newest = max(filter(None, (newest, file.run.finished_at)))
    return newest


@dataclass(frozen=True)
class ImpactOfKind:
    """Linked accounts that a kind of change concerns, and customers' links to them."""

    kind: ImportChangeKind
    accounts: int
    links: int


@dataclass(frozen=True)
class ImportImpact:
    """Linked accounts of the cabinet, and those of which customers would lose something.

    `examples` are numbers of such accounts, for staff only.
    """

    linked: int = 0
    affected: int = 0
    changes: Sequence[ImpactOfKind] = ()
    examples: Sequence[str] = field(default=())

    @classmethod
    def from_json(cls, columns: Mapping[str, Any]) -> "ImportImpact":
        changes = [
            ImpactOfKind(ImportChangeKind(change["kind"]), change["accounts"], change["links"])
            for change in columns["changes"]
        ]
        return cls(columns["linked"], columns["affected"], changes, columns["examples"])

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def objection(self, expected: int | None, company: Company) -> str | None:
        """Reason to stop; None for `expected` changes, or without it for not too many.

        For a small supplier the limit is half of the linked accounts, or two, if that is less than
        the minimum.
        """
        if expected == self.affected:
            return None
        minimum = min(company.import_drastic_minimum, max(self.linked // 2, 2))
        if expected is None and self.affected <= max(
            self.linked * company.import_drastic_share / 100, minimum
        ):
            return None
        kinds = "; ".join(
            f"{change.kind}: {change.accounts:,} accounts, {change.links:,} links"
            for change in self.changes
        )
        expectation = "" if expected is None else f", but {expected:,} were expected"
        return (
            f"Customers would lose something on {self.affected:,} of {self.linked:,} linked"
            f" accounts{expectation}{kinds and f' ({kinds})'}. Check the files. If this is right,"
            f" import them again and expect {self.affected} changes."
        )


@dataclass(frozen=True)
class RunJournal:
    """Writes of run records outside the import's transaction, visible to other sessions."""

    connection: BaseDBAsyncClient

    async def begin(self, run: ImportRun, sources: Sequence[Source]) -> None:
        """Save the run as begun. Requires the lock: other RUNNING runs are dead and INTERRUPTED.

        Raises `ImportAlreadyRunning`.
        """
        if await ImportRun.filter(state=ImportState.APPLYING).using_db(self.connection).exists():
            raise ImportAlreadyRunning("An interrupted import has to be finished first: try again.")
        interrupted = ImportRun.filter(state=ImportState.RUNNING).using_db(self.connection)
        await interrupted.update(state=ImportState.INTERRUPTED, finished_at=run.started_at)
        if run.staff_id is not None:
            await self._resume(run)
            return
        await run.save(using_db=self.connection)
        for source in sources:
            await ImportFile.create(
                run_id=run.id,
                name=source.name[:255],
                size=source.size,
                sha256=source.sha256,
                using_db=self.connection,
            )

    async def _resume(self, run: ImportRun) -> None:
        """Mark a staff run as running. Raises `ImportAlreadyRunning` if it has just ended."""
        runs = ImportRun.filter(id=run.id, state__in=STARTABLE).using_db(self.connection)
        columns = {"state": run.state, "started_at": run.started_at, "finished_at": None}
        if not await runs.update(**columns, reason=None):
            raise ImportAlreadyRunning("Another worker has executed this run.")

    @asynccontextmanager
    async def recording_progress(
        self, run: ImportRun, tallies: Sequence[Tally]
    ) -> AsyncGenerator[None]:
        """Save the number of rows read every second while the context is open."""
        task = asyncio.create_task(self._save_progress(run.id, tallies))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _save_progress(self, run_id: UUID, tallies: Sequence[Tally]) -> None:
        saved_counts: tuple[int, int] | None = None
        while True:
            await asyncio.sleep(_INTERVAL)
            counts = sum(tally.read for tally in tallies), sum(tally.loaded for tally in tallies)
            if counts != saved_counts:
                record = ImportRun.filter(id=run_id).using_db(self.connection)
                await record.update(rows_read=counts[0], rows_loaded=counts[1])
                await publish_change(run_id)
                saved_counts = counts


def save_totals(run: ImportRun, tallies: Sequence[Tally]) -> None:
    run.rows_read = sum(tally.read for tally in tallies)
    run.rows_loaded = sum(tally.loaded for tally in tallies)
    run.errors = sum(tally.refused for tally in tallies)
    is_applying = run.state is ImportState.APPLYING
    run.totals = [as_total(tally) for tally in tallies if tally.read or is_applying]


def as_total(tally: Tally) -> dict[str, Any]:
    """Totals as stored in JSON, sums in kopecks."""
    return {
        "name": tally.name,
        "read": tally.read,
        "refused": tally.refused,
        "inserted": tally.inserted,
        "changed": tally.changed,
        "removed": tally.removed,
        "sums": tally.sums,
    }


@dataclass(frozen=True)
class ImportRequest:
    """A staff request for an import of uploads; `allow_repeat` loads files again."""

    kind: ImportKind
    uploads: Sequence[UUID | None]
    as_of: datetime | None = None
    is_dry_run: bool = False
    is_atomic: bool = False
    allow_repeat: bool = False
    controls: Mapping[str, int] = field(default_factory=dict[str, int])
    expected_changes: int | None = None
    decimal_sign: DecimalSign | None = None


@dataclass(frozen=True)
class ExportRequest:
    """A staff request for rows sent since a time; with acknowledged ones if `with_answered`."""

    kind: ExportKind
    form: ExportFormat
    since: datetime
    with_answered: bool = False


async def request_import(
    staff: StaffViewer, request: ImportRequest, *, company: Company, now: datetime
) -> ImportRun:
    """Create a waiting run and claim its uploads, in the caller's transaction.

    Raises `UploadsInvalid`, `ImportUploadUnusable`, `MomentInvalid`, `LoadedAlready`.
    """
    if not 1 <= len(request.uploads) <= MAX_FILES:
        raise UploadsInvalid("uploadIds", most=MAX_FILES)
    if request.as_of and request.as_of > now:
        raise MomentInvalid("asOf")
    uploads = await claim(
        staff,
        request.uploads,
        refusal=ImportUploadUnusable,
        path=("uploadIds",),
        now=now,
        in_quarantine=True,
    )
    for index, upload in enumerate(uploads):
        if upload.kind not in TABLES.kinds:  # an attachment for an answer
            raise ImportUploadUnusable("uploadIds", str(index))
    if not (request.allow_repeat or request.is_dry_run):
        await _require_new(uploads, company)
    run = await ImportRun.create(
        kind=request.kind,
        state=ImportState.WAITING,
        is_dry_run=request.is_dry_run,
        is_atomic=request.is_atomic,
        as_of=request.as_of or now,
        started_at=now,
        staff_id=staff.id,
        controls=dict(request.controls),
        expected_changes=request.expected_changes,
        decimal_sign=request.decimal_sign,
    )
    for upload in uploads:
        await ImportFile.create(
            run=run, upload=upload, name=upload.name, size=upload.size, sha256=upload.sha256
        )
    await enqueue("exchange.import", run_id=run.id)
    return run


async def request_export(staff: StaffViewer, request: ExportRequest, *, now: datetime) -> ExportRun:
    """Create a waiting run, in the caller's transaction. Raises `MomentInvalid`."""
    if request.since > now:
        raise MomentInvalid("since")
    run = await ExportRun.create(
        kind=request.kind,
        form=request.form,
        state=ExportState.WAITING,
        since=request.since,
        with_answered=request.with_answered,
        staff_id=staff.id,
        started_at=now,
    )
    await enqueue("exchange.export", run_id=run.id)
    return run


async def _require_new(uploads: Sequence[Upload], company: Company) -> None:
    if loaded_at := await find_loaded([str(upload.sha256) for upload in uploads]):
        raise LoadedAlready("uploadIds", on=f"{loaded_at.astimezone(company.zone):%d.%m.%Y %H:%M}")


_ROWS_PER_FETCH = 1000
REPORT_COLUMNS = ("file", "line", "column", "code", "value", "message")
_BY_LINE = """
SELECT s.name AS file, f.line, f."column", f.code, f.value, concat_ws('; ', m.message, n.note)
    AS message
FROM fault f
JOIN unnest($1::text[]) WITH ORDINALITY s (name, file) ON s.file = f.file
LEFT JOIN unnest($2::text[], $3::text[]) m (code, message) ON m.code = f.code
LEFT JOIN unnest($4::text[], $5::text[]) n (value, note)
    ON n.value = f.value AND f.code = ANY($6::text[])
ORDER BY f.file, f.line
"""
_OF_IDENTIFIERS = ["BAD_FORM", "BAD_NAME", "ACCOUNT_UNKNOWN", "REGISTER_UNKNOWN"]
"""Codes of faults for which the report names a character that looks like another."""
_IDENTIFIERS = """
SELECT DISTINCT value FROM fault WHERE code = ANY($1) AND value IS NOT NULL LIMIT 10000
"""
_BY_CODE = """
SELECT code, "column", count(*) FROM fault WHERE is_note = $1 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
"""


async def write_report(connection: Connection, path: Path, sources: Sequence[Source]) -> None:
    """Write all faults by file and line, as Russian spreadsheets open CSV: `;` and a BOM."""
    texts = {code: ru for code, (ru, _) in FAULTS.items()}
    names = [source.name for source in sources]
    rows = await connection.fetch(_IDENTIFIERS, _OF_IDENTIFIERS)
    look_alikes = {row["value"]: find_look_alike(row["value"]) for row in rows}
    notes = {value: strange.text(Language.RU) for value, strange in look_alikes.items() if strange}
    values = (names, [*texts], [*texts.values()], [*notes], [*notes.values()], _OF_IDENTIFIERS)
    cursor = await connection.cursor(_BY_LINE, *values)
    with path.open("wb") as file:
        file.write("\N{BYTE ORDER MARK}".encode() + csv_line(REPORT_COLUMNS))
        while rows := await cursor.fetch(_ROWS_PER_FETCH):
            file.writelines(csv_line(map(cell_of, row.values())) for row in rows)


async def count_by_code(
    connection: Connection, *, is_note: bool = False
) -> list[tuple[str, str, int]]:
    """Code, column and number of faults or of notes, the most frequent first."""
    rows = await connection.fetch(_BY_CODE, is_note)
    return [(code, column or "", count) for code, column, count in rows]
