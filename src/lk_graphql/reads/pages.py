"""The SQL of a connection: one page of rows, and what is asked about it."""

from dataclasses import dataclass
from typing import Any

from lk_graphql.reads import connections, cursors
from lk_graphql.reads.catalog import Unsupported
from lk_graphql.reads.select import Argument, Selected
from lk_graphql.reads.sources import KEY, Pages
from lk_graphql.reads.statement import Rest, Scope, json_list, json_object, select_list
from lk_graphql.reads.tables import field as model_field
from lk_graphql.reads.tables import holds, order, table

PLACE = '"row number"'  # no GraphQL name and no column has a space


@dataclass(frozen=True)
class _Page:
    """A page's rows under a name, and how to say what is asked about them."""

    writer: Rest
    source: Pages
    scope: Scope
    hanging: str
    arguments: dict[str, Argument]
    name: str
    count: str

    @property
    def backward(self) -> bool:
        return self.arguments["last"].given

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
        """The page and one row more, which tells whether there is a next one."""
        alias, model = self.scope.alias, self.scope.model
        ordered = order(model, (self.source.by,), alias, backward=self.backward)
        return (
            f"SELECT {alias}.*, row_number() OVER ({ordered}) AS {PLACE} "
            f"FROM {table(model)} {alias} WHERE {self.hanging}"
            f"{self._beyond('after')}{self._beyond('before')} {ordered} LIMIT {self.count} + 1"
        )

    def _beyond(self, side: str) -> str:
        """The condition that a row lies beyond the cursor, if there is one."""
        argument = self.arguments[side]
        if not argument.given:
            return ""
        falls = self.source.by.startswith("-")
        sign = "<" if falls is (side == "after") else ">"
        place, bind = self.ordering.place, self.writer.bind
        value = bind(argument, lambda cursor: place(cursor).value, self.ordering.cast)
        key = bind(argument, lambda cursor: place(cursor).key, "uuid")
        here = f"({self.scope.column(self.by)}, {self.scope.column(KEY)})"
        return f" AND {here} {sign} ({value}, {key})"

    def part(self, field: Selected) -> str:
        """`edges`, `nodes`, `pageInfo` or `totalCount`."""
        inside = self.scope.inside(field.key)
        match field.name:
            case "nodes":
                columns = self.writer.columns(field.only, inside)
                return json_list(f"SELECT {columns} {self._shown()}")
            case "edges":
                parts = select_list(field.only.fields, lambda f: self._edge(f, inside))
                return json_list(f"SELECT {parts} {self._shown()}")
            case "pageInfo":
                return json_object(f"SELECT {select_list(field.only.fields, self._info)}")
            case "totalCount":
                rows = f"FROM {table(self.scope.model)} {self.scope.alias} WHERE {self.hanging}"
                return f"(SELECT count(*) {rows})"
            case _:
                raise Unsupported(f"{field.name} of a connection")

    def _edge(self, field: Selected, edge: Scope) -> str:
        if field.name == "cursor":
            return self.cursor
        return json_object(f"SELECT {self.writer.columns(field.only, edge.inside(field.key))}")

    def _shown(self, *, from_end: bool = False) -> str:
        """The page in its order, without the row that only tells that there is more."""
        alias = self.scope.alias
        falls = " DESC" if self.backward is not from_end else ""
        return (
            f"FROM {self.name} {alias} WHERE {alias}.{PLACE} <= {self.count} "
            f"ORDER BY {alias}.{PLACE}{falls}"
        )

    def _info(self, field: Selected) -> str:
        more = f"(SELECT count(*) > {self.count} FROM {self.name})"
        match field.name:
            case "hasNextPage":
                return _truth(self.arguments["before"].given) if self.backward else more
            case "hasPreviousPage":
                return more if self.backward else _truth(self.arguments["after"].given)
            case "startCursor":
                return f"(SELECT {self.cursor} {self._shown()} LIMIT 1)"
            case _:
                return f"(SELECT {self.cursor} {self._shown(from_end=True)} LIMIT 1)"


def page(writer: Rest, field: Selected, source: Pages, scope: Scope) -> str:
    """A connection as a JSON object."""
    arguments = dict(field.arguments)
    if arguments["first"].given and arguments["last"].given:
        raise Unsupported("first and last together, which is an error")
    there, hanging = scope.child(writer.alias(), source.relation, field.key)
    hanging += holds(there.model, source.only, there.alias)
    hanging += writer.demands(field, source.filters, there)
    asked = arguments["last" if arguments["last"].given else "first"]
    count = writer.bind(asked, _count, "int")
    found = _Page(writer, source, there, hanging, arguments, f"page_{there.alias}", count)
    rows, parts = found.rows(), select_list(field.only.fields, found.part)
    return json_object(f"WITH {found.name} AS ({rows}) SELECT {parts}")


def _count(value: Any) -> int:
    return connections.USUAL if value is None else connections.count(value)


def _truth(value: object) -> str:
    return "true" if value else "false"
