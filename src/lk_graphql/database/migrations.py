"""Application, creation and checks of migrations.

Migrations are applied while servers run. If a migration doesn't get a lock within its
`lock_timeout`, it is tried again later, so that no request waits behind it (docs/decisions/0252).
"""

import asyncio
import importlib.util
import re
import shutil
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import asyncpg
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from lk_graphql.database import APP, migration_rules, tortoise_config
from lk_graphql.database.connections import connect
from lk_graphql.kit.bundled import bundled_folder
from lk_graphql.kit.errors import CommandError, Unavailable

if TYPE_CHECKING:
    from aerich import Command

MIGRATIONS = bundled_folder("migrations")
MIGRATION_LOCK = 0x6C6B  # "lk", the key of the advisory lock
UNRELEASED = "0_20261122000000_init.py"
"""The first of the 42 migrations that one migration replaced before the first release."""

STATE_FILE = "models_state.txt"
_STATE = f'\n\nMODELS_STATE = Path(__file__).with_name("{STATE_FILE}").read_text("ascii")\n'
_IMPORT = "from pathlib import Path\n\n"
_SQL = 'return """\n        '

_TRIES = 60
_LONGEST_PAUSE = 10.0
"""Seconds. In all its tries together, a migration waits for ten minutes."""
_LOCKED = (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError)
_CONCURRENT_INDEX = re.compile(r'CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS "?(\w+)"?')

_INVALID = """
SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE NOT indisvalid AND relname = ANY($1) AND relnamespace = current_schema()::regnamespace"""

_IS_HIDDEN = """
SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'aerich' AND relnamespace = schema.oid)
    AND NOT has_schema_privilege(schema.oid, 'USAGE')
FROM (SELECT to_regnamespace('public')::oid AS oid) schema"""

_OLD_TRANSACTIONS = """
SELECT format('%s (process %s, since %s s)', coalesce(nullif(application_name, ''), usename), pid,
    extract(epoch FROM now() - xact_start)::int)
FROM pg_stat_activity
WHERE xact_start < now() - interval '1 second' AND datname = current_database()
    AND pid <> pg_backend_pid()
ORDER BY xact_start LIMIT 5"""

_FITNESS = r"""
SELECT lower('ЁЩI') = 'ёщi' AND upper('ёщi') = 'ЁЩI' AND 'ё' ~ '^[[:alpha:]]$' AS knows_letters,
    datcollate || '/' || datctype AS locale, current_user AS role, datname AS name,
    (SELECT rolname FROM pg_roles WHERE oid = datdba AND NOT rolsuper) AS owner,
    EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS has_trigrams,
    has_schema_privilege(current_schema(), 'CREATE') AND (
        has_database_privilege(current_database(), 'CREATE')
        OR EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm')) AS may_create
FROM pg_database WHERE datname = current_database()
"""
_CREATE_DATABASE = (
    "Create another one: CREATE DATABASE lk TEMPLATE template0 ENCODING 'UTF8'"
    " LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'ru'"
)


def _ignore(_: str) -> None:
    return


async def migrate(dsn: str, *, report: Callable[[str], None] = _ignore) -> list[str]:
    """Apply the pending migrations, one process at a time, and return their names.

    After each failed try, `report` is called with the transactions that may hold the lock. Raises
    `CommandError` for a database that can't be migrated, and for a lock that isn't free within ten
    minutes.
    """
    await _require_fit_database(dsn)
    async with _aerich(dsn) as command:
        names, waiting_for = await pending(dsn), ""
        for number in range(_TRIES):
            try:
                await _drop_interrupted_indexes(dsn, names)
                await command.upgrade()
            except (Unavailable, OperationalError) as error:
                if not isinstance(error.__cause__, _LOCKED):
                    raise
                waiting_for = await _old_transactions(dsn)
                report(f"A table is in use; trying again. Old transactions: {waiting_for}")
                await asyncio.sleep(min(1.0 + number, _LONGEST_PAUSE))
            else:
                return names
    raise CommandError(
        f"A table was in use for ten minutes, by one of these transactions: {waiting_for}."
        " Applied migrations stay applied. End the transactions, and run: lk migrate up"
    )


async def _drop_interrupted_indexes(dsn: str, names: list[str]) -> None:
    """Drop the invalid indexes that an earlier, interrupted try has left behind.

    IF NOT EXISTS would mistake an invalid index for the one to build.
    """
    texts = [(MIGRATIONS / APP / name).read_text("utf-8") for name in names]
    indexes = [index for text in texts for index in _CONCURRENT_INDEX.findall(text)]
    if not indexes:
        return
    connection = await connect(dsn)
    try:
        for row in await connection.fetch(_INVALID, indexes):
            await connection.execute(f'DROP INDEX CONCURRENTLY "{row["relname"]}"')
    finally:
        await connection.close()


async def _old_transactions(dsn: str) -> str:
    connection = await connect(dsn)
    try:
        rows = await connection.fetch(_OLD_TRANSACTIONS)
    finally:
        await connection.close()
    return ", ".join(row[0] for row in rows) or "none"


async def downgrade(dsn: str) -> list[str]:
    """Revert the newest migration and return its name."""
    async with _aerich(dsn) as command:
        return await command.downgrade(version=-1, delete=False)


async def _require_fit_database(dsn: str) -> None:
    connection = await connect(dsn)
    try:
        if (encoding := connection.get_settings().server_encoding) != "UTF8":
            raise CommandError(f"The database has the encoding {encoding}. {_CREATE_DATABASE}")
        (row,) = await connection.fetch(_FITNESS)
    finally:
        await connection.close()
    if not row["knows_letters"]:
        raise CommandError(
            f"The database's locale ({row['locale']}) doesn't support Russian letters: lower('Ё')"
            f" isn't 'ё', or the case of Latin letters is unusual. {_CREATE_DATABASE}"
        )
    if not row["has_trigrams"]:
        raise CommandError(
            "PostgreSQL's extension pg_trgm isn't installed on the server. It is part of the"
            " package postgresql-contrib."
        )
    if not row["may_create"]:
        advice = (
            f"Run lk migrate up as {row['owner']}, who owns the database: put this role into"
            " LK_DATABASE_URL, and into LK_DIRECT_DATABASE_URL if it is set"
            if row["owner"]
            else "Run lk migrate up as the database's owner:"
            f' ALTER DATABASE "{row["name"]}" OWNER TO "{row["role"]}"'
        )
        raise CommandError(
            f"The role {row['role']} may create no tables or extensions here. {advice}"
        )


async def pending(dsn: str) -> list[str]:
    """Names of the migrations to apply, oldest first.

    Raises `CommandError` without migration files, and for a database with unreleased ones.
    """
    connection = await connect(dsn)
    try:
        applied = await _applied(connection)
    finally:
        await connection.close()
    return [file.name for file in _migrations(MIGRATIONS) if file.name not in applied]


async def new_migration(dsn: str, name: str) -> str:
    """Write a migration for the changes of the models; "" without changes."""
    async with _aerich(dsn) as command:
        written = await command.migrate(name, no_input=True)
    if written:
        _move_state(MIGRATIONS, written)
    return written


async def model_changes(dsn: str) -> str:
    """The SQL from the migrations' schema to the models' schema; "" if they are equal.

    Aerich writes its migration into a temporary copy of the folder. Call this function only once
    per process, because aerich's next migration would repeat the changes.
    """
    from aerich.migrate import Migrate  # noqa: PLC0415 - optional, see `_aerich`

    with TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(MIGRATIONS, folder, dirs_exist_ok=True))
        async with _aerich(dsn, copy) as command:
            await command.init(offline=True)
            if not (written := await command.migrate(no_input=True, offline=True)):
                return ""
            migration = Migrate.get_migration_info_for_file(written)
            return (await migration.upgrade(get_connection("default"))).strip()


async def rule_violations(folder: Path = MIGRATIONS) -> list[str]:
    """The violations of the rules by migrations, a text for each."""
    texts: list[str] = []
    for file in _migrations(folder):
        if _number(file) >= migration_rules.FIRST_NUMBER:
            module = _module(file)
            sql: str = await module.upgrade(None)
            is_in_transaction: bool = getattr(module, "RUN_IN_TRANSACTION", True)
            violations = migration_rules.violations(sql, in_transaction=is_in_transaction)
            texts += (f"{file.name}: {violation}" for violation in violations)
    return texts


def _number(file: Path) -> int:
    return int(file.name.partition("_")[0])


def _module(file: Path) -> Any:
    """Import a migration by its path."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ImportError(str(file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@asynccontextmanager
async def _aerich(dsn: str, folder: Path = MIGRATIONS) -> AsyncGenerator["Command"]:
    """Aerich's command for this database, under a lock against other processes.

    Raises `CommandError` as `pending` does.
    """
    # Deferred, because `lk serve` imports this module for `pending` without aerich.
    from aerich import Command  # noqa: PLC0415

    _migrations(folder)
    lock = await connect(dsn)
    try:
        # polled, because a statement that waits for the lock is in a transaction, and CREATE INDEX
        # CONCURRENTLY would wait for the end of this transaction
        while not await lock.fetchval("SELECT pg_try_advisory_lock($1)", MIGRATION_LOCK):  # noqa: ASYNC110
            await asyncio.sleep(0.5)
        await _applied(lock)
        config = tortoise_config(dsn)
        await Tortoise.init(config=config)
        command = Command(config, app=APP, location=str(folder))
        await command.init()
        yield command
    finally:
        await Tortoise.close_connections()
        await lock.close()


def _migrations(folder: Path) -> list[Path]:
    """The migration files, oldest first. Raises `CommandError` without any."""
    files = sorted((folder / APP).glob("[0-9]*_*.py"), key=_number)
    if not files:
        raise CommandError(
            f"There are no migrations in {folder / APP}: the installation is incomplete."
            " Install lk-graphql again."
        )
    return files


async def _applied(connection: asyncpg.Connection) -> set[str]:
    """Names of the applied migrations. Raises `CommandError` for unreleased ones.

    For a role that may not use the schema, the table doesn't seem to exist, unless the schema is
    named: then PostgreSQL refuses the statement.
    """
    table = await connection.fetchval("SELECT to_regclass('aerich')")
    if table is None and await connection.fetchval(_IS_HIDDEN):
        await connection.execute("SELECT FROM public.aerich")
    rows = await connection.fetch("SELECT version FROM aerich") if table else []
    applied = {row["version"] for row in rows}
    if UNRELEASED in applied:
        raise CommandError(
            "This database was made by migrations that were never released. One migration has"
            " replaced them, and can't continue them. For the demo's database, run:"
            " make demo RESET=1 (lk demo --reset). Drop any other database, create an empty one,"
            " and run: lk migrate up"
        )
    return applied


def _move_state(folder: Path, name: str) -> None:
    """Move the models' state of the newest migration to `STATE_FILE`; remove it from older ones."""
    *older, newest = _migrations(folder)
    if newest.name != name:
        raise RuntimeError(f"{name} is not the newest migration, {newest.name} is")
    code, _, state = newest.read_text("utf-8").partition("\n\nMODELS_STATE = ")
    newest.with_name(STATE_FILE).write_text("\n".join(re.findall(r'"(.+)"', state)) + "\n", "ascii")
    code = code.replace(_SQL, f"{_SQL}{migration_rules.LOCK_TIMEOUT}\n        ", 1)
    newest.write_text(_IMPORT + code + _STATE, "utf-8")
    for file in older:
        code = file.read_text("utf-8").replace(_STATE, "")
        file.write_text(code if "Path(" in code else code.replace(_IMPORT, ""), "utf-8")
