"""Complete statements: of queries by their root fields, of events, and of payloads."""

from collections.abc import Sequence

from lk_graphql.kit import ids
from lk_graphql.planner.catalog import Unsupported
from lk_graphql.planner.declare import connections
from lk_graphql.planner.declare.sources import (
    KEY,
    CurrentStaffSource,
    DerivedSource,
    ListSource,
    NodeSource,
    NodesSource,
    PartSource,
    ViewerSource,
)
from lk_graphql.planner.declare.tables import table
from lk_graphql.planner.principal import DIGEST, SESSION, STAFF, STAFF_COLUMNS, VIEWER, SessionSql
from lk_graphql.planner.selection import Argument, SelectedField, Variant
from lk_graphql.planner.sql.conditions import order_sql, where_sql
from lk_graphql.planner.sql.statement import Scope, json_list, json_object, select_list
from lk_graphql.planner.sql.writer import PLACEHOLDER_SQL, SqlWriter

PAYLOAD_PARAMETERS = 5
"""The number of parameters of a payload's statement before the keys of its objects."""
EVENT_PARAMETERS = 3
"""The number of leading parameters of an event's statement; the third is the object's key."""


def query(writer: SqlWriter, sessions: SessionSql, fields: tuple[SelectedField, ...]) -> str:
    """The statement of a query; $1 is the token's hash, $2 the time.

    The staff session is selected only if the query selects staff types.
    """
    data = json_object(f"SELECT {select_list(fields, lambda f: _root(writer, f))}")
    return _with_principal(writer, data, sessions)


def _with_principal(writer: SqlWriter, data: str, sessions: SessionSql) -> str:
    """Add the sessions to the statement, and the principal to its columns."""
    principal = (
        f"{PLACEHOLDER_SQL[VIEWER]} AS viewer, {PLACEHOLDER_SQL[SESSION]} AS session, "
        "(SELECT is_read_only FROM viewer) AS is_read_only"
    )
    viewer = f"viewer AS ({sessions.customer(DIGEST)})"
    if not writer.needs_staff:
        return f"WITH {viewer} SELECT {data} AS data, {principal}"
    return (
        f"WITH {viewer}, staff AS ({sessions.staff(DIGEST)}) "
        f"SELECT {data} AS data, {principal}, {STAFF_COLUMNS} "
        "FROM (SELECT) AS single_row LEFT JOIN staff ON true"
    )


def event(writer: SqlWriter, sessions: SessionSql, field: SelectedField) -> str:
    """The statement of an event's object, with the key $3; null unless it is the viewer's."""
    data = json_object(f"SELECT {select_list([field], lambda f: _event_object(writer, f))}")
    return _with_principal(writer, data, sessions)


def _event_object(writer: SqlWriter, field: SelectedField) -> str:
    return json_object(
        _owned_rows(writer, field, field.only, f" AND {{}} = ${EVENT_PARAMETERS}::uuid")
    )


def payload(writer: SqlWriter, fields: Sequence[SelectedField]) -> str:
    """The statement of a payload's objects.

    $1 is the viewer, $2 the time, $3 the session, $4 the staff member, $5 the staff role. Then
    each field has a parameter with the keys of its objects, and a column with an array of them:
    in the order of the keys, null for objects that the principal may not see.
    """
    columns = (_payload_column(writer, field, number) for number, field in enumerate(fields))
    return (
        "WITH viewer AS (SELECT $1::uuid user_id, $2::timestamptz, $3::uuid session_id), "
        "staff AS (SELECT $4::uuid staff_id, $5::text AS role) "
        f"SELECT {', '.join(columns)}"
    )


def _payload_column(writer: SqlWriter, field: SelectedField, number: int) -> str:
    keys = f"${PAYLOAD_PARAMETERS + 1 + number}::uuid[]"
    scope = Scope(writer.alias(), field.only.declared.model, (str(number),))
    ownership = writer.ownership(field.only.declared, scope)
    clauses = f"WHERE {ownership} AND {scope.column(KEY)} = requested.key"
    item = json_object(writer.select(field.only, scope, clauses))
    return f"(SELECT array_agg({item} ORDER BY requested.place) FROM {_keys_with_positions(keys)})"


def _keys_with_positions(keys: str) -> str:
    """Unnest an array of keys so that PostgreSQL can't estimate its length.

    With an estimate, PostgreSQL would consider a custom plan cheaper than the generic one. It would
    then make a new plan for each execution, which takes longer than the read.
    """
    return f"unnest((SELECT {keys})) WITH ORDINALITY requested(key, place)"


def _root(writer: SqlWriter, field: SelectedField) -> str:  # noqa: PLR0911 - one for each source
    match field.source:
        case ViewerSource():
            return json_object(_owned_rows(writer, field, field.only))
        case CurrentStaffSource():
            with_key = f" AND {{}} = {PLACEHOLDER_SQL[STAFF]}"
            return json_object(_owned_rows(writer, field, field.only, with_key))
        case NodeSource():
            if not field.variants:  # the id's prefix is unknown
                return "NULL::json"
            prefix, argument = field.only.declared.prefix, field.arguments["id"]
            key = writer.bind(argument, lambda public_id: ids.key_of(public_id, prefix), "uuid")
            return json_object(_owned_rows(writer, field, field.only, f" AND {{}} = {key}"))
        case NodesSource():
            return _by_ids(writer, field)
        case ListSource(order_by, where):
            scope = Scope(writer.alias(), field.only.declared.model, (field.key,))
            clauses = f"WHERE true{where_sql(scope.model, where, scope.alias)}"
            clauses += f" {order_sql(scope.model, order_by, scope.alias)}"
            return json_list(writer.select(field.only, scope, clauses))
        case DerivedSource():
            return writer.request_value(field)
        case PartSource():
            return writer.request_part(field)
        case _:
            raise Unsupported(f"a root field from {field.source}")


def _owned_rows(
    writer: SqlWriter, field: SelectedField, variant: Variant, with_key: str = ""
) -> str:
    """The viewer's rows of a type; `with_key` is a further condition with `{}` for the key."""
    scope = Scope(writer.alias(), variant.declared.model, (field.key,))
    ownership = writer.ownership(variant.declared, scope)
    return writer.select(variant, scope, f"WHERE {ownership}{with_key.format(scope.column(KEY))}")


def _by_ids(writer: SqlWriter, field: SelectedField) -> str:
    """Objects of several types in the order of their ids, null where there is none."""
    argument = field.arguments["ids"]
    length = writer.bind(argument, lambda public_ids: len(_limited(public_ids)), "int")
    variants = [_positions(writer, field, variant, argument) for variant in field.variants]
    no_rows = "SELECT NULL::bigint AS place, NULL::json AS item WHERE false"
    return (
        "(SELECT coalesce(json_agg(objects.item ORDER BY requested.place), '[]') "
        f"FROM generate_series(1, {length}) requested(place) "
        f"LEFT JOIN ({' UNION ALL '.join([no_rows, *variants])}) objects USING (place))"
    )


def _positions(
    writer: SqlWriter, field: SelectedField, variant: Variant, argument: Argument
) -> str:
    prefix = variant.declared.prefix
    scope = Scope(writer.alias(), variant.declared.model, (field.key,))
    keys = writer.bind(
        argument,
        lambda public_ids: [ids.key_of(public_id, prefix) for public_id in _limited(public_ids)],
        "uuid[]",
    )
    item = json_object(f"SELECT {writer.columns(variant, scope)}")
    return (
        f"SELECT requested.place, {item} AS item "
        f"FROM {_keys_with_positions(keys)} "
        f"JOIN {table(scope.model)} {scope.alias} ON {scope.column(KEY)} = requested.key "
        f"WHERE {writer.ownership(variant.declared, scope)}"
    )


def _limited(public_ids: list[object]) -> list[object]:
    connections.require_few_ids(public_ids)
    return public_ids
