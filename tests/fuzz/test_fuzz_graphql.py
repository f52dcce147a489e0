"""Every mutation and query with any input, by guests, customers and staff: no fault of the server.

`EXAMPLES=4000 make fuzz` sends that many of each; a failure names the SEED that repeats it.
"""

import asyncio
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from lk_graphql.planner.untyped import get_named_type, type_of
from lk_graphql.schema import graphql_schema
from tests.fuzz.target import (
    CUSTOMERS,
    GUEST,
    STAFF,
    FuzzTarget,
    fault_of,
    unexpected_lines,
    unlogged,
)
from tests.fuzz.values import TEXTS, ValueGenerator
from tests.support.path_comparison import EXAMPLES, SEED
from tests.support.random_operations import literal

IN_SUITE = 128
PARTS = 2 if EXAMPLES else 1
BATCH = 16
Calls = Callable[[Random, FuzzTarget], tuple[str, bytes]]


def mutation(random: Random, target: FuzzTarget) -> tuple[str, bytes]:
    """The login and the body of a call; the input is a variable or a literal."""
    assert graphql_schema.mutation_type
    values = ValueGenerator(random, target.ids, target.signed_tokens(), TEXTS, target.fixed)
    name, field = random.choice([*graphql_schema.mutation_type.fields.items()])
    usual = STAFF if name.startswith("staff") else CUSTOMERS
    login = random.choice((*usual * 4, *CUSTOMERS, *STAFF, GUEST))
    input_type = type_of(field.args["input"])
    value = values.value("input", input_type)
    shown = values.selection(get_named_type(type_of(field)), 3)
    if random.randrange(3) == 0:
        return login, body(f"mutation {{ {name}(input: {literal(value)}) {shown} }}")
    query = f"mutation ($input: {input_type}) {{ {name}(input: $input) {shown} }}"
    return login, body(query, input=value)


def query(random: Random, target: FuzzTarget) -> tuple[str, bytes]:
    values = ValueGenerator(random, target.ids, target.signed_tokens(), TEXTS, target.fixed)
    login = random.choice((*CUSTOMERS, *STAFF, GUEST))
    root, type_ = random.choice([("viewer", "User"), ("staff", "Staff"), ("", "Query")])
    shown = values.selection(graphql_schema.type_map[type_], 5)
    return login, body(f"{{ {root} {shown} }}" if root else shown)


def body(text: str, **variables: Any) -> bytes:
    return json.dumps({"query": text, "variables": variables}).encode()


async def send(target: FuzzTarget, calls: Calls, seed: str) -> tuple[str, str | None]:
    """The id of the request, and a description of the server's fault, if it was one."""
    login, content = calls(Random(seed), target)
    answer = await target.post(login, content)
    fault = fault_of(answer)
    shown = re.sub(r"(.)\1{30,}", r"\1…\1", content.decode())[:1500]
    description = f"SEED {seed}: {fault}\n{login} {shown}\n{answer.text[:600]}"
    return answer.headers["x-request-id"], fault and description


@pytest.mark.fuzz
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("calls", [mutation, query], ids=lambda calls: calls.__name__)
async def test_no_call_is_a_fault_of_the_server(target: FuzzTarget, calls: Calls, part: int):
    request_ids, faults = list[str](), list[str]()
    for start in range(0, (EXAMPLES or IN_SUITE) // PARTS, BATCH):
        await target.renew()
        seeds = [f"{SEED}/{part}/{number}" for number in range(start, start + BATCH)]
        for key, fault in await asyncio.gather(*(send(target, calls, seed) for seed in seeds)):
            request_ids.append(key)
            faults += [fault] if fault else []

    assert not faults, "\n\n".join(faults[:20])
    assert unexpected_lines(target.log) == []
    assert unlogged(target.log, request_ids) == set()
