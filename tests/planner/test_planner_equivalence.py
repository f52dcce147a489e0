"""For random operations over the demo's rows, plans and resolvers give the same answers."""

from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from tortoise import Model

from lk_graphql.accounts.models import Account
from lk_graphql.demo.data.load import load_demo
from lk_graphql.identity.models import User
from lk_graphql.kit.ids import key_of, new_key, to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.planner.catalog import Catalog, Unsupported, source_of
from lk_graphql.planner.declare.sources import ConnectionSource
from lk_graphql.planner.declare.tables import field as model_field
from lk_graphql.planner.declare.tables import path_target, python_value
from lk_graphql.planner.documents import Operation
from lk_graphql.planner.engine import Call, QueryEngine
from lk_graphql.planner.sql.cursors import CursorPosition, ordering
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.schema import graphql_schema
from lk_graphql.staff.models import StaffMember
from tests.factories.accounts import given_user
from tests.factories.staff import given_staff_session
from tests.support.client import ApiClient, open_client
from tests.support.database_reset import clear_tables
from tests.support.path_comparison import (
    EXAMPLES,
    INJECTIONS,
    OF_CUSTOMERS,
    OF_MIXED,
    OF_STAFF,
    Actor,
    Comparison,
    crossed,
)

NOW = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)  # already the 21st in Novokuznetsk
CATALOG = Catalog(graphql_schema)
PARTS = 8
pytestmark = pytest.mark.filterwarnings(
    # graphql-core drops the other coroutines of an object when a field fails at once
    "ignore:.*was never awaited:RuntimeWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
VALUES: dict[str, list[object]] = {
    "Boolean": [True, False],
    "Period": ["2026-10", "2026-09", "2026-01", "2025-06", "2030-01", "0001-01"],
    "String": ["иванов", "Кирова 5", "", "%", "_", "'; --", "demo@example.com"],
    "DateTime": ["2026-11-20T19:00:00+07:00", "2026-11-22T12:00:00Z", "1970-01-01T00:00:00Z"],
    "Date": ["2026-10-20", "2026-09-25", "2026-01-01", "2020-01-01", "9999-12-31"],
}
DEEP = (
    ("viewer {}", "User"),
    ("viewer { accounts {} }", "Account"),
    ("viewer { accounts { invoices(first: 2) {} } }", "Invoice"),
    ("viewer { d: accounts { meters { registers {} } } }", "Register"),
)
ROOTS = ("viewer", "node", "nodes")
ROOTS_OF_BOTH_PATHS = (
    "viewer", "node", "publicSettings", "publicSettings", "accountLinkUndoPreview", "appealTopics",
)  # fmt: skip
ROOTS_OF_STAFF = ("staff", "nodes")
DEEP_OF_STAFF = (("staff {}", "Staff"), ("staff { administration {} }", "StaffAdministration"))


@pytest_asyncio.fixture(scope="module")
async def comparison(
    opened: asyncpg.Connection, dsn: str, engine: QueryEngine
) -> AsyncGenerator[Comparison]:
    """Over the demo's supplier, for customers with and without accounts, and a guest."""
    await clear_tables(opened)
    passwords = Passwords(HashCost(8, 1))
    await load_demo(dsn, today=date(2026, 11, 20), passwords=passwords, accounts=8)
    passwords.close()
    await given_user("stranger@example.com")
    async with open_client(engine) as api:
        tokens = [await signed_in(api, name) for name in ("demo", "family", "stranger")]
        ids, cursors = await some_ids(), await some_cursors()
        pools: dict[str, list[Any]] = {
            "id": ids, "ids": ids, "after": cursors, "before": cursors,
            "number": [*await Account.all().values_list("number", flat=True), *INJECTIONS],
            "ID": [*filter(key_of, ids)], **VALUES,
        }  # fmt: skip
        customers = actor(api, [*[tokens[0]] * 4, *tokens, ""])
        yield Comparison(customers, graphql_schema, pools, DEEP, ROOTS)


async def signed_in(api: ApiClient, name: str) -> str:
    user = await User.get(email=f"{name}@example.com")
    return await api.signed_in(Viewer(user.id, new_key()))


def actor(api: ApiClient, tokens: list[str]) -> Actor:
    def call(operation: Operation, values: dict[str, object], token: str) -> Call:
        return Call(operation, values, sha256(token.encode()).digest(), NOW)

    return Actor(api.state.engine, call, api.context, tokens)


async def some_ids() -> list[str]:
    """Some ids of each type, of any owner."""
    ids: list[str] = []
    for prefix, declared in CATALOG.nodes.items():
        ids += [to_public(prefix, row.pk) for row in await declared.model.all().limit(12)]
    return [*ids, *crossed(ids), *INJECTIONS]


async def some_cursors() -> list[str]:
    """Some cursors of each connection."""
    cursors: list[str] = []
    for type_, declared in CATALOG.declared:
        for definition in type_.fields.values():
            try:
                source = source_of(definition)
            except Unsupported:
                continue
            if isinstance(source, ConnectionSource):
                model = source.of_all or path_target(declared.model, source.relation)
                by = source.by.removeprefix("-")
                rows: list[Model] = await model.filter(**{f"{by}__isnull": False}).limit(30)
                cursors += [cursor(row, by) for row in rows]
    return cursors + INJECTIONS


def cursor(row: Model, by: str) -> str:
    column = model_field(type(row), by)
    return ordering(column).cursor(CursorPosition(python_value(column, getattr(row, by)), row.pk))


@pytest.mark.fuzz
@pytest.mark.parametrize("part", [*"12345678"])
async def test_the_plan_answers_as_graphql_core_does(comparison: Comparison, part: str):
    await comparison.ask((EXAMPLES or OF_CUSTOMERS) // PARTS, part)
    comparison.require_coverage()


@pytest.mark.fuzz
async def test_both_paths_answer_equally_if_some_root_fields_have_no_plan(comparison: Comparison):
    mixed = replace(comparison, roots=ROOTS_OF_BOTH_PATHS, outcomes=Counter[str]())

    await mixed.ask(EXAMPLES // PARTS or OF_MIXED, "mixed")

    assert mixed.outcomes["mixed"] > mixed.outcomes.total() * 0.25, mixed.outcomes


@pytest.mark.fuzz
async def test_both_paths_answer_staff_equally(comparison: Comparison):
    tokens = [await given_staff_session(member, NOW) for member in await StaffMember.all()]
    staff_actor = replace(comparison.actor, tokens=tokens)
    staff_comparison = replace(
        comparison,
        actor=staff_actor,
        deep=DEEP_OF_STAFF,
        roots=ROOTS_OF_STAFF,
        outcomes=Counter[str](),
    )
    count = EXAMPLES // PARTS or OF_STAFF
    await staff_comparison.ask(count, "staff")
    outcomes = staff_comparison.outcomes
    assert outcomes["compared"] + outcomes["compared, long"] > count / 4, outcomes
