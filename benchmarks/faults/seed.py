"""The database of the writers: customers with accounts, bills and meters."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL
from dataclasses import asdict, dataclass
from pathlib import Path

import asyncpg

from benchmarks.seed import CUSTOMERS, TOKEN, SeededCustomer, SeedSize, insert_rows
from lk_graphql.kit.signing import hash_token

DATABASE = "faults"
STAFF_TOKEN = TOKEN.format(0)
_MORE_ROWS = Path(__file__).with_name("seed.sql")
_END_STAFF_SESSIONS = "DELETE FROM staff_session"
_STAFF_SESSION = """
INSERT INTO staff_session (id, member_id, token_hash, client_address, user_agent, created_at,
  seen_at, expires_at)
SELECT gen_random_uuid(), id, $1, '127.0.0.1', 'faults', now(), now(), now() + interval '12 hours'
FROM staff_member"""
_SESSIONS = "UPDATE session SET expires_at = now() + interval '30 days'"


@dataclass(frozen=True)
class Population:
    """Customers who write, the numbers of accounts, and topics of appeals."""

    customers: list[SeededCustomer]
    numbers: list[str]
    topics: list[str]

    def save(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), ensure_ascii=False))

    @classmethod
    def load(cls, file: Path) -> "Population | None":
        """The saved population, if any."""
        if not file.exists():
            return None
        content = json.loads(file.read_text())
        customers = [SeededCustomer(**customer) for customer in content.pop("customers")]
        return cls(customers, **content)


async def populate(server: str, dsn: str, customers: int, file: Path) -> Population:
    """Make and fill the database, or reopen it if `file` says that it is there."""
    people = Population.load(file)
    if people is None:
        await _fill(server, dsn, customers)
        people = await _read(dsn)
        people.save(file)
    await _migrate(dsn)  # the code may be newer than the data
    connection = await asyncpg.connect(dsn)
    await connection.execute(_SESSIONS)
    await connection.execute(_END_STAFF_SESSIONS)
    await connection.execute(_STAFF_SESSION, hash_token(STAFF_TOKEN))
    await connection.close()
    return people


async def _fill(server: str, dsn: str, customers: int) -> None:
    connection = await asyncpg.connect(server)
    await connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
    await connection.execute(f"CREATE DATABASE {DATABASE}")
    await connection.close()
    await _migrate(dsn)
    connection = await asyncpg.connect(dsn)
    async with connection.transaction():
        await insert_rows(connection, SeedSize(customers))
    await connection.execute(_MORE_ROWS.read_text())
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


async def _migrate(dsn: str) -> None:
    """Run `lk migrate up`, in a process of its own like an operator."""
    command = (sys.executable, "-m", "lk_graphql", "migrate", "up")
    environment = os.environ | {"LK_DATABASE_URL": dsn}
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=DEVNULL)
    if await process.wait():
        raise OSError("lk migrate up failed")


async def _read(dsn: str) -> Population:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(CUSTOMERS)
    customers = [
        SeededCustomer(
            TOKEN.format(number), *(row[key].hex for key in ("account", "register", "night"))
        )
        for number, row in enumerate(rows, 1)
    ]
    numbers = [row["number"] for row in await connection.fetch("SELECT number FROM account")]
    topics = [row["id"].hex for row in await connection.fetch("SELECT id FROM appeal_topic")]
    await connection.close()
    return Population(customers, numbers, topics)
