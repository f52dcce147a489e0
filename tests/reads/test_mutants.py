"""The suite's checks would notice a compiler with any of these faults."""

import asyncpg
import pytest
from mutants import FAULTS, Fault
from oracle import ASKED, as_json, told
from test_equality import comparison
from tiny_paths import Paths
from tiny_world import World

from lk_graphql.reads.run import Reader

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


def ask(paths: Paths, world: World) -> None:
    for token in world.tokens[:4]:
        answer = paths.plan(paths.call(ASKED, token))
        assert as_json(answer) == as_json(paths.run(told(world, token)))
    paths.run(comparison(paths.reader, world).ask(MOST))
