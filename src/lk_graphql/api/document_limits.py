"""Limits on documents, checked before validation, and the points charged for compilation.

Validation takes quadratic time for fields under one response key, and for fragments in one
selection set: graphql-core compares them in pairs. This module counts the pairs without comparing
them, in linear time.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from lk_graphql.api.complexity import Complexity, ComplexityVisitor, total
from lk_graphql.api.request_errors import TooComplex

BASE_POINTS = 300
CHARACTERS_PER_POINT = 4
POINTS_PER_ELEMENT = 6
COMPARISONS_PER_POINT = 4


@dataclass(frozen=True)
class ComplexityLimits:
    """Limits of a document. All must admit a full introspection query.

    `depth`, `roots` and `changes` limit each operation. `cost` limits the operation to execute. The
    other limits apply to the whole document. `changes` is low because each mutation field may hash
    a password, and mutation fields run serially.
    """

    characters: int = 30_000
    tokens: int = 2000
    operations: int = 50
    depth: int = 16
    fields: int = 500
    aliases: int = 50
    spreads: int = 250
    arguments: int = 250
    values: int = 500
    variables: int = 50
    directives: int = 50
    comparisons: int = 1000
    roots: int = 20
    changes: int = 5
    cost: int = 5000

    def check_text(self, query: str) -> None:
        """Check the length of a document's text. Raises `TooComplex`."""
        self._require(characters=len(query))

    def check_cost(self, points: int) -> None:
        """Check the cost of the operation to execute. Raises `TooComplex`."""
        self._require(cost=points)

    def check(self, schema: GraphQLSchema, document: DocumentNode) -> "DocumentSize":
        """Measure a parsed document. Raises `TooComplex` for the first exceeded limit."""
        visitor = ComplexityVisitor(schema, document, lambda _: 1)
        try:
            return self._checked(document, visitor)
        except RecursionError:
            raise TooComplex(
                "Запрос слишком велик: поля вложены слишком глубоко.",
                "The operation is too large: its selections are nested too deeply.",
            ) from None

    def _checked(self, document: DocumentNode, visitor: ComplexityVisitor) -> "DocumentSize":
        operations = [
            node for node in document.definitions if isinstance(node, OperationDefinitionNode)
        ]
        self._require(operations=len(operations))
        sizes = [visitor.operation(node) for node in operations]
        for size in sizes:
            self._require(depth=size.depth, roots=size.roots, changes=size.changes)
        unused = visitor.unused_fragments()
        whole = total([*sizes, *unused.values()])
        self._require(depth=whole.depth)
        for name in OF_DOCUMENT:
            self._require(**{name: getattr(whole, name)})
        counter = ComparisonCounter(visitor.fragments, visitor.cyclic_spreads)
        roots = [*operations, *(visitor.fragments[name] for name in unused)]
        comparisons = sum(counter.count([node.selection_set]) for node in roots)
        self._require(comparisons=comparisons)
        return DocumentSize(whole, comparisons)

    def _require(self, **values: int) -> None:
        for name, value in values.items():
            limit: int = getattr(self, name)
            if value > limit:
                ru, en = _TEXTS[name]
                raise TooComplex(
                    f"Запрос слишком велик: {ru} {value}, а можно {limit}.",
                    f"The operation is too large: {en} is {value}, above {limit}.",
                    details={"exceeded": name, "requested": value, "limit": limit},
                )


OF_DOCUMENT = (
    "fields",
    "aliases",
    "spreads",
    "arguments",
    "values",
    "variables",
    "directives",
)
_TEXTS = {
    "characters": ("число символов", "the number of its characters"),
    "operations": ("число операций", "the number of its operations"),
    "depth": ("глубина", "its depth"),
    "fields": ("число полей", "the number of its fields"),
    "aliases": ("число псевдонимов", "the number of its aliases"),
    "spreads": ("число фрагментов", "the number of its fragments"),
    "arguments": ("число аргументов", "the number of its arguments"),
    "values": ("число значений", "the number of its values"),
    "variables": ("число переменных", "the number of its variables"),
    "directives": ("число директив", "the number of its directives"),
    "comparisons": ("число повторов полей и фрагментов", "the number of its repetitions"),
    "roots": ("число корневых полей", "the number of its root fields"),
    "changes": ("число изменений", "the number of its changes"),
    "cost": ("стоимость", "its cost"),
}


class DocumentSize(NamedTuple):
    """The size of a document, on which its validation and compilation depend."""

    complexity: Complexity
    comparisons: int

    @property
    def points(self) -> int:
        """The charge for validation and compilation."""
        elements = POINTS_PER_ELEMENT * self.complexity.elements
        return elements + self.comparisons // COMPARISONS_PER_POINT


def text_points(text: str) -> int:
    """The charge for parsing."""
    return BASE_POINTS + len(text) // CHARACTERS_PER_POINT


Collected = tuple[Collection[list[FieldNode]], int]
"""The fields by response key, and the number of spreads."""


@dataclass(frozen=True)
class ComparisonCounter:
    """Counts the pairs of fields under one response key, and of fragments in one selection set.

    Fields under one key are merged, so their selection sets are counted as one. `cyclic_spreads`
    has the ids of the spreads that would recurse without end.
    """

    fragments: Mapping[str, FragmentDefinitionNode]
    cyclic_spreads: AbstractSet[int]

    def count(self, sets: list[SelectionSetNode]) -> int:
        fields, spreads = self.collected(sets)
        comparisons = _pairs(spreads)
        for nodes in fields:
            inner = [node.selection_set for node in nodes if node.selection_set]
            comparisons += _pairs(len(nodes)) + (self.count(inner) if inner else 0)
        return comparisons

    def collected(self, sets: list[SelectionSetNode]) -> Collected:
        """Collect the fields of selection sets that are merged, through their fragments."""
        by_key = defaultdict[str, list[FieldNode]](list)
        spreads = 0
        for selection_set in sets:
            for node in selection_set.selections:
                if isinstance(node, FieldNode):
                    by_key[(node.alias or node.name).value].append(node)
                elif isinstance(node, InlineFragmentNode):
                    sets.append(node.selection_set)
                else:
                    spreads += 1
                    sets.extend(self._set_of(node))
        return by_key.values(), spreads

    def _set_of(self, node: SelectionNode) -> Iterator[SelectionSetNode]:
        if isinstance(node, FragmentSpreadNode) and id(node) not in self.cyclic_spreads:
            fragment = self.fragments.get(node.name.value)
            if fragment:
                yield fragment.selection_set


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
