"""A browser opposite an application in this process: requests as a server would hand them over.

httpx's own client would take a twentieth of a seed's time for what nobody looks at here.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import httpx

from .installation import URL

_HOST = URL.removeprefix("https://")
_NONE: Mapping[str, str] = {}


class Browser(Protocol):
    """The part of `httpx.AsyncClient` that a seed needs."""

    async def get(self, url: str) -> httpx.Response: ...

    async def put(self, url: str, *, content: bytes) -> httpx.Response: ...

    async def post(
        self, url: str, *, json: Any, headers: Mapping[str, str] = ...
    ) -> httpx.Response: ...


@dataclass(frozen=True)
class LocalBrowser:
    """A browser at an address; it keeps no cookies."""

    app: Any
    address: str

    async def get(self, url: str) -> httpx.Response:
        return await self._send("GET", url, b"", _NONE)

    async def put(self, url: str, *, content: bytes) -> httpx.Response:
        return await self._send("PUT", url, content, _NONE)

    async def post(
        self,
        url: str,
        *,
        json: Any,
        headers: Mapping[str, str] = _NONE,
    ) -> httpx.Response:
        typed = {"content-type": "application/json", **headers}
        return await self._send("POST", url, _dumped(json), typed)

    async def _send(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str]
    ) -> httpx.Response:
        requests = [{"type": "http.request", "body": body, "more_body": False}]
        messages: list[Any] = []
        is_answered = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if requests:
                return requests.pop()
            await is_answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            messages.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                is_answered.set()

        length = {"content-length": str(len(body))} if body else {}
        await self.app(scope_of(method, url, {**headers, **length}, self.address), receive, send)
        start, *parts = messages
        content = b"".join(part.get("body", b"") for part in parts)
        return httpx.Response(start["status"], headers=start["headers"], content=content)


def scope_of(method: str, url: str, headers: Mapping[str, str], address: str) -> dict[str, Any]:
    """A request's scope, as ASGI servers make it behind a proxy."""
    parts = urlsplit(url)
    sent = {"host": _HOST, "accept": "*/*", "user-agent": "year", **headers}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": unquote(parts.path),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        "client": (address, 40_000),
        "server": (_HOST, 443),
    }


def _dumped(value: Any) -> bytes:
    return json.dumps(value).encode()
