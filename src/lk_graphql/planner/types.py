"""The words in which a slice says where its GraphQL fields come from.

    @reads(models.Invoice, prefix="inv", owned_through="account__links__user")
    class Invoice(Node):
        '''A bill for one account and one month («счёт»).'''

        period: Period = column("The month that is billed.")
        total: Money = column("To pay for the month.", of="closing_balance")
        account: Account = related("Whose bill it is.")

The annotation is the GraphQL type, the docstring and the first argument of a word are its
descriptions. The attribute's name is the column's or the relation's; `of` says otherwise. A slice
names no table and no key: Tortoise's models know them. Paths are spelled as in its querysets.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry
from strawberry.types import get_object_definition
from tortoise import Model

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
    pages,
    part,
    recent,
    related,
    signed_in,
    union_of,
)
from lk_graphql.planner.declare.sources import (
    PUBLIC,
    Ownership,
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
    "latest",
    "listed",
    "pages",
    "part",
    "reads",
    "recent",
    "related",
    "root",
    "signed_in",
    "union_of",
]  # fmt: skip

Class = TypeVar("Class", bound=type[Any])
ID = "Opaque; good for `node(id:)`."
EXTENDED: set[type[Any]] = set()
"""The types that `extends` has added fields to."""


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

    A `Node` must also say its id's prefix and, as a Tortoise path to the user's model, whose it
    is (`""` for the user's own row, `PUBLIC` for everybody's, `StaffOnly(role)` for staff's):
    without that `node(id:)` would hand it to anybody. A type without it is part of the row it
    hangs on. `looks_at` is the foreign key to whoever's personal data staff see in it (`""`: the
    row itself), so that each look is noted.
    """

    def declare(cls: Class) -> Class:
        target: Any = cls  # its type doesn't know the attributes that it gets
        if issubclass(cls, Node):
            if not prefix or owned_through is None:
                raise TypeError(f"{cls.__name__} is a Node: say its prefix and owned_through")
            cls.__annotations__["id"] = strawberry.ID
            target.id = FieldSpec(ID, lambda _: sources.IdSource(prefix))
        if audits is not None and not isinstance(owned_through, StaffOnly):
            raise TypeError(f"{cls.__name__}: only what staff see is noted")
        target.__reads__ = TypeDeclaration(model, prefix, owned_through, audits)
        return _to_strawberry(cls)

    return declare


def root(cls: Class) -> Class:
    """Declare a type that stands over no row: where queries start."""
    return _to_strawberry(cls)


def extends(target: type[Any]) -> Callable[[Class], Class]:
    """Add the fields of this class to a type of another slice, which needn't know."""

    def extend(cls: Class) -> Class:
        theirs, ours = (
            get_object_definition(c, strict=True) for c in (target, _to_strawberry(cls))
        )
        if twice := {f.name for f in theirs.fields} & {f.name for f in ours.fields}:
            raise TypeError(f"{target.__name__} already has {twice}")
        theirs.fields.extend(ours.fields)  # Strawberry reads the list when it builds the schema
        EXTENDED.add(target)
        return cls

    return extend


def declaration(cls: type[Any]) -> TypeDeclaration:
    """What `@reads` knows of a class that it has declared."""
    target: Any = cls
    return target.__reads__


def _to_strawberry(cls: Class) -> Class:
    """Make a Strawberry type of a class, and fields with resolvers of its words."""
    for name, word in [*vars(cls).items()]:
        if isinstance(word, FieldSpec):
            setattr(cls, name, _field(word.source(name), word))
    return strawberry.type(cls, description=description_of(cls))


def _field(source: Source, word: FieldSpec) -> Any:
    return strawberry.field(
        resolver=resolver(source, word.filters),
        description=word.description,
        metadata={"source": source},
    )


@root
class Query:
    """Where every query starts."""

    node: Node | None = by_id("An object by its id; null if there is none or it isn't yours.")
    nodes: list[Node | None] = by_ids(
        "Objects in the order of their ids; null for those that `node` wouldn't show."
    )
