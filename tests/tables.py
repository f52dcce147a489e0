"""The tables of the tests' database."""

import asyncpg

OF_MIGRATIONS = ["aerich", "appeal_topic", "answer_term", "application_rule"]
BULKY = 1 << 20
"""Bytes: to empty a table of this size by DELETE would leave its dead rows to the next test."""

_USED_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"


async def empty(connection: asyncpg.Connection) -> None:
    """Empty all tables, so that a test begins with nothing but the rows of migrations.

    A TRUNCATE makes new files for a table and each of its indexes: for all of them that takes as
    long as ten tests. So only tables with rows are touched, and only bulky ones truncated.
    """
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")  # no log objects
        for name, size in await _filled(connection):
            await connection.execute(
                f'TRUNCATE "{name}" CASCADE' if size > BULKY else f'DELETE FROM "{name}"'
            )
        for name in await connection.fetch(
            "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
        ):
            await connection.execute(f'ALTER SEQUENCE "{name[0]}" RESTART')


async def _filled(connection: asyncpg.Connection) -> list[asyncpg.Record]:
    """The tables that hold rows, and their sizes."""
    tables = await connection.fetch(
        "SELECT relname FROM pg_stat_user_tables WHERE relname <> ALL($1) ORDER BY relname",
        OF_MIGRATIONS,
    )
    one = "SELECT '{0}', pg_table_size('\"{0}\"') WHERE EXISTS (SELECT FROM \"{0}\")"
    return await connection.fetch(" UNION ALL ".join(one.format(row[0]) for row in tables))
