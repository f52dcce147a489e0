"""Persisted documents (Apollo's protocol), and trusted documents."""

from hashlib import sha256
from pathlib import Path
from sys import getsizeof
from typing import Any

import orjson
import pytest

from lk_graphql.api.persisted_documents import PersistedDocuments, trusted_documents
from lk_graphql.api.request_errors import (
    DocumentDigestMismatch,
    NotTrustedDocument,
    PersistedQueryNotFound,
)
from lk_graphql.options import persisted_documents
from lk_graphql.settings import InvalidSettings, read
from tests.api.endpoint_client import TOKEN, EndpointClient, MakeClient

TEXT = "query Who { viewer { email } }"
VIEWER = {"viewer": {"email": "dozor@example.com"}}


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def extensions_of(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": digest_of(text)}}


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


async def test_a_persisted_document_is_stored_by_post_and_named_by_post_and_get(
    client: EndpointClient,
):
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
    digest = digest_of(TEXT).upper()
    upper = {"persistedQuery": {"version": 1, "sha256Hash": digest}}

    assert await post(client, extensions=upper) == (200, None, ["PERSISTED_QUERY_NOT_FOUND"])
    assert await post(client, query=TEXT, extensions=upper) == (200, VIEWER, [])
    assert await get(client, extensions=upper) == (200, VIEWER, [])
    assert await post(client, extensions=extensions_of(TEXT)) == (200, VIEWER, [])


async def test_an_invalid_document_is_not_stored(client: EndpointClient):
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
async def test_a_hash_of_another_text_is_refused(
    client: EndpointClient, extensions: dict[str, Any]
):
    assert (await post(client, query=TEXT, extensions=extensions))[1:] == (None, ["BAD_REQUEST"])


async def test_a_mutation_is_not_a_link(client: EndpointClient):
    text = "mutation { leave { text } }"
    assert (await post(client, query=text, extensions=extensions_of(text)))[2] == []
    assert (await get(client, extensions=extensions_of(text)))[0] == 405


async def test_documents_outside_the_manifest_are_refused(make_client: MakeClient):
    digest = digest_of(TEXT)
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
    digest = digest_of(TEXT)
    file.write_bytes(orjson.dumps({digest: TEXT}))
    documents = persisted_documents(read(trusted_documents=file, trusted_documents_only=True))
    assert documents.text("", digest) == TEXT


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"x": "y"}', '{"operations": [{"id": "1"}]}'])
def test_an_invalid_manifest_is_refused(tmp_path: Path, content: str):
    file = tmp_path / "documents.json"
    file.write_text(content)
    with pytest.raises(InvalidSettings, match="TRUSTED"):
        persisted_documents(read(trusted_documents=file, trusted_documents_only=True))


def test_a_document_is_sent_once_and_named_from_then_on():
    persisted = PersistedDocuments()
    with pytest.raises(PersistedQueryNotFound):
        persisted.text("", digest_of(TEXT))
    assert persisted.text(TEXT, digest_of(TEXT)) == TEXT
    with pytest.raises(PersistedQueryNotFound):
        persisted.text("", digest_of(TEXT))
    persisted.store(digest_of(TEXT), TEXT)
    assert persisted.text("", digest_of(TEXT)) == TEXT
    assert persisted.text("{ other }", None) == "{ other }"


@pytest.mark.parametrize("text", ["", TEXT])
@pytest.mark.parametrize("hash_", ["x", digest_of("other") + "0", digest_of(TEXT).upper()])
def test_a_wrong_hash_is_refused(text: str, hash_: str):
    with pytest.raises(DocumentDigestMismatch):
        PersistedDocuments().text(text, hash_)


def test_a_document_that_is_too_long_is_not_stored():
    persisted = PersistedDocuments(max_length=40)
    text = TEXT + " " * 40
    persisted.store(digest_of(text), text)
    with pytest.raises(PersistedQueryNotFound):
        persisted.text("", digest_of(text))


def test_the_least_recently_used_document_is_evicted():
    texts = [f"query Q{n} {{ tags {{ id }} }}" for n in range(3)]
    persisted = PersistedDocuments(cache_bytes=2 * getsizeof(texts[0]))
    for text in texts[:2]:
        persisted.store(digest_of(text), text)
    persisted.text("", digest_of(texts[0]))
    persisted.store(digest_of(texts[2]), texts[2])
    assert persisted.text("", digest_of(texts[0])) == texts[0]
    with pytest.raises(PersistedQueryNotFound):
        persisted.text("", digest_of(texts[1]))


def test_only_trusted_documents_are_returned_if_this_is_required():
    persisted = PersistedDocuments({digest_of(TEXT): TEXT}, only_trusted=True)
    assert persisted.text("", digest_of(TEXT)) == TEXT
    assert persisted.text(TEXT, None) == TEXT
    for text, hash_ in (("{ tags { id } }", None), ("", digest_of("{ tags { id } }"))):
        with pytest.raises(NotTrustedDocument):
            persisted.text(text, hash_)


def test_a_manifest_is_read_in_both_formats_and_its_hashes_are_checked(tmp_path: Path) -> None:
    file = tmp_path / "documents.json"
    file.write_bytes(orjson.dumps({digest_of(TEXT): TEXT}))
    assert trusted_documents(file) == {digest_of(TEXT): TEXT}
    operations = [{"id": digest_of(TEXT), "name": "Tags", "type": "query", "body": TEXT}]
    file.write_bytes(
        orjson.dumps({"format": "apollo-persisted-query-manifest", "operations": operations})
    )
    assert trusted_documents(file) == {digest_of(TEXT): TEXT}
    file.write_bytes(orjson.dumps({"0" * 64: TEXT}))
    with pytest.raises(ValueError, match="SHA-256"):
        trusted_documents(file)
