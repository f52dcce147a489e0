"""`python -m benchmarks.layouts`: invoices, lines and readings in one table each, or partitioned.

Makes the rows of `seed.sql` once, then copies the large tables into a schema for each layout: as
they are, partitioned by month, and by a hash of their owner. A layout's connections find its tables
first. The same queries, a month's COPY and the deletion of the oldest month run on all of them.

Copies have no foreign keys (a reference to a partitioned table needs its partition key) and no
triggers. The layouts therefore compare with each other, and not with the application's own tables.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import asyncpg
import typer

from benchmarks import growth, month, processes, seed
from benchmarks.growth import GrowthLine
from benchmarks.operations_page import replace_section
from benchmarks.suppliers import SESSIONS, settle
from lk_graphql.demo.postgres import embedded

RESULTS = Path(__file__).parent / "layouts.md"
HASHES = 16
ROUNDS = 5
_BUILDING = ("wal_level = minimal", "max_wal_senders = 0", "maintenance_work_mem = '512MB'")
_IMPORTED = "2026-10-01"  # the month of `benchmarks.month`
_TABLES = {
    "invoice": (
        "UNIQUE (id{key})",
        "UNIQUE (number{key})",
        "UNIQUE (account_id, period)",
        "(due_on) WHERE unpaid > 0",
    ),
    "invoice_line": ("UNIQUE (id{key})", "UNIQUE (invoice_id, position{key})"),
    "invoice_reading": ("UNIQUE (id{key})", "UNIQUE (invoice_id, register_id{key})"),
    "reading": (
        "UNIQUE (id{key})",
        "(register_id, taken_on, id)",
        "(submitted_by_id) WHERE submitted_by_id IS NOT NULL",
        "(batch) WHERE batch IS NOT NULL",
        "UNIQUE (register_id, period, taken_on) WHERE state = 'ACCEPTED'",
        "UNIQUE (register_id, period) WHERE state = 'ACCEPTED' AND source = 'CUSTOMER'",
        "UNIQUE (register_id, period) WHERE state IN ('NEEDS_CONFIRMATION', 'ON_REVIEW')",
        "UNIQUE (photo_id{key}) WHERE photo_id IS NOT NULL",
    ),
}
"""Indexes of the application's tables; a unique one of a partitioned table has its key."""
_SOURCES = {
    "invoice": "SELECT t.* FROM public.invoice t",
    "reading": "SELECT t.* FROM public.reading t",
}
_PARTS = """SELECT t.*, invoice.period FROM public.{table} t
JOIN public.invoice ON invoice_id = invoice.id"""
_SIZES = """
SELECT sum(pg_table_size(oid)) / 1e6 AS heap, sum(pg_indexes_size(oid)) / 1e6 AS indexes,
    count(*) AS tables
FROM pg_class WHERE relkind = 'r' AND relnamespace = $1::text::regnamespace"""


@dataclass(frozen=True)
class Layout:
    """The partition key of each table, by its name; empty for a table in one piece."""

    name: str
    kind: str = ""
    keys: Mapping[str, str] | None = None

    @property
    def schema(self) -> str:
        return f"layout_{self.name}"

    def address(self, dsn: str) -> str:
        return f"{dsn}&search_path={self.schema},public"

    def key(self, table: str) -> str:
        return (self.keys or {}).get(table, "")


LAYOUTS = (
    Layout("one"),
    Layout("month", "RANGE", dict.fromkeys(_TABLES, "period")),
    Layout(
        "hash",
        "HASH",
        {
            "invoice": "account_id",
            "invoice_line": "invoice_id",
            "invoice_reading": "invoice_id",
            "reading": "register_id",
        },
    ),
)


def _columns(layout: Layout, table: str) -> tuple[str, str]:
    """The definition of a copy's columns, and the query that fills it, in the order of time."""
    columns = f"LIKE public.{table} INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
    source = _SOURCES.get(table)
    if source:
        return columns, f"{source} ORDER BY t.period, t.id"
    source = _PARTS.format(table=table)
    if layout.key(table) == "period":
        period = f"period date NOT NULL DEFAULT '{_IMPORTED}'"
        return f"{columns}, {period}", f"{source} ORDER BY period, t.id"
    return columns, f"{source.replace(', invoice.period', '')} ORDER BY period, t.id"


def _partitions(layout: Layout, table: str, months: Sequence[str]) -> list[str]:
    """The statements that make the partitions of a table; `months` are first days, and the end."""
    name = f"{layout.schema}.{table}"
    if layout.kind == "RANGE":
        return [
            f"CREATE TABLE {name}_{first[:7].replace('-', '_')} PARTITION OF {name}"
            f" FOR VALUES FROM ('{first}') TO ('{last}')"
            for first, last in pairwise(months)
        ]
    return [
        f"CREATE TABLE {name}_{part} PARTITION OF {name}"
        f" FOR VALUES WITH (MODULUS {HASHES}, REMAINDER {part})"
        for part in range(HASHES)
        if layout.kind
    ]


def _index(layout: Layout, table: str, index: str) -> str:
    """The statement for an index; the partition key is added where it isn't a column of it yet."""
    key, unique = layout.key(table), "UNIQUE " if index.startswith("UNIQUE") else ""
    added = f", {key}" if key and key not in index.partition(")")[0] else ""
    columns = index.removeprefix("UNIQUE ").format(key=added)
    return f"CREATE {unique}INDEX ON {layout.schema}.{table} {columns}"


async def build(connection: asyncpg.Connection, layout: Layout, months: Sequence[str]) -> float:
    """Copy the tables into the layout and index them; returns the seconds."""
    started = time.perf_counter()
    await connection.execute(f"CREATE SCHEMA {layout.schema}")
    for table, indexes in _TABLES.items():
        columns, rows = _columns(layout, table)
        by = f"PARTITION BY {layout.kind} ({layout.key(table)})" if layout.kind else ""
        async with connection.transaction():  # with wal_level = minimal, nothing is logged
            await connection.execute(f"CREATE TABLE {layout.schema}.{table} ({columns}) {by}")
            for statement in _partitions(layout, table, months):
                await connection.execute(statement)
            await connection.execute(f"INSERT INTO {layout.schema}.{table} {rows}")
            for index in indexes:
                await connection.execute(_index(layout, table, index))
    view = await connection.fetchval(
        "SELECT pg_get_viewdef('public.monthly_consumption'::regclass)"
    )
    await connection.execute(f"SET search_path = {layout.schema}, public")
    await connection.execute(f"CREATE VIEW {layout.schema}.monthly_consumption AS {view}")
    for table in _TABLES:
        await connection.execute(f"VACUUM ANALYZE {table}")
    await connection.execute("RESET search_path")
    return time.perf_counter() - started


async def _month_list(connection: asyncpg.Connection) -> list[str]:
    """The first days of all months of bills and readings, of the imported one, and of the next."""
    rows = await connection.fetch(
        """SELECT month::date::text AS month FROM generate_series(
        (SELECT min(period) FROM (SELECT period FROM invoice UNION ALL SELECT period FROM reading)),
        (SELECT greatest(max(period), $1::text::date) FROM (SELECT period FROM invoice
            UNION ALL SELECT period FROM reading)) + interval '1 month',
        interval '1 month') month""",
        _IMPORTED,
    )
    return [row["month"] for row in rows]


@dataclass(frozen=True)
class Retention:
    """The deletion of the oldest month: seconds, and megabytes of WAL; then of its VACUUM."""

    seconds: float
    wal: float
    vacuum: float
    longest: float
    """Seconds of the longest transaction."""


async def delete_oldest(connection: asyncpg.Connection, layout: Layout) -> Retention:
    """Drop the oldest month's partitions, or delete its rows in batches and vacuum."""
    oldest = await connection.fetchval("SELECT min(period) FROM invoice")
    lsn = await connection.fetchval("SELECT pg_current_wal_insert_lsn()")
    started, longest = time.perf_counter(), 0.0
    if layout.kind == "RANGE":
        suffix = f"{oldest:%Y_%m}"
        for table in reversed(_TABLES):
            await connection.execute(f"DROP TABLE {table}_{suffix}")
        longest = time.perf_counter() - started
    else:
        for statement in _batched_deletes():
            deleted = 1
            while deleted:
                begun = time.perf_counter()
                deleted = int((await connection.execute(statement, oldest)).split()[-1])
                longest = max(longest, time.perf_counter() - begun)
    seconds = time.perf_counter() - started
    wal = await connection.fetchval("SELECT pg_current_wal_insert_lsn() - $1::pg_lsn", lsn)
    started = time.perf_counter()
    await connection.execute(f"VACUUM {', '.join(_TABLES)}")
    return Retention(seconds, float(wal) / 1e6, time.perf_counter() - started, longest)


def _batched_deletes() -> list[str]:
    """Statements that delete a batch each, parts before their invoices."""
    of_month = "SELECT id FROM {table} WHERE period = $1 LIMIT 5000"
    parts = (
        "DELETE FROM {part} WHERE invoice_id = ANY(ARRAY("
        "SELECT i.id FROM invoice i WHERE i.period = $1 AND EXISTS"
        " (SELECT FROM {part} p WHERE p.invoice_id = i.id) LIMIT 2000))"
    )
    return [
        parts.format(part="invoice_line"),
        parts.format(part="invoice_reading"),
        *(
            f"DELETE FROM {table} WHERE id = ANY(ARRAY({of_month.format(table=table)}))"
            for table in ("invoice", "reading")
        ),
    ]


@dataclass(frozen=True)
class LayoutFigures:
    """Of a layout: seconds to build it, MB of tables and indexes, their number, a month's COPY."""

    built: float
    heap: float
    indexes: float
    tables: int
    copies: Sequence[float]
    retention: Retention


async def _measure_layout(dsn: str, folder: Path, layout: Layout, built: float) -> LayoutFigures:
    address = layout.address(dsn)
    connection = await asyncpg.connect(address)
    size: Any = await connection.fetchrow(_SIZES, layout.schema)
    copies = [await month.time_copy(address, folder) for _ in range(2)]
    retention = await delete_oldest(connection, layout)
    await connection.close()
    heap, indexes = float(size["heap"]), float(size["indexes"])
    return LayoutFigures(built, heap, indexes, size["tables"], copies, retention)


_LINES: Mapping[str, Callable[[LayoutFigures], str]] = {
    "built, s": lambda figures: f"{figures.built:.0f}",
    "tables": lambda figures: f"{figures.tables}",
    "heap, MB": lambda figures: f"{figures.heap:,.0f}",
    "indexes, MB": lambda figures: f"{figures.indexes:,.0f}",
    "COPY of a month, s": lambda figures: f"{median(figures.copies):.1f}",
    "oldest month deleted, s": lambda figures: f"{figures.retention.seconds:.2f}",
    "… its longest transaction, s": lambda figures: f"{figures.retention.longest:.2f}",
    "… its WAL, MB": lambda figures: f"{figures.retention.wal:,.1f}",
    "… VACUUM afterwards, s": lambda figures: f"{figures.retention.vacuum:.1f}",
}


def write(
    layouts: Mapping[str, LayoutFigures], lines: Sequence[GrowthLine], conditions: Sequence[str]
) -> str:
    """The section of `layouts.md`."""
    header = ["", *layouts]
    figures = [[title, *map(of, layouts.values())] for title, of in _LINES.items()]
    costs = [
        [
            line.title,
            *(f"{c.python:.2f} + {c.postgresql:.2f} ms, {c.pages:.0f} pages" for c in line.costs),
        ]
        for line in lines
    ]
    table = (header, ["---"] * len(header), *figures, *costs)
    text = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with `python -m benchmarks.layouts`.",
        *(f"- {condition}" for condition in conditions),
        "",
        *(f"| {' | '.join(row)} |" for row in table),
        "",
    ]
    return "\n".join(text)


def _database(server: str) -> str:
    return server.replace("/postgres?", f"/{seed.NAME}?")


async def _filled(server: str, customers: int, months: int) -> str:
    """Make the rows, with a reading of each register a month; returns the database's address."""
    connection = await asyncpg.connect(server)
    exists = await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", seed.NAME)
    await connection.close()
    if exists:
        return _database(server)
    dsn = await seed.seed(server, seed.SeedSize(customers, months, readings=months, longest=months))
    connection = await asyncpg.connect(dsn)
    await connection.execute("DELETE FROM session")
    await connection.execute(SESSIONS)
    await connection.close()
    return dsn


async def _prepared(
    dsn: str, bills: int, folder: Path, chosen: Sequence[Layout]
) -> dict[str, float]:
    """Build the layouts that are missing; the seconds of each, 0 if it was there."""
    connection = await asyncpg.connect(dsn)
    if not await connection.fetchval("SELECT to_regclass('bill')"):
        await month.prepare(dsn, folder, bills)
    months = await _month_list(connection)
    built: dict[str, float] = {}
    for layout in chosen:
        exists = await connection.fetchval("SELECT to_regnamespace($1)", layout.schema)
        built[layout.name] = 0.0 if exists else await build(connection, layout, months)
    await connection.execute("CHECKPOINT")
    await connection.close()
    return built


async def _measured(
    dsn: str, folder: Path, built: Mapping[str, float], users: int, customers: int
) -> tuple[dict[str, LayoutFigures], list[GrowthLine]]:
    chosen = [layout for layout in LAYOUTS if layout.name in built]
    addresses = [(customers, layout.address(dsn)) for layout in chosen]
    lines = await growth.compared(addresses, users, ROUNDS)
    figures = {
        layout.name: await _measure_layout(dsn, folder, layout, built[layout.name])
        for layout in chosen
    }
    return figures, lines


def main(
    folder: Annotated[Path, typer.Argument(help="Where the database is kept.")],
    *,
    customers: Annotated[int, typer.Option(help="Customers, with three accounts each.")] = 33_333,
    months: Annotated[int, typer.Option(help="Billed months of an account.")] = 36,
    bills: Annotated[int, typer.Option(help="Bills of the imported month.")] = 100_000,
    users: Annotated[int, typer.Option(help="Customers that run the queries.")] = 300,
    only: Annotated[list[str] | None, typer.Option(help="Layouts; all without it.")] = None,
) -> None:
    """Compare the layouts of invoices, lines and readings."""
    data, files = folder / f"{customers}-{months}", folder / f"{customers}-{months}-files"
    files.mkdir(parents=True, exist_ok=True)
    chosen = [layout for layout in LAYOUTS if not only or layout.name in only]
    with embedded(data, durable=False) as dsn:
        asyncio.run(settle(dsn, *_BUILDING))
    with embedded(data, durable=False) as server:
        dsn = asyncio.run(_filled(server, customers, months))
        built = asyncio.run(_prepared(dsn, bills, files, chosen))
    with embedded(data) as server:  # durable, as production is
        disturbance = processes.disturbance()
        figures, lines = asyncio.run(_measured(_database(server), files, built, users, customers))
    conditions = [
        f"{processes.description()}.",
        f"{bills:,} more bills imported.",
        f"{users} customers, {ROUNDS} rounds.",
        *filter(None, [disturbance]),
    ]
    text = write(figures, lines, conditions)
    print(text)
    replace_section(f"{3 * customers:,} accounts with {months} months", text, RESULTS)


if __name__ == "__main__":
    typer.run(main)
