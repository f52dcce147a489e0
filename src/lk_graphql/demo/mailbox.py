"""`/dev/mail` and `/dev/sms`: pages with the mails and SMS; mounted only in the demo."""

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

_PAGE = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
    " frame-src 'self'; base-uri 'none'"
)
# A mail has only its own styles. Its links open in a new tab without the sandbox.
_MAIL = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def routes(mailer: FileMailer, gateway: FileSmsGateway, zone: ZoneInfo) -> list[BaseRoute]:
    """Lists that refresh themselves, and a mail as HTML and text. Times are in `zone`."""
    pages = TemplatePages("lk_graphql.demo.mailbox")

    async def index(_: Request) -> Response:
        return pages.page("index.html.j2", _headers(), mails=await mailer.mails(), zone=zone)

    async def mail(request: Request) -> Response:
        mail = await _mail(mailer, request)
        return pages.page("mail.html.j2", _headers(), mail=mail, zone=zone)

    async def html(request: Request) -> Response:
        mail = await _mail(mailer, request)
        body = mail.html.replace("<head>", '<head><base target="_blank">', 1)
        return HTMLResponse(body, headers=_headers(_MAIL))

    async def texts(_: Request) -> Response:
        return pages.page("sms.html.j2", _headers(), texts=await gateway.all(), zone=zone)

    endpoints: Mapping[str, Endpoint] = {
        "/dev/mail": index,
        "/dev/mail/{id}": mail,
        "/dev/mail/{id}/html": html,
        "/dev/sms": texts,
    }
    style = pages.file("/dev/mail/style.css", "style.css", "text/css", _headers())
    script = pages.file("/dev/mail/list.js", "list.js", "text/javascript", _headers())
    return [
        style,
        script,
        *(Route(path, page, methods=["GET"]) for path, page in endpoints.items()),
    ]


async def _mail(mailer: FileMailer, request: Request) -> StoredMail:
    if (mail := await mailer.mail(request.path_params["id"])) is None:
        raise HTTPException(404)
    return mail


def _headers(policy: str = _PAGE) -> dict[str, str]:
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",  # a link's token is in the address
        "X-Content-Type-Options": "nosniff",
    }
