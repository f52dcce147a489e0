"""graphql-core's functions that pyright can't see through, under the types we rely on."""

from collections.abc import Awaitable, Callable
from typing import Any

import graphql
import graphql.utilities
from graphql import ExecutionResult

# ruff: noqa: B009 - by attribute pyright would see their partly unknown types
execute: Callable[..., Awaitable[ExecutionResult] | ExecutionResult] = getattr(graphql, "execute")
get_named_type: Callable[..., Any] = getattr(graphql, "get_named_type")
get_nullable_type: Callable[..., Any] = getattr(graphql, "get_nullable_type")
coerce_input_literal: Callable[..., object] = getattr(graphql.utilities, "coerce_input_literal")
