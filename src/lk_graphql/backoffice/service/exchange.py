"""Staff imports and exports: start, and downloads of their results."""

from datetime import timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.exchange.service.runs import (
    ExportRequest,
    ImportRequest,
    request_export,
    request_import,
)
from lk_graphql.kit import file_links
from lk_graphql.kit.company import Company
from lk_graphql.kit.file_links import FileRoute
from lk_graphql.kit.viewer import Role
from lk_graphql.staff.models import Act
from lk_graphql.staff.service.audit import StaffAction, Subject, record_action
from lk_graphql.staff.service.sessions import READER_SQL

LIFETIME = timedelta(minutes=10)
REQUIRED_ROLE = Role.SUPERVISOR
"""Role for downloads, the same as for starting a run: the files hold personal data."""


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
