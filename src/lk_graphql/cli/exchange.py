"""`lk import`: files of the billing system into the cabinet."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_line, print_note, print_table
from lk_graphql.kit import money
from lk_graphql.kit.clock import utc_now
from lk_graphql.kit.errors import CommandError

if TYPE_CHECKING:
    from lk_graphql.exchange.service.imports import ImportOrder, ImportResult
    from lk_graphql.exchange.service.loading import ProgressCallback, Tally

EXIT_BAD_ROWS = 3
"""The exit code when some rows were loaded and some were not."""

KindName = Literal["accounts", "meters", "readings", "invoices", "payments", "tariffs", "appeals"]
Kind = Annotated[KindName, typer.Argument(help="What the files hold.")]
Files = Annotated[
    list[Path],
    typer.Argument(exists=True, dir_okay=False, help="CSV or JSON Lines; their columns say which."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Do it all, tell, and take it back.")]
Atomic = Annotated[bool, typer.Option("--atomic", help="A bad row refuses all of it.")]
Again = Annotated[bool, typer.Option("--again", help="Load files that were loaded already.")]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        help="When billing made the files, in the company's zone; otherwise now.",
    ),
]
Control = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE",
        help="A control total, such as invoices=1000 or invoices.charged=1234.50. Can be repeated.",
    ),
]
Report = Annotated[Path | None, typer.Option(dir_okay=False, help="Where bad rows are listed.")]


def import_(  # noqa: PLR0913 - a command has as many options as it has
    kind: Kind,
    files: Files,
    *,
    dry_run: DryRun = False,
    atomic: Atomic = False,
    again: Again = False,
    as_of: AsOf = None,
    control: Control = None,
    report: Report = None,
) -> None:
    """Load files of the billing system, all in one transaction: docs/import.md lists the columns.

    Good rows are loaded, bad ones listed in a file (and the exit code is 3). Interrupted at any
    moment, it leaves everything as it was; the same file again changes nothing.
    """
    from lk_graphql import settings
    from lk_graphql.exchange.models import ImportKind
    from lk_graphql.exchange.service import catalog
    from lk_graphql.exchange.service.files import inspect_file, recognize
    from lk_graphql.exchange.service.imports import ImportOrder, read_controls

    zone, now = settings.read().company.zone, utc_now()
    sources = [inspect_file(path) for path in dict.fromkeys(files)]
    declared = catalog.KINDS[ImportKind(kind.upper())]
    order = ImportOrder(
        declared.kind,
        tuple((source, recognize(source, declared)) for source in sources),
        as_of=as_of.replace(tzinfo=zone) if as_of else now,
        report=report or Path(f"{files[0].stem}.faults.csv"),
        is_dry_run=dry_run,
        is_atomic=atomic,
        controls=read_controls(control or ()),
    )
    if outcome := with_models(lambda: _load(order, again=again), connections=2):
        _print_outcome(outcome, order)


def guide() -> None:
    """Print docs/import.md: what files hold, column by column."""
    from lk_graphql.exchange.service import faults

    print_line(faults.guide().rstrip())


async def _load(order: "ImportOrder", *, again: bool) -> "ImportResult | None":
    from lk_graphql import settings
    from lk_graphql.exchange.service.imports import load
    from lk_graphql.exchange.service.runs import find_loaded

    company = settings.read().company
    hashes = [source.sha256 for source in order.sources]
    if not (again or order.is_dry_run) and (loaded := await find_loaded(hashes)):
        local = f"{loaded.astimezone(company.zone):%d.%m.%Y %H:%M}"
        print_note(f"Loaded already, on {local}: nothing to do. To load it all the same: --again.")
        return None
    with _progress() as tell:
        return await load(order, company=company, clock=utc_now, report=tell)


@contextmanager
def _progress() -> "Generator[ProgressCallback]":
    """A bar for each step, with rows, rows a second and the time left."""
    from rich.progress import TaskID

    from lk_graphql.cli.progress import row_progress

    with row_progress() as progress:
        tasks = dict[str, TaskID]()

        def tell(step: str, done: int, total: int, rows: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=total, rows=0)
            progress.update(tasks[step], completed=done, total=total, rows=rows)

        yield tell


def _print_outcome(outcome: "ImportResult", order: "ImportOrder") -> None:
    from lk_graphql.exchange.models import ImportState
    from lk_graphql.exchange.service.faults import FAULTS

    print_line()
    read = [one for one in outcome.tallies if one.read or one.removed]
    print_table(
        ("Rows", "Read", "New", "Changed", "As before", "Removed", "Refused"), map(_row, read)
    )
    sums = [
        (f"{one.name}.{name}", money.to_rubles(kopecks))
        for one in read
        for name, kopecks in one.sums.items()
    ]
    if sums:
        print_line()
        print_table(("Control total", "Rubles"), sums)
    if outcome.new_holders:
        print_line(
            f"\n{outcome.new_holders} accounts have another holder: their links are suspended."
        )
    if outcome.answered:
        print_line(f"\n{outcome.answered:,} readings of customers are accepted or rejected.")
    if outcome.posted:
        print_line(f"\n{outcome.posted:,} payments of the cabinet are posted.")
    if outcome.notified:
        print_line(f"\n{outcome.notified:,} notices of new bills.")
    if outcome.faults:
        print_line()
        rows = (
            (code, column, str(count), FAULTS[code][1]) for code, column, count in outcome.faults
        )
        print_table(("Fault", "Column", "Times", "What it means"), rows)
        print_line(f"\nEvery bad row, with line and value: {order.report}")
    if outcome.run.state is ImportState.REFUSED:
        raise CommandError(f"Nothing was loaded. {outcome.run.reason}")
    if outcome.run.state is ImportState.CHECKED:
        print_note("A dry run: nothing was changed.")
    if outcome.faults:
        raise typer.Exit(EXIT_BAD_ROWS)


def _row(tally: "Tally") -> tuple[str, ...]:
    as_before = tally.read - tally.refused - tally.loaded
    counts = (tally.read, tally.inserted, tally.changed, as_before, tally.removed, tally.refused)
    return tally.name, *(f"{count:,}" for count in counts)
