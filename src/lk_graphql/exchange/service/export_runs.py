"""Exports that staff have asked for: written to the store by a worker, kept for some days."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from lk_graphql.exchange.models import ExportFormat, ExportRun, ExportState, ImportRun
from lk_graphql.exchange.service.exporting import exported
from lk_graphql.exchange.service.journal import PASSING
from lk_graphql.ports.files import Files
from lk_graphql.ports.hopeless import Hopeless
from lk_graphql.ports.signals import publish

EXPORT_RUN = "export_run"
"""The signals' topic; their keys are the runs'."""
KEPT = timedelta(days=7)
"""How long an export can be fetched: it is full of personal data."""
REPORTS_KEPT = timedelta(days=90)


async def export_goes_on(run_id: UUID) -> bool:
    """Whether it is still to be written."""
    return await ExportRun.filter(id=run_id, state=ExportState.WAITING).exists()


class ExportFailed(Hopeless):
    """A fault of ours: the run says so, and trying again would end the same way."""


class _Written:
    """What has gone to the store so far."""

    def __init__(self) -> None:
        self.digest, self.size, self.lines = sha256(), 0, 0

    async def passing(self, batches: AsyncIterator[list[bytes]]) -> AsyncIterator[bytes]:
        async for lines in batches:
            piece = b"".join(lines)
            self.digest.update(piece)
            self.size += len(piece)
            self.lines += len(lines)
            yield piece


async def run_export(run_id: UUID, *, files: Files, clock: Callable[[], datetime]) -> None:
    """Write a run's file, unless it is written. Raises `FilesAway`, `ExportFailed`."""
    run = await ExportRun.get(id=run_id)
    if run.state is not ExportState.WAITING:
        return
    try:
        end = await _written(run, files, clock)
    except PASSING:
        raise
    except Exception as failure:
        await _end(run, {"state": ExportState.FAILED, "finished_at": clock()})
        raise ExportFailed(type(failure).__name__) from failure
    await _end(run, end)


async def _written(
    run: ExportRun, files: Files, clock: Callable[[], datetime]
) -> dict[str, object]:
    """What the record says of a file that is in the store."""
    written, database = _Written(), _database()
    async with database.acquire_connection() as connection:
        batches = exported(
            connection, run.kind, run.form, since=run.since, everything=run.with_answered
        )
        await files.put(run.path, written.passing(batches))
    now = clock()
    return {
        "state": ExportState.DONE,
        "rows": written.lines - (run.form is ExportFormat.CSV),
        "size": written.size,
        "sha256": written.digest.hexdigest(),
        "finished_at": now,
        "expires_at": now + KEPT,
    }


async def _end(run: ExportRun, end: dict[str, object]) -> None:
    async with in_transaction():
        await ExportRun.filter(id=run.id).update(**end)
        await publish(EXPORT_RUN, run.id)


def _database() -> Any:
    """Its methods are untyped."""
    return get_connection("default")


async def forget_files(files: Files, *, now: datetime) -> None:
    """Delete exports that have expired, and old reports; the runs' records stay."""
    for export in await ExportRun.filter(expires_at__lte=now, sha256__isnull=False):
        await files.delete(export.path)
        await ExportRun.filter(id=export.id).update(sha256=None)
    old = ImportRun.filter(staff_id__isnull=False, report__isnull=False)
    for run in await old.filter(finished_at__lte=now - REPORTS_KEPT):
        await files.delete(run.report_path)
        await ImportRun.filter(id=run.id).update(report=None)
