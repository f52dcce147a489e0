"""graphql-core's functions that pyright can't see through, under the types we rely on."""

from collections.abc import Awaitable, Callable
from typing import Any

import graphql
import graphql.execution
import graphql.utilities
from graphql import ExecutionResult
from graphql.utilities.coerce_input_value import coerce_default_value

# ruff: noqa: B009 - by attribute pyright would see their partly unknown types
execute: Callable[..., Awaitable[ExecutionResult] | ExecutionResult] = getattr(graphql, "execute")
get_named_type: Callable[..., Any] = getattr(graphql, "get_named_type")
get_nullable_type: Callable[..., Any] = getattr(graphql, "get_nullable_type")
built_executor: Callable[..., Any] = getattr(graphql.execution.Executor, "build")
create_source_event_stream: Callable[..., Any] = getattr(
    graphql.execution, "create_source_event_stream"
)
coerce_input_literal: Callable[..., object] = getattr(graphql.utilities, "coerce_input_literal")
get_argument_values: Callable[..., dict[str, Any]] = getattr(graphql, "get_argument_values")
is_input_object_type: Callable[[object], bool] = getattr(graphql, "is_input_object_type")
is_list_type: Callable[[object], bool] = getattr(graphql, "is_list_type")
is_non_null_type: Callable[[object], bool] = getattr(graphql, "is_non_null_type")
is_required_input_field: Callable[[Any], bool] = getattr(graphql, "is_required_input_field")

__all__ = [
    "built_executor", "coerce_default_value", "coerce_input_literal",
    "create_source_event_stream", "execute", "get_argument_values", "get_named_type",
    "get_nullable_type", "is_input_object_type", "is_list_type",
    "is_non_null_type", "is_required_input_field",
]  # fmt: skip
