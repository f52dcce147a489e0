"""Field resolvers of the resolver path, called by graphql-core."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from inspect import Parameter, Signature
from typing import Any, Protocol

import strawberry
from strawberry import UNSET
from strawberry.types import get_object_definition
from strawberry.types.base import StrawberryContainer, StrawberryList, StrawberryOptional
from strawberry.types.lazy_type import LazyType

from lk_graphql.kit.errors import BadArgument
from lk_graphql.planner.declare import connections
from lk_graphql.planner.declare.connections import Edge, Given, PageInfo, Window
from lk_graphql.planner.declare.fields import arguments
from lk_graphql.planner.declare.sources import (
    Across,
    ById,
    ByIds,
    Declared,
    Listed,
    OnDuty,
    OneOf,
    Pages,
    Part,
    Related,
    SignedIn,
    Source,
    Value,
    declaration_of,
)
from lk_graphql.planner.declare.tables import end, field
from lk_graphql.planner.resolvers.rows import Item, Rows
from lk_graphql.planner.resolvers.values import computed, value
from lk_graphql.planner.sql.cursors import Place, ordering


class Request(Protocol):
    """What resolvers need of the API's context."""

    @property
    def rows(self) -> Rows: ...


Info = strawberry.Info[Request, None]


def returned(info: Info) -> Any:
    """The type of the field, without null around it."""
    type_: Any = info.return_type
    return type_.of_type if isinstance(type_, StrawberryOptional) else type_


def declared_in(type_: Any) -> Declared:
    """What `@reads` knows of a field's type, inside a list or a connection too."""
    if isinstance(type_, StrawberryContainer):
        return declared_in(type_.of_type)
    if isinstance(type_, LazyType):
        return declared_in(type_.resolve_type())
    if (found := declaration_of(type_)) is not None:
        return found
    definition = get_object_definition(type_, strict=True)
    nodes = next(field for field in definition.fields if field.python_name == "nodes")
    return declared_in(nodes.resolve_type(type_definition=definition))


def pages(source: Pages) -> Callable[..., Any]:
    async def page(  # noqa: PLR0913, PLR0917 - what clients may say of a page
        root: Item,
        info: Info,
        first: Given[int] = UNSET,
        after: Given[str] = UNSET,
        last: Given[int] = UNSET,
        before: Given[str] = UNSET,
        where: Any = None,
    ) -> Any:
        window = replace(connections.window(first, after, last, before), where=where)
        declared = declared_in(returned(info))
        items, more = await root.rows.page(root, source, declared, window)
        return _Page(root, source, declared, window, items, more)

    return page


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


# ruff: noqa: ARG001 - Strawberry hands a resolver what its parameters are called


def resolver(source: Source, filters: type[Any] | None = None) -> Callable[..., Any]:
    """What graphql-core calls for a field from `source`, with the arguments that it takes."""
    answer: Any = _answer(source)
    given = [
        Parameter("root", Parameter.POSITIONAL_OR_KEYWORD),
        Parameter("info", Parameter.POSITIONAL_OR_KEYWORD, annotation=Info),
    ]
    answer.__signature__ = Signature([*given, *arguments(source, filters)])
    return answer


def _answer(source: Source) -> Callable[..., Any]:  # noqa: PLR0911 - one line for each source
    match source:
        case Related(takes_last=True):
            return _recent(source)
        case Related():
            return _related(source)
        case Pages():
            return pages(source)
        case OneOf():
            return _one_of(source)
        case Part():
            return _part()
        case Across():
            return _across(source)
        case SignedIn() | OnDuty() | ById() | ByIds() | Listed():
            return _root(source)
        case _:
            return _value(source)


def _root(  # noqa: C901 - one of these for each source
    source: SignedIn | OnDuty | ById | ByIds | Listed,
) -> Callable[..., Any]:
    async def signed_in(root: None, info: Info) -> Any:
        return await info.context.rows.signed_in(declared_in(returned(info)))

    async def on_duty(root: None, info: Info) -> Any:
        return await info.context.rows.on_duty(declared_in(returned(info)))

    async def by_id(root: None, info: Info, id: str) -> Any:
        return (await info.context.rows.by_ids([id]))[0]

    async def by_ids(root: None, info: Info, ids: list[str]) -> Any:
        if len(ids) > connections.MOST:
            raise BadArgument(f"Ask for {connections.MOST} ids at most.")
        return await info.context.rows.by_ids(ids)

    match source:
        case SignedIn():
            return signed_in
        case OnDuty():
            return on_duty
        case ById():
            return by_id
        case ByIds():
            return by_ids
        case Listed():
            return _listed(source)


def _listed(source: Listed) -> Callable[..., Any]:
    async def listed(root: None, info: Info) -> Any:
        return await info.context.rows.listed(declared_in(returned(info)), source)

    return listed


def _value(source: Value) -> Callable[..., Any]:
    def shown(root: Item, info: Info) -> Any:
        return value(root, source)

    return shown


def _across(source: Across) -> Callable[..., Any]:
    async def across(root: Item, info: Info) -> Any:
        return await computed(root, source)

    return across


def _part() -> Callable[..., Any]:
    def part(root: Item, info: Info) -> Any:
        declared = declared_in(returned(info))
        if declared.role and not root.rows.may(declared.role):
            return None
        return root.rows.item(root.row, declared)

    return part


def _recent(source: Related) -> Callable[..., Any]:
    async def recent(root: Item, info: Info, last: int, where: Any = None) -> Any:
        declared = declared_in(returned(info))
        return await root.rows.related(root, source, declared, connections.count(last), where)

    return recent


def _related(source: Related) -> Callable[..., Any]:
    async def related(root: Item, info: Info, where: Any = None) -> Any:
        declared = declared_in(returned(info))
        items = await root.rows.related(root, source, declared, source.limit, where)
        if isinstance(returned(info), StrawberryList):
            return items
        return items[0] if items else None

    return related


def _one_of(source: OneOf) -> Callable[..., Any]:
    async def one_of(root: Item, info: Info) -> Any:
        members = [declared_in(type_) for type_ in returned(info).types]
        for relation in source.relations:
            model = end(root.declared.model, relation)
            (declared,) = (member for member in members if member.model is model)
            if items := await root.rows.related(root, Related(relation), declared, 1):
                return items[0]
        return None

    return one_of
