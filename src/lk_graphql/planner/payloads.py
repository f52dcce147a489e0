"""Payloads of mutations: how they are serialized, and one statement for the objects they name.

A payload is a plain Strawberry object. Its own values (texts, errors) are serialized as they are;
a field whose type is declared is a *placeholder*: the use case returned `rows.by_key(…)` there, and
the plan of that selection fills it.
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
"""Response keys that lead from the payload to an object, past lists."""


class Placeholder(NamedTuple):
    """Where the statement's answer belongs: under `key` of `shown`."""

    place: int
    ref: Ref[Any]
    target: dict[str, Any]
    key: str


Serializer = Callable[[Any, list[Placeholder]], Any]
"""A value as JSON, with holes for what it names."""


@dataclass
class PayloadSerializer:
    """Puts together how a payload is shown, and finds its places on the way."""

    reading: Selector
    places: dict[PayloadPath, SelectedField] = field(
        default_factory=dict[PayloadPath, SelectedField]
    )

    def serializer(
        self, type_: Any, way: PayloadPath, sets: Sequence[SelectionSetNode | None]
    ) -> Serializer:
        if is_non_null_type(type_):
            return _present(self._nullable(type_.of_type, way, sets))
        nullable = self._nullable(type_, way, sets)
        return lambda value, holes: None if value is None else nullable(value, holes)

    def _nullable(
        self, type_: Any, way: PayloadPath, sets: Sequence[SelectionSetNode | None]
    ) -> Serializer:
        if is_list_type(type_):
            return _list(self.serializer(type_.of_type, way, sets))
        if isinstance(type_, GraphQLObjectType):
            return _object(tuple(self._fields(type_, way, sets)))
        if is_composite_type(type_):
            raise Unsupported("an interface or a union in a payload")
        serialize = type_.coerce_output_value
        return lambda value, _: serialize(value)

    def _fields(
        self, parent: GraphQLObjectType, way: PayloadPath, sets: Iterable[SelectionSetNode | None]
    ) -> Iterator[tuple[str, str, Serializer | int]]:
        """Response key, attribute, and how it is shown or the number of its place."""
        for key, nodes in self.reading.nodes(parent, sets).items():
            definition: Any = parent.fields.get(nodes[0].name.value)
            if definition is None:  # __typename
                yield key, "__class__", constant(parent.name)  # every object has that attribute
                continue
            strawberry = definition.extensions[DEFINITION]
            if strawberry.base_resolver:
                raise Unsupported("a payload's field that a resolver finds")
            named, here = get_named_type(definition.type), (*way, key)
            if is_declared(named):
                yield key, strawberry.python_name, self._place(parent, definition, here, nodes)
            else:
                inner = [node.selection_set for node in nodes]
                yield key, strawberry.python_name, self.serializer(definition.type, here, inner)

    def _place(
        self, parent: GraphQLObjectType, definition: Any, here: PayloadPath, nodes: list[FieldNode]
    ) -> int:
        if is_non_null_type(definition.type) and not is_list_type(definition.type.of_type):
            raise Unsupported("an object that must be there")
        self.places[here] = self.reading.field(parent, here[-1], nodes)
        return len(self.places) - 1


def is_declared(named: Any) -> bool:
    return isinstance(named, GraphQLObjectType) and type_declaration(named) is not None


def constant(text: str) -> Serializer:
    return lambda _value, _holes: text


def _present(show: Serializer) -> Serializer:
    def shown(value: Any, holes: list[Placeholder]) -> Any:
        if value is None:
            raise TypeError("A payload lacks what its type promises")
        return show(value, holes)

    return shown


def _list(item: Serializer) -> Serializer:
    return lambda values, holes: [item(value, holes) for value in cast("Iterable[Any]", values)]


def _object(fields: tuple[tuple[str, str, Serializer | int], ...]) -> Serializer:
    def shown(value: Any, holes: list[Placeholder]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for key, attribute, show in fields:
            inner = getattr(value, attribute)
            if not isinstance(show, int):
                told[key] = show(inner, holes)
                continue
            told[key] = None
            if inner is not None:
                holes.append(Placeholder(show, inner, told, key))
        return told

    return shown


@dataclass(frozen=True)
class PayloadPlan:
    """The statement for one payload, and which of its columns belongs to which place."""

    sql: str
    places: tuple[PayloadPath, ...]
    parameters: tuple[Parameter, ...]
    patches: tuple[tuple[Patch, ...], ...]
    marks_access: bool = False

    @property
    def weight(self) -> int:
        """As a plan's."""
        patches = sum(map(len, self.patches))
        return getsizeof(self.sql) + 512 * (1 + len(self.parameters) + patches)

    def bind(self, variables: VariableValues, today: date) -> list[object]:
        """What follows the keys; raises `BadArgument`."""
        return [parameter(variables, today) for parameter in self.parameters]

    def finish(
        self, number: int, item: bytes | None, known: Mapping[str, object], looks: DataAccesses
    ) -> bytes | None:
        """Run the derived fields of an object at this place, and gather the looks."""
        seen = looks if self.marks_access else None
        return item and apply_patches(item, self.patches[number], known, seen)


@dataclass(frozen=True)
class RootField:
    """One root field of a mutation, ready to be run; `plan` is None if it names no objects."""

    key: str
    nodes: list[FieldNode]
    """With their arguments, but without what they select."""
    operation: OperationDefinitionNode
    """Without what it selects, and without its variables."""
    parent: GraphQLObjectType
    serialize: Serializer
    plan: PayloadPlan | None = None

    @property
    def definition(self) -> Any:
        return self.parent.fields.get(self.nodes[0].name.value)


def compile_payloads(operation: Operation, shape: PlanKey) -> tuple[RootField, ...]:
    """The root fields of a mutation for one shape, in their order; raises `Unsupported`."""
    root = operation.catalog.schema.mutation_type
    if root is None or operation.kind != "mutation":
        raise Unsupported("no mutation")
    nodes = root_nodes(operation, shape, operation.document)
    compiling = PayloadCompiler(operation, shape, root)
    return tuple(compiling.field(key, found) for key, found in nodes.items())


def root_nodes(
    operation: Operation, shape: PlanKey, document: DocumentNode
) -> dict[str, list[FieldNode]]:
    """The nodes of a mutation's root fields, by response key, in one of its trees."""
    root: Any = operation.catalog.schema.mutation_type
    selected = operation.node_in(document).selection_set
    return selector(operation, shape, document).nodes(root, [selected])


@dataclass(frozen=True)
class PayloadCompiler:
    """Compiles the root fields of a mutation."""

    operation: Operation
    shape: PlanKey
    root: GraphQLObjectType

    def field(self, key: str, nodes: list[FieldNode]) -> RootField:
        bare = [replace(node, selection_set=None) for node in nodes]
        found = RootField(key, bare, self._bare, self.root, constant(self.root.name))
        definition = found.definition
        if definition is None:
            return found
        if is_declared(get_named_type(definition.type)):
            raise Unsupported("an object that a resolver finds")
        payload = PayloadSerializer(selector(self.operation, self.shape))
        show = payload.serializer(definition.type, (), [node.selection_set for node in nodes])
        plan = _compile_plan(payload.places) if payload.places else None
        return replace(found, serialize=show, plan=plan)

    @property
    def _bare(self) -> OperationDefinitionNode:
        nothing = SelectionSetNode(selections=())
        return replace(self.operation.node, selection_set=nothing, variable_definitions=())


def _compile_plan(found: Mapping[PayloadPath, SelectedField]) -> PayloadPlan:
    writer = SqlWriter(reserved=PAYLOAD_PARAMETERS + len(found))
    sql = payload(writer, [*found.values()])
    patches = tuple(tuple(_under(number, writer.patches)) for number in range(len(found)))
    return PayloadPlan(sql, tuple(found), tuple(writer.parameters), patches, writer.marks_access)


def _under(number: int, patches: Sequence[Patch]) -> Iterator[Patch]:
    """The patches of one place, as seen from its objects."""
    for patch in patches:
        if patch.path[0] == str(number):
            yield replace(patch, path=patch.path[1:])
