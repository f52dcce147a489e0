"""Where the links in mails lead: a page with one button that calls the link's mutation.

A frontend on the same address may bring pages of its own under these paths. A button rather than
a call at once: some mail scanners run the scripts of the pages that they open.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.language import preferred
from lk_graphql.identity.jobs import PAGES
from lk_graphql.identity.models import LinkPurpose
from lk_graphql.kit.company import Company
from lk_graphql.kit.languages import Language

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Words:
    """What the page says in one language; `outage` when nothing came of it."""

    title: str
    button: str
    done: str
    password: str
    outage: str
    no_link: str


def _russian(title: str, button: str, done: str) -> Words:
    return Words(
        title,
        button,
        done,
        password="Новый пароль",  # noqa: S106 - a label
        outage="Не получилось. Попробуйте ещё раз через минуту.",
        no_link="В адресе нет ссылки. Откройте её из письма целиком.",
    )


def _english(title: str, button: str, done: str) -> Words:
    return Words(
        title,
        button,
        done,
        password="New password",  # noqa: S106 - a label
        outage="That didn't work. Try again in a minute.",
        no_link="There is no link in the address. Open the whole of it from the mail.",
    )


@dataclass(frozen=True)
class Landing:
    """A page: which mutation its button calls with the token, and with a password if asked."""

    path: str
    mutation: str
    words: dict[Language, Words]
    asks_password: bool = False


LANDINGS = (
    Landing(
        PAGES[LinkPurpose.ACTIVATION],
        "userActivate",
        {
            Language.RU: _russian(
                "Активация учётной записи", "Активировать", "Готово. Теперь можно войти."
            ),
            Language.EN: _english("Activate your login", "Activate", "Done. You can sign in now."),
        },
    ),
    Landing(
        PAGES[LinkPurpose.PASSWORD_RESET],
        "passwordReset",
        {
            Language.RU: _russian(
                "Новый пароль", "Сохранить", "Пароль изменён. Войдите с новым паролем."
            ),
            Language.EN: _english("A new password", "Save", "Done. Sign in with the new password."),
        },
        asks_password=True,
    ),
    Landing(
        PAGES[LinkPurpose.EMAIL_CHANGE_NEW],
        "emailChange",
        {
            Language.RU: _russian(
                "Смена адреса электронной почты",
                "Подтвердить",
                "Этот ящик подтверждён. Адрес сменится, когда подтверждены оба.",
            ),
            Language.EN: _english(
                "Change of your e-mail address",
                "Confirm",
                "This mailbox is confirmed. The address changes once both are.",
            ),
        },
    ),
)


def routes(company: Company) -> list[BaseRoute]:
    """The pages and their two files."""
    pages = [Route(landing.path, _page(landing, company)) for landing in LANDINGS]
    return [*pages, _file("landing.js", "text/javascript"), _file("landing.css", "text/css")]


def _page(landing: Landing, company: Company) -> Endpoint:
    async def page(request: Request) -> Response:
        language = preferred(request.headers.get("accept-language", "").encode())
        html = _template("landing.html.j2").render(
            landing=landing, words=landing.words[language], company=company, language=language
        )
        return HTMLResponse(html, headers={"content-security-policy": _POLICY})

    return page


def _file(name: str, media_type: str) -> BaseRoute:
    async def file(_: Request) -> Response:
        return Response(_template(name).render(), media_type=media_type)

    return Route(f"/landing/{name}", file)


@cache
def _template(name: str) -> Template:
    loader = PackageLoader("lk_graphql.identity")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template(name)
