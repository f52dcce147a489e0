"""Imports of billing files, by command or by a worker.

A small run writes its rows and its end in one transaction. When it has ended, the cabinet has
either the previous data or all rows that the run reports as loaded. A worker that receives the run
again only releases its uploads. A large run of bills or payments is checked as a whole before
anything is written. Then it is written in batches of accounts, and if its process dies, another one
writes the remaining batches (`batches`).
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from asyncpg import Connection
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from lk_graphql.accounts.service.changes import accounts_changed
from lk_graphql.exchange.models import ImportRun, ImportState
from lk_graphql.exchange.service import accounts, application, balances, batches
from lk_graphql.exchange.service.application import CLOCK_TOLERANCE
from lk_graphql.exchange.service.faults import count_by_code, write_report
from lk_graphql.exchange.service.import_sql import TEMPORARY, UNLOGGED
from lk_graphql.exchange.service.loading import Loading, ProgressCallback, Tally
from lk_graphql.exchange.service.runs import (
    TRANSIENT_ERRORS,
    ImportResult,
    RunJournal,
    discard_temporary,
    exclusive_session,
    measure_impact,
    publish_change,
    require_exclusive,
    save_totals,
)
from lk_graphql.import_formats.service.balances import BALANCES
from lk_graphql.import_formats.service.catalog import KINDS
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.import_formats.service.records import Records
from lk_graphql.kit import money
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import CommandError
from lk_graphql.tabular.table_files import Source
from lk_graphql.tabular.value_formats import DecimalSign

_FIRST_YEAR = 1990  # of data in billing programs


@dataclass(frozen=True)
class ImportOrder:
    """Files and options of an import; see `read_controls` for `controls`.

    `expected_changes` is the number of linked accounts on which customers lose something, as the
    operator expects it; the import stops if there are more or fewer. `decimal_sign` decides
    whether `1,234` has decimals if the files don't prove it.

    `report` is the path of the fault report, which is written if there are bad rows; `store_report`
    stores it before the run ends. `run` is the run of a staff request; without it, a run is
    created. `batch` is the number of bills or payments in a batch.
    """

    kind: ImportKind
    files: tuple[tuple[Source, Records], ...]
    as_of: datetime
    report: Path
    is_dry_run: bool = False
    is_atomic: bool = False
    controls: Mapping[str, int] = field(default_factory=dict[str, int])
    expected_changes: int | None = None
    decimal_sign: DecimalSign | None = None
    run: ImportRun | None = None
    store_report: Callable[[Path], Awaitable[None]] | None = None
    batch: int = batches.BATCH

    @property
    def sources(self) -> list[Source]:
        return [source for source, _ in self.files]

    @property
    def is_large(self) -> bool:
        """Whether the import is written in batches; files of JSON without line ends never are."""
        lines = sum(source.lines for source, records in self.files if not records.part_of)
        return bool(KINDS[self.kind].divided_by) and lines > self.batch


def read_controls(texts: Iterable[str]) -> dict[str, int]:
    """Parse `invoices=1000` (rows), `invoices.charged=1234567.89` (sum). Raises `CommandError`."""
    controls: dict[str, int] = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            controls[name] = money.to_kopecks(value) if "." in name else int(value)
        except ValueError as error:
            raise CommandError(
                f"--control {text}: write invoices=1000 for rows,"
                " or invoices.charged=1234567.89 for a sum in rubles."
            ) from error
    return controls


def control_mismatches(tallies: Sequence[Tally], controls: Mapping[str, int]) -> list[str]:
    """List a message for each control total that isn't met.

    Raises `CommandError` for the name of an unknown total.
    """
    totals = {tally.name: tally.read for tally in tallies}
    for tally in tallies:
        totals |= {f"{tally.name}.{name}": amount for name, amount in tally.sums.items()}
    if unknown := controls.keys() - totals.keys():
        raise CommandError(
            f"There is no total {', '.join(unknown)}: there are {', '.join(totals)}."
        )
    return [
        f"{name} should be {_formatted(name, expected)}, but is {_formatted(name, totals[name])}."
        for name, expected in controls.items()
        if expected != totals[name]
    ]


def _formatted(name: str, total: int) -> str:
    return money.to_rubles(total) if "." in name else str(total)


class _RolledBack(Exception):
    """Rolls the transaction back; carries the final state of the run and its reason."""

    def __init__(self, state: ImportState, reason: str | None = None) -> None:
        self.state, self.reason = state, reason
        super().__init__(reason)


def require_valid_time(as_of: datetime, company: Company, now: datetime) -> None:
    """Raise `CommandError` for a time of the data in the future, or before billing programs."""
    if as_of > now + CLOCK_TOLERANCE:
        moment = as_of.astimezone(company.zone)
        raise CommandError(f"--as-of {moment:%Y-%m-%d %H:%M} lies in the future.")
    if as_of.year < _FIRST_YEAR:
        raise CommandError(f"--as-of {as_of:%d.%m.}{as_of.year} is before {_FIRST_YEAR}.")


async def load(
    order: ImportOrder, *, company: Company, clock: Callable[[], datetime], report: ProgressCallback
) -> ImportResult:
    """Finish a run whose process has died, then load the files.

    Raises `CommandError` for unreadable files, while another import runs, and for an `as_of` in the
    future, with which all later files would count as older.

    After an exception, the run is REFUSED, INTERRUPTED or FAILED, and nothing was loaded. If the
    run was writing batches, it is APPLYING, to be finished later, or FAILED.
    """
    require_valid_time(order.as_of, company, clock())
    await batches.finish_interrupted(company=company, clock=clock, report=report)
    run = order.run or ImportRun(
        kind=order.kind,
        is_dry_run=order.is_dry_run,
        is_atomic=order.is_atomic,
        as_of=order.as_of,
        expected_changes=order.expected_changes,
        decimal_sign=order.decimal_sign,
    )
    run.state, run.started_at, run.finished_at = ImportState.RUNNING, clock(), None
    run.reason, run.report, run.impact = None, None, None
    staging = UNLOGGED if order.is_large else TEMPORARY
    loading = Loading(KINDS[order.kind], report, staging, order.decimal_sign)
    result = ImportResult(run, [*loading.tallies.values()])
    attempt = _Run(order, company, clock, loading, result, RunJournal(get_connection("default")))
    try:
        async with attempt.journal.recording_progress(run, result.tallies):
            if order.is_large:
                await attempt.execute_in_batches()
            else:
                async with in_transaction() as transaction:
                    await attempt.execute(transaction)
    except _RolledBack as end:
        await attempt.end(end.state, end.reason)
    except CommandError as error:
        await attempt.end(ImportState.REFUSED, str(error)[:1000])
        raise
    except TRANSIENT_ERRORS as end:
        await attempt.end(ImportState.INTERRUPTED, type(end).__name__)
        raise
    except BaseException as failure:
        await attempt.end(ImportState.FAILED, f"{type(failure).__name__}: {failure}"[:1000])
        raise
    return attempt.result


@dataclass
class _Run:
    order: ImportOrder
    company: Company
    clock: Callable[[], datetime]
    loading: Loading
    result: ImportResult
    journal: RunJournal
    is_begun: bool = False
    is_applying: bool = False
    """Whether batches are being written; `batches.write_batches` also ends the run."""

    @property
    def run(self) -> ImportRun:
        return self.result.run

    async def execute(self, transaction: Any) -> None:
        """Run all steps in the transaction, whose last write is the end of the run.

        The steps have a savepoint, so that they can be repeated under the lock of imports.
        """
        await accounts_changed()
        connection: Connection
        async with transaction.acquire_connection() as connection:
            await require_exclusive(connection)
            await self.journal.begin(self.run, self.order.sources)
            self.is_begun = True
            await application.prepare_session(connection, self.run, self.company, is_local=True)
        await application.retry_conflicts(self._execute_once)
        self._finish(ImportState.DONE)
        await self.run.save(using_db=transaction)
        await publish_change(self.run.id)
        async with transaction.acquire_connection() as connection:
            await discard_temporary(connection)

    async def _execute_once(self) -> None:
        self._reset()
        transaction: Any
        async with in_transaction() as transaction:
            connection: Connection
            async with transaction.acquire_connection() as connection:
                await self._check(connection)
                await self._confirm(connection)
                await application.write_rows(connection, self.loading)
            await application.apply_effects(connection, self.result, self.company, now=self.clock())
            if self.order.is_dry_run:
                raise _RolledBack(ImportState.CHECKED, self.result.objection)

    def _reset(self) -> None:
        """Discard the results of an earlier attempt, which was rolled back."""
        self.loading = replace(self.loading)
        self.result.tallies[:] = self.loading.tallies.values()
        self.result = ImportResult(self.run, self.result.tallies)
        self.run.report, self.run.impact = None, None

    async def execute_in_batches(self) -> None:
        """Stage and check all rows, statement by statement; then write them in batches."""
        async with exclusive_session() as session:
            await self.journal.begin(self.run, self.order.sources)
            self.is_begun = True
            try:
                await self._prepare_batches(session)
            except BaseException:
                with suppress(*TRANSIENT_ERRORS):
                    await batches.clear_staging(session)
                raise
            self.is_applying = True
            await batches.write_batches(
                session, self.loading, self.result, self.company, clock=self.clock
            )

    async def _prepare_batches(self, session: Connection) -> None:
        """Do all that can stop the run, up to the record that it is being written."""
        await application.prepare_session(session, self.run, self.company, is_local=False)
        await batches.clear_staging(session)
        await self._check(session)
        async with session.transaction():
            await self._confirm(session)
        run, size = self.run, self.order.batch
        run.batches = await batches.divide(session, self.loading.kind, size)
        run.batches_written = 0
        if run.is_dry_run:
            await batches.try_batches(self.loading, self.result, self.company, self.clock)
            raise _RolledBack(ImportState.CHECKED, self.result.objection)
        run.state = ImportState.APPLYING
        save_totals(run, self.result.tallies)
        await run.save(using_db=self.journal.connection)

    async def end(self, state: ImportState, reason: str | None) -> None:
        """Record the end of a run that has changed no data; do nothing if it hasn't begun."""
        if self.is_begun and not self.is_applying:
            self.run.reason = reason
            self._finish(state)
            await self.run.save(using_db=self.journal.connection)
            await publish_change(self.run.id)

    def _finish(self, state: ImportState) -> None:
        self.run.state, self.run.finished_at = state, self.clock()
        save_totals(self.run, self.result.tallies)

    async def _check(self, connection: Connection) -> None:
        """Check the rows and the control totals. Raises `_RolledBack`."""
        await self.loading.stage(connection, self.order.files)
        await self.loading.check(connection)
        await self.loading.count(connection)
        if self.loading.has_faults:
            self.result.faults = await count_by_code(connection)
            self.result.notes = await count_by_code(connection, is_note=True)
            self.run.report = self.order.report.name
            async with connection.transaction():
                await write_report(connection, self.order.report, self.order.sources)
            if self.order.store_report:
                await self.order.store_report(self.order.report)
            if self.result.faults and self.order.is_atomic and not self.order.is_dry_run:
                raise _RolledBack(ImportState.REFUSED, "There are bad rows.")
        if messages := control_mismatches(self.result.tallies, self.order.controls):
            raise _RolledBack(ImportState.REFUSED, " ".join(messages))

    async def _confirm(self, connection: Connection) -> None:
        """Measure the impact on customers. Raises `_RolledBack` if it needs a confirmation."""
        kind = self.loading.kind
        if BALANCES.name in self.loading.tallies:
            await balances.compute_balances(connection, kind)
        if kind.kind is ImportKind.ACCOUNTS:
            await accounts.select_changed_holders(connection)
        # a run that has lost its staged rows was confirmed before its first batch
        is_decided = self.run.batches_written > 0
        impact = await measure_impact(connection, kind)
        self.result.impact = impact
        self.run.impact = impact.as_json() if impact.affected else None
        self.result.objection = impact.objection(self.order.expected_changes, self.company)
        if self.result.objection and not (self.order.is_dry_run or is_decided):
            raise _RolledBack(ImportState.NEEDS_CONFIRMATION, self.result.objection)
