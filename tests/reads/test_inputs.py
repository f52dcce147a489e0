"""What a mutation takes is built as Strawberry would build it."""

from collections.abc import Iterator
from typing import Any

import pytest
from strawberry.types.arguments import InputContext

from lk_graphql import schema
from lk_graphql.reads.catalog import DEFINITION
from lk_graphql.reads.untyped import is_input_object_type, is_list_type, is_non_null_type
from lk_graphql.schema import graphql_schema

CONVERTER: Any = vars(schema)["_schema"].schema_converter
CONTEXT = InputContext(None, CONVERTER.config, CONVERTER.scalar_registry, ())
INPUTS: dict[str, Any] = {
    name: type_ for name, type_ in graphql_schema.type_map.items() if is_input_object_type(type_)
}


def coerced(type_: Any) -> Iterator[Any]:
    """Values as graphql-core would hand them over; of a leaf any, since nobody looks into it."""
    if not is_non_null_type(type_):
        yield None
    nullable = type_.of_type if is_non_null_type(type_) else type_
    if is_list_type(nullable):
        yield []
        yield [*coerced(nullable.of_type)]
    elif is_input_object_type(nullable):
        yield from objects(nullable)
    else:
        yield f"a value of {nullable}"


def objects(type_: Any) -> Iterator[dict[str, Any]]:
    """With nothing but what must be there, and with each field in all its values."""
    fields: dict[str, Any] = type_.fields
    least = {
        name: [*coerced(field.type)][-1]
        for name, field in fields.items()
        if is_non_null_type(field.type)
    }
    yield least
    for name, field in fields.items():
        for value in coerced(field.type):
            yield {**least, name: value}


def built(origin: type, value: dict[str, Any]) -> object:
    """The object, or what was wrong with the value."""
    try:
        return CONTEXT.convert(value, origin)
    except Exception as refused:  # noqa: BLE001 - both ways must say the same
        return f"{type(refused).__name__}: {refused}"


@pytest.mark.parametrize("name", INPUTS)
def test_an_input_is_built_as_strawberry_does(name: str, monkeypatch: pytest.MonkeyPatch):
    definition = INPUTS[name].extensions[DEFINITION]
    values = [*objects(INPUTS[name])]
    ours = [built(definition.origin, value) for value in values]
    for type_ in INPUTS.values():
        monkeypatch.setattr(type_.extensions[DEFINITION], "from_input", None)

    assert ours == [built(definition.origin, value) for value in values]
    assert any(isinstance(one, definition.origin) for one in ours)
