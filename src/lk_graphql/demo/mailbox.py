"""`/dev/mail` and `/dev/sms`: what the demo sends, in a browser. Never mounted outside of it."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from lk_graphql.api.pages import TemplatePages
from lk_graphql.ports.mail import FileMailer, StoredMail
from lk_graphql.ports.sms import FileSmsGateway

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]

_PAGE = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'"
# A mail brings its own styles and nothing else. Its links open in a tab of their own, which is
# free again of the sandbox.
_MAIL = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def routes(mailbox: FileMailer, box: FileSmsGateway, zone: ZoneInfo) -> list[BaseRoute]:
    """Lists that refresh themselves, a mail as HTML and as text. Times are of `zone`."""
    pages = TemplatePages("lk_graphql.demo.mailbox")

    async def index(_: Request) -> Response:
        return pages.page("index.html.j2", _headers(), mails=await mailbox.mails(), zone=zone)

    async def mail(request: Request) -> Response:
        found = await _found(mailbox, request)
        return pages.page("mail.html.j2", _headers(), mail=found, zone=zone)

    async def html(request: Request) -> Response:
        found = await _found(mailbox, request)
        body = found.html.replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(body, headers=_headers(_MAIL))

    async def texts(_: Request) -> Response:
        return pages.page("sms.html.j2", _headers(), texts=await box.all(), zone=zone)

    shown: Mapping[str, Endpoint] = {
        "/dev/mail": index,
        "/dev/mail/{id}": mail,
        "/dev/mail/{id}/html": html,
        "/dev/sms": texts,
    }
    style = pages.file("/dev/mail/style.css", "style.css", "text/css", _headers())
    return [style, *(Route(path, page, methods=["GET"]) for path, page in shown.items())]


async def _found(mailbox: FileMailer, request: Request) -> StoredMail:
    if (found := await mailbox.mail(request.path_params["id"])) is None:
        raise HTTPException(404)
    return found


def _headers(policy: str = _PAGE) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",  # a link's token is in the address
        "X-Content-Type-Options": "nosniff",
    }
