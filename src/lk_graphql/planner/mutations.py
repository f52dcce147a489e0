"""Mutations: each resolver once, then one statement for the objects of its payload.

Resolvers are called one after the other, in the order of the root fields, with arguments coerced by
graphql-core. A payload is a plain Strawberry object. Its scalars and errors are serialized
directly. The value of a field of a declared type is a `Ref` from `rows.by_key(…)`: the serializer
leaves a placeholder for it in the JSON. When the root field has committed, and before the next root
field starts, the payload's plan reads all these objects.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from inspect import isawaitable
from sys import getsizeof
from typing import Any, NamedTuple, cast

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    SelectionSetNode,
    is_composite_type,
    located_error,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from lk_graphql.planner.audit_marks import DataAccesses
from lk_graphql.planner.catalog import DEFINITION, Unsupported, type_declaration
from lk_graphql.planner.documents import Operation, PlanKey, argument_values
from lk_graphql.planner.plan import apply_patches
from lk_graphql.planner.principal import Database, Principal
from lk_graphql.planner.resolvers.rows import Ref
from lk_graphql.planner.selection import SelectedField, Selector, selector
from lk_graphql.planner.sql.roots import PAYLOAD_PARAMETERS, payload
from lk_graphql.planner.sql.statement import Parameter, Patch
from lk_graphql.planner.sql.writer import SqlWriter
from lk_graphql.planner.untyped import get_named_type, is_list_type, is_non_null_type

PayloadPath = tuple[str, ...]
"""Response keys from the payload to an object, without list indexes."""


class Placeholder(NamedTuple):
    """The place `target[key]` in the serialized payload where a plan's objects are inserted."""

    place: int
    ref: Ref[Any]
    target: dict[str, Any]
    key: str


Serializer = Callable[[Any, list[Placeholder]], Any]
"""Serializes a value, and adds the placeholders in it to the list."""


@dataclass
class PayloadSerializer:
    """Builds the serializer of a payload, and collects the places of its objects."""

    selector: Selector
    places: dict[PayloadPath, SelectedField] = field(
        default_factory=dict[PayloadPath, SelectedField]
    )

    def serializer(
        self, type_: Any, path: PayloadPath, sets: Sequence[SelectionSetNode | None]
    ) -> Serializer:
        if is_non_null_type(type_):
            return _present(self._nullable(type_.of_type, path, sets))
        nullable = self._nullable(type_, path, sets)
        return lambda value, placeholders: None if value is None else nullable(value, placeholders)

    def _nullable(
        self, type_: Any, path: PayloadPath, sets: Sequence[SelectionSetNode | None]
    ) -> Serializer:
        if is_list_type(type_):
            return _list(self.serializer(type_.of_type, path, sets))
        if isinstance(type_, GraphQLObjectType):
            return _object(tuple(self._fields(type_, path, sets)))
        if is_composite_type(type_):
            raise Unsupported("an interface or a union in a payload")
        serialize = type_.coerce_output_value
        return lambda value, _: serialize(value)

    def _fields(
        self, parent: GraphQLObjectType, path: PayloadPath, sets: Iterable[SelectionSetNode | None]
    ) -> Iterator[tuple[str, str, Serializer | int]]:
        """Yield the response key, the attribute, and the serializer or the number of the place."""
        for key, nodes in self.selector.nodes(parent, sets).items():
            definition: Any = parent.fields.get(nodes[0].name.value)
            if definition is None:  # __typename
                yield key, "__class__", constant(parent.name)  # an attribute of every object
                continue
            strawberry = definition.extensions[DEFINITION]
            name = strawberry.python_name
            if strawberry.base_resolver:
                raise Unsupported("a payload's field with a resolver")
            type_, field_path = get_named_type(definition.type), (*path, key)
            if is_declared(type_):
                yield key, name, self._place(parent, definition, field_path, nodes)
            else:
                inner_sets = [node.selection_set for node in nodes]
                yield key, name, self.serializer(definition.type, field_path, inner_sets)

    def _place(
        self, parent: GraphQLObjectType, definition: Any, path: PayloadPath, nodes: list[FieldNode]
    ) -> int:
        if is_non_null_type(definition.type) and not is_list_type(definition.type.of_type):
            raise Unsupported("a non-null object in a payload")
        self.places[path] = self.selector.field(parent, path[-1], nodes)
        return len(self.places) - 1


def is_declared(type_: Any) -> bool:
    return isinstance(type_, GraphQLObjectType) and type_declaration(type_) is not None


def constant(text: str) -> Serializer:
    return lambda _value, _placeholders: text


def _present(serialize: Serializer) -> Serializer:
    def serialize_present(value: Any, placeholders: list[Placeholder]) -> Any:
        if value is None:
            raise TypeError("A non-null field of a payload is None")
        return serialize(value, placeholders)

    return serialize_present


def _list(item: Serializer) -> Serializer:
    return lambda values, placeholders: [
        item(value, placeholders) for value in cast("Iterable[Any]", values)
    ]


def _object(fields: tuple[tuple[str, str, Serializer | int], ...]) -> Serializer:
    def serialize_object(value: Any, placeholders: list[Placeholder]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, attribute, serialize in fields:
            field_value = getattr(value, attribute)
            if not isinstance(serialize, int):
                result[key] = serialize(field_value, placeholders)
                continue
            result[key] = None
            if field_value is not None:
                placeholders.append(Placeholder(serialize, field_value, result, key))
        return result

    return serialize_object


@dataclass(frozen=True)
class PayloadPlan:
    """The statement of one payload; it has a column for each place."""

    sql: str
    places: tuple[PayloadPath, ...]
    parameters: tuple[Parameter, ...]
    patches: tuple[tuple[Patch, ...], ...]
    marks_access: bool = False

    @property
    def weight(self) -> int:
        """Approximate size in bytes, like `Plan.weight`."""
        patches = sum(map(len, self.patches))
        return getsizeof(self.sql) + 512 * (1 + len(self.parameters) + patches)

    def bind(self, variables: VariableValues, today: date) -> list[object]:
        """The values of the parameters after the keys. Raises `BadArgument`."""
        return [parameter(variables, today) for parameter in self.parameters]

    def finish(
        self, number: int, item: bytes | None, values: Mapping[str, object], accesses: DataAccesses
    ) -> bytes | None:
        """Compute an object's derived fields, and move its audit marks into `accesses`."""
        marks = accesses if self.marks_access else None
        return item and apply_patches(item, self.patches[number], values, marks)


@dataclass(frozen=True)
class RootField:
    """A compiled root field of a mutation; `plan` is None for payloads without objects."""

    key: str
    nodes: list[FieldNode]
    """The field's nodes, with arguments and without selection sets."""
    operation: OperationDefinitionNode
    """The operation's node, without selection set and variables."""
    parent: GraphQLObjectType
    serialize: Serializer
    plan: PayloadPlan | None = None

    @property
    def definition(self) -> Any:
        return self.parent.fields.get(self.nodes[0].name.value)


def compile_payloads(operation: Operation, plan_key: PlanKey) -> tuple[RootField, ...]:
    """The root fields of a mutation under a plan key, in order. Raises `Unsupported`."""
    root = operation.catalog.schema.mutation_type
    if root is None or operation.kind != "mutation":
        raise Unsupported("no mutation")
    nodes = root_nodes(operation, plan_key, operation.document)
    compiler = PayloadCompiler(operation, plan_key, root)
    return tuple(compiler.field(key, field_nodes) for key, field_nodes in nodes.items())


def root_nodes(
    operation: Operation, plan_key: PlanKey, document: DocumentNode
) -> dict[str, list[FieldNode]]:
    """The nodes of a mutation's root fields in one of its ASTs, by response key."""
    root: Any = operation.catalog.schema.mutation_type
    selected = operation.node_in(document).selection_set
    return selector(operation, plan_key, document).nodes(root, [selected])


@dataclass(frozen=True)
class PayloadCompiler:
    """Compiles the root fields of a mutation."""

    operation: Operation
    plan_key: PlanKey
    root: GraphQLObjectType

    def field(self, key: str, nodes: list[FieldNode]) -> RootField:
        arguments_only = [replace(node, selection_set=None) for node in nodes]
        root_field = RootField(
            key, arguments_only, self._operation_head, self.root, constant(self.root.name)
        )
        definition = root_field.definition
        if definition is None:
            return root_field
        if is_declared(get_named_type(definition.type)):
            raise Unsupported("an object from a resolver")
        builder = PayloadSerializer(selector(self.operation, self.plan_key))
        sets = [node.selection_set for node in nodes]
        serialize = builder.serializer(definition.type, (), sets)
        plan = _compile_plan(builder.places) if builder.places else None
        return replace(root_field, serialize=serialize, plan=plan)

    @property
    def _operation_head(self) -> OperationDefinitionNode:
        empty = SelectionSetNode(selections=())
        return replace(self.operation.node, selection_set=empty, variable_definitions=())


def _compile_plan(places: Mapping[PayloadPath, SelectedField]) -> PayloadPlan:
    writer = SqlWriter(reserved=PAYLOAD_PARAMETERS + len(places))
    sql = payload(writer, [*places.values()])
    patches = tuple(tuple(_patches_of(number, writer.patches)) for number in range(len(places)))
    return PayloadPlan(sql, tuple(places), tuple(writer.parameters), patches, writer.marks_access)


def _patches_of(number: int, patches: Sequence[Patch]) -> Iterator[Patch]:
    """The patches of one place, with paths relative to its objects."""
    for patch in patches:
        if patch.path[0] == str(number):
            yield replace(patch, path=patch.path[1:])


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
        value = await self._resolve(field) if field.definition else None
        result = field.serialize(value, placeholders)
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
