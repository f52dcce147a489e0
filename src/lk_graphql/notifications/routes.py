"""Leaving a topic from a mail, for people and for mail programs; and calendars."""

from hashlib import sha256
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.action_pages import ActionPage, english, russian
from lk_graphql.api.route_context import RouteContext
from lk_graphql.kit.languages import Language
from lk_graphql.notifications.errors import UnsubscribeTokenInvalid
from lk_graphql.notifications.jobs import ONE_CLICK_PATH, UNSUBSCRIBE_PAGE
from lk_graphql.notifications.service import calendar
from lk_graphql.notifications.service.topics import unsubscribe

LANDINGS = (
    ActionPage(
        UNSUBSCRIBE_PAGE,
        "notificationsUnsubscribe",
        {
            Language.RU: russian(
                "Отписка от писем",
                "Отписаться",
                "Готово: писем на эту тему больше не будет. Вернуть их можно в «Моих подписках».",
            ),
            Language.EN: english(
                "Unsubscribe",
                "Unsubscribe",
                "Done: no more mails about this topic. The cabinet’s settings bring them back.",
            ),
        },
    ),
)


def routes(site: RouteContext) -> list[BaseRoute]:
    """RFC 8058's POST without cookies, a page for whoever opens its address; RFC 5545's feeds."""

    async def one_click(request: Request) -> Response:
        token = request.query_params.get("token", "")
        if request.method != "POST":
            return RedirectResponse(f"{UNSUBSCRIBE_PAGE}#{urlencode({'token': token})}", 303)
        world = site.state()
        try:
            await unsubscribe(token, now=world.clock(), links=world.ports.signer)
        except UnsubscribeTokenInvalid:
            return PlainTextResponse("This link is too old, or was never ours.", 410)
        return PlainTextResponse("Unsubscribed.")

    async def feed(request: Request) -> Response:
        world = site.state()
        found = await calendar.find(request.path_params["token"], world.ports.signer)
        if found is None:
            return PlainTextResponse("There is no such calendar any more.", 404)
        today = world.company.today(world.clock())
        body = await calendar.render(found, company=world.company.name, today=today)
        return _unless_known(body, request)

    return [
        Route(ONE_CLICK_PATH, one_click, methods=["GET", "POST"]),
        Route(f"{calendar.PATH}{{token}}.ics", feed),
    ]


def _unless_known(body: bytes, request: Request) -> Response:
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "private, max-age=3600"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)
