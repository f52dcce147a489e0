"""Imports of staff, by a worker: the files come from the store, and the report goes there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.exchange.models import ImportFile, ImportRun, ImportState
from lk_graphql.exchange.service import batches
from lk_graphql.exchange.service.imports import ImportOrder, load
from lk_graphql.exchange.service.loading import ignore_progress
from lk_graphql.exchange.service.runs import STARTABLE, ImportAlreadyRunning, publish_change
from lk_graphql.import_formats.service.catalog import KINDS, inspect_file, recognize
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import CommandError
from lk_graphql.ports.errors import PermanentError
from lk_graphql.ports.files import Files
from lk_graphql.uploads.models import UploadState
from lk_graphql.uploads.service.claims import release, restore

_REPEATABLE = (ImportState.CHECKED, ImportState.NEEDS_CONFIRMATION)
_CHUNK = 1024 * 1024


class ImportNotReady(Exception):
    """A file is in quarantine, or another import is running; the job is retried."""


class ImportFailed(PermanentError):
    """An internal error, recorded on the run; the job isn't retried."""


async def run_import(
    run_id: UUID, *, files: Files, company: Company, clock: Callable[[], datetime]
) -> None:
    """Load the files of a run unless it has ended.

    Raises `ImportNotReady`, `ImportFailed`, `FilesUnavailable`.
    """
    run = await ImportRun.get(id=run_id).prefetch_related("files__upload")
    try:
        await _proceed(run, files=files, company=company, clock=clock)
    except Exception as failure:
        await run.refresh_from_db(fields=["state", "reason"])
        if run.state is not ImportState.FAILED:
            raise
        await _release_uploads(run, now=clock())
        raise ImportFailed(run.reason) from failure
    await _release_uploads(run, now=clock())


async def _proceed(
    run: ImportRun, *, files: Files, company: Company, clock: Callable[[], datetime]
) -> None:
    """Write the remaining batches of the run, or load its files. Raises `ImportNotReady`."""
    try:
        if run.state is ImportState.APPLYING:
            await batches.finish_interrupted(company=company, clock=clock)
            await run.refresh_from_db()
        if run.state in STARTABLE:
            await _attempt(run, files=files, company=company, clock=clock)
    except ImportAlreadyRunning as error:
        raise ImportNotReady(str(error)) from error


async def _attempt(
    run: ImportRun, *, files: Files, company: Company, clock: Callable[[], datetime]
) -> None:
    try:
        _require_scanned(run)
        with TemporaryDirectory(prefix="lk-import-") as folder:
            order = await _import_order(run, Path(folder), files)
            await load(order, company=company, clock=clock, report=ignore_progress)
    except ImportAlreadyRunning:
        raise
    except CommandError as error:
        await _refuse(run, str(error), now=clock())


def _require_scanned(run: ImportRun) -> None:
    """Raise `ImportNotReady` during a scan, and `CommandError` if it refused a file."""
    refusals = {file.upload.state: file.upload.refusal for file in run.files if file.upload}
    if UploadState.REFUSED in refusals:
        raise CommandError(f"The virus scan refused a file: {refusals[UploadState.REFUSED]}.")
    if UploadState.SCANNING in refusals:
        raise ImportNotReady("A file is still in quarantine")


async def _refuse(run: ImportRun, reason: str, *, now: datetime) -> None:
    """Record a refusal unless `load` has recorded an end of the run."""
    columns = {"state": ImportState.REFUSED, "reason": reason[:1000], "finished_at": now}
    if await ImportRun.filter(id=run.id, state__in=STARTABLE).update(**columns):
        await publish_change(run.id)


async def _import_order(run: ImportRun, folder: Path, files: Files) -> ImportOrder:
    """Copy the files to the local disk and inspect them.

    Raises `FileRefused`, `FilesUnavailable`.
    """
    kind, paths = KINDS[run.kind], list[Path]()
    for number, file in enumerate(sorted(run.files, key=lambda file: file.id)):
        assert file.upload, "uploads are released when the run ends"  # noqa: S101
        path = folder / str(number) / file.name
        path.parent.mkdir()
        with path.open("wb") as content:
            async for chunk in files.get(file.upload.path):
                await asyncio.to_thread(content.write, chunk)
        paths.append(path)
    sources = [await asyncio.to_thread(inspect_file, path) for path in paths]

    async def store_report(report: Path) -> None:
        await files.put(run.report_path, _chunks(report))

    return ImportOrder(
        run.kind,
        tuple((source, recognize(source, kind)) for source in sources),
        as_of=run.as_of,
        report=folder / f"{run.kind.lower()}.faults.csv",
        is_dry_run=run.is_dry_run,
        is_atomic=run.is_atomic,
        controls=run.controls,
        expected_changes=run.expected_changes,
        decimal_sign=run.decimal_sign,
        run=run,
        store_report=store_report,
    )


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as content:
        while chunk := await asyncio.to_thread(content.read, _CHUNK):
            yield chunk


async def _release_uploads(run: ImportRun, *, now: datetime) -> None:
    """Release the uploads.

    After a dry run, and after a run that needs a confirmation, restore them for the next import.
    """
    async with in_transaction():
        files = ImportFile.filter(run_id=run.id, upload_id__isnull=False)
        keys = await files.values_list("upload_id", flat=True)
        await files.update(upload_id=None)
        finish = restore if run.state in _REPEATABLE else release
        await finish([key for key in keys if isinstance(key, UUID)], now=now)
