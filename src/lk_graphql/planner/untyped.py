"""Typed aliases of graphql-core's functions with partly unknown types.

`GraphQLList` and `GraphQLNonNull` are generic, but graphql-core's signatures omit their parameter.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import graphql
import graphql.execution
import graphql.utilities
from graphql import ExecutionResult

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false


execute: Callable[..., Awaitable[ExecutionResult] | ExecutionResult] = graphql.execute
built_executor: Callable[..., Any] = graphql.execution.Executor.build
create_source_event_stream: Callable[..., Any] = graphql.execution.create_source_event_stream
coerce_input_literal: Callable[..., object] = graphql.utilities.coerce_input_literal
get_argument_values: Callable[..., dict[str, Any]] = graphql.get_argument_values
get_named_type: Callable[..., Any] = graphql.get_named_type
get_nullable_type: Callable[..., Any] = graphql.get_nullable_type
is_list_type: Callable[[object], bool] = graphql.is_list_type
is_non_null_type: Callable[[object], bool] = graphql.is_non_null_type


class Typed(Protocol):
    """A field or an argument of graphql-core."""

    @property
    def type(self) -> Any: ...


def type_of(definition: Typed) -> Any:
    """The type of a field or an argument."""
    return definition.type
