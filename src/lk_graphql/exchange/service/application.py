"""Writing of the good rows of a run, and the effects on other slices.

The rows of a small run are written in one transaction. A large run changes nothing until all its
rows are checked. Then its staged rows are divided into batches. A batch has all rows of some
accounts. It is written by the same statements as a small run: its rows are copied into temporary
tables, which hide the staged tables of the same names. The transaction of a batch also counts it in
the record of the run. After a crash, another process continues with the next batch.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg import Connection, InvalidRegularExpressionError
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.accounts.service.account_days import month_visible_sql
from lk_graphql.accounts.service.changes import accounts_changed, suppress_publication
from lk_graphql.billing.service.invoices import invoice_due_sql
from lk_graphql.exchange.models import ImportRun, ImportState
from lk_graphql.exchange.service import import_effects, import_sql
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
from lk_graphql.import_formats.service.kinds import Answer, ImportKind
from lk_graphql.import_formats.service.readings import export_again
from lk_graphql.import_formats.service.records import BALANCES, ImportFormat
from lk_graphql.kit.clock import Clock
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.ids import new_key
from lk_graphql.metering.errors import PeriodBilled, ReadingFinal, TakenBeforePrevious
from lk_graphql.metering.models import CURRENT_STATES_SQL, PENDING_STATES_SQL
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.metering.service.reading_states import (
    accept_reading,
    count_for_last_month,
    reject_reading,
)
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import notify_accounts
from lk_graphql.payments.service.differences import Acknowledged, Posting, acknowledge
from lk_graphql.ports.pubsub import publish_all

BATCH = 50_000
"""Bills, balances or payments in a batch; a run with no more rows is written at once."""
CLOCK_TOLERANCE = timedelta(minutes=10)
"""Tolerance for a clock of the billing system that is fast."""
_SCHEMA = "import_staging"
_BATCH_LOCK = 0x6C6B_6962  # "lkib" in ASCII
_ATTEMPTS = 3
_ANSWERS = 5000  # rows that a cursor fetches at once
_RACES = asyncpg.DeadlockDetectedError, asyncpg.UniqueViolationError, IntegrityError
"""Errors that a concurrent request of a customer may cause."""
_READ_LATE_AND_CLOSED = f"""
SELECT a.id, a.closed_on FROM row_accounts r JOIN account a ON a.id = r.id
WHERE NOT r.is_stale AND a.closed_on IS NOT NULL AND EXISTS (
    SELECT FROM meter m JOIN register g ON g.meter_id = m.id JOIN reading n ON n.register_id = g.id
    WHERE m.account_id = a.id AND n.source = 'CUSTOMER' AND n.taken_on <= a.closed_on
    AND n.period > a.closed_on AND n.state IN ({CURRENT_STATES_SQL})
) AND NOT EXISTS (
    SELECT FROM invoice i WHERE i.account_id = a.id
    AND i.period >= date_trunc('month', a.closed_on::timestamp)
)
"""
_EXPORT_MOVED = export_again("SELECT * FROM reading WHERE id = ANY($1)")
_SETTINGS = {
    "datestyle": "ISO, DMY",
    "work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "client_connection_check_interval": "2s",
}
"""Settings of the transaction. With the last one, PostgreSQL ends the statement of a killed client
within seconds."""
_SET = "SELECT set_config(name, value, $3) FROM unnest($1::text[], $2::text[]) x (name, value)"
_ISSUED = NoticeKind.INVOICE_ISSUED
_NEW_BILLS = f"""
SELECT bill.account_id, 'invoice/' || bill.id, bill.id, bill.period, bill.due_on,
    ({invoice_due_sql("bill")})
FROM row_invoices imported JOIN invoice bill USING (id)
JOIN account ON account.id = bill.account_id
WHERE imported.is_new AND bill.due_on >= $1::date AND {month_visible_sql("bill.period")}
"""
"""New bills with their amounts due; not those of an archive (past their due day), and not those of
months of an earlier holder."""


async def prepare_session(
    connection: Connection, run: ImportRun, company: Company, *, is_local: bool
) -> None:
    """Set the settings that the SQL of an import reads, for the transaction or for the session.

    In a session, the search path begins with the schema in which unlogged tables are created.
    """
    settings = {
        **_SETTINGS,
        "timezone": company.zone.key,
        "lk.as_of": run.as_of.isoformat(),
        "lk.now": (run.started_at + CLOCK_TOLERANCE).isoformat(),
        "lk.account_number_pattern": f"^(?:{company.account_number_pattern})$",
    }
    if not is_local:
        settings["search_path"] = f'{_SCHEMA}, "$user", public'
    await connection.execute(_SET, [*settings], [*settings.values()], is_local)
    try:
        await connection.execute("SELECT '' ~ current_setting('lk.account_number_pattern')")
    except InvalidRegularExpressionError as error:
        raise CommandError(f"PostgreSQL can't read LK_ACCOUNT_NUMBER_PATTERN: {error}") from error


async def write_rows(connection: Connection, loading: Loading) -> None:
    """Write the rows of `row_x`, with the first holders, states of readings, and balances.

    Call it after `import_effects.compute_balances`.
    """
    kind, tallies = loading.kind, loading.tallies
    if BALANCES.name in tallies:
        await import_effects.recompute_unpaid(connection, kind)
    if kind.kind is ImportKind.ACCOUNTS:
        await import_effects.keep_history(connection)
    if "readings" in tallies:
        await import_effects.supersede_readings(connection)
    for records in kind.records:
        if records is not BALANCES:
            await loading.write(connection, records)
    if BALANCES.name in tallies:
        tallies[BALANCES.name].changed = await import_effects.settle_invoices(connection, kind)
    if kind.kind is ImportKind.INVOICES:
        await import_effects.accept_counted(connection)
    if kind.kind is ImportKind.ACCOUNTS:
        await import_effects.add_holders(connection)


async def apply_effects(
    connection: Connection, result: ImportResult, company: Company, *, now: datetime
) -> None:
    """Apply the effects on other slices in the transaction that writes the rows.

    `now` is the time of this transaction. A notice with the time of the run's start could be older
    than those that a customer has read since.
    """
    run, today = result.run, company.today(now)
    if run.kind is ImportKind.ACCOUNTS:
        result.new_holders = await import_effects.change_holders(connection, now=now)
        moved = list[UUID]()
        for account_id, closed_on in await connection.fetch(_READ_LATE_AND_CLOSED):
            moved += await count_for_last_month(account_id, closed_on)
        await connection.execute(_EXPORT_MOVED, moved)
    elif run.kind is ImportKind.READINGS:
        result.answered = await import_effects.notify_of_returned(connection, now=now)
        result.answered += await acknowledge_readings(connection, now=now)
    elif run.kind is ImportKind.PAYMENTS:
        counts = await acknowledge_posted(connection, now=now)
        result.posted, result.differing = result.posted + counts[0], result.differing + counts[1]
    elif run.kind is ImportKind.INVOICES:
        result.notified += await notify_accounts(_ISSUED, _NEW_BILLS, today, now=now)


# Most readings were accepted at their submission and aren't changed by the answer.
_PENDING = f"""
SELECT r.subject_id, r.answer, r.reason FROM row_reading_answers r
JOIN reading g ON g.id = r.subject_id
WHERE NOT r.is_stale AND (
    r.answer = 'ACCEPTED' AND g.state IN ({PENDING_STATES_SQL})
    OR r.answer = 'REJECTED' AND g.state IN ({CURRENT_STATES_SQL})
)
"""
_MARK_DONE = """
UPDATE acknowledgement a SET subject_state = g.state FROM reading g, row_reading_answers r
WHERE a.subject_id = r.subject_id AND g.id = a.subject_id AND NOT r.is_stale
    AND r.answer <> 'RECEIVED' AND a.subject_state <> g.state
"""
"""Billing's own decisions are acknowledged too: they needn't be exported back."""
_MARK_MOVED = """
UPDATE acknowledgement a SET subject_state = 'MOVED' FROM reading g, row_reading_answers r
WHERE a.subject_id = r.subject_id AND g.id = a.subject_id AND NOT r.is_stale
    AND g.period <> r.period
"""
"""Billing has answered to an export from before the reading moved to another month."""


async def acknowledge_readings(connection: Connection, *, now: datetime) -> int:
    """Accept and reject readings as billing has answered, and notify the customers.

    Returns the number of changed readings. A reading stays unchanged if its month is billed, if it
    was withdrawn, or if another reading of the register exists for its day.
    """
    cursor = await connection.cursor(_PENDING)
    count = 0
    while rows := await cursor.fetch(_ANSWERS):
        for reading_id, answer, reason in rows:
            try:
                if answer == Answer.ACCEPTED:
                    await accept_reading(reading_id, billing=BILLING, now=now)
                else:
                    await reject_reading(reading_id, reason, billing=BILLING, now=now)
            except (PeriodBilled, ReadingFinal, TakenBeforePrevious):
                continue
            count += 1
    await connection.execute(_MARK_DONE)
    await connection.execute(_MARK_MOVED)
    return count


# The posting is read from the table, where it may be newer than in the file.
_POSTED = """
SELECT w.number, a.number, p.amount FROM row_payments r
JOIN registry_row w ON w.number = r.external_id
JOIN received_payment p ON p.external_id = r.external_id JOIN account a ON a.id = p.account_id
WHERE w.posted_at IS NULL OR (p.account_id, p.amount) <> (w.account_id, w.amount)
    OR w.posted_amount <> w.amount
ORDER BY w.payment_id, w.id
"""


async def acknowledge_posted(connection: Connection, *, now: datetime) -> Acknowledged:
    """Compare the postings in the file with the cabinet's registry of payments.

    This is done in the import's transaction, so that customers never see a payment twice.
    """
    cursor = await connection.cursor(_POSTED)
    agreed, differing = 0, 0
    while rows := await cursor.fetch(_ANSWERS):
        counts = await acknowledge([Posting(*row) for row in rows], now=now)
        agreed, differing = agreed + counts.agreed, differing + counts.differing
    return Acknowledged(agreed, differing)


_DROP = """
SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables
WHERE schemaname = $1
"""


async def clear_staging(connection: Connection) -> None:
    """Drop the staged tables of a run. The caller holds the lock of imports."""
    if tables := await connection.fetchval(_DROP, _SCHEMA):
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


async def retry_conflicts(act: Callable[[], Awaitable[None]]) -> None:
    """Run a transaction again if it conflicts with a customer's request, up to three times."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            await act()
        except _RACES:
            if attempt == _ATTEMPTS:
                raise
        else:
            return


async def _write_batch(
    number: int, loading: Loading, result: ImportResult, company: Company, clock: Clock
) -> None:
    async def act() -> None:
        batch = Loading(loading.kind, ignore_progress)
        for name, tally in loading.tallies.items():
            batch.tallies[name].read = tally.read
        await _write_once(number, batch, result, company, clock)

    await retry_conflicts(act)


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
            await prepare_session(connection, run, company, is_local=True)
            await connection.execute(import_sql.keys(new_key()))
            for records in kind.records:
                table = f"row_{records.name}"
                rows = import_sql.rows_of_batch(_SCHEMA, records, kind.divided_by, number)
                await connection.execute(import_sql.TEMPORARY.table_of(table, rows))
                await connection.execute(f"ANALYZE {table}")
            await import_effects.compute_balances(connection, kind)
            await write_rows(connection, batch)
        await apply_effects(connection, result, company, now=clock())
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
    if await connection.fetchval("SELECT to_regclass($1)", f"{_SCHEMA}.batch") is None:
        return False
    return await connection.fetchval(f"SELECT max(number) + 1 FROM {_SCHEMA}.batch") == run.batches
