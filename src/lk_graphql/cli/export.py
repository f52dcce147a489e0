"""`lk export`: what customers have sent, for the billing system."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from lk_graphql.cli.database import on_database, require_migrated
from lk_graphql.cli.terminal import print_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from lk_graphql.exchange.models import ExportFormat, ExportKind

Kind = Annotated[Literal["readings", "payments", "appeals"], typer.Argument(help="What to write.")]
Since = Annotated[
    datetime,
    typer.Option(
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"], help="Sent since when, in the company's zone."
    ),
]
Form = Annotated[Literal["csv", "jsonl"], typer.Option("--format", help="How.")]
Out = Annotated[Path | None, typer.Option(dir_okay=False, help="Where; by default beside you.")]
All = Annotated[bool, typer.Option("--all", help="What billing has answered, too.")]


def export(
    kind: Kind,
    since: Since,
    *,
    form: Form = "csv",
    out: Out = None,
    everything: All = False,
) -> None:
    """Write what customers have sent and billing hasn't answered yet.

    Each row has a key that never changes, and comes again until `lk import` brings an answer to
    it. The file is there when it is whole, and not before.
    """
    from lk_graphql import settings
    from lk_graphql.exchange.models import ExportFormat, ExportKind

    path = out or Path(f"{kind}.{form}")
    what, how = ExportKind(kind.upper()), ExportFormat(form.upper())
    moment = since.replace(tzinfo=settings.read().company.zone)
    draft = path.with_name(f".{path.name}.part")

    async def work(dsn: str) -> int:
        await require_migrated(dsn)
        with draft.open("wb") as file:
            return await _write(dsn, what, how, moment, everything=everything, write=file.write)

    count = on_database(work)
    draft.replace(path)
    print_line(f"{count:,} rows: {path}")


async def _write(
    dsn: str,
    kind: "ExportKind",
    form: "ExportFormat",
    since: datetime,
    *,
    everything: bool,
    write: "Callable[[bytes], object]",
) -> int:
    import asyncpg

    from lk_graphql.exchange.models import ExportFormat
    from lk_graphql.exchange.service.exports import export_rows

    connection = await asyncpg.connect(dsn)
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
