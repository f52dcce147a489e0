"""Mutations: refusals as data, and access levels."""

from typing import Any

import pytest

from tests.api.endpoint_client import TOKEN, EndpointClient
from tests.api.note_schema import graphql_schema, schema

WRITE = """mutation W($input: NoteInput!) {
    noteWrite(input: $input) { text errors { __typename code message path retryAt } }
}"""


async def write_note(client: EndpointClient, **input_: object) -> Any:
    headers = {"accept-language": "en"}
    answer = await client.ask(WRITE, token=TOKEN, variables={"input": input_}, headers=headers)
    return answer["data"]["noteWrite"]


async def test_a_refusal_is_data(client: EndpointClient):
    payload = await write_note(client, text="soon")
    assert payload == {
        "text": None,
        "errors": [
            {
                "__typename": "NoteError",
                "code": "TOO_SOON",
                "message": "Wait 3 minutes.",
                "path": [],
                "retryAt": "2026-11-01T12:00:00.000Z",
            }
        ],
    }


async def test_all_faults_of_a_form_are_reported_in_the_client_s_language(client: EndpointClient):
    answer = await client.ask(WRITE, token=TOKEN, variables={"input": {"text": ""}})
    errors = answer["data"]["noteWrite"]["errors"]
    assert [(error["path"], error["message"]) for error in errors] == [
        (["input", "text"], "Пусто."),
        (["input", "title"], "Пусто."),
    ]


async def test_one_fragment_reads_the_errors_of_every_mutation(client: EndpointClient):
    query = """mutation W($input: NoteInput!) { noteWrite(input: $input) { errors { ...Refusal } } }
    fragment Refusal on UserError { reason message path }"""
    headers = {"accept-language": "en"}
    answer = await client.ask(
        query, token=TOKEN, variables={"input": {"text": "soon"}}, headers=headers
    )
    assert answer["data"]["noteWrite"]["errors"] == [
        {"reason": "TOO_SOON", "message": "Wait 3 minutes.", "path": []}
    ]


async def test_absent_is_not_null(client: EndpointClient):
    absent = await write_note(client, text="a")
    null = await write_note(client, text="a", title=None)
    present = await write_note(client, text="a", title="b")
    assert absent["text"] == f"a by {client.viewer}, title kept"
    assert null["text"] == f"a by {client.viewer}, title None"
    assert present["text"] == f"a by {client.viewer}, title b"


async def test_a_mutation_for_customers_requires_a_customer(client: EndpointClient):
    answer = await client.ask(WRITE, variables={"input": {"text": "a"}})
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    assert answer["data"] is None


async def test_a_customer_s_session_is_forbidden_from_staff_mutations(client: EndpointClient):
    answer = await client.ask("mutation { rule { text } }", token=TOKEN)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]


async def test_wrong_variables_of_a_mutation_are_a_bad_request(client: EndpointClient):
    response = await client.post(WRITE, token=TOKEN, variables={"input": {}})
    assert response.status_code == 400
    assert "data" not in response.json()


@pytest.mark.parametrize(
    ("field", "codes"),
    [("noteWrite", "`EMPTY`, `TOO_SOON`"), ("enter", "`EMPTY`, `TOO_SOON`, `UNUSED`")],
)
def test_the_description_lists_the_codes(field: str, codes: str):
    mutations: Any = graphql_schema.mutation_type
    assert mutations.fields[field].description.endswith(f"\n\nCodes: {codes}.")


def test_the_sdl_has_the_role_of_each_root_field():
    sdl = schema.as_str()
    assert "noteWrite(input: NoteInput!): NotePayload! @access(role: CUSTOMER)" in sdl
    assert "viewer: Person @access(role: ANYONE)" in sdl
    assert "small(number: Int!): Int @access(role: ANYONE)" in sdl
