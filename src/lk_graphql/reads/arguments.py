"""The arguments of a field, for each kind of source, as parameters of its resolver."""

from inspect import Parameter
from typing import Annotated, Any

import strawberry

from lk_graphql.reads.connections import MOST, USUAL
from lk_graphql.reads.filters import WHERE
from lk_graphql.reads.sources import ById, ByIds, Pages, Related, Source


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
