"""Limits of time and size for the bodies of plain routes.

The middleware reads the whole body before it calls the application. So a slow or large body never
occupies a database connection or a file, and causes no lookup, on any route.
"""

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lk_graphql.api.request import BodyLimits, declared_length, read_body, read_headers
from lk_graphql.api.request_errors import BodyTooLarge, RequestTimeout


class BodyLimitMiddleware:
    """Responds with 408 or 413 to bodies over the limits; doesn't delay requests without a body.

    Paths with an `exempt` prefix have limits and responses of their own.
    """

    def __init__(self, app: ASGIApp, limits: BodyLimits, exempt: tuple[str, ...] = ()) -> None:
        self.app = app
        self._limits = limits
        self._exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = read_headers(scope) if scope["type"] == "http" else {}
        if declared_length(headers) == 0 or scope["path"].startswith(self._exempt):
            await self.app(scope, receive, send)
            return
        try:
            body = await read_body(headers, receive, self._limits)
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
