"""The tables of the tests' database."""

import asyncpg

OF_MIGRATIONS = ["aerich", "appeal_topic", "answer_term", "application_rule"]
BULKY = 1 << 20
"""Bytes: to empty a table of this size by DELETE would leave its dead rows to the next test."""

_WITHOUT_TRIGGERS = "SET LOCAL session_replication_role = replica"  # logs object to a DELETE
_FUNCTION = """
CREATE SCHEMA tests;
CREATE EXTENSION pgstattuple SCHEMA tests;
CREATE FUNCTION tests.empty() RETURNS void LANGUAGE plpgsql
SET session_replication_role = replica AS $$
DECLARE one regclass;
BEGIN
  FOR one IN SELECT name FROM unnest(ARRAY[{tables}]::regclass[]) name
    WHERE pg_relation_size(name) > 0 AND (tests.pgstattuple(name)).tuple_count > 0
  LOOP
    IF pg_table_size(one) > {bulky} THEN EXECUTE format('TRUNCATE %s CASCADE', one);
    ELSE EXECUTE format('DELETE FROM %s', one); END IF;
  END LOOP;
  -- not ALTER SEQUENCE … RESTART: that makes a new file for each
  PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
  FROM pg_sequences WHERE last_value IS NOT NULL;
END $$"""


async def install_empty_function(connection: asyncpg.Connection) -> None:
    """Give a database, and whatever is cloned from it, what `empty` asks for.

    To ask each table by a statement would be to plan as many for each test: whoever switches off
    triggers has PostgreSQL forget its plans. That takes as long as the test.
    """
    tables = ", ".join(f"'\"{name}\"'" for name in await _names(connection))
    await connection.execute(_FUNCTION.format(tables=tables, bulky=BULKY))


async def clear_tables(connection: asyncpg.Connection) -> None:
    """Empty all tables, so that a test begins with nothing but the rows of migrations.

    A TRUNCATE makes new files for a table and each of its indexes: for all of them that takes as
    long as ten tests. So only tables with rows are touched, and only bulky ones truncated.
    """
    await connection.execute("SELECT tests.empty()")


async def truncate(connection: asyncpg.Connection) -> None:
    """Empty all tables as if nothing had ever been in them, for who measures what is read."""
    tables = ", ".join(f'"{name}"' for name in await _names(connection))
    async with connection.transaction():
        await connection.execute(_WITHOUT_TRIGGERS)
        await connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


async def _names(connection: asyncpg.Connection) -> list[str]:
    tables = await connection.fetch(
        "SELECT relname FROM pg_stat_user_tables WHERE relname <> ALL($1) ORDER BY relname",
        OF_MIGRATIONS,
    )
    return [row["relname"] for row in tables]
