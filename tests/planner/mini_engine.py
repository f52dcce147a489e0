"""The mini schema in a database of its own, and both execution paths over it."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Generator, Iterator
from contextvars import copy_context
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import orjson
import pytest
from tortoise.context import TortoiseContext

from lk_graphql.database import tortoise_config
from lk_graphql.database.connections import ReadPool
from lk_graphql.kit.languages import Language
from lk_graphql.planner.engine import Call, QueryEngine
from lk_graphql.planner.principal import Database, SessionSql
from tests.planner.mini_rows import NOW, MiniRows, make_rows
from tests.planner.mini_schema import graphql_schema, session_sql
from tests.support.path_comparison import first_difference

Run = Callable[[Awaitable[Any]], Any]
ZONE = ZoneInfo("Asia/Novokuznetsk")


class CountingDatabase:
    """Records the statements sent to a pool."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.statements: list[str] = []

    async def fetchrow(self, sql: str, *arguments: object) -> Any:
        self.statements.append(sql)
        return await self.database.fetchrow(sql, *arguments)


@dataclass
class MiniContext:
    """The part of the API's context that resolvers use."""

    rows: Any


@dataclass
class BothPaths:
    """Both execution paths, and the statements of the last plan."""

    run: Run
    pool: CountingDatabase
    engine: QueryEngine
    statements: list[str] = field(default_factory=list[str])

    def call(self, query: str, token: str = "", **variables: object) -> Call:
        operation = self.engine.prepare(query)
        digest = sha256(token.encode()).digest()
        return Call(operation, variables, digest, NOW, Language.EN)

    def plan(self, call: Call) -> Any:
        """The plan's `data`; None if there is no plan."""
        self.pool.statements.clear()
        result = self.run(self.engine.execute_plan(call))
        self.statements = list(self.pool.statements)
        return None if result is None else orjson.loads(result.data)

    def by_resolvers(self, call: Call) -> Any:
        """The resolvers' `data` as JSON; asserts that there are no errors."""
        result = self.resolver_result(call)
        assert not result.errors, result.errors
        return orjson.loads(orjson.dumps(result.data))

    def resolver_result(self, call: Call) -> Any:
        return self.run(self.execute(call))

    def both(self, call: Call) -> Any:
        """The answer of both paths; asserts that they are equal, with the same order of keys."""
        planned, resolved = self.plan(call), self.by_resolvers(call)
        assert orjson.dumps(planned) == orjson.dumps(resolved), first_difference(planned, resolved)
        assert len(self.statements) == 1
        return planned

    async def execute_mixed(self, call: Call) -> Any:
        """The result of a plan with a split, completed by resolvers; keeps the statements."""
        self.pool.statements.clear()
        planned = await self.engine.execute_plan(call)
        self.statements = list(self.pool.statements)
        assert planned is not None, "no root field has a plan"
        assert planned.split is not None, "all root fields have a plan"
        context = MiniContext(self.engine.rows(call, *planned.principal))
        return await self.engine.execute_rest(call, context, planned)

    async def execute(self, call: Call) -> Any:
        principal = await self.engine.principal(call)
        context = MiniContext(self.engine.rows(call, *principal))
        return await self.engine.execute_resolvers(call, context)


@pytest.fixture(scope="session")
def run() -> Generator[Run]:
    """Runs coroutines in one loop and one context, in which Tortoise has the mini models."""
    loop, context = asyncio.new_event_loop(), copy_context()

    async def as_coroutine(awaitable: Awaitable[Any]) -> Any:
        return await awaitable

    def run_(awaitable: Awaitable[Any]) -> Any:
        return loop.run_until_complete(loop.create_task(as_coroutine(awaitable), context=context))

    yield run_
    loop.close()


@pytest.fixture(scope="session")
def mini_dsn(run: Run, server: str) -> str:
    name = "mini_" + os.environ.get("PYTEST_XDIST_WORKER", "main")

    async def execute(sql: str) -> None:
        connection = await asyncpg.connect(server)
        await connection.execute(sql)
        await connection.close()

    run(execute(f"CREATE DATABASE {name}"))
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def mini_rows(run: Run, mini_dsn: str) -> Iterator[MiniRows]:
    tortoise = TortoiseContext()  # the tests of slices open Tortoise with the project's models

    async def open_() -> MiniRows:
        config = tortoise_config(mini_dsn)
        config["apps"] = {
            "mini": {"models": ["tests.planner.mini_models"], "default_connection": "default"}
        }
        tortoise.__enter__()  # in the context of `run`
        await tortoise.init(config=config)
        await tortoise.generate_schemas()
        return await make_rows(seed=1)

    yield run(open_())
    run(tortoise.close_connections())


@pytest.fixture(scope="session")
def both_paths(run: Run, mini_dsn: str, mini_rows: MiniRows) -> Iterator[BothPaths]:
    assert mini_rows.tokens
    pool = ReadPool(mini_dsn, size=2)
    database = CountingDatabase(pool)
    engine = QueryEngine(
        graphql_schema, database, SessionSql(session_sql), ZONE, dependencies={"signer": "signed"}
    )
    yield BothPaths(run, database, engine)
    run(pool.close())
