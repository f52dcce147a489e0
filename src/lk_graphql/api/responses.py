"""Responses of GraphQL over HTTP."""

from collections.abc import Iterable
from typing import NamedTuple

from starlette.types import Receive, Scope, Send

HEADERS = {"referrer-policy": "no-referrer", "vary": "Accept, Accept-Language, Origin"}
"""Headers of every GraphQL response, besides those of `SecurityHeadersMiddleware`."""
_RAW_HEADERS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


class GraphQLResponse(NamedTuple):
    """A result; `body` is its JSON object without the closing brace, because the cost follows."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


class JsonResponse(NamedTuple):
    """An ASGI response of one of the two JSON types; a header may occur twice."""

    body: bytes
    status: int
    media_type: str
    headers: Iterable[tuple[str, str]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        headers = [
            (b"content-type", b"%b; charset=utf-8" % self.media_type.encode()),
            (b"content-length", b"%d" % len(self.body)),
            *_RAW_HEADERS,
            *((name.encode("latin-1"), value.encode("latin-1")) for name, value in self.headers),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})
