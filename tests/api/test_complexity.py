"""Complexity of operations: values computed by hand, and properties of any document."""

from dataclasses import replace
from typing import cast

import pytest
from graphql import (
    GraphQLError,
    GraphQLNamedType,
    OperationDefinitionNode,
    SelectionNode,
    build_schema,
    parse,
)
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.api.complexity import Complexity, ComplexityVisitor
from lk_graphql.api.document_limits import CostEstimator
from lk_graphql.api.request_errors import TooComplex
from lk_graphql.planner.catalog import Catalog
from lk_graphql.planner.documents import Documents
from lk_graphql.planner.engine import do_nothing
from tests.api.endpoint_client import OPTIONS

SCHEMA = build_schema("""
    type Query {
        a: A  all: [A!]!  page(first: Int, last: Int): Page!  newest(first: Int! = 6): [A!]!  n: Int
        node(id: ID!): A  nodes(ids: [ID!]!): [A]!
    }
    type Mutation { change: A }
    interface Named { name: String }
    type A implements Named { name: String  a: A  all: [A!]!  page(first: Int, last: Int): Page! }
    type Page { nodes: [A!]!  edges: [Edge!]!  count: Int! }
    type Edge { node: A! }
""")
# `build_schema` leaves defaults as literals, Strawberry as values
SCHEMA.query_type.fields["newest"].args["first"].default_value = 6  # type: ignore[union-attr]


def size(query: str, page: int = 1) -> Complexity:
    document = parse(query)
    visitor = ComplexityVisitor(SCHEMA, document, lambda _: page)
    return visitor.operation(cast("OperationDefinitionNode", document.definitions[0]))


def estimator_of(query: str) -> CostEstimator:
    return CostEstimator(Documents(Catalog(SCHEMA)).operation(query))


def points_of(query: str, **variables: object) -> int:
    return estimator_of(query).points(variables, do_nothing)


@pytest.mark.parametrize(
    ("query", "points"),
    [
        ("{ n }", 1),
        ("{ a { name } }", 1),
        ("{ a { x: name } }", 2),
        ("{ all { x: name y: name name } }", 5 * 3),
        ("{ a { a { name } } }", 2),
        ("{ all { name } }", 5),
        ("{ all { all { name } } }", 5 + 25),
        ("{ newest { name } }", 6),
        ("{ newest(first: 3) { all { name } } }", 3 + 15),
        ("{ page { count } }", 1),
        ("{ page { nodes { name } } }", 1 + 20),
        ("{ page(first: 7) { nodes { name } edges { node { name } } } }", 1 + 7 + 14),
        ("{ page(first: 999) { nodes { name } } }", 1 + 100),
        ("{ page(first: -1) { nodes { name } } }", 1),
        ("{ page(first: null) { nodes { name } } }", 1 + 20),
        ("{ page(first: 2) { ...P } } fragment P on Page { nodes { a { name } } }", 1 + 4),
        ("{ page(first: 2) { nodes { page(first: 3) { nodes { name } } } } }", 1 + 2 * (1 + 1 + 3)),
        ("{ __schema { types { fields { name } } } }", 1 + 5 + 25),
        ('{ __type(name: "A") { fields { type { name } } } }', 1 + 5 + 5),
        ("{ __typename }", 1),
        ("mutation { change { name } }", 11),
        ("mutation { x: change { name } y: change { name } }", 22),
        ("{ x: a { name } y: a { name } }", 2),
        ("{ ...F } fragment F on Query { a { ... on Named { name } } }", 1),
    ],
)
def test_points_count_objects_and_scalars_under_aliases(query: str, points: int):
    assert points_of(query) == points


def test_a_variable_of_a_page_size_costs_its_value():
    inner = "nodes { page(last: $m) { nodes { name } } }"
    query = "query Q($n: Int, $m: Int = 4) { page(first: $n) { " + inner + " } }"
    assert points_of(query, n=3) == 1 + 3 * (1 + 1 + 4)
    assert points_of(query, n=3, m=10) == 1 + 3 * (1 + 1 + 10)
    assert points_of(query, n=10**30, m=-5) == 1 + 100 * (1 + 1)
    assert points_of(query, n=7.5, m=1) == 1 + 100 * 3


CONTENT = "name x: name a { name } all { name } page(first: 7) { nodes { all { name } } }"
BY_IDS = "query ($ids: [ID!]!) { nodes(ids: $ids) { " + CONTENT + " } }"


@pytest.mark.parametrize("count", [1, 2, 5, 20, 100])
def test_objects_by_ids_cost_the_sum_of_the_single_objects(count: int):
    each = " ".join(f'n{n}: node(id: "a{n}") {{ {CONTENT} }}' for n in range(count))
    ids = [f"a{n}" for n in range(count)]
    literal = str(ids).replace("'", '"')

    expected = points_of("{ " + each + " }")

    assert points_of(BY_IDS, ids=ids) == expected
    assert points_of(BY_IDS.replace("!)", f"! = {literal})")) == expected
    assert points_of(f"{{ nodes(ids: {literal}) {{ {CONTENT} }} }}") == expected


def test_one_id_is_a_list_and_more_than_a_page_of_them_costs_a_page():
    one = points_of(BY_IDS, ids=["a"])
    assert points_of(BY_IDS, ids="a") == one
    assert points_of('{ nodes(ids: "a") { ' + CONTENT + " } }") == one
    assert points_of(BY_IDS, ids=["a"] * 101) == 100 * one
    assert points_of(BY_IDS, ids=[]) == 1


def test_the_cost_of_pages_is_computed_once_and_announced():
    estimator = estimator_of("query Q($n: Int) { page(first: $n) { nodes { name } } }")
    computed: list[int] = []

    points = [
        estimator.points({"n": n}, lambda n=n: computed.append(n)) for n in (3, 4, 3, 4, 3, 1000)
    ]

    assert points == [4, 5, 4, 5, 4, 101]
    assert computed == [3, 4, 1000]


def test_complexity_is_counted_through_fragments():
    complexity = size(
        "query Q($v: [Int] = [1, 2]) @skip(if: false) {"
        " a @skip(if: false) { ...F ... on A { a { name } } } b: a { ...F }"
        " newest(first: 3, where: {x: [1, 2]}) { name } }"
        " fragment F on A { x: name name name a { name } }"
    )
    assert complexity == Complexity(
        depth=3,
        fields=4 + 2 * 5 + 2,
        roots=3,
        aliases=1 + 2,
        spreads=3,
        arguments=2 + 2,
        values=1 + 1 + 3 + 1 + 4,
        variables=1,
        directives=2,
        cost=1 + 1 + (2 + 2) + 1 + 3,
    )


def test_forty_doublings_are_counted_at_once():
    fragments = " ".join(f"fragment F{n} on A {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
    complexity = size("{ a { ...F0 } } " + fragments + " fragment F40 on A { x: name }")
    assert (complexity.aliases, complexity.depth) == (2**40, 2)
    assert complexity.spreads == 2**41 - 1


names = st.sampled_from(
    ["a", "all", "name", "n", "page", "nodes", "edges", "node", "none", "__typename", "change"]
)


def aliased_field(alias: str, name: str) -> str:
    return alias + name


def nested_field(name: str, arguments: str, inside: list[str]) -> str:
    return f"{name}{arguments} {{ {' '.join(inside)} }}"


def document_of(kind: str, bodies: tuple[str, str, str, str]) -> str:
    body, f, g, h = bodies
    return (
        f"{kind} Q($n: Int = 2, $m: Int) {{ {body} }} fragment F on A {{ {f} }}"
        f" fragment G on Page {{ {g} }} fragment H on Query {{ {h} }}"
    )


aliases = st.sampled_from(["", "x: ", "y: "])
spreads = st.sampled_from(["...F", "...G", "...H", "...Nowhere"])
inline = st.sampled_from(["...", "... on A", "... on Page", "... on Nothing"])
arguments = st.sampled_from(
    ["", "(first: 3)", "(last: $n)", "(first: $m)", '(first: "x")', " @skip(if: true)"]
)
fields = st.recursive(
    st.builds(aliased_field, aliases, names) | spreads,
    lambda inner: st.builds(
        nested_field, names | inline, arguments, st.lists(inner, min_size=1, max_size=4)
    ),
    max_leaves=25,
)
documents = st.builds(
    document_of,
    st.sampled_from(["query", "mutation"]),
    st.tuples(fields, fields, fields, fields),
)


@given(
    documents, st.dictionaries(st.sampled_from(["n", "m"]), st.integers() | st.text() | st.none())
)
def test_any_document_is_measured_in_linear_time(query: str, variables: dict[str, object]):
    try:
        document = parse(query)
    except GraphQLError:
        return  # a syntax error, as in `... (first: 3)`
    operation = cast("OperationDefinitionNode", document.definitions[0])
    visits = 0

    class Counting(ComplexityVisitor):
        def _selection(self, parent: GraphQLNamedType | None, node: SelectionNode) -> Complexity:
            nonlocal visits
            visits += 1
            return super()._selection(parent, node)

    complexity = Counting(SCHEMA, document, lambda _: 1).operation(operation)

    assert visits <= len(query)  # linear in the text: each fragment is visited once
    assert points_of(query, **variables) >= 1
    assert min(complexity) >= 0


@given(documents)
def test_the_limits_measure_or_refuse_any_document(query: str):
    try:
        document = parse(query)
    except GraphQLError:
        return
    limits = replace(OPTIONS.limits, fields=10, depth=4, spreads=10, comparisons=5)
    try:
        measured = limits.check(SCHEMA, document)
    except TooComplex:
        return
    assert measured.complexity.fields <= 10
    assert measured.comparisons <= 5
    assert measured.points >= 0
