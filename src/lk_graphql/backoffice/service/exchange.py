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


async def start_import(action: StaffAction, request: ImportRequest, *, company: Company) -> UUID:
    """The run's key. Raises as `ordering.order_import`."""
    async with in_transaction():
        run = await request_import(action.staff, request, company=company, now=action.now)
        await record_action(Act.IMPORT_STARTED, Subject("import_run", run.id), action)
    return run.id


async def start_export(action: StaffAction, request: ExportRequest) -> UUID:
    """The run's key. Raises as `ordering.order_export`."""
    async with in_transaction():
        run = await request_export(action.staff, request, now=action.now)
        await record_action(Act.EXPORT_STARTED, Subject("export_run", run.id), action)
    return run.id


LIFETIME = timedelta(minutes=10)
PATH = "/files/staff/"
REQUIRED_ROLE = Role.SUPERVISOR
"""The files are full of personal data; who may have them made may read them."""
IMPORT, EXPORT = "import_run", "export_run"


class StaffDownload(NamedTuple):
    """What a link leads to: the kind of run, its key, and the file."""

    kind: str
    key: UUID
    path: str
    name: str
    digest: str


def file_path(kind: str, key: UUID, staff: StaffViewer, *, now: datetime, links: Signer) -> str:
    """The path of a link: the kind of run before the rest."""
    to = SignedUrl(key, staff.session_id)
    return f"{PATH}{kind}.{signed_urls.sign(links, _purpose(kind), to, until=now + LIFETIME)}"


async def verify(
    signed: str, staff: StaffViewer, *, now: datetime, links: Signer
) -> StaffDownload | None:
    """None for a link that isn't this session's, has ended, or leads nowhere any more."""
    kind, _, rest = signed.partition(".")
    key = signed_urls.verify(links, _purpose(kind), rest, staff.session_id, now=now)
    if key is None or not staff.may(REQUIRED_ROLE):
        return None
    return await (_report(key) if kind == IMPORT else _export(key))


async def _report(key: UUID) -> StaffDownload | None:
    run = await ImportRun.get_or_none(id=key, report__isnull=False, staff_id__isnull=False)
    digest = key.hex  # a run ends once, and its report doesn't change after that
    return run and StaffDownload(IMPORT, key, run.report_path, str(run.report), digest)


async def _export(key: UUID) -> StaffDownload | None:
    run = await ExportRun.get_or_none(id=key, sha256__isnull=False)
    if run is None:
        return None
    name = f"{run.kind.lower()}-{run.started_at:%Y-%m-%d}.{run.form.lower()}"
    return StaffDownload(EXPORT, key, run.path, name, str(run.sha256))


def _purpose(kind: str) -> str:
    return f"STAFF-FILE-{kind}"
