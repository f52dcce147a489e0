"""What staff ask for: noted as a run, done by a job, so that nobody waits for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

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
from lk_graphql.exchange.service.journal import loaded_before
from lk_graphql.kit.company import Company
from lk_graphql.kit.viewer import Staff
from lk_graphql.ports.jobs import enqueue
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.kinds import TABLES
from lk_graphql.uploads.service.taking import take

MOST_FILES = 20


@dataclass(frozen=True)
class WantedImport:
    """As `importing.Order`, of files that are uploaded. `again` loads what was loaded before."""

    kind: ImportKind
    uploads: Sequence[UUID | None]
    as_of: datetime | None = None
    is_dry_run: bool = False
    is_atomic: bool = False
    again: bool = False
    controls: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class WantedExport:
    """What was sent since a moment; what is answered already, only `with_answered`."""

    kind: ExportKind
    form: ExportFormat
    since: datetime
    with_answered: bool = False


async def order_import(
    staff: Staff, wanted: WantedImport, *, company: Company, now: datetime
) -> ImportRun:
    """A run that waits; the files are used from now on. For the caller's transaction.

    Raises `UploadsInvalid`, `ImportUploadUnusable`, `MomentInvalid`, `LoadedAlready`.
    """
    if not 1 <= len(wanted.uploads) <= MOST_FILES:
        raise UploadsInvalid("uploadIds", most=MOST_FILES)
    if wanted.as_of and wanted.as_of > now:
        raise MomentInvalid("asOf")
    uploads = await take(
        staff,
        wanted.uploads,
        refusal=ImportUploadUnusable,
        path=("uploadIds",),
        now=now,
        in_quarantine=True,
    )
    for index, upload in enumerate(uploads):
        if upload.kind not in TABLES.kinds:  # uploaded to be attached to an answer
            raise ImportUploadUnusable("uploadIds", str(index))
    if not (wanted.again or wanted.is_dry_run):
        await _demand_new(uploads, company)
    run = await ImportRun.create(
        kind=wanted.kind,
        state=ImportState.WAITING,
        is_dry_run=wanted.is_dry_run,
        is_atomic=wanted.is_atomic,
        as_of=wanted.as_of or now,
        started_at=now,
        staff_id=staff.id,
        controls=dict(wanted.controls),
    )
    for one in uploads:
        await ImportFile.create(
            run=run, upload=one, name=one.name, size=one.size, sha256=one.sha256
        )
    await enqueue("exchange.import", run_id=run.id)
    return run


async def _demand_new(uploads: Sequence[Upload], company: Company) -> None:
    if loaded := await loaded_before([str(one.sha256) for one in uploads]):
        raise LoadedAlready("uploadIds", on=f"{loaded.astimezone(company.zone):%d.%m.%Y %H:%M}")


async def order_export(staff: Staff, wanted: WantedExport, *, now: datetime) -> ExportRun:
    """A run that waits. For the caller's transaction. Raises `MomentInvalid`."""
    if wanted.since > now:
        raise MomentInvalid("since")
    run = await ExportRun.create(
        kind=wanted.kind,
        form=wanted.form,
        state=ExportState.WAITING,
        since=wanted.since,
        with_answered=wanted.with_answered,
        staff_id=staff.id,
        started_at=now,
    )
    await enqueue("exchange.export", run_id=run.id)
    return run
