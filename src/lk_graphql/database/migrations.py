"""Apply, write and check migrations; grant a role its rights."""

import re
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import asyncpg
from tortoise import Tortoise
from tortoise.connection import get_connection

from lk_graphql.database import APP, tortoise_config
from lk_graphql.kit.bundled import bundled
from lk_graphql.kit.errors import CommandError

if TYPE_CHECKING:
    from aerich import Command

MIGRATIONS = bundled("migrations")


MIGRATION_LOCK = 0x6C6B  # "lk": one process migrates, the others wait


UNRELEASED = "0_20261122000000_init.py"
"""The first of 42 migrations that were replaced by one before the first release."""


async def migrate(dsn: str) -> list[str]:
    """Apply what is missing and name it. Safe to call from several processes at once."""
    async with _aerich(dsn) as command:
        return await command.upgrade()


async def downgrade(dsn: str) -> list[str]:
    """Undo the newest migration and name it."""
    async with _aerich(dsn) as command:
        return await command.downgrade(version=-1, delete=False)


async def pending(dsn: str) -> list[str]:
    """The migrations that this database still lacks, oldest first.

    Raises `CommandError` when there are no migrations, or the database has unreleased ones.
    """
    connection = await asyncpg.connect(dsn)
    try:
        applied = await _applied(connection)
    finally:
        await connection.close()
    return [file.name for file in _migrations(MIGRATIONS) if file.name not in applied]


async def new_migration(dsn: str, name: str) -> str:
    """Write a migration from the models' difference to the newest one; "" without any."""
    async with _aerich(dsn) as command:
        written = await command.migrate(name, no_input=True)
    if written:
        _move_state(MIGRATIONS, written)
    return written


async def model_changes(dsn: str) -> str:
    """The SQL that turns what the migrations make into what the models declare; "" if equal.

    The migration that aerich writes for it goes into a temporary copy of the migrations. To be
    called once in a process: aerich's next migration would repeat it.
    """
    from aerich.migrate import Migrate  # noqa: PLC0415 - no server needs it

    with TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(MIGRATIONS, folder, dirs_exist_ok=True))
        async with _aerich(dsn, copy) as command:
            await command.init(offline=True)
            if not (written := await command.migrate(no_input=True, offline=True)):
                return ""
            migration = Migrate.get_migration_info_for_file(written)
            return (await migration.upgrade(get_connection("default"))).strip()


@asynccontextmanager
async def _aerich(dsn: str, folder: Path = MIGRATIONS) -> AsyncGenerator["Command"]:
    """Aerich over this database, alone: a lock keeps other processes waiting.

    Raises `CommandError` as `pending` does.
    """
    from aerich import Command  # noqa: PLC0415 - no server needs it

    _migrations(folder)
    guard = await asyncpg.connect(dsn)
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)
        await _applied(guard)
        config = tortoise_config(dsn)
        await Tortoise.init(config=config)
        command = Command(config, app=APP, location=str(folder))
        await command.init()
        yield command
    finally:
        await Tortoise.close_connections()
        await guard.close()


def _migrations(folder: Path) -> list[Path]:
    """The files of the migrations, oldest first. Raises `CommandError` when there are none."""
    files = sorted(
        (folder / APP).glob("[0-9]*_*.py"), key=lambda file: int(file.name.partition("_")[0])
    )
    if not files:
        raise CommandError(
            f"There are no migrations in {folder / APP}: the installation is incomplete."
            " Install lk-graphql again."
        )
    return files


async def _applied(connection: asyncpg.Connection) -> set[str]:
    """Names of the applied migrations. Raises `CommandError` for those that no release carried."""
    known = await connection.fetchval("SELECT to_regclass('aerich')")
    rows = await connection.fetch("SELECT version FROM aerich") if known else []
    applied = {row["version"] for row in rows}
    if UNRELEASED in applied:
        raise CommandError(
            "This database was made by migrations that no release carried; they have been replaced"
            " by one, which can't continue them. The demo's database: make demo RESET=1"
            " (lk demo --reset) makes a new one. Any other: drop it, create an empty one,"
            " and run: lk migrate up"
        )
    return applied


STATE_FILE = "models_state.txt"


_STATE = f'\n\nMODELS_STATE = Path(__file__).with_name("{STATE_FILE}").read_text("ascii")\n'


_IMPORT = "from pathlib import Path\n\n"


def _move_state(folder: Path, name: str) -> None:
    """Put the models' state, which only the newest migration needs, from it into `STATE_FILE`."""
    *older, newest = _migrations(folder)
    if newest.name != name:
        raise RuntimeError(f"{name} is not the newest migration, {newest.name} is")
    code, _, state = newest.read_text("utf-8").partition("\n\nMODELS_STATE = ")
    newest.with_name(STATE_FILE).write_text("\n".join(re.findall(r'"(.+)"', state)) + "\n", "ascii")
    newest.write_text(_IMPORT + code + _STATE, "utf-8")
    for file in older:
        code = file.read_text("utf-8").replace(_STATE, "")
        file.write_text(code if "Path(" in code else code.replace(_IMPORT, ""), "utf-8")


_APPEND_ONLY = """
SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE tgname = 'append_only' AND relnamespace = current_schema()::regnamespace"""


async def grants(connection: asyncpg.Connection, role: str) -> str:
    """What gives a role all that the application needs, and not the rewriting of its books.

    The role owns nothing, so it can switch off no trigger. To be run again after migrations.
    """
    name = f'"{role.replace(chr(34), chr(34) * 2)}"'
    books = ", ".join(f'"{row["relname"]}"' for row in await connection.fetch(_APPEND_ONLY))
    return f"""
        GRANT USAGE ON SCHEMA public TO {name};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};
        GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name};
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {name};
        REVOKE UPDATE, DELETE ON {books} FROM {name};"""


async def grant(dsn: str, role: str) -> None:
    """Give an existing role its rights. Raises `asyncpg.UndefinedObjectError` if there is none."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(await grants(connection, role))
    finally:
        await connection.close()
