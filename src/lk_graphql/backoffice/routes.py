"""Invitation page, and downloads of import reports and exports."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.action_pages import ActionPage, NextStep, PageTexts
from lk_graphql.api.downloads import Download, download
from lk_graphql.api.route_context import RouteContext
from lk_graphql.backoffice.service import exchange
from lk_graphql.exchange.models import ExportRun, ImportRun
from lk_graphql.kit.cabinet_pages import CabinetPath
from lk_graphql.kit.languages import Language
from lk_graphql.kit.viewer import Role, StaffViewer
from lk_graphql.staff.models import Act
from lk_graphql.staff.service.audit import StaffAction, Subject, record_action
from lk_graphql.staff.service.members import INVITATION_PAGE

ACTION_PAGES = (
    ActionPage(
        INVITATION_PAGE,
        "staffPasswordSet",
        {
            Language.RU: PageTexts(
                "Пароль сотрудника",
                "Сохранить",
                "Пароль сохранён. Войдите с ним и с кодом.",
                then=NextStep("Войти", CabinetPath.HOME),
                otherwise=NextStep("На главную", CabinetPath.HOME),
            ),
            Language.EN: PageTexts(
                "A password for staff",
                "Save",
                "Saved. Sign in with it and with a code.",
                then=NextStep("Sign in", CabinetPath.HOME),
                otherwise=NextStep("Home", CabinetPath.HOME),
            ),
        },
        requires_password=True,
    ),
)


def routes(context: RouteContext) -> list[BaseRoute]:
    """Download routes; each fetch is in the audit log."""

    async def report(request: Request) -> Response:
        row, now = await context.open_file(request, exchange.IMPORT, exchange.REPORT_STATEMENT)
        run = ImportRun(id=row["file_id"], report=row["report"])
        # a run ends once, and its report is immutable from then on
        file = Download(run.report_path, str(run.report), "text/csv", run.id.hex)
        return await fetch(request, row, Subject("import_run", run.id), file, now)

    async def export(request: Request) -> Response:
        row, now = await context.open_file(request, exchange.EXPORT, exchange.EXPORT_STATEMENT)
        run = ExportRun(id=row["file_id"], form=row["form"])
        form = row["form"].lower()
        name = f"{row['kind'].lower()}-{row['started_at']:%Y-%m-%d}.{form}"
        media_type = "application/jsonl" if form == "jsonl" else "text/csv"
        file = Download(run.path, name, media_type, row["sha256"])
        return await fetch(request, row, Subject("export_run", run.id), file, now)

    async def fetch(
        request: Request, row: Mapping[str, Any], subject: Subject, file: Download, now: datetime
    ) -> Response:
        staff = StaffViewer(row["staff_id"], row["staff_session_id"], Role(row["role"]))
        action = StaffAction(staff, context.client(request), now)
        await record_action(Act.FILE_FETCHED, subject, action)
        return await download(
            request, context.state().ports.files, file, framed_by=context.framed_by
        )

    return [Route(exchange.IMPORT.pattern, report), Route(exchange.EXPORT.pattern, export)]
