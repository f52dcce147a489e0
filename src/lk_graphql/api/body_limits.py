"""Limits of time and size for the bodies of plain routes.

The middleware reads the whole body before it calls the application. So a slow or large body never
occupies a database connection or a file, and causes no lookup, on any route.
"""

from dataclasses import dataclass

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lk_graphql.api.request import declared_length, read_body, read_headers
from lk_graphql.api.request_errors import BodyTooLarge, RequestTimeout


@dataclass(frozen=True)
class BodyLimits:
    """The limits, and the paths (or their prefixes, with a slash) that have their own limits."""

    most_bytes: int
    seconds: float
    exempt: tuple[str, ...] = ()

    def is_exempt(self, path: str) -> bool:
        return any(
            path.startswith(exempt_path) if exempt_path.endswith("/") else path == exempt_path
            for exempt_path in self.exempt
        )


class BodyLimitMiddleware:
    """Responds with 408 or 413 to bodies over the limits; doesn't delay requests without a body."""

    def __init__(self, app: ASGIApp, limits: BodyLimits) -> None:
        self.app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = read_headers(scope) if scope["type"] == "http" else {}
        if declared_length(headers) == 0 or self._limits.is_exempt(scope["path"]):
            await self.app(scope, receive, send)
            return
        try:
            body = await read_body(headers, receive, self._limits.most_bytes, self._limits.seconds)
        except (BodyTooLarge, RequestTimeout) as error:
            await _response(error)(scope, receive, send)
        except ClientDisconnect:
            return  # there is no client to respond to
        else:
            await self.app(scope, _whole(body, receive), send)


def _response(error: BodyTooLarge | RequestTimeout) -> Response:
    return PlainTextResponse(f"{error.message}\n", error.status, error.headers)


def _whole(body: bytes, receive: Receive) -> Receive:
    """A `receive` that first returns the body in one message."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_whole() -> Message:
        return messages.pop() if messages else await receive()

    return receive_whole
