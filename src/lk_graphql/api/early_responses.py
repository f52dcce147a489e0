"""Responses before ASGI, to requests that arrive in one piece while there is little capacity.

Under overload almost every request is refused, so the cost of a refusal determines how much CPU is
left for the other requests. `server.RequestProtocol` calls this module before it parses a request.
This saves the request's task, scope and middleware, which are four fifths of the cost. The rules
are those of `AdmissionMiddleware`, which handles requests that arrive in several pieces or are
unusual. This module also responds to liveness probes, because a task for them would wait for
several iterations of a busy event loop.
"""

from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple

import httptools
from starlette.responses import Response
from starlette.types import Scope

from lk_graphql.api.admission import AdmissionRules
from lk_graphql.api.health import ALIVE, LIVENESS
from lk_graphql.api.middleware import RawHeaders, head_fault, raw_headers, with_defaults
from lk_graphql.api.request import HEADER_CACHE_SIZE

STATE = "early_responses"
"""The key of `EarlyResponses` in the lifespan's state, which uvicorn passes to its protocol."""
_CONNECTION_OPTIONS = {b"keep-alive", b"close"}


class EarlyResponse(NamedTuple):
    """The bytes of a response, and whether it is the last one on its connection."""

    content: bytes
    is_last: bool


class EarlyResponses:
    """Refuses requests for which there is no capacity, with the `headers` of all responses."""

    def __init__(self, rules: AdmissionRules, headers: Mapping[str, str]) -> None:
        self._rules = rules
        self._headers = raw_headers(headers)

    def response(self, received: bytes) -> EarlyResponse | None:
        """The response; None if the application must handle the request."""
        most_bytes = self._rules.body_limits.most_bytes
        if not self._rules.admission.is_saturated or len(received) > most_bytes:
            return None
        request = _whole_request(received)
        if request is None:
            return None
        response = self._response(request)
        if response is None:
            return None
        content = _serialized(response, self._headers, is_last=request.is_last)
        return EarlyResponse(content, request.is_last)

    def _response(self, request: "_Request") -> Response | None:
        if self._rules.is_exempt(request.scope):
            return ALIVE if _is_liveness_probe(request.scope) else None
        return self._rules.refusal(request.scope, request.body)


class _Request(NamedTuple):
    """The parts of ASGI's scope on which admission depends, and the body.

    `is_last` is true if the client wants the connection to be closed.
    """

    scope: Scope
    body: bytes
    is_last: bool


def _is_liveness_probe(scope: Scope) -> bool:
    """Whether the request is a valid liveness probe, with the method GET and a correct head."""
    return scope["path"] == LIVENESS and scope["method"] == "GET" and head_fault(scope) is None


class _Parts:
    """Callbacks of httptools that collect the parts of a request."""

    def __init__(self) -> None:
        self.url = self.body = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.begun = self.completed = 0

    def on_message_begin(self) -> None:
        self.begun += 1

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.completed += 1


def _whole_request(received: bytes) -> _Request | None:
    """Parse a complete GET or POST of HTTP/1.1; None for any other bytes."""
    parts = _Parts()
    parser = httptools.HttpRequestParser(parts)
    try:
        parser.feed_data(received)
        options = {value.lower() for name, value in parts.headers if name == b"connection"}
        is_whole = (parts.begun, parts.completed) == (1, 1) and options <= _CONNECTION_OPTIONS
        if not is_whole or parser.get_http_version() != "1.1":
            return None
        url = httptools.parse_url(parts.url)
    except (httptools.HttpParserError, httptools.HttpParserUpgrade):
        return None
    method = parser.get_method()
    if method not in {b"GET", b"POST"} or b"%" in url.path:
        return None
    scope = {
        "type": "http",
        "method": method.decode(),
        "path": url.path.decode("latin-1"),
        "query_string": url.query or b"",
        "headers": parts.headers,
    }
    return _Request(scope, parts.body, b"close" in options)


@lru_cache(HEADER_CACHE_SIZE)
def _serialized(response: Response, defaults: RawHeaders, *, is_last: bool) -> bytes:
    """The bytes of a response, cached because `AdmissionRules.refusal` repeats its objects."""
    status = HTTPStatus(response.status_code)
    headers = with_defaults(response.raw_headers, defaults)
    lines = [f"HTTP/1.1 {status} {status.phrase}".encode(), *map(b": ".join, headers)]
    if is_last:
        lines.append(b"connection: close")
    return b"\r\n".join([*lines, b"", response.body])
