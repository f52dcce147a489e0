"""Heads of requests and responses, CORS and the same-site check."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple, cast
from urllib.parse import urlsplit

import structlog
from starlette.applications import Starlette
from starlette.datastructures import URL
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

from lk_graphql.api.request import GRAPHQL_PATH, RequestHeaders, read_headers
from lk_graphql.api.request_errors import CrossSiteRequest
from lk_graphql.kit.errors import Unavailable
from lk_graphql.kit.origins import AllowedOrigins, parse_origin

log = structlog.stdlib.get_logger("lk_graphql.api")

_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_HSTS = {"strict-transport-security": "max-age=31536000; includeSubDomains"}
GRAPHQL_HEADERS = {"referrer-policy": "no-referrer", "vary": "Accept, Accept-Language, Origin"}
"""Headers of every GraphQL response, besides those of `HeadMiddleware`."""
_HOST = re.compile(rb"[A-Za-z0-9._~:%\[\]-]{1,255}")
RawHeaders = Sequence[tuple[bytes, bytes]]
_STARTS = {"http.response.start", "websocket.http.response.start"}
CorsHeaders = Callable[[Scope], Mapping[str, str]]
"""The CORS headers of the response to a request."""


def no_cors(_: Scope) -> Mapping[str, str]:
    return {}


def web_application(
    routes: Sequence[BaseRoute],
    lifespan: Lifespan[Starlette] | None = None,
    middleware: Sequence[Middleware] = (),
    headers: Mapping[str, str] = _HEADERS,
    cors_headers: CorsHeaders = no_cors,
) -> Starlette:
    """A Starlette application of these routes, with the `headers` in every response.

    Responses that don't come from a route or the `middleware` also have the `cors_headers`.
    """

    async def server_error(request: Request, _: Exception) -> Response:
        """Respond with all headers: Starlette handles errors outside the middleware."""
        all_headers = {**headers, **cors_headers(request.scope)}
        return PlainTextResponse("Internal Server Error", 500, all_headers)

    return Starlette(
        routes=routes,
        middleware=[
            Middleware(HeadMiddleware, headers=headers, cors_headers=cors_headers),
            *middleware,
            Middleware(LocalRedirectMiddleware),
        ],
        exception_handlers={Unavailable: _unavailable, Exception: server_error},
        lifespan=lifespan,
    )


def security_headers(*, is_https: bool) -> dict[str, str]:
    """Default headers of all responses; with `is_https` also HSTS."""
    return _HEADERS | (_HSTS if is_https else {})


def raw_headers(headers: Mapping[str, str]) -> RawHeaders:
    """The bytes of headers, as in an ASGI message."""
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


def with_defaults(headers: RawHeaders, defaults: RawHeaders) -> RawHeaders:
    """These headers, and the defaults that are not among them."""
    present = {name for name, _ in headers}
    return [*headers, *[header for header in defaults if header[0] not in present]]


def send_with_defaults(send: Send, defaults: RawHeaders) -> Send:
    """`send`, with the defaults in the head of the response."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] in _STARTS:
            message["headers"] = with_defaults(message["headers"], defaults)
        await send(message)

    return send_with_headers


_GRAPHQL_HEADERS = raw_headers(GRAPHQL_HEADERS)


class JsonResponse(NamedTuple):
    """A GraphQL response of one of the two JSON types; a header may occur twice."""

    body: bytes
    status: int
    media_type: str
    headers: Iterable[tuple[str, str]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        headers = [
            (b"content-type", b"%b; charset=utf-8" % self.media_type.encode()),
            (b"content-length", b"%d" % len(self.body)),
            *_GRAPHQL_HEADERS,
            *((name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


MAX_HEADERS = 200
MAX_HEAD_BYTES = 64 * 1024


class HeadMiddleware:
    """Checks the heads of requests, and adds strict security headers to responses.

    Request heads that RFC 9110 and 9112 forbid, or that are too large, are refused;
    `server.RequestProtocol` limits heads that arrive in several pieces. Headers set by a route take
    precedence over the security headers.
    """

    def __init__(self, app: ASGIApp, headers: Mapping[str, str], cors_headers: CorsHeaders) -> None:
        self.app = app
        self._headers = raw_headers(headers)
        self._cors_headers = cors_headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        send = send_with_defaults(send, self._headers)
        if scope["type"] == "http" and (fault := head_fault(scope)):
            text, status = fault
            response_headers = {"connection": "close", **self._cors_headers(scope)}
            response = PlainTextResponse(f"{text}\n", status, response_headers)
            await response(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def head_fault(scope: Scope) -> tuple[str, int] | None:
    """The fault of a request's head, and the status of the refusal; None for a correct head."""
    version: str = scope.get("http_version", "1.1")
    headers: RawHeaders = scope["headers"]
    size = len(scope.get("raw_path") or b"") + len(scope.get("query_string", b""))
    size += sum(map(len, chain(*headers))) + len(headers) * len(b": \r\n")
    if len(headers) > MAX_HEADERS or size > MAX_HEAD_BYTES:
        return "The header fields are too large", 431
    if version not in {"1.0", "1.1", "2", "3"}:
        return "HTTP/1.0 and HTTP/1.1 are supported", 505
    hosts = [value for name, value in headers if name == b"host"]
    if len(hosts) > 1 or (not hosts and version == "1.1") or not all(map(_HOST.fullmatch, hosts)):
        return "A request has exactly one Host", 400
    return None


class LocalRedirectMiddleware:
    """Makes redirects to this server relative, such as redirects that remove a trailing slash.

    Starlette builds absolute URLs from `Host`, which may be forged, and from the scheme between
    proxy and server, which is http. A client that followed such a redirect would send its token
    unencrypted.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_local(message: Message) -> None:
            if message["type"] == "http.response.start" and 300 <= message["status"] < 400:
                own = str(URL(scope=scope).replace(path="/", query="")).encode("latin-1", "replace")
                message["headers"] = [
                    (name, _relative(value, own) if name == b"location" else value)
                    for name, value in message["headers"]
                ]
            await send(message)

        await self.app(scope, receive, send_local)


def _relative(location: bytes, own: bytes) -> bytes:
    """Remove the server's own address; one slash is left, because two would name another host."""
    return b"/" + location[len(own) :].lstrip(b"/") if location.startswith(own) else location


async def _unavailable(request: Request, error: Exception) -> Response:
    """The response of a plain route to an outage. No URL is logged, because it may hold secrets."""
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


_PREFLIGHT_SECONDS = "600"
_EXPOSED_HEADERS = (
    "accept-ranges, content-disposition, content-length, content-range, etag, retry-after,"
    " x-request-id"
)
_USUAL_HEADERS = "accept-language, authorization, content-type, x-request-id"
_HEADER_NAMES = re.compile(r"[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*", re.ASCII)
_MAX_HEADER_NAMES = 2000
"""Characters of the header names that a preflight requests."""


class Origins:
    """The origin of the public URL, and the allowed ones: `LK_CORS_ORIGINS`, `LK_CABINET_URL`.

    The origin of the requested host is also allowed (`localhost` in addition to 127.0.0.1), with
    the scheme of the public URL, which also determines whether the cookie is `Secure`.

    This class protects the session cookie and writes CORS headers. Starlette's CORSMiddleware
    responds to a preflight with 200 or 400 and sends `Allow-Credentials` to every origin. Here a
    preflight gets 204, and a foreign origin gets no CORS header.
    """

    def __init__(self, public_url: str, allowed: Iterable[str] = ()) -> None:
        self._own = parse_origin(public_url)
        self._scheme = urlsplit(self._own).scheme
        self._allowed = AllowedOrigins(allowed)
        self.frame_ancestors = " ".join(("'self'", *self._allowed.patterns))
        """The CSP source list of the pages that may frame a document."""

    def require_same_site(self, headers: RequestHeaders) -> None:
        """Reject a request of a foreign page that carries a cookie. Raises `CrossSiteRequest`.

        Cookies are `SameSite`, so pages of another site never need them, even if their origin is
        allowed. Other subdomains belong to the same site; for them, the origin is checked.
        """
        site = headers.get("sec-fetch-site")
        if site == "cross-site" or (site == "same-site" and "origin" not in headers):
            raise CrossSiteRequest(headers.get("origin"))
        self.require_allowed_origin(headers)

    def require_allowed_origin(self, headers: RequestHeaders) -> None:
        """Reject a page of a foreign origin, with or without a cookie. Raises `CrossSiteRequest`.

        Browsers send the page's origin with every POST and WebSocket handshake; other programs send
        none. `null` (a sandbox, a local file) is a foreign origin.
        """
        origin = headers.get("origin")
        permitted = {None, self._own, self._requested(headers)}
        if origin not in permitted and origin not in self._allowed:
            raise CrossSiteRequest(origin)

    def server_url(self, headers: RequestHeaders) -> str:
        """The address at which the client reaches this server, usually `LK_PUBLIC_URL`.

        If the page's origin is the requested host and isn't an allowed origin, the client reaches
        this server through a proxy at that host.
        """
        origin = headers.get("origin")
        is_proxied = origin == self._requested(headers) and origin not in self._allowed
        return origin if origin is not None and is_proxied else self._own

    def _requested(self, headers: RequestHeaders) -> str:
        return f"{self._scheme}://{headers.get('host')}"

    def headers_for(self, headers: RequestHeaders) -> dict[str, str]:
        """CORS headers of a response, empty for origins that are not allowed."""
        origin = headers.get("origin")
        if origin is None or origin not in self._allowed:
            return {}
        return {
            "access-control-allow-origin": origin,
            "access-control-allow-credentials": "true",
            "access-control-expose-headers": _EXPOSED_HEADERS,
        }

    def headers_by_path(self, scope: Scope) -> dict[str, str]:
        """CORS headers of a response that no endpoint makes, such as a refusal without capacity.

        Only `GRAPHQL_PATH` and the paths of `CORS_METHODS` have any.
        """
        path: str = scope["path"]
        if path != GRAPHQL_PATH and not path.startswith(tuple(CORS_METHODS)):
            return {}
        return {**self.headers_for(read_headers(scope)), "vary": "Origin"}

    def preflight(self, headers: RequestHeaders, methods: str = "GET, POST") -> dict[str, str]:
        """CORS headers of a preflight response.

        An allowed origin may send any header, because tools add headers of their own, for traces,
        client names or Apollo's checks.
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


CORS_METHODS = {"/files/": "GET, HEAD", "/uploads/": "PUT"}
"""Methods of the plain routes that pages of other origins may call, by path prefix."""


class CorsMiddleware:
    """Adds CORS headers to responses on the paths of `CORS_METHODS`, and answers preflights."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self.app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        methods = next(
            (CORS_METHODS[start] for start in CORS_METHODS if path.startswith(start)), ""
        )
        if scope["type"] != "http" or not methods:
            await self.app(scope, receive, send)
            return
        headers = read_headers(scope)
        if scope["method"] == "OPTIONS":
            allowed = {"allow": f"{methods}, OPTIONS", "vary": "Origin"}
            allowed |= self._origins.preflight(headers, methods)
            await Response(status_code=204, headers=allowed)(scope, receive, send)
            return
        cors_headers = raw_headers({**self._origins.headers_for(headers), "vary": "Origin"})

        await self.app(scope, receive, send_with_defaults(send, cors_headers))
