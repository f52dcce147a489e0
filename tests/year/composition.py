"""The cabinet as in production: commands, application, worker, mail server and acquirer.

The database of a seed is a clone of one that `lk` itself has migrated and filled. The application
and its worker run in this process with the seed's clock, over a role that doesn't own the tables.
"""

import asyncio
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import asyncpg
from prometheus_client import CollectorRegistry

from lk_graphql import app as application
from lk_graphql import database, settings
from lk_graphql.billing.service.receipts.content import ReceiptContent, load_receipt
from lk_graphql.billing.service.requisites import InvalidRequisites, publish, requisites_in
from lk_graphql.exchange.models import ExportFormat, ExportKind, ImportState
from lk_graphql.exchange.service.exports import export_rows
from lk_graphql.exchange.service.imports import ImportOrder, load
from lk_graphql.exchange.service.runs import find_loaded
from lk_graphql.hooks import load_hooks
from lk_graphql.import_formats.service import catalog
from lk_graphql.import_formats.service.catalog import inspect_file, recognize
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.ports.captcha import FixedCaptchas
from lk_graphql.ports.files import in_memory
from lk_graphql.ports.jobs import enqueue, run_worker
from lk_graphql.ports.passwords import HashCost, Passwords
from lk_graphql.ports.pdf.pool import Drafts
from lk_graphql.settings import Settings
from tests.support.smtp_server import running_smtp

from .acquirer import running_acquirer
from .browser import Browser, LocalBrowser
from .deployment import Installation, Loaded, Login, YearClock, write_files
from .installation import Template, configuration
from .mailbox import Mailbox
from .model.files import File

_BUSY = """
SELECT count(*) FROM job WHERE status = 'picked' OR status = 'queued' AND execute_after <= now()
"""


_LONGEST_WAIT = 5.0
"""Seconds between two looks at the queue; all of them together are three times as many."""


class PageSource:
    """Instead of a PDF the HTML that it is drawn from: a page takes a second to draw."""

    async def page(self, key: str, drafts: Drafts) -> bytes:  # noqa: ARG002 - of the port
        return drafts()[0].encode()

    async def close(self) -> None:
        pass


@contextmanager
def installed(template: Template, clock: YearClock | None = None) -> Generator[Installation]:
    """The mail server and the acquirer beside an installation's database."""
    clock, mailbox = clock or YearClock(datetime(2025, 1, 1, tzinfo=UTC)), Mailbox()
    with (
        running_smtp(mailbox) as smtp,
        running_acquirer(Path(":memory:"), clock) as acquirer,
    ):
        yield Installation(template, clock, mailbox, acquirer, smtp)


@dataclass
class Production:
    """A `Deployment` in this process."""

    installation: Installation
    dsn: str
    settings: Settings
    app: Any
    folder: Path
    watcher: asyncpg.Connection

    @property
    def clock(self) -> YearClock:
        return self.installation.clock

    def browser(self, number: int) -> Browser:
        return LocalBrowser(self.app, f"198.51.{number // 250}.{number % 250 + 1}")

    async def do_jobs(self, *scheduled: str) -> None:
        for name in scheduled:
            await enqueue(name)
        wait = 0.02
        while wait < _LONGEST_WAIT:
            if not await self.watcher.fetchval(_BUSY):
                return
            await asyncio.sleep(wait)
            wait *= 1.5
        raise TimeoutError("the worker doesn't come to an end")

    async def import_files(
        self,
        kind: str,
        files: Sequence[File],
        as_of: datetime,
        controls: dict[str, int] | None = None,
    ) -> Loaded | None:
        sources = [inspect_file(path) for path in write_files(self.folder, files)]
        declared = catalog.KINDS[ImportKind(kind.upper())]
        order = ImportOrder(
            declared.kind,
            tuple((source, recognize(source, declared)) for source in sources),
            as_of=as_of.astimezone(UTC),
            report=self.folder / "faults.csv",
            controls=controls or {},
        )
        if await find_loaded([source.sha256 for source in order.sources]):
            return None
        company = self.settings.company
        result = await load(order, company=company, clock=self.clock, report=_no_progress)
        if result.run.state is ImportState.NEEDS_CONFIRMATION:
            again = replace(order, expected_changes=result.impact.affected)
            result = await load(again, company=company, clock=self.clock, report=_no_progress)
        return Loaded(result.run.state, result.run.reason or "", [*result.faults])

    def faults(self) -> list[str]:
        return (self.folder / "faults.csv").read_text("utf-8-sig").splitlines()[1:]

    async def export(self, kind: str, since: datetime) -> bytes:
        chosen = ExportKind(kind.upper()), ExportFormat.CSV
        lines = export_rows(self.watcher, *chosen, since=since)
        return b"".join([line async for batch in lines for line in batch])

    async def create_login(self, login: Login) -> bool:  # noqa: ARG002 - of the protocol
        return False

    async def publish_requisites(self, text: str) -> str:
        try:
            await publish(requisites_in(text))
        except InvalidRequisites as refused:
            return str(refused)
        return ""

    async def receipt(self, key: UUID) -> ReceiptContent | None:
        return await load_receipt(
            key, period_format="MMYYYY", today=self.settings.company.today(self.clock())
        )


def _no_progress(step: str, done: int, total: int, rows: int) -> None:
    pass


@asynccontextmanager
async def production(installation: Installation, name: str) -> AsyncGenerator[Production]:
    """Clone the installation's database; run the application and a worker on it."""
    dsn = await installation.template.clone(name)
    values = configuration(dsn, installation.smtp, installation.acquirer.url)
    chosen, clock = settings.read(**values), installation.clock
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
        stack.push_async_callback(installation.template.drop, name)
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
