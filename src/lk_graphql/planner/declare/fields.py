"""Functions by which a declaration says where a field comes from, and the field's arguments."""

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
    NodeSource,
    NodesSource,
    RelationSource,
    Source,
    TimeCondition,
    conditions,
    set_gate,
)

Where = Mapping[str, object] | None
"""Conditions on rows, all of them: `{"ended_at": None, "expires_at": AFTER_NOW}`."""
AFTER_NOW, EVER = TimeCondition.AFTER_NOW, TimeCondition.EVER


@dataclass(frozen=True)
class FieldSpec:
    """A field as a slice wrote it; its source may need the attribute's name."""

    description: str
    source: Callable[[str], Source]
    filters: type[Any] | None = None


def column(description: str, *, of: str = "") -> Any:
    """A column, of the row or of one behind to-one relations: `of="account__number"`."""
    return FieldSpec(description, lambda name: sources.ColumnSource(of or name))


def derived(description: str, python: Callable[..., object], **given: str) -> Any:
    """A Python function, run only for those who ask.

    Its parameters name columns (also `account__number`), or `viewer`, `session` (keys or None),
    `on_duty` (`Staff` or None), `now`, `today`, `language`, or what the app lends to the `Reader`
    as `extras`. What takes more rows than this one is `given`: SQL with the braces of `expression`,
    whose JSON the function gets decoded under that name. The result may be an object of a plain
    Strawberry type.
    """
    expressions = tuple((name, sources.ExpressionSource(sql)) for name, sql in given.items())
    return FieldSpec(description, lambda _: sources.DerivedSource(python, expressions))


def expression(description: str, *, sql: str, python: Callable[..., object] | None = None) -> Any:
    """SQL over `{column}`s, `{viewer}`, `{session}`, `{now}` and `{today}`, the company's day.

    `python` is its twin: a function whose parameters name the same things. Give one whenever
    the row is enough for it: then the two paths check each other.
    """
    return FieldSpec(description, lambda _: sources.ExpressionSource(sql, python))


def aggregate(description: str, *, of: str, sql: str, where: str = "") -> Any:
    """An aggregate over the relation `of`: `sql="count(*)", where="{read_at} IS NULL"`.

    The braces name columns of the related rows, and what expressions may name besides. Rows
    that don't pass their model's gate don't count.
    """
    return FieldSpec(description, lambda _: sources.AggregateSource(of, sql, where))


def part(description: str) -> Any:
    """Columns of the same row that belong together, as a type of their own."""
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
    """What a path of relations leads to, one or many as the annotation says.

    `only` are conditions on the rows: `{"until": None}`; `filters` (see there) is what clients
    may demand of them besides. Where the path may leave what the
    viewer owns, the schema is refused unless `because` argues why that is safe.
    """
    order, wanted = (order_by,) if order_by else (), conditions(where)

    def source(name: str) -> Source:
        return sources.RelationSource(
            of or name,
            order,
            where=wanted,
            unsafe_reason=unsafe_reason,
            filters=filters_of(filters),
        )

    return FieldSpec(description, source, filters)


def latest(
    description: str, *, of: str, by: str, where: Where = None, unsafe_reason: str = ""
) -> Any:
    """The newest row of the relation `of`; null before the first."""
    source = sources.RelationSource(
        of, (f"-{by}",), 1, where=conditions(where), unsafe_reason=unsafe_reason
    )
    return FieldSpec(description, lambda _: source)


def recent(  # noqa: PLR0913 - a declaration's words, all but one by keyword
    description: str,
    *,
    by: str,
    last: int,
    of: str = "",
    where: Where = None,
    filters: type[Any] | None = None,
    unsafe_reason: str = "",
) -> Any:
    """The newest rows of a relation; clients say how many by `last`, or get as many as here."""
    order, wanted = (f"-{by}",), conditions(where)

    def source(name: str) -> Source:
        return sources.RelationSource(
            of or name, order, last, True, wanted, unsafe_reason, filters_of(filters)
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
    """A relation that grows, as a keyset connection; `by="-taken_on"` puts the newest first.

    The column may not be null; the key decides between equals.
    """
    wanted = conditions(where)
    known = filters_of(filters)
    return FieldSpec(
        description,
        lambda name: sources.ConnectionSource(of or name, by, wanted, unsafe_reason, known),
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
    """All rows of a model as a keyset connection: for types that are `StaffOnly`."""
    found = sources.ConnectionSource("", by, conditions(where), "", filters_of(filters), of)
    return FieldSpec(description, lambda _: found, filters)


def union_of(description: str, *relations: str, unsafe_reason: str = "") -> Any:
    """What the first of these foreign keys leads to that isn't null: a union of types."""
    return FieldSpec(description, lambda _: sources.UnionSource(relations, unsafe_reason))


def by_id(description: str) -> Any:
    """The object that the argument `id` names, if it is the viewer's."""
    return FieldSpec(description, lambda _: sources.NodeSource())


def by_ids(description: str) -> Any:
    """The objects that the argument `ids` names, in its order."""
    return FieldSpec(description, lambda _: sources.NodesSource())


def signed_in(description: str) -> Any:
    """The viewer's own row; null for a guest."""
    return FieldSpec(description, lambda _: sources.ViewerSource())


def current_staff(description: str) -> Any:
    """The row of the member of staff who asks; null for everybody else."""
    return FieldSpec(description, lambda _: sources.CurrentStaffSource())


def listed(description: str, *, order_by: str, where: Where = None) -> Any:
    """All rows of a type that is `PUBLIC`: a short, closed list."""
    return FieldSpec(description, lambda _: sources.ListSource((order_by,), conditions(where)))


def gate(model: type[Model], **only: object) -> None:
    """Say which rows of a model lead on: `gate(models.AccountLink, state="ACTIVE")`.

    A row that doesn't match may be shown, but no path leads through it: not from the viewer to
    what they own, not from one object to another, and it counts in no aggregate.
    """
    set_gate(model, conditions(only))


def argument_definitions(source: Source, filters: type[Any] | None) -> list[Parameter]:
    """`filters` is the input object of a list's argument `where`."""
    where = [_argument(WHERE, filters | None, "Only those that are so.")] if filters else []
    match source:
        case RelationSource(accepts_last=True):
            return [_argument("last", int, _NEWEST, source.limit or 1), *where]
        case RelationSource():
            return where
        case ConnectionSource():
            return [*_OF_PAGES, *where]
        case NodeSource():
            return [_argument("id", strawberry.ID, "What `id` of any object shows.")]
        case NodesSource():
            description = f"What `id` of objects shows; {MAX_PAGE_SIZE} at most."
            return [_argument("ids", list[strawberry.ID], description)]
        case _:
            return []


def _argument(
    name: str, kind: Any, description: str, default: object = strawberry.UNSET
) -> Parameter:
    described = Annotated[kind, strawberry.argument(description=description)]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=described)


_NEWEST = f"How many of the newest, 1 to {MAX_PAGE_SIZE}."
_OF_PAGES = (
    _argument(
        "first",
        int | None,
        f"How many from the start, 1 to {MAX_PAGE_SIZE}; {DEFAULT_PAGE_SIZE} by default.",
    ),
    _argument("after", str | None, "Only what comes after this cursor."),
    _argument("last", int | None, f"How many from the end instead, 1 to {MAX_PAGE_SIZE}."),
    _argument("before", str | None, "Only what comes before this cursor."),
)
