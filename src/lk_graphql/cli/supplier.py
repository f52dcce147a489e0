"""`lk supplier`: the requisites that receipts and their codes bear."""

from pathlib import Path
from typing import Annotated

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_line, print_table
from lk_graphql.kit.errors import CommandError

app = typer.Typer(help="Whom customers pay («реквизиты»).", no_args_is_help=True)

File = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="A TOML file; `example` prints one.")
]


@app.command()
def publish(file: File) -> None:
    """Publish the supplier's requisites from the day on that the file says.

    Lengths and control keys are checked: a code with a wrong account sends money nowhere. What
    is published stays as it is: for other requisites, give another day.
    """
    from lk_graphql.billing.service import requisites

    try:
        given = requisites.requisites_in(file.read_text("utf-8"))
        is_new = with_models(lambda: requisites.publish(given))
    except requisites.InvalidRequisites as wrong:
        raise CommandError(f"{file}:\n{wrong}\nLook at one: lk supplier example") from wrong
    except requisites.RequisitesChanged as changed:
        raise CommandError(
            f"Others are published from {changed} on, and receipts may have been printed with them."
            " Give these a day of their own. Nothing was published."
        ) from changed
    print_line("Published." if is_new else "They are published already.")


@app.command("list")
def list_() -> None:
    """List all versions, the newest first."""
    from lk_graphql.billing.service import requisites

    versions = with_models(requisites.all_versions)
    rows = ((f"{one.valid_from}", one.name, one.inn, one.bic, one.account) for one in versions)
    print_table(("From", "Name", "INN", "BIC", "Account"), rows)


@app.command()
def example() -> None:
    """Print a file of an invented company, to be changed."""
    from lk_graphql.demo.data.requisites import TEXT

    print_line(TEXT.rstrip())
