"""Subscriptions: a use case yields keys of objects, and a plan shows each as it is by then."""

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
    operation: Operation, shape: PlanKey, session: str, staff_session: str = NO_STAFF_SESSION
) -> Plan:
    """The statement that shows an event's object, its key being $3; raises `Unsupported`."""
    writer = SqlWriter(reserved=EVENT_PARAMETERS)
    sql = event(writer, session, _select_root(operation, shape), staff_session)
    return Plan(sql, tuple(writer.parameters), tuple(writer.patches), writer.marks_access)


async def source_events(
    operation: Operation, variables: dict[str, object], context: object
) -> AsyncGenerator[Any, None]:
    """What the use case yields. Raises `InvalidDocument` where it couldn't even be asked."""
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
    found = await stream if isawaitable(stream) else stream
    if isinstance(found, ExecutionResult):
        raise InvalidDocument(found.errors or ())
    return found


def _select_root(operation: Operation, shape: PlanKey) -> SelectedField:
    """The one root field, as if it had a source."""
    root = operation.catalog.schema.subscription_type
    if root is None:
        raise Unsupported("no subscription")
    reading = selector(operation, shape)
    found = reading.nodes(root, [operation.node.selection_set])
    if len(found) != 1:
        raise Unsupported("nothing to show")
    ((key, nodes),) = found.items()
    named = _type(root, nodes[0].name.value)
    shown = reading.select(named, [node.selection_set for node in nodes])
    return SelectedField(key, nodes[0].name.value, named, variants=(Variant(named, shown),))


def _type(root: GraphQLObjectType, field: str) -> GraphQLObjectType:
    named = get_named_type(type_of(root.fields[field]))
    if not isinstance(named, GraphQLObjectType) or type_declaration(named) is None:
        raise Unsupported("an event whose type has no declaration")
    return named
