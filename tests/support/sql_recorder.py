"""Records of SQL statements, and the plans that PostgreSQL makes for them."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import asyncpg
from tortoise.connection import get_connection

from lk_graphql.planner.pool import Database

_PLANNED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
_CHANGES = re.compile(r"\bINSERT INTO|\bUPDATE\s+\S+( \w+)?\s+SET|\bDELETE FROM|FOR UPDATE")
_OF_ASYNCPG = ("pg_advisory_unlock_all", "typeinfo_tree", "set_config('jit'")
"""Statements of asyncpg itself: when a connection returns to the pool, and to read types."""


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
    """Records the SQL of a query engine's database, too, if its `fetchrow` is replaced by this one.

    The database itself isn't: engines with other dependencies share it.
    """

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._fetchrow = database.fetchrow

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None:
        self.statements.append(Statement(sql, arguments))
        return await self._fetchrow(sql, *arguments)


@asynccontextmanager
async def recording(recorder: SqlRecorder) -> AsyncGenerator[None]:
    """Record the statements of models, too; only those of Tortoise's first connection."""
    client: Any = get_connection("default")
    async with client.acquire_connection() as connection:
        connection.add_query_logger(recorder.record)
    yield
    await asyncio.sleep(0)  # asyncpg calls loggers in the next turn of the loop
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
        """Tables that are read entirely, sequentially or along a whole index."""
        return {
            node["Relation Name"]
            for node in self.nodes()
            if node["Node Type"] == "Seq Scan"
            or (node["Node Type"].startswith("Index") and "Index Cond" not in node)
            if "Relation Name" in node
        }

    def sorted(self) -> set[str]:
        """Tables whose rows are sorted, not read in the order of an index."""
        sorts = [node for node in self.nodes() if node["Node Type"].endswith("Sort")]
        return {table for node in sorts for table in _sources(node)}

    def indexes(self) -> set[str]:
        return {node["Index Name"] for node in self.nodes() if "Index Name" in node}


def _sources(node: dict[str, Any]) -> Iterator[str]:
    """The tables of a node's rows; those that only its columns' subqueries read are left out."""
    if "Relation Name" in node:
        yield node["Relation Name"]
    for below in node.get("Plans", []):
        if below["Parent Relationship"] not in {"SubPlan", "InitPlan"}:
            yield from _sources(below)


async def explain(connection: asyncpg.Connection, statement: Statement) -> QueryPlan:
    """The plan of a statement; a read is executed again, a write is only planned."""
    options = "ANALYZE, BUFFERS, FORMAT JSON" if statement.is_read else "FORMAT JSON"
    plan = await connection.fetchval(f"EXPLAIN ({options}) {statement.sql}", *statement.arguments)
    return QueryPlan(json.loads(plan)[0]["Plan"])


_CUSTOM_PLANS = 5
"""The number of custom plans that PostgreSQL makes before it considers a generic plan."""
_KEEPS = "SELECT generic_plans > 0 FROM pg_prepared_statements WHERE name = $1"


async def keeps_its_plan(connection: asyncpg.Connection, statement: Statement) -> bool:
    """Execute in rolled back transactions until PostgreSQL chooses a generic plan, or does not."""
    prepared = await connection.prepare(statement.sql)
    for _ in range(_CUSTOM_PLANS + 1):
        transaction = connection.transaction()
        await transaction.start()
        with suppress(asyncpg.IntegrityConstraintViolationError):  # planned; the row exists
            await prepared.fetch(*statement.arguments)
        await transaction.rollback()
    return await connection.fetchval(_KEEPS, prepared.get_name())
