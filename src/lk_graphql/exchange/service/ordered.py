"""The runs that staff have asked for, as a worker does them: again and again until they have ended.

What a run has changed and its end are one commit, so an attempt that died has changed nothing, and
one that comes after the end finds nothing to do but to clear up.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.exchange.models import ImportFile, ImportRun, ImportState
from lk_graphql.exchange.service.catalog import KINDS
from lk_graphql.exchange.service.files import examine
from lk_graphql.exchange.service.importing import load
from lk_graphql.exchange.service.journal import UNFINISHED, AnotherImport, tell_of
from lk_graphql.exchange.service.orders import Order
from lk_graphql.exchange.service.recognition import recognised
from lk_graphql.kit.company import Company
from lk_graphql.kit.obstacle import Obstacle
from lk_graphql.ports.files import Files
from lk_graphql.ports.hopeless import Hopeless
from lk_graphql.uploads.models import UploadState
from lk_graphql.uploads.service.taking import give_back, put_back

_PIECE = 1024 * 1024


class NotYet(Exception):
    """A file is in quarantine, or another import runs: to be tried again."""


class ImportFailed(Hopeless):
    """A fault of ours: the run says so, and trying again would end the same way."""


async def run_import(
    run_id: UUID, *, files: Files, company: Company, clock: Callable[[], datetime]
) -> None:
    """Load what a run names, unless it has ended. Raises `NotYet`, `ImportFailed`, `FilesAway`."""
    run = await ImportRun.get(id=run_id).prefetch_related("files__upload")
    try:
        if run.state in UNFINISHED:
            await _attempt(run, files=files, company=company, clock=clock)
    except Exception as failure:
        await run.refresh_from_db(fields=["state", "reason"])
        if run.state is not ImportState.FAILED:
            raise
        await _let_go(run, now=clock())
        raise ImportFailed(run.reason) from failure
    await _let_go(run, now=clock())


async def _attempt(
    run: ImportRun, *, files: Files, company: Company, clock: Callable[[], datetime]
) -> None:
    try:
        _demand_scanned(run)
        with TemporaryDirectory(prefix="lk-import-") as folder:
            order = await _order(run, Path(folder), files)
            await load(order, company=company, clock=clock, tell=_nobody)
    except AnotherImport as other:
        raise NotYet(str(other)) from other
    except Obstacle as obstacle:
        await _refuse(run, str(obstacle), now=clock())


def _demand_scanned(run: ImportRun) -> None:
    """Raises `NotYet`, or `Obstacle` where a virus was found."""
    states = {one.upload.state for one in run.files if one.upload}
    if UploadState.REFUSED in states:
        raise Obstacle("A file is refused: there is a virus in it.")
    if UploadState.SCANNING in states:
        raise NotYet("A file is still in quarantine")


async def _refuse(run: ImportRun, reason: str, *, now: datetime) -> None:
    """Unless the import itself has said so already."""
    refused = {"state": ImportState.REFUSED, "reason": reason[:1000], "finished_at": now}
    if await ImportRun.filter(id=run.id, state__in=UNFINISHED).update(**refused):
        await tell_of(run.id)


async def _order(run: ImportRun, folder: Path, files: Files) -> Order:
    """The files on this machine's disk, looked at. Raises `FileRefused`, `FilesAway`."""
    kind, paths = KINDS[run.kind], list[Path]()
    for number, one in enumerate(sorted(run.files, key=lambda one: one.id)):
        assert one.upload, "they are let go of when the run has ended"  # noqa: S101
        path = folder / str(number) / one.name
        path.parent.mkdir()
        with path.open("wb") as content:
            async for piece in files.get(one.upload.path):
                await asyncio.to_thread(content.write, piece)
        paths.append(path)
    sources = [await asyncio.to_thread(examine, path) for path in paths]

    async def keep(report: Path) -> None:
        await files.put(run.report_path, _pieces(report))

    return Order(
        run.kind,
        tuple((source, recognised(source, kind)) for source in sources),
        as_of=run.as_of,
        report=folder / f"{run.kind.lower()}.faults.csv",
        is_dry_run=run.is_dry_run,
        is_atomic=run.is_atomic,
        controls=run.controls,
        run=run,
        keep=keep,
    )


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as content:
        while piece := await asyncio.to_thread(content.read, _PIECE):
            yield piece


async def _let_go(run: ImportRun, *, now: datetime) -> None:
    """What was uploaded isn't needed any more: the sweep of uploads forgets it.

    After a trial it is: for the import itself.
    """
    async with in_transaction():
        mine = ImportFile.filter(run_id=run.id, upload_id__isnull=False)
        keys = await mine.values_list("upload_id", flat=True)
        await mine.update(upload_id=None)
        leave = put_back if run.state is ImportState.CHECKED else give_back
        await leave([key for key in keys if isinstance(key, UUID)], now=now)


def _nobody(step: str, done: int, total: int, rows: int) -> None:
    """Staff see how far it is in the run's record."""
