"""Numbers in forms: read as people type them, or refused as data at the field's path."""

from collections.abc import AsyncGenerator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lk_graphql.kit.typed_numbers import UnreadableNumber, read_decimal, read_kopecks
from lk_graphql.kit.viewer import Role, Viewer
from lk_graphql.planner.engine import QueryEngine
from lk_graphql.planner.untyped import get_named_type, is_list_type, type_of
from lk_graphql.schema import graphql_schema
from tests.factories.accounts import given_user
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import ApiClient, open_client
from tests.support.random_operations import literal
from tests.support.sample_input import sample_input

READ = {"Money": read_kopecks, "Quantity": read_decimal}
TYPED = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30),
    st.text("0123456789 .,-", max_size=30),
    st.sampled_from(["abc", "12,5", "1 234,50", "-5", "1О0", "1.234,5", "1e5", "12,555", "9" * 40]),
)
Place = tuple[str, str, Any, str, tuple[str, ...]]


def numbers_in(type_: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The scalar and path of each number in an input type, in the first item of lists."""
    for name, field in type_.fields.items():
        field_type = type_of(field)
        place = (*path, name, "0") if is_list_type(_nullable(field_type)) else (*path, name)
        inner = get_named_type(field_type)
        if isinstance(inner, GraphQLInputObjectType):
            yield from numbers_in(inner, place)
        elif inner.name in READ:
            yield inner.name, place


def places() -> Iterator[Place]:
    """Operation, root field, type of its input, scalar, path of each number that people type."""
    for operation, name, field in root_fields():
        if "input" in field.args:
            input_type = type_of(field.args["input"])
            for scalar, path in numbers_in(get_named_type(input_type)):
                yield operation, name, input_type, scalar, path


def root_fields() -> Iterator[tuple[str, str, Any]]:
    """All root fields, with the kind of their operation."""
    for operation in ("query", "mutation"):
        root: Any = graphql_schema.type_map[operation.capitalize()]
        yield from ((operation, name, field) for name, field in root.fields.items())


def with_number(type_: Any, path: tuple[str, ...], text: str) -> Any:
    """A sample of an input type with the text at the path."""
    if not path:
        return text
    type_ = _nullable(type_)
    if isinstance(type_, GraphQLList):
        return [with_number(_inside(type_), path[1:], text)]
    name, *rest = path
    return sample_input(type_) | {name: with_number(type_of(type_.fields[name]), tuple(rest), text)}


def _nullable(type_: Any) -> Any:
    return _inside(type_) if isinstance(type_, GraphQLNonNull) else type_


def _inside(type_: Any) -> Any:
    return type_.of_type


PLACES = list(places())


def test_the_places_are_those_of_the_schema():
    assert {(name, ".".join(path)) for _, name, _, _, path in PLACES} == {
        ("contractApplicationCreate", "objects.0.powerKw"),
        ("contractApplicationUpdate", "objects.0.powerKw"),
        ("paymentPreview", "parts.0.amount"),
        ("paymentStart", "parts.0.amount"),
        ("paymentStart", "total"),
        ("readingsPreview", "entries.0.value"),
        ("readingsSubmit", "entries.0.value"),
        ("staffReadingsTake", "entries.0.value"),
        ("staffRefundRequest", "amount"),
    }


def test_numbers_are_typed_in_fields_with_a_code_for_malformed_ones():
    with_numbers = {(operation, name) for operation, name, *_ in PLACES}
    for operation, name, field in root_fields():
        has_code = "`NUMBER_MALFORMED`" in (field.description or "")
        assert has_code == ((operation, name) in with_numbers), name


def test_arguments_outside_of_inputs_have_no_typed_number():
    """Only inputs of payloads with `errors` are checked before they are used."""
    for type_ in graphql_schema.type_map.values():
        fields: Any = getattr(type_, "fields", {})
        for name, field in fields.items():
            for argument, definition in getattr(field, "args", {}).items():
                inner = get_named_type(type_of(definition))
                place = f"{type_.name}.{name}({argument}:)"
                if argument != "input":
                    assert inner.name not in READ, place
                    if isinstance(inner, GraphQLInputObjectType):
                        assert [*numbers_in(inner)] == [], place


@pytest_asyncio.fixture
async def api(database: str, engine: QueryEngine) -> AsyncGenerator[ApiClient]:
    async with open_client(engine) as client:
        yield client


@pytest_asyncio.fixture
async def token(api: ApiClient) -> str:
    anna: Viewer = await given_user("anna@example.com")
    return await api.signed_in(anna)


@pytest_asyncio.fixture
async def staff_token(api: ApiClient) -> str:
    return await given_staff_session(await given_staff(Role.ADMIN), api.clock.now)


@pytest.mark.parametrize("form", ["literal", "variable"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join((*place[:2], *place[4])))
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=TYPED)
async def test_a_typed_number_is_never_a_fault_of_the_program(
    place: Place, form: str, text: str, api: ApiClient, token: str, staff_token: str
):
    assume(form == "variable" or text.isprintable())
    operation, name, input_type, scalar, path = place
    value = with_number(input_type, path, text)
    signed_in = staff_token if name.startswith("staff") else token
    selection = "{ errors { ... on UserError { reason path message } } }"
    if form == "literal":
        answer = await api.post(
            f"{operation} {{ {name}(input: {literal(value)}) {selection} }}", signed_in
        )
    else:
        query = f"{operation} ($input: {input_type}) {{ {name}(input: $input) {selection} }}"
        answer = await api.post(query, signed_in, input=value)

    assert "errors" not in answer, answer
    refusals = answer["data"][name]["errors"]
    is_malformed = isinstance(READ[scalar](text), UnreadableNumber)
    malformed = [error for error in refusals if error["reason"] == "NUMBER_MALFORMED"]
    assert [error["path"] for error in malformed] == ([list(path)] if is_malformed else [])
    assert not is_malformed or refusals == malformed
