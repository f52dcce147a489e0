"""Execution of mutations: each resolver once, then a plan for the objects of its payload.

Resolvers are called one after the other, in the order of the root fields, with arguments coerced by
graphql-core. A payload refers to objects by key. When its root field has committed, and before the
next root field starts, one statement reads all these objects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

import orjson
from graphql import ExecutionResult, FieldNode, GraphQLError, GraphQLResolveInfo, located_error
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from lk_graphql.planner.documents import Operation, argument_values
from lk_graphql.planner.payloads import PayloadPath, Placeholder, RootField, root_nodes
from lk_graphql.planner.principal import Database, Principal
from lk_graphql.planner.untyped import is_non_null_type


@dataclass(frozen=True)
class BoundField:
    """A root field, and this request's bind parameters for the plan of its payload."""

    field: RootField
    arguments: Sequence[object]


@dataclass(frozen=True)
class MutationExecution:
    """The execution of one mutation operation."""

    operation: Operation
    variables: VariableValues
    context: Any
    database: Database

    async def run(self, fields: Sequence[BoundField]) -> ExecutionResult:
        """Execute the fields in order; an error in a non-null field ends the operation."""
        data: dict[str, Any] = {}
        errors: list[GraphQLError] = []
        for bound in fields:
            field = bound.field
            try:
                data[field.key] = await self._execute_field(bound, errors)
            except Exception as cause:  # noqa: BLE001 - any exception becomes a GraphQL error
                errors.append(located_error(cause, self._located(field), [field.key]))
                data[field.key] = None
                if is_non_null_type(field.definition.type):
                    return ExecutionResult(None, errors)
        return ExecutionResult(data, errors or None)

    async def _execute_field(self, bound: BoundField, errors: list[GraphQLError]) -> Any:
        """A root field's payload, with the objects that it refers to."""
        field = bound.field
        placeholders: list[Placeholder] = []
        payload = await self._resolve(field) if field.definition else None
        result = field.serialize(payload, placeholders)
        by_principal: dict[Principal, list[Placeholder]] = {}
        for placeholder in placeholders:
            principal = placeholder.ref.rows.request_info.principal
            by_principal.setdefault(principal, []).append(placeholder)
        for group in by_principal.values():
            try:
                await self._fill(bound, group)
            except Exception as cause:  # noqa: BLE001 - the change is committed
                errors += self._errors(cause, field, group)
        return result

    async def _resolve(self, field: RootField) -> Any:
        value = field.definition.resolve(None, self._info(field), **self._arguments(field))
        return await value if isawaitable(value) else value

    def _arguments(self, field: RootField) -> dict[str, Any]:
        """The resolver's arguments. Raises a GraphQLError with locations."""
        try:
            return self._arguments_in(field.nodes, field)
        except GraphQLError:
            return self._arguments_in(self._located(field), field)

    def _arguments_in(self, nodes: Sequence[FieldNode], field: RootField) -> dict[str, Any]:
        return argument_values(field.definition, nodes[0], self.variables)

    def _located(self, field: RootField) -> list[FieldNode]:
        """The field's nodes with locations."""
        operation = self.operation
        return root_nodes(operation, operation.plan_key(self.variables), operation.located)[
            field.key
        ]

    def _info(self, field: RootField) -> Any:
        """The value for Strawberry's `Info`."""
        make: Any = GraphQLResolveInfo  # lacks the helpers that only resolvers with tasks need
        return make(
            field_name=field.nodes[0].name.value,
            field_nodes=field.nodes,
            return_type=field.definition.type,
            parent_type=field.parent,
            path=Path(None, field.key, field.parent.name),
            schema=self.operation.catalog.schema,
            fragments={},
            root_value=None,
            operation=field.operation,
            variable_values=self.variables,
            context=self.context,
            is_awaitable=isawaitable,
            abort_signal=None,
            async_helpers=None,
        )

    async def _fill(self, bound: BoundField, placeholders: Sequence[Placeholder]) -> None:
        """Read the objects of all placeholders of one principal by one statement."""
        plan, rows = bound.field.plan, placeholders[0].ref.rows
        if plan is None:
            raise TypeError("A payload refers to objects at a place without a plan")
        viewer, staff = rows.request_info.principal
        by_place: list[list[Placeholder]] = [[] for _ in plan.places]
        for placeholder in placeholders:
            by_place[placeholder.place].append(placeholder)
        row = await self.database.fetchrow(
            plan.sql,
            viewer and viewer.id,
            rows.request_info.now,
            viewer and viewer.session_id,
            staff and staff.id,
            staff and staff.role.value,
            *([key for placeholder in group for key in placeholder.ref.keys] for group in by_place),
            *bound.arguments,
        )
        for number, (group, items) in enumerate(zip(by_place, row or (), strict=True)):
            texts = iter(items or ())
            for placeholder in group:
                objects = [
                    plan.finish(number, next(texts), rows.request_info.values, rows.accesses)
                    for _ in placeholder.ref.keys
                ]
                placeholder.target[placeholder.key] = _json(objects, many=placeholder.ref.many)

    def _errors(
        self, cause: Exception, field: RootField, placeholders: Sequence[Placeholder]
    ) -> list[GraphQLError]:
        """An error for each place, at the path of its field."""
        paths: Mapping[int, PayloadPath] = dict(enumerate(field.plan.places if field.plan else ()))
        nodes = self._located(field)
        numbers = dict.fromkeys(placeholder.place for placeholder in placeholders)
        return [located_error(cause, nodes, [field.key, *paths[number]]) for number in numbers]


def _json(texts: Sequence[bytes | None], *, many: bool) -> Any:
    """The JSON of one object or of a list; a list omits invisible objects."""
    objects = [orjson.Fragment(text) for text in texts if text]
    return objects if many else next(iter(objects), None)
