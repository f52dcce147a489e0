"""Heads of requests that HTTP forbids, headers of all responses, and lines of log."""

import asyncio
import logging
from collections.abc import Generator
from io import BytesIO

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from lk_graphql import server
from lk_graphql.api.middleware import MAX_HEADERS, security_headers, web_application
from tests.support.capture_logs import logging_to
from tests.support.sandbox_acquirer import free_port


async def work(_: Request) -> PlainTextResponse:
    return PlainTextResponse("done")


async def fail(_: Request) -> PlainTextResponse:
    raise RuntimeError("planted")


@pytest.fixture(scope="module")
def port() -> Generator[int]:
    routes = [Route("/", work), Route("/fail", fail)]
    number = free_port()
    options = server.ServerOptions("127.0.0.1", number)
    with server.serve_in_thread(
        web_application(routes, headers=security_headers(is_https=True)), options
    ):
        yield number


async def exchange(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await writer.drain()
    writer.write_eof()
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nhost: lk.example\r\n", b"200"),
        (b"GET / HTTP/1.1\r\nhost: [2001:db8::1]:8000\r\n", b"200"),
        (b"GET / HTTP/1.0\r\n", b"200"),  # health checks of older proxies
        (b"GET / HTTP/1.1\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nhost: a\r\nhost: a\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nhost: a\r\nHost: b\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nhost: a b\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nhost: a/b\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nhost: \r\n", b"400"),
        (b"GET / HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 70_000 + b"\r\n", b"431"),
        (b"GET /?" + b"y" * 66_000 + b" HTTP/1.1\r\nhost: a\r\n", b"4"),
        (b"GET / HTTP/1.1\r\nhost: a\r\n" + b"x: y\r\n" * MAX_HEADERS, b"431"),
        (b"GET / HTTP/1.1\r\nhost: a\r\n" + b"x: y\r\n" * (MAX_HEADERS - 1), b"200"),
    ],
    ids=lambda value: value[:30] if isinstance(value, bytes) else value,
)
async def test_a_head_is_correct_or_refused(port: int, head: bytes, status: bytes):
    answer = await exchange(port, head + b"\r\n")

    assert answer.split()[1].startswith(status)


@pytest.mark.parametrize("request_line", [b"GET /\r\n", b"GET / HTTP/0.9\r\nhost: a\r\n\r\n"])
async def test_http_0_9_is_refused(port: int, request_line: bytes):
    answer = await exchange(port, request_line)

    assert answer.split()[1:2] in ([], [b"400"], [b"505"])
    assert b"done" not in answer


@pytest.mark.parametrize("path", ["/", "/unknown", "/fail"])
async def test_every_answer_has_the_security_headers(port: int, path: str):
    answer = await exchange(port, f"GET {path} HTTP/1.1\r\nhost: a\r\n\r\n".encode())
    head = answer.partition(b"\r\n\r\n")[0].lower()

    for header in (
        b"strict-transport-security: max-age=31536000; includesubdomains",
        b"permissions-policy: ",
        b"cross-origin-opener-policy: same-origin",
        b"x-content-type-options: nosniff",
        b"referrer-policy: same-origin",
    ):
        assert header in head


def test_no_query_string_is_logged():
    stream = BytesIO()
    with logging_to(stream, "info"):
        log = logging.getLogger("uvicorn.error")
        log.info('%s - "WebSocket %s" [accepted]', "127.0.0.1:1", "/graphql?token=SECRET&a=b")
        log.warning("bad path /files/x?sig=SECRET seen")

        log.error("ASGI callable returned without completing handshake.")

    text = stream.getvalue().decode()
    assert "handshake" not in text
    assert "SECRET" not in text
    assert '\\"WebSocket /graphql\\" [accepted]' in text
    assert "bad path /files/x seen" in text
