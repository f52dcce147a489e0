"""The tree of fields that an operation selects: what the compiler reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from graphql import GraphQLArgument, GraphQLObjectType, Undefined, ValueNode, VariableNode
from graphql.execution.values import VariableValues

from lk_graphql.reads.catalog import Unsupported, declared_of
from lk_graphql.reads.documents import NO_VARIABLES, variables_in
from lk_graphql.reads.sources import Declared, Source
from lk_graphql.reads.untyped import coerce_input_literal


@dataclass(frozen=True)
class Argument:
    """Where an argument's value comes from: the document with its variables, or the schema."""

    definition: GraphQLArgument
    node: ValueNode | None
    given: bool
    """Whether it will be there and not null, in this shape (for the switched arguments)."""
    keys: frozenset[str] = frozenset()
    """The same for the fields of an input object."""

    def read(self, variables: VariableValues) -> object:
        if isinstance(self.node, VariableNode):
            value = variables.coerced.get(self.node.name.value, self.definition.default_value)
        elif self.node is None or not variables_in(self.node):
            value = self._constant
        else:
            value = self._coerced(self.node, variables)
        return None if value is Undefined else value

    @cached_property
    def _constant(self) -> object:
        if self.node is None:
            return self.definition.default_value
        return self._coerced(self.node, NO_VARIABLES)

    def _coerced(self, node: ValueNode, variables: VariableValues) -> object:
        type_: Any = getattr(self.definition, "type")  # noqa: B009 - partly unknown to pyright
        return coerce_input_literal(node, type_, variables, None)


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
