"""Variables are read as graphql-core reads them, whatever comes."""

from typing import Any

import pytest
from graphql import OperationDefinitionNode, VariableDefinitionNode, get_variable_values, parse
from graphql.execution.values import VariableValues
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tiny_schema import graphql_schema

from lk_graphql.reads.coercion import coerced, variables_of

TYPES = (
    "Int", "Int!", "Int = 5", "Int! = 5", "Int = null", "ID", "ID!", "[ID!]!", "[ID]", "[[Int!]]",
    "String", 'String! = "a"', "Boolean", "Boolean! = true", "Date", "Quantity!",
    '[Quantity!] = ["1"]', "EventFilterInput", "EventFilterInput!", "[EventFilterInput!]",
    'EventFilterInput = {from: "2026-01-01"}',
)  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**33), 2**33)
    | st.floats()
    | st.text(max_size=3)
    | st.sampled_from(["2026-11-22", "2026-11-31", "12.50", "-1", "A", "1e3"])
)
KEYS = st.sampled_from(["from", "to", "fee", "titles", "weightFrom", "title", "nothing"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)
GIVEN = st.dictionaries(st.sampled_from(["a", "b", "c"]), VALUES, max_size=3)


def definitions(types: list[str]) -> tuple[VariableDefinitionNode, ...]:
    listed = ", ".join(f"${name}: {type_}" for name, type_ in zip("abc", types, strict=False))
    operation = parse(f"query ({listed}) {{ viewer {{ id }} }}").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return tuple(operation.variable_definitions or ())


def told(found: VariableValues) -> str:
    """All of it that can be compared: NaN isn't equal to itself, and texts tell 1 from True."""
    sources = [(name, one.signature.name, one.value) for name, one in found.sources.items()]
    return repr((sources, found.coerced))


@settings(max_examples=500, deadline=None)
@given(types=st.lists(st.sampled_from(TYPES), min_size=1, max_size=3), values=GIVEN)
@example(types=["[ID!]!"], values={"a": "evt_1"})
@example(types=["EventFilterInput!"], values={"a": {"from": "2026-11-22", "titles": ["A", "B"]}})
@example(types=["EventFilterInput"], values={"a": {"titles": "A", "fee": None}})
def test_reads_what_graphql_core_reads(types: list[str], values: dict[str, Any]) -> None:
    defined = definitions(types)
    variables = variables_of(graphql_schema, defined)

    found = coerced(variables, values)

    expected = get_variable_values(graphql_schema, defined, values)
    assert len(variables) == len(types)
    if isinstance(expected, list):
        assert found is None
    elif found is not None:
        assert told(found) == told(expected)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("Int", None),
        ("ID!", "evt_1"),
        ("ID", 7),
        ("Int", 7.0),
        ("[ID!]!", ["evt_1", "evt_2"]),
        ("[[Int!]]", [[1], None, 2]),
        ("Date", "2026-11-22"),
        ("EventFilterInput", {"from": "2026-11-22", "titles": ["A"]}),
    ],
)
def test_leaves_nothing_usual_to_graphql_core(type_: str, value: object) -> None:
    found = coerced(variables_of(graphql_schema, definitions([type_])), {"a": value})

    assert found is not None
