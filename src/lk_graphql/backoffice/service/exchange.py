"""Staff imports and exports: start, and signed links to their results."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.exchange.models import ExportRun, ImportRun
from lk_graphql.exchange.service.runs import (
    ExportRequest,
    ImportRequest,
    request_export,
    request_import,
)
from lk_graphql.kit import signed_urls
from lk_graphql.kit.company import Company
from lk_graphql.kit.signed_urls import SignedUrl
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Role, StaffViewer
from lk_graphql.staff.models import Act
from lk_graphql.staff.service.audit import StaffAction, Subject, record_action

LIFETIME = timedelta(minutes=10)
PATH = "/files/staff/"
REQUIRED_ROLE = Role.SUPERVISOR
"""Role for downloads, the same as for starting a run: the files hold personal data."""
IMPORT, EXPORT = "import_run", "export_run"


async def start_import(action: StaffAction, request: ImportRequest, *, company: Company) -> UUID:
    """Request an import and return the run's key. Raises as `runs.request_import`."""
    async with in_transaction():
        run = await request_import(action.staff, request, company=company, now=action.now)
        await record_action(Act.IMPORT_STARTED, Subject("import_run", run.id), action)
    return run.id


async def start_export(action: StaffAction, request: ExportRequest) -> UUID:
    """Request an export and return the run's key. Raises as `runs.request_export`."""
    async with in_transaction():
        run = await request_export(action.staff, request, now=action.now)
        await record_action(Act.EXPORT_STARTED, Subject("export_run", run.id), action)
    return run.id


class StaffDownload(NamedTuple):
    """Target of a download link: kind and key of the run, and the file."""

    kind: str
    key: UUID
    path: str
    name: str
    digest: str


def file_path(kind: str, key: UUID, staff: StaffViewer, *, now: datetime, links: Signer) -> str:
    """Signed path of a file, prefixed with the kind of run."""
    signed_url = SignedUrl(key, staff.session_id)
    return (
        f"{PATH}{kind}.{signed_urls.sign(links, _purpose(kind), signed_url, until=now + LIFETIME)}"
    )


async def verify(
    path: str, staff: StaffViewer, *, now: datetime, links: Signer
) -> StaffDownload | None:
    """Return a link's target; None if it is another session's, expired, or has no file any more."""
    kind, _, token = path.partition(".")
    key = signed_urls.verify(links, _purpose(kind), token, staff.session_id, now=now)
    if key is None or not staff.may(REQUIRED_ROLE):
        return None
    return await (_report(key) if kind == IMPORT else _export(key))


async def _report(key: UUID) -> StaffDownload | None:
    run = await ImportRun.get_or_none(id=key, report__isnull=False, staff_id__isnull=False)
    digest = key.hex  # a run ends once, and its report is immutable from then on
    return run and StaffDownload(IMPORT, key, run.report_path, str(run.report), digest)


async def _export(key: UUID) -> StaffDownload | None:
    run = await ExportRun.get_or_none(id=key, sha256__isnull=False)
    if run is None:
        return None
    name = f"{run.kind.lower()}-{run.started_at:%Y-%m-%d}.{run.form.lower()}"
    return StaffDownload(EXPORT, key, run.path, name, str(run.sha256))


def _purpose(kind: str) -> str:
    return f"STAFF-FILE-{kind}"
