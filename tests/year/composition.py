"""The cabinet as in production: commands, application, worker, mail server and acquirer.

One database is migrated a run by `lk` itself, as the README's production section says, and cloned
for each seed. The application and its worker run in this process with the seed's clock, over a
role that doesn't own the tables.
"""

import asyncio
import re
import subprocess
from collections import defaultdict
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import httpx
from prometheus_client import CollectorRegistry

from lk_graphql import app as application
from lk_graphql import database, settings
from lk_graphql.demo.data.requisites import TEXT as REQUISITES
from lk_graphql.demo.postgres import temporary
from lk_graphql.exchange.models import ExportFormat, ExportKind, ImportKind, ImportState
from lk_graphql.exchange.service import catalog
from lk_graphql.exchange.service.exports import export_rows
from lk_graphql.exchange.service.files import inspect_file, recognize
from lk_graphql.exchange.service.imports import ImportOrder, ImportResult, load
from lk_graphql.exchange.service.runs import find_loaded
from lk_graphql.hooks import load_hooks
from lk_graphql.ports.captcha import FixedCaptchas
from lk_graphql.ports.files import in_memory
from lk_graphql.ports.jobs import enqueue, run_worker
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.ports.pdf.pool import Drafts
from lk_graphql.settings import Settings
from tests.support.cli_process import LK, environment
from tests.support.smtp_server import running_smtp

from .acquirer import SECRET, SHOP, YearAcquirer, running_acquirer
from .model.files import File

TEMPLATE, OWNER, ROLE = "year_template", "year_owner", "year_app"
URL = "https://lk.example"
STAFF = "irina@example.com"
_INVITATION = re.compile(r"#token=(\S+)")
_BUSY = """
SELECT count(*) FROM job WHERE status = 'picked' OR status = 'queued' AND execute_after <= now()
"""


_LONGEST_WAIT = 5.0
"""Seconds between two looks at the queue; all of them together are three times as many."""


class YearClock:
    """The time of a seed; it moves only when the driver moves it."""

    now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True)
class Mail:
    """Subject and plain text, by the old policy of `email`, which is ten times as fast."""

    subject: str
    text: str

    @classmethod
    def parse(cls, content: bytes) -> "Mail":
        message = message_from_bytes(content)
        (text,) = (one for one in message.walk() if one.get_content_type() == "text/plain")
        decoded = text.get_payload(decode=True)
        assert isinstance(decoded, bytes)
        return cls(str(make_header(decode_header(message["Subject"]))).strip(), decoded.decode())


@dataclass
class Mailbox:
    """The mail server's side: all mails that came, in aiosmtpd's protocol."""

    mails: dict[str, list[bytes]] = field(
        default_factory=lambda: defaultdict[str, list[bytes]](list)
    )

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        for address in envelope.rcpt_tos:
            self.mails[address].append(envelope.content)
        return "250 OK"

    def to(self, address: str, skip: int = 0) -> list[Mail]:
        """The mails to an address, but the first ones: parsing one takes a while."""
        return [Mail.parse(content) for content in self.mails[address][skip:]]


class PageSource:
    """Instead of a PDF the HTML that it is drawn from: a page takes a second to draw."""

    async def page(self, key: str, drafts: Drafts) -> bytes:  # noqa: ARG002 - of the port
        return drafts()[0].encode()

    async def close(self) -> None:
        pass


@dataclass(frozen=True)
class Installation:
    """The parts of a run: a server of databases, the template, and the sockets."""

    server: str
    folder: Path
    clock: YearClock
    mailbox: Mailbox
    acquirer: YearAcquirer
    smtp: str
    invitation: str

    def settings(self, dsn: str) -> Settings:
        return settings.read(**configuration(dsn, self.smtp, self.acquirer.url))


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


@contextmanager
def installed(folder: Path) -> Generator[Installation]:
    """An installation by the commands of the README, with nobody in it but an administrator."""
    clock, mailbox = YearClock(), Mailbox()
    with (
        temporary() as server,
        running_smtp(mailbox) as smtp,
        running_acquirer(Path(":memory:"), clock) as acquirer,
    ):
        asyncio.run(_execute(server, _CREATE))
        owner = _dsn(server, OWNER, TEMPLATE)
        variables = {
            f"LK_{name.upper()}": str(value)
            for name, value in configuration(owner, smtp, acquirer.url).items()
        }
        _command("migrate", "up", **variables)
        _command("migrate", "grant", ROLE, **variables)
        variables["LK_DATABASE_URL"] = _dsn(server, ROLE, TEMPLATE)
        _command("documents", "publish", str(_documents(folder)), **variables)
        requisites = folder / "supplier.toml"
        requisites.write_text(REQUISITES, "utf-8")
        _command("supplier", "publish", str(requisites), **variables)
        name = ("--last-name", "Белова", "--first-name", "Ирина", "--patronymic", "Игоревна")
        printed = _command("staff", "add", STAFF, "--role", "admin", *name, **variables)
        invitation = _INVITATION.search(printed)
        assert invitation, printed
        yield Installation(server, folder, clock, mailbox, acquirer, smtp, invitation[1])


_CREATE = (
    f"CREATE ROLE {OWNER} LOGIN",
    f"CREATE ROLE {ROLE} LOGIN",
    # of so few rows a statement is read faster than it is planned
    f"ALTER ROLE {ROLE} SET plan_cache_mode = force_generic_plan",
    f"ALTER ROLE {ROLE} SET jit = off",
    f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}",
)


def _documents(folder: Path) -> Path:
    """Texts to consent to, in force before the year begins."""
    texts = folder / "documents"
    texts.mkdir()
    for kind, title in (("terms", "Условия"), ("personal_data", "Согласие"), ("sms", "СМС")):
        (texts / f"{kind}.2020-01-01.md").write_text(f"# {title}\n\nТекст.\n", "utf-8")
    return texts


def _command(*words: str, **variables: str) -> str:
    done = subprocess.run(
        [*LK, *words], env=environment(**variables), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _dsn(server: str, role: str, name: str) -> str:
    return server.replace("//postgres@", f"//{role}@").replace("/postgres?", f"/{name}?")


async def _execute(server: str, statements: Sequence[str]) -> None:
    connection = await asyncpg.connect(server)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


@dataclass
class Production:
    """A running cabinet: what operators, billing and customers have in hand."""

    installation: Installation
    dsn: str
    settings: Settings
    app: Any
    folder: Path
    watcher: asyncpg.Connection

    @property
    def clock(self) -> YearClock:
        return self.installation.clock

    def browser(self, number: int) -> httpx.AsyncClient:
        """A client with an address of its own."""
        address = f"198.51.{number // 250}.{number % 250 + 1}"
        transport = httpx.ASGITransport(
            self.app, raise_app_exceptions=False, client=(address, 40_000)
        )
        return httpx.AsyncClient(transport=transport, base_url=URL)

    async def do_jobs(self, *scheduled: str) -> None:
        """Enqueue scheduled jobs, and wait until the worker has nothing left that is due."""
        for name in scheduled:
            await enqueue(name)
        wait = 0.004
        while wait < _LONGEST_WAIT:
            if not await self.watcher.fetchval(_BUSY):
                return
            await asyncio.sleep(wait)
            wait *= 1.5
        raise TimeoutError("the worker doesn't come to an end")

    async def import_files(
        self, kind: str, files: Sequence[File], as_of: datetime, **options: Any
    ) -> ImportResult | None:
        """`lk import`, in this process and time; None if the files have been loaded before."""
        paths = [self.folder / file.name for file in files]
        for file, path in zip(files, paths, strict=True):
            path.write_bytes(file.content)
        sources = [inspect_file(path) for path in dict.fromkeys(paths)]
        declared = catalog.KINDS[ImportKind(kind.upper())]
        order = ImportOrder(
            declared.kind,
            tuple((source, recognize(source, declared)) for source in sources),
            as_of=as_of.astimezone(UTC),
            report=self.folder / "faults.csv",
            **options,
        )
        if await find_loaded([source.sha256 for source in order.sources]):
            return None
        company = self.settings.company
        result = await load(order, company=company, clock=self.clock, report=_no_progress)
        if result.run.state is ImportState.NEEDS_CONFIRMATION:
            again = replace(order, expected_changes=result.impact.affected)
            result = await load(again, company=company, clock=self.clock, report=_no_progress)
        return result

    def faults(self) -> list[str]:
        """The lines of the last report of bad rows."""
        return (self.folder / "faults.csv").read_text("utf-8-sig").splitlines()[1:]

    async def export(self, kind: str, since: datetime) -> bytes:
        """`lk export`."""
        connection = await asyncpg.connect(self.dsn)
        try:
            lines = export_rows(connection, ExportKind(kind.upper()), ExportFormat.CSV, since=since)
            return b"".join([line async for batch in lines for line in batch])
        finally:
            await connection.close()


def _no_progress(step: str, done: int, total: int, rows: int) -> None:
    pass


@asynccontextmanager
async def production(installation: Installation, name: str) -> AsyncGenerator[Production]:
    """Clone the installation's database; run the application and a worker on it."""
    await _execute(installation.server, [f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}"])
    dsn = _dsn(installation.server, ROLE, name)
    chosen, clock = installation.settings(dsn), installation.clock
    installation.mailbox.mails.clear()
    built = application.build_ports(chosen, clock=clock)
    passwords = Passwords(HashCost(8, 1))
    ports = replace(
        built,
        passwords=passwords,
        captchas=FixedCaptchas(),
        pdfs=PageSource(),
        files=in_memory(),
    )
    async with AsyncExitStack() as stack:
        stack.push_async_callback(_drop, installation.server, name)
        stack.callback(passwords.close)
        folder = stack.enter_context(TemporaryDirectory())
        load_hooks()
        await database.open_models(dsn, pool_size=2)
        stack.push_async_callback(database.close_models)
        engine = await stack.enter_async_context(
            application.open_engine(chosen, ports.signer, rules=())
        )
        await stack.enter_async_context(ports.pubsub.connected(dsn))
        app = application.create_app(
            chosen, ports=ports, clock=clock, engine=engine, registry=CollectorRegistry()
        )
        stop = asyncio.Event()
        worker = asyncio.create_task(
            run_worker(ports, chosen.company, dsn=dsn, stop=stop, clock=clock)
        )
        stack.push_async_callback(_finish, worker, stop)
        watcher = await asyncpg.connect(dsn)
        stack.push_async_callback(watcher.close)
        yield Production(installation, dsn, chosen, app, Path(folder), watcher)


async def _finish(worker: asyncio.Task[None], stop: asyncio.Event) -> None:
    stop.set()
    await worker


async def _drop(server: str, name: str) -> None:
    await _execute(server, [f"DROP DATABASE {name} WITH (FORCE)"])
