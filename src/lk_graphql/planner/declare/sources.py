"""Sources of fields, and declarations of types: the input of compiler and resolvers."""

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
"""Value of `owned_through`: rows without an owner, visible to guests."""


@dataclass(frozen=True)
class StaffOnly:
    """Value of `owned_through`: rows for staff of this role or above, and not for customers.

    `where` holds conditions on rows that are found by id, for example to exclude drafts; lists have
    their own conditions.
    """

    role: Role
    where: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)


Ownership = str | StaffOnly | None
"""A path to the customer (`""`: own row), `PUBLIC` or `StaffOnly`; None for a part of a parent."""


KEY: Final = "pk"
"""Tortoise's name for a primary key, whatever the column's name."""


class TimeCondition(Enum):
    """Conditions on a time: after now, or not null (`EVER`)."""

    AFTER_NOW = "after now"
    EVER = "whenever"


Conditions = tuple[tuple[str, object], ...]
"""Fields and the values that they must equal; None is IS NULL. See also `TimeCondition`."""


def conditions(where: Mapping[str, object] | None) -> Conditions:
    return tuple((where or {}).items())


@dataclass(frozen=True)
class Filter:
    """A filter on a column, for clients.

    `test` is `=`, `>=`, `<=`, `IN`, `WORDS` or `IS SET`. `sql` is an expression over the row, used
    in place of a column: its values are an enum's, and its test is `IN`. `read` converts a text to
    the column's stored form.
    """

    name: str
    column: str
    test: str
    sql: str = ""
    read: Callable[[str], str] = str

    @property
    def public(self) -> str:
        """Its name in GraphQL."""
        return to_camel_case(self.name.removesuffix("_"))


Filters = tuple[Filter, ...]


@dataclass(frozen=True)
class ColumnSource:
    """A column of the row, or of one behind to-one relations."""

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
    """A Python function whose parameters name columns, values of `RequestInfo`, or `sql_args`.

    `sql_args` holds, by parameter, SQL expressions that yield JSON.
    """

    python: Callable[..., object]
    sql_args: tuple[tuple[str, "ExpressionSource"], ...] = ()

    @cached_property
    def needs(self) -> tuple[str, ...]:
        return tuple(signature(self.python).parameters)


@dataclass(frozen=True)
class ExpressionSource:
    """An SQL expression with `{column}` placeholders, and its equivalent in Python, if any."""

    sql: str
    python_equivalent: Callable[..., object] | None = None

    @cached_property
    def needs(self) -> tuple[str, ...]:
        return tuple(signature(self.python_equivalent).parameters) if self.python_equivalent else ()

    def python(self, *values: object) -> object:
        if self.python_equivalent is None:
            raise TypeError("This expression has no equivalent in Python")
        return self.python_equivalent(*values)


@dataclass(frozen=True)
class AggregateSource:
    """An aggregate over the rows of a relation; `sql` and `where` name their columns."""

    relation: str
    sql: str
    where: str = ""


@dataclass(frozen=True)
class PartSource:
    """The same row as another type, a group of its columns; values of the request at the root."""


@dataclass(frozen=True)
class RelationSource:
    """Rows behind a path of relations: all, one, or the first few in an order."""

    relation: str
    order_by: tuple[str, ...] = ()
    limit: int | None = None
    accepts_first: bool = False  # the argument `first` sets the limit
    where: Conditions = ()
    unsafe_reason: str = ""
    filters: Filters = ()


@dataclass(frozen=True)
class ConnectionSource:
    """Rows behind a relation, page by page: a keyset connection."""

    relation: str
    by: str  # a leading `-` means descending
    where: Conditions = ()
    unsafe_reason: str = ""
    filters: Filters = ()
    of_all: type[Model] | None = None  # instead of a relation: all rows of a model, for staff


@dataclass(frozen=True)
class LookupSource:
    """The row of a model whose unique text column has the argument's value, for staff.

    The argument has the column's name; `read` converts its value.
    """

    model: type[Model]
    column: str
    read: Callable[[str], str] = str


@dataclass(frozen=True)
class ReferenceSource:
    """The object with the key in `key`, if `node(id:)` would show it; ownership is checked again.

    `key` is a column or an SQL expression. If keys of several types occur, the column `by`
    determines the type, and `prefixes` has the id prefix for each of its values.
    """

    key: ColumnSource | ExpressionSource
    by: str = ""
    prefixes: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    def kinds(self, declared: "TypeDeclaration") -> tuple[str, ...]:
        """The values of `by` for which the key is of this type."""
        return tuple(kind for kind, prefix in self.prefixes.items() if prefix == declared.prefix)


@dataclass(frozen=True)
class ViewerSource:
    """The viewer's own row."""


@dataclass(frozen=True)
class CurrentStaffSource:
    """The signed-in staff member's own row."""


@dataclass(frozen=True)
class NodeSource:
    """The object with the id in the argument `id`, if it is the viewer's."""


@dataclass(frozen=True)
class NodesSource:
    """The objects with the ids in the argument `ids`, in its order, null where there is none."""


@dataclass(frozen=True)
class ListSource:
    """All rows of a public type."""

    order_by: tuple[str, ...]
    where: Conditions = ()


Value = ColumnSource | IdSource | DerivedSource | ExpressionSource
Relation = RelationSource | ConnectionSource | LookupSource | ReferenceSource
Root = ViewerSource | CurrentStaffSource | NodeSource | NodesSource | ListSource
Source = Value | AggregateSource | PartSource | Relation | Root


@dataclass(frozen=True)
class TypeDeclaration:
    """The arguments of `@reads` for a GraphQL type.

    `audits` is the foreign key to the row whose personal data the type shows (`""`: its own row),
    None for types without personal data: see `audit_marks`.
    """

    model: type[Model]
    prefix: str = ""
    owned_through: Ownership = None
    audits: str | None = None

    @property
    def path(self) -> str | None:
        """The path to the owning customer; None for rows without one."""
        ownership = self.owned_through
        return ownership if isinstance(ownership, str) and ownership != PUBLIC else None

    @property
    def role(self) -> Role | None:
        """The lowest staff role that may see the rows; None for types of customers."""
        return self.owned_through.role if isinstance(self.owned_through, StaffOnly) else None

    @property
    def where(self) -> Conditions:
        """Conditions on the rows that staff may see."""
        ownership = self.owned_through
        return conditions(ownership.where) if isinstance(ownership, StaffOnly) else ()


def declaration_of(cls: object) -> TypeDeclaration | None:
    """The declaration of a class; None if `@reads` didn't decorate it."""
    return getattr(cls, "__reads__", None)


_gates: dict[type[Model], Conditions] = {}


def set_gate(model: type[Model], where: Conditions) -> None:
    """Register a gate. Raises TypeError if the model has a different one."""
    if _gates.setdefault(model, where) != where:
        raise TypeError(f"{model.__name__} has another gate already")


def gate_of(model: type[Model]) -> Conditions:
    """Conditions on the rows that a path may pass."""
    return _gates.get(model, ())


@dataclass(frozen=True)
class RowPolicy:
    """The rows of a table that customers may see.

    `sql` is a condition with `{column}` placeholders. `python` is the same condition as a function
    of the values of `columns`. Both may name columns behind to-one relations.
    """

    sql: str
    columns: tuple[str, ...]
    python: Callable[..., bool]


_policies: dict[type[Model], RowPolicy | None] = {}


def set_policy(model: type[Model], policy: RowPolicy | None) -> None:
    """Register a policy, None for all rows. Raises TypeError if the model has a different one."""
    if _policies.setdefault(model, policy) != policy:
        raise TypeError(f"{model.__name__} has another policy already")


def policy_of(model: type[Model]) -> RowPolicy | None:
    """The policy of a table; None without restriction."""
    return _policies.get(model)


def has_policy(model: type[Model]) -> bool:
    """True if a policy is registered, even one that shows all rows."""
    return model in _policies
