"""Refusals before an endpoint: pages of allowed origins can read them, and foreign ones can't."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType

import asyncpg
import httpx
import pytest
import pytest_asyncio
from prometheus_client import CollectorRegistry
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lk_graphql import app
from lk_graphql.api.middleware import MAX_HEADERS
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import QueryEngine
from tests.api.little_room import SMALL, Cabinet, prepare
from tests.support.client import SETTINGS, URL, ApiClient
from tests.support.ws_client import serving

FRONT, FOREIGN = "https://front.example", "https://evil.example"
RequestLine = tuple[str, str]
GRAPHQL, RECEIPT = ("POST", "/graphql"), ("GET", "/files/receipts/inv_0")
SHARED = [GRAPHQL, RECEIPT, ("PUT", "/uploads/token")]
"""Requests that pages of allowed origins may send."""
OWN = [("GET", "/activate"), ("GET", "/calendar/x.ics"), ("GET", "/graphqlx"), ("GET", "/uploads")]
BODY = b'{"query": "%b"}' % SMALL.encode()
FAULTS = {
    "a malformed host": ({"host": "a b"}, 400),
    "too many fields": ({f"x-{number}": "y" for number in range(MAX_HEADERS)}, 431),
}
ANNOUNCE = """mutation { uploadCreate(input: {fileName: "a.pdf", contentType: "", size: 10}) {
  url errors { code } } }"""

shared = pytest.mark.parametrize("line", SHARED, ids=lambda line: line[1])
own = pytest.mark.parametrize("line", OWN, ids=lambda line: line[1])
with_body = pytest.mark.parametrize("line", [GRAPHQL, RECEIPT], ids=lambda line: line[1])
faults = pytest.mark.parametrize(("headers", "status"), FAULTS.values(), ids=FAULTS)
handlers = pytest.mark.parametrize(
    "connection", ["keep-alive", "te"], ids=["by the protocol", "by the application"]
)


async def broken(_: Request) -> Response:
    raise RuntimeError("planted")


@asynccontextmanager
async def served(
    api: ApiClient, engine: QueryEngine, registry: CollectorRegistry, **chosen: object
) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of the application with these settings, in uvicorn."""
    settings = SETTINGS.model_copy(update=chosen)
    routes = [Route("/files/broken", broken), Route("/broken", broken)]
    ports = api.state.ports
    made = app.create_app(settings, ports=ports, engine=engine, registry=registry, routes=routes)
    async with serving(made) as running:
        url = f"http://127.0.0.1:{running.port}"
        async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
            http.headers["content-type"] = "application/json"
            yield http


@pytest_asyncio.fixture
async def http(api: ApiClient, engine: QueryEngine) -> AsyncGenerator[httpx.AsyncClient]:
    async with served(api, engine, CollectorRegistry(), request_body_timeout=0.3) as http:
        yield http


@pytest_asyncio.fixture
async def full(
    api: ApiClient, engine: QueryEngine, anna: Viewer, opened: asyncpg.Connection
) -> AsyncGenerator[Cabinet]:
    """The application without room for another request."""
    registry = CollectorRegistry()
    async with served(api, engine, registry, max_requests=4, max_sign_ins=1) as http:
        cabinet = Cabinet(http, registry, opened)
        await prepare(cabinet, api, anna)
        async with cabinet.blocked(*[SMALL] * 4):
            yield cabinet


class Refusals:
    """The response to a request of an allowed page, and to the same one of a foreign page."""

    def __init__(self, ours: httpx.Response, foreign: httpx.Response) -> None:
        self.ours, self.foreign = ours, foreign

    @property
    def statuses(self) -> list[int]:
        return [self.ours.status_code, self.foreign.status_code]

    def assert_ours_is_readable(self) -> None:
        """Browsers give a page the response, and the time of the next attempt."""
        headers = cors_of(self.ours)
        assert "retry-after" in headers.pop("expose-headers", "").split(", ")
        assert headers == {"allow-origin": FRONT, "allow-credentials": "true"}
        assert cors_of(self.foreign) == {}
        assert all("Origin" in answer.headers["vary"] for answer in (self.ours, self.foreign))

    def assert_none_is_readable(self) -> None:
        assert [cors_of(self.ours), cors_of(self.foreign)] == [{}, {}]


def cors_of(response: httpx.Response) -> dict[str, str]:
    return {
        name.removeprefix("access-control-"): value
        for name, value in response.headers.items()
        if name.startswith("access-control-")
    }


async def refusals(
    http: httpx.AsyncClient,
    line: RequestLine,
    headers: Mapping[str, str] = MappingProxyType({}),
    content: bytes = b"",
) -> Refusals:
    ours, foreign = [
        await http.request(*line, headers={**headers, "origin": origin}, content=content)
        for origin in (FRONT, FOREIGN)
    ]
    return Refusals(ours, foreign)


async def answer_to_half_a_body(
    http: httpx.AsyncClient, line: RequestLine, origin: str
) -> httpx.Response:
    headers = {"origin": origin, "content-length": "2"}
    request = http.build_request(*line, headers=headers)
    fields = b"".join(name + b": " + value + b"\r\n" for name, value in request.headers.raw)
    reader, writer = await asyncio.open_connection(http.base_url.host, http.base_url.port)
    writer.write(f"{' '.join(line)} HTTP/1.1\r\n".encode() + fields + b"\r\nx")
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    status, *received = head.decode().removesuffix("\r\n\r\n").split("\r\n")
    headers = {name: value for name, _, value in (field.partition(": ") for field in received)}
    return httpx.Response(int(status.split()[1]), headers=headers)


@handlers
@shared
async def test_a_refusal_without_capacity_can_be_read(
    full: Cabinet, line: RequestLine, connection: str
):
    pair = await refusals(full.http, line, {"connection": connection}, BODY)

    assert pair.statuses == [503, 503]
    assert pair.ours.headers["retry-after"] == "5"
    pair.assert_ours_is_readable()
    if line == RECEIPT:  # a GET arrives in one piece; uvicorn adds the time to its responses
        assert ("date" in pair.ours.headers) is (connection == "te")
    reason = "capacity_small_read" if line == GRAPHQL else "capacity_other"
    assert full.refused() == {reason: 2.0}


@handlers
@own
async def test_a_refusal_without_capacity_has_no_cors_on_other_paths(
    full: Cabinet, line: RequestLine, connection: str
):
    pair = await refusals(full.http, line, {"connection": connection})

    assert pair.statuses == [503, 503]
    pair.assert_none_is_readable()


@faults
@shared
async def test_the_refusal_of_an_invalid_head_can_be_read(
    http: httpx.AsyncClient, line: RequestLine, headers: dict[str, str], status: int
):
    pair = await refusals(http, line, headers)

    assert pair.statuses == [status, status]
    pair.assert_ours_is_readable()


@faults
@own
async def test_the_refusal_of_an_invalid_head_has_no_cors_on_other_paths(
    http: httpx.AsyncClient, line: RequestLine, headers: dict[str, str], status: int
):
    pair = await refusals(http, line, headers)

    assert pair.statuses == [status, status]
    pair.assert_none_is_readable()


@with_body
async def test_the_refusal_of_a_large_body_can_be_read(http: httpx.AsyncClient, line: RequestLine):
    pair = await refusals(http, line, content=b"x" * (SETTINGS.max_body_bytes + 1))

    assert pair.statuses == [413, 413]
    pair.assert_ours_is_readable()


@with_body
async def test_the_refusal_of_a_slow_body_can_be_read(http: httpx.AsyncClient, line: RequestLine):
    ours, foreign = [await answer_to_half_a_body(http, line, origin) for origin in (FRONT, FOREIGN)]

    pair = Refusals(ours, foreign)
    assert pair.statuses == [408, 408]
    pair.assert_ours_is_readable()


async def test_the_refusal_of_an_upload_above_its_size_can_be_read(
    http: httpx.AsyncClient, api: ApiClient, anna: Viewer
):
    token = await api.signed_in(anna)
    ours, foreign = [
        await http.put(
            (await api.post(ANNOUNCE, token))["data"]["uploadCreate"]["url"].removeprefix(URL),
            headers={"origin": origin},
            content=b"%PDF-1.4 and more",
        )
        for origin in (FRONT, FOREIGN)
    ]

    pair = Refusals(ours, foreign)
    assert pair.statuses == [413, 413]
    pair.assert_ours_is_readable()


@pytest.mark.parametrize(
    ("accept", "status"),
    [("application/json", 200), ("application/graphql-response+json", 429)],
)
async def test_the_refusal_of_a_client_without_a_budget_can_be_read(
    api: ApiClient, engine: QueryEngine, accept: str, status: int
):
    limits = {"cost_limit": 300, "cost_refill_per_second": 1.0}
    async with served(api, engine, CollectorRegistry(), **limits) as http:
        await http.post("/graphql", content=BODY)
        pair = await refusals(http, GRAPHQL, {"accept": accept}, BODY)

    assert pair.statuses == [status, status]
    (error,) = pair.ours.json()["errors"]
    assert error["extensions"]["code"] == "RATE_LIMITED"
    assert int(pair.ours.headers["retry-after"]) == error["extensions"]["retryAfter"] > 0
    pair.assert_ours_is_readable()


async def test_an_error_of_the_server_can_be_read(http: httpx.AsyncClient):
    pair = await refusals(http, ("GET", "/files/broken"))
    other = await refusals(http, ("GET", "/broken"))

    assert pair.statuses == other.statuses == [500, 500]
    pair.assert_ours_is_readable()
    other.assert_none_is_readable()
