"""The SQL of a connection: one page of rows, and the connection's selected fields."""

from dataclasses import dataclass
from typing import Any

from lk_graphql.planner.catalog import Unsupported
from lk_graphql.planner.declare import connections
from lk_graphql.planner.declare.sources import KEY, ConnectionSource
from lk_graphql.planner.declare.tables import field as model_field
from lk_graphql.planner.declare.tables import table
from lk_graphql.planner.selection import Argument, SelectedField
from lk_graphql.planner.sql import cursors
from lk_graphql.planner.sql.conditions import order_sql, where_sql
from lk_graphql.planner.sql.expressions import policy_sql
from lk_graphql.planner.sql.filter_sql import filter_conditions
from lk_graphql.planner.sql.statement import Scope, SqlContext, json_list, json_object, select_list


@dataclass(frozen=True)
class _PageSql:
    """The SQL of one page: its rows as a CTE called `name`, and its parts."""

    writer: SqlContext
    source: ConnectionSource
    scope: Scope
    join_condition: str
    arguments: dict[str, Argument]
    name: str
    count: str

    @property
    def backward(self) -> bool:
        return self.arguments["last"].is_present

    @property
    def by(self) -> str:
        return self.source.by.removeprefix("-")

    @property
    def ordering(self) -> cursors.Ordering:
        return cursors.ordering(model_field(self.scope.model, self.by))

    @property
    def cursor(self) -> str:
        return self.ordering.cursor_sql(self.scope.column(self.by), self.scope.column(KEY))

    def rows(self) -> str:
        """The rows of the page and one more, which shows whether more rows follow."""
        alias = self.scope.alias
        return (
            f"SELECT {alias}.* FROM {table(self.scope.model)} {alias} WHERE {self.join_condition}"
            f"{self._beyond('after')}{self._beyond('before')} "
            f"{self._order(backward=self.backward)} LIMIT {self.count} + 1"
        )

    def _order(self, *, backward: bool = False) -> str:
        return order_sql(self.scope.model, (self.source.by,), self.scope.alias, backward=backward)

    def _beyond(self, side: str) -> str:
        """` AND …`: the row lies beyond the cursor in this argument; empty without one."""
        argument = self.arguments[side]
        if not argument.is_present:
            return ""
        is_descending = self.source.by.startswith("-")
        sign = "<" if is_descending is (side == "after") else ">"
        position, bind = self.ordering.position, self.writer.bind
        value = bind(argument, lambda cursor: position(cursor).value, self.ordering.cast)
        key = bind(argument, lambda cursor: position(cursor).key, "uuid")
        row = f"({self.scope.column(self.by)}, {self.scope.column(KEY)})"
        return f" AND {row} {sign} ({value}, {key})"

    def part(self, field: SelectedField) -> str:
        """`edges`, `nodes`, `pageInfo` or `totalCount`."""
        inside = self.scope.inside(field.key)
        match field.name:
            case "nodes":
                columns = self.writer.columns(field.only, inside)
                return json_list(f"SELECT {columns} {self._page()}")
            case "edges":
                parts = select_list(field.only.fields, lambda f: self._edge(f, inside))
                return json_list(f"SELECT {parts} {self._page()}")
            case "pageInfo":
                return json_object(f"SELECT {select_list(field.only.fields, self._info)}")
            case "totalCount":
                rows = (
                    f"FROM {table(self.scope.model)} {self.scope.alias} WHERE {self.join_condition}"
                )
                return f"(SELECT count(*) {rows})"
            case _:
                raise Unsupported(f"{field.name} of a connection")

    def _edge(self, field: SelectedField, edge: Scope) -> str:
        if field.name == "cursor":
            return self.cursor
        return json_object(f"SELECT {self.writer.columns(field.only, edge.inside(field.key))}")

    def _page(self) -> str:
        """The page in the list's order, without the additional row."""
        limit = f"LIMIT {self.count}"
        if self.backward:  # the additional row is the first one
            limit = f"OFFSET greatest((SELECT count(*) FROM {self.name}) - {self.count}, 0)"
        return f"FROM {self.name} {self.scope.alias} {self._order()} {limit}"

    def _cursor_at(self, *, end: bool) -> str:
        rows = f"(SELECT {self.scope.alias}.* {self._page()}) {self.scope.alias}"
        return f"(SELECT {self.cursor} FROM {rows} {self._order(backward=end)} LIMIT 1)"

    def _info(self, field: SelectedField) -> str:
        more = f"(SELECT count(*) > {self.count} FROM {self.name})"
        match field.name:
            case "hasNextPage":
                return _boolean_sql(self.arguments["before"].is_present) if self.backward else more
            case "hasPreviousPage":
                return more if self.backward else _boolean_sql(self.arguments["after"].is_present)
            case "startCursor":
                return self._cursor_at(end=False)
            case _:
                return self._cursor_at(end=True)


def page(writer: SqlContext, field: SelectedField, source: ConnectionSource, scope: Scope) -> str:
    """A connection as a JSON object."""
    arguments = dict(field.arguments)
    if arguments["first"].is_present and arguments["last"].is_present:
        raise Unsupported("first and last together, which is an error")
    target, condition = _source_rows(writer, field, source, scope)
    condition += where_sql(target.model, source.where, target.alias) + policy_sql(target)
    condition += filter_conditions(writer, field, source.filters, target)
    argument = arguments["last" if arguments["last"].is_present else "first"]
    count = writer.bind(argument, _size, "int")
    page_sql = _PageSql(writer, source, target, condition, arguments, f"page_{target.alias}", count)
    rows, parts = page_sql.rows(), select_list(field.only.fields, page_sql.part)
    return json_object(f"WITH {page_sql.name} AS ({rows}) SELECT {parts}")


def _source_rows(
    writer: SqlContext, field: SelectedField, source: ConnectionSource, scope: Scope
) -> tuple[Scope, str]:
    """The scope of the connection's rows, and the condition that selects them."""
    if source.of_all is not None:
        return Scope(writer.alias(), source.of_all, (*scope.path, field.key), scope.gated), "true"
    return scope.child(writer.alias(), source.relation, field.key)


def _size(value: Any) -> int:
    return connections.DEFAULT_PAGE_SIZE if value is None else connections.page_size(value)


def _boolean_sql(value: object) -> str:
    return "true" if value else "false"
