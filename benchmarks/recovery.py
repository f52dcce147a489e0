"""Backup and restore with real processes, walked to a signed-in dashboard.

    python -m benchmarks.recovery [--accounts 20000]

It makes a supplier, takes a full and an incremental backup by deploy/backup.sh while `lk serve`
runs, destroys database and files, restores the moment before by deploy/restore.sh, and compares the
dashboard of a customer and a stored receipt byte by byte. Writes benchmarks/operations.md.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import asyncpg
import httpx
import typer

from benchmarks import processes
from benchmarks.operations_page import conditions, replace_section
from lk_graphql.demo.postgres import embedded, installation

ROOT = Path(__file__).parents[1]
EMAIL, PASSWORD = "customer202@example.com", "Demo12345"
SIGN_IN = f"""mutation {{ sessionCreate(input: {{
  email: "{EMAIL}", password: "{PASSWORD}", delivery: BEARER }}) {{ token }} }}"""
DASHBOARD = """{ viewer { email accounts { number address balance { amountDue }
  invoices(first: 3) { period total lines { service amount } }
  meters { serial registers { readings(last: 3) { nodes { takenOn value } } } } } } }"""
RECEIPT = "{ viewer { accounts { invoices(first: 1) { receiptUrl } } } }"


@dataclass
class Step:
    """A measured step: seconds, and what it wrote."""

    name: str
    seconds: float
    note: str = ""


@dataclass
class Walk:
    """The folders of a walk, and its steps."""

    folder: Path
    steps: list[Step] = field(default_factory=list[Step])

    @property
    def settings(self) -> dict[str, str]:
        inherited = {name: text for name, text in os.environ.items() if name[:3] != "LK_"}
        return {
            **inherited,
            "LK_SMTP_URL": "smtp://127.0.0.1:1",
            "LK_SECRET_KEY": "k" * 32,
            "LK_PUBLIC_URL": "https://lk.example.com",
            "LK_FILES_URL": f"file://{self.folder}/files",
            "LK_PORT": "8389",
        }

    def lk(self, dsn: str, *words: str) -> None:
        command = [sys.executable, "-m", "lk_graphql", *words]
        done = subprocess.run(
            command, env={**self.settings, "LK_DATABASE_URL": dsn}, capture_output=True,
            text=True, check=False, cwd=ROOT,
        )  # fmt: skip
        if done.returncode:
            raise typer.BadParameter(f"lk {' '.join(words)}: {done.stderr}")

    def script(self, name: str, *arguments: str, **variables: str) -> float:
        """Run a script of deploy/ with PostgreSQL's programs; returns the seconds."""
        path = f"{installation.PROGRAMS}:{os.environ['PATH']}"
        started = time.monotonic()
        subprocess.run(
            [ROOT / "deploy" / name, *arguments], check=True,
            env={**os.environ, "PATH": path, "BACKUPS": str(self.folder / "backups"), **variables},
        )  # fmt: skip
        return time.monotonic() - started

    def size(self, *names: str) -> str:
        done = subprocess.run(
            ["du", "-sm", *(str(self.folder / name) for name in names)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return f"{sum(int(line.split()[0]) for line in done.stdout.splitlines())} MB"


@contextmanager
def serving(walk: Walk, dsn: str) -> Generator[httpx.Client]:
    """Run `lk serve`, and wait until it is ready."""
    with (walk.folder / "serve.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "lk_graphql", "serve"],
            env={**walk.settings, "LK_DATABASE_URL": dsn}, stdout=log, stderr=log, cwd=ROOT,
        )  # fmt: skip
    try:
        with httpx.Client(base_url="http://127.0.0.1:8389", timeout=60) as http:
            deadline = time.monotonic() + 60
            while not _is_ready(http):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise typer.BadParameter((walk.folder / "serve.log").read_text()[-2000:])
                time.sleep(0.1)
            yield http
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _is_ready(http: httpx.Client) -> bool:
    try:
        return http.get("/readyz").is_success
    except httpx.TransportError:
        return False


def signed_in(http: httpx.Client) -> str:
    answer = http.post("/graphql", json={"query": SIGN_IN}).json()
    return answer["data"]["sessionCreate"]["token"]


def ask(http: httpx.Client, token: str, query: str) -> Any:
    headers = {"authorization": f"Bearer {token}"}
    return http.post("/graphql", json={"query": query}, headers=headers).json()["data"]


def receipt(http: httpx.Client, token: str) -> bytes:
    url = ask(http, token, RECEIPT)["viewer"]["accounts"][0]["invoices"][0]["receiptUrl"]
    answer = http.get(url.removeprefix("https://lk.example.com"))
    answer.raise_for_status()
    return answer.content


def own(walk: Walk, folder: Path) -> None:
    """Give a folder to the account that runs PostgreSQL."""
    account = installation.owner_of(walk.folder / "data")
    if account is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)


def execute(dsn: str, *statements: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(dsn)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    asyncio.run(run())


def configured(walk: Walk) -> None:
    """As docs/operations.md has it."""
    archive = walk.folder / "backups" / "wal"
    archive.mkdir(parents=True)
    own(walk, walk.folder / "backups")
    with embedded(walk.folder / "data") as dsn:
        execute(
            dsn,
            "ALTER SYSTEM SET summarize_wal = on",
            "ALTER SYSTEM SET archive_mode = on",
            f"ALTER SYSTEM SET archive_command = 'test ! -f {archive}/%f &&"
            f" cp %p {archive}/%f.part && mv {archive}/%f.part {archive}/%f'",
        )


def destroyed(walk: Walk, accounts: int) -> tuple[datetime, Any, bytes]:
    """Fill, back up, change and destroy; the moment before, and what was to be seen then."""
    with embedded(walk.folder / "data") as dsn:
        host = dsn.rpartition("host=")[2].replace("%2F", "/")
        backup = {"PGHOST": host, "PGUSER": "postgres", "FILES": f"{walk.folder}/files"}
        for words in (
            ("migrate", "up"),
            ("documents", "publish", "src/lk_graphql/demo/documents"),
            ("demo-data", "--accounts", str(accounts), "--yes"),
        ):
            walk.lk(dsn, *words)
        with serving(walk, dsn) as http:
            token = signed_in(http)
            seconds = walk.script("backup.sh", **backup)
            walk.steps.append(Step("full backup", seconds, walk.size("backups/base")))
            stored = receipt(http, token)
            execute(dsn, "UPDATE account SET data_as_of = now()")
            before = walk.size("backups/base")
            seconds = walk.script("backup.sh", **backup)
            note = f"together {walk.size('backups/base')}, before {before}"
            walk.steps.append(Step("incremental backup, every account changed", seconds, note))
            execute(dsn, "UPDATE account SET address = 'Restored street 1' || number")
            seen = ask(http, token, DASHBOARD)
            time.sleep(1.5)
            moment = datetime.now(UTC)
            time.sleep(1.5)
            execute(
                dsn, "DELETE FROM invoice", "DROP TABLE reading CASCADE", "SELECT pg_switch_wal()"
            )
            time.sleep(3)  # until the archive has it
        shutil.rmtree(walk.folder / "files")
        return moment, seen, stored


def restored(walk: Walk, moment: datetime, seen: Any, stored: bytes) -> None:
    """Restore the moment, sign in, and compare."""
    files, data = str(walk.folder / "files"), walk.folder / "restored"
    seconds = walk.script("restore.sh", f"{moment:%Y-%m-%d %H:%M:%S.%f+00}", str(data), files)
    walk.steps.append(Step("backups put together", seconds, walk.size("restored")))
    own(walk, data)
    started = time.monotonic()
    with embedded(data) as dsn:
        _wait_for_promotion(dsn)
        walk.steps.append(Step("changes up to the moment replayed", time.monotonic() - started))
        started = time.monotonic()
        with serving(walk, dsn) as http:
            token = signed_in(http)
            again = ask(http, token, DASHBOARD)
            walk.steps.append(Step("lk serve, signed in, dashboard", time.monotonic() - started))
            stored_files = [*Path(files).rglob("*.pdf")]
            assert stored_files, "no receipt was restored"
            assert stored in [file.read_bytes() for file in stored_files]
            assert receipt(http, token).startswith(b"%PDF")  # of the address that was changed
    assert again == seen, "the dashboard differs"


def _wait_for_promotion(dsn: str) -> None:
    async def run() -> None:
        connection = await asyncpg.connect(dsn)
        while await connection.fetchval("SELECT pg_is_in_recovery()"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        await connection.close()

    asyncio.run(run())


def walked(accounts: int) -> list[Step]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="lk-recovery-")))
        folder.chmod(0o755)
        walk = Walk(folder)
        configured(walk)
        restored(walk, *destroyed(walk, accounts))
        return walk.steps


def main(accounts: Annotated[int, typer.Option(help="Accounts of the supplier.")] = 20_000) -> None:
    """Back up, destroy, restore, sign in; writes the section "Restore" of operations.md."""
    steps = walked(accounts)
    lines = [
        conditions("recovery", accounts),
        processes.disturbance(),
        "`deploy/backup.sh` runs beside `lk serve`. Then bills are deleted, the table of readings",
        "is dropped and the files are removed; `deploy/restore.sh` restores the moment before. No",
        "backup contains this moment: the last changes come from the archive. The dashboard of a",
        "customer and the stored receipt were equal to the earlier ones, byte by byte.",
        "",
        "| step | s | size |",
        "|---|---|---|",
        *(f"| {step.name} | {step.seconds:.1f} | {step.note} |" for step in steps),
    ]
    typer.echo("\n".join(lines))
    replace_section("Restore", "\n".join(lines))


if __name__ == "__main__":
    typer.run(main)
