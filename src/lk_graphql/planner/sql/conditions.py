"""Which rows a statement means: gates, conditions, paths, ownership and order, as SQL."""

from lk_graphql.planner.declare.sources import KEY, Conditions, TimeCondition, gate_of
from lk_graphql.planner.declare.tables import JoinStep, Models, column, join_steps, table
from lk_graphql.planner.principal import NOW_IN_SQL


def where_sql(model: Models, wanted: Conditions, alias: str) -> str:
    """` AND …` for every condition; their values come from declarations only."""
    return "".join(
        f" AND {alias}.{column(model, name)} {_is_like(value)}" for name, value in wanted
    )


def _is_like(value: object) -> str:
    match value:
        case None:
            return "IS NULL"
        case TimeCondition.AFTER_NOW:
            return f"> {NOW_IN_SQL}"
        case TimeCondition.EVER:
            return "IS NOT NULL"
        case _:
            return f"= {literal(value)}"


def literal(value: object) -> str:
    """A constant of a declaration as SQL."""
    match value:
        case bool() | int():
            return str(value).lower()
        case str():
            return "'" + value.replace("'", "''") + "'"
        case _:
            raise TypeError(f"{value!r} can't stand in a condition")


def join_condition(
    path: tuple[JoinStep, ...], alias: str, origin: str, *, gated: bool = True
) -> str:
    """The condition that `alias` is where `path` ends, coming from the row `origin`.

    Rows on the way, the first included, must pass their gates; for staff there are none.
    """
    first, last = path[0], path[-1]
    if len(path) == 1:
        gate = where_sql(first.origin, gate_of(first.origin), origin) if gated else ""
        return last.condition(alias, f"{origin}.{first.near}") + gate
    before = f"{alias}_{len(path)}"
    inner = join_condition(path[:-1], before, origin, gated=gated)
    inner += where_sql(last.origin, gate_of(last.origin), before) if gated else ""
    rows = f"SELECT {before}.{last.near} FROM {table(last.origin)} {before} WHERE {inner}"
    if last.link is None:
        return f"{alias}.{last.far} IN ({rows})"
    through, mine, theirs = last.link
    return f"{alias}.{last.far} IN (SELECT {theirs} FROM {through} WHERE {mine} IN ({rows}))"


def ownership_condition(model: Models, path: str, alias: str, viewer: str) -> str:
    """The condition that a row is the viewer's, who stands at the end of `path`."""
    return _owned(model, join_steps(model, path), alias, viewer)


def _owned(model: Models, path: tuple[JoinStep, ...], alias: str, viewer: str) -> str:
    if not path:
        return f"{alias}.{column(model, KEY)} = {viewer}"
    step, rest = path[0], path[1:]
    if not rest and step.link is None and step.far == column(step.target, KEY):
        return f"{alias}.{step.near} = {viewer}"  # the foreign key itself names the viewer
    there = f"{alias}_"
    here = step.condition(there, f"{alias}.{step.near}")
    gate = where_sql(step.target, gate_of(step.target), there) if rest else ""
    further = _owned(step.target, rest, there, viewer)
    return f"EXISTS (SELECT FROM {table(step.target)} {there} WHERE {here}{gate} AND {further})"


def order_sql(model: Models, by: tuple[str, ...], alias: str, *, backward: bool = False) -> str:
    """ORDER BY, with the key at its end: pages and tests need a total order."""
    return "ORDER BY " + ", ".join(
        f"{alias}.{column(model, name)}" + (" DESC" if falls is not backward else "")
        for name, falls in total_order(by)
    )


def total_order(by: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    """Names and whether they fall; the key follows the direction of the first."""
    terms = tuple((term.removeprefix("-"), term.startswith("-")) for term in by)
    return (*terms, (KEY, terms[0][1] if terms else False))
