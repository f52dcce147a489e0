"""Logs, measures and traces requests to plain routes: files, uploads, callbacks, feeds, pages.

A log line has the route's pattern in place of the path and the query string, which may hold an id
or a secret.
"""

from time import perf_counter

import structlog
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lk_graphql.api.access_log import Metrics, request_id
from lk_graphql.api.proxies import Proxies
from lk_graphql.api.request import read_headers
from lk_graphql.guards.security_events import network
from lk_graphql.kit.tracing import TRACING, SpanKind

log = structlog.stdlib.get_logger("lk_graphql.api")

_GONE = 499
"""The status, as in nginx's logs, of a request whose client left before the response began."""


class RouteLogMiddleware:
    """Gives each request an id, which the response carries, and a line in the log."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, proxies: Proxies, quiet: frozenset[str]
    ) -> None:
        """Wrap `app`; `quiet` paths, such as health checks, are neither logged nor measured."""
        self.app = app
        self._metrics = metrics
        self._proxies = proxies
        self._quiet = quiet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in self._quiet:
            await self.app(scope, receive, send)
            return
        headers, started = read_headers(scope), perf_counter()
        response = _Response(send, request_id(headers.get("x-request-id")))
        try:
            with TRACING.span("route", SpanKind.SERVER, headers) as span:
                await self.app(scope, receive, response.send)
                span.describe(f"{scope['method']} {_pattern(scope)}", status=response.status)
        except Exception:
            response.status = 500
            raise
        finally:
            address = self._proxies.client(scope, headers)
            self._finish(scope, response, address, perf_counter() - started)

    def _finish(self, scope: Scope, response: "_Response", address: str, seconds: float) -> None:
        route, method, status = _pattern(scope), scope["method"], response.status
        self._metrics.routes.labels(route, method, status).observe(seconds)
        log.info(
            "route",
            request_id=response.request_id,
            route=route,
            method=method,
            status=status,
            bytes=response.size,
            network=network(address),
            ms=round(seconds * 1000, 2),
        )


class _Response:
    """The id, status and size of a response."""

    def __init__(self, send: Send, request_id: str) -> None:
        self.request_id = request_id
        self.status = _GONE
        self.size = 0
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [
                *message["headers"],
                (b"x-request-id", self.request_id.encode()),
            ]
        self.size += len(message.get("body", b""))
        await self._send(message)


def _pattern(scope: Scope) -> str:
    """The route's path with the names of its parameters; a constant for unknown paths."""
    route: BaseRoute | None = scope.get("route")
    return route.path if isinstance(route, Route) else "none"
