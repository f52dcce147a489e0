"""Output of commands: lines, notes, errors and tables."""

import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager

import typer

from lk_graphql.kit.errors import CommandError, Refusal, Refusals

_UNFOLDED = 10_000
"""A width greater than that of any table."""


def print_line(line: str = "") -> None:
    """Print a result on standard output."""
    typer.echo(line)


def print_note(line: str) -> None:
    """Print a hint on standard error, so that pipes don't receive it."""
    typer.secho(line, err=True, fg=typer.colors.BRIGHT_BLACK)


def print_error(line: str) -> None:
    typer.secho(line, err=True, fg=typer.colors.RED)


@contextmanager
def report_refusals(texts: Mapping[type[Exception], str]) -> Generator[None]:
    """Turn the exceptions in `texts`, and refusals, into `CommandError`s; {} is the exception."""
    try:
        yield
    except tuple(texts) as failure:
        raise CommandError(texts[type(failure)].format(failure)) from failure
    except Refusal as refused:
        raise CommandError(str(refused)) from refused
    except Refusals as refused:
        lines = (f"{'.'.join(refusal.path)}: {refusal}" for refusal in refused.refusals)
        raise CommandError("\n".join(lines)) from refused


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: folded to a terminal's width, but one line per row into pipes and files."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, name in enumerate(columns):
        table.add_column(name, no_wrap=number == 0, overflow="fold")
    for row in rows:
        table.add_row(*row)
    width = None if sys.stdout.isatty() else _UNFOLDED
    Console(width=width, highlight=False, markup=False).print(table)
