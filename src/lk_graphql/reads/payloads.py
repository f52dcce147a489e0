"""What a mutation's root field shows: the payload itself, and one statement for what it names.

A payload is a plain Strawberry object. What it holds itself (texts, errors) is shown as it is; a
field whose type is declared is a *place*: there the use case has put `rows.by_key(…)`, and the
plan of that selection answers it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from sys import getsizeof
from typing import Any, NamedTuple, cast

from graphql import (
    FieldNode,
    GraphQLObjectType,
    OperationDefinitionNode,
    SelectionSetNode,
    is_composite_type,
)
from graphql.execution.values import VariableValues

from lk_graphql.reads.catalog import DEFINITION, Unsupported, declared_of
from lk_graphql.reads.literals import Arguments, arguments_of
from lk_graphql.reads.looks import Looks
from lk_graphql.reads.operation import Operation, Shape
from lk_graphql.reads.plan import finished
from lk_graphql.reads.roots import ASKERS_NAMED, payload
from lk_graphql.reads.rows import Found
from lk_graphql.reads.select import Selector, selector
from lk_graphql.reads.selection import Selected
from lk_graphql.reads.sql import Writer
from lk_graphql.reads.statement import Parameter, Patch
from lk_graphql.reads.untyped import get_named_type, is_list_type, is_non_null_type

Place = tuple[str, ...]
"""Response keys that lead from the payload to an object, past lists."""


@dataclass(frozen=True)
class PayloadPlan:
    """The statement for one payload, and which of its columns belongs to which place."""

    sql: str
    places: tuple[Place, ...]
    parameters: tuple[Parameter, ...]
    patches: tuple[tuple[Patch, ...], ...]
    marks_looks: bool = False

    @property
    def weight(self) -> int:
        """As a plan's."""
        patches = sum(map(len, self.patches))
        return getsizeof(self.sql) + 512 * (1 + len(self.parameters) + patches)

    def bind(self, variables: VariableValues, today: date) -> list[object]:
        """What follows the keys; raises `BadArgument`."""
        return [parameter(variables, today) for parameter in self.parameters]

    def finish(
        self, number: int, item: bytes | None, known: Mapping[str, object], looks: Looks
    ) -> bytes | None:
        """Run the derived fields of an object at this place, and gather the looks."""
        seen = looks if self.marks_looks else None
        return item and finished(item, self.patches[number], known, seen)


class Hole(NamedTuple):
    """Where the statement's answer belongs: under `key` of `shown`."""

    place: int
    found: Found[Any]
    shown: dict[str, Any]
    key: str


Show = Callable[[Any, list[Hole]], Any]
"""A value as JSON, with holes for what it names."""


@dataclass(frozen=True)
class RootField:
    """One root field of a mutation, ready to be run; `plan` is None if it names no objects."""

    key: str
    nodes: list[FieldNode]
    """Where it stands in the document, for errors; without what is selected below it."""
    operation: OperationDefinitionNode
    """Also without."""
    parent: GraphQLObjectType
    show: Show
    plan: PayloadPlan | None
    arguments: Arguments

    @property
    def definition(self) -> Any:
        return self.parent.fields.get(self.nodes[0].name.value)


def compile_payloads(operation: Operation, shape: Shape) -> tuple[RootField, ...]:
    """The root fields of a mutation for one shape, in their order; raises `Unsupported`."""
    root = operation.catalog.schema.mutation_type
    if root is None or operation.kind != "mutation":
        raise Unsupported("no mutation")
    reading = selector(operation, shape)
    node = operation.node
    bare = replace(node, selection_set=SelectionSetNode(selections=()))
    asked = reading.nodes(root, [node.selection_set])
    return tuple(_root_field(reading, root, bare, key, nodes) for key, nodes in asked.items())


def _root_field(
    reading: Selector,
    root: GraphQLObjectType,
    operation: OperationDefinitionNode,
    key: str,
    nodes: list[FieldNode],
) -> RootField:
    bare = [replace(node, selection_set=None) for node in nodes]
    definition: Any = root.fields.get(nodes[0].name.value)
    if definition is None:
        return RootField(key, bare, operation, root, _constant(root.name), None, lambda _: {})
    named = get_named_type(definition.type)
    if _is_declared(named):
        raise Unsupported("an object that a resolver finds")
    payloads = _Payload(reading)
    show = payloads.shown(definition.type, (), [node.selection_set for node in nodes])
    plan = _compiled(payloads.places) if payloads.places else None
    return RootField(key, bare, operation, root, show, plan, arguments_of(definition, bare[0]))


def _compiled(found: Mapping[Place, Selected]) -> PayloadPlan:
    writer = Writer(reserved=ASKERS_NAMED + len(found))
    sql = payload(writer, [*found.values()])
    patches = tuple(tuple(_under(number, writer.patches)) for number in range(len(found)))
    return PayloadPlan(sql, tuple(found), tuple(writer.parameters), patches, writer.marks_looks)


def _under(number: int, patches: Sequence[Patch]) -> Iterator[Patch]:
    """The patches of one place, as seen from its objects."""
    for patch in patches:
        if patch.path[0] == str(number):
            yield replace(patch, path=patch.path[1:])


@dataclass
class _Payload:
    """Puts together how a payload is shown, and finds its places on the way."""

    reading: Selector
    places: dict[Place, Selected] = field(default_factory=dict[Place, Selected])

    def shown(self, type_: Any, way: Place, sets: Sequence[SelectionSetNode | None]) -> Show:
        if is_non_null_type(type_):
            return _present(self._nullable(type_.of_type, way, sets))
        nullable = self._nullable(type_, way, sets)
        return lambda value, holes: None if value is None else nullable(value, holes)

    def _nullable(self, type_: Any, way: Place, sets: Sequence[SelectionSetNode | None]) -> Show:
        if is_list_type(type_):
            return _list(self.shown(type_.of_type, way, sets))
        if isinstance(type_, GraphQLObjectType):
            return _object(tuple(self._fields(type_, way, sets)))
        if is_composite_type(type_):
            raise Unsupported("an interface or a union in a payload")
        serialize = type_.coerce_output_value
        return lambda value, _: serialize(value)

    def _fields(
        self, parent: GraphQLObjectType, way: Place, sets: Iterable[SelectionSetNode | None]
    ) -> Iterator[tuple[str, str, Show | int]]:
        """Response key, attribute, and how it is shown or the number of its place."""
        for key, nodes in self.reading.nodes(parent, sets).items():
            definition: Any = parent.fields.get(nodes[0].name.value)
            if definition is None:  # __typename
                yield key, "__class__", _constant(parent.name)  # every object has that attribute
                continue
            strawberry = definition.extensions[DEFINITION]
            if strawberry.base_resolver:
                raise Unsupported("a payload's field that a resolver finds")
            named, here = get_named_type(definition.type), (*way, key)
            if _is_declared(named):
                yield key, strawberry.python_name, self._place(parent, definition, here, nodes)
            else:
                inner = [node.selection_set for node in nodes]
                yield key, strawberry.python_name, self.shown(definition.type, here, inner)

    def _place(
        self, parent: GraphQLObjectType, definition: Any, here: Place, nodes: list[FieldNode]
    ) -> int:
        if is_non_null_type(definition.type) and not is_list_type(definition.type.of_type):
            raise Unsupported("an object that must be there")
        self.places[here] = self.reading.field(parent, here[-1], nodes)
        return len(self.places) - 1


def _is_declared(named: Any) -> bool:
    return isinstance(named, GraphQLObjectType) and declared_of(named) is not None


def _constant(text: str) -> Show:
    return lambda _value, _holes: text


def _present(show: Show) -> Show:
    def shown(value: Any, holes: list[Hole]) -> Any:
        if value is None:
            raise TypeError("A payload lacks what its type promises")
        return show(value, holes)

    return shown


def _list(item: Show) -> Show:
    return lambda values, holes: [item(value, holes) for value in cast("Iterable[Any]", values)]


def _object(fields: tuple[tuple[str, str, Show | int], ...]) -> Show:
    def shown(value: Any, holes: list[Hole]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for key, attribute, show in fields:
            inner = getattr(value, attribute)
            if not isinstance(show, int):
                told[key] = show(inner, holes)
                continue
            told[key] = None
            if inner is not None:
                holes.append(Hole(show, inner, told, key))
        return told

    return shown
