"""Checks of a schema's declarations, run when the engine starts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Any

from graphql import GraphQLField, GraphQLList, GraphQLNonNull, GraphQLObjectType
from tortoise.fields import BigIntField

from lk_graphql.planner.catalog import Catalog, Unsupported, source_of, type_declaration
from lk_graphql.planner.checks.reachability import (
    exposed_types,
    isolation_problems,
    needs_policy,
    owner_model,
    stays_inside,
)
from lk_graphql.planner.declare.sources import (
    PUBLIC,
    AggregateSource,
    ColumnSource,
    ConnectionSource,
    DerivedSource,
    ExpressionSource,
    ListSource,
    LookupSource,
    PartSource,
    ReferenceSource,
    RelationSource,
    Source,
    TimeCondition,
    TypeDeclaration,
    gate_of,
    has_policy,
    policy_of,
)
from lk_graphql.planner.declare.tables import (
    Models,
    attribute,
    column_field,
    field,
    is_column,
    join_steps,
    meta,
    path_target,
)
from lk_graphql.planner.principal import NOW, PLACEHOLDERS, SESSION, TODAY, VIEWER
from lk_graphql.planner.sql.conditions import total_order
from lk_graphql.planner.sql.cursors import ordering
from lk_graphql.planner.untyped import get_named_type, get_nullable_type, type_of

SQL_PLACEHOLDERS = {VIEWER, SESSION, NOW, TODAY}


class InvalidDeclaration(TypeError):
    """Declarations that would give wrong answers or expose rows to users who don't own them."""


def check(catalog: Catalog, extras: Iterable[str]) -> None:
    """Raise `InvalidDeclaration` with all problems; the models must be open."""
    users = {user for _, declared in catalog.declared if (user := owner_model(declared))}
    problems = [*_catalog_problems(catalog, users, {*extras}), *isolation_problems(catalog)]
    for type_, declared in catalog.declared:
        for name, definition in type_.fields.items():
            user = next(iter(users), None)
            field_check = _FieldCheck(definition, declared, frozenset(extras), user)
            problems += [f"{type_.name}.{name}: {fault}" for fault in field_check.problems()]
    if problems:
        raise InvalidDeclaration("\n".join(problems))


def _catalog_problems(catalog: Catalog, users: set[Models], extras: set[str]) -> Iterator[str]:
    prefixes = [declared.prefix for _, declared in catalog.declared if declared.prefix]
    if len(set(prefixes)) < len(prefixes):
        yield f"two types share a prefix: {sorted(prefixes)}"
    if len(users) > 1:
        yield f"paths to the owner end at several models: {users}"
    for type_, declared in catalog.declared:
        if needs_policy(declared):
            yield from _policy_problems(type_, declared, set())
    query: Any = catalog.schema.query_type
    roots: dict[str, GraphQLField] = query.fields
    for name, definition in roots.items():
        source = _source(definition)
        if isinstance(source, ListSource) and _declared(definition).owned_through != PUBLIC:
            yield f"Query.{name}: only a PUBLIC type can be listed"
        fields = {f"Query.{name}": definition}
        if isinstance(source, PartSource):
            part = get_named_type(type_of(definition))
            fields = {f"{part.name}.{key}": inner for key, inner in part.fields.items()}
        for place, field_ in fields.items():
            yield from (f"{place}: {fault}" for fault in _rowless_problems(field_, extras))


def _source(definition: GraphQLField) -> Source | None:
    try:
        return source_of(definition)
    except Unsupported:
        return None


def _rowless_problems(definition: GraphQLField, extras: set[str]) -> Iterator[str]:
    """The problems of a derived field without a row."""
    source = _source(definition)
    if isinstance(source, DerivedSource):
        unknown = {*source.needs} - PLACEHOLDERS - extras
        yield from (f"{need} is not a value of the request" for need in unknown)
        if _exposes_rows(get_named_type(type_of(definition))):
            yield "the result of a function can't contain declared types: their rows aren't read"


def _policy_problems(
    type_: GraphQLObjectType, declared: TypeDeclaration, seen: set[str]
) -> Iterator[str]:
    """The problems of a type that needs a policy; if it shows all rows, also those of its parts."""
    seen.add(type_.name)
    if not has_policy(declared.model):
        yield f"{type_.name}: declare its `policy`, or that it is `unrestricted`"
    policy = policy_of(declared.model)
    if policy is not None:
        names = (name for name in policy.columns if not is_column(declared.model, name))
        yield from (f"{type_.name}: its policy's {name} isn't a column" for name in names)
        return
    for definition in type_.fields.values():
        for part, part_declared in exposed_types(definition):
            if part_declared.owned_through is None and part.name not in seen:
                yield from _policy_problems(part, part_declared, seen)


@dataclass(frozen=True)
class _FieldCheck:
    """The checks of one field of a declared type."""

    definition: GraphQLField
    declared: TypeDeclaration
    extras: frozenset[str]
    user: Models | None

    @property
    def model(self) -> Models:
        return self.declared.model

    @property
    def type(self) -> Any:
        return type_of(self.definition)

    @property
    def is_required(self) -> bool:
        return isinstance(self.type, GraphQLNonNull)

    def problems(self) -> Iterator[str]:
        source = source_of(self.definition)
        try:
            match source:
                case ColumnSource(name):
                    yield from self._column(name)
                case DerivedSource():
                    yield from self._derived(source)
                case ExpressionSource(sql):
                    yield from self._names([*_braces(sql), *source.needs], SQL_PLACEHOLDERS)
                case AggregateSource(relation, sql, where):
                    target = path_target(self.model, relation)
                    yield from _unknown(target, [*_braces(sql), *_braces(where)], SQL_PLACEHOLDERS)
                case PartSource():
                    yield from self._part()
                case ReferenceSource():
                    yield from self._reference(source)
                case LookupSource():
                    yield from self._lookup(source)
                case RelationSource() | ConnectionSource():
                    yield from self._relation(source)
                case _:
                    pass
        except (KeyError, TypeError) as error:
            yield f"{error}"

    def _column(self, name: str) -> Iterator[str]:
        if not is_column(self.model, name):
            yield f"there is no column {name}"
            return
        field_ = column_field(self.model, name)
        relations = name.rpartition("__")[0]
        if self.is_required and (field_.null or self._may_be_null(relations)):
            yield f"{name} may be null"
        if isinstance(field_, BigIntField) and get_named_type(self.type).name == "Int":
            yield f"{name} has more digits than a GraphQL Int"

    def _derived(self, source: DerivedSource) -> Iterator[str]:
        sql_args = dict(source.sql_args)
        yield from self._names(source.needs, PLACEHOLDERS | self.extras | {*sql_args})
        for argument in sql_args.values():
            yield from self._names(_braces(argument.sql), SQL_PLACEHOLDERS)
        if _exposes_rows(get_named_type(self.type)):
            yield "the result of a function can't contain declared types: their rows aren't read"

    def _names(self, names: Iterable[str], allowed: Iterable[str]) -> Iterator[str]:
        yield from _unknown(self.model, names, allowed)
        for name in {*names} & {*PLACEHOLDERS}:
            if name in field_names(self.model):
                yield f"{name} is both a column and a value of the request: rename one of them"

    def _part(self) -> Iterator[str]:
        target = _declared(self.definition)
        if target.model is not self.model:
            yield "a part must be declared over the same model"
        if target.path not in {None, self.declared.path}:
            yield "a part has another owner than its row"

    def _reference(self, source: ReferenceSource) -> Iterator[str]:
        if isinstance(source.key, ColumnSource):
            yield from _unknown(self.model, [source.key.name], ())
        else:
            yield from self._names(_braces(source.key.sql), SQL_PLACEHOLDERS)
        named = get_named_type(self.type)
        members: Any = getattr(named, "types", None) or (named,)
        for member in members:
            declared = type_declaration(member)
            if declared is None or declared.owned_through is None:
                yield f"{member.name} has no owner to check"
            elif source.by and not source.kinds(declared):
                yield f"no value of {source.by} leads to {member.name}"
        prefixes = {declared.prefix for declared in filter(None, map(type_declaration, members))}
        if unknown := {*source.prefixes.values()} - prefixes:
            yield f"no type of {named.name} has the prefixes {sorted(unknown)}"
        if self.is_required:
            yield "may be null"

    def _lookup(self, source: LookupSource) -> Iterator[str]:
        if _declared(self.definition).model is not source.model:
            yield "its type is declared over another model"
        if self.is_required:
            yield "may be null"
        if not column_field(source.model, source.column).unique:
            yield f"{source.column} isn't unique"

    def _relation(self, source: RelationSource | ConnectionSource) -> Iterator[str]:
        declared = type_declaration(_node(get_named_type(self.type)))
        targets = {declared.model: declared} if declared else {}
        if isinstance(source, ConnectionSource) and source.of_all is not None:
            if source.of_all not in targets:
                yield "its type is declared over another model"
            yield from self._details(source)
            return
        relation = source.relation
        target = targets.get(path_target(self.model, relation))
        if target is None:
            yield f"{relation} doesn't lead to the model of the field's type"
        elif not source.unsafe_reason and not self._stays_inside(relation, target):
            yield f"{relation} may leave what the viewer owns and has no `unsafe_reason`"
        elif self._passes_hidden_rows(relation):
            yield f"{relation} passes through rows with a policy: relate them one by one"
        many = isinstance(get_nullable_type(self.type), GraphQLList) or isinstance(
            source, ConnectionSource
        )
        if self.is_required and not many and self._may_be_null(relation):
            yield "may be null"
        yield from self._details(source)

    def _may_be_null(self, path: str) -> bool:
        """True if a path of relations can end without a row: null, gate, policy, or no child."""
        has_gates = self.declared.role is None
        for step, name in zip(
            join_steps(self.model, path), filter(None, path.split("__")), strict=True
        ):
            key = field_map(step.origin)[name]
            is_gated = has_gates and bool(gate_of(step.origin) or policy_of(step.target))
            if is_gated or not step.to_one or getattr(key, "null", True):
                return True
        return False

    def _stays_inside(self, relation: str, target: TypeDeclaration) -> bool:
        """True if the relation stays inside the owner's rows.

        Also true for staff types, which have no owners: `isolation_problems` checks them.
        """
        is_staff_type = self.declared.role is not None
        return is_staff_type or stays_inside(self.declared, relation, target, self.user)

    def _passes_hidden_rows(self, relation: str) -> bool:
        """True if a path leads through a table with a policy; the end of the path doesn't count."""
        is_staff_type = self.declared.role is not None
        passed = join_steps(self.model, relation)[:-1]
        return not is_staff_type and any(policy_of(step.target) for step in passed)

    def _details(self, source: RelationSource | ConnectionSource) -> Iterator[str]:
        model = source.of_all if isinstance(source, ConnectionSource) else None
        target = model or path_target(self.model, source.relation)
        by = (source.by,) if isinstance(source, ConnectionSource) else source.order_by
        names = [name for name, _ in total_order(by)] + [name for name, _ in source.where]
        names += [filter_.column for filter_ in source.filters if not filter_.sql]
        yield from _unknown(target, names, ())
        for filter_ in source.filters:
            yield from _unknown(target, _braces(filter_.sql), SQL_PLACEHOLDERS)
        if isinstance(source, ConnectionSource):
            by = source.by.removeprefix("-")
            ordering(column := field(target, attribute(target, by)))
            if column.null and (by, TimeCondition.EVER) not in source.where:
                yield f"{by} can't order pages: it may be null"


def _exposes_rows(type_: Any) -> bool:
    """True if the type is declared, or has a declared type below it."""
    if not isinstance(type_, GraphQLObjectType):
        return False
    types = (get_named_type(type_of(definition)) for definition in type_.fields.values())
    return bool(type_declaration(type_)) or any(map(_exposes_rows, types))


def field_names(model: Models) -> set[str]:
    """The names of a model's columns and relations."""
    return {*field_map(model)}


def field_map(model: Models) -> Any:
    return meta(model).fields_map


def _unknown(model: Models, names: Iterable[str], allowed: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name not in allowed and not is_column(model, name):
            yield f"{name} is neither a column of {model.__name__} nor a value of the request"


def _braces(sql: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(sql) if name is not None]


def _node(type_: GraphQLObjectType) -> GraphQLObjectType:
    """The node type of a connection; any other type itself."""
    nodes = type_.fields.get("nodes") if type_declaration(type_) is None else None
    return get_named_type(type_of(nodes)) if nodes else type_


def _declared(definition: GraphQLField) -> TypeDeclaration:
    declaration = type_declaration(get_named_type(type_of(definition)))
    if declaration is None:
        raise TypeError("its type has no declaration")
    return declaration
