"""Run the cabinet under load and a few faults before Prometheus; check and draw what it shows.

Every expression of the dashboard and of the alerts must be evaluated without an error. The picture
is drawn from the dashboard's file, because Grafana isn't part of the environment.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Annotated, Any

import asyncpg
import httpx
import typer
from rich.console import Console

from benchmarks.faults.campaign import SECRET, SETTINGS
from benchmarks.faults.client import ApiClient
from benchmarks.faults.gates import GateMode
from benchmarks.faults.ledger import Ledger
from benchmarks.faults.seed import DATABASE, populate
from benchmarks.faults.services import Service, Services, running_services
from benchmarks.faults.system import LkProcess, environment, running
from benchmarks.faults.writers import Writers
from benchmarks.observability.drawing import Panel, draw, panels_of, write_picture
from benchmarks.observability.prometheus import Prometheus, running_prometheus
from benchmarks.observability.traffic import Readers
from benchmarks.overload import prepare_customers
from benchmarks.servers import ROOT, free_port
from lk_graphql import database
from lk_graphql.demo.postgres.restartable import (
    RestartablePostgres,
    restartable_postgres,
    standby_of,
)
from lk_graphql.hooks import load_hooks
from lk_graphql.kit.signing import Signer
from lk_graphql.ports.jobs import enqueue

DASHBOARD = ROOT / "deploy/grafana/lk_graphql.json"
PICTURE = ROOT / "docs/images/dashboard.png"
CUSTOMERS, WRITERS, READERS, SUBSCRIBERS = 200, 3, 4, 5
_TARGETS: Sequence[str] = ("127.0.0.1:18001", "127.0.0.1:18002", "127.0.0.1:19001")
"""Addresses of the sample of Prometheus."""
SWEEPS = ("identity.sweep", "backoffice.sweep", "profile.sweep")
_POINTS, _OUTAGE_SECONDS = 120, 8
_KILL_JOBS = """
UPDATE job SET status = 'failed' WHERE id IN (SELECT id FROM job WHERE status = 'queued' LIMIT 2)"""
console = Console()


@dataclass(frozen=True)
class Cabinet:
    """The running processes, their database and services, and the ports of their metrics."""

    postgres: RestartablePostgres
    services: Services
    dsn: str
    writers: Writers
    readers: Readers
    metrics: dict[str, int]

    async def live(self, minutes: float) -> None:
        """Load for so long: a mail server is away, jobs die, and PostgreSQL is restarted."""
        self.writers.resume(WRITERS)
        reading = asyncio.create_task(self.readers.run(READERS, SUBSCRIBERS))
        part = minutes * 60 / 6
        await asyncio.sleep(part)
        await self.services.gates[Service.SMTP].switch(GateMode.DOWN)
        await asyncio.sleep(part)
        connection = await asyncpg.connect(self.dsn)
        await connection.execute(_KILL_JOBS)
        await connection.close()
        await self.services.gates[Service.SMTP].switch(GateMode.UP)
        for sweep in SWEEPS:
            await enqueue(sweep)
        await asyncio.sleep(2 * part)
        self.postgres.stop()
        await asyncio.sleep(_OUTAGE_SECONDS)
        self.postgres.start()
        await asyncio.sleep(2 * part)
        reading.cancel()
        await self.writers.pause()


@asynccontextmanager
async def running_cabinet(folder: Path) -> AsyncGenerator[Cabinet]:
    """PostgreSQL with a standby, the services, two `lk serve` and one `lk worker`."""
    ports = [free_port() for _ in range(5)]
    metrics = dict(zip(_TARGETS, ports, strict=False))
    rng = Random(7)
    async with AsyncExitStack() as stack:
        console.print("Starting PostgreSQL, a standby and the services")
        postgres = stack.enter_context(restartable_postgres(folder / "postgres"))
        dsn = postgres.dsn(DATABASE)
        people = await populate(postgres.dsn(), dsn, CUSTOMERS, folder / "people.json")
        await prepare_customers(dsn)
        standby = stack.enter_context(standby_of(postgres.dsn()))
        services = await stack.enter_async_context(running_services(folder, ports[3]))
        console.print("Starting lk serve and lk worker")
        settings = {**SETTINGS, **services.settings, "LK_DATABASE_URL": dsn}
        settings["LK_REPLICA_URLS"] = standby.dsn(DATABASE)
        for word, own in (
            ("serve", {"LK_METRICS_PORT": str(ports[0]), "LK_PORT": str(ports[3])}),
            ("serve", {"LK_METRICS_PORT": str(ports[1]), "LK_PORT": str(ports[4])}),
            ("worker", {"LK_METRICS_PORT": str(ports[2])}),
        ):
            log = folder / f"{word}{own['LK_METRICS_PORT']}.log"
            stack.enter_context(running(LkProcess((word,), log, environment(settings | own))))
        load_hooks()
        await database.open_models(dsn)
        stack.push_async_callback(database.close_models)
        clients = [ApiClient(f"http://127.0.0.1:{port}", 30, rng) for port in ports[3:]]
        for client in clients:
            stack.push_async_callback(client.close)
            await client.wait_until_ready()
        signer, ledger = Signer(SECRET.encode()), Ledger(folder / "ledger.jsonl")
        writers = Writers(clients[0], ledger, people, dsn, signer, rng)
        http = httpx.AsyncClient(base_url=clients[1].url, timeout=30, trust_env=False)
        await stack.enter_async_context(http)
        readers = Readers(http, people.customers, rng)
        yield Cabinet(postgres, services, dsn, writers, readers, metrics)


def faults_of(prometheus: Prometheus) -> Iterator[str]:
    """A sentence for each target that is down and each rule that can't be evaluated."""
    for target, health in prometheus.targets().items():
        if health != "up":
            yield f"{target} is {health}"
    for rule in prometheus.rules():
        console.print(f"alert {rule.name}: {rule.state}")
        if rule.error:
            yield f"alert {rule.name}: {rule.error}"


def filled(prometheus: Prometheus, start: float, end: float) -> list[Panel]:
    """The dashboard's panels with their series. Raises ValueError for a wrong expression."""
    dashboard: dict[str, Any] = json.loads(DASHBOARD.read_text())
    step = max((end - start) / _POINTS, 5)
    panels = [
        panel.filled(lambda text: prometheus.series(text, start, end, step))
        for panel in panels_of(dashboard)
    ]
    for panel in panels:
        if panel.targets:
            console.print(f"{panel.title}: {len(panel.lines)} series")
    return panels


async def measure(folder: Path, minutes: float, picture: Path) -> list[str]:
    async with running_cabinet(folder) as cabinet:
        with running_prometheus(folder / "prometheus", cabinet.metrics) as prometheus:
            start = time.time()
            console.print(f"Load for {minutes:g} minutes")
            await cabinet.live(minutes)
            end = time.time()
            faults = [*faults_of(prometheus)]
            write_picture(draw(filled(prometheus, start, end), start, end), picture)
    return faults


def main(
    *,
    minutes: Annotated[float, typer.Option(min=2, help="Minutes of load.")] = 20,
    picture: Annotated[Path, typer.Option(help="The PNG or SVG to write.")] = PICTURE,
) -> None:
    """Check the dashboard and the alerts before a real Prometheus, and draw the dashboard."""
    with tempfile.TemporaryDirectory(prefix="lk-", dir="/tmp") as scrap:
        Path(scrap).chmod(0o755)  # root's PostgreSQL runs under another account
        faults = asyncio.run(measure(Path(scrap), minutes, picture))
    for sentence in faults:
        console.print(f"[red]{sentence}", highlight=False)
    sys.exit(bool(faults))


if __name__ == "__main__":
    typer.run(main)
