"""The SQL of conditions, gates, relation paths, ownership and order."""

from lk_graphql.planner.declare.sources import KEY, Conditions, TimeCondition, gate_of
from lk_graphql.planner.declare.tables import (
    JoinStep,
    Models,
    column,
    join_steps,
    table,
    unique_columns,
)
from lk_graphql.planner.principal import NOW_SQL


def where_sql(model: Models, conditions: Conditions, alias: str) -> str:
    """` AND …` for each condition; the values come from declarations only."""
    return "".join(
        f" AND {alias}.{column(model, name)} {_comparison(value)}" for name, value in conditions
    )


def _comparison(value: object) -> str:
    match value:
        case None:
            return "IS NULL"
        case TimeCondition.AFTER_NOW:
            return f"> {NOW_SQL}"
        case TimeCondition.EVER:
            return "IS NOT NULL"
        case _:
            return f"= {literal(value)}"


def literal(value: object) -> str:
    """A declaration's constant as an SQL literal."""
    match value:
        case bool() | int():
            return str(value).lower()
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            raise TypeError(f"{value!r} can't be part of a condition")


def join_condition(
    path: tuple[JoinStep, ...], alias: str, origin: str, *, gated: bool = True, near: str = ""
) -> str:
    """The condition that joins `alias`, at the end of `path`, to the row `origin`.

    With `gated`, all rows of the path except the last must pass their gates; staff skip gates.
    `near` is the value at which the path begins, by default the value of the row's own column.
    """
    first, last = path[0], path[-1]
    if len(path) == 1:
        gate = where_sql(first.origin, gate_of(first.origin), origin) if gated else ""
        return last.condition(alias, near or f"{origin}.{first.near}") + gate
    previous = f"{alias}_{len(path)}"
    inner = join_condition(path[:-1], previous, origin, gated=gated, near=near)
    inner += where_sql(last.origin, gate_of(last.origin), previous) if gated else ""
    rows = f"SELECT {previous}.{last.near} FROM {table(last.origin)} {previous} WHERE {inner}"
    if last.link is None:
        return f"{alias}.{last.far} IN ({rows})"
    through, origin_key, target_key = last.link
    rows = f"SELECT {target_key} FROM {through} WHERE {origin_key} IN ({rows})"
    return f"{alias}.{last.far} IN ({rows})"


def ownership_condition(model: Models, path: str, alias: str, viewer: str) -> str:
    """The condition that `path` leads from the row to the viewer."""
    return _ownership(model, join_steps(model, path), alias, viewer)


def _ownership(model: Models, path: tuple[JoinStep, ...], alias: str, viewer: str) -> str:
    if not path:
        return f"{alias}.{column(model, KEY)} = {viewer}"
    step, rest = path[0], path[1:]
    if not rest and step.link is None and step.far == column(step.target, KEY):
        return f"{alias}.{step.near} = {viewer}"  # the foreign key holds the viewer's key
    next_alias = f"{alias}_"
    join = step.condition(next_alias, f"{alias}.{step.near}")
    gate = where_sql(step.target, gate_of(step.target), next_alias) if rest else ""
    ownership = _ownership(step.target, rest, next_alias, viewer)
    rows = f"SELECT FROM {table(step.target)} {next_alias} WHERE {join}{gate} AND {ownership}"
    return f"EXISTS ({rows})"


def order_sql(
    model: Models, by: tuple[str, ...], alias: str, common: str = "", *, backward: bool = False
) -> str:
    """ORDER BY of a total order, which pages and tests need.

    The key comes last. It is omitted if the order is total without it, because an index may have
    the shorter order, and PostgreSQL then doesn't sort. In the column `common` all rows are equal.
    """
    terms = [(column(model, name), is_down) for name, is_down in total_order(by)]
    ordered = {common, *(name for name, _ in terms[:-1])}
    if any(unique <= ordered for unique in unique_columns(model)):
        terms.pop()
    return "ORDER BY " + ", ".join(
        f"{alias}.{name}" + (" DESC" if is_descending is not backward else "")
        for name, is_descending in terms
    )


def total_order(by: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """Names, each with True for descending; the key has the direction of the first."""
    terms = tuple((term.removeprefix("-"), term.startswith("-")) for term in by)
    return (*terms, (KEY, terms[0][1] if terms else False))
