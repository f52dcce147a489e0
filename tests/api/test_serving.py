"""uvicorn on loopback: slow clients, large heads, keep-alive, and the probes."""

import asyncio
import gc
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, closing
from dataclasses import replace
from socket import SO_RCVBUF, SOL_SOCKET, socket

import httpx
import pytest
import pytest_asyncio
import uvicorn
import uvloop
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE

from lk_graphql.api.endpoint import GraphQLMiddleware
from lk_graphql.api.health import health_routes
from lk_graphql.api.middleware import web_application
from lk_graphql.server import LISTENERS, ServerOptions, listening_sockets, uvicorn_config
from tests.api.endpoint_client import OPTIONS, EndpointClient, MakeClient

HEAD_SECONDS = 0.4
BODY = b'{"query":"{ __typename }"}'
REQUEST = (
    b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    b"Content-Length: 26\r\n\r\n" + BODY
)
LONG = b"x" * 1_000_000


def free_port() -> int:
    with closing(socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest_asyncio.fixture
async def client(make_client: MakeClient) -> EndpointClient:
    return await make_client(body_limits=replace(OPTIONS.body_limits, seconds=0.5))


@pytest.fixture
def database_is_down() -> asyncio.Event:
    return asyncio.Event()


@pytest_asyncio.fixture
async def port(client: EndpointClient, database_is_down: asyncio.Event) -> AsyncGenerator[int]:
    async def check_database() -> None:
        if database_is_down.is_set():
            raise ConnectionRefusedError

    endpoint = [one for one in client.app.user_middleware if one.cls is GraphQLMiddleware]
    async with serving(
        web_application([*health_routes(check_database)], middleware=endpoint)
    ) as port:
        yield port


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncGenerator[int]:
    """Run a server and yield its port."""
    options = ServerOptions("127.0.0.1", free_port(), header_timeout=HEAD_SECONDS)
    config = uvicorn_config(app, options)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers nothing to wait for
        await asyncio.sleep(0.01)
    yield options.port
    server.should_exit = True
    await task


async def send(port: int, *pieces: bytes, pause: float = 0.1) -> bytes:
    """Send the pieces and return the response up to the connection's end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(pause)
    async with asyncio.timeout(5):
        response = await reader.read()
    writer.close()
    return response


async def test_a_burst_of_connections_is_accepted_within_a_few_turns_of_the_event_loop():
    connections, turns = await asyncio.to_thread(uvloop.run, accepted(LISTENERS * 3))

    assert connections == LISTENERS * 3
    assert turns <= 15  # the kernel's hash is not even: some sockets get more than three


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")  # uvicorn's, as it exits
def test_an_address_that_another_server_has_is_refused():
    config = uvicorn_config(lambda: None, ServerOptions("127.0.0.1", free_port()))
    with ExitStack() as stack:
        for listener in listening_sockets(config):
            stack.enter_context(listener).listen()
        with pytest.raises(SystemExit) as exit_:
            listening_sockets(config)

    assert exit_.value.code == STARTUP_FAILURE
    del exit_
    gc.collect()


async def accepted(count: int) -> tuple[int, int]:
    """Open connections before the loop has its turn; returns how many it accepts in how many."""
    made = list[asyncio.BaseTransport]()

    class Counted(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            made.append(transport)

    config = uvicorn_config(lambda: None, ServerOptions("127.0.0.1", free_port()))
    loop, clients, turns = asyncio.get_running_loop(), list[socket](), 0
    async with AsyncExitStack() as stack:
        for listener in listening_sockets(config):
            await stack.enter_async_context(await loop.create_server(Counted, sock=listener))
        for _ in range(count):
            client = stack.enter_context(closing(socket()))
            client.connect(("127.0.0.1", config.port))
            clients.append(client)
        while len(made) < count and turns < count:
            await asyncio.sleep(0)
            turns += 1
        for transport in made:
            transport.close()
    return len(made), turns


async def test_a_head_that_never_ends_is_cut_off(port: int):
    assert (await send(port)).startswith(b"HTTP/1.1 408 ")
    assert (await send(port, b"GET / HTTP/1.1\r\nHo")).startswith(b"HTTP/1.1 408 ")
    assert (await send(port, b"\r\n")).startswith(b"HTTP/1.1 408 ")


async def test_dripping_a_head_doesn_t_help(port: int):
    with pytest.raises((ConnectionError, TimeoutError)):
        await send(port, *[b"x"] * 60, pause=0.05)


async def test_a_head_without_end_is_too_large(port: int):
    line = b"X-Filler: " + b"x" * 8000 + b"\r\n"
    response = await send(port, b"GET / HTTP/1.1\r\n", *[line] * 9, pause=0.01)
    assert response.startswith(b"HTTP/1.1 431 ")


async def test_a_body_that_never_comes_is_408_by_graphql(port: int):
    response = await send(port, REQUEST[:-5])
    assert response.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"BAD_REQUEST"' in response


async def test_keep_alive_outlives_the_limit_for_heads(port: int):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        for _ in range(3):
            response = await http.post("/graphql", json={"query": "{ __typename }"})
            assert response.json()["data"] == {"__typename": "Query"}
            await asyncio.sleep(HEAD_SECONDS * 1.5)


async def test_pipelined_requests_are_both_answered(port: int):
    closing_request = REQUEST.replace(b"Host: x", b"Host: x\r\nConnection: close")
    response = await send(port, REQUEST + closing_request)
    assert response.count(b'"__typename":"Query"') == 2


async def test_a_slow_reader_gets_each_of_its_answers_completely():
    async def echo(request: Request) -> Response:
        return Response(await request.body() + LONG)

    async with serving(web_application([Route("/graphql", echo, methods=["POST"])])) as port:
        with socket() as narrow:
            narrow.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096)
            narrow.connect(("127.0.0.1", port))
            reader, writer = await asyncio.open_connection(sock=narrow)
            last = REQUEST.replace(b"Host: x", b"Host: x\r\nConnection: close")
            writer.write(REQUEST * 19 + last)
            await asyncio.sleep(0.1)  # the server fills the socket's buffer and waits
            response = await asyncio.wait_for(reader.read(), 30)
            writer.close()

    answers = response.split(b"HTTP/1.1 200 OK\r\n")[1:]
    assert [response.partition(b"\r\n\r\n")[2] for response in answers] == [BODY + LONG] * 20


async def test_an_old_client_s_connection_ends_with_its_answer(port: int):
    response = await send(port, REQUEST.replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert response.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"\r\nconnection: close\r\n" in response
    assert response.endswith(b"}}}")


async def test_a_head_of_many_pieces_is_one_request(port: int):
    request = REQUEST.replace(b"Host: x", b"Host: x\r\nConnection: close")
    response = await send(
        port, *(request[n : n + 30] for n in range(0, len(request), 30)), pause=0.01
    )
    assert response.count(b'"__typename":"Query"') == 1


@pytest.mark.parametrize("pieces", [1, 2])
async def test_a_body_over_the_limit_is_refused_in_one_piece_and_in_two(
    make_client: MakeClient, pieces: int
):
    client = await make_client(body_limits=replace(OPTIONS.body_limits, most_bytes=100))
    body = b'{"query":"{ __typename }"' + b" " * 100 + b"}"
    head = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    request = head + b"Content-Length: %d\r\n\r\n" % len(body)
    async with serving(client.app) as port:
        response = await send(
            port, *([request + body] if pieces == 1 else [request + body[:50], body[50:]])
        )
    assert response.startswith(b"HTTP/1.1 413 ")


async def test_probes_check_the_process_and_the_database(
    port: int, database_is_down: asyncio.Event
):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        alive, before = await http.get("/healthz"), await http.get("/readyz")
        database_is_down.set()
        after, missing = await http.get("/readyz"), await http.get("/nothing")

    assert (alive.status_code, before.status_code, after.status_code) == (200, 200, 503)
    assert missing.status_code == 404
    assert missing.headers["content-security-policy"].startswith("default-src 'none'")
    assert missing.headers["x-content-type-options"] == "nosniff"


async def test_an_error_s_response_has_the_security_headers_too():
    async def broken(_: Request) -> Response:
        raise ZeroDivisionError

    async with (
        serving(web_application([Route("/broken", broken)])) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http,
    ):
        response = await http.get("/broken")

    assert (response.status_code, response.text) == (500, "Internal Server Error")
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_refused_websocket_has_the_security_headers_too(port: int):
    upgrade = (
        b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    response = await send(port, upgrade)
    assert response.startswith(b"HTTP/1.1 400 ")
    assert b"\r\nx-content-type-options: nosniff\r\n" in response.lower()
    assert b"\r\nvary: accept, accept-language, origin\r\n" in response.lower()
    assert response.endswith(b"The only WebSocket subprotocol here is graphql-transport-ws.\n")
