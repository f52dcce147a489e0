"""Separation of staff types from customer types: no field leads from one to the other.

A customer's type that staff could reach would bypass its `owned_through`; a staff type that
customers could reach would bypass its role. An `unsafe_reason` doesn't permit this.
"""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType

from lk_graphql.planner.catalog import Catalog, Unsupported, source_of, type_declaration
from lk_graphql.planner.declare.sources import (
    ConnectionSource,
    CurrentStaffSource,
    LookupSource,
    PartSource,
    TypeDeclaration,
)
from lk_graphql.planner.untyped import get_named_type, type_of

Types = Iterator[tuple[GraphQLObjectType, TypeDeclaration]]


def problems(catalog: Catalog) -> Iterator[str]:
    """A problem for each field that leads to the other side or to types of a higher role."""
    for type_, origin in catalog.declared:
        for name, definition in type_.fields.items():
            for target_type, target in exposed_types(definition):
                if fault := _problem(origin, definition, target_type, target):
                    yield f"{type_.name}.{name}: {fault}"
    query: Any = catalog.schema.query_type
    for name, definition in query.fields.items():
        for _, target in exposed_types(definition):
            if (target.role is not None) != isinstance(_source(definition), CurrentStaffSource):
                yield f"Query.{name}: staff types, and no others, start at `current_staff`"


def exposed_types(definition: GraphQLField) -> Types:
    """The declared types of a field, including connection nodes and union members."""
    named = get_named_type(type_of(definition))
    members: Any = getattr(named, "types", None) or (named,)
    for member in members:
        declaration = type_declaration(member)
        if declaration is not None:
            yield member, declaration
        elif nodes := getattr(member, "fields", {}).get("nodes"):
            yield from exposed_types(nodes)


def _problem(
    origin: TypeDeclaration,
    definition: GraphQLField,
    target_type: GraphQLObjectType,
    target: TypeDeclaration,
) -> str | None:
    source = _source(definition)
    is_all = isinstance(source, LookupSource) or (
        isinstance(source, ConnectionSource) and source.of_all is not None
    )
    if origin.role is None:
        return "leads to a staff type" if target.role or is_all else None
    if target.role is not None:
        is_visible = origin.role in target.role.and_above
        if is_visible or _may_be_hidden(definition, source):
            return None
        return "leads to a type of a higher role"
    if is_all:
        return "shows all rows of a type that isn't `StaffOnly`"
    return "leads to what a customer owns" if _leads_to_a_customer(target_type, set()) else None


def _may_be_hidden(definition: GraphQLField, source: object) -> bool:
    """True for a nullable part: it is null for lower roles."""
    type_ = type_of(definition)
    return isinstance(source, PartSource) and not isinstance(type_, GraphQLNonNull)


def _leads_to_a_customer(type_: GraphQLObjectType, seen: set[str]) -> bool:
    """True for a customer's type, or a part with a path to one."""
    declared = type_declaration(type_)
    if declared is None or declared.path is not None:
        return declared is not None
    if type_.name in seen or declared.owned_through is not None:
        return False
    seen.add(type_.name)
    types = [inner for field in type_.fields.values() for inner, _ in exposed_types(field)]
    return any(_leads_to_a_customer(inner, seen) for inner in types)


def _source(definition: GraphQLField) -> object:
    try:
        return source_of(definition)
    except Unsupported:
        return None
