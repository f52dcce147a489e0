"""Suppliers of any size to measure on: the demo's, with a session for every customer."""

import json
import random
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from benchmarks import processes
from benchmarks.questions import Asker, LookUp, Question
from lk_graphql.api.context import resolver_dependencies
from lk_graphql.cli.progress import step_progress
from lk_graphql.database import migrations
from lk_graphql.demo.data.growth import GrowthSize, grow_demo
from lk_graphql.identity.queries import session_sql
from lk_graphql.kit.company import Company
from lk_graphql.kit.signing import Signer
from lk_graphql.planner.engine import Call, QueryEngine
from lk_graphql.planner.pool import Pool
from lk_graphql.ports.passwords import Passwords
from lk_graphql.schema import graphql_schema

ZONE = ZoneInfo("Asia/Novokuznetsk")
LENT = resolver_dependencies(Company("Benchmark", "https://lk.example", ZONE), Signer(bytes(32)))
# A server for a million accounts would have more memory than PostgreSQL's default; all get the same
SETTINGS = ("shared_buffers = '1GB'", "max_wal_size = '16GB'", "jit = off", "autovacuum = off")
SESSIONS = """
INSERT INTO session (id, user_id, token_hash, client_address, user_agent, created_at, expires_at)
SELECT id, id, sha256(convert_to(email_key, 'UTF8')), '127.0.0.1', 'benchmark', now(),
  now() + interval '10 years' FROM "user" """
ASKERS = """
SELECT email_key AS email, a.id AS account, a.number, register.id AS register
FROM "user" u JOIN account_link l ON l.user_id = u.id JOIN account a ON a.id = l.account_id
JOIN meter ON meter.account_id = a.id AND removed_on IS NULL
JOIN register ON meter_id = meter.id AND position = 1
WHERE email_key = ANY($1) AND role = 'OWNER' ORDER BY email"""
_EXPLAINED = 40  # askers whose pages are counted


@dataclass
class Remembering:
    """A reader's database that remembers the last statement."""

    pool: Pool
    sql: str = ""
    arguments: Sequence[object] = ()

    async def fetchrow(self, sql: str, *arguments: object) -> Sequence[Any] | None:
        self.sql, self.arguments = sql, arguments
        return await self.pool.fetchrow(sql, *arguments)


@dataclass
class Supplier:
    """A database of one size, who asks it, and a reader with one connection.

    `backend` is PostgreSQL's process for that connection; `beside` is another connection.
    """

    asked: Remembering
    reader: QueryEngine
    backend: int
    beside: asyncpg.Connection
    askers: Sequence[Asker]

    async def ask(self, question: Question | LookUp, asker: Asker) -> None:
        if isinstance(question, LookUp):
            assert await self.asked.fetchrow(question.statement, question.of(asker))
            return
        operation = self.reader.prepare(question.document, question.operation)
        call = Call(operation, question.of(asker), asker.token_hash, datetime.now(UTC))
        answer = await self.reader.execute_plan(call)
        assert answer
        assert answer.viewer

    async def cpu(self, question: Question | LookUp) -> tuple[float, float]:
        """Milliseconds of ours and of PostgreSQL's for one answer."""
        before, ours = processes.cpu_seconds(self.backend), time.process_time()
        for asker in self.askers:
            await self.ask(question, asker)
        ours = time.process_time() - ours
        theirs = processes.spent(before, processes.cpu_seconds(self.backend))
        return ours * 1000 / len(self.askers), theirs * 1000 / len(self.askers)

    async def pages(self, question: Question | LookUp) -> float:
        """Pages of 8 KiB for one answer, whether they were in memory or not."""
        found: list[int] = []
        for asker in self.askers[:_EXPLAINED]:
            await self.ask(question, asker)
            explain = f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {self.asked.sql}"
            told = await self.beside.fetchval(explain, *self.asked.arguments)
            top = json.loads(told)[0]["Plan"]
            found.append(top["Shared Hit Blocks"] + top["Shared Read Blocks"])
        return mean(found)


async def settle(dsn: str) -> None:
    """Settings for the server's next start."""
    connection = await asyncpg.connect(dsn)
    for setting in SETTINGS:
        await connection.execute(f"ALTER SYSTEM SET {setting}")
    await connection.close()


async def fill(dsn: str, size: GrowthSize) -> None:
    """Grow the supplier, open a session for everybody, and leave it as a night's rest would."""
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
async def supplier(dsn: str, accounts: int, askers: int) -> AsyncGenerator[Supplier]:
    """Askers have three accounts each, and lie anywhere."""
    pool, beside = await Pool.open(dsn, size=1), await asyncpg.connect(dsn)
    backend = await pool.fetchrow("SELECT pg_backend_pid()")
    assert backend
    numbers = range(210, accounts + 1, 10)
    chosen = random.Random(accounts).sample(numbers, min(askers, len(numbers)))
    emails = [f"customer{n}@example.com" for n in chosen]
    found = {row["email"]: Asker(**row) for row in await beside.fetch(ASKERS, emails)}
    asked = Remembering(pool)
    reader = QueryEngine(graphql_schema, asked, session_sql, ZONE, LENT)
    yield Supplier(asked, reader, backend[0], beside, [found[email] for email in emails])
    await beside.close()
    await pool.close()


async def disk_size(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    query = "SELECT pg_size_pretty(pg_database_size(current_database()))"
    size: str = await connection.fetchval(query)
    await connection.close()
    return size
