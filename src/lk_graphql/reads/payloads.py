"""What a mutation's root field shows: the payload itself, and one statement for what it names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from sys import getsizeof
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLObjectType,
    OperationDefinitionNode,
    SelectionSetNode,
)
from graphql.execution.values import VariableValues

from lk_graphql.reads.catalog import Unsupported
from lk_graphql.reads.looks import Looks
from lk_graphql.reads.operation import Operation, Shape
from lk_graphql.reads.places import Payload, Place, Show, constant, is_declared
from lk_graphql.reads.plan import finished
from lk_graphql.reads.roots import ASKERS_NAMED, payload
from lk_graphql.reads.select import selector
from lk_graphql.reads.selection import Selected
from lk_graphql.reads.sql import Writer
from lk_graphql.reads.statement import Parameter, Patch
from lk_graphql.reads.untyped import get_named_type


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


@dataclass(frozen=True)
class RootField:
    """One root field of a mutation, ready to be run; `plan` is None if it names no objects."""

    key: str
    nodes: list[FieldNode]
    """With their arguments, but without what they select."""
    operation: OperationDefinitionNode
    """Without what it selects, and without its variables."""
    parent: GraphQLObjectType
    show: Show
    plan: PayloadPlan | None = None

    @property
    def definition(self) -> Any:
        return self.parent.fields.get(self.nodes[0].name.value)


def compile_payloads(operation: Operation, shape: Shape) -> tuple[RootField, ...]:
    """The root fields of a mutation for one shape, in their order; raises `Unsupported`."""
    root = operation.catalog.schema.mutation_type
    if root is None or operation.kind != "mutation":
        raise Unsupported("no mutation")
    nodes = root_nodes(operation, shape, operation.document)
    compiling = _Compiling(operation, shape, root)
    return tuple(compiling.field(key, found) for key, found in nodes.items())


def root_nodes(
    operation: Operation, shape: Shape, document: DocumentNode
) -> dict[str, list[FieldNode]]:
    """The nodes of a mutation's root fields, by response key, in one of its trees."""
    root: Any = operation.catalog.schema.mutation_type
    selected = operation.node_in(document).selection_set
    return selector(operation, shape, document).nodes(root, [selected])


@dataclass(frozen=True)
class _Compiling:
    """Compiles the root fields of a mutation."""

    operation: Operation
    shape: Shape
    root: GraphQLObjectType

    def field(self, key: str, nodes: list[FieldNode]) -> RootField:
        bare = [replace(node, selection_set=None) for node in nodes]
        found = RootField(key, bare, self._bare, self.root, constant(self.root.name))
        definition = found.definition
        if definition is None:
            return found
        if is_declared(get_named_type(definition.type)):
            raise Unsupported("an object that a resolver finds")
        payload = Payload(selector(self.operation, self.shape))
        show = payload.shown(definition.type, (), [node.selection_set for node in nodes])
        plan = _compiled(payload.places) if payload.places else None
        return replace(found, show=show, plan=plan)

    @property
    def _bare(self) -> OperationDefinitionNode:
        nothing = SelectionSetNode(selections=())
        return replace(self.operation.node, selection_set=nothing, variable_definitions=())


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
