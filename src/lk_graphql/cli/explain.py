"""`lk explain`: the SQL of an operation, and PostgreSQL's plan."""

import asyncio
import json
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lk_graphql.cli.database import require_migrated
from lk_graphql.cli.demo import HOME
from lk_graphql.cli.rights import with_rights
from lk_graphql.cli.terminal import print_line
from lk_graphql.kit.clock import utc_now
from lk_graphql.kit.errors import CommandError

if TYPE_CHECKING:
    from lk_graphql.planner.explain import ExplainRequest

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A GraphQL document.")]
Variables = Annotated[str, typer.Option(help="The operation's variables, as JSON.")]
Name = Annotated[
    str | None, typer.Option("--operation", help="The operation's name, if there are several.")
]
Analyze = Annotated[
    bool, typer.Option("--analyze", help="Execute the SQL, and show PostgreSQL's plan.")
]
As = Annotated[str, typer.Option("--as", help="With --analyze: the customer's e-mail.")]

UNREACHABLE_DSN = "postgresql://nobody@127.0.0.1:1/nothing"
SESSION_OF_USER = """
SELECT id AS user_id, NULL::uuid AS session_id, false AS is_read_only FROM "user"
WHERE email_key = convert_from($1, 'UTF8') AND $2::timestamptz IS NOT NULL
"""
"""Replaces the session query: the user with an e-mail address."""


def explain(
    file: File,
    *,
    variables: Variables = "{}",
    operation: Name = None,
    analyze: Analyze = False,
    email: As = "demo@example.com",
) -> None:
    """Show the SQL of an operation and, with --analyze, PostgreSQL's plan.

    --analyze uses the database of LK_DATABASE_URL, or the data of `lk demo` in .lk.
    """
    from lk_graphql.planner.documents import InvalidDocument
    from lk_graphql.planner.explain import ExplainRequest

    request = ExplainRequest(file.read_text("utf-8-sig"), _read(variables), operation)
    try:
        asyncio.run(_explain(request))
        if analyze:
            with _database() as dsn:
                asyncio.run(with_rights(dsn, _analyze(dsn, request, email)))
    except InvalidDocument as error:
        raise CommandError("\n".join(error.message for error in error.errors)) from error


def _read(variables: str) -> dict[str, Any]:
    try:
        value = json.loads(variables)
    except ValueError as error:
        raise CommandError(f"--variables is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise CommandError("--variables must be a JSON object.")
    return value  # pyright: ignore[reportUnknownVariableType] - JSON's keys are text


def _database() -> Any:
    """A context manager of the DSN; the demo's PostgreSQL runs until its end."""
    from lk_graphql import settings
    from lk_graphql.demo.postgres import embedded

    if dsn := settings.read().database_url.get_secret_value():
        return nullcontext(dsn)
    if not (HOME / "postgres").exists():
        raise CommandError("--analyze needs LK_DATABASE_URL, or the data of `lk demo`.")
    return embedded(HOME / "postgres")


async def _explain(request: "ExplainRequest") -> None:
    from lk_graphql import database
    from lk_graphql.identity.service.sessions import session_sql
    from lk_graphql.planner.explain import explain
    from lk_graphql.planner.principal import SessionSql
    from lk_graphql.schema import graphql_schema
    from lk_graphql.staff.service.sessions import staff_session_sql

    # the planner needs the models' metadata, but no connection
    await database.open_models(UNREACHABLE_DSN)
    sessions = SessionSql(session_sql, staff_session_sql)
    print_line(explain(graphql_schema, request, sessions).rstrip())
    await database.close_models()


async def _analyze(dsn: str, request: "ExplainRequest", email: str) -> None:
    from lk_graphql import database, settings
    from lk_graphql.database.connections import connect
    from lk_graphql.planner.catalog import Unsupported
    from lk_graphql.planner.explain import plan_of
    from lk_graphql.planner.principal import SessionSql
    from lk_graphql.schema import graphql_schema

    await require_migrated(dsn)
    await database.open_models(dsn)
    try:
        plan = plan_of(graphql_schema, request, SessionSql(lambda _: SESSION_OF_USER))
    except Unsupported as reason:
        raise CommandError(f"Only a query's plan can be analyzed: {reason}.") from reason
    now = utc_now()
    values = request.operation(graphql_schema).coerce(request.variables)
    arguments = plan.bind(values, settings.read().company.today(now))
    connection: Any = await connect(dsn, server_settings={"jit": "off"})
    rows = await connection.fetch(
        f"EXPLAIN (ANALYZE, BUFFERS) {plan.sql}", email.casefold().encode(), now, *arguments
    )
    print_line()
    for (line,) in rows:
        print_line(line)
    await connection.close()
    await database.close_models()
