"""Payloads of mutations: their serializers, and one statement for the objects in them.

A payload is a plain Strawberry object. Its scalars and errors are serialized directly. The value of
a field of a declared type is a `Ref` from `rows.by_key(…)`. The serializer leaves a placeholder for
it in the JSON, and the payload's plan reads the object.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from sys import getsizeof
from typing import Any, NamedTuple, cast

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLObjectType,
    OperationDefinitionNode,
    SelectionSetNode,
    is_composite_type,
)
from graphql.execution.values import VariableValues

from lk_graphql.planner.audit_marks import DataAccesses
from lk_graphql.planner.catalog import DEFINITION, Unsupported, type_declaration
from lk_graphql.planner.documents import Operation, PlanKey
from lk_graphql.planner.plan import apply_patches
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
