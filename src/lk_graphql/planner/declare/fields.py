"""Functions that declare the source of a GraphQL field, and the arguments of such fields."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter
from typing import Annotated, Any

import strawberry
from tortoise import Model

from lk_graphql.planner.declare import sources
from lk_graphql.planner.declare.connections import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from lk_graphql.planner.declare.filters import WHERE, filters_of
from lk_graphql.planner.declare.sources import (
    ConnectionSource,
    LookupSource,
    NodeSource,
    NodesSource,
    RelationSource,
    RowPolicy,
    Source,
    TimeCondition,
    conditions,
    set_gate,
    set_policy,
)

Where = Mapping[str, object] | None
"""Conditions on rows, joined by AND: `{"ended_at": None, "expires_at": AFTER_NOW}`."""
AFTER_NOW, EVER = TimeCondition.AFTER_NOW, TimeCondition.EVER


@dataclass(frozen=True)
class FieldSpec:
    """A declared field; `source` takes the attribute's name, the default for column or path."""

    description: str
    source: Callable[[str], Source]
    filters: type[Any] | None = None


def column(description: str, *, of: str = "") -> Any:
    """A column of the row, or of a row behind to-one relations: `of="account__number"`."""
    return FieldSpec(description, lambda name: sources.ColumnSource(of or name))


def derived(description: str, python: Callable[..., object], **sql_args: str) -> Any:
    """A field computed by a Python function, which is called only if the field is selected.

    Its parameters name columns (also `account__number`), or `viewer`, `session` (keys or None),
    `current_staff` (`StaffViewer` or None), `now`, `today`, `language`, or one of the engine's
    `dependencies`. `sql_args` supply values from other rows: each is SQL that yields JSON, with the
    placeholders of `expression`, and the function gets the decoded value as the parameter of that
    name. The result may be an object of a plain Strawberry type.
    """
    expressions = tuple((name, sources.ExpressionSource(sql)) for name, sql in sql_args.items())
    return FieldSpec(description, lambda _: sources.DerivedSource(python, expressions))


def expression(description: str, *, sql: str, python: Callable[..., object] | None = None) -> Any:
    """SQL with the placeholders `{column}`, `{viewer}`, `{session}`, `{now}` and `{today}`.

    `{column}` stands for any column's name; `{today}` is the day in the company's zone. `python` is
    an equivalent function with parameters of the same names, for fields that need no other rows.
    The resolver path calls it, so the equivalence tests compare it with the SQL.
    """
    return FieldSpec(description, lambda _: sources.ExpressionSource(sql, python))


def aggregate(description: str, *, of: str, sql: str, where: str = "") -> Any:
    """An aggregate over the relation `of`: `sql="count(*)", where="{read_at} IS NULL"`.

    The placeholders name columns of the related rows, or the values of `expression`. The aggregate
    excludes rows that don't pass their model's gate.
    """
    return FieldSpec(description, lambda _: sources.AggregateSource(of, sql, where))


def part(description: str) -> Any:
    """A group of columns of the same row, as an object type.

    A root field has no row: its type is a `root`, whose fields are `derived` from the request.
    """
    return FieldSpec(description, lambda _: sources.PartSource())


def related(
    description: str,
    *,
    of: str = "",
    order_by: str = "",
    where: Where = None,
    filters: type[Any] | None = None,
    unsafe_reason: str = "",
) -> Any:
    """The rows behind a path of relations, one or many according to the annotation.

    `where` holds fixed conditions (`{"until": None}`), `filters` the input type of the argument
    `where`. A path that may leave the viewer's own rows is an `InvalidDeclaration`, unless
    `unsafe_reason` explains why it is safe.
    """
    order, row_conditions = (order_by,) if order_by else (), conditions(where)

    def source(name: str) -> Source:
        return sources.RelationSource(
            of or name,
            order,
            where=row_conditions,
            unsafe_reason=unsafe_reason,
            filters=filters_of(filters),
        )

    return FieldSpec(description, source, filters)


def latest(
    description: str, *, of: str, by: str, where: Where = None, unsafe_reason: str = ""
) -> Any:
    """The newest row of the relation `of`; null if there is none."""
    source = sources.RelationSource(
        of, (f"-{by}",), 1, where=conditions(where), unsafe_reason=unsafe_reason
    )
    return FieldSpec(description, lambda _: source)


def recent(  # noqa: PLR0913 - the parts of a declaration, all but one by keyword
    description: str,
    *,
    by: str,
    first: int,
    of: str = "",
    where: Where = None,
    filters: type[Any] | None = None,
    unsafe_reason: str = "",
) -> Any:
    """The newest rows of a relation. `first` is the default of the argument `first`."""
    order, row_conditions = (f"-{by}",), conditions(where)

    def source(name: str) -> Source:
        return sources.RelationSource(
            of or name, order, first, True, row_conditions, unsafe_reason, filters_of(filters)
        )

    return FieldSpec(description, source, filters)


def pages(
    description: str,
    *,
    by: str,
    of: str = "",
    where: Where = None,
    filters: type[Any] | None = None,
    unsafe_reason: str = "",
) -> Any:
    """The rows of a relation as a keyset connection; `by="-taken_on"` puts the newest first.

    The column must not be null; rows with equal values are ordered by key.
    """
    row_conditions = conditions(where)
    list_filters = filters_of(filters)
    return FieldSpec(
        description,
        lambda name: sources.ConnectionSource(
            of or name, by, row_conditions, unsafe_reason, list_filters
        ),
        filters,
    )


def all_rows(
    description: str,
    *,
    of: type[Model],
    by: str,
    where: Where = None,
    filters: type[Any] | None = None,
) -> Any:
    """All rows of a model as a keyset connection, for `StaffOnly` types."""
    source = sources.ConnectionSource("", by, conditions(where), "", filters_of(filters), of)
    return FieldSpec(description, lambda _: source, filters)


def lookup(description: str, *, of: type[Model], by: str, read: Callable[[str], str] = str) -> Any:
    """The row of a model with the argument's value in the unique column `by`, for staff.

    `read` converts the argument to the form in which the column stores it.
    """
    return FieldSpec(description, lambda _: LookupSource(of, by, read))


def reference(
    description: str,
    *,
    of: str = "",
    sql: str = "",
    by: str = "",
    prefixes: Mapping[Any, str] | None = None,
) -> Any:
    """The object whose key is in the column `of` or from `sql`; null where `node` would be null.

    The annotation is a type with an owner, or a union of such types. For a union, `prefixes` has
    the id prefix for each value of the column `by`. The row with the key may belong to another
    customer, or no longer to the viewer: unlike `related`, the field checks the owner.
    """
    key = sources.ExpressionSource(sql) if sql else sources.ColumnSource(of)
    source = sources.ReferenceSource(key, by, {} if prefixes is None else prefixes)
    return FieldSpec(description, lambda _: source)


def by_id(description: str) -> Any:
    """The object with the id in the argument `id`; null unless it is the viewer's."""
    return FieldSpec(description, lambda _: sources.NodeSource())


def by_ids(description: str) -> Any:
    """The objects with the ids in the argument `ids`, in its order."""
    return FieldSpec(description, lambda _: sources.NodesSource())


def signed_in(description: str) -> Any:
    """The viewer's own row; null for a guest."""
    return FieldSpec(description, lambda _: sources.ViewerSource())


def current_staff(description: str) -> Any:
    """The signed-in staff member's own row; null for customers and guests."""
    return FieldSpec(description, lambda _: sources.CurrentStaffSource())


def listed(description: str, *, order_by: str, where: Where = None) -> Any:
    """All rows of a `PUBLIC` type: a short, closed list."""
    return FieldSpec(description, lambda _: sources.ListSource((order_by,), conditions(where)))


def gate(model: type[Model], **where: object) -> None:
    """Declare the rows of a model that paths may pass: `gate(models.AccountLink, state="ACTIVE")`.

    A row that doesn't match can itself be shown, but no path of ownership or relations leads
    through it, and aggregates exclude it.
    """
    set_gate(model, conditions(where))


def policy(model: type[Model], visible: RowPolicy) -> None:
    """Declare the rows of a model that customers may see, whatever path leads to them.

    Ownership, relations, pages and aggregates exclude the others. A type that is owned through a
    gated row needs a policy, and so do its parts if it shows all rows: see `unrestricted`.
    """
    set_policy(model, visible)


def unrestricted(model: type[Model], reason: str) -> None:
    """Declare that customers may see all rows of a model that they own, and the reason."""
    if not reason:
        raise TypeError(f"{model.__name__}: state why customers may see all of its rows")
    set_policy(model, None)


def argument_definitions(  # noqa: PLR0911 - one case for each source
    source: Source, filters: type[Any] | None
) -> list[Parameter]:
    """The GraphQL arguments of a field; `filters` is the input type of `where`."""
    where_arguments = [_argument(WHERE, filters | None, "Filters the list.")] if filters else []
    match source:
        case RelationSource(accepts_first=True):
            return [_argument("first", int, _NEWEST, source.limit or 1), *where_arguments]
        case RelationSource():
            return where_arguments
        case ConnectionSource():
            return [*_OF_PAGES, *where_arguments]
        case LookupSource(column=column):
            return [_argument(column, str, "The complete value, as it is stored.")]
        case NodeSource():
            return [
                _argument(
                    "id", strawberry.ID, "The id of the object, as its field `id` returns it."
                )
            ]
        case NodesSource():
            description = (
                "The ids of the objects, as their field `id` returns them; "
                f"at most {MAX_PAGE_SIZE}."
            )
            return [_argument("ids", list[strawberry.ID], description)]
        case _:
            return []


def _argument(
    name: str, kind: Any, description: str, default: object = strawberry.UNSET
) -> Parameter:
    described = Annotated[kind, strawberry.argument(description=description)]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=described)


_NEWEST = f"The number of items to return, the newest first; 1 to {MAX_PAGE_SIZE}."
_OF_PAGES = (
    _argument(
        "first",
        int | None,
        f"The number of items to return from the start, 1 to {MAX_PAGE_SIZE}; "
        f"{DEFAULT_PAGE_SIZE} by default.",
    ),
    _argument("after", str | None, "Returns the items after this cursor."),
    _argument(
        "last",
        int | None,
        f"The number of items to return from the end instead, 1 to {MAX_PAGE_SIZE}.",
    ),
    _argument("before", str | None, "Returns the items before this cursor."),
)
