"""Staff imports and exports: start, and signed links to their results."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.exchange.models import ExportRun, ImportRun
from lk_graphql.exchange.service.runs import WantedExport, WantedImport, order_export, order_import
from lk_graphql.kit import signed_urls
from lk_graphql.kit.company import Company
from lk_graphql.kit.signed_urls import Pass
from lk_graphql.kit.signing import Links
from lk_graphql.kit.viewer import Role, Staff
from lk_graphql.staff.models import Act
from lk_graphql.staff.service.audit import Doing, Subject, note


async def start_import(doing: Doing, wanted: WantedImport, *, company: Company) -> UUID:
    """The run's key. Raises as `ordering.order_import`."""
    async with in_transaction():
        run = await order_import(doing.staff, wanted, company=company, now=doing.now)
        await note(Act.IMPORT_STARTED, Subject("import_run", run.id), doing)
    return run.id


async def start_export(doing: Doing, wanted: WantedExport) -> UUID:
    """The run's key. Raises as `ordering.order_export`."""
    async with in_transaction():
        run = await order_export(doing.staff, wanted, now=doing.now)
        await note(Act.EXPORT_STARTED, Subject("export_run", run.id), doing)
    return run.id


LASTS = timedelta(minutes=10)
PATH = "/files/staff/"
NEEDED = Role.SUPERVISOR
"""The files are full of personal data; who may have them made may read them."""
IMPORT, EXPORT = "import_run", "export_run"


class Opened(NamedTuple):
    """What a link leads to: the kind of run, its key, and the file."""

    kind: str
    key: UUID
    path: str
    name: str
    digest: str


def file_path(kind: str, key: UUID, staff: Staff, *, now: datetime, links: Links) -> str:
    """The path of a link: the kind of run before the rest."""
    to = Pass(key, staff.session_id)
    return f"{PATH}{kind}.{signed_urls.issue(links, _purpose(kind), to, until=now + LASTS)}"


async def opened(signed: str, staff: Staff, *, now: datetime, links: Links) -> Opened | None:
    """None for a link that isn't this session's, has ended, or leads nowhere any more."""
    kind, _, rest = signed.partition(".")
    key = signed_urls.admitted(links, _purpose(kind), rest, staff.session_id, now=now)
    if key is None or not staff.may(NEEDED):
        return None
    return await (_report(key) if kind == IMPORT else _export(key))


async def _report(key: UUID) -> Opened | None:
    run = await ImportRun.get_or_none(id=key, report__isnull=False, staff_id__isnull=False)
    digest = key.hex  # a run ends once, and its report doesn't change after that
    return run and Opened(IMPORT, key, run.report_path, str(run.report), digest)


async def _export(key: UUID) -> Opened | None:
    run = await ExportRun.get_or_none(id=key, sha256__isnull=False)
    if run is None:
        return None
    name = f"{run.kind.lower()}-{run.started_at:%Y-%m-%d}.{run.form.lower()}"
    return Opened(EXPORT, key, run.path, name, str(run.sha256))


def _purpose(kind: str) -> str:
    return f"STAFF-FILE-{kind}"
