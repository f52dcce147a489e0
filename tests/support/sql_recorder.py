"""What is asked of PostgreSQL, and how it goes about answering."""

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
"""What the driver asks for itself: when a connection goes back to the pool, about new types, and
to have no machine code made of that."""


@dataclass(frozen=True)
class Statement:
    sql: str
    arguments: Sequence[object]

    @property
    def is_read(self) -> bool:
        return not _CHANGES.search(self.sql)


class SqlRecorder:
    """Remembers what PostgreSQL was asked: by the models' commands, where it is `listening`."""

    def __init__(self) -> None:
        self.heard: list[Statement] = []

    def record(self, logged: Any) -> None:
        is_ours = not any(word in logged.query for word in _OF_ASYNCPG)
        if is_ours and logged.query.lstrip().startswith(_PLANNED):
            self.heard.append(Statement(logged.query, logged.args))


class RecordingDatabase(SqlRecorder):
    """A database for a `Reader`, who is heard, too."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None:
        self.heard.append(Statement(sql, arguments))
        return await self._database.fetchrow(sql, *arguments)


@asynccontextmanager
async def recording(ear: SqlRecorder) -> AsyncGenerator[None]:
    """Let it hear the models' statements, too, as long as one connection is enough for them."""
    client: Any = get_connection("default")
    async with client.acquire_connection() as connection:
        connection.add_query_logger(ear.record)
    yield
    async with client.acquire_connection() as connection:
        connection.remove_query_logger(ear.record)


@dataclass(frozen=True)
class QueryPlan:
    """A plan as PostgreSQL tells it; `buffers` is how many pages it read, 0 if it wasn't run."""

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
        """Tables that are read from end to end, or along a whole index, which is no better."""
        return {
            node["Relation Name"]
            for node in self.nodes()
            if node["Node Type"] == "Seq Scan"
            or (node["Node Type"].startswith("Index") and "Index Cond" not in node)
            if "Relation Name" in node
        }

    def indexes(self) -> set[str]:
        return {node["Index Name"] for node in self.nodes() if "Index Name" in node}


async def explain(connection: asyncpg.Connection, statement: Statement) -> QueryPlan:
    """A read is run once more; what writes is only planned."""
    options = "ANALYZE, BUFFERS, FORMAT JSON" if statement.is_read else "FORMAT JSON"
    told = await connection.fetchval(f"EXPLAIN ({options}) {statement.sql}", *statement.arguments)
    return QueryPlan(json.loads(told)[0]["Plan"])


_TRIED = 5
"""How often PostgreSQL plans a statement for its values, before it considers a plan for any."""
_KEEPS = "SELECT generic_plans > 0 FROM pg_prepared_statements WHERE name = $1"


async def keeps_its_plan(connection: asyncpg.Connection, statement: Statement) -> bool:
    """Whether PostgreSQL comes to one plan for all values. Nothing of what it does is kept."""
    prepared = await connection.prepare(statement.sql)
    for _ in range(_TRIED + 1):
        transaction = connection.transaction()
        await transaction.start()
        with suppress(asyncpg.IntegrityConstraintViolationError):  # planned, and was there already
            await prepared.fetch(*statement.arguments)
        await transaction.rollback()
    return await connection.fetchval(_KEEPS, prepared.get_name())
