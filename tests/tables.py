"""The tables of the tests' database."""

import asyncpg

OF_MIGRATIONS = ["aerich", "appeal_topic", "answer_term", "application_rule"]
BULKY = 1 << 20
"""Bytes: to empty a table of this size by DELETE would leave its dead rows to the next test."""

_WITHOUT_TRIGGERS = "SET LOCAL session_replication_role = replica"  # logs object to a DELETE
# not ALTER SEQUENCE … RESTART: that makes a new file for each
_RESTART_SEQUENCES = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE last_value IS NOT NULL"""


async def empty(connection: asyncpg.Connection) -> None:
    """Empty all tables, so that a test begins with nothing but the rows of migrations.

    A TRUNCATE makes new files for a table and each of its indexes: for all of them that takes as
    long as ten tests. So only tables with rows are touched, and only bulky ones truncated.
    """
    async with connection.transaction():
        await connection.execute(_WITHOUT_TRIGGERS)
        for name, size in await _filled(connection):
            await connection.execute(
                f'TRUNCATE "{name}" CASCADE' if size > BULKY else f'DELETE FROM "{name}"'
            )
        await connection.fetch(_RESTART_SEQUENCES)


async def truncate(connection: asyncpg.Connection) -> None:
    """Empty all tables as if nothing had ever been in them, for who measures what is read."""
    tables = ", ".join(f'"{name}"' for name in await _names(connection))
    async with connection.transaction():
        await connection.execute(_WITHOUT_TRIGGERS)
        await connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


async def _filled(connection: asyncpg.Connection) -> list[asyncpg.Record]:
    """The tables that hold rows, and their sizes."""
    one = "SELECT '{0}', pg_table_size('\"{0}\"') WHERE EXISTS (SELECT FROM \"{0}\")"
    return await connection.fetch(
        " UNION ALL ".join(one.format(name) for name in await _names(connection))
    )


async def _names(connection: asyncpg.Connection) -> list[str]:
    tables = await connection.fetch(
        "SELECT relname FROM pg_stat_user_tables WHERE relname <> ALL($1) ORDER BY relname",
        OF_MIGRATIONS,
    )
    return [row["relname"] for row in tables]
