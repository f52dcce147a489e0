"""The command `lk`, with one module per group of commands.

Commands import the application only when they run, so that `lk --help` is fast.
"""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from lk_graphql.cli import (
    demo,
    documents,
    exchange,
    explain,
    export,
    jobs,
    migrate,
    payments,
    production,
    rules,
    samples,
    sandbox,
    sbom,
    schema,
    secrets,
    staff,
    supplier,
    user,
)
from lk_graphql.cli.terminal import print_error
from lk_graphql.kit.errors import CommandError

app = typer.Typer(
    name="lk",
    help="The customer cabinet («личный кабинет») of an energy supplier.",
    epilog="To try it: lk demo. In production: lk migrate up, lk serve and lk worker.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(requested: bool) -> None:  # noqa: FBT001 - Typer passes it by position
    if requested:
        typer.echo(f"lk_graphql {version('lk-graphql')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and exit.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Options of `lk` itself."""


app.command("demo")(demo.demo)
app.command("demo-data")(samples.demo_data)
app.command("demo-files")(samples.demo_files)
app.command("serve")(production.serve)
app.command("worker")(production.worker)
app.command("sandbox-acquirer")(sandbox.sandbox_acquirer)
app.command("import")(exchange.import_)
app.command("imports")(exchange.imports)
app.command("export")(export.export)
app.command("rules")(rules.rules)
app.command("check")(rules.check)
app.command("import-guide")(exchange.guide)
app.command("explain")(explain.explain)
app.command("settings")(production.show_settings)
app.command("sbom")(sbom.sbom)
app.add_typer(migrate.app, name="migrate")
app.add_typer(documents.app, name="documents")
app.add_typer(supplier.app, name="supplier")
app.add_typer(schema.app, name="schema")
app.add_typer(jobs.app, name="jobs")
app.add_typer(payments.app, name="payments")
app.add_typer(samples.mail_app, name="mail")
app.add_typer(user.app, name="user")
app.add_typer(staff.app, name="staff")
app.add_typer(secrets.app, name="secrets")


def main() -> None:
    """Run a command; a `CommandError` is printed as text, other exceptions with a traceback."""
    try:
        app()
    except CommandError as error:
        print_error(str(error))
        sys.exit(1)
