"""The tables of the tests' database."""

import asyncpg

OF_MIGRATIONS = ["aerich", "appeal_topic", "answer_term"]


async def empty(connection: asyncpg.Connection) -> None:
    """Empty all tables, so that a test begins with nothing but the rows of migrations."""
    tables = await connection.fetch(
        "SELECT relname FROM pg_stat_user_tables WHERE relname <> ALL($1) ORDER BY relname",
        OF_MIGRATIONS,
    )
    names = ", ".join(f'"{row["relname"]}"' for row in tables)
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")  # no log objects
        await connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
