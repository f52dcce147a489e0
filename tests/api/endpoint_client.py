"""The endpoint with the notebook's schema, and ways to talk to it."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Protocol, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette

from lk_graphql.ports import Ports
from lk_graphql.ports.pubsub import PubSub

TOKEN = "c0ffee-Secret-Session-Token-0123456789"
ZONE = ZoneInfo("Asia/Novokuznetsk")
SIGNALS = PubSub()
ONLY_SIGNALS = cast("Ports", SimpleNamespace(pubsub=SIGNALS))
"""The notebook reaches nothing else outside."""


@dataclass
class RecordingSink:
    """What was logged since the fixture began."""

    all: Sequence[MutableMapping[str, Any]]

    @property
    def requests(self) -> list[MutableMapping[str, Any]]:
        return [line for line in self.all if line["event"] == "request"]

    @property
    def last(self) -> MutableMapping[str, Any]:
        """The last request's line."""
        return self.requests[-1]


@dataclass
class EndpointClient:
    """The endpoint and the ways to talk to it."""

    app: Starlette
    http: httpx.AsyncClient
    lines: RecordingSink
    registry: CollectorRegistry
    viewer: UUID

    async def post(self, query: str, *, token: str = "", **rest: Any) -> httpx.Response:
        """POST as a client of today; `variables` and `headers` as for httpx."""
        headers = {"accept": "application/graphql-response+json", **rest.pop("headers", {})}
        if token:
            headers["authorization"] = f"Bearer {token}"
        return await self.http.post("/graphql", json={"query": query, **rest}, headers=headers)

    async def ask(self, query: str, *, token: str = "", **rest: Any) -> dict[str, Any]:
        return (await self.post(query, token=token, **rest)).json()


class MakeClient(Protocol):
    """Builds the endpoint under another policy than the usual one."""

    async def __call__(self, *, introspection: bool = True, **policy: Any) -> EndpointClient: ...
