"""Recorders of SQL statements, and PostgreSQL's plans for the statements."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import asyncpg
from tortoise.connection import get_connection

from lk_graphql.planner.principal import Database

_PLANNED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
_CHANGES = re.compile(r"\bINSERT INTO|\bUPDATE\s+\S+( \w+)?\s+SET|\bDELETE FROM|FOR UPDATE")
_OF_ASYNCPG = ("pg_advisory_unlock_all", "typeinfo_tree", "set_config('jit'")
"""Statements that asyncpg sends itself: at a connection's return to the pool, and for types."""


@dataclass(frozen=True)
class Statement:
    sql: str
    arguments: Sequence[object]

    @property
    def is_read(self) -> bool:
        return not _CHANGES.search(self.sql)


class SqlRecorder:
    """Records the SQL that Tortoise sends inside `recording`."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def record(self, logged: Any) -> None:
        is_own = not any(word in logged.query for word in _OF_ASYNCPG)
        if is_own and logged.query.lstrip().startswith(_PLANNED):
            self.statements.append(Statement(logged.query, logged.args))


class RecordingDatabase(SqlRecorder):
    """Also records the SQL of a query engine's database.

    The caller must replace the database's `fetchrow` by this one, but not the database itself,
    because engines with other dependencies share it.
    """

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._fetchrow = database.fetchrow

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None:
        self.statements.append(Statement(sql, arguments))
        return await self._fetchrow(sql, *arguments)


@asynccontextmanager
async def recording(recorder: SqlRecorder) -> AsyncGenerator[None]:
    """Also record the statements of models, but only on Tortoise's first connection."""
    client: Any = get_connection("default")
    async with client.acquire_connection() as connection:
        connection.add_query_logger(recorder.record)
    yield
    await asyncio.sleep(0)  # asyncpg calls loggers in the next iteration of the loop
    async with client.acquire_connection() as connection:
        connection.remove_query_logger(recorder.record)


@dataclass(frozen=True)
class QueryPlan:
    """A plan of EXPLAIN; `buffers` is the number of pages read, 0 without ANALYZE."""

    top: dict[str, Any]

    @property
    def buffers(self) -> int:
        return self.top.get("Shared Hit Blocks", 0) + self.top.get("Shared Read Blocks", 0)

    def nodes(self) -> Iterator[dict[str, Any]]:
        waiting = [self.top]
        while waiting:
            node = waiting.pop()
            waiting += node.get("Plans", [])
            yield node

    def scanned(self) -> set[str]:
        """The tables that are read completely, sequentially or along a whole index."""
        return {
            node["Relation Name"]
            for node in self.nodes()
            if node["Node Type"] == "Seq Scan"
            or (node["Node Type"].startswith("Index") and "Index Cond" not in node)
            if "Relation Name" in node
        }

    def sorted(self) -> set[str]:
        """The tables whose rows are sorted, not read in the order of an index."""
        sorts = [node for node in self.nodes() if node["Node Type"].endswith("Sort")]
        return {table for node in sorts for table in _sources(node)}

    def indexes(self) -> set[str]:
        return {node["Index Name"] for node in self.nodes() if "Index Name" in node}


def _sources(node: dict[str, Any]) -> Iterator[str]:
    """The tables of a node's rows, without tables that only subqueries of its columns read."""
    if "Relation Name" in node:
        yield node["Relation Name"]
    for below in node.get("Plans", []):
        if below["Parent Relationship"] not in {"SubPlan", "InitPlan"}:
            yield from _sources(below)


async def explain(connection: asyncpg.Connection, statement: Statement) -> QueryPlan:
    """The plan of a statement; reads are executed again, writes are only planned."""
    options = "ANALYZE, BUFFERS, FORMAT JSON" if statement.is_read else "FORMAT JSON"
    plan = await connection.fetchval(f"EXPLAIN ({options}) {statement.sql}", *statement.arguments)
    return QueryPlan(json.loads(plan)[0]["Plan"])


_CUSTOM_PLANS = 5
"""The number of custom plans that PostgreSQL makes before it considers a generic plan."""
_KEEPS = "SELECT generic_plans > 0 FROM pg_prepared_statements WHERE name = $1"


async def keeps_its_plan(connection: asyncpg.Connection, statement: Statement) -> bool:
    """Whether PostgreSQL chooses a generic plan after executions, which are rolled back."""
    prepared = await connection.prepare(statement.sql)
    for _ in range(_CUSTOM_PLANS + 1):
        transaction = connection.transaction()
        await transaction.start()
        with suppress(asyncpg.IntegrityConstraintViolationError):  # planned; the row exists
            await prepared.fetch(*statement.arguments)
        await transaction.rollback()
    return await connection.fetchval(_KEEPS, prepared.get_name())
