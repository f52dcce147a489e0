"""Responses of the server's protocol: the same as the application's, in their order."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from socket import SO_RCVBUF, SOL_SOCKET, socket

import asyncpg
import httpx
import pytest
import pytest_asyncio
from prometheus_client import CollectorRegistry

from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import QueryEngine
from tests.api.little_room import LARGE, SIGN_IN, SMALL, WRITE, Cabinet, built, prepare
from tests.support.client import ApiClient
from tests.support.ws_client import EndpointServer, serving

HEALTH = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest_asyncio.fixture
async def running(
    api: ApiClient, engine: QueryEngine, registry: CollectorRegistry
) -> AsyncGenerator[EndpointServer]:
    async with serving(built(api, engine, registry)) as running:
        yield running


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest_asyncio.fixture
async def cabinet(
    running: EndpointServer,
    api: ApiClient,
    anna: Viewer,
    registry: CollectorRegistry,
    opened: asyncpg.Connection,
) -> AsyncGenerator[Cabinet]:
    url = f"http://127.0.0.1:{running.port}"
    async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
        cabinet = Cabinet(http, registry, opened)
        await prepare(cabinet, api, anna)
        yield cabinet


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class RawClient:
    """A connection to the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, *pieces: bytes) -> Answer:
        """Send a request in pieces that arrive one by one, and read the answer."""
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(0.02)
        return await self.answer()

    async def answer(self) -> Answer:
        async with asyncio.timeout(5):
            head = await self.reader.readuntil(b"\r\n\r\n")
            status_line, *lines = head.decode().rstrip().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines)
            body = await self.reader.readexactly(int(headers["content-length"]))
        return Answer(int(status_line.split()[1]), headers, body)


@asynccontextmanager
async def connected(running: EndpointServer) -> AsyncGenerator[RawClient]:
    reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
    yield RawClient(reader, writer)
    writer.close()
    await writer.wait_closed()


def request(cabinet: Cabinet, query: str, path: str = "/graphql", **headers: str) -> bytes:
    """The bytes of a POST by the cabinet's customer."""
    prepared = cabinet.http.build_request("POST", path, json={"query": query}, headers=headers)
    return serialized(prepared)


def get(cabinet: Cabinet, path: str, **headers: str) -> bytes:
    return serialized(cabinet.http.build_request("GET", path, headers=headers))


def serialized(prepared: httpx.Request) -> bytes:
    path = prepared.url.raw_path.decode()
    lines = [f"{prepared.method} {path} HTTP/1.1".encode()]
    lines += [name + b": " + value for name, value in prepared.headers.raw]
    return b"\r\n".join([*lines, b"", prepared.content])


def is_early(answer: Answer) -> bool:
    """Whether the protocol has answered: uvicorn adds the time to all other answers."""
    return "date" not in answer.headers


ALLOWED = {"origin": "https://front.example"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"accept-language": "ru"},
        {"accept": "application/graphql-response+json"},
        ALLOWED,
        {"origin": "https://evil.example"},
    ],
)
async def test_a_request_in_one_piece_gets_the_answer_of_one_in_two_pieces(
    cabinet: Cabinet, running: EndpointServer, headers: dict[str, str]
):
    whole = request(cabinet, SMALL, **headers)
    async with cabinet.blocked(*[SMALL] * 4), connected(running) as client:
        early = await client.ask(whole)
        late = await client.ask(whole[:-5], whole[-5:])

    assert (is_early(early), is_early(late)) == (True, False)
    assert early.status == late.status == 503
    assert early.body == late.body
    del late.headers["date"]
    assert early.headers == late.headers
    assert early.headers["retry-after"] == "5"
    assert early.headers["x-content-type-options"] == "nosniff"
    assert ("access-control-allow-origin" in early.headers) is (headers == ALLOWED)
    assert cabinet.refused() == {"capacity_small_read": 2.0}


async def test_all_but_health_and_preflights_is_refused_early(
    cabinet: Cabinet, running: EndpointServer
):
    refused = [
        *[request(cabinet, query) for query in (SMALL, LARGE, WRITE, SIGN_IN)],
        get(cabinet, "/graphql?query=%7Bviewer%7Bemail%7D%7D"),
        get(cabinet, "/files/receipts/1"),
        request(cabinet, SMALL, "/uploads"),
    ]
    preflight = b"OPTIONS /graphql HTTP/1.1\r\nhost: x\r\n\r\n"
    async with cabinet.blocked(*[SMALL] * 4, SIGN_IN), connected(running) as client:
        answers = [await client.ask(piece) for piece in refused]
        health = await client.ask(HEALTH)
        client.writer.write(preflight)
        allowed = await client.reader.readuntil(b"\r\n\r\n")

    assert [answer.status for answer in answers] == [503] * len(refused)
    assert all(map(is_early, answers))
    assert (health.status, health.body, is_early(health)) == (200, b"alive\n", True)
    assert allowed.startswith(b"HTTP/1.1 204 ")
    assert cabinet.refused() == {
        "capacity_small_read": 1.0,
        "capacity_read": 1.0,
        "capacity_other": 4.0,
        "capacity_sign_in": 1.0,
    }


async def test_a_request_within_the_capacity_is_answered_beside_refusals(
    cabinet: Cabinet, running: EndpointServer
):
    async with cabinet.blocked(SMALL, SMALL), connected(running) as client:
        write = await client.ask(request(cabinet, WRITE))
        client.writer.write(request(cabinet, SMALL))
        await asyncio.sleep(0.1)
        lanes = cabinet.running()
    async with connected(running) as client:
        afterwards = await client.ask(request(cabinet, WRITE))

    assert (write.status, is_early(write)) == (503, True)
    assert lanes == {"requests": 3.0, "sign_ins": 0.0}
    assert (afterwards.status, is_early(afterwards)) == (200, False)


async def test_a_connection_serves_again_after_a_refusal(cabinet: Cabinet, running: EndpointServer):
    async with connected(running) as client:
        async with cabinet.blocked(*[SMALL] * 4):
            refused = [await client.ask(request(cabinet, SMALL)) for _ in range(3)]
        served = await client.ask(request(cabinet, SMALL))

    assert [answer.status for answer in refused] == [503] * 3
    assert served.status == 200
    assert b"anna@example.com" in served.body


async def test_pipelined_requests_are_answered_in_their_order(
    cabinet: Cabinet, running: EndpointServer
):
    async with cabinet.blocked(*[SMALL] * 4), connected(running) as client:
        first = await client.ask(HEALTH + request(cabinet, SMALL) + HEALTH)
        rest = [await client.answer(), await client.answer()]
        client.writer.write(HEALTH)
        client.writer.write(request(cabinet, SMALL))
        pair = [await client.answer(), await client.answer()]

    assert [answer.status for answer in (first, *rest)] == [200, 503, 200]
    assert [answer.status for answer in pair] == [200, 503]


async def test_the_rest_of_a_refused_body_is_never_read_as_a_request(
    cabinet: Cabinet, running: EndpointServer
):
    body = request(cabinet, SMALL)
    head = b"POST /uploads HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body)
    async with cabinet.blocked(*[SMALL] * 4), connected(running) as client:
        refused = await client.ask(head)  # before its body has arrived
        client.writer.write(body)
        await asyncio.sleep(0.1)
        health = await client.ask(HEALTH)

    assert (refused.status, health.status) == (503, 200)
    assert cabinet.refused() == {"capacity_other": 1.0}


async def test_liveness_is_answered_early_and_as_without_load(
    cabinet: Cabinet, running: EndpointServer
):
    ready, last = HEALTH.replace(b"healthz", b"readyz"), HEALTH[:-2] + b"connection: close\r\n\r\n"
    async with connected(running) as client:
        usual = await client.ask(HEALTH)
        async with cabinet.blocked(*[SMALL] * 4):
            early, readiness = await client.ask(HEALTH), await client.ask(ready)
            closing_answer = await client.ask(last)
            end = await client.reader.read()

    del usual.headers["date"]
    assert early == usual
    assert is_early(early)
    assert (readiness.status, is_early(readiness)) == (200, False)
    assert closing_answer == Answer(200, usual.headers | {"connection": "close"}, b"alive\n")
    assert end == b""
    assert cabinet.refused() == {}


@pytest.mark.parametrize(
    "asked",
    [
        HEALTH.replace(b"GET", b"POST"),
        HEALTH.replace(b"host: x\r\n", b""),
        HEALTH.replace(b"host: x", b"host: x\r\nhost: y"),
    ],
)
async def test_a_wrong_question_for_liveness_is_refused_as_without_load(
    cabinet: Cabinet, running: EndpointServer, asked: bytes
):
    async with connected(running) as client:
        usual = await client.ask(asked)
    async with cabinet.blocked(*[SMALL] * 4), connected(running) as client:
        strained = await client.ask(asked)

    assert (strained.status, strained.body) == (usual.status, usual.body)
    assert usual.status in {400, 405}


async def test_a_refused_request_with_connection_close_ends_its_connection(
    cabinet: Cabinet, running: EndpointServer
):
    async with cabinet.blocked(*[SMALL] * 4), connected(running) as client:
        refused = await client.ask(request(cabinet, SMALL, connection="close"))
        end = await client.reader.read()

    assert (refused.status, refused.headers["connection"], end) == (503, "close", b"")
    assert is_early(refused)


async def test_garbage_is_answered_as_without_load(cabinet: Cabinet, running: EndpointServer):
    async with cabinet.blocked(*[SMALL] * 4), connected(running) as client:
        refused = await client.ask(b"POST nonsense\r\n\r\n")

    assert refused.status == 400
    assert cabinet.refused() == {}


async def test_a_connection_with_refusals_only_is_closed_when_it_has_been_idle(
    cabinet: Cabinet, running: EndpointServer
):
    running.server.config.timeout_keep_alive = 1
    async with cabinet.blocked(*[SMALL] * 4), connected(running) as client:
        loop, refused = asyncio.get_running_loop(), list[int]()
        end = loop.time() + 2.0
        while loop.time() < end:
            refused.append((await client.ask(request(cabinet, SMALL))).status)
        async with asyncio.timeout(5):
            last = await client.reader.read()

    assert set(refused) == {503}
    assert last == b""


async def test_a_connection_without_refusals_is_closed_when_it_has_been_idle(
    cabinet: Cabinet, running: EndpointServer
):
    running.server.config.timeout_keep_alive = 0
    async with connected(running) as client:
        answer = await client.ask(request(cabinet, SMALL))
        async with asyncio.timeout(5):
            last = await client.reader.read()

    assert (answer.status, last) == (200, b"")


async def test_a_client_that_does_not_read_is_not_read_either(
    cabinet: Cabinet, running: EndpointServer
):
    content = request(cabinet, SMALL)
    with closing(socket()) as client:
        client.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096)
        client.connect(("127.0.0.1", running.port))
        client.setblocking(False)
        async with cabinet.blocked(*[SMALL] * 4):
            sent = await send_while_taken(client, content)
            held = max(
                connection.transport.get_write_buffer_size()
                for connection in running.server.server_state.connections
            )
            refused = cabinet.refused()["capacity_small_read"]

    assert held < 128 * 1024
    assert 0 < refused < sent / len(content)


async def send_while_taken(client: socket, content: bytes) -> int:
    """Send a request again and again until no more is taken; returns the number of bytes."""
    sent, attempts = 0, 0
    while attempts < 20:
        try:
            sent += client.send(content[sent % len(content) :])
            attempts = 0
        except BlockingIOError:
            attempts += 1
            await asyncio.sleep(0.01)
        await asyncio.sleep(0)
    return sent
