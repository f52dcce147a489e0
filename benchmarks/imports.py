"""`python -m benchmarks.imports`: what a month of bills costs, beside a COPY of the same rows.

The COPY writes the same rows into the same tables, with the same indexes and constraints, and is
rolled back; `lk import` reads files, checks them, and commits. Both in one run, one after the other
and again, while a server is asked the dashboard at a steady pace. Then what was sent is exported.
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
from benchmarks.servers import LK, Running, ask, running
from lk_graphql.demo.postgres import temporary
from lk_graphql.exchange.models import ExportFormat, ExportKind
from lk_graphql.exchange.service.exports import export_rows

RESULTS = Path(__file__).parent / "imports.md"
ASKED = 20  # dashboards a second


@dataclass(frozen=True)
class Figures:
    """Seconds; a dashboard's p99 in milliseconds: alone, beside the COPY, beside the import.

    `memory` is what the server holds (RSS), before and after the import, in MiB.
    """

    bills: int
    copies: list[float]
    imported: month.Imported
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
        """For the page of all benchmarks."""
        return (
            f"Imports: {self.bills:,} bills with 5 lines each in {self.imported.seconds:.1f} s,"
            f" which is {self.ratio:.2f} times a COPY of the same rows"
            f" ({budget.IMPORT:.0f} are allowed); meanwhile a dashboard's p99 is"
            f" {self.importing:.0f} ms instead of {self.quiet:.0f}."
            f" Exports: {self.exported:,.0f} rows a second"
        )


@asynccontextmanager
async def asking(server: Running, request: str) -> AsyncGenerator[list[float]]:
    """Ask at a steady pace; of each answer how many milliseconds after its turn it came.

    Raises what asking raises.
    """
    taken: list[float] = []

    async def go() -> None:
        turn = time.perf_counter()
        while True:
            await asyncio.sleep(turn - time.perf_counter())
            await asyncio.to_thread(ask, server.port, request)
            taken.append((time.perf_counter() - turn) * 1000)
            turn += 1 / ASKED

    task = asyncio.create_task(go())
    try:
        yield taken
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def export_seconds(dsn: str) -> tuple[float, int]:
    """Seconds and rows of an export of all readings that the database holds."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("UPDATE reading SET source = 'CUSTOMER' WHERE state = 'ACCEPTED'")
    begun, rows = time.perf_counter(), 0
    lines = export_rows(
        connection, ExportKind.READINGS, ExportFormat.CSV, since=datetime(2000, 1, 1, tzinfo=UTC)
    )
    async for batch in lines:
        rows += len(batch)
    seconds = time.perf_counter() - begun
    await connection.close()
    return seconds, rows


def p99(milliseconds: list[float]) -> float:
    return quantiles(milliseconds, n=100)[98]


async def _measured(dsn: str, folder: Path, server: Running, request: str, bills: int) -> Figures:
    async with asking(server, request) as quiet:
        await asyncio.sleep(10)
    async with asking(server, request) as copying:
        copies = [await month.copied(dsn, folder)]
    before = processes.memory(server.pid).rss
    async with asking(server, request) as importing:
        imported = await month.imported(dsn, folder)
    memory = before, processes.memory(server.pid).rss
    await month.forget(dsn)
    async with asking(server, request):
        copies.append(await month.copied(dsn, folder))
    out, rows = await export_seconds(dsn)
    waits = p99(quiet), p99(copying), p99(importing)
    return Figures(bills, copies, imported, *waits, rows / out, memory)


def report(figures: Figures, disturbed: str) -> str:
    copies = " and ".join(f"{seconds:.1f}" for seconds in figures.copies)
    bills, sizes = figures.bills, " MiB, ".join(f"{size:.0f}" for size in figures.memory)
    waits = figures.quiet, figures.copying, figures.importing
    p99s = ", ".join(f"{wait:.0f} ms" for wait in waits)
    seconds = figures.imported.seconds
    return "\n".join(
        [
            "# What an import costs",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d} with `python -m benchmarks.imports`.",
            f"- {processes.description()}.",
            f"- A server is asked {ASKED} dashboards a second all the time.",
            *([f"- {disturbed}"] if disturbed else []),
            "",
            f"| {bills:,} bills with 5 lines each | |",
            "|---|---|",
            f"| COPY of the same rows, before and after | {copies} s |",
            f"| `lk import invoices`, the start of Python included | {seconds:.1f} s |",
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
    bills: Annotated[int, typer.Option(help="How many bills, with five lines each.")] = 100_000,
    *,
    write: Annotated[bool, typer.Option(help="Into benchmarks/imports.md.")] = False,
) -> None:
    """Measure an import of a month beside a COPY of the same rows."""
    disturbed = processes.disturbance()
    told = report(measured(bills), disturbed)
    print(told)
    if write:
        RESULTS.write_text(told)


def measured(bills: int) -> Figures:
    """On a database of its own, with a server that is asked all the time."""
    cores = processes.share_out()
    with temporary() as postgresql, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dsn = asyncio.run(seed.seed(postgresql, 200))
        asyncio.run(month.prepare(dsn, folder, bills))
        request = OPERATIONS[0].asked(LK.name, asyncio.run(seed.facts(dsn)).customers[0])
        with running(LK, dsn, cores.server, request) as server:
            return asyncio.run(_measured(dsn, folder, server, request, bills))


if __name__ == "__main__":
    typer.run(main)
