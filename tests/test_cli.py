"""The command `lk`, as a person meets it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lk_graphql import database as tables
from lk_graphql.settings import PREFIX

LK = [sys.executable, "-m", "lk_graphql"]


def lk(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `lk` in an environment without settings but the given ones."""
    environment = {name: value for name, value in os.environ.items() if PREFIX not in name}
    return subprocess.run(
        [*LK, *words],
        env=environment | {"COLUMNS": "120"} | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_command_and_imports_no_framework():
    done = lk("--help")
    assert done.returncode == 0
    for command in ("demo", "serve", "worker", "settings", "migrate", "schema", "jobs", "user"):
        assert f"│ {command} " in done.stdout
    loaded = "import sys, lk_graphql.cli; print({'tortoise', 'strawberry'} & {*sys.modules})"
    assert subprocess.check_output([sys.executable, "-c", loaded], text=True) == "set()\n"


def test_settings_are_shown_without_secrets():
    done = lk("settings", LK_SECRET_KEY="hunter2" * 5, LK_PORT="8080")
    assert done.returncode == 0
    assert "hunter2" not in done.stdout
    (port,) = [line.split()[:3] for line in done.stdout.splitlines() if "LK_PORT" in line]
    assert port == ["LK_PORT", "8080", "8000"]


def test_a_wrong_setting_is_told_in_a_sentence():
    done = lk("settings", LK_PORT="eighty")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("LK_PORT: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("migrate", "up"), ("migrate", "status"), ("jobs", "dead")])
def test_a_command_without_its_database_says_how_to_name_one(words: tuple[str, ...]):
    done = lk(*words)
    assert done.returncode == 1
    assert done.stderr.startswith("LK_DATABASE_URL is not set.")
    assert "export LK_DATABASE_URL=postgresql://" in done.stderr


def test_a_database_that_is_away_is_told_without_its_password():
    done = lk("jobs", "dead", LK_DATABASE_URL="postgresql://lk:hunter2@127.0.0.1:1/lk")
    assert done.returncode == 1
    assert done.stderr.startswith("PostgreSQL doesn't answer at LK_DATABASE_URL: ")
    assert "hunter2" not in done.stderr


def test_migrations_are_up_to_date_in_a_migrated_database(dsn: str):
    done = lk("migrate", "status", LK_DATABASE_URL=dsn)
    assert (done.returncode, done.stdout) == (0, "The database is up to date.\n")


async def test_migrations_are_named_in_an_empty_database(server: str):
    done = lk("migrate", "status", LK_DATABASE_URL=server)
    first = (await tables.missing(server))[0]
    assert done.returncode == 1
    assert done.stderr.startswith(f"The database lacks migrations ({first}")
    assert done.stderr.endswith("Run: lk migrate up\n")


def test_jobs_are_counted(database: str):
    done = lk("jobs", "count", LK_DATABASE_URL=database)
    assert done.returncode == 0
    assert done.stdout.split() == ["Job", "Waiting", "Running", "Dead"]


def test_retrying_a_job_that_isn_t_dead_says_so(database: str):
    done = lk("jobs", "retry", "1", LK_DATABASE_URL=database)
    assert done.returncode == 1
    assert done.stderr == "Only 0 of them were dead and will run again. Look: lk jobs dead\n"


PERSON = (
    *("--last-name", "Мамин-Сибиряк", "--first-name", "Анна", "--patronymic", ""),
    *("--phone", "8 913 123-45-67"),
)


def test_a_login_is_made_locked_and_unlocked(database: str):
    def user(*words: str) -> str:
        done = lk("user", *words, LK_DATABASE_URL=database)
        return done.stdout or done.stderr

    create = ("create", "anna@example.com", *PERSON, "--password")
    assert user(*create, "Horsebattery") == "password: A password needs a digit.\n"
    assert user(*create, "Horse7battery") == "anna@example.com can sign in.\n"
    user("lock", "anna@example.com")
    listed = user("list", "anna")
    assert "Мамин-Сибиряк Анна" in listed
    assert "locked since" in listed
    assert user("unlock", "anna@example.com") == "anna@example.com can sign in.\n"
    assert user("lock", "boris@example.com").startswith("Nobody has registered as boris@")


def test_the_schema_s_difference_is_shown(tmp_path: Path):
    (tmp_path / "old.graphql").write_text("type Query { nothing: Int }\n")
    done = lk("schema", "check", str(tmp_path / "old.graphql"))
    assert done.returncode == 1
    assert "-type Query { nothing: Int }" in done.stdout
    assert done.stderr.endswith("lk schema write, and read the diff.\n")
    lk("schema", "write", str(tmp_path / "old.graphql"))
    assert lk("schema", "check", str(tmp_path / "old.graphql")).returncode == 0
