"""Persisted documents (Apollo's protocol), and trusted documents."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import pytest

from lk_graphql.options import persisted_documents
from lk_graphql.planner.persisted import PersistedDocuments
from lk_graphql.settings import InvalidSettings, read
from tests.api.endpoint_client import TOKEN, EndpointClient, MakeClient

TEXT = "query Who { viewer { email } }"
VIEWER = {"viewer": {"email": "dozor@example.com"}}


def extensions_of(text: str) -> dict[str, Any]:
    digest = sha256(text.encode()).hexdigest()
    return {"persistedQuery": {"version": 1, "sha256Hash": digest}}


async def post(client: EndpointClient, **body: Any) -> tuple[int, Any, list[str]]:
    headers = {"authorization": f"Bearer {TOKEN}"}
    return summary_of(await client.http.post("/graphql", json=body, headers=headers))


async def get(client: EndpointClient, **parameters: Any) -> tuple[int, Any, list[str]]:
    headers = {"authorization": f"Bearer {TOKEN}"}
    query = {
        k: v if isinstance(v, str) else orjson.dumps(v).decode() for k, v in parameters.items()
    }
    return summary_of(await client.http.get("/graphql", params=query, headers=headers))


def summary_of(response: Any) -> tuple[int, Any, list[str]]:
    answer = response.json()
    codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
    return response.status_code, answer.get("data"), codes


async def test_apollo_s_way_by_post_and_get(client: EndpointClient):
    assert await post(client, extensions=extensions_of(TEXT)) == (
        200,
        None,
        ["PERSISTED_QUERY_NOT_FOUND"],
    )
    assert await get(client, extensions=extensions_of(TEXT)) == (
        200,
        None,
        ["PERSISTED_QUERY_NOT_FOUND"],
    )
    assert await post(client, query=TEXT, extensions=extensions_of(TEXT)) == (200, VIEWER, [])
    assert await post(client, extensions=extensions_of(TEXT)) == (200, VIEWER, [])
    assert await get(client, extensions=extensions_of(TEXT), operationName="Who") == (
        200,
        VIEWER,
        [],
    )
    assert client.lines.last["operation"] == "Who"


async def test_digits_of_a_hash_may_be_in_upper_case(client: EndpointClient):
    digest = extensions_of(TEXT)["persistedQuery"]["sha256Hash"].upper()
    upper = {"persistedQuery": {"version": 1, "sha256Hash": digest}}

    assert await post(client, extensions=upper) == (200, None, ["PERSISTED_QUERY_NOT_FOUND"])
    assert await post(client, query=TEXT, extensions=upper) == (200, VIEWER, [])
    assert await get(client, extensions=upper) == (200, VIEWER, [])
    assert await post(client, extensions=extensions_of(TEXT)) == (200, VIEWER, [])


async def test_what_is_not_valid_is_not_kept(client: EndpointClient):
    text = "{ nothing }"
    for _ in range(2):
        assert (await post(client, query=text, extensions=extensions_of(text)))[2] == [
            "BAD_REQUEST"
        ]
    assert (await post(client, extensions=extensions_of(text)))[2] == ["PERSISTED_QUERY_NOT_FOUND"]


@pytest.mark.parametrize(
    "extensions",
    [
        {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}},
        {"persistedQuery": {"version": 2, "sha256Hash": "0" * 64}},
        {"persistedQuery": {"version": 1, "sha256Hash": ""}},
        {"persistedQuery": {"version": 1, "sha256Hash": 5}},
        {"persistedQuery": "x"},
    ],
)
async def test_a_hash_that_is_not_the_text_s(client: EndpointClient, extensions: dict[str, Any]):
    assert (await post(client, query=TEXT, extensions=extensions))[1:] == (None, ["BAD_REQUEST"])


async def test_a_mutation_is_not_a_link(client: EndpointClient):
    text = "mutation { leave { text } }"
    assert (await post(client, query=text, extensions=extensions_of(text)))[2] == []
    assert (await get(client, extensions=extensions_of(text)))[0] == 405


async def test_only_trusted_documents(make_client: MakeClient):
    digest = extensions_of(TEXT)["persistedQuery"]["sha256Hash"]
    client = await make_client(persisted=PersistedDocuments({digest: TEXT}, only_trusted=True))
    assert await post(client, extensions=extensions_of(TEXT)) == (200, VIEWER, [])
    assert await post(client, query=TEXT) == (200, VIEWER, [])
    for body in (
        {"query": "{ viewer { id } }"},
        {"extensions": extensions_of("{ viewer { id } }")},
    ):
        assert (await post(client, **body))[1:] == (None, ["FORBIDDEN"])


def test_the_manifest_is_a_setting(tmp_path: Path):
    file = tmp_path / "documents.json"
    digest = extensions_of(TEXT)["persistedQuery"]["sha256Hash"]
    file.write_bytes(orjson.dumps({digest: TEXT}))
    documents = persisted_documents(read(trusted_documents=file, trusted_documents_only=True))
    assert documents.text("", digest) == TEXT


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"x": "y"}', '{"operations": [{"id": "1"}]}'])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, content: str):
    file = tmp_path / "documents.json"
    file.write_text(content)
    with pytest.raises(InvalidSettings, match="TRUSTED"):
        persisted_documents(read(trusted_documents=file, trusted_documents_only=True))
