"""Runs functions on the database of the settings, or on a temporary one."""

import asyncio
import configparser
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from lk_graphql.cli.rights import with_rights
from lk_graphql.kit.errors import CommandError

if TYPE_CHECKING:
    from lk_graphql.database.connections import ServerRole
    from lk_graphql.settings import Settings

_CLOSE_SECONDS = 1.0

Result = TypeVar("Result")

_OTHER_ROLE: "Mapping[ServerRole, str]" = {
    "primary": "primary, only to a standby, which is read-only. Name all servers:"
    " postgresql://lk@db1.example.com,db2.example.com/lk",
    "standby": "standby, but to a primary. Queries are executed by the server of LK_DATABASE_URL."
    " After a failover, name the other servers.",
}
OLDEST_POSTGRESQL = 16
"""The first version with `pg_input_is_valid`, which imports use."""


def on_database(work: Callable[[str], Awaitable[Result]], *, by_owner: bool = False) -> Result:
    """Run `work` with the DSN of the settings; `by_owner` marks work of the tables' owner.

    Raises `CommandError` if the database is unreachable, and if its role lacks a right.
    """
    from lk_graphql import settings

    chosen = settings.read()
    chosen.require("database_url")

    async def run() -> Result:
        await require_reachable(chosen.direct_dsn, _direct_variable(chosen))
        return await with_rights(chosen.direct_dsn, work(chosen.direct_dsn), by_owner=by_owner)

    return asyncio.run(run())


def with_models(work: Callable[[], Awaitable[Result]], *, connections: int = 1) -> Result:
    """Run `work` with Tortoise open. Raises `CommandError`, also if migrations are missing."""
    from lk_graphql import database
    from lk_graphql.hooks import load_hooks

    async def run(dsn: str) -> Result:
        await require_migrated(dsn)
        load_hooks()
        await database.open_models(dsn, pool_size=connections)
        try:
            return await work()
        finally:
            with suppress(TimeoutError):  # PostgreSQL may hang
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await database.close_models()

    return on_database(run)


def on_own_database(work: Callable[[str], Awaitable[Result]]) -> Result:
    """Run `work` with the DSN of a temporary, migrated database."""
    from lk_graphql.database import migrations
    from lk_graphql.demo.postgres import temporary

    async def run(dsn: str) -> Result:
        await migrations.migrate(dsn)
        return await work(dsn)

    with temporary() as dsn:
        return asyncio.run(run(dsn))


def _direct_variable(chosen: "Settings") -> str:
    return "LK_DIRECT_DATABASE_URL" if chosen.direct_database_url else "LK_DATABASE_URL"


async def require_reachable(
    dsn: str, variable: str = "LK_DATABASE_URL", *, role: "ServerRole" = "primary"
) -> None:
    """Require PostgreSQL, in a supported version, at a DSN. Raises `CommandError`."""
    import asyncpg

    from lk_graphql.database.connections import TimeLimits, connect
    from lk_graphql.kit.database_url import redacted

    try:
        limits = TimeLimits(connection=10).connect_arguments()
        connection = await connect(dsn, role=role, **limits)
    except configparser.Error:  # its message quotes the file, which contains passwords
        raise CommandError(
            f"The service file of {variable} can't be read: it must have sections such as [lk] with"
            " lines such as host=db.example.com; write a % in a value as %%."
        ) from None
    except asyncpg.TargetServerAttributeNotMatched:
        raise CommandError(f"{variable} leads to no {_OTHER_ROLE[role]}") from None
    except ValueError as mistake:
        raise CommandError(f"{variable}: {redacted(dsn, str(mistake))}") from None
    except asyncpg.ProtocolViolationError as refusal:
        raise CommandError(
            f"{variable} leads to PgBouncer, which refuses settings of lk ({refusal}). Set"
            " LK_DIRECT_DATABASE_URL to the address of PostgreSQL itself, and LK_DATABASE_POOLING"
            " to PgBouncer's pool_mode; docs/scale-out.md has the settings of both."
        ) from None
    except (
        OSError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
    ) as failure:
        reason = redacted(dsn, str(failure)) or type(failure).__name__
        if "rejected SSL upgrade" in reason:
            reason += ". In a network of your own, add sslmode=disable to the address"
        raise CommandError(f"PostgreSQL doesn't answer at {variable}: {reason}") from None
    version = connection.get_server_version()
    await connection.close()
    if version.major < OLDEST_POSTGRESQL:
        raise CommandError(
            f"{variable} leads to PostgreSQL {version.major}, which is too old:"
            f" {OLDEST_POSTGRESQL} or newer is needed."
        )


async def require_sessions(chosen: "Settings") -> None:
    """Require the features that connections of `lk serve` need. Raises `CommandError`."""
    from lk_graphql.database import sessions
    from lk_graphql.database.connections import READ_SETTINGS, TimeLimits

    dsn, pooling = chosen.database_url.get_secret_value(), chosen.database_pooling
    if not pooling:
        await require_reachable(dsn)
    for settings in ({}, READ_SETTINGS):
        limits = TimeLimits.within(chosen.database_timeout).connect_arguments(**settings)
        await sessions.require_settings(dsn, pooling, limits["server_settings"])
    if pooling:
        await sessions.require_mode(dsn, pooling)
    if chosen.direct_database_url:
        await sessions.require_notifications(dsn, chosen.direct_dsn, pooling)


async def require_migrated(dsn: str) -> None:
    """Require that all migrations are applied. Raises `CommandError`."""
    from lk_graphql.database import migrations

    if missing := await migrations.pending(dsn):
        names = ", ".join(missing)
        raise CommandError(f"The database lacks migrations ({names}). Run: lk migrate up")
