"""Runs mutations: the use case once, what its payload shows by a plan.

Each resolver is called by itself, with arguments that graphql-core has coerced, in the order of
the root fields. A payload's objects are named by keys and left open until their
root field is done, that is: committed. Then one statement answers all of them, before the next
root field starts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any

import orjson
from graphql import ExecutionResult, FieldNode, GraphQLError, GraphQLResolveInfo, located_error
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from lk_graphql.planner.documents import Operation
from lk_graphql.planner.payloads import PayloadPath, Placeholder, RootField, root_nodes
from lk_graphql.planner.pool import Database
from lk_graphql.planner.principal import Principal
from lk_graphql.planner.untyped import get_argument_values, is_non_null_type


@dataclass(frozen=True)
class BoundField:
    """A root field with the arguments of this request for its payload's plan."""

    field: RootField
    arguments: Sequence[object]


@dataclass(frozen=True)
class MutationExecution:
    """One mutation of one request."""

    operation: Operation
    variables: VariableValues
    context: Any
    database: Database

    async def run(self, fields: Sequence[BoundField]) -> ExecutionResult:
        """Field after field; an error where a payload must be there ends it, as GraphQL says."""
        data: dict[str, Any] = {}
        errors: list[GraphQLError] = []
        for bound in fields:
            field = bound.field
            try:
                data[field.key] = await self._execute_field(bound, errors)
            except Exception as cause:  # noqa: BLE001 - whatever it is becomes a GraphQL error
                errors.append(located_error(cause, self._located(field), [field.key]))
                data[field.key] = None
                if is_non_null_type(field.definition.type):
                    return ExecutionResult(None, errors)
        return ExecutionResult(data, errors or None)

    async def _execute_field(self, bound: BoundField, errors: list[GraphQLError]) -> Any:
        """A root field's payload with everything in it that it names."""
        field = bound.field
        holes: list[Placeholder] = []
        payload = await self._resolve(field) if field.definition else None
        shown = field.serialize(payload, holes)
        by_asker: dict[Principal, list[Placeholder]] = {}
        for hole in holes:
            by_asker.setdefault(hole.ref.rows.request_info.principal, []).append(hole)
        for open_ in by_asker.values():
            try:
                await self._fill(bound, open_)
            except Exception as cause:  # noqa: BLE001 - the change is made: say what can be said
                errors += self._noted(cause, field, open_)
        return shown

    async def _resolve(self, field: RootField) -> Any:
        value = field.definition.resolve(None, self._info(field), **self._arguments(field))
        return await value if isawaitable(value) else value

    def _arguments(self, field: RootField) -> dict[str, Any]:
        """What the resolver is called with; raises a GraphQLError that has its locations."""
        try:
            return self._arguments_in(field.nodes, field)
        except GraphQLError:
            return self._arguments_in(self._located(field), field)

    def _arguments_in(self, nodes: Sequence[FieldNode], field: RootField) -> dict[str, Any]:
        return get_argument_values(
            field.definition, nodes[0], self.variables, hide_suggestions=True
        )

    def _located(self, field: RootField) -> list[FieldNode]:
        """The field's nodes with their locations."""
        operation = self.operation
        return root_nodes(operation, operation.plan_key(self.variables), operation.located)[
            field.key
        ]

    def _info(self, field: RootField) -> Any:
        """The value that Strawberry wraps into its own `Info`."""
        make: Any = GraphQLResolveInfo  # the helpers are for resolvers that start tasks
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

    async def _fill(self, bound: BoundField, open_: Sequence[Placeholder]) -> None:
        """One statement for all that one viewer is shown."""
        plan, rows = bound.field.plan, open_[0].ref.rows
        if plan is None:
            raise TypeError("A payload names objects at a place that no plan knows")
        viewer, staff = rows.request_info.principal
        by_place = [[hole for hole in open_ if hole.place == n] for n in range(len(plan.places))]
        row = await self.database.fetchrow(
            plan.sql,
            viewer and viewer.id,
            rows.request_info.now,
            viewer and viewer.session_id,
            staff and staff.id,
            staff and staff.role.value,
            *([key for hole in there for key in hole.ref.keys] for there in by_place),
            *bound.arguments,
        )
        for number, (there, items) in enumerate(zip(by_place, row or (), strict=True)):
            told = iter(items or ())
            for hole in there:
                mine = [
                    plan.finish(number, next(told), rows.request_info.values(), rows.accesses)
                    for _ in hole.ref.keys
                ]
                hole.target[hole.key] = _json(mine, many=hole.ref.many)

    def _noted(
        self, cause: Exception, field: RootField, open_: Sequence[Placeholder]
    ) -> list[GraphQLError]:
        """An error for each place, as if its field had failed."""
        places: Mapping[int, PayloadPath] = dict(enumerate(field.plan.places if field.plan else ()))
        nodes, numbers = self._located(field), dict.fromkeys(hole.place for hole in open_)
        return [located_error(cause, nodes, [field.key, *places[n]]) for n in numbers]


def _json(texts: Sequence[bytes | None], *, many: bool) -> Any:
    """JSON where objects are named; a list lacks those that aren't there."""
    found = [orjson.Fragment(text) for text in texts if text]
    return found if many else next(iter(found), None)
