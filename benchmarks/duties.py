"""The hand-written server with the duties of a public server, each in its shortest form.

In addition to `limit.py`: a timeout and a maximum size of bodies, a token bucket for each session,
an access log line and a histogram observation for each request, a request id, and security
headers. A submission takes the round trips that rules in Python need (`submission`), not one
statement. There are only the four operations. The difference to a GraphQL server is the cost of
generality, less uvicorn's ASGI messages, which only this server pays for (decision 0022).
"""

import secrets
import sys
from asyncio import get_running_loop
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from time import perf_counter
from typing import Any

import orjson
from asyncpg import Connection
from prometheus_client import Histogram

from benchmarks.limit import STATEMENTS, Limit, Receive, Scope, Send
from benchmarks.submission import submit

SECONDS, BYTES, POINTS, REFILL = 15.0, 1 << 20, 1e9, 1e9
PROCESS, NUMBERS = secrets.token_hex(5), count(1)
DURATION = Histogram("seconds", "Duration of requests.", ("operation",))
SERIES = {name: DURATION.labels(name) for name in STATEMENTS}
SECURITY_HEADERS = [
    (b"content-type", b"application/json; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"vary", b"Accept, Accept-Language, Origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]


class LimitExceeded(Exception):
    """A request that exceeds a limit."""


class LimitWithDuties(Limit):
    def __init__(self) -> None:
        super().__init__()
        self._buckets: dict[bytes, list[float]] = {}

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, now = perf_counter(), datetime.now(UTC)
        headers: Mapping[bytes, bytes] = dict(scope["headers"])
        id_ = (headers.get(b"x-request-id") or b"%b%08x" % (PROCESS.encode(), next(NUMBERS)))[:64]
        token_hash = sha256(headers.get(b"authorization", b"")[7:]).digest()
        request = orjson.loads(await self._body(headers, receive))
        name: str = request["operationName"]
        self._charge(token_hash, started)
        body = b'{"data":%b}' % await self._fetch(request, token_hash)
        response_headers = [
            (b"content-length", b"%d" % len(body)),
            (b"x-request-id", id_),
            *SECURITY_HEADERS,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": response_headers})
        await send({"type": "http.response.body", "body": body})
        seconds = perf_counter() - started
        SERIES[name].observe(seconds)
        line = {"event": "request", "timestamp": now, "request_id": id_.decode(), "operation": name,
                "status": 200, "ms": round(seconds * 1000, 2)}  # fmt: skip
        sys.stdout.buffer.write(orjson.dumps(line) + b"\n")
        sys.stdout.buffer.flush()

    async def _execute(
        self, connection: Connection, request: Mapping[str, Any], token_hash: bytes
    ) -> bytes:
        if request["operationName"] == "Submit":
            return await submit(connection, token_hash, request["variables"])
        return await super()._execute(connection, request, token_hash)

    async def _body(self, headers: Mapping[bytes, bytes], receive: Receive) -> bytes:
        if headers.get(b"content-type") != b"application/json":
            raise LimitExceeded
        timeout = get_running_loop().call_later(SECONDS, receive)
        message = await receive()
        timeout.cancel()
        body: bytes = message["body"]
        if message.get("more_body") or len(body) > BYTES:
            raise LimitExceeded
        return body

    def _charge(self, token_hash: bytes, now: float) -> None:
        bucket = self._buckets.setdefault(token_hash, [POINTS, now])
        bucket[0] = min(POINTS, bucket[0] + (now - bucket[1]) * REFILL) - 1
        bucket[1] = now
        if bucket[0] < 0:
            raise LimitExceeded


app = LimitWithDuties()
