"""`lk import`, `lk imports` and `lk import-guide`: files of the billing system."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_error, print_line, print_note, print_table
from lk_graphql.kit import money
from lk_graphql.kit.clock import utc_now
from lk_graphql.kit.errors import CommandError

if TYPE_CHECKING:
    from lk_graphql.exchange.models import ImportRun
    from lk_graphql.exchange.service.imports import ImportOrder
    from lk_graphql.exchange.service.loading import ProgressCallback, Tally
    from lk_graphql.exchange.service.runs import ImportResult

EXIT_BAD_ROWS = 3
"""The exit code if some rows were loaded and others were not."""
EXIT_NEEDS_CONFIRMATION = 4
"""The exit code if customers would lose more than is permitted without a confirmation."""

KindName = Literal[
    "accounts", "meters", "readings", "invoices", "payments", "tariffs", "rules", "appeals"
]
Kind = Annotated[KindName, typer.Argument(help="The kind of data in the files.")]
Files = Annotated[
    list[Path],
    typer.Argument(exists=True, dir_okay=False, help="CSV or JSON Lines, recognized by columns."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Load, report, and roll back.")]
Atomic = Annotated[bool, typer.Option("--atomic", help="Load nothing if any row is bad.")]
Again = Annotated[bool, typer.Option("--again", help="Load files again that were already loaded.")]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help="The time of the export from billing, in the company's zone; by default now.",
    ),
]
Control = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="A control total, such as invoices=1000 or invoices.charged=1234.50. Can be repeated.",
    ),
]
ExpectChanges = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=2**31 - 1,
        metavar="N",
        help="The exact number of linked accounts on which customers may lose something.",
    ),
]
Decimal = Annotated[
    Literal["comma", "point"] | None,
    typer.Option(
        help="The decimal sign of the files' numbers, for ambiguous numbers such as 1,234."
    ),
]
Batch = Annotated[
    int,
    typer.Option(
        min=1, help="The number of bills, balances or payments that one transaction writes."
    ),
]
Report = Annotated[
    Path | None, typer.Option(dir_okay=False, help="The file for the list of bad rows.")
]


def import_(  # noqa: PLR0913 - one parameter for each option
    kind: Kind,
    files: Files,
    *,
    dry_run: DryRun = False,
    atomic: Atomic = False,
    again: Again = False,
    as_of: AsOf = None,
    control: Control = None,
    expect_changes: ExpectChanges = None,
    decimal: Decimal = None,
    report: Report = None,
    batch: Batch = 50_000,
) -> None:
    """Load files of the billing system; docs/import.md lists the columns.

    Good rows are loaded. Bad rows are listed in a file, and the exit code is 3. An import that is
    interrupted changes nothing, unless it was already writing, account by account: then a worker
    or the next import finishes it. Files that were loaded earlier are skipped. If customers would
    lose their access, bills or balances on more accounts than LK_IMPORT_DRASTIC_SHARE permits,
    nothing is loaded and the exit code is 4, until --expect-changes confirms the number.
    """
    from lk_graphql import settings
    from lk_graphql.exchange.service.imports import ImportOrder, read_controls
    from lk_graphql.import_formats.service import catalog
    from lk_graphql.import_formats.service.catalog import inspect_file, recognize
    from lk_graphql.import_formats.service.kinds import ImportKind
    from lk_graphql.tabular.value_formats import DecimalSign

    zone = settings.read().company.zone
    moment = as_of.replace(tzinfo=zone) if as_of else None
    sources = [inspect_file(path) for path in dict.fromkeys(files)]
    declared = catalog.KINDS[ImportKind(kind.upper())]
    order = ImportOrder(
        declared.kind,
        tuple((source, recognize(source, declared)) for source in sources),
        as_of=moment or utc_now(),
        report=_report_path(report or Path(f"{Path(sources[0].name).stem}.faults.csv"), files),
        is_dry_run=dry_run,
        is_atomic=atomic,
        controls=read_controls(control or ()),
        expected_changes=expect_changes,
        decimal_sign=DecimalSign(decimal.upper()) if decimal else None,
        batch=batch,
    )
    if result := with_models(lambda: _load(order, moment, again=again), connections=3):
        _print_outcome(result, order)


def _report_path(path: Path, files: list[Path]) -> Path:
    """Require that a report can be written to the path. Raises `CommandError`."""
    if any(path.exists() and path.samefile(file) for file in files):
        raise CommandError(f"--report {path} is one of the files: choose another name.")
    writable = path if path.exists() else path.parent
    if not os.access(writable, os.W_OK):
        raise CommandError(f"{path} can't be written: name another file with --report.")
    return path


def imports() -> None:
    """List the last twenty imports, the newest first."""
    from lk_graphql.exchange.models import ImportRun

    async def newest() -> list[ImportRun]:
        return await ImportRun.all().order_by("-started_at").limit(20)

    runs = with_models(newest)
    columns = ("Started", "Kind", "State", "Batches", "Read", "Loaded", "Refused", "Why")
    print_table(columns, map(_run_row, runs))


def _run_row(run: "ImportRun") -> tuple[str, ...]:
    batches = "" if run.batches is None else f"{run.batches_written} of {run.batches}"
    counts = (f"{count:,}" for count in (run.rows_read, run.rows_loaded, run.errors))
    started = f"{run.started_at:%Y-%m-%d %H:%M}Z"
    return started, run.kind.lower(), run.state, batches, *counts, run.reason or ""


def guide() -> None:
    """Print docs/import.md, the description of all files and columns."""
    from lk_graphql.cli import import_guide

    print_line(import_guide.guide().rstrip())


async def _load(
    order: "ImportOrder", as_of: datetime | None, *, again: bool
) -> "ImportResult | None":
    """Load the files, unless they were loaded as of the named time or, without one, at all."""
    from lk_graphql import settings
    from lk_graphql.exchange.service.batches import finish_interrupted
    from lk_graphql.exchange.service.imports import load, require_valid_time
    from lk_graphql.exchange.service.runs import find_loaded, is_last_loaded

    company = settings.read().company
    require_valid_time(order.as_of, company, utc_now())
    hashes = [source.sha256 for source in order.sources]
    with _progress() as report_progress:
        before = await finish_interrupted(company=company, clock=utc_now, report=report_progress)
    if before:
        print_note(f"Finished the interrupted import of {before.started_at:%Y-%m-%d %H:%M}Z.")
    if not (again or order.is_dry_run) and (loaded := await find_loaded(hashes, as_of)):
        note = f"Loaded already, on {loaded.astimezone(company.zone):%d.%m.%Y %H:%M}"
        if as_of is not None or await is_last_loaded(order.kind, loaded):
            print_note(f"{note}: nothing to do. To load it again: --again.")
        else:
            print_note(
                f"{note}, before other files of this kind: skipped. If billing has made it since,"
                " name the time by --as-of."
            )
        return None
    with _progress() as report_progress:
        return await load(order, company=company, clock=utc_now, report=report_progress)


@contextmanager
def _progress() -> "Generator[ProgressCallback]":
    """A bar for each step, with rows, rows per second and the time left."""
    from rich.progress import TaskID

    from lk_graphql.cli.progress import row_progress

    with row_progress() as progress:
        tasks = dict[str, TaskID]()

        def report_progress(step: str, done: int, total: int, rows: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total, rows=0)
            progress.update(tasks[step], completed=done, total=total, rows=rows)

        yield report_progress


def _print_outcome(result: "ImportResult", order: "ImportOrder") -> None:
    from lk_graphql.exchange.errors import FAULTS
    from lk_graphql.exchange.models import ImportState

    print_line()
    tallies = [tally for tally in result.tallies if tally.read or tally.removed]
    print_table(
        ("Rows", "Read", "New", "Changed", "As before", "Removed", "Refused"), map(_row, tallies)
    )
    sums = [
        (f"{tally.name}.{name}", money.to_rubles(kopecks))
        for tally in tallies
        for name, kopecks in tally.sums.items()
    ]
    if sums:
        print_line()
        print_table(("Control total", "Rubles"), sums)
    _print_effects(result)
    if result.faults or result.notes:
        print_line()
        rows = (
            (code, column, str(count), FAULTS[code][1])
            for code, column, count in (*result.faults, *result.notes)
        )
        print_table(("Fault", "Column", "Times", "What it means"), rows)
        print_line(f"\nAll bad rows, with line and value: {order.report}")
    if result.run.state is ImportState.REFUSED:
        raise CommandError(f"Nothing was loaded. {result.run.reason}")
    if result.run.state is ImportState.CHECKED:
        print_note("A dry run: nothing was changed.")
    if result.objection:
        is_stopped = result.run.state is ImportState.NEEDS_CONFIRMATION
        outcome = (
            "Nothing was loaded." if is_stopped else "Without --dry-run, the import would stop."
        )
        print_error(f"{outcome} {result.objection}")
        print_note(f"To confirm the changes: --expect-changes {result.impact.affected}")
        raise typer.Exit(EXIT_NEEDS_CONFIRMATION)
    if result.faults:
        raise typer.Exit(EXIT_BAD_ROWS)


def _print_effects(result: "ImportResult") -> None:
    if result.new_holders:
        print_line(
            f"\n{result.new_holders} accounts have another holder: their links are suspended."
        )
    if result.answered:
        print_line(f"\n{result.answered:,} readings of customers are accepted or rejected.")
    if result.posted:
        print_line(f"\n{result.posted:,} payments of the cabinet are posted.")
    if result.differing:
        print_note(
            f"{result.differing:,} payments of the cabinet are posted with another account or"
            " amount: see the differences in the back office."
        )
    if result.notified:
        print_line(f"\n{result.notified:,} notices of new bills.")
    if result.impact.affected:
        print_line()
        print_table(
            ("Customers lose", "Linked accounts", "Links"),
            (
                (change.kind, f"{change.accounts:,}", f"{change.links:,}")
                for change in result.impact.changes
            ),
        )
        print_line(f"\nAccounts such as {', '.join(result.impact.examples)}")


def _row(tally: "Tally") -> tuple[str, ...]:
    as_before = tally.read - tally.refused - tally.loaded
    counts = (tally.read, tally.inserted, tally.changed, as_before, tally.removed, tally.refused)
    return tally.name, *(f"{count:,}" for count in counts)
