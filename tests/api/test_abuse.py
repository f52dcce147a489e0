"""Malicious requests to `lk serve`: a response within a second, and never a 5xx."""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import asyncpg
import httpx
import orjson
import pytest
import pytest_asyncio

from lk_graphql.demo.documents import demo_documents
from lk_graphql.identity.service.consents import publish
from tests.support.cli_process import start_lk, wait_for

EMAIL, PASSWORD, PHONE = "olga.petrova@example.com", "Correct-Horse-7", "+7 913 555-44-33"
SIGN_IN = f'sessionCreate(input: {{email: "{EMAIL}", password: "{PASSWORD}", delivery: BEARER}})'
NUMBER = b"9" * 5000
JSON = {"content-type": "application/json", "accept": "application/graphql-response+json"}


@dataclass(frozen=True)
class ProductionServer:
    """A production api_server: no GraphiQL, no introspection."""

    port: int
    log: Path

    def post(self, content: bytes, path: str = "/graphql", **headers: str) -> httpx.Response:
        """POST bytes; the response must arrive within a second."""
        header_lines = {name.replace("_", "-"): value for name, value in headers.items()}
        url = f"http://127.0.0.1:{self.port}{path}"
        started = perf_counter()
        # plain HTTP; loading the CA certificates would take longer than the request
        response = httpx.post(url, content=content, headers=JSON | header_lines, verify=False)
        assert perf_counter() - started < 1
        return response

    def send(self, content: bytes) -> bytes:
        """Send bytes, valid HTTP or not, and return the start of the response."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
            line.sendall(content)
            return line.recv(65536)


@pytest_asyncio.fixture(scope="module")
async def documents(opened: asyncpg.Connection) -> None:
    await publish(demo_documents())


@pytest.fixture(scope="module")
def api_server(
    dsn: str, documents: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ProductionServer]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("server") / "log"
    process = start_lk(
        "serve",
        log=log,
        LK_DATABASE_URL=dsn,
        LK_SMTP_URL="smtp://127.0.0.1:1",
        LK_SECRET_KEY="k" * 32,
        LK_PUBLIC_URL="https://lk.example",
        LK_PORT=str(port),
    )
    wait_for(f"http://127.0.0.1:{port}", process.is_alive)
    yield ProductionServer(port, log)
    process.terminate()
    process.join(30)


def body_of(query: str, **variables: object) -> bytes:
    return orjson.dumps({"query": query, "variables": variables})


def bomb(levels: int) -> str:
    """A document of linear length that selects 2 ** levels fields."""
    fragments = (
        f"fragment F{n} on User {{ accounts {{ id }} ...F{n + 1} ...F{n + 1} }}"
        for n in range(levels)
    )
    return "{ viewer { ...F0 } } " + " ".join(fragments) + f" fragment F{levels} on User {{ id }}"


def sign_ins(count: int) -> str:
    return "mutation {" + " ".join(f"a{n}: {SIGN_IN} {{ token }}" for n in range(count)) + "}"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (body_of(bomb(40)), "TOO_COMPLEX"),
        (body_of(sign_ins(1000)), "TOO_COMPLEX"),
        (body_of(sign_ins(30)), "TOO_COMPLEX"),
        (b"[" * 60_000 + b"]" * 60_000, "BAD_REQUEST"),
        (b'{"query": "{ viewer { id } }", "variables": ' + b'{"a":' * 20_000, "BAD_REQUEST"),
        (b"null", "BAD_REQUEST"),
        (b"\xff\xfe\xfd", "BAD_REQUEST"),
        (b'{"query": "{ viewer { id } }", "variables": {"n": ' + NUMBER + b"}}", "BAD_REQUEST"),
        (
            b'{"query": "{ viewer { accounts { invoices(first: ' + NUMBER + b') { id } } } }"}',
            "BAD_REQUEST",
        ),
        (body_of("{ __schema { types { name } } }"), "BAD_REQUEST"),
        (body_of("{ __schema { types { " + "ofType { " * 30 + "name" + "}" * 33), "TOO_COMPLEX"),
    ],
)
def test_too_much_is_refused(api_server: ProductionServer, content: bytes, code: str):
    response = api_server.post(content)
    assert response.status_code == 400
    assert {error["extensions"]["code"] for error in response.json()["errors"]} == {code}
    assert "data" not in response.json()


def test_the_schema_file_is_unavailable_without_introspection(api_server: ProductionServer):
    response = httpx.get(f"http://127.0.0.1:{api_server.port}/schema.graphql", verify=False)
    assert response.status_code == 404


def test_a_body_of_two_mebibytes_is_413(api_server: ProductionServer):
    assert api_server.post(b'{"query": "' + b" " * 2**21 + b'"}').status_code == 413


@pytest.mark.parametrize("media_type", ["text/plain", "application/jsonfoo", "multipart/form-data"])
def test_only_json_is_read(api_server: ProductionServer, media_type: str):
    assert api_server.post(body_of("{ __typename }"), content_type=media_type).status_code == 415


def test_get_changes_nothing(api_server: ProductionServer):
    query = httpx.QueryParams(query="mutation { sessionEnd(input: {}) { isEnded } }")
    response = httpx.get(f"http://127.0.0.1:{api_server.port}/graphql?{query}", headers=JSON)
    assert response.status_code in {400, 405}


@pytest.mark.parametrize(
    "cookie", ["__Host-lk_session=" + "x" * 60_000, "=;;=, ;__Host-lk_session"]
)
def test_an_odd_cookie_is_a_guest_s(api_server: ProductionServer, cookie: str):
    response = api_server.post(body_of("{ viewer { id } }"), cookie=cookie)
    assert response.json()["data"] == {"viewer": None}


@pytest.mark.parametrize(
    "query",
    ["{ viewr { id } }", "{ viewer { emal } }", "{ publicSettings { ... on Usr { id } } }"],
)
def test_nothing_is_suggested(api_server: ProductionServer, query: str):
    (error,) = api_server.post(body_of(query), accept_language="en").json()["errors"]
    assert "Did you mean" not in error["message"]


@pytest.mark.parametrize(
    "content",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20,
        b"GET /graphql?query=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /graphql?query=%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    ],
)
def test_bytes_that_are_not_http_get_a_400(api_server: ProductionServer, content: bytes):
    assert api_server.send(content).startswith(b"HTTP/1.1 400 ")


def test_nothing_private_is_logged_and_nothing_failed(api_server: ProductionServer):
    api_server.post(body_of("{ viewer { id } }"), authorization="Bearer " + "tOkEn_" * 8)
    api_server.post(body_of(f"mutation {{ {SIGN_IN} {{ token errors {{ code }} }} }}"))
    api_server.post(
        body_of("query Q($x: String) { viewer { id } }", x=PHONE), path=f"/x?phone={PHONE}"
    )
    log = api_server.log.read_text()
    lines = [line for line in map(orjson.loads, log.splitlines()) if line["event"] == "request"]

    assert len(lines) >= 2
    assert max(line["status"] for line in lines) < 500
    assert not re.search(r"olga|example\.com|Correct-Horse|tOkEn|555.?44.?33", log)
