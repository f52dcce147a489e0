"""The plain path: what graphql-core calls for every source. See `rows` for the database's part."""

# ruff: noqa: ARG001 - Strawberry hands a resolver what its parameters are called

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any

from strawberry.types.base import StrawberryList

from lk_graphql.kit.errors import BadArgument
from lk_graphql.reads import connections
from lk_graphql.reads.arguments import arguments
from lk_graphql.reads.plain_pages import pages
from lk_graphql.reads.resolving import Info, Request, declared_in, returned
from lk_graphql.reads.rows import Item
from lk_graphql.reads.sources import (
    Across,
    ById,
    ByIds,
    Listed,
    OnDuty,
    OneOf,
    Pages,
    Part,
    Related,
    SignedIn,
    Source,
    Value,
)
from lk_graphql.reads.tables import end
from lk_graphql.reads.values import computed, value

__all__ = ["Info", "Request", "resolver"]


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
