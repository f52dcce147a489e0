"""Malformed and excessive requests: refused in time, and never an internal error."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from time import perf_counter
from typing import Any

import httpx
import orjson
import pytest
from graphql import get_introspection_query
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.api.request import GraphQLRequest, from_json, from_query_string
from lk_graphql.api.request_errors import BadRequest, PersistedQueryNotFound
from tests.api.endpoint_client import OPTIONS, EndpointClient, MakeClient

JSON = {
    "content-type": "application/json",
    "accept": "application/graphql-response+json",
    "accept-language": "en",
}


def bomb(levels: int) -> str:
    """A document of linear length that selects 2 ** levels fields."""
    fragments = (
        f"fragment F{n} on Person {{ visits {{ nodes {{ id }} }} ...F{n + 1} ...F{n + 1} }}"
        for n in range(levels)
    )
    return "{ viewer { ...F0 } } " + " ".join(fragments) + f" fragment F{levels} on Person {{ id }}"


MISSING = (
    "There is no `query`. A document without its text is named in `extensions.persistedQuery`."
)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{}", MISSING),
        ('{"query":null,"extensions":{"persistedQuery":null}}', MISSING),
        ('{"documentId":"sha256:0000","variables":{}}', MISSING),  # a draft of GraphQL over HTTP
        ('{"extensions":"{\\"persistedQuery\\":{}}"}', "`extensions` must be an object."),
        ('{"query":1}', "`query` must be a string."),
        ('[{"query":"{ caller }"}]', "Batches are not accepted: send one operation a request."),
        ("[]", "Batches are not accepted: send one operation a request."),
        ("1", "The body is not a JSON object."),
    ],
)
async def test_a_missing_or_invalid_part_of_a_request_is_named(
    client: EndpointClient, body: str, message: str
):
    response = await client.http.post("/graphql", content=body, headers=JSON)

    assert response.status_code == 400
    assert [error["message"] for error in response.json()["errors"]] == [message]


def wide(count: int) -> str:
    return "{" + " ".join(f"a{n}: caller" for n in range(count)) + "}"


async def timed(client: EndpointClient, content: bytes) -> tuple[httpx.Response, float]:
    started = perf_counter()
    response = await client.http.post("/graphql", content=content, headers=JSON)
    return response, perf_counter() - started


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"1",
        b'"text"',
        b"[]",
        b'[{"query":"{ __typename }"}]',
        b"",
        b"{",
        b"\xff\xfe{}",
        b"\xef\xbb\xbf{}",
        b'{"query":"\xff"}',
        b'{"query":"\\ud800"}',
        b'{"query":null}',
        b'{"query":["{ __typename }"]}',
        b'{"query":"{ __typename }","variables":[]}',
        b'{"query":"{ __typename }","operationName":1}',
        b'{"query":"{ __typename }","extensions":"x"}',
        b'{"query":"{ __typename }","variables":{"n":NaN}}',
        b'{"query":"{ __typename }","variables":{"n":1e999}}',
        b'{"query":"{ __typename }","variables":{"n":' + b"9" * 5000 + b"}}",
        b'{"query":"{ small(number: ' + b"9" * 5000 + b') }"}',
        b"[" * 60_000 + b"]" * 60_000,
        b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
        b'{"query":"{ __typename }","variables":{"x":'
        + b"[" * 900
        + b"]" * 900
        + b',"y":"\\u0000"}}',
        b'{"query":"{ node(id: \\"\\u0000\\") { id } }"}',
        b'{"query":"{ node(id: \\"\\\\u0000\\") { id } }"}',
        b'{"query":"{ node(id: \\"\\\\u{0}\\") { id } }"}',
        b'{"query":"query Q($i: ID!) { node(id: $i) { id } }","variables":{"i":"a\\u0000"}}',
        b'{"query":"' + b"{ viewer " * 10_000 + b'"}',
        b'{"query":"{ small(number: ' + b"[" * 900 + b"]" * 900 + b') }"}',
    ],
)
async def test_a_body_that_makes_no_sense_is_a_400(client: EndpointClient, body: bytes):
    response, seconds = await timed(client, body)
    answer = response.json()

    assert response.status_code == 400
    assert set(codes(answer)) <= {"BAD_REQUEST", "TOO_COMPLEX"}
    assert "data" not in answer
    assert "cost" in answer["extensions"]
    assert seconds < 1


@pytest.mark.parametrize(
    ("query", "word"),
    [
        (bomb(40), "fields"),
        ("{ viewer { " + "visits { nodes { id } } " * 400 + "} }", "tokens"),
        ("mutation {" + " ".join(f"a{n}: leave {{ text }}" for n in range(1000)) + "}", "tokens"),
        (
            "mutation {" + " ".join(f"a{n}: leave {{ text }}" for n in range(30)) + "}",
            "root fields",
        ),
        (wide(30), "root fields"),
        ("{ viewer {" + " ".join(f"a{n}: id" for n in range(60)) + "} }", "aliases"),
        ("{ caller " + "@include(if: true) " * 60 + "}", "directives"),
        ("{ viewer {" + " id" * 60 + "} }", "repetitions"),
        ("# " + "x" * 30_000 + "\n{ caller }", "characters"),
        ("#\n" * 3_000 + "{ caller }", "tokens"),
    ],
)
async def test_a_document_that_is_too_large_is_too_complex(
    client: EndpointClient, query: str, word: str
):
    content = orjson.dumps({"query": query})
    response, seconds = await timed(client, content)

    assert (response.status_code, codes(response.json())) == (400, ["TOO_COMPLEX"])
    assert word in response.json()["errors"][0]["message"]
    assert seconds < 1


@pytest.mark.parametrize(
    "query",
    [
        "{ viewer { ...F } } fragment F on Person { ...F }",
        "{ viewer { ...F } } fragment F on Person { ...G } fragment G on Person { id ...F }",
        "{ viewer { ...Nowhere } }",
        "{ viewer { ...F } } "
        + " ".join(
            f"fragment F{'' if n == 0 else n} on Person {{ ...F{n + 1} }}" for n in range(240)
        ),
    ],
)
async def test_odd_fragments_are_refused(client: EndpointClient, query: str):
    response, seconds = await timed(client, orjson.dumps({"query": query}))
    assert response.status_code == 400
    assert seconds < 1


async def test_a_full_introspection_fits(client: EndpointClient):
    query = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
        one_of=True,
    )
    answer = await client.ask(query)
    assert "errors" not in answer
    assert answer["extensions"]["cost"]["requested"] == 2739


async def test_introspection_can_be_off_and_then_nothing_is_suggested(make_client: MakeClient):
    client = await make_client(introspection=False)
    for query in (
        "{ __schema { types { name } } }",
        '{ __type(name: "Person") { name } }',
        "{ viewer { emai } }",
        "{ small(numbr: 1) }",
        "query Q($x: Persn) { caller }",
        "{ viewer { ... on Persn { id } } }",
        "mutation { noteWrite(input: {txt: 1}) { text } }",
        "query Q($x: NoteInput = {txt: 1}) { caller }",
    ):
        answer = await client.ask(query, headers={"accept-language": "en"})
        assert set(codes(answer)) == {"BAD_REQUEST"}, query
        assert not any("Did you mean" in error["message"] for error in answer["errors"]), query

    query = "mutation M($i: NoteInput!) { noteWrite(input: $i) { text } }"
    answer = await client.ask(query, variables={"i": {"txt": "x", "text": "y"}})
    assert codes(answer) == ["BAD_REQUEST"]
    assert "Did you mean" not in answer["errors"][0]["message"]
    assert (await client.ask("{ __typename }"))["data"] == {"__typename": "Query"}


async def test_an_operation_that_is_too_dear_is_refused_by_its_variables(make_client: MakeClient):
    client = await make_client(limits=replace(OPTIONS.limits, cost=60))
    query = "query Q($n: Int) { viewer { visits(first: $n) { nodes { id } } } }"

    cheap = await client.post(query, variables={"n": 50})
    usual = await client.post(query)
    dear = await client.post(query, variables={"n": 60})

    assert (cheap.status_code, usual.status_code, dear.status_code) == (200, 200, 400)
    assert cheap.json()["extensions"]["cost"]["requested"] == 52
    assert usual.json()["extensions"]["cost"]["requested"] == 22  # twenty is the default page size
    assert codes(dear.json()) == ["TOO_COMPLEX"]


def to_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
parameters = st.dictionaries(
    st.sampled_from(["query", "variables", "operationName", "extensions", "else"]), json_values
)


@given(st.binary() | json_values.map(to_bytes) | parameters.map(to_bytes))
def test_any_bytes_are_a_request_or_a_fault(body: bytes):
    _read_or_refuse(from_json, body)


@given(st.binary())
def test_any_query_string_is_a_request_or_a_fault(query_string: bytes):
    _read_or_refuse(from_query_string, query_string)


def _read_or_refuse(read: Callable[[bytes], GraphQLRequest], content: bytes) -> None:
    """Read the content; a `RequestError` is fine, and any other exception fails the test."""
    with suppress(BadRequest, PersistedQueryNotFound):
        request = read(content)
        assert isinstance(request.query, str)
        assert isinstance(request.variables, dict)
