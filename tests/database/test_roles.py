"""The roles of the database: who may grant rights, and what a role without rights reads."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path

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
    """A server whose database `migrated` belongs to `lk_owner`."""
    with temporary_postgres() as postgres:
        asyncio.run(
            _execute(
                postgres.dsn(),
                "CREATE ROLE lk_owner LOGIN",
                "CREATE DATABASE migrated OWNER lk_owner",
            )
        )
        done = lk(
            *("migrate", "up"),
            LK_DATABASE_URL=postgres.dsn("migrated").replace("postgres@", "lk_owner@"),
        )
        assert done.returncode == 0, done.stderr
        yield postgres


@pytest_asyncio.fixture
async def installation(cluster: RestartablePostgres) -> AsyncGenerator[Installation]:
    """The roles `lk` and `guest` have no rights yet."""
    roles = ("lk", "guest", "member")
    await _execute(
        cluster.dsn(),
        *(f"DROP DATABASE IF EXISTS {database}" for database in ("lk", "empty")),
        *(f"DROP ROLE IF EXISTS {role}" for role in roles),
        *(f"CREATE ROLE {role} LOGIN" for role in roles),
        "CREATE DATABASE lk OWNER lk_owner TEMPLATE migrated",
        "CREATE DATABASE empty OWNER lk_owner",
    )
    connection = await asyncpg.connect(cluster.dsn("lk"))
    yield Installation(cluster, connection)
    await connection.close()


async def _execute(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    for statement in statements:
        await connection.execute(statement)
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


@pytest.mark.parametrize("extension", ["pg_stat_statements", "pg_buffercache"])
async def test_rights_on_an_extension_of_a_superuser_are_left_alone(
    installation: Installation, extension: str
):
    """Each has a function or view that only superusers may use, or grant to others."""
    await installation.connection.execute(f"CREATE EXTENSION {extension} SCHEMA public")
    before = {*await installation.rights()}

    done = lk("migrate", "grant", "lk", LK_DATABASE_URL=installation.dsn("lk_owner"))

    assert (done.returncode, done.stderr) == (0, "")
    changed = {right.partition(" ")[0] for right in {*await installation.rights()} - before}
    assert not any(name.startswith(("pg_", "show_", "similarity")) for name in changed - {"public"})
    assert {"aerich", "reading", "monthly_consumption", "import_staging"} < changed
    status = lk("migrate", "status", LK_DATABASE_URL=installation.dsn("lk"))
    assert (status.returncode, status.stderr) == (0, "")


async def test_rights_on_the_functions_of_other_roles_are_left_alone(installation: Installation):
    """The functions of migrations that not everyone may call are granted."""
    await installation.connection.execute(
        "CREATE FUNCTION of_admins() RETURNS int LANGUAGE sql RETURN 1;"
        "REVOKE ALL ON FUNCTION of_admins FROM PUBLIC"
    )

    done = lk("migrate", "grant", "lk", LK_DATABASE_URL=installation.dsn("lk_owner"))

    assert (done.returncode, done.stderr) == (0, "")
    callable_by = await installation.connection.fetch(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " AND NOT has_function_privilege('guest', oid, 'EXECUTE')"
        " AND has_function_privilege('lk', oid, 'EXECUTE') ORDER BY 1"
    )
    assert [row["proname"] for row in callable_by] == [
        "add_audit_partitions",
        "drop_audit_partitions",
    ]


SCHEMA_DENIED = (
    "The role guest lacks a right in the database: permission denied for schema public. Run lk"
    " migrate grant guest as lk_owner, who owns the tables"
)


@pytest.mark.parametrize("words", [("migrate", "status"), ("rules",), ("serve",)], ids=" ".join)
async def test_a_role_that_may_not_use_the_schema_is_granted_it(
    installation: Installation, words: tuple[str, ...]
):
    """It sees no tables, so no migration seemed to be applied."""
    await installation.connection.execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC")
    dsn = installation.dsn("guest")

    done = lk(*words, LK_DATABASE_URL=dsn, **SETTINGS)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.replace("\n", " ").strip() == SCHEMA_DENIED
    granted = lk("migrate", "grant", "guest", LK_DATABASE_URL=installation.dsn("lk_owner"))
    assert (granted.returncode, granted.stderr) == (0, "")
    status = lk("migrate", "status", LK_DATABASE_URL=dsn)
    assert (status.returncode, status.stderr) == (0, "")


async def test_an_analyzed_query_by_a_role_that_may_not_use_the_schema(
    installation: Installation, tmp_path: Path
):
    (tmp_path / "me.graphql").write_text(QUERY)
    await installation.connection.execute("REVOKE USAGE ON SCHEMA public FROM PUBLIC")
    dsn = installation.dsn("guest")
    done = lk("explain", "me.graphql", "--analyze", folder=tmp_path, LK_DATABASE_URL=dsn)
    assert done.returncode == 1
    assert done.stderr.replace("\n", " ").strip() == SCHEMA_DENIED


async def test_the_schema_s_owner_is_named_if_the_tables_owner_may_not_grant_its_use(
    installation: Installation,
):
    """The database is a superuser's, and so is its schema `public`."""
    await installation.connection.execute(
        "ALTER DATABASE lk OWNER TO postgres; REVOKE USAGE ON SCHEMA public FROM PUBLIC;"
        "GRANT USAGE, CREATE ON SCHEMA public TO lk_owner"
    )
    owner, before = installation.dsn("lk_owner"), await installation.rights()

    done = lk("migrate", "grant", "lk", LK_DATABASE_URL=owner)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.replace("\n", " ").strip() == (
        "The role lk may not use the schema public, and the role lk_owner may not grant this right."
        ' Run as postgres: GRANT USAGE ON SCHEMA public TO "lk"'
    )
    assert await installation.rights() == before

    await installation.connection.execute('GRANT USAGE ON SCHEMA public TO "lk"')
    done = lk("migrate", "grant", "lk", LK_DATABASE_URL=owner)
    assert (done.returncode, done.stderr) == (0, "")
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


LACKING = (
    "The role {role} lacks a right in the database: {reason}. Run lk migrate grant {role} as"
    " lk_owner, who owns the tables"
)
QUERY = "query Me { viewer { fullName } }"
COMMANDS = [
    ("migrate", "status"),
    ("check",),
    ("rules",),
    ("imports",),
    ("import", "accounts", "ROOT/examples/import/accounts.csv"),
    ("export", "readings", "--since", "2026-01-01"),
    ("jobs", "count"),
    ("jobs", "dead"),
    ("jobs", "retry", "1"),
    ("documents", "publish", "ROOT/src/lk_graphql/demo/documents"),
    ("supplier", "list"),
    ("staff", "list"),
    ("staff", "lock", "anna@example.com"),
    ("user", "lock", "anna@example.com"),
    ("serve",),
    ("worker",),
    ("demo-data", "--accounts", "200"),
]
"""Commands of each family that uses the database of the settings."""
SETTINGS = {
    "LK_SECRET_KEY": "0123456789abcdef" * 4,
    "LK_SMTP_URL": "smtp://127.0.0.1:1",
    "LK_PUBLIC_URL": "https://lk.example",
}
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
async def test_a_command_by_a_role_without_rights_names_the_next_step(
    installation: Installation, words: tuple[str, ...], tmp_path: Path
):
    words = tuple(word.replace("ROOT", str(ROOT)) for word in words)
    dsn = installation.dsn("guest")
    done = lk(*words, folder=tmp_path, LK_DATABASE_URL=dsn, **SETTINGS)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.replace("\n", " ").strip() == LACKING.format(
        role="guest", reason="permission denied for table aerich"
    )


async def test_an_analyzed_query_by_a_role_without_rights_names_the_next_step(
    installation: Installation, tmp_path: Path
):
    (tmp_path / "me.graphql").write_text(QUERY)
    dsn = installation.dsn("guest")
    done = lk("explain", "me.graphql", "--analyze", folder=tmp_path, LK_DATABASE_URL=dsn)
    assert done.returncode == 1
    assert done.stderr.replace("\n", " ").strip() == LACKING.format(
        role="guest", reason="permission denied for table aerich"
    )


@pytest.mark.parametrize(
    ("words", "table"),
    [
        (("imports",), "import_run"),
        (("jobs", "dead"), "job_log"),
        (("staff", "list"), "staff_member"),
    ],
)
async def test_a_role_that_lacks_one_table_reads_its_name(
    installation: Installation, words: tuple[str, ...], table: str
):
    """As after an upgrade with a new table; the models' errors hide PostgreSQL's."""
    owner = installation.dsn("lk_owner")
    assert lk("migrate", "grant", "lk", LK_DATABASE_URL=owner).returncode == 0
    await installation.connection.execute(f"REVOKE ALL ON {table} FROM lk")
    refused = lk(*words, LK_DATABASE_URL=installation.dsn("lk"))
    assert lk("migrate", "grant", "lk", LK_DATABASE_URL=owner).returncode == 0
    done = lk(*words, LK_DATABASE_URL=installation.dsn("lk"))

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.replace("\n", " ").strip() == LACKING.format(
        role="lk", reason=f"permission denied for table {table}"
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("words", [("migrate", "up"), ("migrate", "down", "--yes")], ids=" ".join)
async def test_a_migration_by_another_role_names_the_owner(
    installation: Installation, words: tuple[str, ...]
):
    """The role may create tables, but may not read the list of migrations."""
    await installation.connection.execute("GRANT CREATE ON SCHEMA public TO guest")
    before = await installation.connection.fetch("SELECT * FROM aerich ORDER BY id")
    done = lk(*words, LK_DATABASE_URL=installation.dsn("guest"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.replace("\n", " ").strip() == (
        "The role guest lacks a right in the database: permission denied for table aerich. Run the"
        " command as lk_owner, who owns the tables: put this role into LK_DATABASE_URL, and into"
        " LK_DIRECT_DATABASE_URL if it is set"
    )
    assert await installation.connection.fetch("SELECT * FROM aerich ORDER BY id") == before


async def test_the_application_s_role_undoes_no_migration(installation: Installation):
    owner = installation.dsn("lk_owner")
    assert lk("migrate", "grant", "lk", LK_DATABASE_URL=owner).returncode == 0
    before = await installation.connection.fetch("SELECT * FROM aerich ORDER BY id")
    done = lk("migrate", "down", "--yes", LK_DATABASE_URL=installation.dsn("lk"))
    assert (done.returncode, done.stdout) == (1, "")
    text = done.stderr.replace("\n", " ").strip()
    assert text.startswith("The role lk lacks a right in the database: must be owner of ")
    assert text.endswith(
        ". Run the command as lk_owner, who owns the tables: put this role into LK_DATABASE_URL,"
        " and into LK_DIRECT_DATABASE_URL if it is set"
    )
    assert await installation.connection.fetch("SELECT * FROM aerich ORDER BY id") == before
