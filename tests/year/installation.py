"""The database that each seed begins with, made once a run by the commands of the README."""

import asyncio
import re
import shutil
import subprocess
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg

from lk_graphql.demo.data.requisites import TEXT as REQUISITES
from lk_graphql.demo.postgres import temporary
from tests.support.cli_process import LK, environment

from .acquirer import SECRET, SHOP

URL = "https://lk.example"
STAFF = "irina@example.com"
_INVITATION = re.compile(r"#token=(\S+)")
_ELSEWHERE = "127.0.0.1:9"
"""In the settings of commands that send nothing."""
_MEMORY, _ROOM = Path("/dev/shm"), 4 << 30


@dataclass(frozen=True)
class Template:
    """A migrated database with documents, requisites and an administrator, and nobody else."""

    server: str
    """A superuser's DSN, with the database `postgres`."""
    name: str
    invitation: str
    """Of the administrator, as `lk staff add` has printed it."""

    @property
    def role(self) -> str:
        """The role of the cabinet, which does not own the tables."""
        return f"{self.name}_app"

    async def clone(self, name: str) -> str:
        """The DSN of a new database like this."""
        await execute(self.server, [f"CREATE DATABASE {name} TEMPLATE {self.name}"])
        return dsn_of(self.server, self.role, name)

    async def drop(self, name: str) -> None:
        await execute(self.server, [f"DROP DATABASE {name} WITH (FORCE)"])


Command = Callable[..., str]
"""Runs `lk` with words and settings, and returns what it printed."""


def command(*words: str, **variables: str) -> str:
    """Run `lk` as a process. Raises `AssertionError` with what it said if it fails."""
    done = subprocess.run(
        [*LK, *words], env=environment(**variables), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def database_server() -> Generator[str]:
    """A PostgreSQL on temporary data, in memory where there is room: it makes many small files."""
    has_capacity = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    with temporary(_MEMORY if has_capacity else None) as server:
        yield server


def prepared(server: str, folder: Path, name: str = "year", run: Command = command) -> Template:
    """An installation by the production section of the README, on an empty database."""
    template = Template(server, name, "")
    owner = f"{name}_owner"
    asyncio.run(execute(server, _creation(template, owner)))
    variables = {
        f"LK_{name.upper()}": str(value)
        for name, value in configuration("", f"smtp://{_ELSEWHERE}", f"http://{_ELSEWHERE}").items()
    }

    def lk(role: str, *words: str) -> str:
        return run(*words, **variables | {"LK_DATABASE_URL": dsn_of(server, role, name)})

    lk(owner, "migrate", "up")
    lk(owner, "migrate", "grant", template.role)
    lk(template.role, "documents", "publish", str(_documents(folder)))
    requisites = folder / "supplier.toml"
    requisites.write_text(REQUISITES, "utf-8")
    lk(template.role, "supplier", "publish", str(requisites))
    person = ("--last-name", "Белова", "--first-name", "Ирина", "--patronymic", "Игоревна")
    printed = lk(template.role, "staff", "add", STAFF, "--role", "admin", *person)
    invitation = _INVITATION.search(printed)
    assert invitation, printed
    return Template(server, name, invitation[1])


def _creation(template: Template, owner: str) -> Sequence[str]:
    return (
        f"CREATE ROLE {owner} LOGIN",
        f"CREATE ROLE {template.role} LOGIN",
        # of so few rows a statement is read faster than it is planned
        f"ALTER ROLE {template.role} SET plan_cache_mode = force_generic_plan",
        f"ALTER ROLE {template.role} SET jit = off",
        f"CREATE DATABASE {template.name} OWNER {owner}",
    )


def _documents(folder: Path) -> Path:
    """Texts to consent to, in force before the year begins."""
    texts = folder / "documents"
    texts.mkdir()
    for kind, title in (("terms", "Условия"), ("personal_data", "Согласие"), ("sms", "СМС")):
        (texts / f"{kind}.2020-01-01.md").write_text(f"# {title}\n\nТекст.\n", "utf-8")
    return texts


def configuration(dsn: str, smtp: str, acquirer: str) -> dict[str, Any]:
    """The settings of production; the limits of a second don't fit a clock that stands still."""
    return {
        "database_url": dsn,
        "smtp_url": smtp,
        "secret_key": sha256(b"year").hexdigest(),
        "public_url": URL,
        "company_name": "Металлэнергофинанс",
        "acquirer_shop": SHOP,
        "acquirer_secret": SECRET,
        "acquirer_url": acquirer,
        "mails_per_second": 100_000,
        "cost_limit": 100_000_000,
        "database_connections": 4,
        "log_level": "error",
        "introspection": True,
    }


def dsn_of(server: str, role: str, name: str) -> str:
    return server.replace("//postgres@", f"//{role}@").replace("/postgres?", f"/{name}?")


async def execute(server: str, statements: Sequence[str]) -> None:
    connection = await asyncpg.connect(server)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()
