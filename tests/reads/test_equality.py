"""Whatever a client may ask, the plan answers what graphql-core answers."""

import os
from collections import Counter
from typing import Any

import orjson
from graphql import parse, validate
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from operations import Choice, Pools, operations
from tiny_paths import Paths, first_difference
from tiny_schema import graphql_schema
from tiny_world import TEXTS, World

EXAMPLES = int(os.environ.get("EXAMPLES", "300"))
SHRINK = int(os.environ.get("SHRINK", "0"))
INJECTIONS = ["'; DROP TABLE event; --", 'evt_" OR true', "evt_" + "0" * 31 + "'", "$1", "{0}", ""]
VALUES: dict[str, list[object]] = {
    "Date": ["2026-11-21", "2026-10-22", "2026-12-21", "2026-11-20"],
    "Money": ["0.00", "0.01", "-0.01", "1234.56", "10000000000000.00"],
    "Quantity": ["0", "0.001", "7", "120.5", "1000000000"],
    "String": [*TEXTS, "it's1", "'; DROP TABLE event; --"],
    "MembershipState": [Choice("ACTIVE"), Choice("SUSPENDED")],
}
DEEP = (
    ("viewer {}", "Person"),
    ("viewer { clubs {} }", "Club"),
    ("viewer { clubs { events(last: 5) {} } }", "Event"),
    ("viewer { d: parcels { nodes {} } }", "Parcel"),
)


def test_the_plan_answers_as_graphql_core_does(paths: Paths, world: World) -> None:
    seen: Counter[str] = Counter()
    ids = [i for some in world.ids.values() for i in some[:6]] + INJECTIONS
    cursors = world.cursors[:80] + INJECTIONS
    pools: Pools = {"id": ids, "ids": ids, "after": cursors, "before": cursors, **VALUES}
    tokens = [*world.tokens[:4] * 3, world.tokens[4], "nobody's"]

    # a failure is shown as it was found: to make it smaller takes minutes (SHRINK=1)
    phases = [Phase.explicit, Phase.reuse, Phase.generate, *[Phase.shrink] * SHRINK]

    @settings(
        phases=phases,
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
        ],
    )
    @given(operations(graphql_schema, pools, DEEP), st.sampled_from(tokens))
    def check(operation: tuple[str, dict[str, object]], token: str) -> None:
        text, values = operation
        valid = not validate(graphql_schema, parse(text))
        seen["run" if valid else "not valid"] += 1
        assume(valid)
        seen[answered(paths, text, values, token)] += 1

    check()
    print("\n", dict(seen))  # noqa: T201 - tells whether the generator still does its work
    assert seen["compared"] + seen["compared, long"] > seen["run"] * 0.5
    assert seen["not valid"] < seen["run"] * 0.1


def answered(paths: Paths, text: str, values: dict[str, Any], token: str) -> str:
    """How an operation was answered; asserts that both answers are one."""
    call = paths.call(text, token, **values)
    result = paths.executed(call)
    planned = paths.plan(call)
    if planned is None:  # a bad count or cursor, even one that graphql-core would never come to
        return "left to graphql-core, with errors" if result.errors else "left to graphql-core"
    assert not result.errors, result.errors
    assert len(paths.statements) == 1
    plain = orjson.loads(orjson.dumps(result.data))
    assert orjson.dumps(planned) == orjson.dumps(plain), first_difference(planned, plain)
    return "compared, long" if len(str(plain)) > 300 else "compared"
