"""What a schema's declarations must hold before anybody is served; see also `world`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Any

from graphql import GraphQLField, GraphQLList, GraphQLNonNull, GraphQLObjectType
from tortoise.fields import BigIntField

from lk_graphql.planner.catalog import Catalog, Unsupported, source_of, type_declaration
from lk_graphql.planner.checks import visibility
from lk_graphql.planner.checks.ownership import owner_model, stays_inside
from lk_graphql.planner.declare.sources import (
    PUBLIC,
    AggregateSource,
    ColumnSource,
    ConnectionSource,
    DerivedSource,
    ExpressionSource,
    ListSource,
    PartSource,
    RelationSource,
    TimeCondition,
    TypeDeclaration,
    UnionSource,
    gate_of,
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
    """Declarations that would answer wrongly, or tell somebody what isn't theirs."""


def check(catalog: Catalog, extras: Iterable[str]) -> None:
    """Raise `InvalidDeclaration` with everything that is wrong; the models must be open."""
    users = {found for _, declared in catalog.declared if (found := owner_model(declared))}
    found = [*_catalog_problems(catalog, users), *visibility.problems(catalog)]
    for type_, declared in catalog.declared:
        for name, definition in type_.fields.items():
            one = _FieldCheck(definition, declared, frozenset(extras), next(iter(users), None))
            found += [f"{type_.name}.{name}: {fault}" for fault in one.problems()]
    if found:
        raise InvalidDeclaration("\n".join(found))


def _catalog_problems(catalog: Catalog, users: set[Models]) -> Iterator[str]:
    prefixes = [declared.prefix for _, declared in catalog.declared if declared.prefix]
    if len(set(prefixes)) < len(prefixes):
        yield f"two types share a prefix: {sorted(prefixes)}"
    if len(users) > 1:
        yield f"paths to the owner end at several models: {users}"
    query: Any = catalog.schema.query_type
    roots: dict[str, GraphQLField] = query.fields
    for name, definition in roots.items():
        try:
            source = source_of(definition)
        except Unsupported:
            continue
        if isinstance(source, ListSource) and _declared(definition).owned_through != PUBLIC:
            yield f"Query.{name}: only a PUBLIC type can be listed"


@dataclass(frozen=True)
class _FieldCheck:
    """One field of a declared type, to be checked."""

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
    def needs_a_value(self) -> bool:
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
                    there = path_target(self.model, relation)
                    yield from _unknown(there, [*_braces(sql), *_braces(where)], SQL_PLACEHOLDERS)
                case PartSource():
                    if _declared(self.definition).model is not self.model:
                        yield "a part must stand over the same model"
                case RelationSource() | ConnectionSource() | UnionSource():
                    yield from self._relation(source)
                case _:
                    pass
        except (KeyError, TypeError) as error:
            yield f"{error}"

    def _column(self, name: str) -> Iterator[str]:
        if not is_column(self.model, name):
            yield f"there is no column {name}"
            return
        kind = column_field(self.model, name)
        way = name.rpartition("__")[0]
        if self.needs_a_value and (kind.null or self._may_be_null(way)):
            yield f"{name} may be null"
        if isinstance(kind, BigIntField) and get_named_type(self.type).name == "Int":
            yield f"{name} has more digits than a GraphQL Int"

    def _derived(self, source: DerivedSource) -> Iterator[str]:
        given = dict(source.sql_args)
        yield from self._names(source.needs, PLACEHOLDERS | self.extras | {*given})
        for one in given.values():
            yield from self._names(_braces(one.sql), SQL_PLACEHOLDERS)
        if _holds_rows(get_named_type(self.type)):
            yield "what a function makes can't lead to rows: nobody would read them"

    def _names(self, names: Iterable[str], offered: Iterable[str]) -> Iterator[str]:
        yield from _unknown(self.model, names, offered)
        for name in {*names} & {*PLACEHOLDERS}:
            if name in field_names(self.model):
                yield f"{name} could be the column or what the occasion offers"

    def _relation(self, source: RelationSource | ConnectionSource | UnionSource) -> Iterator[str]:
        named = get_named_type(self.type)
        members: Any = getattr(named, "types", None) or (_node(named),)
        by_model = {found.model: found for t in members if (found := type_declaration(t))}
        if isinstance(source, ConnectionSource) and source.of_all is not None:
            if source.of_all not in by_model:
                yield "its type stands over another model"
            yield from self._details(source)
            return
        relations = source.relations if isinstance(source, UnionSource) else (source.relation,)
        for relation in relations:
            target = by_model.get(path_target(self.model, relation))
            if target is None:
                yield f"{relation} leads to another model than the field's type stands over"
            elif not source.unsafe_reason and not self._stays_inside(relation, target):
                yield f"{relation} may leave what the viewer owns: say `because`, or lead elsewhere"
        many = isinstance(get_nullable_type(self.type), GraphQLList) or isinstance(
            source, ConnectionSource
        )
        nowhere = isinstance(source, UnionSource) or self._may_be_null(relations[0])
        if self.needs_a_value and not many and nowhere:
            yield "may be null"
        yield from self._details(source)

    def _may_be_null(self, path: str) -> bool:
        """Whether a path of relations can end without a row: a null, a gate, a missing child."""
        gated = self.declared.role is None
        for hop, step in zip(
            join_steps(self.model, path), filter(None, path.split("__")), strict=True
        ):
            key = field_map(hop.origin)[step]
            is_shut = gated and bool(gate_of(hop.origin))
            if is_shut or not hop.to_one or getattr(key, "null", True):
                return True
        return False

    def _stays_inside(self, relation: str, target: TypeDeclaration) -> bool:
        """Staff own nothing and see everything of theirs: for them `borders` decides."""
        staffs = self.declared.role is not None
        return staffs or stays_inside(self.declared, relation, target, self.user)

    def _details(self, source: RelationSource | ConnectionSource | UnionSource) -> Iterator[str]:
        if isinstance(source, UnionSource):
            return
        every = source.of_all if isinstance(source, ConnectionSource) else None
        there = every or path_target(self.model, source.relation)
        by = (source.by,) if isinstance(source, ConnectionSource) else source.order_by
        names = [name for name, _ in total_order(by)] + [name for name, _ in source.where]
        names += [one.column for one in source.filters]
        yield from _unknown(there, names, ())
        if isinstance(source, ConnectionSource):
            by = source.by.removeprefix("-")
            ordering(column := field(there, attribute(there, by)))
            if column.null and (by, TimeCondition.EVER) not in source.where:
                yield f"{by} can't order pages: it may be null"


def _holds_rows(type_: Any) -> bool:
    """Whether a declared type is this one, or can be selected below it."""
    if not isinstance(type_, GraphQLObjectType):
        return False
    below = (type_of(one) for one in type_.fields.values())
    return bool(type_declaration(type_)) or any(_holds_rows(get_named_type(one)) for one in below)


def field_names(model: Models) -> set[str]:
    """The names of a model's columns and relations."""
    return {*field_map(model)}


def field_map(model: Models) -> Any:
    return meta(model).fields_map


def _unknown(model: Models, names: Iterable[str], offered: Iterable[str]) -> Iterator[str]:
    for name in names:
        if name not in offered and not is_column(model, name):
            yield f"{name} is neither a column of {model.__name__} nor known otherwise"


def _braces(sql: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(sql) if name is not None]


def _node(type_: GraphQLObjectType) -> GraphQLObjectType:
    """The type of a connection's nodes; any other type itself."""
    nodes = type_.fields.get("nodes") if type_declaration(type_) is None else None
    return get_named_type(type_of(nodes)) if nodes else type_


def _declared(definition: GraphQLField) -> TypeDeclaration:
    found = type_declaration(get_named_type(type_of(definition)))
    if found is None:
        raise TypeError("its type has no declaration")
    return found
