"""What the compiler knows of the GraphQL schema: sources, declarations, ids' prefixes."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema

from lk_graphql.planner.declare.sources import Source, TypeDeclaration, declaration_of

DEFINITION = "strawberry-definition"


class Unsupported(Exception):
    """The plan doesn't cover this operation; graphql-core will answer it."""


class Catalog:
    """The GraphQL schema and, by id prefix, the types that `node(id:)` can find."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema

    @cached_property
    def declared(self) -> tuple[tuple[GraphQLObjectType, TypeDeclaration], ...]:
        """Every type that `@reads` declared."""
        return tuple(self._declared())

    @cached_property
    def node_types(self) -> dict[str, GraphQLObjectType]:
        return {declared.prefix: type_ for type_, declared in self.declared if declared.prefix}

    @cached_property
    def nodes(self) -> dict[str, TypeDeclaration]:
        return {declared.prefix: declared for _, declared in self.declared if declared.prefix}

    def _declared(self) -> Iterator[tuple[GraphQLObjectType, TypeDeclaration]]:
        for type_ in self.schema.type_map.values():
            if isinstance(type_, GraphQLObjectType) and (found := type_declaration(type_)):
                yield type_, found


def source_of(definition: GraphQLField) -> Source | None:
    """The declared source; None for the plain parts of a connection or a payload."""
    field: Any = definition.extensions[DEFINITION]
    source = field.metadata.get("source")
    if source is None and field.base_resolver:
        raise Unsupported("a hand-written resolver")
    return source


def type_declaration(type_: GraphQLObjectType) -> TypeDeclaration | None:
    """What `@reads` knows of the type; None for all others, introspection's included."""
    definition: Any = type_.extensions.get(DEFINITION)
    return declaration_of(definition.origin) if definition else None
