"""Import runs: the lock that admits one at a time, their impact on customers, their records."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg import Connection
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from lk_graphql.accounts.models import Holder
from lk_graphql.accounts.service.holders import HolderName
from lk_graphql.database import raw_sql
from lk_graphql.exchange.models import (
    ImpactOfKind,
    ImportFile,
    ImportImpact,
    ImportRun,
    ImportState,
)
from lk_graphql.exchange.service.accounts import HOLDERS_BATCH
from lk_graphql.exchange.service.loading import Tally, create_table
from lk_graphql.import_formats.service.kinds import ImportChangeKind, ImportKind
from lk_graphql.import_formats.service.records import ImportFormat
from lk_graphql.kit.errors import CommandError, Unavailable
from lk_graphql.kit.metrics import IMPORT_AGE, UNFINISHED_IMPORT, UNWRITTEN_BATCHES
from lk_graphql.ports.files import FilesUnavailable
from lk_graphql.ports.pubsub import publish
from lk_graphql.tabular.table_files import Source

_LOCK = 0x6C6B_696D  # "lkim" in ASCII
IMPORT_RUN = "import_run"
"""Pub/sub topic; the key is the run's."""
STARTABLE = (ImportState.WAITING, ImportState.RUNNING, ImportState.INTERRUPTED)
"""States in which a worker starts or restarts the run of a staff request."""
UNFINISHED = (*STARTABLE, ImportState.APPLYING)
"""States of runs that may still change."""
TRANSIENT_ERRORS = (
    asyncio.CancelledError,
    OSError,
    FilesUnavailable,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    Unavailable,
)
"""Errors of a stopped process, database or file store, after which a retry may succeed."""
_RUNNING = """
SELECT kind, started_at FROM import_run WHERE state IN ('RUNNING', 'APPLYING')
ORDER BY started_at DESC LIMIT 1
"""
_INTERVAL = 1.0  # seconds between two writes of a run's progress
_IMPORT_AGES = """
SELECT lower(kind) AS kind, extract(epoch FROM now() - max(finished_at))::float8 AS age
FROM import_run WHERE state = 'DONE' AND NOT is_dry_run GROUP BY kind
"""
_UNFINISHED_AGES = """
SELECT lower(state) AS state,
  coalesce(extract(epoch FROM now() - min(started_at)), 0)::float8 AS age,
  coalesce(sum(batches - batches_written), 0)::float8 AS batches
FROM unnest(ARRAY['RUNNING', 'APPLYING']) AS state LEFT JOIN import_run USING (state) GROUP BY state
"""
_EXAMPLES = 5
_LINKED = """
CREATE TEMP TABLE linked_account ON COMMIT DROP AS
SELECT account_id, count(*) AS links FROM account_link WHERE state = 'ACTIVE' GROUP BY account_id
"""
_IMPACT = "CREATE TEMP TABLE impact (account_id uuid, kind varchar(40)) ON COMMIT DROP"
_CONCERNED = """
INSERT INTO impact SELECT DISTINCT account_id, $1 FROM ({query}) q JOIN linked_account
USING (account_id)
"""
_BY_KIND = """
SELECT i.kind, count(*), sum(l.links)::bigint FROM impact i JOIN linked_account l USING (account_id)
GROUP BY i.kind
"""
_NUMBERS = """
SELECT number FROM account WHERE id IN (SELECT account_id FROM impact) ORDER BY number LIMIT $1
"""


class ImportAlreadyRunning(CommandError):
    """Another import is running. Two imports at once would block each other's rows."""


async def require_exclusive(connection: Connection) -> None:
    """Lock out other imports until the transaction ends. Raises `ImportAlreadyRunning`.

    The advisory lock ends with its connection, so a dead process doesn't block others.
    """
    if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
        raise await _already_running(connection)


@asynccontextmanager
async def exclusive_session() -> AsyncGenerator[Connection]:
    """Lock out other imports for an import of several transactions, and yield the connection.

    The settings of the session are reset at the end. Raises `ImportAlreadyRunning`.
    """
    client: Any = get_connection("default")
    connection: Connection
    async with client.acquire_connection() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
            raise await _already_running(connection)
        try:
            yield connection
        finally:
            if not connection.is_closed():
                with suppress(*TRANSIENT_ERRORS):
                    await discard_temporary(connection)
                    await connection.execute("RESET ALL")
                    await connection.execute("SELECT pg_advisory_unlock_all()")


async def discard_temporary(connection: Connection) -> None:
    """Drop the temporary functions, sequences and tables before the connection ends.

    Otherwise PostgreSQL drops them when the connection ends, and commits. If a synchronous standby
    is unavailable, this commit waits in a server process that can't be interrupted any more, and
    the primary can't be stopped.
    """
    await connection.execute("CLOSE ALL; DISCARD TEMP")  # open cursors of asyncpg would prevent it


async def _already_running(connection: Connection) -> ImportAlreadyRunning:
    running = await connection.fetchrow(_RUNNING)
    details = (
        f" ({running['kind'].lower()}, since {running['started_at']:%H:%M} UTC)" if running else ""
    )
    return ImportAlreadyRunning(
        f"Another import is running{details}. Nothing was loaded: try again when it has ended."
        " If its process was killed, the database lets go of it within seconds."
    )


async def publish_change(run_id: UUID) -> None:
    """Notify the subscribers of the run when the current transaction is committed."""
    await publish(IMPORT_RUN, run_id)


async def import_is_running(run_id: UUID) -> bool:
    """Whether the run's record may still change."""
    return await ImportRun.filter(id=run_id, state__in=UNFINISHED).exists()


async def measure_imports() -> None:
    """Set the gauges: seconds since the last import of each kind, and unfinished imports."""
    for row in await raw_sql.fetch(_IMPORT_AGES):
        IMPORT_AGE.labels(row["kind"]).set(row["age"])
    unwritten = 0.0
    for row in await raw_sql.fetch(_UNFINISHED_AGES):
        UNFINISHED_IMPORT.labels(row["state"]).set(row["age"])
        unwritten += row["batches"]
    UNWRITTEN_BATCHES.set(unwritten)


async def find_loaded(hashes: Sequence[str], as_of: datetime | None = None) -> datetime | None:
    """Return the time by which all files with these SHA-256 were loaded; None if one wasn't.

    Only runs without an error count. With `as_of`, only those that are not older: equal bytes of a
    later time are newer data, such as a debt that is owed again.
    """
    newest: datetime | None = None
    for sha256 in hashes:
        files = ImportFile.filter(sha256=sha256, run__state=ImportState.DONE, run__errors=0)
        if as_of is not None:
            files = files.filter(run__as_of__gte=as_of)
        file = await files.order_by("-run__finished_at").prefetch_related("run").first()
        if file is None:
            return None
        newest = max(filter(None, (newest, file.run.finished_at)))
    return newest


async def is_last_loaded(kind: ImportKind, loaded_at: datetime) -> bool:
    """Whether no other files of this kind were loaded after this time."""
    runs = ImportRun.filter(kind=kind, state=ImportState.DONE, finished_at__gt=loaded_at)
    return not await runs.exists()


@dataclass
class ImportResult:
    """Outcome of an import; `faults` and `notes` are tuples of code, column and number."""

    run: ImportRun
    tallies: list[Tally] = field(default_factory=list[Tally])
    faults: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])
    notes: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])
    """Rows that are loaded, but reported."""
    new_holders: int = 0
    answered: int = 0
    """Customer readings accepted or rejected."""
    posted: int = 0
    """Payments of the cabinet that billing has posted with the same account and amount."""
    differing: int = 0
    """Payments of the cabinet that billing has posted differently: new differences for staff."""
    notified: int = 0
    """Notices of new bills; each bill is announced once."""
    impact: ImportImpact = field(default_factory=ImportImpact)
    objection: str | None = None
    """Reason why the impact needs a confirmation; it doesn't stop a dry run."""


async def measure_impact(connection: Connection, kind: ImportFormat) -> ImportImpact:
    """Count the linked accounts on which customers would lose something by the good rows.

    Too many of them stop the import. Call it after the checks, `compute_balances` and
    `select_changed_holders`, before anything is written.
    """
    linked = await create_table(connection, _LINKED, "ANALYZE linked_account")
    if not linked or not kind.drastic_changes:
        return ImportImpact(linked)
    await connection.execute(_IMPACT)
    for change in kind.drastic_changes:
        if change.query:
            await connection.execute(_CONCERNED.format(query=change.query), change.kind)
        else:
            await _find_new_holders(connection, change.kind)
    counts = {row[0]: (row[1], row[2]) for row in await connection.fetch(_BY_KIND)}
    if not counts:
        return ImportImpact(linked)
    return ImportImpact(
        linked,
        await connection.fetchval("SELECT count(DISTINCT account_id) FROM impact"),
        [ImpactOfKind(each, *counts[each]) for each in ImportChangeKind if each in counts],
        [number for (number,) in await connection.fetch(_NUMBERS, _EXAMPLES)],
    )


_RENAMED = """
SELECT c.*, h.first_name AS known_first_name, h.patronymic AS known_patronymic, h.surname_key,
    c.since > h.since AS is_later
FROM changed_holder c JOIN linked_account USING (account_id)
JOIN holder h ON h.account_id = c.account_id AND h.until IS NULL
"""


async def _find_new_holders(connection: Connection, kind: ImportChangeKind) -> None:
    """Record the accounts for which `change_holders` will set another holder or a later day."""
    cursor = await connection.cursor(_RENAMED)
    while rows := await cursor.fetch(HOLDERS_BATCH):
        changed = [
            (row["account_id"], kind)
            for row in rows
            if row["is_later"]
            or not HolderName(row["last_name"], row["first_name"], row["patronymic"]).is_same_as(
                Holder(
                    first_name=row["known_first_name"],
                    patronymic=row["known_patronymic"],
                    surname_key=row["surname_key"],
                )
            )
        ]
        await connection.copy_records_to_table("impact", records=changed)


@dataclass(frozen=True)
class RunJournal:
    """Writer of run records outside of the import's transaction, visible to other sessions."""

    connection: BaseDBAsyncClient

    async def begin(self, run: ImportRun, sources: Sequence[Source]) -> None:
        """Save the run as begun, and mark other RUNNING runs as INTERRUPTED.

        The caller holds the lock of imports, so the processes of these runs are dead. Raises
        `ImportAlreadyRunning`.
        """
        if await ImportRun.filter(state=ImportState.APPLYING).using_db(self.connection).exists():
            raise ImportAlreadyRunning("An interrupted import has to be finished first: try again.")
        interrupted = ImportRun.filter(state=ImportState.RUNNING).using_db(self.connection)
        await interrupted.update(state=ImportState.INTERRUPTED, finished_at=run.started_at)
        if run.staff_id is not None:
            await self._resume(run)
            return
        await run.save(using_db=self.connection)
        for source in sources:
            await ImportFile.create(
                run_id=run.id,
                name=source.name[:255],
                size=source.size,
                sha256=source.sha256,
                using_db=self.connection,
            )

    async def _resume(self, run: ImportRun) -> None:
        """Mark a staff run as running. Raises `ImportAlreadyRunning` if it has ended meanwhile."""
        runs = ImportRun.filter(id=run.id, state__in=STARTABLE).using_db(self.connection)
        columns = {"state": run.state, "started_at": run.started_at, "finished_at": None}
        if not await runs.update(**columns, reason=None):
            raise ImportAlreadyRunning("Another worker has executed this run.")

    @asynccontextmanager
    async def recording_progress(
        self, run: ImportRun, tallies: Sequence[Tally]
    ) -> AsyncGenerator[None]:
        """Save the numbers of read and loaded rows every second while the context is open."""
        task = asyncio.create_task(self._save_progress(run.id, tallies))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _save_progress(self, run_id: UUID, tallies: Sequence[Tally]) -> None:
        saved_counts: tuple[int, int] | None = None
        while True:
            await asyncio.sleep(_INTERVAL)
            counts = sum(tally.read for tally in tallies), sum(tally.loaded for tally in tallies)
            if counts != saved_counts:
                record = ImportRun.filter(id=run_id).using_db(self.connection)
                await record.update(rows_read=counts[0], rows_loaded=counts[1])
                await publish_change(run_id)
                saved_counts = counts


def save_totals(run: ImportRun, tallies: Sequence[Tally]) -> None:
    run.rows_read = sum(tally.read for tally in tallies)
    run.rows_loaded = sum(tally.loaded for tally in tallies)
    run.errors = sum(tally.refused for tally in tallies)
    is_applying = run.state is ImportState.APPLYING
    run.totals = [as_total(tally) for tally in tallies if tally.read or is_applying]


def as_total(tally: Tally) -> dict[str, Any]:
    """Convert a tally to the JSON of `ImportRun.totals`; sums are in kopecks."""
    return {
        "name": tally.name,
        "read": tally.read,
        "refused": tally.refused,
        "inserted": tally.inserted,
        "changed": tally.changed,
        "removed": tally.removed,
        "sums": tally.sums,
    }
