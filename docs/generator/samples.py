"""Operations of the reference: those of `examples/operations`, else made from the schema."""

# pyright: basic

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    OperationDefinitionNode,
    get_named_type,
    is_required_argument,
    is_required_input_field,
    parse,
)

from lk_graphql.api.graphiql.examples import Example

_SCALARS = {
    "String": "text",
    "ID": "id",
    "Int": 1,
    "Boolean": True,
    "Date": "2026-10-15",
    "DateTime": "2026-10-15T12:00:00Z",
    "Period": "2026-10",
    "Money": "1234.56",
    "Quantity": "12345",
    "Url": "https://example.com",
}
_MOST_FIELDS = 6


@dataclass(frozen=True)
class Sample:
    """An operation with its variables, as JSON text or None."""

    operation: str
    variables: str | None


def known_samples(examples: Iterable[Example]) -> dict[str, Sample]:
    """The first example operation for each root field, by the field's name."""
    samples = dict[str, Sample]()
    for example in examples:
        for operation in example.operations:
            for name in _root_fields(operation.query):
                samples.setdefault(name, Sample(operation.query, operation.variables))
    return samples


def made_sample(kind: str, name: str, field: GraphQLField) -> Sample:
    """A small operation that selects a root field: required arguments, the first plain fields."""
    arguments = {n: arg for n, arg in field.args.items() if is_required_argument(arg)}
    variables = {n: sample_value(arg.type) for n, arg in arguments.items()}
    declared = ", ".join(f"${n}: {arg.type}" for n, arg in arguments.items())
    passed = ", ".join(f"{n}: ${n}" for n in arguments)
    title = name[0].upper() + name[1:]
    lines = [
        f"{kind} {title}{f'({declared})' if declared else ''} {{",
        f"  {name}{f'({passed})' if passed else ''}{_selection(field.type, 1)}",
        "}",
    ]
    return Sample("\n".join(lines), to_json(variables) if variables else None)


def sample_value(type_: Any) -> Any:
    """A value that an input type takes; of objects the required fields only."""
    match type_:
        case GraphQLNonNull():
            return sample_value(type_.of_type)
        case GraphQLList():
            return [sample_value(type_.of_type)]
        case GraphQLEnumType():
            return next(iter(type_.values))
        case GraphQLInputObjectType():
            required = {n: f for n, f in type_.fields.items() if is_required_input_field(f)}
            first = dict([*type_.fields.items()][:1])
            chosen = first if type_.is_one_of else required or first
            return {name: sample_value(field.type) for name, field in chosen.items()}
        case _:
            return _SCALARS[type_.name]


def to_json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _selection(type_: Any, depth: int) -> str:
    named = get_named_type(type_)
    if isinstance(named, GraphQLUnionType):
        return " { __typename }"
    if not isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
        return ""
    plain = [name for name, field in named.fields.items() if _is_plain(field)]
    nested = [
        name
        for name, field in named.fields.items()
        if not _is_plain(field) and not field.args and depth < 3
    ]
    chosen = [*plain[:_MOST_FIELDS], *(nested if named.name.endswith("Payload") else nested[:1])]
    pad = "  " * (depth + 1)
    lines = [f"{pad}{name}{_selection(named.fields[name].type, depth + 1)}" for name in chosen]
    return "\n".join([" {", *(lines or [f"{pad}__typename"]), f"{'  ' * depth}}}"])


def _is_plain(field: GraphQLField) -> bool:
    composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
    return not isinstance(get_named_type(field.type), composite) and not field.args


def _root_fields(operation: str) -> Iterable[str]:
    for definition in parse(operation).definitions:
        if isinstance(definition, OperationDefinitionNode):
            for field in definition.selection_set.selections:
                if isinstance(field, FieldNode):
                    yield field.name.value
