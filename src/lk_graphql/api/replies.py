"""The bytes of an answer: status, headers, and what the operation cost."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from math import ceil
from typing import NamedTuple

from lk_graphql.api.asgi import Send
from lk_graphql.api.media import GRAPHQL, JSON

Header = tuple[bytes, bytes]

# An answer is data: no browser may take it for a page, keep it, or show it in a frame.
ALWAYS: tuple[Header, ...] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"vary", b"Accept, Accept-Language, Origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)


_TYPED: dict[bytes, tuple[Header, ...]] = {
    kind: ((b"content-type", kind + b"; charset=utf-8"), *ALWAYS) for kind in (JSON, GRAPHQL)
}


class Reply(NamedTuple):
    """`body` is the JSON object of the answer without its closing brace: the cost follows."""

    status: int
    body: bytes
    headers: tuple[Header, ...] = ()


async def send_reply(
    reply: Reply, cost: bytes, kind: bytes, more: Sequence[Header], send: Send
) -> None:
    """`kind` is the media type, `more` are the headers that not every answer has."""
    length = b"%d" % (len(reply.body) + len(cost))
    headers = [(b"content-length", length), *_TYPED[kind], *more]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body + cost})


async def send_empty(headers: Iterable[Header], send: Send) -> None:
    """The answer to a preflight."""
    every = [*ALWAYS, *headers]
    await send({"type": "http.response.start", "status": 204, "headers": every})
    await send({"type": "http.response.body", "body": b""})


def cost_extension(requested: int, limit: int, remaining: float, full_at: float) -> bytes:
    """`extensions.cost`, ready to close an answer's object; `full_at` in seconds since 1970."""
    return b',"extensions":{"cost":{"requested":%d,"limit":%d,"remaining":%d,"resetAt":"%b"}}}' % (
        requested,
        limit,
        max(0, remaining),
        f"{datetime.fromtimestamp(ceil(full_at), UTC):%Y-%m-%dT%H:%M:%SZ}".encode("ascii"),
    )
