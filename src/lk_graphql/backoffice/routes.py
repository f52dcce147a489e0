"""Invitation page, and downloads of import reports and exports."""

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
from lk_graphql.staff.service.members import INVITATION_PAGE

ACTION_PAGES = (
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
        requires_password=True,
    ),
)


def routes(site: RouteContext) -> list[BaseRoute]:
    """Download route; a link works only with the session it was issued to."""

    async def download_file(request: Request) -> Response:
        state = site.state()
        now = state.clock()
        staff = await site.current_staff(request, now)
        if staff is None:
            return Response(status_code=401)
        link, links = request.path_params["link"], state.ports.signer
        file_link = await exchange.verify(link, staff, now=now, links=links)
        if file_link is None:
            return Response(status_code=404)
        action = StaffAction(staff, site.client(request), now)
        await record_action(Act.FILE_FETCHED, Subject(file_link.kind, file_link.key), action)
        media_type = "application/jsonl" if file_link.name.endswith(".jsonl") else "text/csv"
        attachment = Download(file_link.path, file_link.name, media_type, file_link.digest)
        return await download(request, state.ports.files, attachment)

    return [Route(f"{exchange.PATH}{{link}}", download_file)]
