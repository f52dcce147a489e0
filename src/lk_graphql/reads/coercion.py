"""A query's variables, brought to Python by readers that are put together once for its document.

graphql-core looks up every variable's type and default at each request: 24 µs of 110. These readers
know what is common and right; what they don't take is asked of graphql-core, whose word counts.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from graphql import GraphQLError, GraphQLSchema, Undefined, VariableDefinitionNode
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource

from lk_graphql.reads.untyped import (
    coerce_default_value,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

Read = Callable[[Any], object]
"""Brings one value of JSON to Python; raises anything for what it doesn't take."""


class Unusual(Exception):
    """A type or a value that is left to graphql-core."""


@dataclass(frozen=True)
class Variable:
    """One of an operation's variables; `default` is Undefined where it has none."""

    name: str
    signature: Any
    read: Read
    default: object
    required: bool


def variables_of(
    schema: GraphQLSchema, definitions: Iterable[VariableDefinitionNode]
) -> tuple[Variable, ...]:
    """Nothing where graphql-core must read them all."""
    try:
        return tuple(_variable(schema, definition) for definition in definitions)
    except Unusual:
        return ()


def coerced(variables: Iterable[Variable], given: Mapping[str, object]) -> VariableValues | None:
    """What graphql-core's `get_variable_values` returns; None where it must be asked."""
    try:
        return _coerced(variables, given)
    except Exception:  # noqa: BLE001 - a scalar may raise anything; graphql-core has the words
        return None


def _coerced(variables: Iterable[Variable], given: Mapping[str, object]) -> VariableValues:
    sources: dict[str, VariableValueSource] = {}
    values: dict[str, object] = {}
    for variable in variables:
        name = variable.name
        value = given.get(name, Undefined)
        sources[name] = VariableValueSource(variable.signature, value)
        if value is not Undefined:
            values[name] = variable.read(value)
        elif variable.default is not Undefined:
            values[name] = variable.default
        elif variable.required:
            raise Unusual
    return VariableValues(sources, values)


def _variable(schema: GraphQLSchema, definition: VariableDefinitionNode) -> Variable:
    signature: Any = get_variable_signature(schema, definition)
    if isinstance(signature, GraphQLError):
        raise Unusual
    default: object = Undefined
    if definition.default_value is not None:
        try:
            default = coerce_default_value(signature)
        except TypeError:  # graphql-core finds the words for it
            raise Unusual from None
    read = _reader(signature.type, ())
    return Variable(signature.name, signature, read, default, is_non_null_type(signature.type))


def _reader(type_: Any, around: tuple[object, ...]) -> Read:
    """`around` are the input objects that we are in: one that holds itself may lie deep."""
    if is_non_null_type(type_):
        return _present(_of(type_.of_type, around))
    return _nullable(_of(type_, around))


def _of(type_: Any, around: tuple[object, ...]) -> Read:
    if is_list_type(type_):
        return _list(_reader(type_.of_type, around))
    if not is_input_object_type(type_):
        return type_.coerce_input_value
    if type_ in around or type_.is_one_of:
        raise Unusual
    return _input_object(type_, (*around, type_))


def _present(read: Read) -> Read:
    def value_of(value: Any) -> object:
        if value is None:
            raise Unusual
        found = read(value)
        if found is Undefined:  # a scalar's own way to say no
            raise Unusual
        return found

    return value_of


def _nullable(read: Read) -> Read:
    present = _present(read)
    return lambda value: None if value is None else present(value)


def _list(item: Read) -> Read:
    def values_of(value: Any) -> object:
        if isinstance(value, list):
            return [item(one) for one in cast("list[Any]", value)]
        if isinstance(value, str | int | float):  # GraphQL takes one value for a list of it
            return [item(value)]
        raise Unusual

    return values_of


def _input_object(type_: Any, around: tuple[object, ...]) -> Read:
    fields = [
        (name, field.out_name or name, _reader(field.type, around), left_out(field))
        for name, field in type_.fields.items()
    ]
    names = frozenset(type_.fields)

    def object_of(value: Any) -> object:
        if not isinstance(value, dict) or not names.issuperset(cast("dict[str, Any]", value)):
            raise Unusual
        found: dict[str, object] = {}
        for name, out_name, read, left_out in fields:
            if name in value:
                found[out_name] = read(value[name])
            elif (default := left_out()) is not Undefined:
                found[out_name] = default
        return type_.out_type(found)

    return object_of


def left_out(field: Any) -> Callable[[], object]:
    """Finds the value of a field or an argument that isn't given; raises `Unusual` without one."""

    def refuse() -> object:
        raise Unusual

    if is_required_input_field(field):
        return refuse
    default = coerce_default_value(field)
    return lambda: default
