"""`python -m benchmarks.imports`: what a month of bills costs, beside a COPY of the same rows.

The COPY writes the same rows into the same tables, with the same indexes and constraints, and is
rolled back; `lk import` reads files, checks them, and commits. Both in one run, one after the other
and again, while somebody asks a server the dashboard all the time. Then what was sent is exported.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Annotated

import asyncpg
import typer

from benchmarks import processes, seed
from benchmarks.operations import OPERATIONS
from benchmarks.servers import LK, Running, ask, running
from lk_graphql.embedded import temporary
from lk_graphql.exchange.models import ExportFormat, ExportKind
from lk_graphql.exchange.service.exporting import exported

RESULTS = Path(__file__).parent / "imports.md"
ROWS = Path(__file__).parent / "imports.sql"
ALLOWED = 3.0
FILES = {
    "invoices.csv": """
        SELECT account, number, '2026-10' AS period, '2026-11-03' AS issued_on,
            '2026-11-16' AS due_on, 0 AS opening_balance, round(amount * 5 / 100.0, 2) AS charged,
            0 AS recalculated, 0 AS penalty, 0 AS paid,
            round(amount * 5 / 100.0, 2) AS closing_balance, kwh * 5 AS consumption_kwh
        FROM bill""",
    "invoice_lines.csv": """
        SELECT number AS invoice, p AS position, 'ENERGY' AS kind, 'Электроснабжение' AS service,
            'DAY' AS zone, p AS range_number, kwh AS quantity_kwh, '4.09' AS rubles_per_kwh,
            round(amount / 100.0, 2) AS amount FROM bill, generate_series(1, 5) p""",
}
TABLES = {
    "invoice": """
        SELECT id, account_id, number, '2026-10-01'::date AS period,
            '2026-11-03'::date AS issued_on, '2026-11-16'::date AS due_on,
            0 AS opening_balance, amount * 5 AS charged,
            0 AS recalculated, 0 AS penalty, 0 AS paid, amount * 5 AS closing_balance,
            amount * 5 AS unpaid, kwh * 5 AS consumption_kwh, now() AS data_as_of FROM bill""",
    "invoice_line": """
        SELECT new_key() AS id, id AS invoice_id, p AS position, 'ENERGY' AS kind,
            'Электроснабжение' AS service, 'DAY' AS zone, p AS range_number, kwh AS quantity_kwh,
            4.09 AS rubles_per_kwh, amount FROM bill, generate_series(1, 5) p""",
    "account_balance": """
        SELECT new_key() AS id, account_id, amount * 5 AS debt, 0 AS penalty, 0 AS overpayment,
            now() AS as_of FROM bill""",
}


@dataclass(frozen=True)
class Figures:
    """Seconds; p99 of a dashboard in milliseconds, without and with the import.

    `memory` is what the server holds (RSS), before and after the import, in MiB.
    """

    bills: int

    copies: list[float]
    imported: float
    quiet: float
    busy: float
    exported: float
    memory: tuple[float, float]

    @property
    def ratio(self) -> float:
        return self.imported / (sum(self.copies) / len(self.copies))

    @property
    def line(self) -> str:
        """For the page of all benchmarks."""
        return (
            f"Imports: {self.bills:,} bills with 5 lines each in {self.imported:.1f} s, which is"
            f" {self.ratio:.2f} times a COPY of the same rows ({ALLOWED:.0f} are allowed);"
            f" meanwhile a dashboard's p99 is {self.busy:.0f} ms instead of {self.quiet:.0f}."
            f" Exports: {self.exported:,.0f} rows a second"
        )


async def prepare(dsn: str, folder: Path, bills: int) -> None:
    connection = await asyncpg.connect(dsn)
    for statement in ROWS.read_text().format(bills=bills).split(";")[:-1]:
        await connection.execute(statement)
    for name, query in FILES.items():
        with (folder / name).open("wb") as file:
            await connection.copy_from_query(
                query, output=file, format="csv", header=True, delimiter=";"
            )
    for name, query in TABLES.items():
        with (folder / name).open("wb") as file:
            await connection.copy_from_query(query, output=file)
    await connection.close()


async def copied(dsn: str, folder: Path) -> float:
    """Seconds of the COPY, which is taken back."""
    connection = await asyncpg.connect(dsn)
    transaction = connection.transaction()
    await transaction.start()
    begun = time.perf_counter()
    for name, query in TABLES.items():
        described = await connection.prepare(query)
        columns = [column.name for column in described.get_attributes()]
        with (folder / name).open("rb") as file:
            await connection.copy_to_table(name, source=file, columns=columns)
    seconds = time.perf_counter() - begun
    await transaction.rollback()
    await connection.execute("VACUUM invoice, invoice_line, account_balance")
    await connection.close()
    return seconds


async def imported(dsn: str, folder: Path) -> float:
    """Seconds of the whole command."""
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lk_graphql", "import", "invoices", *FILES),
        env=os.environ | {"LK_DATABASE_URL": dsn},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, told = await process.communicate()
    if process.returncode:
        raise OSError(f"lk import has failed:\n{told.decode()[-2000:]}")
    return time.perf_counter() - begun


@asynccontextmanager
async def asking(server: Running, request: str) -> AsyncGenerator[list[float]]:
    """Ask all the time; the milliseconds of each answer."""
    taken: list[float] = []

    async def go() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.to_thread(ask, server.port, request)
            taken.append((time.perf_counter() - begun) * 1000)

    task = asyncio.create_task(go())
    try:
        yield taken
    finally:
        task.cancel()


async def export_seconds(dsn: str) -> tuple[float, int]:
    """Seconds and rows of an export of all readings that the database holds."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("UPDATE reading SET source = 'CUSTOMER' WHERE state = 'ACCEPTED'")
    begun, rows = time.perf_counter(), 0
    lines = exported(
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
    copies = [await copied(dsn, folder)]
    async with asking(server, request) as quiet:
        await asyncio.sleep(5)
    before = processes.memory(server.pid).rss
    async with asking(server, request) as busy:
        seconds = await imported(dsn, folder)
    memory = before, processes.memory(server.pid).rss
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "DELETE FROM invoice WHERE data_as_of IS NOT NULL;"
        " DELETE FROM account_balance WHERE account_id IN (SELECT account_id FROM bill)"
    )
    await connection.execute("VACUUM invoice, invoice_line, account_balance")
    await connection.close()
    copies.append(await copied(dsn, folder))
    out, rows = await export_seconds(dsn)
    return Figures(bills, copies, seconds, p99(quiet), p99(busy), rows / out, memory)


def report(figures: Figures) -> str:
    copies = " and ".join(f"{seconds:.1f}" for seconds in figures.copies)
    bills, sizes = figures.bills, " MiB, ".join(f"{size:.0f}" for size in figures.memory)
    p99s = f"{figures.quiet:.0f} ms, {figures.busy:.0f} ms"
    return "\n".join(
        [
            "# What an import costs",
            "",
            f"Measured on {datetime.now(UTC):%Y-%m-%d} with `python -m benchmarks.imports`.",
            f"- {processes.description()}.",
            *([f"- {disturbed}"] if (disturbed := processes.disturbance()) else []),
            "",
            f"| {bills:,} bills with 5 lines each | |",
            "|---|---|",
            f"| COPY of the same rows, before and after | {copies} s |",
            f"| `lk import invoices`, the start of Python included | {figures.imported:.1f} s |",
            f"| ratio ({ALLOWED:.0f} is allowed) | {figures.ratio:.2f} |",
            f"| rows a second | {6 * bills / figures.imported:,.0f} |",
            f"| p99 of a dashboard, without and with the import | {p99s} |",
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
    told = report(measured(bills))
    print(told)
    if write:
        RESULTS.write_text(told)


def measured(bills: int) -> Figures:
    """On a database of its own, with a server that is asked all the time."""
    cores = processes.share_out()
    with temporary() as postgresql, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dsn = asyncio.run(seed.seed(postgresql, 200))
        asyncio.run(prepare(dsn, folder, bills))
        request = OPERATIONS[0].asked(LK.name, asyncio.run(seed.facts(dsn)).customers[0])
        with running(LK, dsn, cores.server, request) as server:
            return asyncio.run(_measured(dsn, folder, server, request, bills))


if __name__ == "__main__":
    typer.run(main)
