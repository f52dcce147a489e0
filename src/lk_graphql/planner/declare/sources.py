"""Sources of fields: the vocabulary that compiler and resolvers share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from inspect import signature
from typing import Final
from uuid import UUID

from strawberry.utils.str_converters import to_camel_case
from tortoise import Model

from lk_graphql.kit import ids
from lk_graphql.kit.viewer import Role

PUBLIC: Final = "(public)"
"""For `owned_through`: rows that belong to nobody, and that a guest may see."""


@dataclass(frozen=True)
class StaffOnly:
    """For `owned_through`: rows that staff of this role or above may see, and no customer.

    `only` are conditions on what their ids show: a draft isn't the supplier's business yet.
    Lists have conditions of their own.
    """

    role: Role
    where: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)


Ownership = str | StaffOnly | None
"""A path to the customer (`""` for their own row), `PUBLIC`, staff's; None for part of a parent."""


KEY: Final = "pk"
"""Tortoise's name for a primary key, whatever its column is called."""


class TimeCondition(Enum):
    """What a condition may ask of a time, besides being a constant: EVER, that there is one."""

    AFTER_NOW = "after now"
    EVER = "whenever"


Conditions = tuple[tuple[str, object], ...]
"""Field and value, all of them equal; None stands for IS NULL, a `Moment` for what it says."""


def conditions(wanted: Mapping[str, object] | None) -> Conditions:
    return tuple((wanted or {}).items())


@dataclass(frozen=True)
class Filter:
    """A demand that clients may make on a column.

    `test` is `=`, `>=`, `<=`, `IN`, `WORDS` or `THERE`.
    """

    name: str
    column: str
    test: str

    @property
    def public(self) -> str:
        """Its name for clients."""
        return to_camel_case(self.name.removesuffix("_"))


Filters = tuple[Filter, ...]


@dataclass(frozen=True)
class ColumnSource:
    """A column of the row, or of one that a path of to-one relations leads to."""

    name: str

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.name,)

    def python(self, value: object) -> object:
        return value


@dataclass(frozen=True)
class IdSource:
    """The public id: the type's prefix and the key."""

    prefix: str
    needs = (KEY,)

    def python(self, key: UUID) -> object:
        return ids.to_public(self.prefix, key)


@dataclass(frozen=True)
class DerivedSource:
    """A Python function whose parameters name columns, things of the `Occasion`, or `given` ones.

    What is given is JSON that an expression in SQL makes, by parameter.
    """

    python: Callable[..., object]
    sql_args: tuple[tuple[str, "ExpressionSource"], ...] = ()

    @cached_property
    def needs(self) -> tuple[str, ...]:
        return tuple(signature(self.python).parameters)


@dataclass(frozen=True)
class ExpressionSource:
    """What `sql` says, which names columns as `{column}`; `twin` says it in Python."""

    sql: str
    python_equivalent: Callable[..., object] | None = None

    @cached_property
    def needs(self) -> tuple[str, ...]:
        return tuple(signature(self.python_equivalent).parameters) if self.python_equivalent else ()

    def python(self, *values: object) -> object:
        if self.python_equivalent is None:
            raise TypeError("This expression has no twin in Python")
        return self.python_equivalent(*values)


@dataclass(frozen=True)
class AggregateSource:
    """An aggregate over the rows of a relation: `sql` and `where` name their columns."""

    relation: str
    sql: str
    where: str = ""


@dataclass(frozen=True)
class PartSource:
    """The same row again, as another type: columns that belong together."""


@dataclass(frozen=True)
class RelationSource:
    """Rows that a path of relations leads to: all, one, or the first few in an order."""

    relation: str
    order_by: tuple[str, ...] = ()
    limit: int | None = None
    accepts_last: bool = False  # the client may say how many, by the argument `last`
    where: Conditions = ()
    unsafe_reason: str = ""
    filters: Filters = ()


@dataclass(frozen=True)
class ConnectionSource:
    """Rows that hang on this one and grow without end: a keyset connection."""

    relation: str
    by: str  # `-` in front: from the highest to the lowest
    where: Conditions = ()
    unsafe_reason: str = ""
    filters: Filters = ()
    of_all: type[Model] | None = None  # all rows of a model instead, for staff


@dataclass(frozen=True)
class UnionSource:
    """What the first foreign key leads to that isn't null: a union of types."""

    relations: tuple[str, ...]
    unsafe_reason: str = ""


@dataclass(frozen=True)
class ViewerSource:
    """The viewer's own row."""


@dataclass(frozen=True)
class CurrentStaffSource:
    """The row of the member of staff who asks."""


@dataclass(frozen=True)
class NodeSource:
    """Whatever the argument `id` points at, if it is the viewer's."""


@dataclass(frozen=True)
class NodesSource:
    """The same for the list `ids`, in its order, with nulls for what isn't there."""


@dataclass(frozen=True)
class ListSource:
    """All rows of a public type."""

    order_by: tuple[str, ...]
    where: Conditions = ()


Value = ColumnSource | IdSource | DerivedSource | ExpressionSource
Relation = RelationSource | ConnectionSource | UnionSource
Root = ViewerSource | CurrentStaffSource | NodeSource | NodesSource | ListSource
Source = Value | AggregateSource | PartSource | Relation | Root


@dataclass(frozen=True)
class TypeDeclaration:
    """What `@reads` knows of a GraphQL type; `owned_through` is None for part of a parent.

    `looks_at` is the foreign key to the row whose personal data it shows (`""`: itself), None
    for types that show nobody's: see `looks`.
    """

    model: type[Model]
    prefix: str = ""
    owned_through: Ownership = None
    audits: str | None = None

    @property
    def path(self) -> str | None:
        """The path to the customer whose rows they are; None for all others."""
        owned = self.owned_through
        return owned if isinstance(owned, str) and owned != PUBLIC else None

    @property
    def role(self) -> Role | None:
        """The least role of staff that may see them; None for what isn't staff's."""
        return self.owned_through.role if isinstance(self.owned_through, StaffOnly) else None

    @property
    def where(self) -> Conditions:
        """What a row must be like to be shown to staff at all."""
        owned = self.owned_through
        return conditions(owned.where) if isinstance(owned, StaffOnly) else ()


def declaration_of(cls: object) -> TypeDeclaration | None:
    """What `@reads` knows of a class; None for all others."""
    return getattr(cls, "__reads__", None)


_gates: dict[type[Model], Conditions] = {}


def set_gate(model: type[Model], wanted: Conditions) -> None:
    """Remember a gate; a second one for the same model must say the same."""
    if _gates.setdefault(model, wanted) != wanted:
        raise TypeError(f"{model.__name__} has another gate already")


def gate_of(model: type[Model]) -> Conditions:
    """What a row must be like for a path to lead through it."""
    return _gates.get(model, ())
