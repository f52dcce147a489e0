"""Download of personal data exports."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.downloads import Download, download
from lk_graphql.api.route_context import RouteContext
from lk_graphql.profile.models import PersonalDataExport
from lk_graphql.profile.service.exports import ROUTE, STATEMENT


def routes(context: RouteContext) -> list[BaseRoute]:
    """Return the route `GET /files/exports/…`."""

    async def export(request: Request) -> Response:
        state = context.state()
        row, _ = await context.open_file(request, ROUTE, STATEMENT)
        data_export = PersonalDataExport(id=row["file_id"])
        day = row["made_at"].astimezone(state.company.zone).date()
        name, digest = f"personal-data-{day}.zip", f"{data_export.id.hex}-{row['size']}"
        archive = Download(data_export.path, name, "application/zip", digest)
        return await download(request, state.ports.files, archive, framed_by=context.framed_by)

    return [Route(ROUTE.pattern, export)]
