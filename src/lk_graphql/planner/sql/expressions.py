"""Values that only SQL can tell, written by a declaration; both paths fill in its braces."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from tortoise import Model

from lk_graphql.planner.declare.sources import AggregateSource, ExpressionSource, gate_of
from lk_graphql.planner.declare.tables import table
from lk_graphql.planner.principal import RequestInfo
from lk_graphql.planner.sql.conditions import where_sql
from lk_graphql.planner.sql.statement import Scope

PlaceholderSql = Callable[[str], str | None]
"""The SQL of what a declaration may name besides columns; None if it is a column."""


class _Placeholders(dict[str, str]):
    """What stands in the braces of a declaration's SQL, found when it is asked for."""

    def __init__(self, scope: Scope, offered: PlaceholderSql) -> None:
        super().__init__()
        self._scope = scope
        self._offered = offered

    def __missing__(self, name: str) -> str:
        return self._offered(name) or self._scope.column(name)


def fill_placeholders(sql: str, scope: Scope, offered: PlaceholderSql) -> str:
    """A declaration's SQL over the row of `scope`."""
    return f"({sql.format_map(_Placeholders(scope, offered))})"


def aggregate_sql(
    source: AggregateSource, scope: Scope, alias: str, offered: PlaceholderSql
) -> str:
    """An aggregate over the rows that hang on the row of `scope`, and that pass their gate."""
    there, hanging = scope.child(alias, source.relation, "")
    where = hanging + (where_sql(there.model, gate_of(there.model), alias) if scope.gated else "")
    if source.where:
        where += f" AND {fill_placeholders(source.where, there, offered)}"
    value = fill_placeholders(source.sql, there, offered)
    return f"(SELECT {value} FROM {table(there.model)} {alias} WHERE {where})"


def queryset_sql(
    source: ExpressionSource | AggregateSource,
    model: type[Model],
    occasion: RequestInfo,
    *,
    gated: bool,
) -> str:
    """The SQL over a queryset's own table, with the server's own facts written out in it."""
    scope = Scope(table(model), model, (), gated)
    known = occasion.values()

    def offered(name: str) -> str | None:
        return _constant(known[name]) if name in known else None

    if isinstance(source, AggregateSource):
        return aggregate_sql(source, scope, "across_", offered)
    return fill_placeholders(source.sql, scope, offered)


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
