"""From the tree of selected fields to the SQL that builds the answer as JSON.

`roots` says where the rows of root fields come from; here is what stands in a row. Whatever a
client sends becomes a bind parameter. The text is made of table and column names from the models,
expressions from the slices, and GraphQL names, which can't hold a quote.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from tortoise.fields import DecimalField

from lk_graphql.kit.viewer import Role
from lk_graphql.planner import audit_marks
from lk_graphql.planner.catalog import DEFINITION, Unsupported
from lk_graphql.planner.declare import connections
from lk_graphql.planner.declare.scalars import to_wire
from lk_graphql.planner.declare.sources import (
    KEY,
    Across,
    Column,
    Derived,
    Expression,
    Identity,
    OneOf,
    Pages,
    Part,
    Related,
)
from lk_graphql.planner.declare.tables import (
    column_field,
    end,
    hops,
    is_column,
    python_value,
    table,
)
from lk_graphql.planner.principal import NOW, NOW_IN_SQL, SESSION, STAFF, TODAY, VIEWER
from lk_graphql.planner.selection import Argument, Selected, Variant
from lk_graphql.planner.sql import pages
from lk_graphql.planner.sql.conditions import holds, order
from lk_graphql.planner.sql.expressions import aggregated, filled
from lk_graphql.planner.sql.filter_sql import demands
from lk_graphql.planner.sql.statement import (
    Parameter,
    Patch,
    Reading,
    Scope,
    json_list,
    json_object,
    select_list,
)


def writer(shown: Selected) -> Callable[[Any], object]:
    """What brings a function's result, never None, into the form of the field's type."""
    if not shown.variants:
        one = shown.type.serialize
    else:
        fields = [*_fields(shown.only)]

        def one(value: Any) -> object:
            return {key: write(value) for key, write in fields}

    if shown.many:
        return lambda values: [one(value) for value in values]
    return one


def as_it_is(value: object) -> object:
    return value


def _fields(variant: Variant) -> list[tuple[str, Callable[[Any], object]]]:
    """What each selected field of a plain object shows, under its response key."""
    return [(field.key, _attribute(variant, field)) for field in variant.fields]


def _attribute(variant: Variant, field: Selected) -> Callable[[Any], object]:
    if field.name == "__typename":
        return lambda _: variant.type.name
    name = variant.type.fields[field.name].extensions[DEFINITION].python_name
    write = writer(field)

    def shown(value: Any) -> object:
        found = getattr(value, name)
        return None if found is None else write(found)

    return shown


IN_SQL = {
    VIEWER: "(SELECT user_id FROM viewer)",
    SESSION: "(SELECT session_id FROM viewer)",
    STAFF: "(SELECT staff_id FROM staff)",
    NOW: NOW_IN_SQL,
}


class Writer:
    """Writes one statement and collects what goes with it.

    `reserved` is how many parameters come before its own: the viewer's token and the time.
    """

    def __init__(self, reserved: int = 2) -> None:
        self._reserved = reserved
        self.parameters: list[Parameter] = []
        self.patches: list[Patch] = []
        self.asks_staff = False
        self.marks_looks = False
        self._aliases = 0
        self._today = ""

    def select(self, variant: Variant, scope: Scope, rest: str) -> str:
        """The selected fields of the rows of one table."""
        columns = self.columns(variant, scope)
        return f"SELECT {columns} FROM {table(scope.model)} {scope.alias} {rest}"

    def columns(self, variant: Variant, scope: Scope) -> str:
        here = replace(scope, gated=variant.declared.role is None)
        shown = select_list(variant.fields, lambda f: self._value(f, here))
        if variant.declared.looks_at is None:
            return shown
        self.marks_looks = True
        mark = f'{audit_marks.mark(variant.declared, scope.alias)} AS "{audit_marks.MARK}"'
        return f"{shown}, {mark}" if shown else mark

    def staff(self, role: Role) -> str:
        """The condition that staff ask who have this role, or one above it."""
        self.asks_staff = True
        roles = ", ".join(f"'{one}'" for one in role.and_above)
        return f"EXISTS (SELECT FROM staff WHERE role IN ({roles}))"

    def _value(self, field: Selected, scope: Scope) -> str:  # noqa: PLR0911 - one for each source
        match field.source:
            case Column(name):
                return to_wire(field.type.name, scope.column(name))
            case Identity(prefix):
                return f"'{prefix}_' || replace({scope.column(KEY)}::text, '-', '')"
            case Expression(sql):
                return to_wire(field.type.name, filled(sql, scope, self._offered))
            case Across():
                value = aggregated(field.source, scope, self.alias(), self._offered)
                return to_wire(field.type.name, value)
            case Derived():
                return self._derived(field, field.source, scope)
            case Part():
                return self._part(field, scope)
            case Related():
                return self._related(field, field.source, scope)
            case OneOf():
                return self._one_of(field, field.source, scope)
            case Pages():
                return pages.page(self, field, field.source, scope)
            case _:
                raise Unsupported(f"a field from {field.source}")

    def _part(self, field: Selected, scope: Scope) -> str:
        """The row again; as staff's type there only if they have its role."""
        columns = self.columns(field.only, scope.inside(field.key))
        role = field.only.declared.role
        return json_object(f"SELECT {columns}" + (f" WHERE {self.staff(role)}" if role else ""))

    def _offered(self, name: str) -> str | None:
        self.asks_staff |= name == STAFF
        if name == TODAY:
            self._today = self._today or self._next(lambda _, today: today, "date")
            return self._today
        return IN_SQL.get(name)

    def _derived(self, shown: Selected, source: Derived, scope: Scope) -> str:
        """The function's arguments stand where `Patch` will put its result."""
        given = dict(source.given)
        needs = tuple(n for n in source.needs if n not in given and is_column(scope.model, n))
        readers: list[tuple[str, Reading]] = [
            *((name, partial(python_value, column_field(scope.model, name))) for name in needs),
            *((name, as_it_is) for name in given),
        ]
        number, path = len(self.patches), (*scope.path, shown.key)
        self.patches.append(Patch(number, path, source, tuple(readers), writer(shown)))
        values = [str(number), *(_exact(scope, name) for name in needs)]
        values += (filled(one.sql, scope, self._offered) for one in given.values())
        return f"json_build_array({', '.join(values)})"

    def _related(self, field: Selected, source: Related, scope: Scope) -> str:
        there, hanging = scope.child(self.alias(), source.relation, field.key)
        rest = f"WHERE {hanging}{holds(there.model, source.only, there.alias)}"
        rest += demands(self, field, source.filters, there)
        alone = all(hop.to_one for hop in hops(scope.model, source.relation))
        if field.many or not alone:
            rest += f" {order(there.model, source.order_by, there.alias)}"
        if source.takes_last:
            rest += f" LIMIT {self.bind(field.arguments['last'], connections.count, 'int')}"
        elif source.limit or not (field.many or alone):
            rest += f" LIMIT {source.limit or 1}"
        select = self.select(field.only, there, rest)
        return json_list(select) if field.many else json_object(select)

    def _one_of(self, field: Selected, source: OneOf, scope: Scope) -> str:
        """The object behind the first relation that leads somewhere."""
        found: list[str] = []
        for relation in source.relations:
            there, hanging = scope.child(self.alias(), relation, field.key)
            variants = (v for v in field.variants if v.declared.model is end(scope.model, relation))
            found.append(json_object(self.select(next(variants), there, f"WHERE {hanging}")))
        return f"coalesce({', '.join(found)})"

    def alias(self) -> str:
        self._aliases += 1
        return f"t{self._aliases}"

    def bind(self, argument: Argument, convert: Callable[[Any], object], sql_type: str) -> str:
        """A bind parameter: an argument, checked and brought to the type that SQL wants."""
        return self._next(lambda variables, _: convert(argument.read(variables)), sql_type)

    def _next(self, parameter: Parameter, sql_type: str) -> str:
        self.parameters.append(parameter)
        return f"${self._reserved + len(self.parameters)}::{sql_type}"


def _exact(scope: Scope, name: str) -> str:
    """A column for JSON; a decimal travels as text, or it would become a float."""
    exact = isinstance(column_field(scope.model, name), DecimalField)
    return scope.column(name) + ("::text" if exact else "")
