"""`lk documents`: publishes the texts that customers consent to."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lk_graphql.cli.database import with_models
from lk_graphql.cli.terminal import print_line, print_table
from lk_graphql.kit.clock import utc_now
from lk_graphql.kit.errors import CommandError

if TYPE_CHECKING:
    from lk_graphql.identity.models import Document

app = typer.Typer(help="The texts that customers consent to («согласия»).", no_args_is_help=True)

Folder = Annotated[
    Path, typer.Argument(exists=True, file_okay=False, help="The folder with the texts, *.md.")
]


@app.command()
def publish(folder: Folder) -> None:
    """Publish the texts of a folder; published versions are never changed.

    A file is named KIND.VERSION.md, such as terms.2026-01-31.md. The kind is terms («условия
    использования»), personal_data («согласие на обработку персональных данных») or, where SMS
    are sent, sms («согласие на получение SMS»). The version is the day, in UTC, from which it is
    valid. A text is Markdown in UTF-8 with the title in the first line. A changed text needs a new
    version, because customers have consented to the old one.
    """
    from lk_graphql.identity.service import consents

    try:
        versions = consents.read_versions(folder)
        published = with_models(lambda: consents.publish(versions))
    except consents.InvalidDocumentVersion as error:
        raise CommandError(
            f"{error}\nNames and format of the files: lk documents publish -h"
        ) from error
    except consents.PublishedTextChanged as changed:
        raise CommandError(
            f"{changed} is published with another text, to which customers may have consented."
            " Give the new text a new version. Nothing was published."
        ) from changed
    print_line(f"Published {published} of {len(versions)}. See: lk documents list")


@app.command("list")
def list_() -> None:
    """List all versions, the newest first: current, future or superseded."""
    from lk_graphql.identity.service import consents

    now = utc_now()

    async def load() -> tuple[list["Document"], set["Document"]]:
        return await consents.all_versions(), {*(await consents.current(now=now)).values()}

    versions, current = with_models(load)
    rows = (
        (text.kind.lower(), text.version, _state(text, current, now), text.sha256[:12], text.title)
        for text in versions
    )
    print_table(("Kind", "Version", "State", "SHA-256", "Title"), rows)


async def require_documents(*, has_sms: bool) -> None:
    """Require the texts that registration and SMS need. Raises `CommandError`."""
    from lk_graphql.identity.models import DocumentKind
    from lk_graphql.identity.service import consents

    if missing := await consents.missing(now=utc_now(), has_sms=has_sms):
        kinds = " and ".join(kind.lower() for kind in missing)
        raise CommandError(
            f"There is no current version of {kinds}, which"
            f" {'SMS' if missing == [DocumentKind.SMS] else 'registration'} requires."
            " Publish one: lk documents publish FOLDER"
        )


def _state(document: "Document", current: set["Document"], now: datetime) -> str:
    if document in current:
        return "current"
    return "in future" if document.valid_from > now else "superseded"
