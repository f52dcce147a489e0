"""The tiny world in a database of its own, and both ways to answer over it."""

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
from lk_graphql.kit.languages import Language
from lk_graphql.planner.engine import Call, QueryEngine
from lk_graphql.planner.pool import Database, Pool
from tests.planner.mini_rows import NOW, MiniRows, make_rows
from tests.planner.mini_schema import graphql_schema, session_sql
from tests.support.path_comparison import first_difference

Run = Callable[[Awaitable[Any]], Any]
ZONE = ZoneInfo("Asia/Novokuznetsk")


class CountingDatabase:
    """Stands before a pool and remembers the statements that pass."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.statements: list[str] = []

    async def fetchrow(self, sql: str, *arguments: object) -> Any:
        self.statements.append(sql)
        return await self.database.fetchrow(sql, *arguments)


@dataclass
class MiniContext:
    """The part of the API's context that the read side sees."""

    rows: Any


@dataclass
class BothPaths:
    """Both ways to answer, and what the last answer cost."""

    run: Run
    pool: CountingDatabase
    reader: QueryEngine
    statements: list[str] = field(default_factory=list[str])

    def call(self, query: str, token: str = "", **variables: object) -> Call:
        operation = self.reader.prepare(query)
        digest = sha256(token.encode()).digest()
        return Call(operation, variables, digest, NOW, Language.EN)

    def plan(self, call: Call) -> Any:
        """The plan's `data`; None where it leaves the call to graphql-core."""
        self.pool.statements.clear()
        answer = self.run(self.reader.execute_plan(call))
        self.statements = list(self.pool.statements)
        return None if answer is None else orjson.loads(answer.data)

    def plain(self, call: Call) -> Any:
        """graphql-core's `data`, as JSON makes it; asserts that there are no errors."""
        result = self.executed(call)
        assert not result.errors, result.errors
        return orjson.loads(orjson.dumps(result.data))

    def executed(self, call: Call) -> Any:
        return self.run(self.execute(call))

    def both(self, call: Call) -> Any:
        """The answer that both give, with the same order of keys."""
        planned, plain = self.plan(call), self.plain(call)
        assert orjson.dumps(planned) == orjson.dumps(plain), first_difference(planned, plain)
        assert len(self.statements) == 1
        return planned

    async def execute(self, call: Call) -> Any:
        viewer = await self.reader.viewer(call)
        return await self.reader.execute_resolvers(
            call, MiniContext(self.reader.rows(call, viewer))
        )


@pytest.fixture(scope="session")
def run() -> Generator[Run]:
    """Runs coroutines in one loop and one context, where Tortoise knows the tiny models."""
    loop, context = asyncio.new_event_loop(), copy_context()

    async def as_coroutine(awaitable: Awaitable[Any]) -> Any:
        return await awaitable

    def run_(awaitable: Awaitable[Any]) -> Any:
        return loop.run_until_complete(loop.create_task(as_coroutine(awaitable), context=context))

    yield run_
    loop.close()


@pytest.fixture(scope="session")
def tiny_dsn(run: Run, server: str) -> str:
    name = "tiny_" + os.environ.get("PYTEST_XDIST_WORKER", "main")

    async def execute(sql: str) -> None:
        connection = await asyncpg.connect(server)
        await connection.execute(sql)
        await connection.close()

    run(execute(f"CREATE DATABASE {name}"))
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session")
def mini_rows(run: Run, tiny_dsn: str) -> Iterator[MiniRows]:
    tortoise = TortoiseContext()  # the tests of slices have Tortoise open over their own models

    async def open_() -> MiniRows:
        config = tortoise_config(tiny_dsn)
        config["apps"] = {
            "tiny": {"models": ["tests.planner.mini_models"], "default_connection": "default"}
        }
        tortoise.__enter__()  # in the context that `run` keeps for everything that it runs
        await tortoise.init(config=config)
        await tortoise.generate_schemas()
        return await make_rows(seed=1)

    yield run(open_())
    run(tortoise.close_connections())


@pytest.fixture(scope="session")
def both_paths(run: Run, tiny_dsn: str, mini_rows: MiniRows) -> Iterator[BothPaths]:
    assert mini_rows.tokens
    pool = run(Pool.open(tiny_dsn, size=2))
    counting = CountingDatabase(pool)
    reader = QueryEngine(
        graphql_schema, counting, session_sql, ZONE, dependencies={"signer": "signed"}
    )
    yield BothPaths(run, counting, reader)
    run(pool.close())
