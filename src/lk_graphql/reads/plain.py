"""The plain path: what graphql-core calls for every source. See `rows` for the database's part."""

# ruff: noqa: ARG001 - Strawberry hands a resolver what its parameters are called

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, Any, Protocol

import strawberry
from graphql import GraphQLList
from strawberry import UNSET

from lk_graphql.kit.errors import BadArgument
from lk_graphql.reads import connections
from lk_graphql.reads.catalog import declared_of
from lk_graphql.reads.connections import After, Before, Edge, First, PageInfo, Window
from lk_graphql.reads.cursors import Place, ordering
from lk_graphql.reads.filters import taking_where
from lk_graphql.reads.rows import Item, Rows
from lk_graphql.reads.sources import (
    Across,
    ById,
    ByIds,
    Declared,
    Listed,
    OneOf,
    Pages,
    Part,
    Related,
    SignedIn,
    Source,
    Value,
)
from lk_graphql.reads.tables import end, field
from lk_graphql.reads.untyped import get_named_type, get_nullable_type

Newest = Annotated[
    int, strawberry.argument(description=f"How many of the newest, 1 to {connections.MOST}.")
]
Id = Annotated[strawberry.ID, strawberry.argument(description="What `id` of any object shows.")]
Ids = Annotated[
    list[strawberry.ID],
    strawberry.argument(description=f"What `id` of objects shows; {connections.MOST} at most."),
]


class Request(Protocol):
    """What resolvers need of the API's context."""

    @property
    def rows(self) -> Rows: ...


Info = strawberry.Info[Request, None]


def resolver(  # noqa: PLR0911 - one line for each source
    source: Source, filters: type[Any] | None = None
) -> Callable[..., Any]:
    """What graphql-core calls for a field from `source`; `filters` is its input object."""
    match source:
        case Related(takes_last=True):
            return _recent(source, filters)
        case Related():
            return _related(source, filters)
        case Pages():
            return _pages(source, filters)
        case OneOf():
            return _one_of(source)
        case Part():
            return _part
        case Across():
            return _across(source)
        case SignedIn() | ById() | ByIds() | Listed():
            return _root(source)
        case _:
            return _value(source)


def _root(source: SignedIn | ById | ByIds | Listed) -> Callable[..., Any]:
    async def signed_in(root: None, info: Info) -> Any:
        return await info.context.rows.signed_in(_declared(_returned(info)))

    async def by_id(root: None, info: Info, id: Id) -> Any:
        return (await info.context.rows.by_ids([id]))[0]

    async def by_ids(root: None, info: Info, ids: Ids) -> Any:
        if len(ids) > connections.MOST:
            raise BadArgument(f"Ask for {connections.MOST} ids at most.")
        return await info.context.rows.by_ids(ids)

    match source:
        case SignedIn():
            return signed_in
        case ById():
            return by_id
        case ByIds():
            return by_ids
        case Listed():
            return _listed(source)


def _listed(source: Listed) -> Callable[..., Any]:
    async def listed(root: None, info: Info) -> Any:
        return await info.context.rows.listed(_declared(_returned(info)), source)

    return listed


def _value(source: Value) -> Callable[..., Any]:
    def value(root: Item, info: Info) -> Any:
        return root.rows.value(root, source)

    return value


def _across(source: Across) -> Callable[..., Any]:
    async def across(root: Item, info: Info) -> Any:
        return await root.rows.computed(root, source)

    return across


def _part(root: Item, info: Info) -> Any:
    return Item(root.row, _declared(_returned(info)), root.rows)


def _recent(source: Related, filters: type[Any] | None) -> Callable[..., Any]:
    async def recent(
        root: Item, info: Info, last: Newest = source.limit or 1, where: Any = None
    ) -> Any:
        declared = _declared(_returned(info))
        return await root.rows.related(root, source, declared, connections.count(last), where)

    return taking_where(recent, filters)


def _related(source: Related, filters: type[Any] | None) -> Callable[..., Any]:
    async def related(root: Item, info: Info, where: Any = None) -> Any:
        declared = _declared(_returned(info))
        items = await root.rows.related(root, source, declared, source.limit, where)
        if isinstance(_returned(info), GraphQLList):
            return items
        return items[0] if items else None

    return taking_where(related, filters)


def _one_of(source: OneOf) -> Callable[..., Any]:
    async def one_of(root: Item, info: Info) -> Any:
        members = [_declared(type_) for type_ in _returned(info).types]
        for relation in source.relations:
            model = end(root.declared.model, relation)
            (declared,) = (member for member in members if member.model is model)
            if items := await root.rows.related(root, Related(relation), declared, 1):
                return items[0]
        return None

    return one_of


def _pages(source: Pages, filters: type[Any] | None) -> Callable[..., Any]:
    async def pages(  # noqa: PLR0913, PLR0917 - what clients may say of a page
        root: Item,
        info: Info,
        first: First = UNSET,
        after: After = UNSET,
        last: connections.Last = UNSET,
        before: Before = UNSET,
        where: Any = None,
    ) -> Any:
        window = replace(connections.window(first, after, last, before), where=where)
        declared = _declared(_returned(info))
        items, more = await root.rows.page(root, source, declared, window)
        return _Page(root, source, declared, window, items, more)

    return taking_where(pages, filters)


@dataclass(frozen=True)
class _Page:
    """A connection's fields, as graphql-core looks them up."""

    parent: Item
    source: Pages
    declared: Declared
    window: Window
    nodes: list[Item]
    more: bool

    @cached_property
    def edges(self) -> list[Edge[Item]]:
        return [Edge(cursor=self._cursor(item), node=item) for item in self.nodes]

    @property
    def page_info(self) -> PageInfo:
        ends = [edge.cursor for edge in self.edges] or [None]
        backward = self.window.backward
        return PageInfo(
            has_next_page=self.window.before is not None if backward else self.more,
            has_previous_page=self.more if backward else self.window.after is not None,
            start_cursor=ends[0],
            end_cursor=ends[-1],
        )

    @property
    def total_count(self) -> Any:
        return self.parent.rows.count(self.parent, self.source, self.declared, self.window.where)

    def _cursor(self, item: Item) -> str:
        by = self.source.by.removeprefix("-")
        kind = ordering(field(item.declared.model, by))
        return kind.cursor(Place(item.column(by), item.key))


def _returned(info: Info) -> Any:
    """The GraphQL type of the field, without null around it."""
    raw = getattr(info, "_raw_info")  # noqa: B009 - graphql-core's own, private in Strawberry
    return get_nullable_type(raw.return_type)


def _declared(type_: Any) -> Declared:
    """What `@reads` knows of a field's type, inside a list or a connection too."""
    named = get_named_type(type_)
    if (found := declared_of(named)) is not None:
        return found
    return _declared(named.fields["nodes"].type)
