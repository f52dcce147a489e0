"""`lk demo-data`, `lk demo-files` and `lk mail`: large demo data, sample files and mails."""

import asyncio
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lk_graphql.cli.database import on_own_database, require_migrated, require_reachable
from lk_graphql.cli.demo import HOME
from lk_graphql.cli.rights import with_rights
from lk_graphql.cli.terminal import print_line, print_note
from lk_graphql.kit.clock import utc_now
from lk_graphql.kit.errors import CommandError

if TYPE_CHECKING:
    from lk_graphql.demo.data.growth import GrowthSize
    from lk_graphql.settings import Settings

Accounts = Annotated[int, typer.Option(min=200, help="The number of accounts in all.")]
Months = Annotated[int, typer.Option(min=1, max=36, help="Billed months of each new account.")]
Yes = Annotated[bool, typer.Option("--yes", help="Also fill a database with other data.")]


def demo_data(*, accounts: Accounts, months: Months = 3, yes: Yes = False) -> None:
    """Enlarge the demo supplier, for measurements and presentations.

    The database is that of LK_DATABASE_URL (migrated), by default that of `lk demo`. The first 200
    accounts are the demo's own, with three years of bills. Every second one of the other accounts
    has a login, starting with customer202@example.com, with the demo's password. Existing data is
    kept, so you can continue an interrupted run.
    """
    from lk_graphql import settings
    from lk_graphql.demo.data.growth import GrowthSize
    from lk_graphql.demo.postgres import embedded

    chosen, size = settings.read(), GrowthSize(accounts, months)
    if chosen.database_url:
        dsn = chosen.database_url.get_secret_value()
        asyncio.run(with_rights(dsn, _grow(chosen, dsn, size, yes=yes)))
    else:
        print_note(f"LK_DATABASE_URL is not set: using {HOME / 'postgres'}.")
        # faster, but a power failure may destroy the demo's data
        with embedded(HOME / "postgres", durable=False) as dsn:
            asyncio.run(_grow(chosen, dsn, size, yes=yes, own=True))


def demo_files(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="The folder for the files.")],
) -> None:
    """Write 20 accounts of the demo as files for `lk import`, as in examples/import."""
    from lk_graphql.demo.data.import_samples import write_samples
    from lk_graphql.demo.data.load import load_demo
    from lk_graphql.ports.passwords import Passwords

    async def work(dsn: str) -> list[Path]:
        passwords = Passwords()
        await load_demo(dsn, today=date(2026, 11, 22), passwords=passwords, accounts=20)
        passwords.close()
        return await write_samples(dsn, folder)

    folder.mkdir(parents=True, exist_ok=True)
    for path in dict.fromkeys(on_own_database(work)):
        print_line(str(path))


async def _grow(
    chosen: "Settings", dsn: str, size: "GrowthSize", *, yes: bool, own: bool = False
) -> None:
    from lk_graphql.cli.progress import step_progress
    from lk_graphql.database import migrations
    from lk_graphql.demo.data.growth import grow_demo
    from lk_graphql.ports.passwords import Passwords

    if own and await migrations.pending(dsn):
        await migrations.migrate(dsn)
    await require_reachable(dsn)
    await require_migrated(dsn)
    if not yes:
        await _require_demo_database(chosen, dsn)
    passwords, today = Passwords(), chosen.company.today(utc_now())
    try:
        with step_progress() as progress:
            total = await grow_demo(dsn, size, today=today, passwords=passwords, progress=progress)
    finally:
        passwords.close()
    print_line(f"There are {total:,} accounts now.")


async def _require_demo_database(chosen: "Settings", dsn: str) -> None:
    """Refuse production, where the demo's public password is a risk. Raises `CommandError`."""
    from lk_graphql.demo.data.growth import foreign_data

    if chosen.smtp_url:
        raise CommandError(
            "LK_SMTP_URL is set, so this may be production. The demo's password is public."
            " Unset LK_SMTP_URL, or use --yes."
        )
    if counts := await foreign_data(dsn):
        raise CommandError(
            f"This database has data that is not the demo's ({', '.join(counts)})."
            " Use another database, or --yes."
        )


mail_app = typer.Typer(help="Mails to customers.", no_args_is_help=True)


@mail_app.callback()
def _mail_commands() -> None:
    """Keep `preview` a subcommand, because Typer turns a single command into the group itself."""


@mail_app.command()
def preview(
    folder: Annotated[Path, typer.Argument(help="The folder for the pages.")] = Path(".lk/preview"),
) -> None:
    """Write every mail in every language as an HTML page, with sample values.

    Open index.html in the folder. Notices have a page for each kind.
    """
    from lk_graphql.demo.data.mail_samples import mail_samples

    folder.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    for name, mail in mail_samples():
        (folder / f"{name}.html").write_text(mail.html, "utf-8")
        (folder / f"{name}.txt").write_text(mail.text, "utf-8")
        lines.append(
            f'<li><a href="{name}.html">{mail.subject}</a> · <a href="{name}.txt">{name}</a></li>'
        )
    head = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Mails</title>'
        "<main><h1>Mails</h1><ul>"
    )
    index = folder / "index.html"
    index.write_text(head + "\n".join(lines), "utf-8")
    print_line(f"Wrote {len(lines)} mails. Open {index}")
