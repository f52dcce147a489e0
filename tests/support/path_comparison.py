"""Comparison of the executors: the planner and the resolvers return the same bytes."""

import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

import orjson
from graphql import ExecutionResult, GraphQLSchema, parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lk_graphql.planner.documents import InvalidDocument, Operation
from lk_graphql.planner.engine import Call, QueryEngine
from tests.support.random_operations import Pools, operation

EXAMPLES = int(os.environ.get("EXAMPLES", "0"))
"""The number of operations of `make fuzz`; 0 in the suite, which always has the same operations."""
OF_CUSTOMERS, OF_STAFF, OF_MINI_SCHEMA, OF_MIXED = 1280, 220, 500, 250
"""The numbers of the suite's operations."""
SEED = os.environ.get("SEED") or (str(time.time_ns()) if EXAMPLES else "suite")
T = TypeVar("T")
INJECTIONS = ["'; DROP TABLE event; --", 'evt_" OR true', "evt_" + "0" * 31 + "'", "$1", "{0}", ""]


_SUPPRESSED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@dataclass(frozen=True)
class Actor:
    """The engine and the sessions that execute operations."""

    engine: QueryEngine
    call: Callable[[Operation, dict[str, object], str], Call]
    context: Callable[[Call], Awaitable[Any]]
    tokens: Sequence[str]


@dataclass
class Comparison:
    """Random operations over one schema, and counts of their outcomes."""

    actor: Actor
    schema: GraphQLSchema
    pools: Pools
    deep: tuple[tuple[str, str], ...] = ()
    roots: tuple[str, ...] = ()
    outcomes: Counter[str] = field(default_factory=Counter[str])

    async def ask(self, examples: int, part: str = "") -> None:
        """Compare `examples` operations; a failure names the SEED that repeats it."""
        for number in range(examples):
            name = f"{SEED}/{part}/{number}"
            text, values, token = self.draw(Random(name))
            try:
                self.outcomes[await self.outcome(text, values, token)] += 1
            except Exception as error:
                raise AssertionError(f"SEED {name}\n{text}\n{values} {token}\n{error!r}") from error

    def draw(self, random: Random) -> tuple[str, dict[str, object], str]:
        text, values = operation(random, self.schema, self.pools, self.deep, self.roots)
        return text, values, random.choice(self.actor.tokens)

    async def outcome(self, text: str, values: dict[str, object], token: str) -> str:
        """The outcome of an operation; asserts that both responses are equal."""
        try:
            return await self.compare(text, values, token)
        except Exception:
            # Only after a failure: validation takes three times as long as everything else.
            if validate(self.schema, parse(text)):
                return "not valid"
            raise

    async def compare(self, text: str, values: dict[str, object], token: str) -> str:
        actor = self.actor
        try:
            operation = actor.engine.documents.operation(text)
            call = actor.call(operation, values, token)
            operation.coerce(values)
        except InvalidDocument:
            return "not valid"
        planned, refused = await _or_refusal(actor.engine.execute_plan(call))
        result, refused_too = await _or_refusal(
            actor.engine.execute_resolvers(call, await actor.context(call))
        )
        if planned and planned.split and result is None:
            context = await actor.context(call)
            _, refused = await _or_refusal(actor.engine.execute_rest(call, context, planned))
        if result is None:  # `first` with `last` has no plan that could refuse it
            assert refused == refused_too or planned is None, refused_too
            return "refused"
        assert not refused, refused
        if planned is None:
            return "left to graphql-core, with errors" if result.errors else "left to graphql-core"
        if planned.split:
            merged = await actor.engine.execute_rest(call, await actor.context(call), planned)
            assert_same_result(merged, result)
            return "mixed, with errors" if result.errors else "mixed"
        assert not result.errors, result.errors
        plain = orjson.dumps(result.data)
        same = planned.data == plain or orjson.dumps(orjson.loads(planned.data)) == plain
        assert same, first_difference(orjson.loads(planned.data), result.data)
        return "compared, long" if len(plain) > 300 else "compared"

    def require_coverage(self) -> None:
        """Assert that most operations were compared, and few were invalid."""
        total = self.outcomes.total()
        assert self.outcomes["compared"] + self.outcomes["compared, long"] > total * 0.6, (
            self.outcomes
        )
        assert self.outcomes["compared, long"] > total * 0.1, self.outcomes
        assert self.outcomes["not valid"] < total * 0.1, self.outcomes

    def shrink(self, run: Callable[[Awaitable[Any]], Any]) -> None:
        """Search for a small failing operation with hypothesis, which takes minutes."""

        @settings(max_examples=EXAMPLES or 300, deadline=None, suppress_health_check=_SUPPRESSED)
        @given(st.randoms(use_true_random=False))
        def check(random: Random) -> None:
            run(self.outcome(*self.draw(random)))

        check()


async def _or_refusal(execution: Awaitable[T]) -> tuple[T | None, list[str]]:
    """The result, or the errors of a refused request."""
    try:
        return await execution, []
    except InvalidDocument as refused:
        return None, [f"{error.message} {error.path}" for error in refused.errors]


def assert_same_result(merged: ExecutionResult, plain: ExecutionResult) -> None:
    """Assert equal data with the same order of keys, and equal errors in any order."""
    same = orjson.dumps(merged.data) == orjson.dumps(plain.data)
    assert same, first_difference(merged.data, plain.data)
    assert formatted_errors(merged) == formatted_errors(plain)


def formatted_errors(result: ExecutionResult) -> list[str]:
    """Messages, locations and paths."""
    return sorted(str(error.formatted) for error in result.errors or ())


def first_difference(planned: Any, plain: Any) -> str:
    left, right = orjson.dumps(planned).decode(), orjson.dumps(plain).decode()
    at = next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), len(left))
    return f"{left[max(0, at - 80) : at + 40]!r} is not {right[max(0, at - 80) : at + 40]!r}"


def crossed(ids: Sequence[str]) -> list[str]:
    """Ids with the key of one type and the prefix of another."""
    shifted = zip(ids, [*ids[7:], *ids[:7]], strict=True)
    return [f"{key.partition('_')[0]}_{other.partition('_')[2]}" for key, other in shifted]
