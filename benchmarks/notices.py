"""`python -m benchmarks.notices --notices N`: a month's bills, from the notices to an SMTP server.

On a new PostgreSQL N customers are notified of a new bill, as an import does. Then other processes
send N mails with the production sender to an SMTP server on a socket. Several sizes show whether
the sender's memory grows with N; `--senders` and `--per-second` show what they reach together, and
that they keep the rate.
"""

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import asyncpg
import typer
from rich.console import Console
from rich.table import Table

from benchmarks import processes
from benchmarks.smtp_server import SmtpCounts, smtp_server
from lk_graphql import database
from lk_graphql.billing.service.invoices import invoice_due_sql
from lk_graphql.database import migrations
from lk_graphql.demo.postgres import temporary
from lk_graphql.hooks import load_hooks
from lk_graphql.kit import emails
from lk_graphql.kit.company import Company
from lk_graphql.kit.signing import Signer
from lk_graphql.notifications.jobs import mail_gateway
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.delivery import deliver
from lk_graphql.notifications.service.notices import notify_accounts
from lk_graphql.ports.mail import Sender, SmtpMailer

SEED = Path(__file__).with_name("notices.sql")
COMPANY = Company("Энергосбыт", "https://lk.example.ru", ZoneInfo("Asia/Novokuznetsk"))
TODAY = date(2026, 11, 14)
_BILLS = f"""
SELECT account_id, 'invoice/' || bill.id, bill.id, period, due_on, ({invoice_due_sql("bill")})
FROM invoice bill WHERE due_on >= $1::date
"""
NOW = datetime(2026, 11, 14, 3, tzinfo=UTC)
WITHOUT_LIMIT = 1e6  # mails a second


@dataclass(frozen=True)
class SendRun:
    """A run of a sender: seconds of wall clock and of CPU, and its peak RSS in MiB."""

    mails: int
    seconds: float
    cpu: float
    memory: float


@dataclass(frozen=True)
class NoticeLine:
    notices: int
    notifying: float
    runs: Sequence[SendRun]
    server: SmtpCounts

    def cells(self) -> tuple[str, ...]:
        seconds = max(run.seconds for run in self.runs)
        cpu = sum(run.cpu for run in self.runs)
        return (
            f"{self.notices:,}",
            f"{self.notifying:.1f}",
            str(len(self.runs)),
            f"{seconds:.1f}",
            f"{self.notices / seconds:,.0f}",
            f"{self.server.most:,}",
            f"{1000 * cpu / self.notices:.2f}",
            f"{self.server.connections:,}",
            f"{max(run.memory for run in self.runs):.0f}",
        )


async def notify_all(dsn: str) -> tuple[int, float]:
    """Notify customers of new bills; returns the number of notices and the seconds."""
    async with open_models(dsn):
        started = time.perf_counter()
        count = await notify_accounts(NoticeKind.INVOICE_ISSUED, _BILLS, TODAY, now=NOW)
        return count, time.perf_counter() - started


async def send_all(dsn: str, smtp: str, per_second: float) -> SendRun:
    """Send the mails that are waiting, with other processes, from this one."""
    mailer = SmtpMailer(smtp, Sender("Энергосбыт", emails.parse("lk@example.ru")))
    epoch = time.time()

    def clock() -> datetime:
        return NOW + timedelta(seconds=time.time() - epoch)

    async with open_models(dsn), mailer.session() as session:
        signer = Signer(b"k" * 32)
        gateway = mail_gateway(session, per_second, company=COMPANY, signer=signer)
        started_at, cpu = time.perf_counter(), _cpu()
        until = NOW + timedelta(hours=9)
        sent = await deliver(gateway, company=COMPANY, clock=clock, until=until)
        seconds, cpu = time.perf_counter() - started_at, _cpu() - cpu
    return SendRun(sent, seconds, cpu, processes.peak(os.getpid()))


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@asynccontextmanager
async def open_models(dsn: str) -> AsyncGenerator[None]:
    load_hooks()
    await database.open_models(dsn)
    try:
        yield
    finally:
        await database.close_models()


async def seed(server: str, count: int) -> str:
    """Make a database with `count` customers; returns its address."""
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE notices_{count}")
    await connection.close()
    dsn = server.replace("/postgres?", f"/notices_{count}?")
    await migrations.migrate(dsn)
    connection = await asyncpg.connect(dsn)
    async with connection.transaction():
        await connection.execute(f"SET bench.notices = {count}")
        await connection.execute(SEED.read_text("utf-8"))
    await connection.execute("ANALYZE")
    await connection.close()
    return dsn


def measure(server: str, count: int, senders: int, per_second: float, delay: float) -> NoticeLine:
    """Raises AssertionError unless every mail arrives once."""
    dsn = asyncio.run(seed(server, count))
    notices, seconds = asyncio.run(notify_all(dsn))
    with smtp_server(delay) as (url, counts):
        command = [sys.executable, "-m", "benchmarks.notices", "--notices", str(notices)]
        command += ["--per-second", str(per_second), "--database", dsn, "--smtp", url]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(senders)]
        runs = [SendRun(**json.loads(sender.communicate()[0])) for sender in running]
    assert counts.mails == notices, f"{counts.mails} of {notices} were sent"
    return NoticeLine(notices, seconds, runs, counts)


def result_table(lines: Sequence[NoticeLine]) -> Table:
    table = Table(
        *("Notices", "notified in, s", "senders", "sent in, s", "a second", "most in a second"),
        *("CPU a mail, ms", "connections", "RSS, MiB"),
    )
    for line in lines:
        table.add_row(*line.cells())
    return table


def main(
    notices: Annotated[
        list[int], typer.Option(help="Number of notices; repeat it to compare sizes.")
    ],
    senders: Annotated[int, typer.Option(help="Number of processes.")] = 1,
    per_second: Annotated[float, typer.Option(help="The rate of all together.")] = WITHOUT_LIMIT,
    delay: Annotated[float, typer.Option(help="Seconds that the SMTP server takes.")] = 0,
    database: Annotated[str, typer.Option(hidden=True)] = "",
    smtp: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Measure the notification and the sending of so many notices."""
    if database:
        run = asyncio.run(send_all(database, smtp, per_second))
        sys.stdout.write(json.dumps(asdict(run)))
        return
    console = Console(width=150)
    console.print(processes.description(), processes.disturbance())
    with temporary() as server:
        lines = [measure(server, count, senders, per_second, delay) for count in notices]
        console.print(result_table(lines))


if __name__ == "__main__":
    typer.run(main)
