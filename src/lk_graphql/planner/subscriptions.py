"""Subscriptions: a source event is the key of an object, which a plan then reads."""

from collections.abc import AsyncGenerator
from inspect import isawaitable
from typing import Any, cast

from graphql import ExecutionResult, GraphQLError, GraphQLObjectType

from lk_graphql.planner.catalog import Unsupported, type_declaration
from lk_graphql.planner.documents import InvalidDocument, Operation, PlanKey
from lk_graphql.planner.plan import Plan
from lk_graphql.planner.principal import NO_STAFF_SESSION
from lk_graphql.planner.selection import SelectedField, Variant, selector
from lk_graphql.planner.sql.roots import EVENT_PARAMETERS, event
from lk_graphql.planner.sql.writer import SqlWriter
from lk_graphql.planner.untyped import (
    built_executor,
    create_source_event_stream,
    get_named_type,
    type_of,
)


def compile_event(
    operation: Operation, plan_key: PlanKey, session: str, staff_session: str = NO_STAFF_SESSION
) -> Plan:
    """The plan of an event's object, with its key as $3. Raises `Unsupported`."""
    writer = SqlWriter(reserved=EVENT_PARAMETERS)
    sql = event(writer, session, _select_root(operation, plan_key), staff_session)
    return Plan(sql, tuple(writer.parameters), tuple(writer.patches), writer.marks_access)


async def source_events(
    operation: Operation, variables: dict[str, object], context: object
) -> AsyncGenerator[Any, None]:
    """The source event stream. Raises `InvalidDocument` if it can't be created."""
    executor: Any = built_executor(
        operation.catalog.schema,
        operation.located,
        context_value=context,
        raw_variable_values=variables,
        operation_name=operation.name,
        hide_suggestions=True,
    )
    if isinstance(executor, list):
        raise InvalidDocument(cast("list[GraphQLError]", executor))
    stream = create_source_event_stream(executor)
    events = await stream if isawaitable(stream) else stream
    if isinstance(events, ExecutionResult):
        raise InvalidDocument(events.errors or ())
    return events


def _select_root(operation: Operation, plan_key: PlanKey) -> SelectedField:
    """The single root field, selected by its type; it has no source."""
    root = operation.catalog.schema.subscription_type
    if root is None:
        raise Unsupported("no subscription")
    fields_selector = selector(operation, plan_key)
    root_fields = fields_selector.nodes(root, [operation.node.selection_set])
    if len(root_fields) != 1:
        raise Unsupported("no single root field")
    ((key, nodes),) = root_fields.items()
    type_ = _type(root, nodes[0].name.value)
    fields = fields_selector.select(type_, [node.selection_set for node in nodes])
    return SelectedField(key, nodes[0].name.value, type_, variants=(Variant(type_, fields),))


def _type(root: GraphQLObjectType, field: str) -> GraphQLObjectType:
    type_ = get_named_type(type_of(root.fields[field]))
    if not isinstance(type_, GraphQLObjectType) or type_declaration(type_) is None:
        raise Unsupported("an event whose type has no declaration")
    return type_
