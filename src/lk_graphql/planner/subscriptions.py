"""Subscriptions: a use case yields keys of objects, and a plan shows each as it is by then."""

from collections.abc import AsyncGenerator
from inspect import isawaitable
from typing import Any, cast

from graphql import ExecutionResult, GraphQLError, GraphQLObjectType

from lk_graphql.planner.catalog import Unsupported, declared_of
from lk_graphql.planner.documents import BadDocument, Operation, Shape
from lk_graphql.planner.plan import Plan
from lk_graphql.planner.principal import NOBODY
from lk_graphql.planner.selection import Selected, Variant, selector
from lk_graphql.planner.sql.roots import EVENT_NAMED, event
from lk_graphql.planner.sql.writer import Writer
from lk_graphql.planner.untyped import (
    built_executor,
    create_source_event_stream,
    get_named_type,
    type_of,
)


def compile_event(
    operation: Operation, shape: Shape, session: str, staff_session: str = NOBODY
) -> Plan:
    """The statement that shows an event's object, its key being $3; raises `Unsupported`."""
    writer = Writer(reserved=EVENT_NAMED)
    sql = event(writer, session, _selected(operation, shape), staff_session)
    return Plan(sql, tuple(writer.parameters), tuple(writer.patches), writer.marks_looks)


async def source_events(
    operation: Operation, variables: dict[str, object], context: object
) -> AsyncGenerator[Any, None]:
    """What the use case yields. Raises `BadDocument` where it couldn't even be asked."""
    executor: Any = built_executor(
        operation.catalog.schema,
        operation.located,
        context_value=context,
        raw_variable_values=variables,
        operation_name=operation.name,
        hide_suggestions=True,
    )
    if isinstance(executor, list):
        raise BadDocument(cast("list[GraphQLError]", executor))
    stream = create_source_event_stream(executor)
    found = await stream if isawaitable(stream) else stream
    if isinstance(found, ExecutionResult):
        raise BadDocument(found.errors or ())
    return found


def _selected(operation: Operation, shape: Shape) -> Selected:
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
    return Selected(key, nodes[0].name.value, named, variants=(Variant(named, shown),))


def _type(root: GraphQLObjectType, field: str) -> GraphQLObjectType:
    named = get_named_type(type_of(root.fields[field]))
    if not isinstance(named, GraphQLObjectType) or declared_of(named) is None:
        raise Unsupported("an event whose type has no declaration")
    return named
