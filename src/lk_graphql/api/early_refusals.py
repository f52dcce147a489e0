"""Refusals before ASGI, of requests that arrive in one piece.

In a flood almost everything is refused, so the cost of a refusal decides how much of the core is
left for the requests that are answered. `server.RequestProtocol` asks here before it parses what
it has received, which saves the request's task, scope and middleware: four fifths of the cost.
Requests in several pieces, or with anything unusual, are left to `AdmissionMiddleware`, whose rules
these are.
"""

from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple

import httptools
from starlette.responses import Response
from starlette.types import Scope

from lk_graphql.api.admission import Admission, AdmissionRules
from lk_graphql.api.middleware import RawHeaders, raw_headers, with_defaults
from lk_graphql.api.request import REMEMBERED_VALUES
from lk_graphql.api.request_state import Priority

STATE = "early_refusals"
"""The key of `EarlyRefusals` in the state of the lifespan, which uvicorn gives to its protocol."""


class EarlyRefusals:
    """Answers requests for which there is no room, with the `headers` of all responses."""

    def __init__(
        self, admission: Admission, rules: AdmissionRules, headers: Mapping[str, str]
    ) -> None:
        self._admission = admission
        self._rules = rules
        self._headers = raw_headers(headers)

    def response(self, received: bytes) -> bytes | None:
        """The response, if this is a request to refuse, else None: the application decides."""
        if not self._admission.is_strained or len(received) > self._rules.body_bytes:
            return None
        request = _whole_request(received)
        if request is None or self._rules.is_exempt(request.scope):
            return None
        priority = Priority.OTHER
        if self._rules.is_graphql(request.scope):
            priority = self._rules.classify(request.scope, request.body)
        if self._admission.has_room(priority):
            return None
        self._admission.record_refusal(priority)
        return _serialized(self._rules.refusal(request.scope), self._headers)


class _Request(NamedTuple):
    """The parts of ASGI's scope on which admission depends, and the body."""

    scope: Scope
    body: bytes


class _Parts:
    """Collects the parts of requests; the callbacks of httptools."""

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
    """The GET or POST that these bytes are, on a connection that stays open; else None."""
    parts = _Parts()
    parser = httptools.HttpRequestParser(parts)
    try:
        parser.feed_data(received)
        if (parts.begun, parts.completed) != (1, 1) or not _stays_open(parser, parts):
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
    return _Request(scope, parts.body)


def _stays_open(parser: httptools.HttpRequestParser, parts: _Parts) -> bool:
    options = {value.lower() for name, value in parts.headers if name == b"connection"}
    return parser.get_http_version() == "1.1" and options <= {b"keep-alive"}


@lru_cache(REMEMBERED_VALUES)
def _serialized(response: Response, defaults: RawHeaders) -> bytes:
    """The bytes of a response; those of `AdmissionRules.refusal` are the same object each time."""
    status = HTTPStatus(response.status_code)
    headers = with_defaults(response.raw_headers, defaults)
    lines = [f"HTTP/1.1 {status} {status.phrase}".encode(), *map(b": ".join, headers)]
    return b"\r\n".join([*lines, b"", response.body])
