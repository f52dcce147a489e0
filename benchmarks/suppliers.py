"""Databases of the demo's supplier at any size, with a session for every customer."""

import json
import random
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from benchmarks import processes
from benchmarks.questions import BenchmarkUser, QueryCase, StatementCase
from lk_graphql.api.context import resolver_dependencies
from lk_graphql.cli.progress import step_progress
from lk_graphql.database import migrations
from lk_graphql.database.connections import ReadPool
from lk_graphql.demo.data.growth import GrowthSize, grow_demo
from lk_graphql.identity.service.sessions import session_sql
from lk_graphql.kit.company import Company
from lk_graphql.kit.signing import Signer
from lk_graphql.planner.documents import Operation
from lk_graphql.planner.engine import Call, QueryEngine
from lk_graphql.planner.principal import SessionSql
from lk_graphql.ports.passwords import Passwords
from lk_graphql.schema import graphql_schema

ZONE = ZoneInfo("Asia/Novokuznetsk")
DEPENDENCIES = resolver_dependencies(
    Company("Benchmark", "https://lk.example", ZONE), Signer(bytes(32))
)
# more memory than PostgreSQL's default, as for a million accounts; the same at all sizes
SETTINGS = ("shared_buffers = '1GB'", "max_wal_size = '16GB'", "jit = off", "autovacuum = off")
SESSIONS = """
INSERT INTO session (id, user_id, token_hash, client_address, user_agent, created_at, expires_at)
SELECT id, id, sha256(convert_to(email_key, 'UTF8')), '127.0.0.1', 'benchmark', now(),
  now() + interval '10 years' FROM "user" """
USERS = """
SELECT email_key AS email, a.id AS account, a.number, register.id AS register
FROM "user" u JOIN account_link l ON l.user_id = u.id JOIN account a ON a.id = l.account_id
JOIN meter ON meter.account_id = a.id AND removed_on IS NULL
JOIN register ON meter_id = meter.id AND position = 1
WHERE email_key = ANY($1) AND role = 'OWNER' ORDER BY email"""
_EXPLAINED_USERS = 40


@dataclass
class RecordingPool:
    """A pool that records its last statement."""

    pool: ReadPool
    sql: str = ""
    arguments: Sequence[object] = ()

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None:
        self.sql, self.arguments = sql, arguments
        return await self.pool.fetchrow(sql, *arguments)


@dataclass
class SupplierDatabase:
    """A database of one size, its users, and an engine with one connection.

    `prepare` is the engine's, with a cache. `backend` is PostgreSQL's process for that connection;
    `connection` is another one, for EXPLAIN.
    """

    pool: RecordingPool
    engine: QueryEngine
    prepare: Callable[[str, str | None], Operation]
    backend: int
    connection: asyncpg.Connection
    users: Sequence[BenchmarkUser]

    async def ask(self, case: QueryCase | StatementCase, user: BenchmarkUser) -> None:
        if isinstance(case, StatementCase):
            assert await self.pool.fetchrow(case.statement, case.of(user))
            return
        operation = self.prepare(case.document, case.operation)
        call = Call(operation, case.of(user), user.token_hash, datetime.now(UTC))
        result = await self.engine.execute_plan(call)
        assert result
        assert result.principal.viewer

    async def cpu(self, case: QueryCase | StatementCase) -> tuple[float, float]:
        """Milliseconds of CPU in Python and in PostgreSQL for one answer."""
        before, python_seconds = processes.cpu_seconds(self.backend), time.process_time()
        for user in self.users:
            await self.ask(case, user)
        python_seconds = time.process_time() - python_seconds
        postgresql_seconds = processes.spent(before, processes.cpu_seconds(self.backend))
        return python_seconds * 1000 / len(self.users), postgresql_seconds * 1000 / len(self.users)

    async def pages(self, case: QueryCase | StatementCase) -> float:
        """Pages of 8 KiB for one answer, cached or not."""
        page_counts: list[int] = []
        for user in self.users[:_EXPLAINED_USERS]:
            await self.ask(case, user)
            explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {self.pool.sql}"
            explanation = await self.connection.fetchval(explain, *self.pool.arguments)
            plan = json.loads(explanation)[0]["Plan"]
            page_counts.append(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
        return mean(page_counts)


async def settle(dsn: str, *settings: str) -> None:
    """Write `SETTINGS` and more for PostgreSQL's next start."""
    connection = await asyncpg.connect(dsn)
    for setting in (*SETTINGS, *settings):
        await connection.execute(f"ALTER SYSTEM SET {setting}")
    await connection.close()


async def fill(dsn: str, size: GrowthSize) -> None:
    """Grow the supplier, open a session for each user, then vacuum and checkpoint."""
    if await migrations.pending(dsn):
        await migrations.migrate(dsn)
    passwords, today = Passwords(), datetime.now(ZONE).date()
    with step_progress() as progress:
        await grow_demo(dsn, size, today=today, passwords=passwords, progress=progress)
    passwords.close()
    connection = await asyncpg.connect(dsn)
    if not await connection.fetchval("SELECT EXISTS (SELECT FROM session)"):
        await connection.execute(SESSIONS)
        await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    await connection.close()


@asynccontextmanager
async def supplier(dsn: str, accounts: int, users: int) -> AsyncGenerator[SupplierDatabase]:
    """Open a database; its users have three accounts each, and are spread evenly."""
    pool, connection = ReadPool(dsn, size=1), await asyncpg.connect(dsn)
    backend = await pool.fetchrow("SELECT pg_backend_pid()")
    assert backend
    numbers = range(210, accounts + 1, 10)
    sample = random.Random(accounts).sample(numbers, min(users, len(numbers)))
    emails = [f"customer{number}@example.com" for number in sample]
    users_by_email = {
        row["email"]: BenchmarkUser(**row) for row in await connection.fetch(USERS, emails)
    }
    recorder, sessions = RecordingPool(pool), SessionSql(session_sql)
    engine = QueryEngine(graphql_schema, recorder, sessions, ZONE, DEPENDENCIES)
    users_of_emails = [users_by_email[email] for email in emails]
    yield SupplierDatabase(
        recorder, engine, cache(engine.prepare), backend[0], connection, users_of_emails
    )
    await connection.close()
    await pool.close()


async def disk_size(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    query = "SELECT pg_size_pretty(pg_database_size(current_database()))"
    size: str = await connection.fetchval(query)
    await connection.close()
    return size
