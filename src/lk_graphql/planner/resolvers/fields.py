"""Field resolvers of the resolver path, called by graphql-core, and the values that they return."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from inspect import Parameter, Signature, isawaitable
from typing import Any, Protocol, cast
from uuid import UUID

import orjson
import strawberry
from strawberry import UNSET
from strawberry.types import get_object_definition
from strawberry.types.base import StrawberryContainer, StrawberryList, StrawberryOptional
from strawberry.types.lazy_type import LazyType
from tortoise.expressions import RawSQL

from lk_graphql.planner.declare import connections
from lk_graphql.planner.declare.connections import ArgumentValue, Edge, PageInfo, PageRequest
from lk_graphql.planner.declare.fields import argument_definitions
from lk_graphql.planner.declare.sources import (
    KEY,
    AggregateSource,
    ConnectionSource,
    CurrentStaffSource,
    DerivedSource,
    ExpressionSource,
    ListSource,
    LookupSource,
    NodeSource,
    NodesSource,
    PartSource,
    ReferenceSource,
    RelationSource,
    Source,
    TypeDeclaration,
    Value,
    ViewerSource,
    declaration_of,
)
from lk_graphql.planner.declare.tables import (
    attribute,
    column_field,
    field,
    is_column,
    python_value,
)
from lk_graphql.planner.resolvers.querysets import by_key
from lk_graphql.planner.resolvers.rows import Row, RowReader
from lk_graphql.planner.sql.cursors import CursorPosition, ordering
from lk_graphql.planner.sql.expressions import queryset_sql


class ResolverContext(Protocol):
    """The part of the API's context that resolvers use."""

    @property
    def rows(self) -> RowReader: ...


ResolverInfo = strawberry.Info[ResolverContext, None]


def return_type(info: ResolverInfo) -> Any:
    """The field's type without `| None`."""
    type_: Any = info.return_type
    return type_.of_type if isinstance(type_, StrawberryOptional) else type_


def declaration_in(type_: Any) -> TypeDeclaration:
    """The declaration of a field's type, also inside a list or a connection."""
    if isinstance(type_, StrawberryContainer):
        return declaration_in(type_.of_type)
    if isinstance(type_, LazyType):
        return declaration_in(type_.resolve_type())
    if (declaration := declaration_of(type_)) is not None:
        return declaration
    definition = get_object_definition(type_, strict=True)
    nodes = next(field for field in definition.fields if field.python_name == "nodes")
    return declaration_in(nodes.resolve_type(type_definition=definition))


def pages(source: ConnectionSource) -> Callable[..., Any]:
    async def page(  # noqa: PLR0913, PLR0917 - the arguments of a page
        root: Row,
        info: ResolverInfo,
        first: ArgumentValue[int] = UNSET,
        after: ArgumentValue[str] = UNSET,
        last: ArgumentValue[int] = UNSET,
        before: ArgumentValue[str] = UNSET,
        where: Any = None,
    ) -> Any:
        request = replace(connections.page_request(first, after, last, before), where=where)
        declared = declaration_in(return_type(info))
        rows, has_more = await root.rows.page(root, source, declared, request)
        return _PageObject(root, source, declared, request, rows, has_more)

    return page


@dataclass(frozen=True)
class _PageObject:
    """A connection, with the attributes that graphql-core reads."""

    parent: Row
    source: ConnectionSource
    declared: TypeDeclaration
    request: PageRequest
    nodes: list[Row]
    has_more: bool

    @cached_property
    def edges(self) -> list[Edge[Row]]:
        return [Edge(cursor=self._cursor(item), node=item) for item in self.nodes]

    @property
    def page_info(self) -> PageInfo:
        ends = [edge.cursor for edge in self.edges] or [None]
        backward = self.request.backward
        return PageInfo(
            has_next_page=self.request.before is not None if backward else self.has_more,
            has_previous_page=self.has_more if backward else self.request.after is not None,
            start_cursor=ends[0],
            end_cursor=ends[-1],
        )

    @property
    def total_count(self) -> Any:
        return self.parent.rows.count(self.parent, self.source, self.declared, self.request.where)

    def _cursor(self, item: Row) -> str:
        by = self.source.by.removeprefix("-")
        kind = ordering(field(item.declared.model, by))
        return kind.cursor(CursorPosition(item.column(by), item.key))


# ruff: noqa: ARG001 - Strawberry passes arguments by the names of a resolver's parameters


def resolver(source: Source, filters: type[Any] | None = None) -> Callable[..., Any]:
    """The resolver of a field from `source`, with a signature for its GraphQL arguments."""
    function: Any = _resolver(source)
    parameters = [
        Parameter("root", Parameter.POSITIONAL_OR_KEYWORD),
        Parameter("info", Parameter.POSITIONAL_OR_KEYWORD, annotation=ResolverInfo),
    ]
    function.__signature__ = Signature([*parameters, *argument_definitions(source, filters)])
    return function


def _resolver(source: Source) -> Callable[..., Any]:  # noqa: PLR0911 - one line for each source
    match source:
        case RelationSource(accepts_first=True):
            return _recent(source)
        case RelationSource():
            return _related(source)
        case ConnectionSource():
            return pages(source)
        case ReferenceSource():
            return _referenced(source)
        case LookupSource():
            return _lookup(source)
        case PartSource():
            return _part()
        case AggregateSource():
            return _aggregate(source)
        case ViewerSource() | CurrentStaffSource() | NodeSource() | NodesSource() | ListSource():
            return _root(source)
        case _:
            return _value(source)


def _root(
    source: ViewerSource | CurrentStaffSource | NodeSource | NodesSource | ListSource,
) -> Callable[..., Any]:
    async def signed_in(root: None, info: ResolverInfo) -> Any:
        return await info.context.rows.signed_in(declaration_in(return_type(info)))

    async def current_staff(root: None, info: ResolverInfo) -> Any:
        return await info.context.rows.current_staff(declaration_in(return_type(info)))

    async def by_id(root: None, info: ResolverInfo, id: str) -> Any:
        (row,) = await info.context.rows.by_ids([id])
        only = declaration_of(return_type(info))  # None for an interface
        return row if row is None or only in (None, row.declared) else None

    async def by_ids(root: None, info: ResolverInfo, ids: list[str]) -> Any:
        connections.require_few_ids(ids)
        return await info.context.rows.by_ids(ids)

    match source:
        case ViewerSource():
            return signed_in
        case CurrentStaffSource():
            return current_staff
        case NodeSource():
            return by_id
        case NodesSource():
            return by_ids
        case ListSource():
            return _listed(source)


def _listed(source: ListSource) -> Callable[..., Any]:
    async def listed(root: None, info: ResolverInfo) -> Any:
        return await info.context.rows.listed(declaration_in(return_type(info)), source)

    return listed


def _value(source: Value) -> Callable[..., Any]:
    def read_value(root: object, info: ResolverInfo) -> Any:
        if isinstance(root, Row):
            return _row_value(root, source)
        return _request_value(source, info.context.rows)

    return read_value


def _aggregate(source: AggregateSource) -> Callable[..., Any]:
    async def aggregate(root: Row, info: ResolverInfo) -> Any:
        return await _computed(root, source)

    return aggregate


def _part() -> Callable[..., Any]:
    def part(root: Row | None, info: ResolverInfo) -> Any:
        if root is None:
            return return_type(info)()  # its fields are values of the request
        declared = declaration_in(return_type(info))
        if declared.role and not root.rows.may(declared.role):
            return None
        return root.rows.item(root.row, declared)

    return part


def _recent(source: RelationSource) -> Callable[..., Any]:
    async def recent(root: Row, info: ResolverInfo, first: int, where: Any = None) -> Any:
        declared = declaration_in(return_type(info))
        return await root.rows.related(root, source, declared, connections.page_size(first), where)

    return recent


def _related(source: RelationSource) -> Callable[..., Any]:
    async def related(root: Row, info: ResolverInfo, where: Any = None) -> Any:
        declared = declaration_in(return_type(info))
        items = await root.rows.related(root, source, declared, source.limit, where)
        if isinstance(return_type(info), StrawberryList):
            return items
        return items[0] if items else None

    return related


def _referenced(source: ReferenceSource) -> Callable[..., Any]:
    async def referenced(root: Row, info: ResolverInfo) -> Any:
        type_ = return_type(info)
        members = getattr(type_, "types", None) or (type_,)
        kind = root.column(source.by) if source.by else None
        for declared in map(declaration_in, members):
            if not source.by or kind in source.kinds(declared):
                key: Any = _row_value(root, source.key)
                return await root.rows.owned_by_key(
                    declared, await key if isawaitable(key) else key
                )
        return None

    return referenced


def _lookup(source: LookupSource) -> Callable[..., Any]:
    async def lookup(root: Row, info: ResolverInfo, **arguments: str) -> Any:
        declared = declaration_in(return_type(info))
        return await root.rows.lookup(declared, source, arguments[source.column])

    return lookup


def _row_value(item: Row, source: Value) -> object:
    """A field's value before its scalar serializes it; awaitable if it must be fetched."""
    model = item.declared.model
    if isinstance(source, ExpressionSource) and source.python_equivalent is None:
        return _computed(item, source)
    if any("__" in name for name in source.needs) or _sql_args(source):
        return _fetched_value(item, source)
    request_values = item.rows.request_info.values
    values: list[Any] = [
        item.column(name) if is_column(model, name) else request_values[name]
        for name in source.needs
    ]
    return source.python(*values)


def _request_value(source: Value, rows: RowReader) -> object:
    """A root field's value, from values of the request alone."""
    request_values = rows.request_info.values
    values: list[Any] = [request_values[name] for name in source.needs]
    return source.python(*values)


async def _fetched_value(item: Row, source: Value) -> object:
    model, sql_args = item.declared.model, _sql_args(source)
    request_values = item.rows.request_info.values

    async def argument(name: str) -> Any:
        if name in sql_args:
            text = await _computed(item, sql_args[name])
            return None if text is None else orjson.loads(cast("str", text))
        return await _column(item, name) if is_column(model, name) else request_values[name]

    return source.python(*[await argument(name) for name in source.needs])


def _sql_args(source: Value) -> Mapping[str, ExpressionSource]:
    return dict(source.sql_args) if isinstance(source, DerivedSource) else {}


async def _column(item: Row, name: str) -> object:
    if "__" not in name:
        return item.column(name)
    model = item.declared.model
    column = column_field(model, name)

    async def load(keys: list[UUID]) -> list[object]:
        values = dict(await by_key(model, keys).values_list(attribute(model, KEY), name))
        return [python_value(column, values[key]) for key in keys]

    return await item.rows.batches.load((model, name), load, item.key)


async def _computed(item: Row, source: ExpressionSource | AggregateSource) -> object:
    """The value of a declaration's SQL, fetched by a Tortoise annotation."""
    model, gated = item.declared.model, item.declared.role is None

    async def load(keys: list[UUID]) -> list[object]:
        sql = RawSQL(queryset_sql(source, model, item.rows.request_info, gated=gated))
        query = by_key(model, keys).annotate(computed=sql)
        values = dict(await query.values_list(attribute(model, KEY), "computed"))
        return [values[key] for key in keys]

    return await item.rows.batches.load((model, source), load, item.key)
