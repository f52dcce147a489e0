"""A month of bills to import: its files, a COPY of the same rows, and `lk import` of it."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
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
            'DAY' AS zone, p % 3 + 1 AS range_number, kwh AS quantity_kwh, '4.09' AS rubles_per_kwh,
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
            'Электроснабжение' AS service, 'DAY' AS zone, p % 3 + 1 AS range_number,
            kwh AS quantity_kwh, 4.09 AS rubles_per_kwh, amount
        FROM bill, generate_series(1, 5) p""",
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
class ImportRun:
    """A run of the command: its duration in seconds, and its peak RSS in MiB.

    `snapshot` is the longest time, in seconds, for which it kept the row versions of others: that
    of its longest statement or transaction.
    """

    seconds: float
    memory: float
    snapshot: float


class ImportCommandFailed(Exception):
    """The command failed; the message has its exit code, output and records."""


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


async def time_copy(dsn: str, folder: Path) -> float:
    """The seconds of a COPY, which is rolled back."""
    connection = await asyncpg.connect(dsn)
    transaction = connection.transaction()
    await transaction.start()
    started = time.perf_counter()
    for name, query in TABLES.items():
        statement = await connection.prepare(query)
        columns = [column.name for column in statement.get_attributes()]
        with (folder / name).open("rb") as file:
            await connection.copy_to_table(name, source=file, columns=columns)
    seconds = time.perf_counter() - started
    await transaction.rollback()
    await connection.execute(_VACUUM)
    await connection.close()
    return seconds


async def run_import(dsn: str, folder: Path, *options: str) -> ImportRun:
    """Run `lk import`. Raises `ImportCommandFailed`."""
    started, memory = time.perf_counter(), 0.0
    longest = [0.0]
    snapshots = asyncio.create_task(watch_snapshots(dsn, longest))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lk_graphql", "import", "invoices", *FILES, *options),
        env=os.environ | {"LK_DATABASE_URL": dsn},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    output = asyncio.create_task(process.communicate())
    while not output.done():
        memory = max(memory, processes.peak(process.pid))
        await asyncio.wait([output], timeout=0.5)
    seconds = time.perf_counter() - started
    _, errors = await output
    if process.returncode:
        raise ImportCommandFailed(await _failure_text(dsn, folder, process.returncode, errors))
    snapshots.cancel()
    with suppress(asyncio.CancelledError):
        await snapshots
    return ImportRun(seconds, memory, longest[0])


_SNAPSHOT = """
SELECT coalesce(extract(epoch FROM max(
    now() - CASE WHEN backend_xid IS NULL THEN query_start ELSE xact_start END
)), 0)::float8
FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'
"""


async def watch_snapshots(dsn: str, longest: list[float]) -> None:
    """Keep the age of the oldest snapshot in `longest`, by looking ten times a second."""
    connection = await asyncpg.connect(dsn)
    while True:
        longest[0] = max(longest[0], await connection.fetchval(_SNAPSHOT))
        await asyncio.sleep(0.1)


async def _failure_text(dsn: str, folder: Path, code: int, output: bytes) -> str:
    """Describe a failure; a negative code is the number of a signal."""
    free = shutil.disk_usage(folder).free // 2**20
    try:
        connection = await asyncpg.connect(dsn, timeout=10)
        runs = [dict(row) for row in await connection.fetch(_RUNS)]
        await connection.close()
    except (OSError, asyncpg.PostgresError) as failure:
        runs = repr(failure)
    text = output.decode(errors="replace")[-2000:]
    return f"exit code {code}; {free} MiB of disk are free; its records: {runs}\n{text}"


async def delete_imported(dsn: str) -> None:
    """Delete the imported rows."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(_FORGET)
    await connection.execute(_VACUUM)
    await connection.close()
