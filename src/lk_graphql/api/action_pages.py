"""Pages behind links in mails: one button that calls a mutation."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.pages import SELF_CONTAINED, TemplatePages
from lk_graphql.api.request import preferred_language
from lk_graphql.kit.company import Company
from lk_graphql.kit.languages import Language

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]

_HEADERS = {"content-security-policy": SELF_CONTAINED}


@dataclass(frozen=True)
class PageTexts:
    """What the page says in one language; `outage` when nothing came of it."""

    title: str
    button: str
    success: str
    password: str
    failure: str
    no_link: str


def russian(title: str, button: str, done: str) -> PageTexts:
    return PageTexts(
        title,
        button,
        done,
        password="Новый пароль",  # noqa: S106 - a label
        failure="Не получилось. Попробуйте ещё раз через минуту.",
        no_link="В адресе нет ссылки. Откройте её из письма целиком.",
    )


def english(title: str, button: str, done: str) -> PageTexts:
    return PageTexts(
        title,
        button,
        done,
        password="New password",  # noqa: S106 - a label
        failure="That didn't work. Try again in a minute.",
        no_link="There is no link in the address. Open the whole of it from the mail.",
    )


@dataclass(frozen=True)
class ActionPage:
    """A page: which mutation its button calls with the token, and with a password if asked."""

    path: str
    mutation: str
    words: dict[Language, PageTexts]
    asks_password: bool = False


def routes(landings: Iterable[ActionPage], company: Company) -> list[BaseRoute]:
    """The pages and the two files that they share."""
    pages = TemplatePages("lk_graphql.api.action_pages")
    return [
        *(Route(landing.path, _page(pages, landing, company)) for landing in landings),
        pages.file("/landing/landing.js", "landing.js", "text/javascript"),
        pages.file("/landing/landing.css", "landing.css", "text/css"),
    ]


def _page(pages: TemplatePages, landing: ActionPage, company: Company) -> Endpoint:
    async def page(request: Request) -> Response:
        language = preferred_language(request.headers.get("accept-language", ""))
        return pages.page(
            "landing.html.j2",
            _HEADERS,
            landing=landing,
            words=landing.words[language],
            company=company,
            language=language,
        )

    return page
