"""A mutation's arguments, by readers that are put together once for its document.

graphql-core walks through the literals at each request: what a client writes into its document
(`input: {accountId: $account, partial: true}`) costs more than the same in one variable. What
these readers don't take is asked of graphql-core, whose word counts.
"""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    FieldNode,
    ListValueNode,
    ObjectValueNode,
    Undefined,
    ValueNode,
    VariableNode,
)
from graphql.execution.values import VariableValues

from lk_graphql.reads.coercion import Unusual, left_out
from lk_graphql.reads.untyped import (
    coerce_input_literal,
    get_argument_values,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)

Read = Callable[[Mapping[str, Any]], Any]
"""The value of a literal, given the variables; Undefined for a variable that isn't given."""
Arguments = Callable[[VariableValues], dict[str, Any]]


def arguments_of(definition: Any, node: FieldNode, again: Callable[[], FieldNode]) -> Arguments:
    """What reads the arguments of a field; it raises a GraphQLError for wrong ones.

    The node is kept only where graphql-core must always be asked; else `again` finds another one
    when it is.
    """
    given = {one.name.value: one.value for one in node.arguments or ()}
    try:
        read = _fields(definition.args, given)
    except Unusual:
        return lambda variables: _asked(definition, node, variables)

    def arguments(variables: VariableValues) -> dict[str, Any]:
        try:
            return read(variables.coerced)
        except Unusual:
            return _asked(definition, again(), variables)

    return arguments


def _asked(definition: Any, node: FieldNode, variables: VariableValues) -> dict[str, Any]:
    return get_argument_values(definition, node, variables, hide_suggestions=True)


def _fields(types: Mapping[str, Any], given: Mapping[str, ValueNode]) -> Read:
    """Of an input object, or of a field's arguments."""
    readers = [
        (field.out_name or name, _value(field.type, given.get(name)), left_out(field))
        for name, field in types.items()
    ]

    def read(variables: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value_of, default in readers:
            value = value_of(variables)
            if value is Undefined:
                value = default()
            if value is not Undefined:
                found[name] = value
        return found

    return read


def _value(type_: Any, node: ValueNode | None) -> Read:
    if node is None:
        return lambda _: Undefined
    if isinstance(node, VariableNode):
        return _variable(type_, node.name.value)
    if not _has_variable(node):
        return _constant(type_, node)
    if is_non_null_type(type_):
        return _value(type_.of_type, node)
    if is_list_type(type_) and isinstance(node, ListValueNode):
        return _list([_value(type_.of_type, item) for item in node.values])
    if is_input_object_type(type_) and isinstance(node, ObjectValueNode) and not type_.is_one_of:
        return _fields(type_.fields, {one.name.value: one.value for one in node.fields})
    raise Unusual


def _variable(type_: Any, name: str) -> Read:
    if not is_non_null_type(type_):
        return lambda variables: variables.get(name, Undefined)

    def read(variables: Mapping[str, Any]) -> Any:
        value = variables.get(name)
        if value is None:  # its own type may allow that, where it has a default
            raise Unusual
        return value

    return read


def _constant(type_: Any, node: ValueNode) -> Read:
    value = coerce_input_literal(node, type_)
    if value is Undefined:
        raise Unusual
    return lambda _: value


def _list(items: list[Read]) -> Read:
    def read(variables: Mapping[str, Any]) -> list[Any]:
        values = [item(variables) for item in items]
        return [None if value is Undefined else value for value in values]

    return read


def _has_variable(node: ValueNode) -> bool:
    match node:
        case ListValueNode():
            return any(_has_variable(item) for item in node.values)
        case ObjectValueNode():
            return any(_has_variable(one.value) for one in node.fields)
        case _:
            return isinstance(node, VariableNode)
