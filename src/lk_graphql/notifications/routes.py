"""Routes of unsubscription, by page and by one click, and of calendar feeds."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.action_pages import ActionPage, NextStep, PageTexts
from lk_graphql.api.request import read_headers
from lk_graphql.api.route_context import RouteContext
from lk_graphql.kit.cabinet_pages import ActionPath, CabinetPath, action_link
from lk_graphql.kit.languages import Language
from lk_graphql.notifications.errors import UnsubscribeTokenInvalid
from lk_graphql.notifications.jobs import ONE_CLICK_PATH
from lk_graphql.notifications.models import NoticeTopic
from lk_graphql.notifications.service import calendar
from lk_graphql.notifications.service.topics import unsubscribe
from lk_graphql.notifications.types.objects import topic_label

_SETTINGS_RU = NextStep("Мои подписки", CabinetPath.NOTIFICATIONS)
_SETTINGS_EN = NextStep("My subscriptions", CabinetPath.NOTIFICATIONS)


def _topic_labels(language: Language) -> dict[str, str]:
    return {topic.value: topic_label(topic, language) for topic in NoticeTopic}


ACTION_PAGES = (
    ActionPage(
        ActionPath.UNSUBSCRIPTION,
        "notificationsUnsubscribe",
        {
            Language.RU: PageTexts(
                "Отписка от писем",
                "Отписаться",
                "Готово: писем на эту тему больше не будет. Вернуть их можно в «Моих подписках».",
                then=_SETTINGS_RU,
                otherwise=_SETTINGS_RU,
                question="Больше не присылать на этот адрес письма на эту тему?",
                facts={"topic": "Тема", "maskedEmail": "Адрес"},
                values=_topic_labels(Language.RU),
            ),
            Language.EN: PageTexts(
                "Unsubscribe",
                "Unsubscribe",
                "Done: no more mails about this topic. The cabinet’s settings bring them back.",
                then=_SETTINGS_EN,
                otherwise=_SETTINGS_EN,
                question="Send no more mails about this topic to this address?",
                facts={"topic": "Topic", "maskedEmail": "Address"},
                values=_topic_labels(Language.EN),
            ),
        },
        preview="notificationsUnsubscribePreview",
    ),
)


def routes(context: RouteContext) -> list[BaseRoute]:
    """One-click unsubscription (RFC 8058), whose GET leads to the page; calendars (RFC 5545)."""

    async def one_click(request: Request) -> Response:
        token = request.query_params.get("token", "")
        if request.method != "POST":
            page = action_link(context.state().company, ActionPath.UNSUBSCRIPTION, token=token)
            return RedirectResponse(page, 303)
        state = context.state()
        try:
            await unsubscribe(token, now=state.clock(), signer=state.ports.signer)
        except UnsubscribeTokenInvalid:
            return PlainTextResponse("This link is too old, or was never ours.", 410)
        return PlainTextResponse("Unsubscribed.")

    async def feed(request: Request) -> Response:
        state = context.state()
        calendar_feed = await calendar.find(request.path_params["token"], state.ports.signer)
        if calendar_feed is None:
            return PlainTextResponse("There is no such calendar any more.", 404)
        today = state.company.today(state.clock())
        body = await calendar.render(calendar_feed, company=state.company, today=today)
        return _conditional_response(body, request)

    return [
        Route(ONE_CLICK_PATH, one_click, methods=["GET", "POST"]),
        Route(f"{calendar.PATH}{{token}}.ics", feed),
    ]


def _conditional_response(body: bytes, request: Request) -> Response:
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "private, max-age=3600"}
    if etag in read_headers(request.scope).get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)
