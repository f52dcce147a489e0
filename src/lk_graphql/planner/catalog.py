"""The GraphQL schema with its sources, declarations and id prefixes."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema

from lk_graphql.planner.declare.sources import Source, TypeDeclaration, declaration_of

DEFINITION = "strawberry-definition"


class Unsupported(Exception):
    """The operation can't be compiled; graphql-core executes it."""


class Catalog:
    """The GraphQL schema, its declared types, and the types of `node(id:)` by id prefix."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema

    @property
    def query_type(self) -> GraphQLObjectType:
        """The type of queries, which a valid schema has."""
        root = self.schema.query_type
        if root is None:
            raise TypeError("The schema has no query type")
        return root

    @cached_property
    def declared(self) -> tuple[tuple[GraphQLObjectType, TypeDeclaration], ...]:
        """The types declared by `@reads`."""
        return tuple(self._declared())

    @cached_property
    def node_types(self) -> dict[str, GraphQLObjectType]:
        return {declared.prefix: type_ for type_, declared in self.declared if declared.prefix}

    @cached_property
    def nodes(self) -> dict[str, TypeDeclaration]:
        return {declared.prefix: declared for _, declared in self.declared if declared.prefix}

    def _declared(self) -> Iterator[tuple[GraphQLObjectType, TypeDeclaration]]:
        for type_ in self.schema.type_map.values():
            if isinstance(type_, GraphQLObjectType) and (declared := type_declaration(type_)):
                yield type_, declared


def source_of(definition: GraphQLField) -> Source | None:
    """The declared source; None for fields of connections and payloads.

    Raises `Unsupported` for a field with a resolver of its own.
    """
    source = declared_source(definition)
    field: Any = definition.extensions[DEFINITION]
    if source is None and field.base_resolver:
        raise Unsupported("a hand-written resolver")
    return source


def declared_source(definition: GraphQLField) -> Source | None:
    """The declared source; None for all other fields."""
    field: Any = definition.extensions[DEFINITION]
    return field.metadata.get("source")


def type_declaration(type_: GraphQLObjectType) -> TypeDeclaration | None:
    """The declaration of a type; None if `@reads` didn't declare it."""
    definition: Any = type_.extensions.get(DEFINITION)
    return declaration_of(definition.origin) if definition else None
