"""Input that once ended in an unexpected exception: each kind, at each place that takes it."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from typing import Any

import httpx
import orjson
import pytest
import pytest_asyncio
from graphql import GraphQLInputObjectType

from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.untyped import get_named_type, type_of
from lk_graphql.ports.acquiring import Shop, YooKassa
from lk_graphql.ports.jobs import queue_load
from lk_graphql.ports.pdf import PdfPool
from lk_graphql.schema import graphql_schema
from tests.factories.accounts import given_user
from tests.factories.staff import codes, given_staff, sign_in
from tests.support.client import URL, ApiClient, build, open_client
from tests.support.random_operations import literal
from tests.support.sample_input import sample_input

ACQUIRER = YooKassa(Shop("shop", "secret", "http://127.0.0.1:9"))  # never called
GRAPHQL = "application/graphql-response+json"


@pytest_asyncio.fixture
async def api(database: str, engine: QueryEngine, pdfs: PdfPool) -> AsyncGenerator[ApiClient]:
    async with open_client(engine, ACQUIRER, pdfs) as client:
        yield client


@pytest_asyncio.fixture
async def anna(database: str) -> Viewer:
    return await given_user("anna@example.com")


def one_ofs(type_: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The paths of `@oneOf` types in an input type, itself included."""
    if type_.is_one_of:
        yield path, type_
    for name, field in type_.fields.items():
        inner = get_named_type(type_of(field))
        if isinstance(inner, GraphQLInputObjectType):
            yield from one_ofs(inner, (*path, name))


def one_of_places() -> Iterator[tuple[str, Any, tuple[str, ...], Any]]:
    """Mutation, type of its input, path of a `@oneOf` in it, and its type."""
    assert graphql_schema.mutation_type
    for name, field in graphql_schema.mutation_type.fields.items():
        input_type = type_of(field.args["input"])
        for path, type_ in one_ofs(get_named_type(input_type)):
            yield name, input_type, path, type_


def with_value(value: Any, path: tuple[str, ...], replaced: Any) -> Any:
    if not path:
        return replaced
    first, *rest = path
    return {**value, first: with_value(value.get(first, {}), tuple(rest), replaced)}


PLACES = list(one_of_places())


def test_the_places_are_those_of_the_schema():
    assert {type_.name for *_, type_ in PLACES} == {
        "AccountProofInput", "AppealSubjectInput", "NoticesMarkReadInput", "PatronymicInput"
    }  # fmt: skip


@pytest.mark.parametrize("media_type", ["application/json", GRAPHQL])
@pytest.mark.parametrize("form", ["literal", "variable"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place[0])
async def test_a_one_of_with_another_number_of_keys_is_a_bad_request(
    api: ApiClient, place: tuple[str, Any, tuple[str, ...], Any], form: str, media_type: str
):
    name, input_type, path, type_ = place
    keys = {key: sample_input(type_of(field)) for key, field in type_.fields.items()}
    first = next(iter(keys))
    for fault in ({}, {first: None}, keys, {**keys, first: None}):
        value = with_value(sample_input(input_type), path, fault)
        body: dict[str, Any] = (
            {"query": f"mutation {{ {name}(input: {literal(value)}) {{ __typename }} }}"}
            if form == "literal"
            else {
                "query": f"mutation ($i: {input_type}) {{ {name}(input: $i) {{ __typename }} }}",
                "variables": {"i": value},
            }
        )
        answer = await api.http.post("/graphql", json=body, headers={"accept": media_type})

        content = answer.json()
        assert answer.status_code == (400 if media_type == GRAPHQL else 200)
        assert {error["extensions"]["code"] for error in content["errors"]} == {"BAD_REQUEST"}
        assert any(type_.name in error["message"] for error in content["errors"])
        assert "data" not in content


async def test_a_one_of_with_an_undefined_variable_is_a_bad_request(api: ApiClient):
    fragment = "fragment F on Mutation { noticesMarkRead(input: {ids: $i}) { __typename } }"
    for query in (
        "mutation { noticesMarkRead(input: {ids: $none}) { __typename } }",
        "mutation ($i: [ID!]) { noticesMarkRead(input: {ids: $i}) { __typename } }",
        f"mutation ($i: [ID!]) {{ ...F }} {fragment}",
    ):
        answer = await api.http.post("/graphql", json={"query": query}, headers={"accept": GRAPHQL})
        (error,) = answer.json()["errors"]
        assert (error["extensions"]["code"], answer.json().get("data")) == ("BAD_REQUEST", None)
        assert answer.status_code < 500


IDS: tuple[Any, ...] = (
    "",
    "a\0b",
    "x" * 61,
    "x" * 60_000,
    "id с буквами",
    "a b",
    "a\n",
    7,
    None,
    True,
    [],
    {},
)


@pytest.mark.parametrize("public_id", IDS, ids=lambda value: repr(value)[:12])
@pytest.mark.parametrize("field", ["id", "payment_id"])
@pytest.mark.parametrize("event", ["payment.succeeded", "refund.succeeded"])
async def test_a_callback_with_an_impossible_id_is_400(
    api: ApiClient, event: str, field: str, public_id: Any
):
    subject = {"id": "2a1f-1", "payment_id": "2a1f-2", "status": "x", field: public_id}
    body = {"type": "notification", "event": event, "object": subject}

    answer = await api.http.post("/webhooks/acquirer", content=orjson.dumps(body))

    is_unused = event == "payment.succeeded" and field == "payment_id"
    assert answer.status_code == (200 if is_unused else 400)
    assert await queue_load() == []


async def test_a_callback_without_its_body_is_408(api: ApiClient, engine: QueryEngine):
    async def endless() -> AsyncGenerator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    patient = build(engine, api.state.ports, api.clock, request_body_timeout=0.05)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(patient), base_url=URL) as http:
        answer = await http.post("/webhooks/acquirer", content=endless())

    assert answer.status_code == 408


async def test_a_callback_that_hangs_up_is_no_exception(api: ApiClient):
    async def hang_up() -> dict[str, str]:
        return {"type": "http.disconnect"}

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/webhooks/acquirer",
        "headers": [],
    }
    await api.app(scope, hang_up, send)

    assert sent[0]["status"] == 400


@pytest.mark.parametrize("email", ["", "x" * 5_000, "a\\b", "@", "КЛЕРК@example.com"])
async def test_an_impossible_address_of_staff_is_an_unknown_one(api: ApiClient, email: str):
    await given_staff()

    refused = await sign_in(api, email, code="123456")

    assert codes(refused) == ["WRONG_EMAIL_OR_PASSWORD"]


@pytest.mark.parametrize("prefix", ["mtr", "acc", "usr", "tpc", "stf", "zzz", ""])
async def test_a_payment_by_the_id_of_another_type_is_none(
    api: ApiClient, anna: Viewer, prefix: str
):
    token = await api.signed_in(anna)
    text = "query ($id: ID!) { payment(id: $id) { id amount parts { address } } }"

    for key in (anna.id, new_key()):
        assert await api.ask(text, token, id=to_public(prefix, key)) == {"payment": None}


EDGES = [
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59.999999-23:59", "٢٠٢٦-11-01T00:00:00Z",
]  # fmt: skip


@pytest.mark.parametrize("moment", EDGES)
async def test_a_moment_that_some_time_zone_has_not_is_a_bad_request(api: ApiClient, moment: str):
    query = "mutation ($at: DateTime!) { noticesMarkRead(input: {allUntil: $at}) { __typename } }"

    answer = await api.post(query, at=moment)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_REQUEST"]


@pytest.mark.parametrize(
    "code", ["١٢٣٤٥٦", "１２３４５６", "१२३४५६", "12345٦", "²³¹²³¹", "", "\u202e123456"]
)
async def test_a_code_of_other_digits_is_a_wrong_code(api: ApiClient, code: str):
    member = await given_staff()

    assert codes(await sign_in(api, member.email, code=code)) == ["CODE_WRONG"]
