"""The cabinet as processes: `lk serve`, `lk worker`, `lk import` and `lk export`, in faked time.

Passwords, captchas, PDF pages and stored files are those of production, so that a month takes
minutes. Customers' logins are made by `lk user create`, because nobody here can read a captcha.
"""

import asyncio
import re
import subprocess
from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import asyncpg
import httpx

from lk_graphql.kit.errors import CommandError
from tests.support.cli_process import LK, environment
from tests.support.sandbox_acquirer import free_port

from .deployment import Installation, Loaded, Login, NoContent, write_files
from .faketime import SharedClock
from .installation import URL, configuration
from .model.days import ZONE
from .model.files import File

_LOADED, _REFUSED, _BAD_ROWS, _NEEDS_CONFIRMATION = 0, 1, 3, 4
_EXPECTED = re.compile(r"--expect-changes (\d+)")
_START_SECONDS, _JOB_SECONDS = 120, 120
_BUSY = "SELECT count(*) FROM job WHERE status = 'picked' OR execute_after <= $1"
_DONE = "SELECT DISTINCT entrypoint FROM job_log WHERE created >= $1 AND status = 'successful'"


@dataclass
class Processes:
    """A `Deployment` of processes."""

    installation: Installation
    folder: Path
    port: int
    variables: Mapping[str, str]
    """The settings of all processes, and what fakes their time."""
    watcher: asyncpg.Connection
    app: None = None
    running: dict[str, subprocess.Popen[bytes]] = field(
        default_factory=dict[str, "subprocess.Popen[bytes]"]
    )

    @property
    def clock(self) -> SharedClock:
        clock = self.installation.clock
        assert isinstance(clock, SharedClock)
        return clock

    def browser(self, number: int) -> httpx.AsyncClient:
        address = f"198.51.{number // 250}.{number % 250 + 1}"
        return httpx.AsyncClient(
            transport=_BehindProxy(self.port),
            base_url=URL,
            headers={"x-forwarded-for": address, "x-forwarded-proto": "https"},
            timeout=60,
        )

    # Processes

    def start(self, name: str) -> None:
        """Run `lk serve` or `lk worker` until it is stopped."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*LK, name], env=environment(**self.variables), stdout=log, stderr=log
            )

    def stop(self, name: str) -> None:
        process = self.running.pop(name)
        process.terminate()
        process.wait()

    async def wait_until_ready(self) -> None:
        async with self.browser(0) as client:
            for _ in range(_START_SECONDS * 5):
                if self.running["serve"].poll() is not None:
                    raise RuntimeError((self.folder / "serve.log").read_text())
                try:
                    if (await client.get("/readyz")).is_success:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.2)
        raise TimeoutError("lk serve isn't ready")

    async def run(self, *words: str) -> "asyncio.subprocess.Process":
        """A command that has ended; its output is in the folder's file `out`."""
        with (self.folder / "out").open("wb") as out:
            process = await asyncio.create_subprocess_exec(
                *LK,
                *words,
                env=environment(COLUMNS="200", **self.variables),
                cwd=self.folder,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
            await process.wait()
        return process

    def output(self) -> str:
        return (self.folder / "out").read_text()

    # What the driver does

    async def do_jobs(self, *scheduled: str) -> None:
        """A worker that starts runs what is overdue: the driver's days begin with a restart."""
        moment = self.clock.now
        if scheduled:
            self.stop("worker")
            self.start("worker")
        for _ in range(_JOB_SECONDS * 10):
            done = {row["entrypoint"] for row in await self.watcher.fetch(_DONE, moment)}
            is_done = {*scheduled} <= done
            if is_done and not await self.watcher.fetchval(_BUSY, self.clock.now):
                return
            await asyncio.sleep(0.1)
        raise TimeoutError(f"the worker doesn't come to an end: {scheduled}")

    async def import_files(
        self,
        kind: str,
        files: Sequence[File],
        as_of: datetime,
        controls: dict[str, int] | None = None,
    ) -> Loaded | None:
        report = self.folder / "faults.csv"
        report.unlink(missing_ok=True)
        words = [
            "import",
            kind,
            *map(str, write_files(self.folder, files)),
            "--report",
            str(report),
        ]
        if as_of < self.clock.now - timedelta(minutes=1):
            words += ["--as-of", f"{as_of.astimezone(ZONE):%Y-%m-%dT%H:%M}"]
        for name, number in (controls or {}).items():
            words += ["--control", f"{name}={number}"]
        code = (await self.run(*words)).returncode
        if code == _NEEDS_CONFIRMATION and (expected := _EXPECTED.search(self.output())):
            code = (await self.run(*words, "--expect-changes", expected[1])).returncode
        output = self.output()
        if "Loaded already" in output:
            return None
        if code == _REFUSED and "Nothing was loaded." not in output:
            raise CommandError(output)
        if code not in (_LOADED, _REFUSED, _BAD_ROWS):
            raise RuntimeError(output)
        counts = Counter((row[3], row[2]) for row in (line.split(";") for line in self.faults()))
        faults = [(code, column, number) for (code, column), number in counts.items()]
        if code == _REFUSED:
            return Loaded("REFUSED", output, faults)
        return Loaded("DONE", "", faults if code == _BAD_ROWS else [])

    def faults(self) -> list[str]:
        report = self.folder / "faults.csv"
        return report.read_text("utf-8-sig").splitlines()[1:] if report.exists() else []

    async def export(self, kind: str, since: datetime) -> bytes:
        out = self.folder / f"{kind}.csv"
        moment = f"{since.astimezone(ZONE):%Y-%m-%dT%H:%M}"
        done = await self.run("export", kind, "--since", moment, "--out", str(out))
        if done.returncode:
            raise RuntimeError(self.output())
        return out.read_bytes()

    async def create_login(self, login: Login) -> bool:
        words = ["user", "create", login.email, "--phone", login.phone, "--password"]
        words += [login.password, "--last-name", login.last_name, "--first-name", login.first_name]
        done = await self.run(*words, "--patronymic", login.patronymic)
        if done.returncode:
            raise RuntimeError(self.output())
        return True

    async def publish_requisites(self, text: str) -> str:
        file = self.folder / "supplier.toml"
        file.write_text(text, "utf-8")
        done = await self.run("supplier", "publish", str(file))
        return self.output() if done.returncode else ""

    async def receipt(self, key: UUID) -> None:
        raise NoContent(key)


class _BehindProxy(httpx.AsyncHTTPTransport):
    """Sends what is for the public address to the server behind it."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self._port)
        return await super().handle_async_request(request)


@asynccontextmanager
async def processes(installation: Installation, name: str) -> AsyncGenerator[Processes]:
    """Clone the installation's database, and start the processes of production."""
    dsn = await installation.template.clone(name)
    clock, port = installation.clock, free_port()
    assert isinstance(clock, SharedClock)
    with TemporaryDirectory() as folder:
        chosen = configuration(dsn, installation.smtp, installation.acquirer.url) | {
            "port": port,
            "trusted_proxies": "127.0.0.1",
            "files_url": Path(folder, "files").as_uri(),
        }
        variables = {f"LK_{key.upper()}": str(value) for key, value in chosen.items()}
        watcher = await asyncpg.connect(dsn)
        cabinet = Processes(installation, Path(folder), port, variables | clock.variables, watcher)
        try:
            cabinet.start("serve")
            cabinet.start("worker")
            await cabinet.wait_until_ready()
            yield cabinet
        finally:
            for process in [*cabinet.running]:
                cabinet.stop(process)
            await watcher.close()
            await installation.template.drop(name)
