"""The statement behind a mutation's payload: one for all objects that it names by their keys.

A payload is a plain Strawberry object. What it holds itself (texts, errors) graphql-core shows;
a field whose type is declared is a *place*: there the use case has put `rows.by_key(…)`, and
the plan of that selection answers it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from graphql import (
    FieldNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    SelectionSetNode,
    is_composite_type,
)
from graphql.execution.values import VariableValues

from lk_graphql.reads.catalog import DEFINITION, Unsupported, declared_of
from lk_graphql.reads.documents import Operation, Shape
from lk_graphql.reads.plan import finished
from lk_graphql.reads.roots import VIEWER_NAMED, payload
from lk_graphql.reads.select import Selector, selector
from lk_graphql.reads.selection import Selected
from lk_graphql.reads.sql import Writer
from lk_graphql.reads.statement import Parameter, Patch
from lk_graphql.reads.untyped import get_named_type, get_nullable_type

Place = tuple[str, ...]
"""Response keys that lead from the payload to an object, past lists."""


@dataclass(frozen=True)
class PayloadPlan:
    """The statement for one payload, and which of its columns belongs to which place."""

    sql: str
    places: tuple[Place, ...]
    parameters: tuple[Parameter, ...]
    patches: tuple[tuple[Patch, ...], ...]

    def bind(self, variables: VariableValues, today: date) -> list[object]:
        """What follows the keys; raises `BadArgument`."""
        return [parameter(variables, today) for parameter in self.parameters]

    def finish(self, number: int, item: bytes | None, known: Mapping[str, object]) -> bytes | None:
        """Run the derived fields of an object at this place."""
        return item and finished(item, self.patches[number], known)


PayloadPlans = Mapping[str, PayloadPlan]
"""By the response keys of a mutation's root fields; none for a payload that names no objects."""


def compile_payloads(operation: Operation, shape: Shape) -> PayloadPlans:
    """Compile the payloads of a mutation for one shape; raises `Unsupported`."""
    root = operation.catalog.schema.mutation_type
    if root is None or operation.kind != "mutation":
        raise Unsupported("no mutation")
    reading = selector(operation, shape)
    plans: dict[str, PayloadPlan] = {}
    for key, nodes in reading.nodes(root, [operation.node.selection_set]).items():
        if found := dict(_places_of_field(reading, root, (), nodes)):
            plans[key] = _compiled(found)
    return plans


def _compiled(found: Mapping[Place, Selected]) -> PayloadPlan:
    writer = Writer(reserved=VIEWER_NAMED + len(found))
    sql = payload(writer, [*found.values()])
    patches = tuple(tuple(_under(number, writer.patches)) for number in range(len(found)))
    return PayloadPlan(sql, tuple(found), tuple(writer.parameters), patches)


def _under(number: int, patches: Sequence[Patch]) -> Iterator[Patch]:
    """The patches of one place, as seen from its objects."""
    for patch in patches:
        if patch.path[0] == str(number):
            yield replace(patch, path=patch.path[1:])


def _places_of_field(
    reading: Selector, parent: GraphQLObjectType, way: Place, nodes: list[FieldNode]
) -> Iterator[tuple[Place, Selected]]:
    """The places at or below one field of a payload."""
    definition = parent.fields.get(nodes[0].name.value)
    if definition is None:  # __typename
        return
    type_: Any = getattr(definition, "type")  # noqa: B009 - partly unknown to pyright
    named = get_named_type(type_)
    if not is_composite_type(named):
        return
    if not isinstance(named, GraphQLObjectType):
        raise Unsupported("an interface or a union in a payload")
    if declared_of(named):
        if not way or definition.extensions[DEFINITION].base_resolver:
            raise Unsupported("an object that a resolver finds")
        if isinstance(type_, GraphQLNonNull) and not isinstance(
            get_nullable_type(type_), GraphQLList
        ):
            raise Unsupported("an object that must be there")
        yield way, reading.field(parent, way[-1], nodes)
        return
    sets = [node.selection_set for node in nodes]
    yield from _places(reading, named, way, sets)


def _places(
    reading: Selector,
    parent: GraphQLObjectType,
    way: Place,
    sets: Iterable[SelectionSetNode | None],
) -> Iterator[tuple[Place, Selected]]:
    for key, nodes in reading.nodes(parent, sets).items():
        yield from _places_of_field(reading, parent, (*way, key), nodes)
