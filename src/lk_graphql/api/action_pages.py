"""HTML pages behind links in mails: a preview, and a button that calls a mutation."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.pages import SELF_CONTAINED, TemplatePages
from lk_graphql.api.request import preferred_language, read_headers
from lk_graphql.kit.cabinet_pages import CabinetPath, cabinet_link
from lk_graphql.kit.company import Company
from lk_graphql.kit.languages import Language

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]

_HEADERS = {"content-security-policy": SELF_CONTAINED}
_RULES = "{ rules: publicSettings { passwordRules { requirements { text } } } }"
_TEXTS = {
    Language.RU: {
        "password": "Новый пароль",
        "show": "Показать пароль",
        "rules": "Каким должен быть пароль:",
        "failure": "Не получилось. Проверьте соединение и попробуйте ещё раз через минуту.",
        "no_link": "В адресе нет ссылки. Откройте её из письма целиком.",
        "dead": "Ссылка уже использована или устарела.",
        "waiting": "Подождите…",
    },
    Language.EN: {
        "password": "New password",
        "show": "Show the password",
        "rules": "What the password has to be:",
        "failure": "That didn't work. Check your connection and try again in a minute.",
        "no_link": "There is no link in the address. Open the whole of it from the mail.",
        "dead": "This link has been used, or is too old.",
        "waiting": "One moment…",
    },
}


@dataclass(frozen=True)
class NextStep:
    """A link to the page after this one."""

    label: str
    path: CabinetPath


@dataclass(frozen=True)
class PageTexts:
    """The texts of a page in one language.

    `then` is the next step after success. `otherwise` is the next step after a dead link, to a page
    where the customer can get a new link. `facts` has the labels of the preview's fields, `values`
    the words for enum values.
    """

    title: str
    button: str
    success: str
    then: NextStep
    otherwise: NextStep
    question: str = ""
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    values: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class ActionPage:
    """A page whose button calls `mutation` with the link's token and, if required, a password.

    `preview` is a query with the same token. Above the button, the page shows those of its fields
    that are keys of `facts`. A null result means a dead link. The page's script sends the
    `documents` and no others.
    """

    path: str
    mutation: str
    texts: dict[Language, PageTexts]
    requires_password: bool = False
    preview: str = ""

    @property
    def mutation_document(self) -> str:
        """The document of the button."""
        input_type = f"{self.mutation[0].upper()}{self.mutation[1:]}Input!"
        return (
            f"mutation($input: {input_type}) {{"
            f" result: {self.mutation}(input: $input) {{ errors {{ message path }} }} }}"
        )

    @property
    def preview_document(self) -> str:
        """The document of the preview; empty if the page has none."""
        if not self.preview:
            return ""
        names = dict.fromkeys(name for texts in self.texts.values() for name in texts.facts)
        return (
            "query($token: String!) {"
            f" preview: {self.preview}(token: $token) {{ {' '.join(names)} }} }}"
        )

    @property
    def rules_document(self) -> str:
        """The document of the rules for a new password; empty if the page requires none."""
        return _RULES if self.requires_password else ""

    @property
    def documents(self) -> tuple[str, ...]:
        """The GraphQL documents of the page."""
        documents = (self.mutation_document, self.preview_document, self.rules_document)
        return tuple(filter(None, documents))


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
        texts = page.texts[language]
        return templates.page(
            "action-page.html.j2",
            _HEADERS,
            page=page,
            texts=texts,
            common=_TEXTS[language],
            then_url=cabinet_link(company, texts.then.path),
            otherwise_url=cabinet_link(company, texts.otherwise.path),
            company=company,
            language=language,
        )

    return endpoint
