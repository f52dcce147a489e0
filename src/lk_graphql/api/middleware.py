"""Security headers for every response, CORS and the same-site check."""

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


_PREFLIGHT = {
    "access-control-allow-headers": "accept-language, authorization, content-type, x-request-id",
    "access-control-max-age": "600",
}


class Origins:
    """The origin of the public URL, and the allowed ones of `LK_CORS_ORIGINS`.

    The origin of the requested host is allowed as well (`localhost` beside 127.0.0.1), with the
    scheme of the public URL: that also decides whether the cookie is `Secure`.

    Protects the session cookie and writes CORS headers. Starlette's CORSMiddleware answers a
    preflight by 200 or 400 and sends `Allow-Credentials` to every origin; here a preflight is 204
    and a foreign origin gets no CORS header at all.
    """

    def __init__(self, public_url: str, allowed: Iterable[str] = ()) -> None:
        public = urlsplit(public_url)
        self._scheme = public.scheme
        self._own = f"{public.scheme}://{public.netloc}"
        self._allowed = frozenset(origin.rstrip("/") for origin in allowed)

    def require_same_site(self, headers: RequestHeaders) -> None:
        """Reject a request of a foreign page that carries a cookie. Raises `CrossSiteRequest`.

        Cookies are same-site (`SameSite`), so no page of another site needs one, an allowed one
        neither. Other subdomains are the same site: there the origin decides.
        """
        site = headers.get("sec-fetch-site")
        if site == "cross-site" or (site == "same-site" and "origin" not in headers):
            raise CrossSiteRequest
        self.require_allowed_origin(headers)

    def require_allowed_origin(self, headers: RequestHeaders) -> None:
        """Reject a page of a foreign origin, cookie or not. Raises `CrossSiteRequest`.

        Browsers send the page's origin with every POST and WebSocket handshake, other programs
        don't. `null` (a sandbox, a local file) is a foreign origin.
        """
        origin = headers.get("origin")
        known = {None, self._own, *self._allowed, f"{self._scheme}://{headers.get('host')}"}
        if origin not in known:
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
        """CORS headers of a preflight response."""
        allowed = self.headers_for(headers)
        if not allowed:
            return {}
        return {**allowed, "access-control-allow-methods": methods, **_PREFLIGHT}
