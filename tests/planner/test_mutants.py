"""The suite's checks would notice a compiler with any of these faults."""

import asyncpg
import pytest

from lk_graphql.planner.engine import Reader
from tests.planner.mini_engine import Paths
from tests.planner.mini_rows import World
from tests.planner.mutants import FAULTS, Fault
from tests.planner.oracle import ASKED, as_json, told
from tests.planner.test_mini_equivalence import comparison

MOST = 500
"""As many as `test_equality` asks: the same operations, in the same order."""


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_is_noticed(
    paths: Paths, world: World, monkeypatch: pytest.MonkeyPatch, fault: Fault
):
    old = paths.reader
    fault(monkeypatch)
    reader = Reader(old.schema, paths.pool, old.session, old.zone, {"signer": "signed"})
    with pytest.raises((AssertionError, asyncpg.PostgresError)):
        ask(Paths(paths.run, paths.pool, reader), world)


WEIGHED = "{ viewer { clubs { events(last: 100) { weight } } } }"
FROM = """query ($weight: Quantity) { viewer { clubs {
    events(last: 100, where: {weightFrom: $weight}) { id } } } }"""


def ask(paths: Paths, world: World) -> None:
    for token in world.tokens[:4]:
        answer = paths.plan(paths.call(ASKED, token))
        assert as_json(answer) == as_json(paths.run(told(world, token)))
    ask_at_the_border(paths, world.tokens[0])
    paths.run(comparison(paths.reader, world).ask(MOST))


def ask_at_the_border(paths: Paths, token: str) -> None:
    """A demand that is as much as a row has; chance seldom finds one."""
    clubs = paths.plain(paths.call(WEIGHED, token))["viewer"]["clubs"]
    weights = {event["weight"] for club in clubs for event in club["events"]}
    assert weights
    for weight in weights:
        paths.both(paths.call(FROM, token, weight=weight))
