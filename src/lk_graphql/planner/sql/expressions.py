"""Expressions and aggregates: SQL of declarations, with placeholders, for both paths."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from tortoise import Model

from lk_graphql.planner.declare.sources import (
    AggregateSource,
    ExpressionSource,
    gate_of,
    policy_of,
)
from lk_graphql.planner.declare.tables import table
from lk_graphql.planner.principal import RequestInfo
from lk_graphql.planner.sql.conditions import where_sql
from lk_graphql.planner.sql.statement import Scope

PlaceholderSql = Callable[[str], str | None]
"""The SQL of a value of the request by its name; None for the names of columns."""


class _Placeholders(dict[str, str]):
    """The SQL of placeholders, looked up on demand by `str.format_map`."""

    def __init__(self, scope: Scope, request_sql: PlaceholderSql) -> None:
        super().__init__()
        self._scope = scope
        self._request_sql = request_sql

    def __missing__(self, name: str) -> str:
        return self._request_sql(name) or self._scope.value(name)


def fill_placeholders(sql: str, scope: Scope, request_sql: PlaceholderSql) -> str:
    """Fill in the placeholders of a declaration's SQL, over the row of `scope`."""
    return f"({sql.format_map(_Placeholders(scope, request_sql))})"


def policy_sql(scope: Scope) -> str:
    """` AND …`: customers may see the row of `scope`; empty for staff and without a policy."""
    policy = policy_of(scope.model) if scope.gated else None
    if policy is None:
        return ""
    return f" AND {policy.sql.format_map({name: scope.column(name) for name in policy.columns})}"


def aggregate_sql(
    source: AggregateSource, scope: Scope, alias: str, request_sql: PlaceholderSql
) -> str:
    """An aggregate over the rows behind a relation that pass their gate and policy."""
    target, join = scope.child(alias, source.relation, "")
    where = join + policy_sql(target)
    where += where_sql(target.model, gate_of(target.model), alias) if scope.gated else ""
    if source.where:
        where += f" AND {fill_placeholders(source.where, target, request_sql)}"
    value = fill_placeholders(source.sql, target, request_sql)
    return f"(SELECT {value} FROM {table(target.model)} {alias} WHERE {where})"


def queryset_sql(
    source: ExpressionSource | AggregateSource,
    model: type[Model],
    request_info: RequestInfo,
    *,
    gated: bool,
) -> str:
    """SQL for a Tortoise queryset, with the values of the request as literals."""
    scope = Scope(table(model), model, (), gated)
    values = request_info.values

    def request_sql(name: str) -> str | None:
        return _constant(values[name]) if name in values else None

    if isinstance(source, AggregateSource):
        return aggregate_sql(source, scope, "across_", request_sql)
    return fill_placeholders(source.sql, scope, request_sql)


def _constant(value: object) -> str:
    match value:
        case None:
            return "NULL::uuid"
        case UUID():
            return f"'{value}'::uuid"
        case datetime():
            return f"'{value.isoformat()}'::timestamptz"
        case date():
            return f"'{value.isoformat()}'::date"
        case _:
            raise TypeError(f"{value!r} can't be named in SQL")
