"""HTML pages that links in mails lead to: a button that calls a mutation."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.pages import SELF_CONTAINED, TemplatePages
from lk_graphql.api.request import preferred_language, read_headers
from lk_graphql.kit.company import Company
from lk_graphql.kit.languages import Language

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]

_HEADERS = {"content-security-policy": SELF_CONTAINED}


@dataclass(frozen=True)
class PageTexts:
    """The texts of a page in one language."""

    title: str
    button: str
    success: str
    password: str
    failure: str
    no_link: str


def russian(title: str, button: str, success: str) -> PageTexts:
    return PageTexts(
        title,
        button,
        success,
        password="Новый пароль",  # noqa: S106 - a label
        failure="Не получилось. Попробуйте ещё раз через минуту.",
        no_link="В адресе нет ссылки. Откройте её из письма целиком.",
    )


def english(title: str, button: str, success: str) -> PageTexts:
    return PageTexts(
        title,
        button,
        success,
        password="New password",  # noqa: S106 - a label
        failure="That didn't work. Try again in a minute.",
        no_link="There is no link in the address. Open the whole of it from the mail.",
    )


@dataclass(frozen=True)
class ActionPage:
    """A page whose button calls `mutation` with the link's token and, if required, a password."""

    path: str
    mutation: str
    texts: dict[Language, PageTexts]
    requires_password: bool = False


def routes(pages: Iterable[ActionPage], company: Company) -> list[BaseRoute]:
    """The routes of the pages and of their shared assets."""
    templates = TemplatePages("lk_graphql.api.action_pages")
    return [
        *(Route(page.path, _endpoint(templates, page, company)) for page in pages),
        templates.file("/action-page/action-page.js", "action-page.js", "text/javascript"),
        templates.file("/action-page/action-page.css", "action-page.css", "text/css"),
    ]


def _endpoint(templates: TemplatePages, page: ActionPage, company: Company) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        language = preferred_language(read_headers(request.scope).get("accept-language", ""))
        return templates.page(
            "action-page.html.j2",
            _HEADERS,
            page=page,
            texts=page.texts[language],
            company=company,
            language=language,
        )

    return endpoint
