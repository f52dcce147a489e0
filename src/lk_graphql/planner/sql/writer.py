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
from lk_graphql.planner.declare.scalars import encode_sql
from lk_graphql.planner.declare.sources import (
    KEY,
    AggregateSource,
    ColumnSource,
    ConnectionSource,
    DerivedSource,
    ExpressionSource,
    IdSource,
    PartSource,
    RelationSource,
    UnionSource,
)
from lk_graphql.planner.declare.tables import (
    column_field,
    is_column,
    join_steps,
    path_target,
    python_value,
    table,
)
from lk_graphql.planner.principal import NOW, NOW_IN_SQL, SESSION, STAFF, TODAY, VIEWER
from lk_graphql.planner.selection import Argument, SelectedField, Variant
from lk_graphql.planner.sql import pages
from lk_graphql.planner.sql.conditions import order_sql, where_sql
from lk_graphql.planner.sql.expressions import aggregate_sql, fill_placeholders
from lk_graphql.planner.sql.filter_sql import filter_conditions
from lk_graphql.planner.sql.statement import (
    Parameter,
    Patch,
    Scope,
    ValueReader,
    json_list,
    json_object,
    select_list,
)


def serializer(shown: SelectedField) -> Callable[[Any], object]:
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


def unchanged(value: object) -> object:
    return value


def _fields(variant: Variant) -> list[tuple[str, Callable[[Any], object]]]:
    """What each selected field of a plain object shows, under its response key."""
    return [(field.key, _attribute(variant, field)) for field in variant.fields]


def _attribute(variant: Variant, field: SelectedField) -> Callable[[Any], object]:
    if field.name == "__typename":
        return lambda _: variant.type.name
    name = variant.type.fields[field.name].extensions[DEFINITION].python_name
    write = serializer(field)

    def shown(value: Any) -> object:
        found = getattr(value, name)
        return None if found is None else write(found)

    return shown


PLACEHOLDER_SQL = {
    VIEWER: "(SELECT user_id FROM viewer)",
    SESSION: "(SELECT session_id FROM viewer)",
    STAFF: "(SELECT staff_id FROM staff)",
    NOW: NOW_IN_SQL,
}


class SqlWriter:
    """Writes one statement and collects what goes with it.

    `reserved` is how many parameters come before its own: the viewer's token and the time.
    """

    def __init__(self, reserved: int = 2) -> None:
        self._reserved = reserved
        self.parameters: list[Parameter] = []
        self.patches: list[Patch] = []
        self.needs_staff = False
        self.marks_access = False
        self._aliases = 0
        self._today = ""

    def select(self, variant: Variant, scope: Scope, rest: str) -> str:
        """The selected fields of the rows of one table."""
        columns = self.columns(variant, scope)
        return f"SELECT {columns} FROM {table(scope.model)} {scope.alias} {rest}"

    def columns(self, variant: Variant, scope: Scope) -> str:
        here = replace(scope, gated=variant.declared.role is None)
        shown = select_list(variant.fields, lambda f: self._value(f, here))
        if variant.declared.audits is None:
            return shown
        self.marks_access = True
        mark = f'{audit_marks.mark_sql(variant.declared, scope.alias)} AS "{audit_marks.MARK}"'
        return f"{shown}, {mark}" if shown else mark

    def staff(self, role: Role) -> str:
        """The condition that staff ask who have this role, or one above it."""
        self.needs_staff = True
        roles = ", ".join(f"'{one}'" for one in role.and_above)
        return f"EXISTS (SELECT FROM staff WHERE role IN ({roles}))"

    def _value(self, field: SelectedField, scope: Scope) -> str:  # noqa: PLR0911 - one for each source
        match field.source:
            case ColumnSource(name):
                return encode_sql(field.type.name, scope.column(name))
            case IdSource(prefix):
                return f"'{prefix}_' || replace({scope.column(KEY)}::text, '-', '')"
            case ExpressionSource(sql):
                return encode_sql(
                    field.type.name, fill_placeholders(sql, scope, self._placeholder_sql)
                )
            case AggregateSource():
                value = aggregate_sql(field.source, scope, self.alias(), self._placeholder_sql)
                return encode_sql(field.type.name, value)
            case DerivedSource():
                return self._derived(field, field.source, scope)
            case PartSource():
                return self._part(field, scope)
            case RelationSource():
                return self._related(field, field.source, scope)
            case UnionSource():
                return self._one_of(field, field.source, scope)
            case ConnectionSource():
                return pages.page(self, field, field.source, scope)
            case _:
                raise Unsupported(f"a field from {field.source}")

    def _part(self, field: SelectedField, scope: Scope) -> str:
        """The row again; as staff's type there only if they have its role."""
        columns = self.columns(field.only, scope.inside(field.key))
        role = field.only.declared.role
        return json_object(f"SELECT {columns}" + (f" WHERE {self.staff(role)}" if role else ""))

    def _placeholder_sql(self, name: str) -> str | None:
        self.needs_staff |= name == STAFF
        if name == TODAY:
            self._today = self._today or self._next(lambda _, today: today, "date")
            return self._today
        return PLACEHOLDER_SQL.get(name)

    def _derived(self, shown: SelectedField, source: DerivedSource, scope: Scope) -> str:
        """The function's arguments stand where `Patch` will put its result."""
        given = dict(source.sql_args)
        needs = tuple(n for n in source.needs if n not in given and is_column(scope.model, n))
        readers: list[tuple[str, ValueReader]] = [
            *((name, partial(python_value, column_field(scope.model, name))) for name in needs),
            *((name, unchanged) for name in given),
        ]
        number, path = len(self.patches), (*scope.path, shown.key)
        self.patches.append(Patch(number, path, source, tuple(readers), serializer(shown)))
        values = [str(number), *(_exact_column(scope, name) for name in needs)]
        values += (
            fill_placeholders(one.sql, scope, self._placeholder_sql) for one in given.values()
        )
        return f"json_build_array({', '.join(values)})"

    def _related(self, field: SelectedField, source: RelationSource, scope: Scope) -> str:
        there, hanging = scope.child(self.alias(), source.relation, field.key)
        rest = f"WHERE {hanging}{where_sql(there.model, source.where, there.alias)}"
        rest += filter_conditions(self, field, source.filters, there)
        alone = all(hop.to_one for hop in join_steps(scope.model, source.relation))
        if field.many or not alone:
            rest += f" {order_sql(there.model, source.order_by, there.alias)}"
        if source.accepts_last:
            rest += f" LIMIT {self.bind(field.arguments['last'], connections.page_size, 'int')}"
        elif source.limit or not (field.many or alone):
            rest += f" LIMIT {source.limit or 1}"
        select = self.select(field.only, there, rest)
        return json_list(select) if field.many else json_object(select)

    def _one_of(self, field: SelectedField, source: UnionSource, scope: Scope) -> str:
        """The object behind the first relation that leads somewhere."""
        found: list[str] = []
        for relation in source.relations:
            there, hanging = scope.child(self.alias(), relation, field.key)
            variants = (
                v for v in field.variants if v.declared.model is path_target(scope.model, relation)
            )
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


def _exact_column(scope: Scope, name: str) -> str:
    """A column for JSON; a decimal travels as text, or it would become a float."""
    exact = isinstance(column_field(scope.model, name), DecimalField)
    return scope.column(name) + ("::text" if exact else "")
