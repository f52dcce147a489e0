"""Reachability: whether a field may lead from one type to another.

`node(id:)` checks the owner of the first row only, and relations follow foreign keys from there.
Therefore a relation must provably stay inside the owner's rows, or have an `unsafe_reason`.

No field leads from staff types to customer types or back. A customer's type that staff could reach
would bypass its `owned_through`; a staff type that customers could reach would bypass its role. An
`unsafe_reason` doesn't permit this.
"""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType

from lk_graphql.planner.catalog import Catalog, Unsupported, source_of, type_declaration
from lk_graphql.planner.declare.sources import (
    KEY,
    PUBLIC,
    ConnectionSource,
    CurrentStaffSource,
    LookupSource,
    PartSource,
    TypeDeclaration,
    gate_of,
)
from lk_graphql.planner.declare.tables import (
    JoinStep,
    Models,
    column,
    foreign_keys,
    join_steps,
    path_target,
)
from lk_graphql.planner.untyped import get_named_type, type_of

JoinKeys = list[tuple[str, ...]]
Types = Iterator[tuple[GraphQLObjectType, TypeDeclaration]]


def stays_inside(
    origin: TypeDeclaration, relation: str, target: TypeDeclaration, user: Models | None
) -> bool:
    """True if everyone who may see a row of `origin` may also see the rows behind `relation`.

    Safe targets are:

    - public rows;
    - children without an owner of their own that reference no user besides their parent's;
    - rows owned through the row at which the relation starts;
    - the row through which that row itself is owned, if there is only one. (Of several such rows,
      only one is the viewer's.)
    """
    path = join_steps(origin.model, relation)
    if target.owned_through == PUBLIC:
        return True
    if target.role is not None or origin.role is not None:
        return False
    if target.owned_through is None:
        is_users_child = path[-1].origin is user
        names_other_users = user in foreign_keys(target.model) and not is_users_child
        return all(map(_leads_to_children, path)) and not names_other_users
    if origin.owned_through is None or origin.owned_through == PUBLIC:
        return False
    origin_keys, target_keys = _ownership_keys(origin), _ownership_keys(target)
    reverse_keys = [step.reverse_key for step in reversed(path)]
    upwards = (
        all(step.to_one for step in path)
        and origin_keys == [step.key for step in path] + target_keys
    )
    return upwards or target_keys == reverse_keys + origin_keys


def needs_policy(declared: TypeDeclaration) -> bool:
    """True for a customer's type that is owned through a gated row, such as a link that may end."""
    steps = join_steps(declared.model, declared.path or "")
    return any(gate_of(step.target) for step in steps)


def owner_model(declared: TypeDeclaration) -> Models | None:
    """The user's model, at the end of an ownership path."""
    return None if declared.path is None else path_target(declared.model, declared.path)


def _ownership_keys(declared: TypeDeclaration) -> JoinKeys:
    return [step.key for step in join_steps(declared.model, declared.path or "")]


def _leads_to_children(step: JoinStep) -> bool:
    return step.link is None and step.far != column(step.target, KEY)


def isolation_problems(catalog: Catalog) -> Iterator[str]:
    """A problem for each field between staff and customers, or to types of a higher role."""
    for type_, origin in catalog.declared:
        for name, definition in type_.fields.items():
            for target_type, target in exposed_types(definition):
                if fault := _isolation_problem(origin, definition, target_type, target):
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


def _isolation_problem(
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
