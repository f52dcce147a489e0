"""`lk migrate`: bringing the database's tables up to the models."""

from typing import Annotated

import typer

from lk_graphql.cli.database import on_database, on_own_database, require_migrated
from lk_graphql.cli.terminal import print_line
from lk_graphql.kit.errors import CommandError

app = typer.Typer(help="The database's tables.", no_args_is_help=True)


@app.command()
def up() -> None:
    """Apply the migrations that the database lacks."""
    from lk_graphql.database import migrations

    applied = on_database(migrations.migrate)
    for name in applied:
        print_line(f"Applied {name}.")
    if not applied:
        print_line("Nothing to do: the database is up to date.")


@app.command()
def down(*, yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False) -> None:
    """Undo the newest migration; what is in the columns that it made is lost."""
    from aerich.exceptions import DowngradeError

    from lk_graphql.database import migrations

    if not yes:
        typer.confirm("Undo the newest migration, with the data it made room for?", abort=True)
    try:
        undone = on_database(migrations.downgrade)
    except DowngradeError as refused:
        raise CommandError(str(refused)) from refused
    for name in undone:
        print_line(f"Undid {name}.")


@app.command()
def grant(role: Annotated[str, typer.Argument(help="The role of LK_DATABASE_URL.")]) -> None:
    """Give a role what the application needs, but not the tables: it can't rewrite the books.

    To be run as the tables' owner, after `lk migrate up`. Then `lk serve` and `lk worker` sign in
    as the role: whoever takes them over can add to the ledger and the logs, not change them.
    """
    import asyncpg

    from lk_graphql.database import migrations

    try:
        on_database(lambda dsn: migrations.grant(dsn, role))
    except asyncpg.UndefinedObjectError:
        raise CommandError(
            f'There is no role {role}. CREATE ROLE "{role}" LOGIN makes one.'
        ) from None
    print_line(f"{role} may do the application's work now.")


@app.command()
def status() -> None:
    """Say which migrations the database lacks; fail when there are any."""
    on_database(require_migrated)
    print_line("The database is up to date.")


@app.command()
def new(name: Annotated[str, typer.Argument(help="What changes, in snake_case.")]) -> None:
    """Write a migration from what the models say and the migrations don't yet.

    It needs no database. Read what it wrote before you commit it.
    """
    from lk_graphql.database import migrations

    written = on_own_database(lambda dsn: migrations.new_migration(dsn, name))
    print_line(f"Wrote migrations/models/{written}." if written else "The models haven't changed.")


@app.command()
def check() -> None:
    """Fail when the models say what no migration does; tries all migrations on the way.

    It needs no database.
    """
    from lk_graphql.database import migrations

    if changes := on_own_database(migrations.model_changes):
        raise CommandError(f"{changes}\nNo migration does this. Run: lk migrate new NAME")
    print_line("The migrations do what the models say.")
