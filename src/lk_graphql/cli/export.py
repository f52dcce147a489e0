"""`lk export`: data of customers for the billing system."""

import glob
import secrets
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

import typer

from lk_graphql.cli.database import on_database, require_migrated
from lk_graphql.cli.terminal import print_line
from lk_graphql.kit.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lk_graphql.exchange.models import ExportFormat, ExportKind

_DRAFT_SECONDS = 24 * 3600
"""The age from which a draft is that of a killed process."""

Kind = Annotated[
    Literal["readings", "payments", "appeals"], typer.Argument(help="The kind of data.")
]
Since = Annotated[
    datetime,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
        help="The earliest time of sending, in the company's zone."
        " What billing has yet to count is exported whatever its time.",
    ),
]
Form = Annotated[Literal["csv", "jsonl"], typer.Option("--format", help="The file's format.")]
Out = Annotated[
    Path | None, typer.Option(dir_okay=False, help="The file; by default KIND.FORMAT here.")
]
All = Annotated[bool, typer.Option("--all", help="Include data that billing has answered.")]


def export(
    kind: Kind,
    since: Since,
    *,
    form: Form = "csv",
    out: Out = None,
    everything: All = False,
) -> None:
    """Export the data that customers have sent and billing has not answered yet.

    Each row has a permanent key, and is exported again until `lk import` loads the answer to it.
    The file appears only when it is complete.
    """
    from lk_graphql import settings
    from lk_graphql.exchange.models import ExportFormat, ExportKind

    path = out or Path(f"{kind}.{form}")
    export_kind, export_format = ExportKind(kind.upper()), ExportFormat(form.upper())
    moment = since.replace(tzinfo=settings.read().company.zone)

    async def work(dsn: str) -> int:
        await require_migrated(dsn)
        with _complete_file(path) as file:
            return await _write(
                dsn, export_kind, export_format, moment, everything=everything, write=file.write
            )

    print_line(f"{on_database(work):,} rows: {path}")


@contextmanager
def _complete_file(path: Path) -> Generator[BinaryIO]:
    """Write a draft that becomes the file at the end, or is deleted after an error.

    Each export has a draft of its own, because two may run at once. Drafts have personal data, so
    those of killed exports are deleted by a later export to the same path. Raises `CommandError`.
    """
    try:
        for old in path.parent.glob(f".{glob.escape(path.name)}.*.part"):
            with suppress(FileNotFoundError):  # deleted by another export
                if old.stat().st_mtime < time.time() - _DRAFT_SECONDS:
                    old.unlink()
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        file = draft.open("xb")
    except OSError as error:
        reason = f"{path} can't be written: {error.strerror}."
        raise CommandError(f"{reason} Name another file with --out.") from error
    try:
        with file:
            yield file
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


async def _write(
    dsn: str,
    kind: "ExportKind",
    form: "ExportFormat",
    since: datetime,
    *,
    everything: bool,
    write: "Callable[[bytes], object]",
) -> int:
    from lk_graphql.database.connections import connect
    from lk_graphql.exchange.models import ExportFormat
    from lk_graphql.exchange.service.exports import export_rows

    connection = await connect(dsn)
    try:
        count = -1 if form is ExportFormat.CSV else 0
        async for lines in export_rows(
            connection, kind, form, since=since, with_answered=everything
        ):
            write(b"".join(lines))
            count += len(lines)
        return count
    finally:
        await connection.close()
