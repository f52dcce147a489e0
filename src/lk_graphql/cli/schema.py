"""`lk schema`: the GraphQL schema as a file (SDL), and its changes since the released one."""

from difflib import unified_diff
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lk_graphql.cli.terminal import print_line
from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.viewer import Audience

app = typer.Typer(help="The GraphQL schema as text.", no_args_is_help=True)

DEFAULT_FILE = Path("schema.graphql")
RELEASED_FILE = Path("schema.released.graphql")
CHANGELOG = Path("CHANGELOG.md")
File = Annotated[Path, typer.Argument(help="The file of the schema.")]
OptionalFile = Annotated[
    Path | None,
    typer.Argument(help=f"By default {DEFAULT_FILE}; standard output for an audience's part."),
]
ForAudience = Annotated[
    Audience | None, typer.Option("--audience", help="Only what these clients can use.")
]


@app.command("print")
def print_(audience: ForAudience = None) -> None:
    """Print the schema (SDL)."""
    print_line(_sdl(audience).rstrip("\n"))


@app.command()
def write(file: OptionalFile = None, audience: ForAudience = None) -> None:
    """Write the schema to a file."""
    file = file or (None if audience else DEFAULT_FILE)
    if file is None:
        print_(audience)
    else:
        file.write_text(_sdl(audience))
        print_line(f"Wrote {file}.")


@app.command()
def check(file: File = DEFAULT_FILE) -> None:
    """Fail if the file is out of date, or the customers' part of the schema is invalid."""
    text = file.read_text() if file.exists() else ""
    changes = [*unified_diff(text.splitlines(), _sdl().splitlines(), str(file), "the code", n=1)]
    for line in changes[:40]:
        print_line(line.rstrip("\n"))
    if changes:
        raise CommandError(f"{file} is out of date: run lk schema write, and read the diff.")
    _check_audience()


@app.command()
def changes(
    released: Annotated[Path, typer.Option(help="The schema to compare with.")] = RELEASED_FILE,
    changelog: Annotated[Path, typer.Option(help="The file with the entries.")] = CHANGELOG,
) -> None:
    """List the changes since the released schema: breaking, dangerous, safe.

    Fails if a breaking change has no entry "Breaking: …" in the unreleased part of the changelog
    that names the member in backticks, such as `Account.invoices(last:)`.
    """
    from lk_graphql.cli.schema_changes import changes_between, unreviewed

    differences = changes_between(released.read_text(), _sdl())
    for kind in ("breaking", "dangerous", "safe"):
        for change in getattr(differences, kind):
            print_line(f"{kind:<9}  {change}")
    if missing := unreviewed(differences.breaking, changelog.read_text()):
        lines = "\n".join(f"  {change}" for change in missing)
        raise CommandError(f'{changelog} has no "Breaking: …" for\n{lines}')


class ClientConfig(StrEnum):
    """The kinds of settings for clients."""

    APOLLO = "apollo"
    GRAPHCACHE = "graphcache"
    REFUSALS = "refusals"


@app.command()
def client(kind: Annotated[ClientConfig, typer.Argument(help="For what.")]) -> None:
    """Print settings of clients as TypeScript: cache policies, or the codes of mutations."""
    from lk_graphql.cli.client_config import client_config

    print_line(client_config(_sdl(), kind).rstrip("\n"))


@app.command()
def release(file: Annotated[Path, typer.Argument(help="The file.")] = RELEASED_FILE) -> None:
    """Make the current schema the released one, the base of `lk schema changes`."""
    from lk_graphql.cli.schema_changes import without_descriptions

    file.write_text(without_descriptions(_sdl()))
    print_line(f"Wrote {file}.")


def _check_audience() -> None:
    """Check that the customers' part is a schema, and the customers' examples are valid for it."""
    from lk_graphql.api.audience import is_staff_document, problems
    from lk_graphql.app import EXAMPLES

    documents = [file.read_text() for file in sorted(EXAMPLES.glob("*.graphql"))]
    of_customers = [document for document in documents if not is_staff_document(document)]
    if faults := problems(_sdl(Audience.CUSTOMER), of_customers):
        raise CommandError("The customers' part of the schema:\n" + "\n".join(faults))


def _sdl(audience: Audience | None = None) -> str:
    from lk_graphql.schema import sdl

    return sdl(audience)
