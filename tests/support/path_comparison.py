"""Both paths asked the same: what the plan answers, graphql-core answers too, to the byte."""

import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson
from graphql import GraphQLSchema, parse, validate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lk_graphql.planner.documents import InvalidDocument, Operation
from lk_graphql.planner.engine import Call, QueryEngine
from tests.support.random_operations import Pools, operation

EXAMPLES = int(os.environ.get("EXAMPLES", "0"))
"""How many operations `make fuzz` wants; 0 in the suite, which asks the same ones each time."""
OF_CUSTOMERS, OF_STAFF, OF_MINI_SCHEMA = 1280, 220, 500
"""How many the suite compares: 2,000."""
SEED = os.environ.get("SEED") or (str(time.time_ns()) if EXAMPLES else "suite")
INJECTIONS = ["'; DROP TABLE event; --", 'evt_" OR true', "evt_" + "0" * 31 + "'", "$1", "{0}", ""]


_PATIENT = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@dataclass(frozen=True)
class Actor:
    """One of those who ask, in both ways."""

    reader: QueryEngine
    call: Callable[[Operation, dict[str, object], str], Call]
    context: Callable[[Call], Awaitable[Any]]
    tokens: Sequence[str]


@dataclass
class Comparison:
    """Random operations over one schema, and how they were answered."""

    asker: Actor
    schema: GraphQLSchema
    pools: Pools
    deep: tuple[tuple[str, str], ...] = ()
    roots: tuple[str, ...] = ()
    seen: Counter[str] = field(default_factory=Counter[str])

    async def ask(self, examples: int, part: str = "") -> None:
        """Compare that many answers; a failure says by which SEED it comes again."""
        for number in range(examples):
            name = f"{SEED}/{part}/{number}"
            text, values, token = self.drawn(Random(name))
            try:
                self.seen[await self.answered(text, values, token)] += 1
            except Exception as wrong:
                raise AssertionError(f"SEED {name}\n{text}\n{values} {token}\n{wrong!r}") from wrong

    def drawn(self, random: Random) -> tuple[str, dict[str, object], str]:
        text, values = operation(random, self.schema, self.pools, self.deep, self.roots)
        return text, values, random.choice(self.asker.tokens)

    async def answered(self, text: str, values: dict[str, object], token: str) -> str:
        """How an operation was answered; asserts that both answers are one."""
        try:
            return await self.compared(text, values, token)
        except Exception:
            # To validate takes three times as long as all the rest: only where it may explain.
            if validate(self.schema, parse(text)):
                return "not valid"
            raise

    async def compared(self, text: str, values: dict[str, object], token: str) -> str:
        asker = self.asker
        try:
            found = asker.reader.documents.operation(text)
            call = asker.call(found, values, token)
            planned = await asker.reader.execute_plan(call)
        except InvalidDocument:
            return "not valid"
        result = await asker.reader.execute_resolvers(call, await asker.context(call))
        if planned is None:  # a bad count or cursor, even where graphql-core never comes to it
            return "left to graphql-core, with errors" if result.errors else "left to graphql-core"
        assert not result.errors, result.errors
        plain = orjson.dumps(result.data)
        same = planned.data == plain or orjson.dumps(orjson.loads(planned.data)) == plain
        assert same, first_difference(orjson.loads(planned.data), result.data)
        return "compared, long" if len(plain) > 300 else "compared"

    def require_coverage(self) -> None:
        """Most operations must have been worth asking."""
        asked = self.seen.total()
        assert self.seen["compared"] + self.seen["compared, long"] > asked * 0.6, self.seen
        assert self.seen["compared, long"] > asked * 0.1, self.seen
        assert self.seen["not valid"] < asked * 0.1, self.seen

    def shrink(self, run: Callable[[Awaitable[Any]], Any]) -> None:
        """Let hypothesis look for a small failing operation, which takes it minutes."""

        @settings(max_examples=EXAMPLES or 300, deadline=None, suppress_health_check=_PATIENT)
        @given(st.randoms(use_true_random=False))
        def check(random: Random) -> None:
            run(self.answered(*self.drawn(random)))

        check()


def first_difference(planned: Any, plain: Any) -> str:
    one, other = orjson.dumps(planned).decode(), orjson.dumps(plain).decode()
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return f"{one[max(0, at - 80) : at + 40]!r} is not {other[max(0, at - 80) : at + 40]!r}"


def crossed(ids: Sequence[str]) -> list[str]:
    """Keys of one type under the prefix of another."""
    shifted = zip(ids, [*ids[7:], *ids[:7]], strict=True)
    return [f"{one.partition('_')[0]}_{other.partition('_')[2]}" for one, other in shifted]
