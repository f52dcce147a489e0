"""The lower bound: bare ASGI, asyncpg, and one hand-written statement for each operation.

Without GraphQL, limits and logs. The cost of a server is the difference to this one.
"""

import os
from asyncio import LifoQueue
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]

CONNECTIONS = 10
STATEMENTS = {
    file.parent.name.capitalize(): file.read_text()
    for file in (Path(__file__).parent / "operations").glob("*/limit.sql")
}


class Limit:
    def __init__(self) -> None:
        self._idle: LifoQueue[asyncpg.Connection] = LifoQueue()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        for _ in range(CONNECTIONS):
            self._idle.put_nowait(await _connection())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        while not self._idle.empty():
            await self._idle.get_nowait().close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = orjson.loads((await receive())["body"])
        token = next(value for name, value in scope["headers"] if name == b"authorization")
        token_hash = sha256(token.removeprefix(b"Bearer ")).digest()
        body = b'{"data":%b}' % await self._fetch(request, token_hash)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _fetch(self, request: Mapping[str, Any], token_hash: bytes) -> bytes:
        connection = await self._idle.get()
        try:
            return await self._execute(connection, request, token_hash)
        finally:
            self._idle.put_nowait(connection)

    async def _execute(
        self, connection: asyncpg.Connection, request: Mapping[str, Any], token_hash: bytes
    ) -> bytes:
        arguments = [UUID(text[-32:]) for text in request["variables"].values()]
        return await connection.fetchval(
            STATEMENTS[request["operationName"]], token_hash, *arguments
        )


async def _connection() -> asyncpg.Connection:
    connection = await asyncpg.connect(
        os.environ["LK_DATABASE_URL"], max_cacheable_statement_size=0
    )
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary"
    )
    return connection


app = Limit()
