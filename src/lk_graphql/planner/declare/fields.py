"""Functions by which a declaration says where a field comes from, and the field's arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter
from typing import Annotated, Any

import strawberry
from tortoise import Model

from lk_graphql.planner.declare import sources
from lk_graphql.planner.declare.connections import MOST, USUAL
from lk_graphql.planner.declare.filters import WHERE, filters_of
from lk_graphql.planner.declare.sources import (
    ById,
    ByIds,
    Moment,
    Pages,
    Related,
    Source,
    conditions,
    set_gate,
)

Only = Mapping[str, object] | None
"""Conditions on rows, all of them: `{"ended_at": None, "expires_at": AFTER_NOW}`."""
AFTER_NOW, EVER = Moment.AFTER_NOW, Moment.EVER


@dataclass(frozen=True)
class Word:
    """A field as a slice wrote it; its source may need the attribute's name."""

    description: str
    source: Callable[[str], Source]
    filters: type[Any] | None = None


def column(description: str, *, of: str = "") -> Any:
    """A column, of the row or of one behind to-one relations: `of="account__number"`."""
    return Word(description, lambda name: sources.Column(of or name))


def derived(description: str, python: Callable[..., object], **given: str) -> Any:
    """A Python function, run only for those who ask.

    Its parameters name columns (also `account__number`), or `viewer`, `session` (keys or None),
    `on_duty` (`Staff` or None), `now`, `today`, `language`, or what the app lends to the `Reader`
    as `extras`. What takes more rows than this one is `given`: SQL with the braces of `expression`,
    whose JSON the function gets decoded under that name. The result may be an object of a plain
    Strawberry type.
    """
    expressions = tuple((name, sources.Expression(sql)) for name, sql in given.items())
    return Word(description, lambda _: sources.Derived(python, expressions))


def expression(description: str, *, sql: str, python: Callable[..., object] | None = None) -> Any:
    """SQL over `{column}`s, `{viewer}`, `{session}`, `{now}` and `{today}`, the company's day.

    `python` is its twin: a function whose parameters name the same things. Give one whenever
    the row is enough for it: then the two paths check each other.
    """
    return Word(description, lambda _: sources.Expression(sql, python))


def across(description: str, *, of: str, sql: str, where: str = "") -> Any:
    """An aggregate over the relation `of`: `sql="count(*)", where="{read_at} IS NULL"`.

    The braces name columns of the related rows, and what expressions may name besides. Rows
    that don't pass their model's gate don't count.
    """
    return Word(description, lambda _: sources.Across(of, sql, where))


def part(description: str) -> Any:
    """Columns of the same row that belong together, as a type of their own."""
    return Word(description, lambda _: sources.Part())


def related(
    description: str,
    *,
    of: str = "",
    order_by: str = "",
    only: Only = None,
    filters: type[Any] | None = None,
    because: str = "",
) -> Any:
    """What a path of relations leads to, one or many as the annotation says.

    `only` are conditions on the rows: `{"until": None}`; `filters` (see there) is what clients
    may demand of them besides. Where the path may leave what the
    viewer owns, the schema is refused unless `because` argues why that is safe.
    """
    order, wanted = (order_by,) if order_by else (), conditions(only)

    def source(name: str) -> Source:
        return sources.Related(
            of or name, order, only=wanted, because=because, filters=filters_of(filters)
        )

    return Word(description, source, filters)


def latest(description: str, *, of: str, by: str, only: Only = None, because: str = "") -> Any:
    """The newest row of the relation `of`; null before the first."""
    source = sources.Related(of, (f"-{by}",), 1, only=conditions(only), because=because)
    return Word(description, lambda _: source)


def recent(  # noqa: PLR0913 - a declaration's words, all but one by keyword
    description: str,
    *,
    by: str,
    last: int,
    of: str = "",
    only: Only = None,
    filters: type[Any] | None = None,
    because: str = "",
) -> Any:
    """The newest rows of a relation; clients say how many by `last`, or get as many as here."""
    order, wanted = (f"-{by}",), conditions(only)

    def source(name: str) -> Source:
        return sources.Related(of or name, order, last, True, wanted, because, filters_of(filters))

    return Word(description, source, filters)


def pages(
    description: str,
    *,
    by: str,
    of: str = "",
    only: Only = None,
    filters: type[Any] | None = None,
    because: str = "",
) -> Any:
    """A relation that grows, as a keyset connection; `by="-taken_on"` puts the newest first.

    The column may not be null; the key decides between equals.
    """
    wanted = conditions(only)
    known = filters_of(filters)
    return Word(
        description, lambda name: sources.Pages(of or name, by, wanted, because, known), filters
    )


def everything(
    description: str,
    *,
    of: type[Model],
    by: str,
    only: Only = None,
    filters: type[Any] | None = None,
) -> Any:
    """All rows of a model as a keyset connection: for types that are `StaffOnly`."""
    found = sources.Pages("", by, conditions(only), "", filters_of(filters), of)
    return Word(description, lambda _: found, filters)


def one_of(description: str, *relations: str, because: str = "") -> Any:
    """What the first of these foreign keys leads to that isn't null: a union of types."""
    return Word(description, lambda _: sources.OneOf(relations, because))


def by_id(description: str) -> Any:
    """The object that the argument `id` names, if it is the viewer's."""
    return Word(description, lambda _: sources.ById())


def by_ids(description: str) -> Any:
    """The objects that the argument `ids` names, in its order."""
    return Word(description, lambda _: sources.ByIds())


def signed_in(description: str) -> Any:
    """The viewer's own row; null for a guest."""
    return Word(description, lambda _: sources.SignedIn())


def on_duty(description: str) -> Any:
    """The row of the member of staff who asks; null for everybody else."""
    return Word(description, lambda _: sources.OnDuty())


def listed(description: str, *, order_by: str, only: Only = None) -> Any:
    """All rows of a type that is `PUBLIC`: a short, closed list."""
    return Word(description, lambda _: sources.Listed((order_by,), conditions(only)))


def gate(model: type[Model], **only: object) -> None:
    """Say which rows of a model lead on: `gate(models.AccountLink, state="ACTIVE")`.

    A row that doesn't match may be shown, but no path leads through it: not from the viewer to
    what they own, not from one object to another, and it counts in no aggregate.
    """
    set_gate(model, conditions(only))


def arguments(source: Source, filters: type[Any] | None) -> list[Parameter]:
    """`filters` is the input object of a list's argument `where`."""
    where = [_argument(WHERE, filters | None, "Only those that are so.")] if filters else []
    match source:
        case Related(takes_last=True):
            return [_argument("last", int, _NEWEST, source.limit or 1), *where]
        case Related():
            return where
        case Pages():
            return [*_OF_PAGES, *where]
        case ById():
            return [_argument("id", strawberry.ID, "What `id` of any object shows.")]
        case ByIds():
            description = f"What `id` of objects shows; {MOST} at most."
            return [_argument("ids", list[strawberry.ID], description)]
        case _:
            return []


def _argument(
    name: str, kind: Any, description: str, default: object = strawberry.UNSET
) -> Parameter:
    described = Annotated[kind, strawberry.argument(description=description)]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=described)


_NEWEST = f"How many of the newest, 1 to {MOST}."
_OF_PAGES = (
    _argument("first", int | None, f"How many from the start, 1 to {MOST}; {USUAL} by default."),
    _argument("after", str | None, "Only what comes after this cursor."),
    _argument("last", int | None, f"How many from the end instead, 1 to {MOST}."),
    _argument("before", str | None, "Only what comes before this cursor."),
)
