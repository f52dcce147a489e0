"""The command `lk`, as a process."""

import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import asyncpg
import pytest
from asyncpg.types import ServerVersion

from lk_graphql.cli.database import require_reachable
from lk_graphql.database import migrations
from lk_graphql.kit.errors import CommandError
from tests.support.cli_process import LK, environment, lk


def test_help_names_every_command_and_imports_no_framework():
    output = subprocess.check_output([*LK, "--help"], env=environment(COLUMNS="120"), text=True)
    commands = {"demo", "serve", "worker", "settings", "migrate", "documents", "schema", "jobs"}
    for command in commands | {"user"}:
        assert f"│ {command} " in output
    program = "import sys, lk_graphql.cli; print({'tortoise', 'strawberry'} & {*sys.modules})"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "set()\n"


def test_the_version_is_the_packages():
    done = lk("--version")
    assert (done.returncode, done.stdout) == (0, f"lk_graphql {version('lk-graphql')}\n")


def test_settings_are_printed_without_secrets():
    done = lk("settings", LK_SECRET_KEY="hunter2" * 5, LK_PORT="8080")
    assert done.returncode == 0
    assert "hunter2" not in done.stdout
    (port,) = [line.split()[:3] for line in done.stdout.splitlines() if "LK_PORT" in line]
    assert port == ["LK_PORT", "8080", "8000"]


def test_an_invalid_setting_has_a_message():
    done = lk("settings", LK_PORT="eighty")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("LK_PORT: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("migrate", "up"), ("migrate", "status"), ("jobs", "dead")])
def test_a_command_without_its_database_names_the_setting(words: tuple[str, ...]):
    done = lk(*words)
    assert done.returncode == 1
    assert done.stderr.startswith("LK_DATABASE_URL is not set.")
    assert "export LK_DATABASE_URL=postgresql://" in done.stderr


def test_an_unavailable_database_is_reported_without_its_password():
    done = lk("jobs", "dead", LK_DATABASE_URL="postgresql://lk:hunter2@127.0.0.1:1/lk")
    assert done.returncode == 1
    assert done.stderr.startswith("PostgreSQL doesn't answer at LK_DATABASE_URL: ")
    assert "hunter2" not in done.stderr


async def test_a_postgresql_that_is_too_old_is_refused(dsn: str, monkeypatch: pytest.MonkeyPatch):
    def old(_: asyncpg.Connection) -> ServerVersion:
        return ServerVersion(15, 14, 0, "final", 0)

    monkeypatch.setattr("asyncpg.Connection.get_server_version", old)

    with pytest.raises(CommandError) as refused:
        await require_reachable(dsn)

    assert str(refused.value) == (
        "LK_DATABASE_URL leads to PostgreSQL 15, which is too old: 16 or newer is needed."
    )


def test_migrations_are_up_to_date_in_a_migrated_database(dsn: str):
    done = lk("migrate", "status", LK_DATABASE_URL=dsn)
    assert (done.returncode, done.stdout) == (0, "The database is up to date.\n")


async def test_pending_migrations_are_named_with_the_command(server: str):
    done = lk("migrate", "status", LK_DATABASE_URL=server)
    first = (await migrations.pending(server))[0]
    assert done.returncode == 1
    assert done.stderr.startswith(f"The database lacks migrations ({first}")
    assert done.stderr.endswith("Run: lk migrate up\n")


def test_jobs_are_counted(database: str):
    done = lk("jobs", "count", LK_DATABASE_URL=database)
    assert done.returncode == 0
    assert done.stdout.split() == ["Job", "Waiting", "Running", "Dead"]


def test_retrying_a_job_that_isn_t_dead_is_refused(database: str):
    done = lk("jobs", "retry", "1", LK_DATABASE_URL=database)
    assert done.returncode == 1
    assert done.stderr == "Only 0 of them were dead and will run again. See: lk jobs dead\n"


PERSON = (
    *("--last-name", "Мамин-Сибиряк", "--first-name", "Анна", "--patronymic", ""),
    *("--phone", "8 913 123-45-67"),
)


async def test_a_login_is_made_locked_and_unlocked(database: str):
    def user(*words: str) -> str:
        done = lk("user", *words, LK_DATABASE_URL=database)
        return done.stdout or done.stderr

    create = ("create", "anna@example.com", *PERSON, "--password")
    assert user(*create, "Horsebattery") == "password: A password needs a digit.\n"
    assert user(*create, "Horse7battery") == "anna@example.com can sign in.\n"
    user("lock", "anna@example.com")
    connection = await asyncpg.connect(database)
    evening = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)  # already tomorrow in Novokuznetsk
    await connection.execute('UPDATE "user" SET created_at = $1, locked_at = $1', evening)
    await connection.close()
    listed = user("list", "anna")
    assert "Мамин-Сибиряк Анна" in listed
    assert "2026-11-23" in listed
    assert "locked since 2026-11-23" in listed
    assert user("unlock", "anna@example.com") == "anna@example.com can sign in.\n"
    assert user("lock", "boris@example.com").startswith("There is no login boris@example.com.")


def test_a_company_publishes_its_own_documents(database: str, tmp_path: Path):
    def run(*words: str) -> str:
        done = lk(*words, LK_DATABASE_URL=database)
        assert (done.returncode == 0) == (not done.stderr)
        return done.stdout or done.stderr

    def listed() -> list[tuple[str, ...]]:
        return [tuple(line.split()[:3]) for line in run("documents", "list").splitlines()[1:]]

    publish = ("documents", "publish", str(tmp_path))
    assert run(*publish).startswith("There is no *.md in ")
    old = tmp_path / "terms.2026-01-31.md"
    old.write_text("# Условия\n\nБудьте добры.\n")
    (tmp_path / "terms.2026-03-01.md").write_text("# Условия\n\nБудьте здоровы.\n")
    (tmp_path / "personal_data.2999-12-31.md").write_text("# Согласие\n")
    assert run(*publish) == "Published 3 of 3. See: lk documents list\n"
    assert listed() == [
        ("personal_data", "2999-12-31", "in"),  # future
        ("terms", "2026-03-01", "current"),
        ("terms", "2026-01-31", "superseded"),
    ]
    old.write_text("# Условия\n\nБудьте злы.\n")
    (tmp_path / "terms.2026-02-01.md").write_text("# Условия\n")
    assert run(*publish).startswith("terms 2026-01-31 is published with another text")
    assert len(listed()) == 3


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("offer.2026-01-31.md", "# Оферта", "there is no kind 'offer'."),
        ("terms.md", "# Условия", "'' is not a day such as 2026-01-31."),
        ("terms.2026-02-30.md", "# Условия", "'2026-02-30' is not a day such as 2026-01-31."),
        ("terms.2026-01-31.md", "", "the first line must be a title."),
    ],
)
def test_a_document_that_is_named_wrongly_is_refused(
    database: str, tmp_path: Path, name: str, text: str, complaint: str
):
    (tmp_path / name).write_text(text)
    done = lk("documents", "publish", str(tmp_path), LK_DATABASE_URL=database)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == f"{name}: {complaint}"


def test_a_document_in_another_encoding_is_refused(database: str, tmp_path: Path):
    (tmp_path / "terms.2026-01-31.md").write_bytes("# Условия".encode("cp1251"))
    done = lk("documents", "publish", str(tmp_path), LK_DATABASE_URL=database)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "terms.2026-01-31.md: not a text in UTF-8."


def test_production_doesn_t_start_without_the_documents_of_registration(
    database: str, tmp_path: Path
):
    production = {
        "LK_DATABASE_URL": database,
        "LK_SMTP_URL": "smtp://127.0.0.1:1",
        "LK_SECRET_KEY": "k" * 32,
        "LK_PUBLIC_URL": "https://lk.example.com",
    }
    (tmp_path / "terms.2026-01-31.md").write_text("# Условия\n")
    (tmp_path / "personal_data.2999-12-31.md").write_text("# Согласие\n")
    lk("documents", "publish", str(tmp_path), LK_DATABASE_URL=database)
    done = lk("serve", **production)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "There is no current version of personal_data, which registration requires."
        " Publish one: lk documents publish FOLDER\n"
    )


def test_the_schema_s_difference_is_printed(tmp_path: Path):
    (tmp_path / "old.graphql").write_text("type Query { nothing: Int }\n")
    done = lk("schema", "check", str(tmp_path / "old.graphql"))
    assert done.returncode == 1
    assert "-type Query { nothing: Int }" in done.stdout
    assert done.stderr.endswith("is out of date: run lk schema write, and read the diff.\n")
    lk("schema", "write", str(tmp_path / "old.graphql"))
    assert lk("schema", "check", str(tmp_path / "old.graphql")).returncode == 0
