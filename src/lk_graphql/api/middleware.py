"""Security headers for every response, CORS and the same-site check."""

import re
from collections.abc import Iterable, Sequence
from typing import cast
from urllib.parse import urlsplit

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

from lk_graphql.api.request import RequestHeaders
from lk_graphql.api.request_errors import CrossSiteRequest
from lk_graphql.kit.errors import Unavailable

log = structlog.stdlib.get_logger("lk_graphql.api")

_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_RAW_HEADERS = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
_STARTS = {"http.response.start", "websocket.http.response.start"}


def web_application(
    routes: Sequence[BaseRoute],
    lifespan: Lifespan[Starlette] | None = None,
    middleware: Sequence[Middleware] = (),
) -> Starlette:
    """Starlette over these routes, with the security headers."""
    return Starlette(
        routes=routes,
        middleware=[Middleware(SecurityHeadersMiddleware), *middleware],
        exception_handlers={Unavailable: _unavailable, Exception: _server_error},
        lifespan=lifespan,
    )


class SecurityHeadersMiddleware:
    """Adds strict security headers to responses; headers set by a route take precedence."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in _STARTS:
                present = {name for name, _ in message["headers"]}
                missing = [header for header in _RAW_HEADERS if header[0] not in present]
                message["headers"] = [*message["headers"], *missing]
            await send(message)

        await self.app(scope, receive, send_with_headers)


async def _unavailable(request: Request, error: Exception) -> Response:
    """The response of a plain route to an outage, with one line of log: URLs may hold secrets."""
    outage = cast("Unavailable", error)
    endpoint = request.scope["endpoint"]
    log.warning(
        "unavailable",
        service=outage.service,
        reason=outage.reason,
        endpoint=f"{endpoint.__module__}.{endpoint.__name__}",
    )
    headers = {"retry-after": str(outage.retry_after)}
    return PlainTextResponse("Service Unavailable", 503, headers)


async def _server_error(_: Request, __: Exception) -> Response:
    """Starlette handles server errors outside of the middleware, so the headers are added here."""
    return PlainTextResponse("Internal Server Error", 500, _HEADERS)


_PREFLIGHT_SECONDS = "600"
_USUAL_HEADERS = "accept-language, authorization, content-type, x-request-id"
_HEADER_NAMES = re.compile(r"[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*", re.ASCII)
_MAX_HEADER_NAMES = 2000
"""Characters of the names that a preflight asks for."""


class Origins:
    """The origin of the public URL, and the allowed ones of `LK_CORS_ORIGINS`.

    Protects the session cookie and writes CORS headers. Starlette's CORSMiddleware answers a
    preflight by 200 or 400 and sends `Allow-Credentials` to every origin; here a preflight is 204
    and a foreign origin gets no CORS header at all.
    """

    def __init__(self, public_url: str, allowed: Iterable[str] = ()) -> None:
        public = urlsplit(public_url)
        self._own = f"{public.scheme}://{public.netloc}"
        self._allowed = frozenset(origin.rstrip("/") for origin in allowed)

    def require_same_site(self, headers: RequestHeaders) -> None:
        """Reject a request of a foreign page that carries a cookie. Raises `CrossSiteRequest`.

        Browsers send the page's origin with every POST, other programs don't. `null` (a sandbox, a
        local file) is a foreign origin.
        """
        origin = headers.get("origin")
        if origin is None:
            if headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
                raise CrossSiteRequest
        elif (
            origin != self._own
            and origin not in self._allowed
            and not _is_same_host(origin, headers)
        ):
            raise CrossSiteRequest

    def headers_for(self, headers: RequestHeaders) -> dict[str, str]:
        """CORS headers of a response, empty for origins that are not allowed."""
        origin = headers.get("origin")
        if origin is None or origin not in self._allowed:
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-credentials": "true",
            "access-control-expose-headers": "retry-after, x-request-id",
        }

    def preflight(self, headers: RequestHeaders, methods: str = "GET, POST") -> dict[str, str]:
        """CORS headers of a preflight response.

        An allowed origin may send any header: which ones its tools add (for traces, names of
        clients, Apollo's own checks) isn't a question of trust.
        """
        allowed = self.headers_for(headers)
        if not allowed:
            return {}
        names = headers.get("access-control-request-headers", "")
        is_list = len(names) <= _MAX_HEADER_NAMES and _HEADER_NAMES.fullmatch(names)
        return {
            **allowed,
            "access-control-allow-methods": methods,
            "access-control-allow-headers": names if is_list else _USUAL_HEADERS,
            "access-control-max-age": _PREFLIGHT_SECONDS,
            "vary": "Origin, Access-Control-Request-Headers",
        }


def _is_same_host(origin: str, headers: RequestHeaders) -> bool:
    """Whether the origin's host is the request's: `localhost` as well as 127.0.0.1."""
    host = headers.get("host")
    return host is not None and origin.partition("://")[2] == host
