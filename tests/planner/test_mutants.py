"""The suite's checks would notice a compiler with any of these faults."""

import asyncpg
import pytest

from lk_graphql.planner.engine import QueryEngine
from tests.planner.mini_engine import BothPaths
from tests.planner.mini_rows import MiniRows
from tests.planner.mutants import FAULTS, Fault
from tests.planner.oracle import ASKED, as_json, told
from tests.planner.test_mini_equivalence import comparison

MOST = 500
"""As many as `test_equality` asks: the same operations, in the same order."""


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_noticed(
    both_paths: BothPaths, mini_rows: MiniRows, monkeypatch: pytest.MonkeyPatch, fault: Fault
):
    old = both_paths.reader
    fault(monkeypatch)
    reader = QueryEngine(old.schema, both_paths.pool, old.session, old.zone, {"signer": "signed"})
    with pytest.raises((AssertionError, asyncpg.PostgresError)):
        ask(BothPaths(both_paths.run, both_paths.pool, reader), mini_rows)


WEIGHED = "{ viewer { clubs { events(last: 100) { weight } } } }"
FROM = """query ($weight: Quantity) { viewer { clubs {
    events(last: 100, where: {weightFrom: $weight}) { id } } } }"""


def ask(both_paths: BothPaths, mini_rows: MiniRows) -> None:
    for token in mini_rows.tokens[:4]:
        answer = both_paths.plan(both_paths.call(ASKED, token))
        assert as_json(answer) == as_json(both_paths.run(told(mini_rows, token)))
    ask_at_the_border(both_paths, mini_rows.tokens[0])
    both_paths.run(comparison(both_paths.reader, mini_rows).ask(MOST))


def ask_at_the_border(both_paths: BothPaths, token: str) -> None:
    """A demand that is as much as a row has; chance seldom finds one."""
    clubs = both_paths.plain(both_paths.call(WEIGHED, token))["viewer"]["clubs"]
    weights = {event["weight"] for club in clubs for event in club["events"]}
    assert weights
    for weight in weights:
        both_paths.both(both_paths.call(FROM, token, weight=weight))
