"""Slow and large bodies on every route, through real connections."""

import asyncio
from collections.abc import Generator
from contextlib import suppress

import pytest
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from lk_graphql import server
from lk_graphql.api.body_limits import BodyLimitMiddleware
from lk_graphql.api.middleware import web_application
from lk_graphql.api.request import BodyLimits
from tests.support.sandbox_acquirer import free_port

WORK: list[bytes] = []


async def work(request: Request) -> PlainTextResponse:
    WORK.append(await request.body())
    return PlainTextResponse("done")


@pytest.fixture(scope="module")
def port() -> Generator[int]:
    app = web_application(
        [Route("/work", work, methods=["GET", "POST"]), Route("/own/x", work, methods=["POST"])],
        None,
        [Middleware(BodyLimitMiddleware, limits=BodyLimits(1000, 0.3), exempt=("/own/",))],
    )
    number = free_port()
    with server.serve_in_thread(app, server.ServerOptions("127.0.0.1", number)):
        yield number


async def exchange(port: int, *pieces: bytes, pause: float = 0.05) -> bytes:
    """Send the pieces with pauses; return all that is answered until the connection's end.

    A piece that comes after the server has closed the connection resets it.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def send() -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    sending = asyncio.create_task(send())
    answer = b""
    async with asyncio.timeout(10):
        with suppress(ConnectionResetError):
            while part := await reader.read(4096):
                answer += part
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    writer.close()
    return answer


def head(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join((f"{method} {path} HTTP/1.1", "host: x", *lines, "", "")).encode()


@pytest.mark.parametrize("path", ["/work", "/unknown"])
@pytest.mark.parametrize("method", ["POST", "PUT", "GET", "DELETE"])
@pytest.mark.parametrize("framing", ["content-length: 900", "transfer-encoding: chunked"])
async def test_a_body_in_drops_is_408_before_anything_is_done(
    port: int, method: str, path: str, framing: str
):
    WORK.clear()
    drop = b"x" if "length" in framing else b"1\r\nx\r\n"
    answer = await exchange(port, head(method, path, framing), *[drop] * 100)

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer
    assert WORK == []


@pytest.mark.parametrize("path", ["/work", "/unknown"])
@pytest.mark.parametrize(
    ("framing", "pieces"),
    [
        ("content-length: 1001", []),
        ("content-length: 10000000000", []),
        ("transfer-encoding: chunked", [b"3e9\r\n" + b"x" * 1001 + b"\r\n"]),
    ],
)
async def test_a_large_body_is_413_before_it_is_read(
    port: int, path: str, framing: str, pieces: list[bytes]
):
    WORK.clear()
    answer = await exchange(port, head("POST", path, framing), *pieces)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert WORK == []


@pytest.mark.parametrize("size", [1, 999, 1000])
async def test_a_body_within_the_limits_arrives_completely(port: int, size: int):
    WORK.clear()
    request = head("POST", "/work", f"content-length: {size}", "connection: close")
    half = size // 2
    answer = await exchange(port, request, b"x" * half, b"y" * (size - half))

    assert answer.endswith(b"done")
    assert [b"x" * half + b"y" * (size - half)] == WORK


async def test_a_body_of_a_lost_connection_is_not_processed(port: int):
    WORK.clear()
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head("POST", "/work", "content-length: 900") + b"x")
    await writer.drain()
    writer.close()
    await asyncio.sleep(0.1)

    assert WORK == []


async def test_routes_with_limits_of_their_own_are_left_alone(port: int):
    WORK.clear()
    drops = [b"x"] * 10
    request = head("POST", "/own/x", "content-length: 10", "connection: close")
    answer = await exchange(port, request, *drops, pause=0.05)

    assert answer.endswith(b"done")
    assert WORK == [b"x" * 10]
