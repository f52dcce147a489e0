"""Imports of billing files in one transaction, by command or by a worker.

A run's changes and its end are one commit. After any end the cabinet holds either the previous data
or all rows that the run reports as loaded; an attempt after the end only cleans up.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from asyncpg import Connection, InvalidRegularExpressionError
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from lk_graphql.accounts.service.account_days import month_visible_sql
from lk_graphql.accounts.service.changes import accounts_changed
from lk_graphql.billing.service.invoices import invoice_due_sql
from lk_graphql.exchange.models import ImportFile, ImportKind, ImportRun, ImportState
from lk_graphql.exchange.service import import_effects
from lk_graphql.exchange.service.catalog import KINDS
from lk_graphql.exchange.service.exports import acknowledge_readings
from lk_graphql.exchange.service.files import Source, inspect_file, recognize
from lk_graphql.exchange.service.loading import (
    Loading,
    ProgressCallback,
    Tally,
    count_by_code,
    write_report,
)
from lk_graphql.exchange.service.records import BALANCES, Records
from lk_graphql.exchange.service.runs import (
    TRANSIENT_ERRORS,
    UNFINISHED,
    ImportAlreadyRunning,
    ImportImpact,
    RunJournal,
    publish_change,
    require_exclusive,
    save_totals,
)
from lk_graphql.kit import money
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.value_formats import DecimalSign
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import notify_accounts
from lk_graphql.ports.errors import PermanentError
from lk_graphql.ports.files import Files
from lk_graphql.uploads.models import UploadState
from lk_graphql.uploads.service.claims import release, restore

_SETTINGS = {
    "datestyle": "ISO, DMY",
    "work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "client_connection_check_interval": "2s",
}
"""Settings of the transaction; the last one ends a killed client's statement in seconds."""
_ISSUED = NoticeKind.INVOICE_ISSUED
_NEW_BILLS = f"""
SELECT bill.account_id, 'invoice/' || bill.id, bill.id, bill.period, bill.due_on,
    ({invoice_due_sql("bill")})
FROM row_invoices imported JOIN invoice bill USING (id)
JOIN account ON account.id = bill.account_id
WHERE imported.is_new AND bill.due_on >= $1::date AND {month_visible_sql("bill.period")}
"""
"""Bills with what is to pay of each, but none of an archive (past their due day), and none of an
earlier holder."""
CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far the clock of the billing system may be ahead."""
_REPEATABLE = (ImportState.CHECKED, ImportState.NEEDS_CONFIRMATION)
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class ImportOrder:
    """Files and options of an import; see `read_controls` for `controls`.

    `expected_changes` is the number of linked accounts of which customers may lose something, if it
    was told: the import ends if there are more or fewer. `decimal_sign` decides what `1,234` is if
    the files don't. `report` is the path of the fault report, written if there are bad rows;
    `store_report` stores it before the run ends. `run` is a staff request; None creates a run.
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

    @property
    def sources(self) -> list[Source]:
        return [source for source, _ in self.files]


@dataclass
class ImportResult:
    """Outcome of an import; `faults` are code, column and number, and so are `notes`."""

    run: ImportRun
    tallies: list[Tally] = field(default_factory=list[Tally])
    faults: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])
    notes: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])
    """Reported rows that are loaded."""
    new_holders: int = 0
    answered: int = 0
    """Customer readings accepted or rejected."""
    posted: int = 0
    """Payments of the cabinet that billing has posted as they are."""
    differing: int = 0
    """Those that it has posted otherwise: new differences for staff."""
    notified: int = 0
    """Notices of new bills; each bill is announced once."""
    impact: ImportImpact = field(default_factory=ImportImpact)
    objection: str | None = None
    """Reason why the impact needs a confirmation; a dry run goes on nevertheless."""


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


def differences(tallies: Sequence[Tally], controls: Mapping[str, int]) -> list[str]:
    """Message for each control total that differs. Raises `CommandError` for an unknown name."""
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


class _RolledBack(Exception):
    """Rolls the transaction back and carries the final state and reason."""

    def __init__(self, state: ImportState, reason: str | None = None) -> None:
        self.state, self.reason = state, reason
        super().__init__(reason)


async def load(
    order: ImportOrder, *, company: Company, clock: Callable[[], datetime], report: ProgressCallback
) -> ImportResult:
    """Load the files. Raises `CommandError` for unreadable files and while another import runs.

    Also for files whose `as_of` lies in the future: they would keep all later ones away.

    If it raises, nothing was loaded, and the run is REFUSED, INTERRUPTED or FAILED.
    """
    if order.as_of > clock() + CLOCK_TOLERANCE:
        moment = order.as_of.astimezone(company.zone)
        raise CommandError(f"--as-of {moment:%Y-%m-%d %H:%M} lies in the future.")
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
    loading = Loading(KINDS[order.kind], report, order.decimal_sign)
    outcome = ImportResult(run, [*loading.tallies.values()])
    attempt = _Run(order, company, clock, loading, outcome, RunJournal(get_connection("default")))
    try:
        async with (
            attempt.journal.recording_progress(run, outcome.tallies),
            in_transaction() as transaction,
        ):
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
    return outcome


@dataclass
class _Run:
    order: ImportOrder
    company: Company
    clock: Callable[[], datetime]
    loading: Loading
    result: ImportResult
    journal: RunJournal
    is_begun: bool = False

    @property
    def run(self) -> ImportRun:
        return self.result.run

    async def execute(self, transaction: Any) -> None:
        """Run all steps; saving the run's end is the transaction's last write."""
        await accounts_changed()
        connection: Connection
        async with transaction.acquire_connection() as connection:
            await require_exclusive(connection)
            await self.journal.begin(self.run, self.order.sources)
            self.is_begun = True
            await self._prepare_session(connection)
            await self._check(connection)
            await self._confirm(connection)
            await self._write(connection)
        await self._notify(connection)
        if self.order.is_dry_run:
            raise _RolledBack(ImportState.CHECKED, self.result.objection)
        await self._finish(ImportState.DONE)
        await self.run.save(using_db=transaction)
        await publish_change(self.run.id)

    async def _notify(self, connection: Connection) -> None:
        """Apply the effects on other slices, in the same transaction."""
        now = self.run.started_at
        today = self.company.today(now)
        if self.order.kind is ImportKind.ACCOUNTS:
            count = await import_effects.change_holders(connection, today=today, now=now)
            self.result.new_holders = count
        elif self.order.kind is ImportKind.READINGS:
            self.result.answered = await acknowledge_readings(connection, now=now)
        elif self.order.kind is ImportKind.PAYMENTS:
            counts = await import_effects.acknowledge_posted(connection, now=now)
            self.result.posted, self.result.differing = counts
        elif self.order.kind is ImportKind.INVOICES:
            self.result.notified = await notify_accounts(_ISSUED, _NEW_BILLS, today, now=now)

    async def end(self, state: ImportState, reason: str | None) -> None:
        """Record an end that has changed no data, unless the run hasn't begun."""
        if self.is_begun:
            self.run.reason = reason
            await self._finish(state)
            await self.run.save(using_db=self.journal.connection)
            await publish_change(self.run.id)

    async def _finish(self, state: ImportState) -> None:
        self.run.state, self.run.finished_at = state, self.clock()
        save_totals(self.run, self.result.tallies)

    async def _prepare_session(self, connection: Connection) -> None:
        settings = {
            **_SETTINGS,
            "timezone": self.company.zone.key,
            "lk.as_of": self.order.as_of.isoformat(),
            "lk.now": (self.run.started_at + CLOCK_TOLERANCE).isoformat(),
            "lk.account_number_pattern": f"^(?:{self.company.account_number_pattern})$",
        }
        for name, value in settings.items():
            await connection.execute("SELECT set_config($1, $2, true)", name, value)
        try:
            await connection.execute("SELECT '' ~ current_setting('lk.account_number_pattern')")
        except InvalidRegularExpressionError as error:
            raise CommandError(
                f"PostgreSQL can't read LK_ACCOUNT_NUMBER_PATTERN: {error}"
            ) from error

    async def _check(self, connection: Connection) -> None:
        """Check rows and control totals. Raises `_RolledBack`."""
        await self.loading.stage(connection, self.order.files)
        await self.loading.check(connection)
        await self.loading.count(connection)
        self.result.faults = await count_by_code(connection)
        self.result.notes = await count_by_code(connection, is_note=True)
        if self.result.faults or self.result.notes:
            self.run.report = self.order.report.name
            await write_report(connection, self.order.report, self.order.sources)
            if self.order.store_report:
                await self.order.store_report(self.order.report)
            if self.result.faults and self.order.is_atomic and not self.order.is_dry_run:
                raise _RolledBack(ImportState.REFUSED, "There are bad rows.")
        if messages := differences(self.result.tallies, self.order.controls):
            raise _RolledBack(ImportState.REFUSED, " ".join(messages))

    async def _confirm(self, connection: Connection) -> None:
        """Measure what customers would lose. Raises `_RolledBack` if it isn't expected."""
        kind = self.loading.kind
        if BALANCES.name in self.loading.tallies:
            await import_effects.compute_balances(connection, kind)
        impact = await import_effects.measure_impact(connection, kind)
        self.result.impact = impact
        self.run.impact = impact.as_json() if impact.affected else None
        self.result.objection = impact.objection(self.order.expected_changes, self.company)
        if self.result.objection and not self.order.is_dry_run:
            raise _RolledBack(ImportState.NEEDS_CONFIRMATION, self.result.objection)

    async def _write(self, connection: Connection) -> None:
        kind, tallies = self.loading.kind, self.loading.tallies
        if BALANCES.name in tallies:
            await import_effects.recompute_unpaid(connection, kind)
        if kind.kind is ImportKind.ACCOUNTS:
            await import_effects.keep_history(connection)
        if "readings" in tallies:
            await import_effects.supersede_readings(connection)
        for records in kind.records:
            if records is not BALANCES:
                await self.loading.write(connection, records)
        if kind.kind is ImportKind.INVOICES:
            await import_effects.accept_counted(connection)
        if BALANCES.name in tallies:
            tallies[BALANCES.name].changed = await import_effects.settle_invoices(connection, kind)
        if kind.kind is ImportKind.ACCOUNTS:
            await import_effects.add_holders(connection)


class UploadNotScanned(Exception):
    """A file is in quarantine, or another import runs; the job is retried."""


class ImportFailed(PermanentError):
    """An internal error; recorded on the run and not retried."""


async def run_import(
    run_id: UUID, *, files: Files, company: Company, clock: Callable[[], datetime]
) -> None:
    """Load the files of a run unless it has ended.

    Raises `UploadNotScanned`, `ImportFailed`, `FilesUnavailable`.
    """
    run = await ImportRun.get(id=run_id).prefetch_related("files__upload")
    try:
        if run.state in UNFINISHED:
            await _attempt(run, files=files, company=company, clock=clock)
    except Exception as failure:
        await run.refresh_from_db(fields=["state", "reason"])
        if run.state is not ImportState.FAILED:
            raise
        await _release_uploads(run, now=clock())
        raise ImportFailed(run.reason) from failure
    await _release_uploads(run, now=clock())


def _formatted(name: str, total: int) -> str:
    return money.to_rubles(total) if "." in name else str(total)


async def _attempt(
    run: ImportRun, *, files: Files, company: Company, clock: Callable[[], datetime]
) -> None:
    try:
        _require_scanned(run)
        with TemporaryDirectory(prefix="lk-import-") as folder:
            order = await _import_order(run, Path(folder), files)
            await load(order, company=company, clock=clock, report=_no_progress)
    except ImportAlreadyRunning as error:
        raise UploadNotScanned(str(error)) from error
    except CommandError as error:
        await _refuse(run, str(error), now=clock())


def _require_scanned(run: ImportRun) -> None:
    """Raise `UploadNotScanned`, or `CommandError` if a virus was found."""
    states = {file.upload.state for file in run.files if file.upload}
    if UploadState.REFUSED in states:
        raise CommandError("A file is refused: there is a virus in it.")
    if UploadState.SCANNING in states:
        raise UploadNotScanned("A file is still in quarantine")


async def _refuse(run: ImportRun, reason: str, *, now: datetime) -> None:
    """Record a refusal unless the import has recorded its own end."""
    columns = {"state": ImportState.REFUSED, "reason": reason[:1000], "finished_at": now}
    if await ImportRun.filter(id=run.id, state__in=UNFINISHED).update(**columns):
        await publish_change(run.id)


async def _import_order(run: ImportRun, folder: Path, files: Files) -> ImportOrder:
    """Copy the files to local disk and inspect them. Raises `FileRefused`, `FilesUnavailable`."""
    kind, paths = KINDS[run.kind], list[Path]()
    for number, file in enumerate(sorted(run.files, key=lambda file: file.id)):
        assert file.upload, "uploads are released when the run ends"  # noqa: S101
        path = folder / str(number) / file.name
        path.parent.mkdir()
        with path.open("wb") as content:
            async for chunk in files.get(file.upload.path):
                await asyncio.to_thread(content.write, chunk)
        paths.append(path)
    sources = [await asyncio.to_thread(inspect_file, path) for path in paths]

    async def store_report(report: Path) -> None:
        await files.put(run.report_path, _chunks(report))

    return ImportOrder(
        run.kind,
        tuple((source, recognize(source, kind)) for source in sources),
        as_of=run.as_of,
        report=folder / f"{run.kind.lower()}.faults.csv",
        is_dry_run=run.is_dry_run,
        is_atomic=run.is_atomic,
        controls=run.controls,
        expected_changes=run.expected_changes,
        decimal_sign=run.decimal_sign,
        run=run,
        store_report=store_report,
    )


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as content:
        while chunk := await asyncio.to_thread(content.read, _CHUNK):
            yield chunk


async def _release_uploads(run: ImportRun, *, now: datetime) -> None:
    """Release the uploads, or restore them for the real import or a confirmed one."""
    async with in_transaction():
        files = ImportFile.filter(run_id=run.id, upload_id__isnull=False)
        keys = await files.values_list("upload_id", flat=True)
        await files.update(upload_id=None)
        finish = restore if run.state in _REPEATABLE else release
        await finish([key for key in keys if isinstance(key, UUID)], now=now)


def _no_progress(step: str, position: int, total: int, rows: int) -> None:
    """Ignore progress; staff read it from the run's record."""
