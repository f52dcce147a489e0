"""The planner's tests detect each of these faults of a compiler."""

import asyncpg
import pytest

from lk_graphql.planner.engine import QueryEngine
from tests.planner.mini_engine import BothPaths
from tests.planner.mini_rows import MiniRows
from tests.planner.mini_schema import DECLARED, RESOLVED
from tests.planner.mutants import FAULTS, Fault
from tests.planner.oracle import QUERY, as_json, expected_answer
from tests.planner.test_mini_equivalence import comparison

OPERATIONS = 500
"""As many as in `test_mini_equivalence`: the same operations in the same order."""


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_fails_the_comparison(
    both_paths: BothPaths, mini_rows: MiniRows, monkeypatch: pytest.MonkeyPatch, fault: Fault
):
    engine = both_paths.engine
    fault(monkeypatch)
    faulty_engine = QueryEngine(
        engine.schema, both_paths.pool, engine.sessions, engine.zone, {"signer": "signed"}
    )
    with pytest.raises((AssertionError, asyncpg.PostgresError)):
        check(BothPaths(both_paths.run, both_paths.pool, faulty_engine), mini_rows)


WEIGHED = "{ viewer { clubs { events(first: 100) { weight } } } }"
FROM = """query ($weight: Quantity) { viewer { clubs {
    events(first: 100, where: {weightFrom: $weight}) { id } } } }"""


def check(both_paths: BothPaths, mini_rows: MiniRows) -> None:
    for token in mini_rows.tokens[:4]:
        answer = both_paths.plan(both_paths.call(QUERY, token))
        assert as_json(answer) == as_json(both_paths.run(expected_answer(mini_rows, token)))
    check_boundary_values(both_paths, mini_rows.tokens[0])
    both_paths.run(comparison(both_paths.engine, mini_rows).ask(OPERATIONS))
    both_paths.run(comparison(both_paths.engine, mini_rows, DECLARED + RESOLVED).ask(100, "mixed"))


def check_boundary_values(both_paths: BothPaths, token: str) -> None:
    """Filters equal to a row's value, which random values seldom are."""
    clubs = both_paths.by_resolvers(both_paths.call(WEIGHED, token))["viewer"]["clubs"]
    weights = {event["weight"] for club in clubs for event in club["events"]}
    assert weights
    for weight in weights:
        both_paths.both(both_paths.call(FROM, token, weight=weight))
