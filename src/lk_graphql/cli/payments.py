"""`lk payments`: payments at the acquirer, for operators."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_line, print_note, print_table
from lk_graphql.kit.clock import utc_now
from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.money import to_rubles

if TYPE_CHECKING:
    from lk_graphql.payments.service.restore_report import ReportRow, RestoreReport
    from lk_graphql.ports.acquiring import Acquirer

app = typer.Typer(help="Payments at the acquirer.", no_args_is_help=True)

COLUMNS = (
    *("Reference", "Kind", "Created", "Amount", "Currency", "Acquirer", "Cabinet"),
    *("Payment", "Accounts", "Next step"),
)


def _moment(text: str) -> datetime:
    """Parse a moment as `deploy/restore.sh` takes it."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write it as 2026-11-30 11:55:00+07") from None


Since = Annotated[
    datetime,
    typer.Option(
        parser=_moment,
        metavar="MOMENT",
        help="The moment to which the database was restored, such as 2026-11-30 11:55:00+07;"
        " without an offset, in the company's zone.",
    ),
]
Out = Annotated[Path, typer.Option(dir_okay=False, help="The file of the report, as CSV.")]
SkipNumbers = Annotated[
    bool,
    typer.Option(
        "--skip-numbers",
        help="Skip the numbers of payments, appeals and applications that may have been given out."
        " Requires the owner of the database. Do it once, before the processes start.",
    ),
]
Check = Annotated[
    bool,
    typer.Option("--check", help="Enqueue a check of each known payment that differs."),
]


@app.callback()
def payments() -> None:
    """Payments at the acquirer."""


@app.command("after-restore")
def after_restore(
    since: Since,
    *,
    out: Out = Path("payments_after_restore.csv"),
    skip_numbers: SkipNumbers = False,
    check: Check = False,
) -> None:
    """List the acquirer's payments that a restored database lacks, or has in another state.

    Compares all payments and refunds since the moment, at the acquirer and in the database.
    Without --skip-numbers and --check, the database isn't changed. docs/operations.md describes
    the next step for each row.
    """
    from lk_graphql import settings
    from lk_graphql.app import build_acquirer

    chosen = settings.read()
    zone = chosen.company.zone
    acquirer = build_acquirer(chosen)
    if acquirer is None:
        raise CommandError("There is no acquirer: set LK_ACQUIRER_SHOP and LK_ACQUIRER_SECRET.")
    moment = since if since.tzinfo else since.replace(tzinfo=zone)
    report, skipped, checks = with_models(
        lambda: _compare(acquirer, moment, skip_numbers=skip_numbers, check=check)
    )
    rows = [_cells(row, zone) for row in report.rows]
    _write(out, rows)
    print_table(COLUMNS, rows)
    print_line(f"\n{len(rows)} rows: {out}")
    _print_counts(report, skipped, checks)


def _print_counts(report: "RestoreReport", skipped: dict[str, int], checks: int | None) -> None:
    print_line(
        f"{report.agreeing} payments and refunds agree, {report.unpaid} unknown ones moved no"
        f" money, {report.foreign} are of other systems."
    )
    if not skipped:
        print_note(
            f"The highest payment number at the acquirer is {report.highest_number}. To skip the"
            " numbers that may have been given out: --skip-numbers"
        )
    for name, last in skipped.items():
        print_line(f"{name}: the next number is {last + 1}.")
    if checks is not None:
        print_line(f"{checks} payments will be checked.")


async def _compare(
    acquirer: "Acquirer", since: datetime, *, skip_numbers: bool, check: bool
) -> "tuple[RestoreReport, dict[str, int], int | None]":
    from asyncpg import InsufficientPrivilegeError

    from lk_graphql.payments.service import restore_report
    from lk_graphql.ports.acquiring import AcquirerUnavailable

    now = utc_now()
    try:
        report = await restore_report.compare(acquirer, since=since, now=now)
    except AcquirerUnavailable as outage:
        raise CommandError(f"The acquirer's answer is missing or unreadable: {outage}") from outage
    try:
        skipped = await restore_report.skip_numbers(report) if skip_numbers else {}
    except InsufficientPrivilegeError as refused:
        raise CommandError(
            "Only the owner of the database can skip numbers: set LK_DATABASE_URL as for"
            " `lk migrate up`. Nothing was changed."
        ) from refused
    checks = await restore_report.enqueue_checks(report, now=now) if check else None
    return report, skipped, checks


def _cells(row: "ReportRow", zone: tzinfo) -> tuple[str, ...]:
    local = row.created_at and row.created_at.astimezone(zone)
    return (
        row.reference,
        "refund" if row.is_refund else "payment",
        local.isoformat(sep=" ", timespec="seconds") if local else "",
        to_rubles(row.amount),
        row.currency,
        row.status,
        row.cabinet or "unknown",
        row.number or "",
        row.accounts,
        row.remedy,
    )


def _write(path: Path, rows: list[tuple[str, ...]]) -> None:
    from lk_graphql.tabular.spreadsheet_cells import cell_of, csv_line

    def lines() -> Iterator[bytes]:
        yield "\N{BYTE ORDER MARK}".encode() + csv_line(COLUMNS)
        for row in rows:
            yield csv_line(map(cell_of, row))

    try:
        with path.open("wb") as file:
            file.writelines(lines())
    except OSError as failure:
        raise CommandError(f"{path} can't be written: {failure.strerror}.") from failure
