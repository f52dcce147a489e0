"""`python -m benchmarks.imports`: the cost of a month's bills, against a COPY of the same rows.

The COPY writes the same rows into the same tables, with the same indexes and constraints, and is
rolled back; `lk import` reads files, checks them, and commits. A run has a COPY, an import and
another COPY, while a server gets dashboard requests at a steady rate. Then readings are exported.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Annotated

import asyncpg
import typer

from benchmarks import budget, month, processes, seed
from benchmarks.operations import OPERATIONS
from benchmarks.servers import LK, RunningServer, ask, running
from lk_graphql.demo.postgres import temporary
from lk_graphql.exchange.models import ExportFormat, ExportKind
from lk_graphql.exchange.service.batches import BATCH
from lk_graphql.exchange.service.exports import export_rows

RESULTS = Path(__file__).parent / "imports.md"
REQUEST_RATE = 20  # dashboards a second


@dataclass(frozen=True)
class Figures:
    """Durations in seconds; a dashboard's p99 alone, during the COPY, during the import, in ms.

    `memory` is the server's RSS before and after the import, in MiB.
    """

    bills: int
    batch: int
    copies: list[float]
    imported: month.ImportRun
    quiet: float
    copying: float
    importing: float
    exported: float
    memory: tuple[float, float]

    @property
    def ratio(self) -> float:
        return self.imported.seconds / (sum(self.copies) / len(self.copies))

    @property
    def line(self) -> str:
        """The line in `results.md`."""
        return (
            f"Imports: {self.bills:,} bills with 5 lines each in {self.imported.seconds:.1f} s,"
            f" which is {self.ratio:.2f} times a COPY of the same rows"
            f" ({budget.IMPORT:.0f} are allowed); meanwhile a dashboard's p99 is"
            f" {self.importing:.0f} ms instead of {self.quiet:.0f}."
            f" Exports: {self.exported:,.0f} rows a second"
        )


@asynccontextmanager
async def constant_load(server: RunningServer, request: str) -> AsyncGenerator[list[float]]:
    """Send requests at a steady rate; yields the latencies from their scheduled times, in ms.

    Raises the exceptions of `ask`.
    """
    latencies: list[float] = []

    async def send() -> None:
        scheduled = time.perf_counter()
        while True:
            await asyncio.sleep(scheduled - time.perf_counter())
            await asyncio.to_thread(ask, server.port, request)
            latencies.append((time.perf_counter() - scheduled) * 1000)
            scheduled += 1 / REQUEST_RATE

    task = asyncio.create_task(send())
    try:
        yield latencies
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def export_seconds(dsn: str) -> tuple[float, int]:
    """Seconds and rows of an export of all readings in the database."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("UPDATE reading SET source = 'CUSTOMER' WHERE state = 'ACCEPTED'")
    started, rows = time.perf_counter(), 0
    lines = export_rows(
        connection, ExportKind.READINGS, ExportFormat.CSV, since=datetime(2000, 1, 1, tzinfo=UTC)
    )
    async for batch in lines:
        rows += len(batch)
    seconds = time.perf_counter() - started
    await connection.close()
    return seconds, rows


def p99(milliseconds: list[float]) -> float:
    return quantiles(milliseconds, n=100)[98]


async def _measure(
    dsn: str, folder: Path, server: RunningServer, request: str, bills: int, batch: int
) -> Figures:
    async with constant_load(server, request) as quiet:
        await asyncio.sleep(10)
    async with constant_load(server, request) as copying:
        copies = [await month.time_copy(dsn, folder)]
    before = processes.memory(server.pid).rss
    async with constant_load(server, request) as importing:
        import_run = await month.run_import(dsn, folder, "--batch", str(batch))
    memory = before, processes.memory(server.pid).rss
    await month.delete_imported(dsn)
    async with constant_load(server, request):
        copies.append(await month.time_copy(dsn, folder))
    seconds, rows = await export_seconds(dsn)
    latencies = p99(quiet), p99(copying), p99(importing)
    return Figures(bills, batch, copies, import_run, *latencies, rows / seconds, memory)


def report(figures: Figures, disturbance: str) -> str:
    copies = " and ".join(f"{seconds:.1f}" for seconds in figures.copies)
    bills, sizes = figures.bills, " MiB, ".join(f"{size:.0f}" for size in figures.memory)
    latencies = figures.quiet, figures.copying, figures.importing
    p99s = ", ".join(f"{latency:.0f} ms" for latency in latencies)
    seconds = figures.imported.seconds
    return "\n".join(
        [
            "# What an import costs",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d} with `python -m benchmarks.imports`.",
            f"- {processes.description()}.",
            f"- A server gets {REQUEST_RATE} dashboard requests a second all the time.",
            *([f"- {disturbance}"] if disturbance else []),
            "",
            f"| {bills:,} bills with 5 lines each | |",
            "|---|---|",
            f"| COPY of the same rows, before and after | {copies} s |",
            f"| `lk import invoices`, the start of Python included | {seconds:.1f} s |",
            f"| in transactions of so many bills | {figures.batch:,} |",
            f"| the longest for which old rows were kept | {figures.imported.snapshot:.1f} s |",
            f"| ratio ({budget.IMPORT:.0f} is allowed) | {figures.ratio:.2f} |",
            f"| rows a second | {6 * bills / seconds:,.0f} |",
            f"| p99 of a dashboard: alone, beside the COPY, beside the import | {p99s} |",
            f"| memory of the command, at most | {figures.imported.memory:.0f} MiB |",
            f"| memory of the server, before and after the import | {sizes} MiB |",
            f"| `lk export readings`, rows a second | {figures.exported:,.0f} |",
            "",
        ]
    )


def main(
    bills: Annotated[int, typer.Option(help="Number of bills, with five lines each.")] = 100_000,
    batch: Annotated[int, typer.Option(help="Number of bills of a transaction.")] = BATCH,
    *,
    write: Annotated[bool, typer.Option(help="Into benchmarks/imports.md.")] = False,
) -> None:
    """Measure the import of a month's bills against a COPY of the same rows."""
    disturbance = processes.disturbance()
    text = report(measured(bills, batch), disturbance)
    print(text)
    if write:
        RESULTS.write_text(text)


def measured(bills: int, batch: int = BATCH) -> Figures:
    """Measure on a new database, with a server under constant load."""
    cores = processes.assign_cores()
    with temporary() as postgresql, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dsn = asyncio.run(seed.seed(postgresql, seed.SeedSize(200)))
        asyncio.run(month.prepare(dsn, folder, bills))
        request = OPERATIONS[0].request(LK.name, asyncio.run(seed.facts(dsn)).customers[0])
        with running(LK, dsn, cores.server, request) as server:
            return asyncio.run(_measure(dsn, folder, server, request, bills, batch))


if __name__ == "__main__":
    typer.run(main)
