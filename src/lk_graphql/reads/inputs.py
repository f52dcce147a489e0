"""What a mutation takes, made of coerced values by builders that are put together once.

Strawberry looks up the type and the name of every field for every value: a fifth of what a
mutation with two entries cost the server.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from functools import cached_property
from typing import Any, cast

from graphql import GraphQLInputObjectType, GraphQLSchema
from strawberry.types.arguments import InputContext
from strawberry.types.base import StrawberryMaybe

from lk_graphql.reads.catalog import DEFINITION
from lk_graphql.reads.untyped import is_input_object_type, is_list_type, is_non_null_type

Convert = Callable[[Any, InputContext], object]
"""Makes what the class takes of a coerced value."""


def build_inputs(schema: GraphQLSchema) -> None:
    """Let Strawberry ask a builder for each input type."""
    builders: dict[str, _Builder] = {}
    for name, type_ in schema.type_map.items():
        if is_input_object_type(type_):
            builders[name] = _Builder(cast("GraphQLInputObjectType", type_), builders)
            builders[name].definition.from_input = builders[name].build


class _Builder:
    """Of one input type; `others` are those of the types that it may hold."""

    def __init__(self, type_: GraphQLInputObjectType, others: Mapping[str, "_Builder"]) -> None:
        self.definition: Any = type_.extensions[DEFINITION]
        self._type = type_
        self._others = others

    def build(self, origin: Any, value: Mapping[str, Any], context: InputContext) -> object:
        """What is left out is as the class has it, or None."""
        given = dict(self._left_out)
        for name, python_name, convert in self._fields:
            if name in value:
                there = value[name]
                given[python_name] = convert(there, context) if convert else there
        return origin(**given)

    @cached_property
    def _left_out(self) -> dict[str, object]:
        return {
            field.python_name: None
            for field in self.definition.fields
            if field.default_value is MISSING and field.default_factory is MISSING
        }

    @cached_property
    def _fields(self) -> list[tuple[str, str, Convert | None]]:
        fields: Mapping[str, Any] = self._type.fields
        known = ((name, field.type, field.extensions[DEFINITION]) for name, field in fields.items())
        return [
            (name, one.python_name, self._field(name, type_, one)) for name, type_, one in known
        ]

    def _field(self, name: str, type_: Any, field: Any) -> Convert | None:
        known: Any = field.resolve_type(type_definition=self.definition)
        if isinstance(known, StrawberryMaybe):  # only Strawberry knows what null means there
            return lambda value, context: context.convert(value, known, name)
        return self._convert(type_)

    def _convert(self, type_: Any) -> Convert | None:
        """None for what is already as it should be."""
        if is_non_null_type(type_):
            return self._convert(type_.of_type)
        if is_list_type(type_):
            return _list(self._convert(type_.of_type))
        if is_input_object_type(type_):
            return _object(self._others[type_.name])
        return None


def _list(item: Convert | None) -> Convert:
    """Always a new one: graphql-core may hand out the same default each time."""

    def converted(values: Any, context: InputContext) -> object:
        if values is None:
            return None
        return [*values] if item is None else [item(value, context) for value in values]

    return converted


def _object(builder: _Builder) -> Convert:
    origin = builder.definition.origin
    return lambda value, context: None if value is None else builder.build(origin, value, context)
