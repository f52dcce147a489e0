"""`lk schema`: the GraphQL schema as a file (SDL)."""

from difflib import unified_diff
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lk_graphql.cli.terminal import print_line
from lk_graphql.kit.errors import CommandError

app = typer.Typer(help="The GraphQL schema as text.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="The file of the schema.")]
DEFAULT_FILE = Path("schema.graphql")


@app.command("print")
def print_() -> None:
    """Print the schema (SDL)."""
    print_line(_sdl().rstrip("\n"))


@app.command()
def write(file: File = DEFAULT_FILE) -> None:
    """Write the schema to a file."""
    file.write_text(_sdl())
    print_line(f"Wrote {file}.")


@app.command()
def check(file: File = DEFAULT_FILE) -> None:
    """Fail and print the difference when the file is not up to date."""
    text = file.read_text() if file.exists() else ""
    changes = [*unified_diff(text.splitlines(), _sdl().splitlines(), str(file), "the code", n=1)]
    for line in changes[:40]:
        print_line(line.rstrip("\n"))
    if changes:
        raise CommandError(f"{file} is out of date: run lk schema write, and read the diff.")


class Client(StrEnum):
    """The kinds of settings for clients."""

    APOLLO = "apollo"
    GRAPHCACHE = "graphcache"
    REFUSALS = "refusals"


@app.command()
def client(kind: Annotated[Client, typer.Argument(help="For what.")]) -> None:
    """Print settings of clients as TypeScript: cache policies, or the codes of mutations."""
    from lk_graphql.cli.client_config import client_config

    print_line(client_config(_sdl(), kind).rstrip("\n"))


def _sdl() -> str:
    from lk_graphql.schema import sdl

    return sdl()
