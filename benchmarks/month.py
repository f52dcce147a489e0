"""A month of bills to import: its files, a COPY of the same rows, and `lk import` of it."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from benchmarks import processes

ROWS = Path(__file__).parent / "imports.sql"
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
_FORGET = """
DELETE FROM invoice WHERE data_as_of IS NOT NULL;
DELETE FROM account_balance WHERE account_id IN (SELECT account_id FROM bill)
"""
_VACUUM = "VACUUM invoice, invoice_line, account_balance"
_RUNS = "SELECT state, reason, rows_read, rows_loaded, errors FROM import_run ORDER BY started_at"


@dataclass(frozen=True)
class Imported:
    """The whole command: its seconds, and the most memory that it ever held (RSS), in MiB."""

    seconds: float
    memory: float


class ImportFailed(Exception):
    """What there is to know of it."""


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
    await connection.execute(_VACUUM)
    await connection.close()
    return seconds


async def imported(dsn: str, folder: Path) -> Imported:
    """Raises `ImportFailed`."""
    begun, memory = time.perf_counter(), 0.0
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lk_graphql", "import", "invoices", *FILES),
        env=os.environ | {"LK_DATABASE_URL": dsn},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    telling = asyncio.create_task(process.communicate())
    while not telling.done():
        memory = max(memory, processes.peak(process.pid))
        await asyncio.wait([telling], timeout=0.5)
    seconds = time.perf_counter() - begun
    _, told = await telling
    if process.returncode:
        raise ImportFailed(await _why(dsn, folder, process.returncode, told))
    return Imported(seconds, memory)


async def _why(dsn: str, folder: Path, code: int, told: bytes) -> str:
    """A code below zero is a signal's: somebody has killed the command."""
    free = shutil.disk_usage(folder).free // 2**20
    try:
        connection = await asyncpg.connect(dsn, timeout=10)
        runs = [dict(row) for row in await connection.fetch(_RUNS)]
        await connection.close()
    except (OSError, asyncpg.PostgresError) as failure:
        runs = repr(failure)
    said = told.decode(errors="replace")[-2000:]
    return f"exit code {code}; {free} MiB of disk are free; its records: {runs}\n{said}"


async def forget(dsn: str) -> None:
    """Take back what was imported."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(_FORGET)
    await connection.execute(_VACUUM)
    await connection.close()
