"""Values of the resolver path: a field's value for one row."""

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
from lk_graphql.planner.resolvers.rows import Row, RowReader
from lk_graphql.planner.sql.expressions import queryset_sql


def value(item: Row, source: Value) -> object:
    """A field's value before its scalar serializes it; awaitable if it must be fetched."""
    model = item.declared.model
    if isinstance(source, ExpressionSource) and source.python_equivalent is None:
        return computed(item, source)
    if any("__" in name for name in source.needs) or _sql_args(source):
        return _fetched_value(item, source)
    request_values = item.rows.request_info.values
    values: list[Any] = [
        item.column(name) if is_column(model, name) else request_values[name]
        for name in source.needs
    ]
    return source.python(*values)


def request_value(source: Value, rows: RowReader) -> object:
    """A root field's value, from values of the request alone."""
    request_values = rows.request_info.values
    values: list[Any] = [request_values[name] for name in source.needs]
    return source.python(*values)


async def _fetched_value(item: Row, source: Value) -> object:
    model, sql_args = item.declared.model, _sql_args(source)
    request_values = item.rows.request_info.values

    async def argument(name: str) -> Any:
        if name in sql_args:
            text = await computed(item, sql_args[name])
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


async def computed(item: Row, source: ExpressionSource | AggregateSource) -> object:
    """The value of a declaration's SQL, fetched by a Tortoise annotation."""
    model, gated = item.declared.model, item.declared.role is None

    async def load(keys: list[UUID]) -> list[object]:
        sql = RawSQL(queryset_sql(source, model, item.rows.request_info, gated=gated))
        query = by_key(model, keys).annotate(computed=sql)
        values = dict(await query.values_list(attribute(model, KEY), "computed"))
        return [values[key] for key in keys]

    return await item.rows.batches.load((model, source), load, item.key)
