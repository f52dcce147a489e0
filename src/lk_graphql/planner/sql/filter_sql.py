"""The SQL of the filters of lists."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from lk_graphql.planner.declare.filters import (
    JOINTS,
    MAX_WORDS,
    SAME_LETTERS,
    WHERE,
    sql_type,
    value_reader,
)
from lk_graphql.planner.declare.sources import Filter, Filters, gate_of
from lk_graphql.planner.declare.tables import JoinStep, join_steps, table
from lk_graphql.planner.selection import Argument, SelectedField
from lk_graphql.planner.sql.conditions import where_sql
from lk_graphql.planner.sql.statement import Scope, SqlContext


def filter_conditions(
    writer: SqlContext, field: SelectedField, filters: Filters, scope: Scope
) -> str:
    """` AND …` for each present filter of a list."""
    where = field.arguments.get(WHERE)
    if where is None:
        return ""
    present = (filter_ for filter_ in filters if filter_.public in where.keys)
    return "".join(
        f" AND {_filter_condition(writer, where, filter_, scope)}" for filter_ in present
    )


def _filter_condition(writer: SqlContext, where: Argument, filter_: Filter, scope: Scope) -> str:
    """A condition on a column; for to-many paths, the existence of a row that meets it."""
    if filter_.sql:
        value = writer.expression(filter_.sql, scope)
        return _test(writer, where, filter_, scope.model, value)
    relations, _, last = filter_.column.rpartition("__")
    path = join_steps(scope.model, relations)
    if all(step.to_one for step in path):
        return _test(writer, where, filter_, scope.model, scope.column(filter_.column))
    target = Scope(writer.alias(), path[-1].target, scope.path, scope.gated)
    test = _test(writer, where, filter_, scope.model, target.column(last))
    return _path_condition(writer, path, scope, target.alias, test)


def _path_condition(
    writer: SqlContext, path: tuple[JoinStep, ...], scope: Scope, end: str, test: str
) -> str:
    """The condition that a path leads from the row of `scope` to a row `end` that passes the test.

    The subqueries are uncorrelated, so that PostgreSQL can start at the indexed end of the path
    instead of following the path from each row.
    """
    aliases = [scope.alias, *(writer.alias() for _ in path[1:]), end]
    condition = test
    joins = zip(reversed(path), aliases[-2::-1], reversed(aliases), strict=False)
    for step, near, far in joins:
        rows = f"SELECT {far}.{step.far} FROM {table(step.target)} {far} WHERE {condition}"
        if step.link is not None:
            through, origin_key, target_key = step.link
            rows = f"SELECT {origin_key} FROM {through} WHERE {target_key} IN ({rows})"
        condition = f"{near}.{step.near} IN ({rows})"
        condition += where_sql(step.origin, gate_of(step.origin), near) if scope.gated else ""
    return condition


def _test(writer: SqlContext, where: Argument, filter_: Filter, model: Any, column: str) -> str:
    value = value_reader(model, filter_)
    match filter_.test:
        case "IN":
            return f"{column} = ANY({writer.bind(where, value, sql_type(model, filter_))})"
        case "IS SET":
            return f"({column} IS NOT NULL) = {writer.bind(where, value, 'bool')}"
        case "WORDS":
            numbers = range(MAX_WORDS)
            patterns = (writer.bind(where, partial(_pattern, value, n), "text") for n in numbers)
            return " AND ".join(_contains(column, pattern) for pattern in patterns)
        case _:
            return f"{column} {filter_.test} {writer.bind(where, value, sql_type(model, filter_))}"


def _pattern(value: Callable[[Any], Any], number: int, where: Mapping[str, Any]) -> str:
    """The LIKE pattern for a word; a missing word matches everything."""
    words = value(where)
    word = words[number] if number < len(words) else ""
    for special in "\\%_":
        word = word.replace(special, f"\\{special}")
    return f"%{word}%"


def _contains(column: str, pattern: str) -> str:
    """A condition on `search_key`, for the trigram index, and a stricter one on the exact text."""
    any_joint = f"translate(search_key({pattern}), {_literal(JOINTS)}, '{'_' * len(JOINTS)}')"
    exact, searched = (
        f"translate(upper({text}), {_literal(_SPELLINGS)}, {_literal(_USUAL)})"
        for text in (column, pattern)
    )
    return f"search_key({column}) LIKE {any_joint} AND {exact} LIKE {searched}"


def _literal(text: str) -> str:
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


_SPELLINGS = "".join(group.upper()[1:] for group in SAME_LETTERS)
_USUAL = "".join(group.upper()[0] * (len(group) - 1) for group in SAME_LETTERS)
