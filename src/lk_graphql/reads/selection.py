"""The tree of fields that an operation selects: what the compiler reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLArgument, GraphQLObjectType, Undefined, ValueNode, VariableNode
from graphql.execution.values import VariableValues

from lk_graphql.reads.catalog import Unsupported, declared_of
from lk_graphql.reads.operation import NO_VARIABLES, variables_in
from lk_graphql.reads.sources import Declared, Source
from lk_graphql.reads.untyped import coerce_input_literal, type_of

NO_KEYS = frozenset[str]()
Read = Callable[[VariableValues], object]
"""Finds an argument's value, given the request's variables."""


@dataclass(frozen=True)
class Argument:
    """Where an argument's value comes from: the document with its variables, or the schema."""

    read: Read
    given: bool
    """Whether it will be there and not null, in this shape (for the switched arguments)."""
    keys: frozenset[str] = NO_KEYS
    """The same for the fields of an input object."""


def reader(definition: GraphQLArgument, node: ValueNode | None) -> Read:
    """Finds the argument's value; of the document's tree no more is kept than `node`."""
    type_ = type_of(definition)
    if node is None:
        return _always(definition.default_value)
    if isinstance(node, VariableNode):
        return _variable(node.name.value, definition.default_value)
    if not variables_in(node):
        return _always(coerce_input_literal(node, type_, NO_VARIABLES, None))
    return lambda variables: _known(coerce_input_literal(node, type_, variables, None))


def _variable(name: str, default: object) -> Read:
    return lambda variables: _known(variables.coerced.get(name, default))


def _always(value: object) -> Read:
    found = _known(value)
    return lambda _: found


def _known(value: object) -> object:
    return None if value is Undefined else value


@dataclass(frozen=True)
class Variant:
    """What is selected if the object turns out to be of this type."""

    type: GraphQLObjectType
    fields: tuple["Selected", ...]

    @property
    def declared(self) -> Declared:
        found = declared_of(self.type)
        if found is None:
            raise Unsupported(f"{self.type.name}, which has no declaration")
        return found


@dataclass(frozen=True)
class Selected:
    """A field under its response key; objects have a variant for each type they can have."""

    key: str
    name: str
    type: Any
    many: bool = False
    source: Source | None = None
    arguments: Mapping[str, Argument] = field(default_factory=dict[str, Argument])
    variants: tuple[Variant, ...] = ()

    @property
    def only(self) -> Variant:
        """The variant of a field whose type is concrete."""
        (variant,) = self.variants
        return variant
