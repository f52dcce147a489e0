"""A client of the endpoint with the schema of notes."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, Protocol, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from lk_graphql.api.rate_limit import RateLimit
from lk_graphql.api.request import SessionCookie
from lk_graphql.options import endpoint_options
from lk_graphql.ports import Ports
from lk_graphql.ports.pubsub import PubSub
from lk_graphql.settings import read

TOKEN = "c0ffee-Secret-Session-Token-0123456789"
ZONE = ZoneInfo("Asia/Novokuznetsk")
PUBSUB = PubSub()
ONLY_PUBSUB = cast("Ports", SimpleNamespace(pubsub=PUBSUB))
"""The ports of the schema of notes."""
SETTINGS = read(public_url="https://lk.example.ru")
OPTIONS = endpoint_options(SETTINGS, SessionCookie())
"""The options of a server whose settings have their default values."""


def rate_limit(limit: int, per_second: float) -> RateLimit:
    """A rate limit with which buckets of sessions are as large as those of guests."""
    return replace(OPTIONS.rate_limit, limit=limit, per_second=per_second, session_factor=1)


@dataclass
class RecordingSink:
    """The log lines since the fixture's start."""

    all: Sequence[MutableMapping[str, Any]]

    @property
    def requests(self) -> list[MutableMapping[str, Any]]:
        return [line for line in self.all if line["event"] == "request"]

    @property
    def last(self) -> MutableMapping[str, Any]:
        """The access log's last line."""
        return self.requests[-1]


@dataclass
class EndpointClient:
    """The endpoint with an HTTP client, its log lines and its metrics."""

    app: Starlette
    http: httpx.AsyncClient
    lines: RecordingSink
    registry: CollectorRegistry
    viewer: UUID

    async def post(self, query: str, *, token: str = "", **rest: Any) -> httpx.Response:
        """POST an operation and accept the media type of GraphQL over HTTP."""
        headers = {"accept": "application/graphql-response+json", **rest.pop("headers", {})}
        if token:
            headers["authorization"] = f"Bearer {token}"
        return await self.http.post("/graphql", json={"query": query, **rest}, headers=headers)

    async def ask(self, query: str, *, token: str = "", **rest: Any) -> dict[str, Any]:
        return (await self.post(query, token=token, **rest)).json()


class MakeClient(Protocol):
    """Builds a client of an endpoint with other options."""

    async def __call__(self, *, introspection: bool = True, **changes: Any) -> EndpointClient: ...
