"""Leaving a topic from a mail: a page for people, an address for mail programs."""

from datetime import UTC, datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.landing import Landing, english, russian
from lk_graphql.api.site import Site
from lk_graphql.kit.languages import Language
from lk_graphql.notifications.errors import UnsubscribeTokenInvalid
from lk_graphql.notifications.jobs import ONE_CLICK_PATH, UNSUBSCRIBE_PAGE
from lk_graphql.notifications.service.unsubscribing import unsubscribe

LANDINGS = (
    Landing(
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


def routes(site: Site) -> list[BaseRoute]:
    """RFC 8058: the mail program POSTs, without cookies; whoever opens the address gets a page."""

    async def one_click(request: Request) -> Response:
        token = request.query_params.get("token", "")
        if request.method != "POST":
            return RedirectResponse(f"{UNSUBSCRIBE_PAGE}#{urlencode({'token': token})}", 303)
        links = site.world().ports.links
        try:
            await unsubscribe(token, now=datetime.now(UTC), links=links)
        except UnsubscribeTokenInvalid:
            return PlainTextResponse("This link is too old, or was never ours.", 410)
        return PlainTextResponse("Unsubscribed.")

    return [Route(ONE_CLICK_PATH, one_click, methods=["GET", "POST"])]
