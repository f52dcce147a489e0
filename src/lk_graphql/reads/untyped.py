"""graphql-core's functions that pyright can't see through, under the types we rely on."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import graphql
import graphql.pyutils
import graphql.utilities
from graphql import ExecutionResult
from graphql.utilities.coerce_input_value import coerce_default_value

# ruff: noqa: B009 - by attribute pyright would see their partly unknown types
execute: Callable[..., Awaitable[ExecutionResult] | ExecutionResult] = getattr(graphql, "execute")
get_named_type: Callable[..., Any] = getattr(graphql, "get_named_type")
get_nullable_type: Callable[..., Any] = getattr(graphql, "get_nullable_type")
coerce_input_literal: Callable[..., object] = getattr(graphql.utilities, "coerce_input_literal")
is_awaitable: Callable[[object], bool] = getattr(graphql.pyutils, "is_awaitable")
is_input_object_type: Callable[[object], bool] = getattr(graphql, "is_input_object_type")
is_list_type: Callable[[object], bool] = getattr(graphql, "is_list_type")
is_non_null_type: Callable[[object], bool] = getattr(graphql, "is_non_null_type")
is_required_input_field: Callable[[Any], bool] = getattr(graphql, "is_required_input_field")

if TYPE_CHECKING:

    class Executor:
        """All that we use and replace of graphql-core's."""

        is_awaitable: Callable[[object], bool]
        collected_errors: Any

        def __init__(self, *arguments: Any, **named: Any) -> None: ...
        def execute_field(self, *arguments: Any) -> Any: ...
        def complete_object_value(self, *arguments: Any) -> Any: ...

else:
    from graphql.execution import Executor

__all__ = [
    "Executor", "coerce_default_value", "coerce_input_literal", "execute", "get_named_type",
    "get_nullable_type", "is_awaitable", "is_input_object_type", "is_list_type",
    "is_non_null_type", "is_required_input_field",
]  # fmt: skip
