"""Arguments that are read by readers are those that graphql-core finds."""

from typing import Any

import pytest
from graphql import GraphQLError, build_schema, parse, validate
from graphql.execution.values import get_variable_values

from lk_graphql.reads import literals
from lk_graphql.reads.literals import arguments_of
from lk_graphql.reads.untyped import get_argument_values

SCHEMA = build_schema("""
    enum Colour { RED GREEN }
    input Point { x: Int!, y: Int! = 7, note: String, colour: Colour = GREEN, next: Point }
    input Either @oneOf { point: Point, name: String }
    type Query { idle: Int }
    type Mutation {
        draw(at: Point!, all: [Point!], marks: [Int], size: Int = 3, names: [String!]!): Int
        choose(one: Either, many: [[Int!]]): Int
    }
""")
VARIABLES = "$i: Int, $n: Int!, $s: String, $p: Point, $l: [Int], $d: Int = 5, $c: Colour"
LITERALS = [
    'draw(at: {x: 1}, names: ["a"])',
    "draw(at: {x: $n}, names: [$t])",
    'draw(at: {x: $n, y: $d, note: $s, colour: $c}, names: "one")',
    "draw(at: {x: 1, next: {x: $n, next: $p}}, names: [$t, $t], size: $i)",
    "draw(at: {x: 1, note: null, colour: RED}, all: [{x: 1}, {x: $n, note: $s}], names: [])",
    "draw(at: {x: 1}, all: {x: $n}, marks: $l, names: [])",
    "draw(at: {x: 1}, all: null, marks: [$i, 2, null, $n], names: [], size: null)",
    "draw(at: {x: $d}, marks: 5, names: [])",
    "choose(one: {name: $t}, many: [[1, $n], null, [$n]])",
    "choose(one: {point: {x: $n}}, many: 3)",
    "choose",
]
GIVEN: list[dict[str, Any]] = [
    {"n": 1, "t": "a"},
    {"n": 1, "t": "a", "i": 2, "s": "b", "p": {"x": 3}, "l": [1, None], "d": 6, "c": "RED"},
    {"n": 1, "t": "a", "i": None, "s": None, "p": None, "l": None, "d": None, "c": None},
]


def told(read: Any) -> object:
    try:
        return read()
    except GraphQLError as wrong:
        return wrong.message, wrong.locations


def asked(literal: str, given: dict[str, Any]) -> tuple[Any, Any, Any]:
    """A mutation's field, its node, and the variables."""
    document = parse(f"mutation ({VARIABLES}, $t: String!) {{ {literal} }}")
    unused = "is never used"
    assert [one for one in validate(SCHEMA, document) if unused not in one.message] == []
    operation: Any = document.definitions[0]
    node = operation.selection_set.selections[0]
    fields: Any = SCHEMA.mutation_type and SCHEMA.mutation_type.fields
    variables: Any = get_variable_values(SCHEMA, operation.variable_definitions, given)
    return fields[node.name.value], node, variables


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("literal", LITERALS)
def test_the_readers_find_what_graphql_core_finds(literal: str, given: dict[str, Any]):
    definition, node, variables = asked(literal, given)

    expected = told(lambda: get_argument_values(definition, node, variables, hide_suggestions=True))
    read = arguments_of(definition, node, lambda: node)
    assert told(lambda: read(variables)) == expected
    assert told(lambda: read(variables)) == expected, "nothing is left over from the first time"


def test_graphql_core_isn_t_asked_for_what_is_common(monkeypatch: pytest.MonkeyPatch):
    literal = "draw(at: {x: $n, note: $s}, all: [{x: 1}, {x: $n}], names: [$t], size: $i)"
    definition, node, variables = asked(literal, GIVEN[1])
    expected = get_argument_values(definition, node, variables)
    monkeypatch.setattr(literals, "get_argument_values", None)

    assert arguments_of(definition, node, lambda: node)(variables) == expected
