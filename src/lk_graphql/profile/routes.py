"""Download of personal data exports: a signed link, valid with the session that got it."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.downloads import Download, download
from lk_graphql.api.route_context import RouteContext
from lk_graphql.profile.service.exports import PATH, verify_link


def routes(context: RouteContext) -> list[BaseRoute]:
    """Return the route `GET /files/exports/…`."""

    async def export(request: Request) -> Response:
        state = context.state()
        now = state.clock()
        viewer = await context.viewer(request, now)
        signed = request.path_params["link"]
        data_export = viewer and await verify_link(
            signed, viewer, now=now, links=state.ports.signer
        )
        if not data_export or data_export.made_at is None:
            return Response(status_code=404)
        day = data_export.made_at.astimezone(state.company.zone).date()
        name, digest = f"personal-data-{day}.zip", f"{data_export.id.hex}-{data_export.size}"
        archive = Download(data_export.path, name, "application/zip", digest)
        return await download(request, state.ports.files, archive)

    return [Route(f"{PATH}{{link}}", export)]
