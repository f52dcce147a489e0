"""Automatic persisted queries as GraphQL clients send them.

`clients/wire.json` is what the clients' own code sent and got (`clients/persisted_queries.mjs`);
Apollo's clients for Kotlin and iOS are described by their sources. With `LK_NODE_MODULES`, a folder
with the packages, the clients themselves are run again.
"""

import asyncio
import json
import os
import shutil
from pathlib import Path
from typing import Any

import orjson
import pytest

from lk_graphql.api.persisted_documents import PersistedDocuments
from tests.api.endpoint_client import TOKEN, EndpointClient, MakeClient
from tests.support.ws_client import serving

CLIENTS = Path(__file__).parent / "clients"
WIRE: dict[str, Any] = json.loads((CLIENTS / "wire.json").read_text())
EMAIL = "dozor@example.com"
NODE_MODULES = os.environ.get("LK_NODE_MODULES", "")
MISS = {
    "message": "PersistedQueryNotFound",
    "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"},
}
DIGEST = "0" * 64


async def send(client: EndpointClient, request: dict[str, Any]) -> Any:
    headers = {**request["headers"], "authorization": f"Bearer {TOKEN}"}
    path = f"/graphql?{request['query']}" if request["query"] else "/graphql"
    return await client.http.request(
        request["method"], path, content=request["body"] or None, headers=headers
    )


@pytest.mark.parametrize("name", WIRE)
async def test_recorded_clients_send_the_text_after_one_miss(client: EndpointClient, name: str):
    """Hash, text with hash, and from then on the hash alone."""
    replies = [await send(client, step["request"]) for step in WIRE[name]["wire"]]

    assert [reply.status_code for reply in replies] == [200, 200, 200]
    assert replies[0].json()["errors"] == [MISS]
    assert emails_in([reply.json() for reply in replies[1:]]) == [EMAIL, EMAIL]
    assert ["email" in str(step["request"]) for step in WIRE[name]["wire"]] == [False, True, False]


def emails_in(answers: list[Any]) -> list[str]:
    return [answer["data"]["viewer"]["email"] for answer in answers]


KOTLIN_3 = "multipart/mixed; deferSpec=20220824, application/json"
KOTLIN_4 = "multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json"
IOS = "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json"


@pytest.mark.parametrize("accept", [KOTLIN_3, KOTLIN_4, IOS, "application/graphql-response+json"])
@pytest.mark.parametrize("language", ["ru", "en", "de, *;q=0.5"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_the_miss_has_the_status_and_message_that_mobile_clients_expect(
    client: EndpointClient, accept: str, language: str, method: str
):
    """The iOS client doesn't read a response that isn't 2xx; Kotlin's compares the message."""
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": DIGEST}}
    headers = {"accept": accept, "accept-language": language}
    if method == "GET":
        params = {"operationName": "Who", "extensions": orjson.dumps(extensions).decode()}
        reply = await client.http.get("/graphql", headers=headers, params=params)
    else:
        body = {"operationName": "Who", "variables": {}, "extensions": extensions}
        reply = await client.http.post("/graphql", headers=headers, json=body)

    assert (reply.status_code, reply.json()["errors"]) == (200, [MISS])


async def test_a_miss_is_final_where_only_trusted_documents_are_answered(make_client: MakeClient):
    """Otherwise a client would send the text, which is refused as well."""
    client = await make_client(persisted=PersistedDocuments({}, only_trusted=True))
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": DIGEST}}
    reply = await client.http.post("/graphql", json={"extensions": extensions})

    assert [error["extensions"]["code"] for error in reply.json()["errors"]] == ["FORBIDDEN"]


@pytest.mark.skipif(
    not (NODE_MODULES and shutil.which("node")),
    reason="needs node, and LK_NODE_MODULES: a node_modules with the clients that"
    " tests/api/clients/persisted_queries.mjs names",
)
async def test_the_clients_themselves_get_their_data(client: EndpointClient):
    """Run with WRITE=1 to record what they send."""
    async with serving(client.app) as server:
        process = await asyncio.create_subprocess_exec(
            *("node", CLIENTS / "persisted_queries.mjs"),
            *(f"http://127.0.0.1:{server.port}/graphql", TOKEN),
            env={**os.environ, "NODE_PATH": NODE_MODULES},
            stdout=asyncio.subprocess.PIPE,
        )
        output, _ = await process.communicate()
    assert process.returncode == 0
    results = json.loads(output)
    if os.environ.get("WRITE"):
        (CLIENTS / "wire.json").write_text(json.dumps(results, indent=1) + "\n")
    assert {name: emails_in(result["answers"]) for name, result in results.items()} == {
        name: [EMAIL] * 2 for name in results
    }
    assert [len(result["wire"]) for result in results.values()] == [3] * len(results)
