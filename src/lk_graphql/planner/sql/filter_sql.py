"""What a client demands of a list's rows, as conditions of the statement."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from lk_graphql.planner.declare.filters import MAX_WORDS, WHERE, sql_type, value_reader
from lk_graphql.planner.declare.sources import Filter, Filters, gate_of
from lk_graphql.planner.declare.tables import JoinStep, join_steps, table
from lk_graphql.planner.selection import Argument, SelectedField
from lk_graphql.planner.sql.conditions import where_sql
from lk_graphql.planner.sql.statement import Scope, SqlContext


def filter_conditions(
    writer: SqlContext, field: SelectedField, filters: Filters, scope: Scope
) -> str:
    """` AND …` for every demand that the client makes on the rows of a list."""
    where = field.arguments.get(WHERE)
    if where is None:
        return ""
    asked = (one for one in filters if one.public in where.keys)
    return "".join(f" AND {_filter_condition(writer, where, one, scope)}" for one in asked)


def _filter_condition(writer: SqlContext, where: Argument, one: Filter, scope: Scope) -> str:
    """On a column; or that there is such a row, where the path leads to many."""
    way, _, last = one.column.rpartition("__")
    path = join_steps(scope.model, way)
    if all(hop.to_one for hop in path):
        return _test(writer, where, one, scope.model, scope.column(one.column))
    there = Scope(writer.alias(), path[-1].target, scope.path, scope.gated)
    test = _test(writer, where, one, scope.model, there.column(last))
    return _path_condition(writer, path, scope, there.alias, test)


def _path_condition(
    writer: SqlContext, path: tuple[JoinStep, ...], scope: Scope, end: str, test: str
) -> str:
    """That a path leads from the row of `scope` to one, called `end`, that passes the test.

    No step looks back at the row: so PostgreSQL may begin at the end, where an index is, instead
    of trying the path from every row there is.
    """
    steps = [scope.alias, *(writer.alias() for _ in path[1:]), end]
    found = test
    for hop, here, there in zip(reversed(path), steps[-2::-1], reversed(steps), strict=False):
        rows = f"SELECT {there}.{hop.far} FROM {table(hop.target)} {there} WHERE {found}"
        if hop.link is not None:
            through, mine, theirs = hop.link
            rows = f"SELECT {mine} FROM {through} WHERE {theirs} IN ({rows})"
        found = f"{here}.{hop.near} IN ({rows})"
        found += where_sql(hop.origin, gate_of(hop.origin), here) if scope.gated else ""
    return found


def _test(writer: SqlContext, where: Argument, one: Filter, model: Any, column: str) -> str:
    value = value_reader(model, one)
    match one.test:
        case "IN":
            return f"{column} = ANY({writer.bind(where, value, sql_type(model, one))})"
        case "THERE":
            return f"({column} IS NOT NULL) = {writer.bind(where, value, 'bool')}"
        case "WORDS":
            numbers = range(MAX_WORDS)
            bound = (writer.bind(where, partial(_pattern, value, n), "text") for n in numbers)
            return " AND ".join(_contains(column, pattern) for pattern in bound)
        case _:
            return f"{column} {one.test} {writer.bind(where, value, sql_type(model, one))}"


def _pattern(value: Callable[[Any], Any], number: int, where: Mapping[str, Any]) -> str:
    """The LIKE pattern of one of the words; of those that aren't there, one that fits all."""
    words = value(where)
    word = words[number] if number < len(words) else ""
    for special in "\\%_":
        word = word.replace(special, f"\\{special}")
    return f"%{word}%"


def _contains(column: str, pattern: str) -> str:
    """`search_key` is what the trigram indexes hold; it forgives more than is meant."""
    by_index = f"search_key({column}) LIKE search_key({pattern})"
    return f"{by_index} AND upper({column}) LIKE upper({pattern})"
