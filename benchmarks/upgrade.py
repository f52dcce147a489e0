"""An upgrade under load: old and new code side by side, while a long read transaction is open.

    python -m benchmarks.upgrade [--accounts 2000]

The new version is a copy of the package with three more migrations on the busiest table: a column
with a constraint that isn't validated yet, its validation, an index. It is migrated while two
processes of the old one answer dashboards and changes; then the processes are replaced one after
the other. Writes benchmarks/operations.md.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import asyncpg
import httpx
import typer

from benchmarks import processes
from benchmarks.operations_page import conditions, replace_section
from lk_graphql.database.migration_rules import LOCK_TIMEOUT
from lk_graphql.demo.postgres import temporary

ROOT = Path(__file__).parents[1]
PORTS = (8387, 8388)
CLIENTS = 4
TRIES = 5
"""Tries of the migration, for whose length the transaction is open."""
PASSWORD = "Demo12345"
SIGN_IN = """mutation ($email: String!, $password: String!) { sessionCreate(input: {
  email: $email, password: $password, delivery: BEARER }) { token } }"""
DASHBOARD = """{ viewer { accounts { id number balance { amountDue }
  invoices { period total } meters { registers { readings(last: 3) { nodes { value } } } }
} } }"""
RENAME = """mutation ($input: AccountRenameInput!) { accountRename(input: $input) {
  errors { code } } }"""
MIGRATIONS = (
    f"""{LOCK_TIMEOUT}
        ALTER TABLE "reading" ADD "note" VARCHAR(200);
        ALTER TABLE "reading" ADD CONSTRAINT "note_is_not_blank" CHECK (note <> '') NOT VALID;""",
    f"""{LOCK_TIMEOUT}
        ALTER TABLE "reading" VALIDATE CONSTRAINT "note_is_not_blank";""",
    """CREATE INDEX CONCURRENTLY IF NOT EXISTS "reading_with_note" ON "reading" ("taken_on")
        WHERE note IS NOT NULL;""",
)


@dataclass
class Traffic:
    """Answers to the clients: the end of each request, its seconds, and failures."""

    answered: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    failed: list[str] = field(default_factory=list[str])
    ports: list[int] = field(default_factory=lambda: list(PORTS))
    """Where the balancer sends requests now."""
    stopped: bool = False

    def between(self, start: float, end: float) -> list[float]:
        return sorted(seconds for at, seconds in self.answered if start <= at <= end)


@contextmanager
def new_version(folder: Path) -> Generator[Path]:
    """A copy of the package with more migrations."""
    package = copytree(ROOT / "src" / "lk_graphql", folder / "lk_graphql")
    models = copytree(ROOT / "migrations", package / "_data" / "migrations") / "models"
    number = 1 + max(int(file.name.split("_")[0]) for file in models.glob("*_*.py"))
    for position, sql in enumerate(MIGRATIONS):
        name = f"{number + position}_2027010100000{position}_upgrade.py"
        (models / name).write_text(
            f"RUN_IN_TRANSACTION = {'CONCURRENTLY' not in sql}\n\n\nasync def upgrade(db):\n"
            f'    return """\n        {sql}"""\n'
        )
    yield folder


def environment(dsn: str, port: int, package: Path) -> dict[str, str]:
    inherited = {name: text for name, text in os.environ.items() if name[:3] != "LK_"}
    return {
        **inherited,
        "PYTHONPATH": str(package),
        "LK_DATABASE_URL": dsn,
        "LK_SMTP_URL": "smtp://127.0.0.1:1",
        "LK_SECRET_KEY": "k" * 32,
        "LK_PUBLIC_URL": "https://lk.example.com",
        "LK_PORT": str(port),
        "LK_COST_LIMIT": "1000000000",
        "LK_LOG_LEVEL": "warning",
    }


def lk(dsn: str, package: Path, *words: str, port: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "lk_graphql", *words], cwd=ROOT, text=True,
        env=environment(dsn, port or PORTS[0], package),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def first_line(process: subprocess.Popen[str]) -> str:
    """The next line of a process's errors, and notes."""
    assert process.stderr is not None
    return process.stderr.readline()


async def finished(process: subprocess.Popen[str]) -> str:
    _, err = await asyncio.to_thread(process.communicate)
    if process.returncode:
        raise typer.BadParameter(err[-2000:])
    return err


async def started(dsn: str, package: Path, port: int) -> subprocess.Popen[str]:
    """Start a server and wait until it is ready."""
    process = lk(dsn, package, "serve", port=port)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        for _ in range(600):
            try:
                if (await http.get("/readyz")).is_success:
                    return process
            except httpx.TransportError:
                await asyncio.sleep(0.1)
    raise typer.BadParameter("a server didn't start")


async def client(number: int, traffic: Traffic) -> None:
    """Sign in, then look and change, as fast as answers come, with little pauses."""
    async with httpx.AsyncClient(timeout=60) as http:

        async def post(query: str, token: str, variables: Any) -> Any:
            port = traffic.ports[number % len(traffic.ports)]
            headers = {"authorization": f"Bearer {token}"} if token else {}
            began = time.monotonic()
            answer = await http.post(
                f"http://127.0.0.1:{port}/graphql",
                json={"query": query, "variables": variables}, headers=headers,
            )  # fmt: skip
            traffic.answered.append((time.monotonic(), time.monotonic() - began))
            body = answer.json()
            if answer.status_code != 200 or "errors" in body:
                traffic.failed.append(answer.text[:200])
            return body.get("data")

        email = f"customer{202 + 2 * number}@example.com"
        data = await post(SIGN_IN, "", {"email": email, "password": PASSWORD})
        token = data["sessionCreate"]["token"]
        turn = 0
        while not traffic.stopped:
            try:
                data = await post(DASHBOARD, token, None)
                account = data["viewer"]["accounts"][0]["id"]
                values = {"input": {"accountId": account, "name": f"Дача {turn}"}}
                await post(RENAME, token, values)
            except httpx.TransportError as error:
                traffic.failed.append(repr(error))
            turn += 1
            await asyncio.sleep(0.02)


@asynccontextmanager
async def long_read(dsn: str) -> AsyncGenerator[None]:
    """A transaction that has read the table, as a dump has."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "SET application_name = 'pg_dump'; BEGIN ISOLATION LEVEL REPEATABLE READ"
    )
    await connection.fetch("SELECT count(*) FROM reading")
    yield
    await connection.close()


@dataclass(frozen=True)
class Phase:
    name: str
    start: float
    end: float


async def upgraded(dsn: str, package: Path) -> tuple[Traffic, list[Phase], str]:
    """The upgrade, phase by phase."""
    traffic, phases = Traffic(), list[Phase]()
    servers = [await started(dsn, ROOT / "src", port) for port in PORTS]
    clients = [asyncio.create_task(client(number, traffic)) for number in range(CLIENTS)]
    await asyncio.sleep(5)  # warm
    mark = time.monotonic()

    def phase(name: str) -> None:
        nonlocal mark
        phases.append(Phase(name, mark, time.monotonic()))
        mark = time.monotonic()

    await asyncio.sleep(10)
    phase("before")
    async with long_read(dsn):
        migration = lk(dsn, package, "migrate", "up")
        err = "".join([await asyncio.to_thread(first_line, migration) for _ in range(TRIES)])
        done = asyncio.create_task(finished(migration))
        phase(f"migration beside a long read, {TRIES} tries")
    err += await done
    phase("migration after it, to its end")
    for position, port in enumerate(PORTS):
        traffic.ports = [other for other in PORTS if other != port]
        await asyncio.sleep(0.5)  # a balancer's draining
        servers[position].send_signal(signal.SIGTERM)
        await asyncio.to_thread(servers[position].wait)
        servers[position] = await started(dsn, package, port)
        traffic.ports = list(PORTS)
        if position == 0:
            await asyncio.sleep(5)
    phase("processes replaced one by one")
    await asyncio.sleep(5)
    phase("after")
    traffic.stopped = True
    await asyncio.gather(*clients)
    for server in servers:
        server.terminate()
        await asyncio.to_thread(server.wait)
    return traffic, phases, err


async def measured(accounts: int) -> tuple[Traffic, list[Phase], str]:
    async with AsyncExitStack() as stack:
        dsn = stack.enter_context(temporary())
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="lk-upgrade-")))
        package = stack.enter_context(new_version(folder))
        for words in (
            ("migrate", "up"),
            ("documents", "publish", "src/lk_graphql/demo/documents"),
            ("demo-data", "--accounts", str(accounts), "--yes"),
        ):
            await finished(lk(dsn, ROOT / "src", *words))
        return await upgraded(dsn, package)


def main(accounts: Annotated[int, typer.Option(help="Accounts of the supplier.")] = 2_000) -> None:
    """Upgrade under load; writes the section "Upgrade" of operations.md."""
    traffic, phases, err = asyncio.run(measured(accounts))
    tries = err.count("A table is in use")
    rows = [(phase.name, phase, traffic.between(phase.start, phase.end)) for phase in phases]
    lines = [
        conditions("upgrade", accounts),
        f"{CLIENTS} clients request dashboards and rename accounts at two processes. A transaction",
        f"that has read the table stays open while the migration is tried {TRIES} times. The",
        "migration adds a column and a constraint, validates the constraint, and builds an index.",
        f"It took {tries + 1} tries in all.",
        processes.disturbance(),
        f"{len(traffic.answered):,} requests, {len(traffic.failed)} failed.",
        "",
        "| phase | s | requests | median ms | 99 % ms | slowest ms |",
        "|---|---|---|---|---|---|",
        *(
            f"| {name} | {phase.end - phase.start:.1f} | {len(times)} | {_ms(times, 0.5)} |"
            f" {_ms(times, 0.99)} | {_ms(times, 1)} |"
            for name, phase, times in rows
        ),
    ]
    typer.echo("\n".join(lines))
    for failure in traffic.failed[:5]:
        typer.echo(failure, err=True)
    replace_section("Upgrade", "\n".join(lines))


def _ms(times: list[float], share: float) -> str:
    if not times:
        return "–"
    return f"{times[min(int(len(times) * share), len(times) - 1)] * 1000:.0f}"


if __name__ == "__main__":
    typer.run(main)
