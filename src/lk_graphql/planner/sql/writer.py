"""The SQL writer: from the tree of selected fields to SQL that builds the answer as JSON.

`roots` writes the statement around the rows, and this module writes the columns of a row. Every
value from a client is a bind parameter. The SQL text consists of table and column names from the
models, expressions from the slices, and GraphQL names, which can't contain quotes.
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
    PUBLIC,
    AggregateSource,
    ColumnSource,
    ConnectionSource,
    DerivedSource,
    ExpressionSource,
    IdSource,
    LookupSource,
    PartSource,
    ReferenceSource,
    RelationSource,
    TypeDeclaration,
)
from lk_graphql.planner.declare.tables import (
    JoinStep,
    column_field,
    is_column,
    join_steps,
    python_value,
    table,
)
from lk_graphql.planner.principal import NOW, NOW_SQL, SESSION, STAFF, TODAY, VIEWER
from lk_graphql.planner.selection import Argument, SelectedField, Variant
from lk_graphql.planner.sql import pages
from lk_graphql.planner.sql.conditions import literal, order_sql, ownership_condition, where_sql
from lk_graphql.planner.sql.expressions import aggregate_sql, fill_placeholders, policy_sql
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


def serializer(field: SelectedField) -> Callable[[Any], object]:
    """A serializer for results of a derived field other than None."""
    if not field.variants:
        write_item = field.type.serialize
    else:
        fields = [*_attribute_serializers(field.only)]

        def write_item(value: Any) -> object:
            return {key: write(value) for key, write in fields}

    if field.many:
        return lambda values: [write_item(value) for value in values]
    return write_item


def unchanged(value: object) -> object:
    return value


def _attribute_serializers(variant: Variant) -> list[tuple[str, Callable[[Any], object]]]:
    """The serializer of each selected field of a plain object, with its response key."""
    return [(field.key, _attribute_serializer(variant, field)) for field in variant.fields]


def _attribute_serializer(variant: Variant, field: SelectedField) -> Callable[[Any], object]:
    if field.name == "__typename":
        return lambda _: variant.type.name
    name = variant.type.fields[field.name].extensions[DEFINITION].python_name
    write = serializer(field)

    def write_attribute(value: Any) -> object:
        result = getattr(value, name)
        return None if result is None else write(result)

    return write_attribute


PLACEHOLDER_SQL = {
    VIEWER: "(SELECT user_id FROM viewer)",
    SESSION: "(SELECT session_id FROM viewer)",
    STAFF: "(SELECT staff_id FROM staff)",
    NOW: NOW_SQL,
}


class SqlWriter:
    """Writes one statement, and collects its parameters and patches.

    `reserved` is the number of parameters before those of the writer: by default two, the token's
    hash and the time.
    """

    def __init__(self, reserved: int = 2) -> None:
        self._reserved = reserved
        self.parameters: list[Parameter] = []
        self.patches: list[Patch] = []
        self.needs_staff = False
        self.marks_access = False
        self._aliases = 0
        self._today = ""

    def select(self, variant: Variant, scope: Scope, clauses: str) -> str:
        """A SELECT of the selected fields from one table."""
        columns = self.columns(variant, scope)
        return f"SELECT {columns} FROM {table(scope.model)} {scope.alias} {clauses}"

    def columns(self, variant: Variant, scope: Scope) -> str:
        row = replace(scope, gated=variant.declared.role is None)
        columns = select_list(variant.fields, lambda field: self._value(field, row))
        if variant.declared.audits is None:
            return columns
        self.marks_access = True
        mark = f'{audit_marks.mark_sql(variant.declared, scope.alias)} AS "{audit_marks.MARK}"'
        return f"{columns}, {mark}" if columns else mark

    def staff(self, role: Role) -> str:
        """The condition that the principal is staff with this role or a higher one."""
        self.needs_staff = True
        roles = ", ".join(f"'{member}'" for member in role.and_above)
        return f"EXISTS (SELECT FROM staff WHERE role IN ({roles}))"

    def ownership(self, declared: TypeDeclaration, scope: Scope) -> str:
        """The condition that the principal may see the row of `scope` as this type."""
        if declared.owned_through == PUBLIC:
            return "true"
        if declared.role is not None:
            conditions = where_sql(declared.model, declared.where, scope.alias)
            return self.staff(declared.role) + conditions
        if declared.path is None:
            raise Unsupported("a root field of a type that is part of another")
        viewer = PLACEHOLDER_SQL[VIEWER]
        owned = ownership_condition(declared.model, declared.path, scope.alias, viewer)
        return owned + policy_sql(scope)

    def _value(self, field: SelectedField, scope: Scope) -> str:  # noqa: C901, PLR0911 - one for each source
        match field.source:
            case ColumnSource(name):
                return encode_sql(field.type.name, scope.column(name))
            case IdSource(prefix):
                return f"'{prefix}_' || replace({scope.column(KEY)}::text, '-', '')"
            case ExpressionSource(sql):
                return encode_sql(field.type.name, self.expression(sql, scope))
            case AggregateSource():
                value = aggregate_sql(field.source, scope, self.alias(), self._placeholder_sql)
                return encode_sql(field.type.name, value)
            case DerivedSource():
                return self._derived(field, field.source, scope)
            case PartSource():
                return self._part(field, scope)
            case RelationSource():
                return self._related(field, field.source, scope)
            case ReferenceSource():
                return self._referenced(field, field.source, scope)
            case LookupSource():
                return self._lookup(field, field.source, scope)
            case ConnectionSource():
                return pages.page(self, field, field.source, scope)
            case _:
                raise Unsupported(f"a field from {field.source}")

    def _part(self, field: SelectedField, scope: Scope) -> str:
        """The same row as another type; for a staff type, null without its role."""
        columns = self.columns(field.only, scope.inside(field.key))
        role = field.only.declared.role
        return json_object(f"SELECT {columns}" + (f" WHERE {self.staff(role)}" if role else ""))

    def _placeholder_sql(self, name: str) -> str | None:
        self.needs_staff |= name == STAFF
        if name == TODAY:
            self._today = self._today or self._next(lambda _, today: today, "date")
            return self._today
        return PLACEHOLDER_SQL.get(name)

    def expression(self, sql: str, scope: Scope) -> str:
        """The SQL of a declaration, over the row of `scope`."""
        return fill_placeholders(sql, scope, self._placeholder_sql)

    def _derived(self, field: SelectedField, source: DerivedSource, scope: Scope) -> str:
        """A JSON array of the function's arguments, which a `Patch` replaces by its result."""
        sql_args = dict(source.sql_args)
        needs = tuple(n for n in source.needs if n not in sql_args and is_column(scope.model, n))
        readers: list[tuple[str, ValueReader]] = [
            *((name, partial(python_value, column_field(scope.model, name))) for name in needs),
            *((name, unchanged) for name in sql_args),
        ]
        number, path = len(self.patches), (*scope.path, field.key)
        self.patches.append(Patch(number, path, source, tuple(readers), serializer(field)))
        values = [str(number), *(_exact_column(scope, name) for name in needs)]
        values += (self.expression(argument.sql, scope) for argument in sql_args.values())
        return f"json_build_array({', '.join(values)})"

    def request_part(self, field: SelectedField) -> str:
        """A `part` at the root, an object with values of the request."""
        values = select_list(field.only.fields, lambda f: self.request_value(f, (field.key,)))
        return json_object(f"SELECT {values}")

    def request_value(self, field: SelectedField, parents: tuple[str, ...] = ()) -> str:
        """A derived field of a root, whose function needs values of the request only."""
        if not isinstance(field.source, DerivedSource):
            raise Unsupported(f"a field without a row from {field.source}")
        number, path = len(self.patches), (*parents, field.key)
        self.patches.append(Patch(number, path, field.source, (), serializer(field)))
        return f"json_build_array({number})"

    def _related(self, field: SelectedField, source: RelationSource, scope: Scope) -> str:
        target, join = scope.child(self.alias(), source.relation, field.key)
        clauses = f"WHERE {join}{where_sql(target.model, source.where, target.alias)}"
        clauses += policy_sql(target)
        clauses += filter_conditions(self, field, source.filters, target)
        steps = join_steps(scope.model, source.relation)
        is_to_one = all(step.to_one for step in steps)
        if field.many or not is_to_one:
            clauses += f" {order_sql(target.model, source.order_by, target.alias, _common(steps))}"
        if source.accepts_first:
            clauses += f" LIMIT {self.bind(field.arguments['first'], connections.page_size, 'int')}"
        elif source.limit or not (field.many or is_to_one):
            clauses += f" LIMIT {source.limit or 1}"
        select = self.select(field.only, target, clauses)
        return json_list(select) if field.many else json_object(select)

    def _referenced(self, field: SelectedField, source: ReferenceSource, scope: Scope) -> str:
        """The object whose key this row holds, with the ownership condition of a root field."""
        objects: list[str] = []
        for variant in field.variants:
            target = Scope(self.alias(), variant.declared.model, (*scope.path, field.key))
            clauses = f"WHERE {target.column(KEY)} = {self._reference_key(source, scope)}"
            if source.by:
                kinds = ", ".join(map(literal, source.kinds(variant.declared)))
                clauses += f" AND {scope.column(source.by)} IN ({kinds})"
            clauses += f" AND {self.ownership(variant.declared, target)}"
            objects.append(json_object(self.select(variant, target, clauses)))
        return f"coalesce({', '.join(objects)})"

    def _reference_key(self, source: ReferenceSource, scope: Scope) -> str:
        if isinstance(source.key, ColumnSource):
            return scope.column(source.key.name)
        return fill_placeholders(source.key.sql, scope, self._placeholder_sql)

    def _lookup(self, field: SelectedField, source: LookupSource, scope: Scope) -> str:
        target = Scope(self.alias(), source.model, (*scope.path, field.key), scope.gated)
        value = self.bind(field.arguments[source.column], source.read, "text")
        clauses = f"WHERE {target.column(source.column)} = {value}"
        return json_object(self.select(field.only, target, clauses))

    def alias(self) -> str:
        self._aliases += 1
        return f"t{self._aliases}"

    def bind(self, argument: Argument, convert: Callable[[Any], object], sql_type: str) -> str:
        """A bind parameter with an argument's value, converted to the SQL type."""
        return self._next(lambda variables, _: convert(argument.read(variables)), sql_type)

    def _next(self, parameter: Parameter, sql_type: str) -> str:
        self.parameters.append(parameter)
        return f"${self._reserved + len(self.parameters)}::{sql_type}"


def _common(steps: tuple[JoinStep, ...]) -> str:
    """The column in which all rows behind these steps are equal; empty if there is none."""
    is_direct = len(steps) == 1 and steps[0].link is None
    return steps[0].far if is_direct else ""


def _exact_column(scope: Scope, name: str) -> str:
    """A column for JSON; a decimal as text, because a JSON number would become a float."""
    is_decimal = isinstance(column_field(scope.model, name), DecimalField)
    return scope.column(name) + ("::text" if is_decimal else "")
