"""How commands speak to a person."""

from collections.abc import Iterable, Sequence

import typer


def say(line: str = "") -> None:
    """An answer, on standard output."""
    typer.echo(line)


def note(line: str) -> None:
    """What a person should know but a pipe shouldn't carry."""
    typer.secho(line, err=True, fg=typer.colors.BRIGHT_BLACK)


def complain(line: str) -> None:
    typer.secho(line, err=True, fg=typer.colors.RED)


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        drawn.add_column(name, no_wrap=number == 0, overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    Console(highlight=False, markup=False).print(drawn)
