"""The border between what staff see and what customers see: no field leads across it.

Staff have types of their own. A customer's type that staff reached would be a way around its
`owned_through`, a staff type that a customer reached a way around the role; no `because` helps.
"""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType

from lk_graphql.planner.catalog import Catalog, Unsupported, source_of, type_declaration
from lk_graphql.planner.declare.sources import (
    ConnectionSource,
    CurrentStaffSource,
    PartSource,
    TypeDeclaration,
)
from lk_graphql.planner.untyped import get_named_type, type_of

Types = Iterator[tuple[GraphQLObjectType, TypeDeclaration]]


def problems(catalog: Catalog) -> Iterator[str]:
    """Every field that leads across, or to a higher role's."""
    for type_, origin in catalog.declared:
        for name, definition in type_.fields.items():
            for target_type, target in exposed_types(definition):
                if fault := _problem(origin, definition, target_type, target):
                    yield f"{type_.name}.{name}: {fault}"
    query: Any = catalog.schema.query_type
    for name, definition in query.fields.items():
        for _, target in exposed_types(definition):
            if (target.role is not None) != isinstance(_source(definition), CurrentStaffSource):
                yield f"Query.{name}: staff's types start where staff do, and nothing else does"


def exposed_types(definition: GraphQLField) -> Types:
    """The declared types that a field shows: behind a connection, or of a union too."""
    named = get_named_type(type_of(definition))
    members: Any = getattr(named, "types", None) or (named,)
    for member in members:
        found = type_declaration(member)
        if found is not None:
            yield member, found
        elif nodes := getattr(member, "fields", {}).get("nodes"):
            yield from exposed_types(nodes)


def _problem(
    origin: TypeDeclaration,
    definition: GraphQLField,
    target_type: GraphQLObjectType,
    target: TypeDeclaration,
) -> str | None:
    source = _source(definition)
    is_all = isinstance(source, ConnectionSource) and source.of_all is not None
    if origin.role is None:
        return "leads to what staff see" if target.role or is_all else None
    if target.role is not None:
        may = origin.role in target.role.and_above
        return None if may or _may_be_hidden(definition, source) else "leads to a higher role's"
    if is_all:
        return "shows everything of a type that isn't staff's"
    return "leads to what a customer owns" if _leads_to_a_customer(target_type, set()) else None


def _may_be_hidden(definition: GraphQLField, source: object) -> bool:
    """Whether it is a part that is null for lower roles."""
    type_ = type_of(definition)
    return isinstance(source, PartSource) and not isinstance(type_, GraphQLNonNull)


def _leads_to_a_customer(type_: GraphQLObjectType, seen: set[str]) -> bool:
    """Whether it is a customer's, or a part through which one comes to something that is."""
    declared = type_declaration(type_)
    if declared is None or declared.path is not None:
        return declared is not None
    if type_.name in seen or declared.owned_through is not None:
        return False
    seen.add(type_.name)
    behind = [inner for field in type_.fields.values() for inner, _ in exposed_types(field)]
    return any(_leads_to_a_customer(inner, seen) for inner in behind)


def _source(definition: GraphQLField) -> object:
    try:
        return source_of(definition)
    except Unsupported:
        return None
