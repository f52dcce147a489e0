"""The page behind an invitation, and files of imports and exports."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.action_pages import ActionPage, english, russian
from lk_graphql.api.downloads import Download, download
from lk_graphql.api.route_context import RouteContext
from lk_graphql.backoffice.service import exchange
from lk_graphql.kit.languages import Language
from lk_graphql.staff.models import Act
from lk_graphql.staff.service.audit import StaffAction, Subject, record_action

INVITATION_PAGE = "/staff-password"
"""Where the token of an invitation stands behind `#`; see `identity.jobs.PAGES`."""

LANDINGS = (
    ActionPage(
        INVITATION_PAGE,
        "staffPasswordSet",
        {
            Language.RU: russian(
                "Пароль сотрудника", "Сохранить", "Пароль сохранён. Войдите с ним и с кодом."
            ),
            Language.EN: english(
                "A password for staff", "Save", "Saved. Sign in with it and with a code."
            ),
        },
        asks_password=True,
    ),
)


def routes(site: RouteContext) -> list[BaseRoute]:
    """A link works with the session that was given it, by its cookie or its bearer token."""

    async def file(request: Request) -> Response:
        world = site.state()
        now = world.clock()
        staff = await site.current_staff(request, now)
        if staff is None:
            return Response(status_code=401)
        link, links = request.path_params["link"], world.ports.signer
        found = await exchange.verify(link, staff, now=now, links=links)
        if found is None:
            return Response(status_code=404)
        doing = StaffAction(staff, site.client(request), now)
        await record_action(Act.FILE_FETCHED, Subject(found.kind, found.key), doing)
        media_type = "application/jsonl" if found.name.endswith(".jsonl") else "text/csv"
        offered = Download(found.path, found.name, media_type, found.digest)
        return await download(request, world.ports.files, offered)

    return [Route(f"{exchange.PATH}{{link}}", file)]
