"""Import and export runs: requests of staff, progress records, one import at a time."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg import Connection
from tortoise.backends.base.client import BaseDBAsyncClient

from lk_graphql.exchange.errors import (
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
    ImportFile,
    ImportKind,
    ImportRun,
    ImportState,
)
from lk_graphql.exchange.service.files import Source
from lk_graphql.exchange.service.loading import Tally
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.viewer import StaffViewer
from lk_graphql.ports.files import FilesUnavailable
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.pubsub import publish
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.claims import claim
from lk_graphql.uploads.service.formats import TABLES

_LOCK = 0x6C6B_696D  # "lkim"
IMPORT_RUN = "import_run"
"""The signals' topic; their keys are the runs'."""
UNFINISHED = (ImportState.WAITING, ImportState.RUNNING, ImportState.INTERRUPTED)
"""States from which a run that staff have asked for goes on."""
TRANSIENT_ERRORS = (
    asyncio.CancelledError,
    OSError,
    FilesUnavailable,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
)
"""What another attempt may get over: a stop of the process, the database or the store away."""
_RUNNING = """
SELECT kind, started_at FROM import_run WHERE state = 'RUNNING' ORDER BY started_at DESC LIMIT 1
"""
_INTERVAL = 1.0  # between two notes of how far a run has come


class ImportAlreadyRunning(CommandError):
    """Two at once would wait for each other's rows, and neither would know what it changes."""


async def require_exclusive(connection: Connection) -> None:
    """Keep other imports out until the transaction ends. Raises `ImportAlreadyRunning`.

    The lock goes with its connection, so a process that died holds nobody up.
    """
    if await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
        return
    running = await connection.fetchrow(_RUNNING)
    since = (
        f" ({running['kind'].lower()}, since {running['started_at']:%H:%M} UTC)" if running else ""
    )
    raise ImportAlreadyRunning(
        f"Another import is running{since}. Nothing was loaded: try again when it has ended."
        " If its process was killed, the database lets go of it within seconds."
    )


async def publish_change(run_id: UUID) -> None:
    """Whoever watches the run reads it again, after the running transaction."""
    await publish(IMPORT_RUN, run_id)


async def import_is_running(run_id: UUID) -> bool:
    """Whether its record may still change."""
    return await ImportRun.filter(id=run_id, state__in=UNFINISHED).exists()


async def find_loaded(hashes: Sequence[str]) -> datetime | None:
    """When all files with these SHA-256 were loaded without an error; None if one wasn't."""
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
class RunJournal:
    """Writes beside the import's own transaction, through `beside`, so that others can look on."""

    connection: BaseDBAsyncClient

    async def begin(self, run: ImportRun, sources: Sequence[Source]) -> None:
        """Only who has the lock may call this: all other runs that seem to run are dead."""
        dead = ImportRun.filter(state=ImportState.RUNNING).using_db(self.connection)
        await dead.update(state=ImportState.INTERRUPTED, finished_at=run.started_at)
        if run.staff_id is not None:
            await self._go_on(run)
            return
        await run.save(using_db=self.connection)
        for source in sources:
            await ImportFile.create(
                run_id=run.id,
                name=source.path.name[:255],
                size=source.size,
                sha256=source.sha256,
                using_db=self.connection,
            )

    async def _go_on(self, run: ImportRun) -> None:
        """Raises `ImportAlreadyRunning` for a run that another worker has just ended."""
        mine = ImportRun.filter(id=run.id, state__in=UNFINISHED).using_db(self.connection)
        begun = {"state": run.state, "started_at": run.started_at, "finished_at": None}
        if not await mine.update(**begun, reason=None):
            raise ImportAlreadyRunning("Another worker has done it.")

    @asynccontextmanager
    async def following(self, run: ImportRun, tallies: Sequence[Tally]) -> AsyncGenerator[None]:
        """While this is open, the record says how many rows have been read."""
        noting = asyncio.create_task(self._save_progress(run.id, tallies))
        try:
            yield
        finally:
            noting.cancel()
            with suppress(asyncio.CancelledError):
                await noting

    async def _save_progress(self, run_id: UUID, tallies: Sequence[Tally]) -> None:
        noted: tuple[int, int] | None = None
        while True:
            await asyncio.sleep(_INTERVAL)
            counts = sum(one.read for one in tallies), sum(one.loaded for one in tallies)
            if counts != noted:
                record = ImportRun.filter(id=run_id).using_db(self.connection)
                await record.update(rows_read=counts[0], rows_loaded=counts[1])
                await publish_change(run_id)
                noted = counts


def save_totals(run: ImportRun, tallies: Sequence[Tally]) -> None:
    run.rows_read = sum(one.read for one in tallies)
    run.rows_loaded = sum(one.loaded for one in tallies)
    run.errors = sum(one.refused for one in tallies)
    run.totals = [as_total(one) for one in tallies if one.read]


def as_total(tally: Tally) -> dict[str, Any]:
    """As it is kept: sums in kopecks."""
    return {
        "name": tally.name,
        "read": tally.read,
        "refused": tally.refused,
        "inserted": tally.inserted,
        "changed": tally.changed,
        "removed": tally.removed,
        "sums": tally.sums,
    }


MAX_FILES = 20


@dataclass(frozen=True)
class ImportRequest:
    """As `importing.Order`, of files that are uploaded. `again` loads what was loaded before."""

    kind: ImportKind
    uploads: Sequence[UUID | None]
    as_of: datetime | None = None
    is_dry_run: bool = False
    is_atomic: bool = False
    allow_repeat: bool = False
    controls: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class ExportRequest:
    """What was sent since a moment; what is answered already, only `with_answered`."""

    kind: ExportKind
    form: ExportFormat
    since: datetime
    with_answered: bool = False


async def request_import(
    staff: StaffViewer, request: ImportRequest, *, company: Company, now: datetime
) -> ImportRun:
    """A run that waits; the files are used from now on. For the caller's transaction.

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
        if upload.kind not in TABLES.kinds:  # uploaded to be attached to an answer
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
    )
    for one in uploads:
        await ImportFile.create(
            run=run, upload=one, name=one.name, size=one.size, sha256=one.sha256
        )
    await enqueue("exchange.import", run_id=run.id)
    return run


async def _require_new(uploads: Sequence[Upload], company: Company) -> None:
    if loaded := await find_loaded([str(one.sha256) for one in uploads]):
        raise LoadedAlready("uploadIds", on=f"{loaded.astimezone(company.zone):%d.%m.%Y %H:%M}")


async def request_export(staff: StaffViewer, request: ExportRequest, *, now: datetime) -> ExportRun:
    """A run that waits. For the caller's transaction. Raises `MomentInvalid`."""
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
