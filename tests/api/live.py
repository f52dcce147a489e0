"""The endpoint behind a real uvicorn, and a client that speaks graphql-transport-ws."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from socket import socket
from typing import Any
from uuid import UUID

import httpx
import orjson
import uvicorn
from conftest import SIGNALS, Site
from starlette.applications import Starlette
from tortoise.transactions import in_transaction
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from lk_graphql.api.dispatch import Dispatch
from lk_graphql.api.live.limits import LiveLimits
from lk_graphql.identity.models import User
from lk_graphql.ports.signals import publish
from lk_graphql.serving import Listener, config

QUICK = LiveLimits(hello=0.3, keepalive=0.1, vigil=0.1, operations=5, per_session=3, per_address=8)
ME = "subscription { meChanged { firstName } }"


@dataclass
class Talk:
    """A WebSocket connection, message by message."""

    socket: ClientConnection

    async def say(self, type_: str, **rest: Any) -> None:
        await self.socket.send(orjson.dumps({"type": type_, **rest}).decode())

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            return orjson.loads(await self.socket.recv())

    async def greet(self, token: str = "") -> None:
        payload = {"authorization": f"Bearer {token}"} if token else {}
        await self.say("connection_init", payload=payload)
        assert await self.hear() == {"type": "connection_ack"}

    async def subscribe(self, id_: str, query: str, **variables: Any) -> None:
        await self.say("subscribe", id=id_, payload={"query": query, "variables": variables})

    async def answer(self) -> dict[str, Any]:
        """The payload of the next `next`, without its cost."""
        message = await self.hear()
        assert message["type"] == "next", message
        cost = message["payload"].pop("extensions")["cost"]
        assert cost["requested"] > 0
        return message["payload"]

    async def close_code(self) -> tuple[int | None, str | None]:
        async with asyncio.timeout(5):
            await self.socket.wait_closed()
        return self.socket.close_code, self.socket.close_reason


@dataclass
class Served:
    """A site and where it listens."""

    site: Site
    port: int
    server: uvicorn.Server
    viewer: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.viewer = self.site.viewer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    @asynccontextmanager
    async def talk(self, origin: str = "", **headers: str) -> AsyncGenerator[Talk]:
        """Raises InvalidStatus when the handshake is refused."""
        async with connect(
            self.url.replace("http", "ws"),
            subprotocols=[Subprotocol("graphql-transport-ws")],
            additional_headers=headers,
            origin=Origin(origin) if origin else None,
            proxy=None,
        ) as opened:
            yield Talk(opened)

    @asynccontextmanager
    async def events(
        self, query: str, token: str = "", **headers: str
    ) -> AsyncGenerator[tuple[httpx.Response, AsyncIterator[str]]]:
        """An event stream: its head, and its lines that aren't empty."""
        sent = {"accept": "text/event-stream", **headers}
        if token:
            sent["authorization"] = f"Bearer {token}"
        async with (
            httpx.AsyncClient(trust_env=False, timeout=5) as http,
            http.stream("POST", self.url, json={"query": query}, headers=sent) as response,
        ):
            yield response, (line async for line in response.aiter_lines() if line)

    async def rename(self, name: str) -> None:
        """A change, told in its transaction."""
        async with in_transaction():
            await User.filter(id=self.viewer).update(first_name=name)
            await publish("person", self.viewer)


@asynccontextmanager
async def serve(site: Site, dsn: str) -> AsyncGenerator[Served]:
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    server = uvicorn.Server(config(Dispatch(site.app, Starlette()), Listener("127.0.0.1", port)))
    async with SIGNALS.connected(dsn):
        running = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
            await asyncio.sleep(0.01)
        yield Served(site, port, server)
        server.should_exit = True
        await running
