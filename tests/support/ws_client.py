"""An application in uvicorn, and clients of graphql-transport-ws and server-sent events."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from socket import socket
from typing import Any

import httpx
import orjson
import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from lk_graphql.api.realtime.limits import ConnectionLimits
from lk_graphql.server import ServerOptions, uvicorn_config

QUICK = ConnectionLimits(
    total=2000,
    keepalive_interval=0.1,
    init_timeout=0.3,
    session_check_interval=0.1,
    operations=5,
    per_session=3,
    per_address=8,
    guest_idle=1.0,
)


@dataclass
class WebSocketSession:
    """A WebSocket connection, message by message."""

    socket: ClientConnection

    async def send(self, type_: str, **rest: Any) -> None:
        await self.socket.send(orjson.dumps({"type": type_, **rest}).decode())

    async def receive(self) -> dict[str, Any]:
        async with asyncio.timeout(5):
            return orjson.loads(await self.socket.recv())

    async def init(self, token: str = "") -> None:
        payload = {"authorization": f"Bearer {token}"} if token else {}
        await self.send("connection_init", payload=payload)
        assert await self.receive() == {"type": "connection_ack"}

    async def subscribe(self, id_: str, query: str, **variables: Any) -> None:
        await self.send("subscribe", id=id_, payload={"query": query, "variables": variables})

    async def result(self) -> dict[str, Any]:
        """The payload of the next `next` message, without extensions; skips other messages."""
        while True:
            message = await self.receive()
            if message["type"] == "next":
                message["payload"].pop("extensions")
                return message["payload"]

    async def answer(self) -> dict[str, Any]:
        """The payload of the next `next` message, without its cost."""
        message = await self.receive()
        assert message["type"] == "next", message
        cost = message["payload"].pop("extensions")["cost"]
        assert cost["requested"] > 0
        return message["payload"]

    async def close_code(self) -> tuple[int | None, str | None]:
        async with asyncio.timeout(10):
            await self.socket.wait_closed()
        return self.socket.close_code, self.socket.close_reason


@dataclass
class EndpointServer:
    """A running server and its port."""

    port: int
    server: uvicorn.Server

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/graphql"

    @asynccontextmanager
    async def connect(self, origin: str = "", **headers: str) -> AsyncGenerator[WebSocketSession]:
        """Open a connection. Raises InvalidStatus if the handshake is refused."""
        async with connect(
            self.url.replace("http", "ws"),
            subprotocols=[Subprotocol("graphql-transport-ws")],
            additional_headers=headers,
            origin=Origin(origin) if origin else None,
            proxy=None,
        ) as opened:
            yield WebSocketSession(opened)

    @asynccontextmanager
    async def events(
        self, query: str, token: str = "", variables: object = None, **headers: str
    ) -> AsyncGenerator[tuple[httpx.Response, AsyncIterator[str]]]:
        """An event stream: the response's head, and its non-empty lines."""
        all_headers = {"accept": "text/event-stream", **headers}
        if token:
            all_headers["authorization"] = f"Bearer {token}"
        body = {"query": query, "variables": variables}
        async with (
            # plain HTTP; loading the certificates of all authorities takes longer than a request
            httpx.AsyncClient(trust_env=False, timeout=5, verify=False) as http,
            http.stream("POST", self.url, json=body, headers=all_headers) as response,
        ):
            yield response, (line async for line in response.aiter_lines() if line)


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncGenerator[EndpointServer]:
    """Run uvicorn in this event loop until the block ends."""
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn_config(app, ServerOptions("127.0.0.1", port)))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield EndpointServer(port, server)
    server.should_exit = True
    await running


async def answers(lines: AsyncIterator[str], count: int) -> list[dict[str, object]]:
    """The next `count` results of an event stream, without heartbeats and costs."""
    results: list[dict[str, object]] = []
    async for line in lines:
        if line.startswith("data: {"):
            answer = orjson.loads(line.removeprefix("data: "))
            assert answer.pop("extensions", None) is not None or "errors" in answer
            results.append(answer)
        else:
            assert line in ("event: next", ":")
        if len(results) == count:
            break
    return results
