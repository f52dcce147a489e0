"""`lk supplier`: the supplier's requisites on receipts and in payment codes."""

from pathlib import Path
from typing import Annotated

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_line, print_table
from lk_graphql.kit.errors import CommandError

app = typer.Typer(help="The supplier's requisites («реквизиты»).", no_args_is_help=True)

File = Annotated[
    Path,
    typer.Argument(exists=True, dir_okay=False, help="A TOML file; see `lk supplier example`."),
]


@app.command()
def publish(file: File) -> None:
    """Publish the supplier's requisites, valid from the day in the file.

    Lengths and check digits are verified, because payments to a wrong account are lost. Published
    requisites never change: to change them, publish new ones from another day.
    """
    from lk_graphql.billing.service import requisites

    try:
        details = requisites.requisites_in(file.read_text("utf-8-sig").lstrip("\ufeff"))
        is_new = with_models(lambda: requisites.publish(details))
    except UnicodeDecodeError as error:
        raise CommandError(
            f"{file} isn't text in UTF-8: save it in this encoding. Nothing was published."
        ) from error
    except requisites.InvalidRequisites as error:
        raise CommandError(f"{file}:\n{error}\nFor an example: lk supplier example") from error
    except requisites.RequisitesChanged as changed:
        raise CommandError(
            f"Other requisites are published from {changed} on, and receipts may bear them."
            " Give the new ones another day. Nothing was published."
        ) from changed
    print_line("Published." if is_new else "Already published.")


@app.command("list")
def list_() -> None:
    """List all versions, the newest first."""
    from lk_graphql.billing.service import requisites

    versions = with_models(requisites.all_versions)
    rows = ((f"{row.valid_from}", row.name, row.inn, row.bic, row.account) for row in versions)
    print_table(("From", "Name", "INN", "BIC", "Account"), rows)


@app.command()
def example() -> None:
    """Print a template: the file of a fictitious company."""
    from lk_graphql.demo.data.requisites import TEXT

    print_line(TEXT.rstrip())
