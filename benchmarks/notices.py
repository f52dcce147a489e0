"""`python -m benchmarks.notices --notices N`: a month's reminders, from the cause to the wire.

On a PostgreSQL of its own: N people are told of a bill by the job of production, then a process of
its own sends N mails by the sender of production, at any speed, to a mailer that writes each mail
as SMTP would get it and drops it. Several sizes show whether the sender's memory grows with them.
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
from lk_graphql.notifications.service.outbox import LeasedDelivery
from lk_graphql.ports.mail import Sender
from lk_graphql.ports.mail.message import message

SEED = Path(__file__).with_name("notices.sql")
COMPANY = Company("Энергосбыт", "https://lk.example.ru", ZoneInfo("Asia/Novokuznetsk"))
TODAY = date(2026, 11, 14)  # two days before all bills are due
NOW = datetime(2026, 11, 14, 3, tzinfo=UTC)
WITHOUT_LIMIT = 1e6  # mails a second


@dataclass(frozen=True)
class Sent:
    """What one sender did: seconds of the clock and of its CPU, and its RSS in MiB.

    `sizes` are taken at the first batch, and after each quarter.
    """

    mails: int
    seconds: float
    cpu: float
    sizes: Sequence[float]


@dataclass(frozen=True)
class Line:
    notices: int
    telling: float
    sent: Sent

    def cells(self) -> tuple[str, ...]:
        sent = self.sent
        return (
            f"{self.notices:,}",
            f"{self.telling:.1f}",
            f"{sent.seconds:.1f}",
            f"{sent.mails / sent.seconds:,.0f}",
            f"{1000 * sent.cpu / sent.mails:.2f}",
            " · ".join(f"{size:.0f}" for size in sent.sizes),
        )


async def told(dsn: str) -> tuple[int, float]:
    """How many were told that their bill is due, and in how many seconds."""
    async with opened(dsn):
        begun = time.perf_counter()
        count = await notify_of_due(TODAY, now=NOW)
        return count, time.perf_counter() - begun


async def send_all(dsn: str, count: int) -> Sent:
    """In this process. Raises AssertionError unless each is sent."""
    links, sender = Signer(b"k" * 32), Sender("Энергосбыт", emails.parse("lk@example.ru"))
    sizes: list[float] = []
    written = 0

    async def send(one: LeasedDelivery) -> None:
        nonlocal written
        message(mail_of(one, COMPANY, links), one.email, sender, now=NOW)
        if written % (count // 4) == 0:
            sizes.append(processes.memory(os.getpid()).rss)
        written += 1

    gateway = Gateway(NoticeChannel.EMAIL, WITHOUT_LIMIT, send, ())
    started = time.monotonic()
    watch = Clock(lambda: NOW + timedelta(seconds=time.monotonic() - started))
    async with opened(dsn):
        begun, cpu = time.perf_counter(), _cpu()
        sent = await deliver(gateway, company=COMPANY, clock=watch, until=NOW + timedelta(hours=9))
        seconds, cpu = time.perf_counter() - begun, _cpu() - cpu
    assert sent == count, f"{sent} of {count} were sent"
    return Sent(sent, seconds, cpu, sizes)


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


@asynccontextmanager
async def opened(dsn: str) -> AsyncGenerator[None]:
    load_hooks()
    await database.open_models(dsn)
    try:
        yield
    finally:
        await database.close_models()


async def seed(server: str, count: int) -> str:
    """The address of a new database with so many people."""
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


def measured(server: str, count: int) -> Line:
    dsn = asyncio.run(seed(server, count))
    notices, telling = asyncio.run(told(dsn))
    command = [sys.executable, "-m", "benchmarks.notices", "--notices", str(notices)]
    sender = subprocess.run([*command, "--sender", dsn], check=True, stdout=subprocess.PIPE)
    return Line(notices, telling, Sent(**json.loads(sender.stdout)))


def shown(lines: Sequence[Line]) -> Table:
    table = Table(
        "Notices", "told in, s", "sent in, s", "a second", "CPU a mail, ms", "sender's RSS, MiB"
    )
    for line in lines:
        table.add_row(*line.cells())
    return table


def main(
    notices: Annotated[list[int], typer.Option(help="How many; several sizes are compared.")],
    sender: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Print what telling and sending so many cost."""
    if sender:
        sys.stdout.write(json.dumps(asdict(asyncio.run(send_all(sender, notices[0])))))
        return
    console = Console()
    console.print(processes.description(), processes.disturbance())
    with temporary() as server:
        console.print(shown([measured(server, count) for count in notices]))


if __name__ == "__main__":
    typer.run(main)
