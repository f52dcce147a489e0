"""Large runs, whose rows are written in batches.

A large run changes nothing until all its rows are checked. Then its staged rows are divided into
batches. A batch has all rows of some accounts. It is written by the same statements as a small run:
its rows are copied into temporary tables, which hide the staged tables of the same names. The
transaction of a batch also counts it in the record of the run. After a crash, another process
continues with the next batch.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asyncpg import Connection
from tortoise.transactions import in_transaction

from lk_graphql.accounts.service.changes import accounts_changed, suppress_publication
from lk_graphql.exchange.models import ImportRun, ImportState
from lk_graphql.exchange.service import application, balances, import_sql
from lk_graphql.exchange.service.application import STAGING_SCHEMA
from lk_graphql.exchange.service.import_sql import UNLOGGED
from lk_graphql.exchange.service.loading import Loading, ProgressCallback, Tally, ignore_progress
from lk_graphql.exchange.service.runs import (
    TRANSIENT_ERRORS,
    ImportAlreadyRunning,
    ImportResult,
    discard_temporary,
    exclusive_session,
    publish_change,
    save_totals,
)
from lk_graphql.identity.service.users import USER
from lk_graphql.import_formats.service.catalog import KINDS
from lk_graphql.import_formats.service.records import ImportFormat
from lk_graphql.kit.clock import Clock
from lk_graphql.kit.company import Company
from lk_graphql.kit.ids import new_key
from lk_graphql.ports.pubsub import publish_all

BATCH = 50_000
"""Bills, balances or payments in a batch; a run with no more rows is written at once."""
_BATCH_LOCK = 0x6C6B_6962  # "lkib" in ASCII
_DROP = """
SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables
WHERE schemaname = $1
"""


async def clear_staging(connection: Connection) -> None:
    """Drop the staged tables of a run. The caller holds the lock of imports."""
    if tables := await connection.fetchval(_DROP, STAGING_SCHEMA):
        await connection.execute(f"DROP TABLE {tables}")


_NUMBER = """
SELECT owner, div(sum(rows) OVER (ORDER BY first, owner) - rows, {size})::int AS number FROM (
    SELECT owner, sum(rows) AS rows, min(first) AS first FROM ({rows}) row GROUP BY owner
) owner
"""
"""The order of batches is that of the file, which is the physical order of the staged rows."""
_ROWS = """
SELECT {owner} AS owner, count(*) AS rows, min(file::bigint << 32 | line) AS first
FROM row_{name} GROUP BY 1
"""


async def divide(connection: Connection, kind: ImportFormat, size: int) -> int:
    """Divide the staged rows into batches of about `size` rows; return the number of batches.

    All rows with one value of the column `divided_by` are in one batch.
    """
    independent = [records for records in kind.records if not records.part_of]
    rows = [_ROWS.format(owner=kind.divided_by, name=records.name) for records in independent]
    query = _NUMBER.format(size=size, rows=" UNION ALL ".join(rows))
    await connection.execute(UNLOGGED.table_of("batch", query))
    await connection.execute("CREATE INDEX ON batch (number)")
    await connection.execute("ANALYZE batch")
    for records in kind.records:
        column = records.part_of.target if records.part_of else kind.divided_by
        await connection.execute(f"CREATE INDEX ON row_{records.name} ({column})")
        await connection.execute(f"DROP TABLE IF EXISTS stage_{records.name}")
    return await connection.fetchval("SELECT coalesce(max(number) + 1, 0) FROM batch")


async def write_batches(
    session: Connection, loading: Loading, result: ImportResult, company: Company, *, clock: Clock
) -> None:
    """Write the batches that aren't written yet, and end the run.

    After `ImportAlreadyRunning` and `TRANSIENT_ERRORS`, the run can be continued. After any other
    error it is FAILED.
    """
    run = result.run
    try:
        for number in range(run.batches_written, run.batches or 0):
            loading.report("Writing", number, run.batches or 0, run.rows_loaded)
            await session.execute("SELECT")  # fails in a lost session, which has lost the lock
            await _write_batch(number, loading, result, company, clock)
        await _end(result, now=clock())
    except (*TRANSIENT_ERRORS, ImportAlreadyRunning):
        raise
    except Exception as failure:
        run.reason = (
            f"{type(failure).__name__} after {run.batches_written} of {run.batches} batches: the"
            f" accounts of the others have no new rows. Import the files again. {failure}"
        )[:1000]
        run.state, run.finished_at = ImportState.FAILED, clock()
        await run.save()
        await publish_change(run.id)
        await clear_staging(session)
        raise
    loading.report("Writing", run.batches or 0, run.batches or 0, run.rows_loaded)
    await clear_staging(session)


async def try_batches(
    loading: Loading, result: ImportResult, company: Company, clock: Clock
) -> None:
    """Write each batch of a dry run and roll it back."""
    for number in range(result.run.batches or 0):
        loading.report("Writing", number, result.run.batches or 0, 0)
        try:
            await _write_batch(number, loading, result, company, clock)
        except _DryRun:
            continue


class _DryRun(Exception):
    """Rolls back a batch of a dry run."""


async def _write_batch(
    number: int, loading: Loading, result: ImportResult, company: Company, clock: Clock
) -> None:
    async def act() -> None:
        batch = Loading(loading.kind, ignore_progress)
        for name, tally in loading.tallies.items():
            batch.tallies[name].read = tally.read
        await _write_once(number, batch, result, company, clock)

    await application.retry_conflicts(act)


async def _write_once(
    number: int, batch: Loading, result: ImportResult, company: Company, clock: Clock
) -> None:
    run, kind = result.run, batch.kind
    async with in_transaction() as transaction:
        await suppress_publication()
        client: Any = transaction
        connection: Connection
        async with client.acquire_connection() as connection:
            await _require_turn(connection, run, number)
            await application.prepare_session(connection, run, company, is_local=True)
            await connection.execute(import_sql.keys(new_key()))
            for records in kind.records:
                table = f"row_{records.name}"
                rows = import_sql.rows_of_batch(STAGING_SCHEMA, records, kind.divided_by, number)
                await connection.execute(import_sql.TEMPORARY.table_of(table, rows))
                await connection.execute(f"ANALYZE {table}")
            await balances.compute_balances(connection, kind)
            await application.write_rows(connection, batch)
        await application.apply_effects(connection, result, company, now=clock())
        _add([*batch.tallies.values()], result.tallies)
        if run.is_dry_run:
            raise _DryRun
        run.batches_written = number + 1
        save_totals(run, result.tallies)
        await run.save(using_db=transaction)
        await publish_change(run.id)
        async with client.acquire_connection() as connection:
            await discard_temporary(connection)


async def _require_turn(connection: Connection, run: ImportRun, number: int) -> None:
    """Wait until a killed process's batch has ended. Raises `ImportAlreadyRunning`."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _BATCH_LOCK)
    query = "SELECT batches_written FROM import_run WHERE id = $1 AND NOT is_dry_run"
    written = await connection.fetchval(query, run.id)
    if written is not None and written != number:
        raise ImportAlreadyRunning("Another process goes on with this import.")


def _add(batch: Sequence[Tally], totals: Sequence[Tally]) -> None:
    for tally, total in zip(batch, totals, strict=True):
        total.inserted += tally.inserted
        total.changed += tally.changed
        total.removed += tally.removed


async def _end(result: ImportResult, *, now: datetime) -> None:
    """End the run, and publish the changes of all batches, which haven't published theirs."""
    run = result.run
    async with in_transaction() as transaction:
        await accounts_changed()
        await publish_all(USER)
        run.state, run.finished_at = ImportState.DONE, now
        save_totals(run, result.tallies)
        await run.save(using_db=transaction)
        await publish_change(run.id)


async def finish_interrupted(
    *, company: Company, clock: Clock, report: ProgressCallback = ignore_progress
) -> ImportRun | None:
    """Write the remaining batches of a run whose process has died; None if there is no such run.

    If PostgreSQL has lost the staged rows in a crash, the run becomes INTERRUPTED. Raises
    `ImportAlreadyRunning` if the process of the run is alive, and the errors of `write_batches`.
    """
    runs = ImportRun.filter(state=ImportState.APPLYING)
    if not await runs.exists():
        return None
    async with exclusive_session() as session:
        run = await runs.first()
        if run is None:
            return None
        loading = Loading(KINDS[run.kind], report, UNLOGGED)
        for total in run.totals:
            loading.tallies[total["name"]] = Tally(**total)
        result = ImportResult(run, [*loading.tallies.values()])
        if await _is_staged(session, run):
            await write_batches(session, loading, result, company, clock=clock)
        else:
            run.state, run.finished_at = ImportState.INTERRUPTED, clock()
            run.reason = (
                f"PostgreSQL has lost the rows of the other batches, after {run.batches_written} of"
                f" {run.batches}. Import the files again."
            )
            await run.save()
            await publish_change(run.id)
    return run


async def _is_staged(connection: Connection, run: ImportRun) -> bool:
    """Whether the unlogged tables still have their rows; a crash of PostgreSQL empties them."""
    if await connection.fetchval("SELECT to_regclass($1)", f"{STAGING_SCHEMA}.batch") is None:
        return False
    return (
        await connection.fetchval(f"SELECT max(number) + 1 FROM {STAGING_SCHEMA}.batch")
        == run.batches
    )
