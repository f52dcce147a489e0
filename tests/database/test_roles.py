"""The roles of the database: who may grant rights, and what a role without rights reads."""

from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass

import asyncpg
import pytest
import pytest_asyncio

from lk_graphql.demo.postgres.restartable import RestartablePostgres, temporary_postgres
from tests.support.cli_process import lk

RIGHTS = """
SELECT ARRAY(SELECT format('%s %s', relname, relacl) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace ORDER BY 1)
|| ARRAY(SELECT format('%s %s', nspname, nspacl) FROM pg_namespace ORDER BY 1)
|| ARRAY(SELECT format('%s %s', oid::regprocedure, proacl) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace ORDER BY 1)"""


@dataclass(frozen=True)
class Installation:
    """A migrated database of `lk_owner`, with a superuser's connection."""

    postgres: RestartablePostgres
    connection: asyncpg.Connection

    def dsn(self, role: str, database: str = "lk") -> str:
        return self.postgres.dsn(database).replace("postgres@", f"{role}@")

    async def rights(self) -> list[str]:
        return await self.connection.fetchval(RIGHTS)


@pytest.fixture(scope="module")
def cluster() -> Generator[RestartablePostgres]:
    with temporary_postgres() as postgres:
        yield postgres


@pytest_asyncio.fixture
async def installation(cluster: RestartablePostgres) -> AsyncGenerator[Installation]:
    """The roles `lk` and `guest` have no rights yet."""
    server = await asyncpg.connect(cluster.dsn())
    for database in ("lk", "empty"):
        await server.execute(f"DROP DATABASE IF EXISTS {database}")
    for role in ("lk_owner", "lk", "guest", "member"):
        await server.execute(f"DROP ROLE IF EXISTS {role}")
        await server.execute(f"CREATE ROLE {role} LOGIN")
    for database in ("lk", "empty"):
        await server.execute(f"CREATE DATABASE {database} OWNER lk_owner")
    await server.close()
    connection = await asyncpg.connect(cluster.dsn("lk"))
    made = Installation(cluster, connection)
    done = lk("migrate", "up", LK_DATABASE_URL=made.dsn("lk_owner"))
    assert done.returncode == 0, done.stderr
    yield made
    await connection.close()


REFUSED = (
    "The role {} may grant no rights on the tables. Run lk migrate grant as lk_owner, who owns the"
    " tables: put this role into LK_DATABASE_URL, and into LK_DIRECT_DATABASE_URL if it is set"
)


@pytest.mark.parametrize("role", ["lk", "guest"])
async def test_rights_are_granted_by_the_owner_of_the_tables_only(
    installation: Installation, role: str
):
    """The role `lk` has rights, so PostgreSQL only warns; `guest` has none."""
    owner = installation.dsn("lk_owner")
    assert lk("migrate", "grant", "lk", LK_DATABASE_URL=owner).returncode == 0
    before = await installation.rights()

    done = lk("migrate", "grant", "member", LK_DATABASE_URL=installation.dsn(role))

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.replace("\n", " ").strip() == REFUSED.format(role)
    assert await installation.rights() == before


async def test_the_direct_address_decides_who_grants(installation: Installation):
    before = await installation.rights()
    done = lk(
        *("migrate", "grant", "member"),
        LK_DATABASE_URL=installation.dsn("lk_owner"),
        LK_DIRECT_DATABASE_URL=installation.dsn("guest"),
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.replace("\n", " ").strip() == REFUSED.format("guest")
    assert await installation.rights() == before


@pytest.mark.parametrize("role", ["member", "postgres"])
async def test_a_member_of_the_owner_and_a_superuser_grant_rights(
    installation: Installation, role: str
):
    await installation.connection.execute("GRANT lk_owner TO member")
    # an extension's functions and tables belong to the superuser
    await installation.connection.execute(
        "CREATE TABLE places (); GRANT SELECT ON places TO PUBLIC"
    )
    await installation.connection.execute("ALTER EXTENSION pg_trgm ADD TABLE places")

    done = lk("migrate", "grant", "lk", LK_DATABASE_URL=installation.dsn(role))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "lk now has the application's privileges.\n"
    status = lk("migrate", "status", LK_DATABASE_URL=installation.dsn("lk"))
    assert (status.returncode, status.stderr) == (0, "")


async def test_owners_of_single_tables_are_named_together(installation: Installation):
    await installation.connection.execute("ALTER TABLE captcha OWNER TO guest")
    done = lk("migrate", "grant", "lk", LK_DATABASE_URL=installation.dsn("member"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.replace("\n", " ").strip() == (
        "The role member may grant no rights on the tables. Run lk migrate grant as a role that is"
        " a member of guest and lk_owner, who own the tables: put this role into LK_DATABASE_URL,"
        " and into LK_DIRECT_DATABASE_URL if it is set"
    )


async def test_rights_are_granted_after_the_migrations(installation: Installation):
    empty = installation.dsn("lk_owner", "empty")
    done = lk("migrate", "grant", "lk", LK_DATABASE_URL=empty)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("The database lacks migrations (")
    assert done.stderr.replace("\n", " ").rstrip().endswith("). Run: lk migrate up")
