"""Whole statements: where the rows of a query's root fields come from, and those of a payload."""

from collections.abc import Sequence

from lk_graphql.kit import ids
from lk_graphql.kit.errors import BadArgument
from lk_graphql.planner.catalog import Unsupported
from lk_graphql.planner.declare import connections
from lk_graphql.planner.declare.sources import (
    KEY,
    PUBLIC,
    CurrentStaffSource,
    ListSource,
    NodeSource,
    NodesSource,
    TypeDeclaration,
    ViewerSource,
)
from lk_graphql.planner.declare.tables import table
from lk_graphql.planner.principal import NO_STAFF_SESSION, SESSION, STAFF, STAFF_COLUMNS, VIEWER
from lk_graphql.planner.selection import Argument, SelectedField, Variant
from lk_graphql.planner.sql.conditions import order_sql, ownership_condition, where_sql
from lk_graphql.planner.sql.statement import Scope, json_list, json_object, select_list
from lk_graphql.planner.sql.writer import PLACEHOLDER_SQL, SqlWriter

PAYLOAD_PARAMETERS = 5
"""How many parameters of a payload's statement come before the keys of its objects."""
EVENT_PARAMETERS = 3
"""How many parameters an event's statement begins with; the last is the object's key."""


def query(
    writer: SqlWriter,
    session: str,
    fields: tuple[SelectedField, ...],
    staff_session: str = NO_STAFF_SESSION,
) -> str:
    """A query; the sessions find the viewer and staff by $1, the token's hash, at $2, the time.

    Staff are looked for only where something of theirs is asked for.
    """
    data = json_object(f"SELECT {select_list(fields, lambda f: _root(writer, f))}")
    return _with_principal(writer, data, session, staff_session)


def _with_principal(writer: SqlWriter, data: str, session: str, staff_session: str) -> str:
    """The whole statement: who asks, and what it tells them."""
    asker = f"{PLACEHOLDER_SQL[VIEWER]} AS viewer, {PLACEHOLDER_SQL[SESSION]} AS session"
    if not writer.needs_staff:
        return f"WITH viewer AS ({session}) SELECT {data} AS data, {asker}"
    return (
        f"WITH viewer AS ({session}), staff AS ({staff_session}) "
        f"SELECT {data} AS data, {asker}, {STAFF_COLUMNS} "
        "FROM (SELECT) AS one LEFT JOIN staff ON true"
    )


def event(
    writer: SqlWriter, session: str, field: SelectedField, staff_session: str = NO_STAFF_SESSION
) -> str:
    """The object with the key $3 that a subscription shows; null for what isn't the viewer's."""
    data = json_object(f"SELECT {select_list([field], lambda f: _keyed(writer, f))}")
    return _with_principal(writer, data, session, staff_session)


def _keyed(writer: SqlWriter, field: SelectedField) -> str:
    return json_object(_owned(writer, field, field.only, f" AND {{}} = ${EVENT_PARAMETERS}::uuid"))


def payload(writer: SqlWriter, fields: Sequence[SelectedField]) -> str:
    """Objects that a payload names, for the viewer $1 at $2, the time, in the session $3.

    Or for staff, $4 with the role $5. Each field has the keys of its objects in a parameter of
    its own after these, and gets an array: in their order, null for what they may not see.
    """
    found = (_named(writer, field, number) for number, field in enumerate(fields))
    return (
        "WITH viewer AS (SELECT $1::uuid user_id, $2::timestamptz, $3::uuid session_id), "
        "staff AS (SELECT $4::uuid staff_id, $5::text AS role) "
        f"SELECT {', '.join(found)}"
    )


def _named(writer: SqlWriter, field: SelectedField, number: int) -> str:
    keys = f"${PAYLOAD_PARAMETERS + 1 + number}::uuid[]"
    scope = Scope(writer.alias(), field.only.declared.model, (str(number),))
    owned = _ownership(writer, field.only.declared, scope)
    rest = f"WHERE {owned} AND {scope.column(KEY)} = asked.key"
    item = json_object(writer.select(field.only, scope, rest))
    return f"(SELECT array_agg({item} ORDER BY asked.place) FROM {_each(keys)})"


def _each(keys: str) -> str:
    """The keys of an array and their places, in no way that tells the planner how many there are.

    If it knew, the plan for any number would seem dearer to it than one for these: it would make
    a new one each time, which takes longer than to read what is asked.
    """
    return f"unnest((SELECT {keys})) WITH ORDINALITY asked(key, place)"


def _root(writer: SqlWriter, field: SelectedField) -> str:
    match field.source:
        case ViewerSource():
            return json_object(_owned(writer, field, field.only))
        case CurrentStaffSource():
            mine = f" AND {{}} = {PLACEHOLDER_SQL[STAFF]}"
            return json_object(_owned(writer, field, field.only, mine))
        case NodeSource():
            if not field.variants:  # the id has a prefix that no type has
                return "NULL::json"
            prefix, argument = field.only.declared.prefix, field.arguments["id"]
            key = writer.bind(argument, lambda public: ids.key_of(public, prefix), "uuid")
            return json_object(_owned(writer, field, field.only, f" AND {{}} = {key}"))
        case NodesSource():
            return _by_ids(writer, field)
        case ListSource(order_by, only):
            scope = Scope(writer.alias(), field.only.declared.model, (field.key,))
            rest = f"WHERE true{where_sql(scope.model, only, scope.alias)}"
            rest += f" {order_sql(scope.model, order_by, scope.alias)}"
            return json_list(writer.select(field.only, scope, rest))
        case _:
            raise Unsupported(f"a root field from {field.source}")


def _owned(writer: SqlWriter, field: SelectedField, variant: Variant, with_key: str = "") -> str:
    """The viewer's rows of a type; `with_key` goes on with the key in its braces."""
    scope = Scope(writer.alias(), variant.declared.model, (field.key,))
    mine = _ownership(writer, variant.declared, scope)
    return writer.select(variant, scope, f"WHERE {mine}{with_key.format(scope.column(KEY))}")


def _ownership(writer: SqlWriter, declared: TypeDeclaration, scope: Scope) -> str:
    if declared.owned_through == PUBLIC:
        return "true"
    if declared.role is not None:
        return writer.staff(declared.role) + where_sql(declared.model, declared.where, scope.alias)
    if declared.path is None:
        raise Unsupported("a root field of a type that is part of another")
    return ownership_condition(declared.model, declared.path, scope.alias, PLACEHOLDER_SQL[VIEWER])


def _by_ids(writer: SqlWriter, field: SelectedField) -> str:
    """Objects of several types in the order of their ids, null for what isn't there."""
    argument = field.arguments["ids"]
    length = writer.bind(argument, lambda publics: len(_capped(publics)), "int")
    found = [_positions(writer, field, variant, argument) for variant in field.variants]
    nothing = "SELECT NULL::bigint AS place, NULL::json AS item WHERE false"
    return (
        "(SELECT coalesce(json_agg(found.item ORDER BY asked.place), '[]') "
        f"FROM generate_series(1, {length}) asked(place) "
        f"LEFT JOIN ({' UNION ALL '.join([nothing, *found])}) found USING (place))"
    )


def _positions(
    writer: SqlWriter, field: SelectedField, variant: Variant, argument: Argument
) -> str:
    prefix = variant.declared.prefix
    scope = Scope(writer.alias(), variant.declared.model, (field.key,))
    keys = writer.bind(
        argument, lambda publics: [ids.key_of(one, prefix) for one in _capped(publics)], "uuid[]"
    )
    item = json_object(f"SELECT {writer.columns(variant, scope)}")
    return (
        f"SELECT asked.place, {item} AS item "
        f"FROM {_each(keys)} "
        f"JOIN {table(scope.model)} {scope.alias} ON {scope.column(KEY)} = asked.key "
        f"WHERE {_ownership(writer, variant.declared, scope)}"
    )


def _capped(publics: list[object]) -> list[object]:
    if len(publics) > connections.MAX_PAGE_SIZE:
        raise BadArgument(f"Ask for {connections.MAX_PAGE_SIZE} ids at most.")
    return publics
