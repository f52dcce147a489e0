"""Exports over plain HTTP: a signed link, and the session that it was made for."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.downloads import Download, download
from lk_graphql.api.route_context import RouteContext
from lk_graphql.profile.service.exports import PATH, verify_link


def routes(site: RouteContext) -> list[BaseRoute]:
    """`GET /files/exports/…`."""

    async def export(request: Request) -> Response:
        world = site.state()
        now = world.clock()
        viewer = await site.viewer(request, now)
        signed = request.path_params["link"]
        found = viewer and await verify_link(signed, viewer, now=now, links=world.ports.signer)
        if not found or found.made_at is None:
            return Response(status_code=404)
        day = found.made_at.astimezone(world.company.zone).date()
        name, digest = f"personal-data-{day}.zip", f"{found.id.hex}-{found.size}"
        offered = Download(found.path, name, "application/zip", digest)
        return await download(request, world.ports.files, offered)

    return [Route(f"{PATH}{{link}}", export)]
