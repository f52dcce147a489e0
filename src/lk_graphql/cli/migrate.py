"""`lk migrate`: migrations of the database."""

from typing import Annotated

import typer

from lk_graphql.cli.database import on_database, on_own_database, require_migrated
from lk_graphql.cli.terminal import print_line, print_note
from lk_graphql.kit.errors import CommandError

app = typer.Typer(help="Migrations of the database.", no_args_is_help=True)


@app.command()
def up() -> None:
    """Apply all pending migrations, while servers run.

    If a long transaction, such as a dump, uses a table, the migration is tried again for ten
    minutes. The command prints these transactions.
    """
    from lk_graphql.database import migrations

    applied = on_database(lambda dsn: migrations.migrate(dsn, report=print_note), by_owner=True)
    for name in applied:
        print_line(f"Applied {name}.")
    if not applied:
        print_line("Nothing to do: the database is up to date.")


@app.command()
def down(
    *, yes: Annotated[bool, typer.Option("--yes", help="Don't ask for confirmation.")] = False
) -> None:
    """Undo the newest migration; the data in its columns and tables is lost."""
    from aerich.exceptions import DowngradeError

    from lk_graphql.database import migrations

    if not yes:
        typer.confirm(
            "Undo the newest migration and delete the data in its columns and tables?", abort=True
        )
    try:
        undone = on_database(migrations.downgrade, by_owner=True)
    except DowngradeError as refused:
        raise CommandError(str(refused)) from refused
    for name in undone:
        print_line(f"Undid {name}.")


@app.command()
def grant(role: Annotated[str, typer.Argument(help="The role of LK_DATABASE_URL.")]) -> None:
    """Grant a role the application's privileges; ledger and logs are append-only for it.

    Run it as the owner of the tables, after `lk migrate up`, and use the role in LK_DATABASE_URL of
    `lk serve` and `lk worker`. A compromised server then can't change the ledger and the logs.
    """
    import asyncpg

    from lk_graphql.database import owners

    async def work(dsn: str) -> None:
        await owners.require_owner(dsn)
        await require_migrated(dsn)
        await owners.grant(dsn, role)

    try:
        on_database(work, by_owner=True)
    except asyncpg.UndefinedObjectError:
        raise CommandError(
            f'There is no role {role}. Create it: CREATE ROLE "{role}" LOGIN'
        ) from None
    print_line(f"{role} now has the application's privileges.")


@app.command()
def status() -> None:
    """List pending migrations; fail if there are any."""
    on_database(require_migrated)
    print_line("The database is up to date.")


@app.command()
def new(name: Annotated[str, typer.Argument(help="The change, in snake_case.")]) -> None:
    """Generate a migration from the difference between models and migrations.

    The command needs no database. Read the migration before you commit it.
    """
    from lk_graphql.database import migrations

    written = on_own_database(lambda dsn: migrations.new_migration(dsn, name))
    print_line(f"Wrote migrations/models/{written}." if written else "The models haven't changed.")


@app.command()
def check() -> None:
    """Fail if models and migrations differ, or if a migration would stop the service.

    The command needs no database: it applies all migrations to a temporary one. docs/operations.md
    has the rules for migrations.
    """
    import asyncio

    from lk_graphql.database import migrations

    if violations := asyncio.run(migrations.rule_violations()):
        violations.append("The rules are in docs/operations.md, Upgrades.")
        raise CommandError("\n".join(violations))
    if changes := on_own_database(migrations.model_changes):
        raise CommandError(f"{changes}\nNo migration has these changes. Run: lk migrate new NAME")
    print_line("Models and migrations agree.")
