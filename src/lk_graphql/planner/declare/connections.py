"""Keyset connections: their GraphQL types, and the arguments of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry
from strawberry.types.unset import UnsetType

from lk_graphql.kit.errors import BadArgument

T = TypeVar("T")
ArgumentValue = T | UnsetType | None
MAX_PAGE_SIZE = 100
DEFAULT_PAGE_SIZE = 20


@strawberry.type(description="An item and its position in the list.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(
        description="The cursor of the item; as `after`, it continues the list from here."
    )
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="The position of a page in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(
        description=(
            "Whether more items follow the page; when paging backwards, whether `before` was given."
        )
    )
    has_previous_page: bool = strawberry.field(
        description=(
            "Whether more items precede the page; when paging forwards, whether `after` was given."
        )
    )
    start_cursor: str | None = strawberry.field(
        description="The cursor of the first item; null for an empty page."
    )
    end_cursor: str | None = strawberry.field(
        description="The cursor of the last item; null for an empty page."
    )


@strawberry.type(description="A page of a growing list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The items with their cursors.")
    nodes: list[T] = strawberry.field(description="The items.")
    page_info: PageInfo = strawberry.field(description="The position of the page in the list.")
    total_count: int = strawberry.field(description="The number of items on all pages.")


@dataclass(frozen=True)
class PageRequest:
    """A page as the client's arguments describe it."""

    count: int
    backward: bool = False
    after: str | None = None
    before: str | None = None
    where: Any = None
    """The client's input object of `filters`."""


def page_size(value: object) -> int:
    """Check the size of a page. Raises `BadArgument`."""
    if not isinstance(value, int) or not 1 <= value <= MAX_PAGE_SIZE:
        raise BadArgument(f"Request 1 to {MAX_PAGE_SIZE} items.")
    return value


def require_few_ids(ids: Sequence[object]) -> None:
    """Raises `BadArgument` for more ids than a page has."""
    if len(ids) > MAX_PAGE_SIZE:
        raise BadArgument(f"Request {MAX_PAGE_SIZE} ids at most.")


def page_request(
    first: ArgumentValue[int],
    after: ArgumentValue[str],
    last: ArgumentValue[int],
    before: ArgumentValue[str],
) -> PageRequest:
    """The page that the four arguments describe. Raises `BadArgument`."""
    from_start, from_end = argument_value(first), argument_value(last)
    if from_start is not None and from_end is not None:
        raise BadArgument("Pass `first` or `last`, not both.")
    backward = from_end is not None
    number = from_end if backward else DEFAULT_PAGE_SIZE if from_start is None else from_start
    return PageRequest(page_size(number), backward, argument_value(after), argument_value(before))


def argument_value(argument: ArgumentValue[T]) -> T | None:
    """The argument's value; None if it was omitted."""
    return None if isinstance(argument, UnsetType) else argument
