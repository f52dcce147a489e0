"""The migrations: their names, the schema they produce, and `lk migrate`."""

import socket
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree

import asyncpg
import pytest

from lk_graphql.database import migrations
from lk_graphql.demo.postgres import embedded
from tests.support.cli_process import environment, lk
from tests.support.undone_migrations import undo_migrations

ROOT = Path(__file__).parents[1]
FILES = sorted(
    (ROOT / "migrations" / "models").glob("*.py"), key=lambda file: int(file.name.split("_")[0])
)
REPLACED = "This database was made by migrations that were never released"


def test_only_the_newest_migration_carries_state():
    assert [file for file in FILES if "MODELS_STATE" in file.read_text()] == FILES[-1:]


def test_migrations_are_numbered_and_bear_the_days_of_their_making():
    numbers, times, _ = zip(*(file.stem.split("_", 2) for file in FILES), strict=True)
    assert [*map(int, numbers)] == [*range(len(FILES))]
    dates = [datetime.strptime(time, "%Y%m%d%H%M%S") for time in times]  # noqa: DTZ007 - aerich's
    assert dates == sorted(set(dates))
    assert dates[-1] < datetime.now() + timedelta(days=1)  # noqa: DTZ005 - aerich writes local time


def test_migrations_create_the_tables_of_the_models():
    process = lk("migrate", "check")
    assert (process.returncode, process.stdout) == (0, "Models and migrations agree.\n")


CHANGES = """
import asyncio, sys
from lk_graphql.database import migrations

print(migrations.__file__)
print(asyncio.run(migrations.model_changes(sys.argv[1])))
"""
WRITE = """
import asyncio, sys
from lk_graphql.database import migrations

async def main(dsn):
    print(await migrations.new_migration(dsn, "nicknames"))
    print(await migrations.pending(dsn), await migrations.migrate(dsn))
    print(await migrations.downgrade(dsn))

asyncio.run(main(sys.argv[1]))
"""


def run(script: str, dsn: str, site: Path) -> list[str]:
    """Run `script` with the copy of the package in `site`; return its output lines."""
    process = subprocess.run(
        [sys.executable, "-c", script, dsn],
        env=environment(PYTHONPATH=str(site)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (process.returncode, process.stderr) == (0, "")
    return process.stdout.splitlines()


def test_a_changed_model_becomes_a_migration(unmigrated_database: str, tmp_path: Path):
    """The models' state moves from the older migration to a file of its own."""
    package = copytree(ROOT / "src" / "lk_graphql", tmp_path / "lk_graphql")
    folder = copytree(ROOT / "migrations", package / "_data" / "migrations") / "models"
    model = package / "identity" / "models.py"
    field = "    first_name = fields.CharField("
    before, _, after = model.read_text().partition(field)
    model.write_text(f"{before}    nickname = fields.CharField(40, null=True)\n{field}{after}")
    assert lk("migrate", "up", LK_DATABASE_URL=unmigrated_database).returncode == 0

    module, change = run(CHANGES, unmigrated_database, tmp_path)
    assert Path(module) == package / "database" / "migrations.py"
    assert change == 'ALTER TABLE "user" ADD "nickname" VARCHAR(40);'

    name, applied, reverted = run(WRITE, unmigrated_database, tmp_path)
    assert name.startswith(f"{len(FILES)}_")
    assert name.endswith("_nicknames.py")
    assert (applied, reverted) == (f"['{name}'] ['{name}']", f"['{name}']")
    newest = (folder / name).read_text()
    assert newest.endswith(
        'MODELS_STATE = Path(__file__).with_name("models_state.txt").read_text("ascii")\n'
    )
    assert [file.name for file in folder.glob("*.py") if "MODELS_STATE" in file.read_text()] == [
        name
    ]
    assert max(map(len, (folder / "models_state.txt").read_text().splitlines())) < 100


async def create_unreleased(dsn: str) -> None:
    """Create the table of migrations with the first unreleased migration."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "CREATE TABLE aerich (id serial PRIMARY KEY, version varchar, app varchar, content jsonb)"
    )
    await connection.execute(
        "INSERT INTO aerich (version, app, content) VALUES ($1, 'models', '{}')",
        migrations.UNRELEASED,
    )
    await connection.close()


@pytest.mark.parametrize(
    "arguments",
    [("migrate", "up"), ("migrate", "down", "--yes"), ("migrate", "status"), ("serve",)],
)
async def test_a_database_of_unreleased_migrations_is_recognised(
    unmigrated_database: str, arguments: tuple[str, ...]
):
    await create_unreleased(unmigrated_database)
    process = lk(
        *arguments,
        LK_DATABASE_URL=unmigrated_database,
        LK_SMTP_URL="smtp://127.0.0.1:1",
        LK_SECRET_KEY="k" * 32,
        LK_PUBLIC_URL="https://lk.example.com",
    )
    assert (process.returncode, process.stdout) == (1, "")
    assert process.stderr.startswith(REPLACED)
    assert "make demo RESET=1" in process.stderr


async def test_a_demo_of_unreleased_migrations_is_recognised(server_folder: Path):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with embedded(server_folder / ".lk" / "postgres", durable=False) as dsn:
        await create_unreleased(dsn)
    process = lk("demo", folder=server_folder, LK_PORT=str(port))
    assert (process.returncode, process.stdout) == (1, "")
    assert process.stderr.startswith(REPLACED)


async def test_the_first_migration_can_t_be_undone(unmigrated_database: str):
    assert lk("migrate", "up", LK_DATABASE_URL=unmigrated_database).returncode == 0
    undo_migrations(unmigrated_database, FILES[2].name)
    done = lk("migrate", "down", "--yes", LK_DATABASE_URL=unmigrated_database)
    assert done.returncode == 0
    done = lk("migrate", "down", "--yes", LK_DATABASE_URL=unmigrated_database)
    assert done.returncode == 1
    assert done.stderr.startswith("The initial migration can't be undone")
    pending = await migrations.pending(unmigrated_database)
    assert pending == [file.name for file in FILES[1:]]


def test_without_a_migration_there_is_nothing_to_undo(unmigrated_database: str):
    process = lk("migrate", "down", "--yes", LK_DATABASE_URL=unmigrated_database)
    assert (process.returncode, process.stderr) == (1, "No specified version found\n")
