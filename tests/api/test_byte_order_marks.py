"""Byte order marks, which editors, .NET and PowerShell write before texts."""

from codecs import BOM_UTF8
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import orjson
import pytest

from lk_graphql.api.persisted_documents import trusted_documents
from tests.api.endpoint_client import TOKEN, EndpointClient
from tests.api.subscription_server import serve

BOM = "\ufeff"
QUERY = "query Who { viewer { email } }"
DATA = {"viewer": {"email": "dozor@example.com"}}
HEADERS = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}


@pytest.mark.parametrize("body", [BOM_UTF8, b""])
@pytest.mark.parametrize("document", [BOM, ""])
async def test_a_mark_before_a_body_or_a_document_is_ignored(
    client: EndpointClient, body: bytes, document: str
):
    content = body + orjson.dumps({"query": document + QUERY})
    reply = await client.http.post("/graphql", content=content, headers=HEADERS)
    assert (reply.status_code, reply.json()["data"]) == (200, DATA)


@pytest.mark.parametrize("name", ["query", "variables", "extensions"])
async def test_a_mark_before_a_parameter_of_a_get_is_ignored(client: EndpointClient, name: str):
    parameters = {"query": QUERY, "variables": "{}", "extensions": "{}"}
    parameters[name] = BOM + parameters[name]
    query = "&".join(f"{key}={quote(value)}" for key, value in parameters.items())
    reply = await client.http.get(f"/graphql?{query}", headers=HEADERS)
    assert (reply.status_code, reply.json()["data"]) == (200, DATA)


async def test_two_marks_or_one_inside_are_no_json(client: EndpointClient):
    for content in (BOM_UTF8 * 2 + b'{"query":"{__typename}"}', b'{\xef\xbb\xbf"query":"{x}"}'):
        reply = await client.http.post("/graphql", content=content, headers=HEADERS)
        assert reply.status_code == 400
        assert [error["extensions"]["code"] for error in reply.json()["errors"]] == ["BAD_REQUEST"]


async def test_a_mark_before_a_message_of_a_websocket_is_ignored(client: EndpointClient, dsn: str):
    async with serve(client, dsn) as server, server.connect() as websocket:
        await websocket.socket.send(BOM + '{"type":"connection_init"}')
        assert orjson.loads(await websocket.socket.recv()) == {"type": "connection_ack"}


def test_a_mark_before_a_manifest_is_ignored(tmp_path: Path):
    digest = sha256(QUERY.encode()).hexdigest()
    file = tmp_path / "documents.json"
    file.write_bytes(BOM_UTF8 + orjson.dumps({digest: QUERY}))
    assert trusted_documents(file) == {digest: QUERY}
