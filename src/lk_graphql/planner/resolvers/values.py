"""The plain path's values: what a field shows of one row."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

import orjson
from tortoise.expressions import RawSQL

from lk_graphql.planner.declare.sources import (
    KEY,
    AggregateSource,
    DerivedSource,
    ExpressionSource,
    Value,
)
from lk_graphql.planner.declare.tables import attribute, column_field, is_column, python_value
from lk_graphql.planner.resolvers.querysets import by_key
from lk_graphql.planner.resolvers.rows import Row
from lk_graphql.planner.sql.expressions import queryset_sql


def value(item: Row, source: Value) -> object:
    """What a field shows, before its scalar writes it; awaitable if it has to be fetched."""
    model = item.declared.model
    if isinstance(source, ExpressionSource) and source.python_equivalent is None:
        return computed(item, source)
    if any("__" in name for name in source.needs) or _given(source):
        return _value_behind(item, source)
    known = item.rows.request_info.values()
    values: list[Any] = [
        item.column(name) if is_column(model, name) else known[name] for name in source.needs
    ]
    return source.python(*values)


async def _value_behind(item: Row, source: Value) -> object:
    known, model, given = item.rows.request_info.values(), item.declared.model, _given(source)

    async def named(name: str) -> Any:
        if name in given:
            text = await computed(item, given[name])
            return None if text is None else orjson.loads(cast("str", text))
        return await _column(item, name) if is_column(model, name) else known[name]

    return source.python(*[await named(name) for name in source.needs])


def _given(source: Value) -> Mapping[str, ExpressionSource]:
    return dict(source.sql_args) if isinstance(source, DerivedSource) else {}


async def _column(item: Row, name: str) -> object:
    if "__" not in name:
        return item.column(name)
    model = item.declared.model
    kind = column_field(model, name)

    async def load(keys: list[UUID]) -> list[object]:
        found = dict(await by_key(model, keys).values_list(attribute(model, KEY), name))
        return [python_value(kind, found[key]) for key in keys]

    return await item.rows.batches.one((model, name), load, item.key)


async def computed(item: Row, source: ExpressionSource | AggregateSource) -> object:
    """What only SQL can tell: Tortoise asks for it, the declaration says it."""
    model, gated = item.declared.model, item.declared.role is None

    async def load(keys: list[UUID]) -> list[object]:
        computed = RawSQL(queryset_sql(source, model, item.rows.request_info, gated=gated))
        query = by_key(model, keys).annotate(computed=computed)
        found = dict(await query.values_list(attribute(model, KEY), "computed"))
        return [found[key] for key in keys]

    return await item.rows.batches.one((model, source), load, item.key)
