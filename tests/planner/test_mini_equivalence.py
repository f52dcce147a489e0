"""For random operations over the mini schema, plans and resolvers give the same answers."""

import os
from hashlib import sha256

import pytest

from lk_graphql.kit.languages import Language
from lk_graphql.planner.documents import Operation
from lk_graphql.planner.engine import Call, QueryEngine
from tests.planner.mini_engine import BothPaths, MiniContext
from tests.planner.mini_rows import NOW, TEXTS, MiniRows
from tests.planner.mini_schema import DECLARED, RESOLVED, graphql_schema
from tests.support.path_comparison import (
    EXAMPLES,
    INJECTIONS,
    OF_MINI_SCHEMA,
    OF_MIXED,
    Actor,
    Comparison,
    crossed,
)
from tests.support.random_operations import Choice

VALUES: dict[str, list[object]] = {
    "Boolean": [True, False],
    "Date": ["2026-11-21", "2026-10-22", "2026-12-21", "2026-11-20"],
    "Money": ["0.00", "0.01", "-0.01", "1234.56", "10000000000000.00"],
    "Quantity": ["0", "0.001", "7", "120.5", "1000000000"],
    "String": [*TEXTS, "it's1", "'; DROP TABLE event; --"],
    "MembershipState": [Choice("ACTIVE"), Choice("SUSPENDED")],
}
DEEP = (
    ("viewer {}", "Person"),
    ("viewer { clubs {} }", "Club"),
    ("viewer { clubs { events(first: 5) {} } }", "Event"),
    ("viewer { clubs { four: allEvents(first: 4) {} } }", "EventConnection"),
    ("viewer { d: parcels { nodes {} } }", "Parcel"),
)


def comparison(
    engine: QueryEngine, mini_rows: MiniRows, roots: tuple[str, ...] = DECLARED
) -> Comparison:
    existing = [id_ for some_ids in mini_rows.ids.values() for id_ in some_ids[:6]]
    ids = [*existing, *crossed(existing), *INJECTIONS]
    cursors = mini_rows.cursors[:80] + INJECTIONS

    def call(operation: Operation, values: dict[str, object], token: str) -> Call:
        digest = sha256(token.encode()).digest()
        return Call(operation, values, digest, NOW, Language.EN)

    async def context(call: Call) -> MiniContext:
        return MiniContext(engine.rows(call, *await engine.principal(call)))

    actor = Actor(
        engine, call, context, [*mini_rows.tokens[:4] * 3, mini_rows.tokens[4], "nobody's"]
    )
    pools = {"id": ids, "ids": ids, "after": cursors, "before": cursors, **VALUES}
    return Comparison(actor, graphql_schema, pools, DEEP, roots)


@pytest.mark.fuzz
def test_the_plan_answers_as_graphql_core_does(both_paths: BothPaths, mini_rows: MiniRows):
    equivalence = comparison(both_paths.engine, mini_rows)
    if os.environ.get("SHRINK"):
        equivalence.shrink(both_paths.run)
    both_paths.run(equivalence.ask(EXAMPLES or OF_MINI_SCHEMA))
    equivalence.require_coverage()


@pytest.mark.fuzz
def test_a_query_with_fields_of_both_paths_answers_as_graphql_core_does(
    both_paths: BothPaths, mini_rows: MiniRows
):
    equivalence = comparison(both_paths.engine, mini_rows, DECLARED + RESOLVED)

    both_paths.run(equivalence.ask(EXAMPLES or OF_MIXED, "mixed"))

    outcomes, total = equivalence.outcomes, equivalence.outcomes.total()
    assert outcomes["mixed"] > total * 0.2, outcomes
    assert outcomes["mixed, with errors"] > total * 0.2, outcomes
    assert outcomes["compared"] + outcomes["compared, long"] > total * 0.1, outcomes
