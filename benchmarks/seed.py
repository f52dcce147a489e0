"""The benchmark database: the project's migrations, then rows made in SQL."""

from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from benchmarks import processes
from lk_graphql.database import migrations

NAME = "bench"
ROWS = Path(__file__).parent / "seed.sql"
COMPUTED_COLUMNS = Path(__file__).parent / "peers/postgraphile.sql"
TOKEN = "bench-{:037d}"  # as long as a real one; the rows hold its SHA-256
# a production setting for such statements, and no noise from autovacuum
SETTINGS = ("jit = off", "autovacuum = off")
CUSTOMERS = """
SELECT a.id AS account, r.id AS register, night.id AS night
FROM account a JOIN meter m ON m.account_id = a.id JOIN register r ON r.meter_id = m.id
JOIN register night ON night.meter_id = m.id AND night.id <> r.id
WHERE 100 <= (SELECT count(*) FROM reading WHERE register_id = r.id)
ORDER BY a.number"""


@dataclass(frozen=True)
class SeededCustomer:
    """A customer with a token, and the keys of an account and of a meter's two registers.

    The first register has a hundred readings.
    """

    token: str
    account: str
    register: str
    night: str


@dataclass(frozen=True)
class SeedSize:
    """Customers, each with three accounts, and the billed months of an account.

    `readings` are those of a register, `longest` those of each customer's first one.
    """

    customers: int
    months: int = 18
    readings: int = 4
    longest: int = 100


async def seed(server: str, size: SeedSize) -> str:
    """Make the database on an empty PostgreSQL; returns its address."""
    dsn = urlsplit(server)._replace(path=f"/{NAME}").geturl()
    connection = await asyncpg.connect(server)
    for setting in SETTINGS:
        await connection.execute(f"ALTER SYSTEM SET {setting}")
    await connection.execute("SELECT pg_reload_conf()")
    await connection.execute(f"CREATE DATABASE {NAME}")
    await connection.close()
    await migrations.migrate(dsn)
    await _fill(dsn, size)
    return dsn


async def insert_rows(connection: asyncpg.Connection, size: SeedSize) -> None:
    """Make the rows in the connection's transaction."""
    for name, number in asdict(size).items():
        await connection.execute("SELECT set_config($1, $2, true)", f"bench.{name}", str(number))
    await connection.execute(ROWS.read_text())


async def _fill(dsn: str, size: SeedSize) -> None:
    connection = await asyncpg.connect(dsn)
    async with connection.transaction():
        await insert_rows(connection, size)
        await connection.execute(COMPUTED_COLUMNS.read_text())
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    await connection.close()


@dataclass(frozen=True)
class DatabaseInfo:
    """The database's version and customers; `postmaster` is the parent of its processes."""

    version: str
    postmaster: int
    customers: list[SeededCustomer]


async def facts(dsn: str) -> DatabaseInfo:
    connection = await asyncpg.connect(dsn)
    version: str = await connection.fetchval("SHOW server_version")
    postmaster = processes.parent(await connection.fetchval("SELECT pg_backend_pid()"))
    rows = await connection.fetch(CUSTOMERS)
    await connection.close()
    customers = [
        SeededCustomer(
            TOKEN.format(number), *(row[key].hex for key in ("account", "register", "night"))
        )
        for number, row in enumerate(rows, 1)
    ]
    return DatabaseInfo(version, postmaster, customers)
