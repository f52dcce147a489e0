"""`python -m benchmarks.notices --notices N`: a month's reminders, from the job to SMTP messages.

On a new PostgreSQL: the production job notifies N customers of a due bill. Then another process
sends N mails with the production sender, without a rate limit, to a mailer that formats each
message and drops it. Several sizes show whether the sender's memory grows with N.
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
from lk_graphql import database
from lk_graphql.billing.service.notifications import notify_of_due
from lk_graphql.database import migrations
from lk_graphql.demo.postgres import temporary
from lk_graphql.hooks import load_hooks
from lk_graphql.kit import emails
from lk_graphql.kit.company import Company
from lk_graphql.kit.signing import Signer
from lk_graphql.notifications.jobs import mail_of
from lk_graphql.notifications.models import NoticeChannel
from lk_graphql.notifications.service.delivery import Clock, Gateway, deliver
from lk_graphql.notifications.service.mail_lines import lines_of
from lk_graphql.notifications.service.outbox import LeasedDelivery
from lk_graphql.ports.mail import Sender
from lk_graphql.ports.mail.message import message

SEED = Path(__file__).with_name("notices.sql")
COMPANY = Company("Энергосбыт", "https://lk.example.ru", ZoneInfo("Asia/Novokuznetsk"))
TODAY = date(2026, 11, 14)  # two days before all bills are due
NOW = datetime(2026, 11, 14, 3, tzinfo=UTC)
WITHOUT_LIMIT = 1e6  # mails a second


@dataclass(frozen=True)
class SendRun:
    """A run of the sender: seconds of wall clock and of CPU, and RSS in MiB.

    `sizes` are taken at the first mail and after each quarter.
    """

    mails: int
    seconds: float
    cpu: float
    sizes: Sequence[float]


@dataclass(frozen=True)
class NoticeLine:
    notices: int
    notifying: float
    sent: SendRun

    def cells(self) -> tuple[str, ...]:
        sent = self.sent
        return (
            f"{self.notices:,}",
            f"{self.notifying:.1f}",
            f"{sent.seconds:.1f}",
            f"{sent.mails / sent.seconds:,.0f}",
            f"{1000 * sent.cpu / sent.mails:.2f}",
            " · ".join(f"{size:.0f}" for size in sent.sizes),
        )


async def notify_all(dsn: str) -> tuple[int, float]:
    """Notify customers of due bills; returns the number of notices and the seconds."""
    async with open_models(dsn):
        started = time.perf_counter()
        count = await notify_of_due(TODAY, now=NOW)
        return count, time.perf_counter() - started


async def send_all(dsn: str, count: int) -> SendRun:
    """Send all mails in this process. Raises AssertionError unless all are sent."""
    links, sender = Signer(b"k" * 32), Sender("Энергосбыт", emails.parse("lk@example.ru"))
    sizes: list[float] = []
    written = 0

    async def send(delivery: LeasedDelivery) -> None:
        nonlocal written
        mail = mail_of(delivery, await lines_of(delivery), COMPANY, links)
        message(mail, delivery.email, sender, key=delivery.id, now=NOW)
        if written % (count // 4) == 0:
            sizes.append(processes.memory(os.getpid()).rss)
        written += 1

    gateway = Gateway(NoticeChannel.EMAIL, WITHOUT_LIMIT, send, ())
    epoch = time.monotonic()
    clock = Clock(lambda: NOW + timedelta(seconds=time.monotonic() - epoch))
    async with open_models(dsn):
        started_at, cpu = time.perf_counter(), _cpu()
        sent = await deliver(gateway, company=COMPANY, clock=clock, until=NOW + timedelta(hours=9))
        seconds, cpu = time.perf_counter() - started_at, _cpu() - cpu
    assert sent == count, f"{sent} of {count} were sent"
    return SendRun(sent, seconds, cpu, sizes)


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


def measure(server: str, count: int) -> NoticeLine:
    dsn = asyncio.run(seed(server, count))
    notices, seconds = asyncio.run(notify_all(dsn))
    command = [sys.executable, "-m", "benchmarks.notices", "--notices", str(notices)]
    sender = subprocess.run([*command, "--sender", dsn], check=True, stdout=subprocess.PIPE)
    return NoticeLine(notices, seconds, SendRun(**json.loads(sender.stdout)))


def result_table(lines: Sequence[NoticeLine]) -> Table:
    table = Table(
        "Notices", "notified in, s", "sent in, s", "a second", "CPU a mail, ms", "sender's RSS, MiB"
    )
    for line in lines:
        table.add_row(*line.cells())
    return table


def main(
    notices: Annotated[
        list[int], typer.Option(help="Number of notices; repeat it to compare sizes.")
    ],
    sender: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Measure the notification and the sending of so many notices."""
    if sender:
        sys.stdout.write(json.dumps(asdict(asyncio.run(send_all(sender, notices[0])))))
        return
    console = Console()
    console.print(processes.description(), processes.disturbance())
    with temporary() as server:
        console.print(result_table([measure(server, count) for count in notices]))


if __name__ == "__main__":
    typer.run(main)
