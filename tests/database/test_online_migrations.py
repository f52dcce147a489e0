"""Migrations beside a running service: rules for them, and locks that nobody waits behind."""

import asyncio
import subprocess
import sys
import time
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from shutil import copytree
from textwrap import indent

import asyncpg
import pytest

from lk_graphql.database import migration_rules, migrations
from tests.support.cli_process import environment

ROOT = Path(__file__).parents[2]
FIRST = migration_rules.LOCK_TIMEOUT
UP = "import sys; from lk_graphql.cli import main; sys.argv = ['lk', 'migrate', 'up']; main()"
COLUMN = f'{FIRST}\nALTER TABLE "reading" ADD "note" VARCHAR(200);'
INDEX = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS "reading_by_note" ON "reading" ("taken_on");'
NOTICED = 0.5
"""Seconds: what a request may lose by a migration."""


@pytest.mark.parametrize(
    ("sql", "in_transaction"),
    [
        (f'{FIRST} ALTER TABLE "reading" ADD "note" VARCHAR(200);', True),
        (f'{FIRST} ALTER TABLE "reading" ADD "n" INT NOT NULL DEFAULT 0;', True),
        (f'{FIRST} ALTER TABLE "reading" ADD CONSTRAINT "c" CHECK (value > 0) NOT VALID;', True),
        (f'{FIRST} ALTER TABLE "reading" VALIDATE CONSTRAINT "c";', True),
        (
            f"""{FIRST}
            CREATE TABLE "note" ("id" UUID NOT NULL PRIMARY KEY, "text" TEXT NOT NULL);
            CREATE INDEX "note_text" ON "note" ("text");
            ALTER TABLE "note" ADD CONSTRAINT "c" CHECK (text <> '');""",
            True,
        ),
        (
            f"""{FIRST}
            -- no release has read it since 1.4
            -- squawk-ignore ban-drop-column
            ALTER TABLE "reading" DROP COLUMN "note";""",
            True,
        ),
        (INDEX, False),
        ('DROP INDEX CONCURRENTLY IF EXISTS "i";', False),
    ],
)
def test_a_safe_migration_is_accepted(
    sql: str,
    in_transaction: bool,  # noqa: FBT001
):
    assert migration_rules.violations(sql, in_transaction=in_transaction) == []


@pytest.mark.parametrize(
    ("sql", "in_transaction", "rule"),
    [
        ('ALTER TABLE "reading" ADD "note" VARCHAR(200);', True, "The first statement must be"),
        (f'{FIRST} CREATE INDEX "i" ON "reading" ("value");', True, "Use `concurrently`"),
        (f"{FIRST} {INDEX}", True, "this is not allowed when the `CONCURRENTLY`"),
        ('CREATE INDEX CONCURRENTLY "i" ON "reading" ("value");', False, "IF NOT EXISTS"),
        (f'{FIRST} ALTER TABLE "a" ADD CONSTRAINT "c" CHECK (v > 0);', True, "Use `NOT VALID`"),
        (
            f"""{FIRST}
            ALTER TABLE "a" ADD CONSTRAINT "c" CHECK (v > 0) NOT VALID;
            ALTER TABLE "a" VALIDATE CONSTRAINT "c";""",
            True,
            "`VALIDATE CONSTRAINT` in a separate transaction",
        ),
        (f'{FIRST} ALTER TABLE "a" ALTER COLUMN "v" SET NOT NULL;', True, "blocks reads"),
        (f'{FIRST} ALTER TABLE "a" ADD "v" INT NOT NULL;', True, "adding-required-field"),
        (f'{FIRST} ALTER TABLE "a" ALTER COLUMN "v" TYPE BIGINT;', True, "changing-column-type"),
        (f'{FIRST} ALTER TABLE "a" RENAME COLUMN "v" TO "w";', True, "renaming-column"),
        (f'{FIRST} ALTER TABLE "a" DROP COLUMN "v";', True, "ban-drop-column"),
        (f'{FIRST} DROP TABLE "a";', True, "ban-drop-table"),
        (f'{FIRST} ALTER TABLE "a" ADD UNIQUE ("v");', True, "Create an index `CONCURRENTLY`"),
        (
            f'{FIRST}\nALTER TABLE "a" ADD "v" INT;\nALTER TABLE "b" ADD "v" INT;',
            True,
            "It alters several tables: a, b. Write a migration for each",
        ),
    ],
)
def test_an_unsafe_migration_is_refused_with_its_rule(
    sql: str,
    in_transaction: bool,  # noqa: FBT001
    rule: str,
):
    (first, *_) = found = migration_rules.violations(sql, in_transaction=in_transaction)
    assert any(rule in text for text in found), first


def package_with(folder: Path, *texts: str) -> Path:
    """A copy of the package with further migrations, outside of transactions if they may."""
    package = copytree(ROOT / "src" / "lk_graphql", folder / "lk_graphql")
    models = copytree(ROOT / "migrations", package / "_data" / "migrations") / "models"
    number = 1 + max(int(file.name.split("_")[0]) for file in models.glob("*_*.py"))
    for position, sql in enumerate(texts):
        (models / f"{number + position}_2027010100000{position}_test.py").write_text(
            f"RUN_IN_TRANSACTION = {'CONCURRENTLY' not in sql}\n\n\nasync def upgrade(db):\n"
            f'    return """\n{indent(sql, " " * 8)}"""\n'
        )
    return folder


async def start(package: Path, dsn: str) -> Process:
    settings = environment(PYTHONPATH=str(package), LK_DATABASE_URL=dsn)
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", UP, env=settings, stdout=PIPE, stderr=PIPE
    )


async def ended(process: Process) -> tuple[int | None, str, str]:
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def until_reported(process: Process) -> str:
    assert process.stderr is not None
    async with asyncio.timeout(30):
        return (await process.stderr.readline()).decode()


async def test_requests_do_not_wait_behind_a_migration_that_waits_for_a_long_read(
    migrated_database: str, tmp_path: Path
):
    reader, requests = (
        await asyncpg.connect(migrated_database),
        await asyncpg.connect(migrated_database),
    )
    await reader.execute("SET application_name = 'pg_dump'")
    slowest = 0.0
    async with reader.transaction():
        await reader.fetch("SELECT count(*) FROM reading")
        await asyncio.sleep(1.1)  # a transaction of less than a second isn't reported
        process = await start(package_with(tmp_path, COLUMN), migrated_database)
        waiting = asyncio.create_task(until_reported(process))
        while not waiting.done() or slowest == 0:
            began = time.monotonic()
            await requests.fetch("SELECT count(*) FROM reading")
            slowest = max(slowest, time.monotonic() - began)
            await asyncio.sleep(0.01)
        assert "Old transactions: pg_dump (process " in waiting.result()
        assert not await columns(requests)

    code, out, _ = await ended(process)

    assert (code, out.count("Applied ")) == (0, 1)
    assert await columns(requests) == ["note"]
    assert slowest < NOTICED
    await reader.close()
    await requests.close()


async def columns(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'reading'::regclass AND attname = 'note'"
    )
    return [row["attname"] for row in rows]


async def test_an_index_is_built_beside_writers_and_an_interrupted_one_anew(
    migrated_database: str, tmp_path: Path
):
    reader, writer = (
        await asyncpg.connect(migrated_database),
        await asyncpg.connect(migrated_database),
    )
    async with reader.transaction():
        await reader.fetch("SELECT count(*) FROM reading")
        await writer.execute("SET lock_timeout = '200ms'")
        with pytest.raises(asyncpg.LockNotAvailableError):  # the build waits for the reader
            await writer.execute(INDEX)
        assert await validity(writer) == [False]
        process = await start(package_with(tmp_path, INDEX), migrated_database)
        await asyncio.sleep(3)
        began = time.monotonic()
        await writer.execute("UPDATE reading SET value = value")
        assert time.monotonic() - began < NOTICED
        assert process.returncode is None

    code, out, err = await ended(process)

    assert (code, err, out.count("Applied ")) == (0, "", 1)
    assert await validity(writer) == [True]
    await reader.close()
    await writer.close()


async def validity(connection: asyncpg.Connection) -> list[bool]:
    rows = await connection.fetch(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'reading_by_note'::regclass"
    )
    return [row["indisvalid"] for row in rows]


async def test_two_operators_at_once_don_t_wait_for_each_other_for_ever(
    migrated_database: str, tmp_path: Path
):
    package = package_with(tmp_path, INDEX)
    both = await asyncio.gather(
        start(package, migrated_database), start(package, migrated_database)
    )

    ends = await asyncio.gather(*map(ended, both))

    assert [(code, err) for code, _, err in ends] == [(0, ""), (0, "")]
    assert sorted(out.count("Applied ") for _, out, _ in ends) == [0, 1]


def test_lk_migrate_check_refuses_a_migration_against_the_rules(tmp_path: Path):
    package = package_with(tmp_path, 'CREATE INDEX "i" ON "reading" ("value");')
    check = UP.replace("'up'", "'check'")
    done = subprocess.run(
        [sys.executable, "-c", check],
        env=environment(PYTHONPATH=str(package)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert "require-concurrent-index-creation" in done.stderr
    assert f"The first statement must be: {FIRST}" in done.stderr
    assert done.stderr.endswith("The rules are in docs/operations.md, Upgrades.\n")


async def test_the_project_s_own_migrations_keep_the_rules():
    assert await migrations.rule_violations() == []
