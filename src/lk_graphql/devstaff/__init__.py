"""`/dev/staff`: what the authenticator apps of the demo's staff would show. Only in the demo."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import BaseRoute, Route

from lk_graphql.backoffice.service import members, second_factor
from lk_graphql.kit.tokens import Links

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def routes(links: Links) -> list[BaseRoute]:
    """A page that refreshes itself; its style is the mailbox's."""

    async def codes(_: Request) -> HTMLResponse:
        now = datetime.now(UTC)
        shown = [
            (member, second_factor.current_code(member, links=links, now=now))
            for member in await members.everybody()
        ]
        left = second_factor.STEP - int(now.timestamp()) % second_factor.STEP
        return HTMLResponse(_template().render(shown=shown, left=left), headers=_HEADERS)

    return [Route("/dev/staff", codes, methods=["GET"])]


@cache
def _template() -> Any:
    environment = Environment(
        loader=PackageLoader("lk_graphql.devstaff"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("codes.html.j2")
