"""Running something on the database: the one in the settings, or one of its own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from lk_graphql.kit.errors import CommandError

Result = TypeVar("Result")


def on_database(work: Callable[[str], Awaitable[Result]]) -> Result:
    """Give `work` the database's address. Raises `CommandError` when nothing answers there."""
    from lk_graphql import settings

    chosen = settings.read()
    chosen.require("database_url")

    async def run() -> Result:
        dsn = chosen.database_url.get_secret_value()
        await require_reachable(dsn)
        return await work(dsn)

    return asyncio.run(run())


def with_models(work: Callable[[], Awaitable[Result]], *, connections: int = 1) -> Result:
    """Run `work` with Tortoise open. Raises `CommandError` when migrations are missing, too."""
    from lk_graphql import database
    from lk_graphql.hooks import load_hooks

    async def run(dsn: str) -> Result:
        await require_migrated(dsn)
        load_hooks()
        await database.open_models(dsn, pool_size=connections)
        try:
            return await work()
        finally:
            await database.close_models()

    return on_database(run)


def on_own_database(work: Callable[[str], Awaitable[Result]]) -> Result:
    """Give `work` a database that has all migrations, and nobody's data."""
    from lk_graphql.database import migrations
    from lk_graphql.demo.postgres import temporary

    async def run(dsn: str) -> Result:
        await migrations.migrate(dsn)
        return await work(dsn)

    with temporary() as dsn:
        return asyncio.run(run(dsn))


async def require_reachable(dsn: str) -> None:
    """Raises `CommandError` when no PostgreSQL lets us in there."""
    import asyncpg

    try:
        connection = await asyncpg.connect(dsn, timeout=10)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as failure:
        reason = str(failure) or type(failure).__name__
        raise CommandError(f"PostgreSQL doesn't answer at LK_DATABASE_URL: {reason}") from failure
    await connection.close()


async def require_migrated(dsn: str) -> None:
    """Raises `CommandError` when the database lacks migrations."""
    from lk_graphql.database import migrations

    if missing := await migrations.pending(dsn):
        names = ", ".join(missing)
        raise CommandError(f"The database lacks migrations ({names}). Run: lk migrate up")
