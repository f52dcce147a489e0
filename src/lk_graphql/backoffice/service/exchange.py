"""Staff imports and exports: start, and downloads of their results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

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
    ImportRun,
    ImportState,
)
from lk_graphql.exchange.service.runs import find_loaded
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.kit import file_links
from lk_graphql.kit.company import Company
from lk_graphql.kit.file_links import FileRoute
from lk_graphql.kit.viewer import Role, StaffViewer
from lk_graphql.ports.jobs import enqueue
from lk_graphql.staff.models import Act
from lk_graphql.staff.service.audit import StaffAction, Subject, record_action
from lk_graphql.staff.service.sessions import READER_SQL
from lk_graphql.tabular.value_formats import DecimalSign
from lk_graphql.uploads.models import Upload
from lk_graphql.uploads.service.claims import claim
from lk_graphql.uploads.service.formats import TABLES

LIFETIME = timedelta(minutes=10)
REQUIRED_ROLE = Role.SUPERVISOR
"""Role for downloads, the same as for starting a run: the files hold personal data."""
MAX_FILES = 20


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


async def start_import(action: StaffAction, request: ImportRequest, *, company: Company) -> UUID:
    """Request an import and return the run's key.

    Raises `UploadsInvalid`, `ImportUploadUnusable`, `MomentInvalid`, `LoadedAlready`.
    """
    async with in_transaction():
        run = await _request_import(action.staff, request, company=company, now=action.now)
        await record_action(Act.IMPORT_STARTED, Subject("import_run", run.id), action)
    return run.id


async def start_export(action: StaffAction, request: ExportRequest) -> UUID:
    """Request an export and return the run's key. Raises `MomentInvalid`."""
    async with in_transaction():
        run = await _request_export(action.staff, request, now=action.now)
        await record_action(Act.EXPORT_STARTED, Subject("export_run", run.id), action)
    return run.id


async def _request_import(
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
        await _require_new(uploads, request.as_of, company)
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


async def _request_export(
    staff: StaffViewer, request: ExportRequest, *, now: datetime
) -> ExportRun:
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


async def _require_new(uploads: Sequence[Upload], as_of: datetime | None, company: Company) -> None:
    if loaded_at := await find_loaded([str(upload.sha256) for upload in uploads], as_of):
        raise LoadedAlready("uploadIds", on=f"{loaded_at.astimezone(company.zone):%d.%m.%Y %H:%M}")


IMPORT = FileRoute("staff/imports", "imp", LIFETIME, is_for_staff=True)
EXPORT = FileRoute("staff/exports", "exp", LIFETIME, is_for_staff=True)
_ROLES = ", ".join(f"'{role}'" for role in REQUIRED_ROLE.and_above)
REPORT_STATEMENT = file_links.statement(
    READER_SQL,
    f"""SELECT run.id AS file_id, run.report FROM import_run run
WHERE run.id = {file_links.KEY} AND run.report IS NOT NULL AND run.staff_id IS NOT NULL
AND reader.role IN ({_ROLES})""",  # noqa: S608 - a parameter and constants
)
EXPORT_STATEMENT = file_links.statement(
    READER_SQL,
    f"""SELECT run.id AS file_id, run.kind, run.form, run.started_at, run.sha256
FROM export_run run WHERE run.id = {file_links.KEY} AND run.sha256 IS NOT NULL
AND reader.role IN ({_ROLES})""",  # noqa: S608 - a parameter and constants
)
