"""Declarations of GraphQL types over Tortoise models, for the slices.

    @reads(models.Invoice, prefix="inv", owned_through="account__links__user")
    class Invoice(Node):
        '''A bill for one account and one month («счёт»).'''

        period: Period = column("The month that is billed.")
        total: Money = column("To pay for the month.", of="closing_balance")
        account: Account = related("The billed account.")

The annotation is the GraphQL type. The docstring, and the first argument of `column` or a similar
function, are descriptions. The attribute has the name of the column or relation, unless `of` names
another one. Tables and keys come from Tortoise's models; paths are written as in querysets.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry
from strawberry.types import get_object_definition
from tortoise import Model

from lk_graphql.kit.enum_labels import labels
from lk_graphql.planner.declare import sources
from lk_graphql.planner.declare.descriptions import choices, description_of
from lk_graphql.planner.declare.fields import (
    AFTER_NOW,
    EVER,
    FieldSpec,
    aggregate,
    all_rows,
    by_id,
    by_ids,
    column,
    current_staff,
    derived,
    expression,
    gate,
    latest,
    listed,
    lookup,
    pages,
    part,
    policy,
    recent,
    reference,
    related,
    signed_in,
    unrestricted,
)
from lk_graphql.planner.declare.sources import (
    PUBLIC,
    Ownership,
    RowPolicy,
    Source,
    StaffOnly,
    TypeDeclaration,
    declaration_of,
)
from lk_graphql.planner.resolvers.fields import resolver
from lk_graphql.planner.resolvers.rows import Row

__all__ = [
    "AFTER_NOW",
    "EVER",
    "PUBLIC",
    "Node",
    "Query",
    "RowPolicy",
    "StaffOnly",
    "aggregate",
    "all_rows",
    "by_id",
    "by_ids",
    "choices",
    "column",
    "current_staff",
    "derived",
    "expression",
    "extends",
    "gate",
    "labels",
    "latest",
    "listed",
    "lookup",
    "pages",
    "part",
    "policy",
    "reads",
    "recent",
    "reference",
    "related",
    "root",
    "signed_in",
    "unrestricted",
]  # fmt: skip

Class = TypeVar("Class", bound=type[Any])
ID = "The opaque id of the object, accepted by `node(id:)`."
EXTENDED: set[type[Any]] = set()
"""Types with fields added by `extends`."""


@strawberry.interface(description="An object with an id.")
class Node:
    id: strawberry.ID = strawberry.field(description=ID)

    @classmethod
    def is_type_of(cls, item: Row, _info: object) -> bool:
        return item.declared is declaration_of(cls)


def reads(
    model: type[Model],
    *,
    prefix: str = "",
    owned_through: Ownership = None,
    audits: str | None = None,
) -> Callable[[Class], Class]:
    """Declare a GraphQL type over a model.

    A `Node` needs the prefix of its ids and its owner, because `node(id:)` checks ownership: a
    Tortoise path to the user's model (`""` for the user's own row), `PUBLIC`, or
    `StaffOnly(role)`. A type without an owner is part of its parent row. `audits` is the foreign
    key to the person whose data staff see in it (`""`: the row itself); each access is logged.
    """

    def declare(cls: Class) -> Class:
        target: Any = cls  # `type` has no such attributes
        if issubclass(cls, Node):
            if not prefix or owned_through is None:
                raise TypeError(f"{cls.__name__} is a Node: give its prefix and owned_through")
            cls.__annotations__["id"] = strawberry.ID
            target.id = FieldSpec(ID, lambda _: sources.IdSource(prefix))
        if audits is not None and not isinstance(owned_through, StaffOnly):
            raise TypeError(f"{cls.__name__}: `audits` is for StaffOnly types")
        target.__reads__ = TypeDeclaration(model, prefix, owned_through, audits)
        return _to_strawberry(cls)

    return declare


def root(cls: Class) -> Class:
    """Declare a type without rows: a root of queries, or the type of a `part` there."""
    return _to_strawberry(cls)


def extends(target: type[Any]) -> Callable[[Class], Class]:
    """Add the fields of this class to a type of an earlier slice."""

    def extend(cls: Class) -> Class:
        target_type, extension = (
            get_object_definition(class_, strict=True) for class_ in (target, _to_strawberry(cls))
        )
        names = {field.name for field in extension.fields}
        if duplicates := names & {field.name for field in target_type.fields}:
            raise TypeError(f"{target.__name__} already has {duplicates}")
        # Strawberry reads this list when it builds the schema
        target_type.fields.extend(extension.fields)
        EXTENDED.add(target)
        return cls

    return extend


def declaration(cls: type[Any]) -> TypeDeclaration:
    """The declaration of a class decorated by `@reads`."""
    target: Any = cls
    return target.__reads__


def _to_strawberry(cls: Class) -> Class:
    """Make a Strawberry type of a class, with resolvers for its declared fields."""
    _inherit(cls)
    for name, spec in [*vars(cls).items()]:
        if isinstance(spec, FieldSpec):
            setattr(cls, name, _field(spec.source(name), spec))
    return strawberry.type(cls, description=description_of(cls))


def _inherit(cls: type[Any]) -> None:
    """Copy the fields of plain base classes, which types for customers and for staff share."""
    for base in cls.__mro__[1:]:
        for name, spec in vars(base).items():
            if isinstance(spec, FieldSpec):
                cls.__annotations__[name] = base.__annotations__[name]
                setattr(cls, name, spec)


def _field(source: Source, spec: FieldSpec) -> Any:
    return strawberry.field(
        resolver=resolver(source, spec.filters),
        description=spec.description,
        metadata={"source": source},
    )


@root
class Query:
    """The root of all queries.

    Each error beside `data` has one of these values as `extensions.code`: `BAD_REQUEST`,
    `UNAUTHENTICATED`, `FORBIDDEN`, `RATE_LIMITED`, `TOO_COMPLEX`, `PERSISTED_QUERY_NOT_FOUND`,
    `UNAVAILABLE` (repeat the request after `Retry-After` seconds, a mutation with the same
    `idempotencyKey`) and `INTERNAL`.
    """

    node: Node | None = by_id(
        "An object by its id; null if it doesn't exist or isn't the viewer's."
    )
    nodes: list[Node | None] = by_ids(
        "Objects in the order of their ids; null for each that `node` returns null for."
    )
