"""How a payload is shown, and the places in it that its use case leaves open.

A payload is a plain Strawberry object. What it holds itself (texts, errors) is shown as it is; a
field whose type is declared is a *place*: there the use case has put `rows.by_key(…)`, and the
plan of that selection answers it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from graphql import FieldNode, GraphQLObjectType, SelectionSetNode, is_composite_type

from lk_graphql.reads.catalog import DEFINITION, Unsupported, declared_of
from lk_graphql.reads.rows import Found
from lk_graphql.reads.select import Selector
from lk_graphql.reads.selection import Selected
from lk_graphql.reads.untyped import get_named_type, is_list_type, is_non_null_type

Place = tuple[str, ...]
"""Response keys that lead from the payload to an object, past lists."""


class Hole(NamedTuple):
    """Where the statement's answer belongs: under `key` of `shown`."""

    place: int
    found: Found[Any]
    shown: dict[str, Any]
    key: str


Show = Callable[[Any, list[Hole]], Any]
"""A value as JSON, with holes for what it names."""


@dataclass
class Payload:
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
                yield key, strawberry.python_name, self.shown(definition.type, here, inner)

    def _place(
        self, parent: GraphQLObjectType, definition: Any, here: Place, nodes: list[FieldNode]
    ) -> int:
        if is_non_null_type(definition.type) and not is_list_type(definition.type.of_type):
            raise Unsupported("an object that must be there")
        self.places[here] = self.reading.field(parent, here[-1], nodes)
        return len(self.places) - 1


def is_declared(named: Any) -> bool:
    return isinstance(named, GraphQLObjectType) and declared_of(named) is not None


def constant(text: str) -> Show:
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
