"""The real server on loopback: slow clients, large heads, keep-alive, and the probes."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from socket import SO_RCVBUF, SOL_SOCKET, socket

import httpx
import pytest
import pytest_asyncio
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from lk_graphql.api.health import health_routes
from lk_graphql.api.middleware import web_application
from lk_graphql.server import ServerOptions, uvicorn_config
from tests.api.endpoint_client import EndpointClient, MakeClient

HEAD_SECONDS = 0.4
BODY = b'{"query":"{ __typename }"}'
ASK = (
    b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Content-Length: 26\r\n\r\n" + BODY
)
LONG = b"x" * 1_000_000


def free_port() -> int:
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest_asyncio.fixture
async def site(make_client: MakeClient) -> EndpointClient:
    return await make_client(body_seconds=0.5)


@pytest.fixture
def database_is_down() -> asyncio.Event:
    return asyncio.Event()


@pytest_asyncio.fixture
async def port(site: EndpointClient, database_is_down: asyncio.Event) -> AsyncGenerator[int]:
    async def ready() -> None:
        if database_is_down.is_set():
            raise ConnectionRefusedError

    async with serving(web_application([*site.app.routes, *health_routes(ready)])) as port:
        yield port


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncGenerator[int]:
    """A real server; gives its port."""
    listener = ServerOptions("127.0.0.1", free_port(), header_timeout=HEAD_SECONDS)
    settled = uvicorn_config(app, listener)
    server = uvicorn.Server(settled)
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
        await asyncio.sleep(0.01)
    yield listener.port
    server.should_exit = True
    await running


async def send(port: int, *pieces: bytes, pause: float = 0.1) -> bytes:
    """All that the server says to these pieces, until it hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)
    async with asyncio.timeout(5):
        said = await reader.read()
    writer.close()
    return said


async def test_a_head_that_never_ends_is_cut_off(port: int):
    assert (await send(port)).startswith(b"HTTP/1.1 408 ")
    assert (await send(port, b"GET / HTTP/1.1\r\nHo")).startswith(b"HTTP/1.1 408 ")
    assert (await send(port, b"\r\n")).startswith(b"HTTP/1.1 408 ")


async def test_dripping_a_head_doesn_t_help(port: int):
    with pytest.raises((ConnectionError, TimeoutError)):
        await send(port, *[b"x"] * 60, pause=0.05)


async def test_a_head_without_end_is_too_large(port: int):
    line = b"X-Filler: " + b"x" * 8000 + b"\r\n"
    said = await send(port, b"GET / HTTP/1.1\r\n", *[line] * 9, pause=0.01)
    assert said.startswith(b"HTTP/1.1 431 ")


async def test_a_body_that_never_comes_is_408_by_graphql(port: int):
    said = await send(port, ASK[:-5])
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"BAD_REQUEST"' in said


async def test_keep_alive_outlives_the_limit_for_heads(port: int):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        for _ in range(3):
            answer = await http.post("/graphql", json={"query": "{ __typename }"})
            assert answer.json()["data"] == {"__typename": "Query"}
            await asyncio.sleep(HEAD_SECONDS * 1.5)


async def test_pipelined_requests_are_both_answered(port: int):
    closing_ask = ASK.replace(b"Host: x", b"Host: x\r\nConnection: close")
    said = await send(port, ASK + closing_ask)
    assert said.count(b'"__typename":"Query"') == 2


async def test_a_slow_reader_gets_each_of_its_answers_whole():
    async def echo(request: Request) -> Response:
        return Response(await request.body() + LONG)

    async with serving(web_application([Route("/graphql", echo, methods=["POST"])])) as port:
        with socket() as narrow:
            narrow.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096)
            narrow.connect(("127.0.0.1", port))
            reader, writer = await asyncio.open_connection(sock=narrow)
            last = ASK.replace(b"Host: x", b"Host: x\r\nConnection: close")
            writer.write(ASK * 19 + last)
            await asyncio.sleep(0.1)  # the server fills the socket, and has to wait
            said = await asyncio.wait_for(reader.read(), 30)
            writer.close()

    answers = said.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert [answer.partition(b"\r\n\r\n")[2] for answer in answers] == [BODY + LONG] * 20


async def test_an_old_client_s_connection_ends_with_its_answer(port: int):
    said = await send(port, ASK.replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert said.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nconnection: close\r\n" in said
    assert said.endswith(b"}}}")


async def test_a_head_of_many_pieces_is_one_request(port: int):
    asked = ASK.replace(b"Host: x", b"Host: x\r\nConnection: close")
    said = await send(port, *(asked[n : n + 30] for n in range(0, len(asked), 30)), pause=0.01)
    assert said.count(b'"__typename":"Query"') == 1


@pytest.mark.parametrize("pieces", [1, 2])
async def test_a_body_over_the_limit_is_refused_in_one_piece_and_in_two(
    make_client: MakeClient, pieces: int
):
    site = await make_client(body_bytes=100)
    body = b'{"query":"{ __typename }"' + b" " * 100 + b"}"
    head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    ask = head + b"Content-Length: %d\r\n\r\n" % len(body)
    async with serving(site.app) as port:
        said = await send(port, *([ask + body] if pieces == 1 else [ask + body[:50], body[50:]]))
    assert said.startswith(b"HTTP/1.1 413 ")


async def test_the_probes(port: int, database_is_down: asyncio.Event):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        alive, ready = await http.get("/healthz"), await http.get("/readyz")
        figures = await http.get("/metrics")
        database_is_down.set()
        unready, nothing = await http.get("/readyz"), await http.get("/nothing")

    assert (alive.status_code, ready.status_code, unready.status_code) == (200, 200, 503)
    assert "python_info" in figures.text
    assert nothing.status_code == 404
    assert nothing.headers["content-security-policy"].startswith("default-src 'none'")
    assert nothing.headers["x-content-type-options"] == "nosniff"


async def test_an_error_s_response_has_the_security_headers_too():
    async def broken(_: Request) -> Response:
        raise ZeroDivisionError

    async with (
        serving(web_application([Route("/broken", broken)])) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
    ):
        answer = await http.get("/broken")

    assert (answer.status_code, answer.text) == (500, "Internal Server Error")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_refused_websocket_has_the_security_headers_too(port: int):
    upgrade = (
        b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    said = await send(port, upgrade)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert b"\r\nx-content-type-options: nosniff\r\n" in said.lower()
    assert b"\r\nvary: accept, accept-language, origin\r\n" in said.lower()
    assert said.endswith(b"The only WebSocket subprotocol here is graphql-transport-ws.\n")
