"""Links to what imports and exports have made: for one session, for ten minutes, and no longer."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from lk_graphql.exchange.models import ExportRun, ImportRun
from lk_graphql.kit import passes
from lk_graphql.kit.passes import Pass
from lk_graphql.kit.tokens import Links
from lk_graphql.kit.viewer import Role, Staff

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
    return f"{PATH}{kind}.{passes.issue(links, _purpose(kind), to, until=now + LASTS)}"


async def opened(signed: str, staff: Staff, *, now: datetime, links: Links) -> Opened | None:
    """None for a link that isn't this session's, has ended, or leads nowhere any more."""
    kind, _, rest = signed.partition(".")
    key = passes.admitted(links, _purpose(kind), rest, staff.session_id, now=now)
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
