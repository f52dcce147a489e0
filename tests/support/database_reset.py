"""Emptying the tables of the test database."""

import asyncpg

CLEANER = "lk tests"
"""The application name of the connection that empties tables; no test may end it."""
OF_MIGRATIONS = ["aerich", "appeal_topic", "answer_term", "application_rule"]
BULKY = 1 << 20
"""Bytes from which a table is truncated: DELETE would leave its dead rows to the next test."""

_WITHOUT_TRIGGERS = "SET LOCAL session_replication_role = replica"  # append-only tables
_FUNCTION = """
CREATE SCHEMA tests;
CREATE EXTENSION pgstattuple SCHEMA tests;
CREATE FUNCTION tests.empty() RETURNS void LANGUAGE plpgsql
SET session_replication_role = replica AS $$
DECLARE tab regclass;
BEGIN
  FOR tab IN SELECT name FROM unnest(ARRAY[{tables}]::regclass[]) name
    WHERE pg_relation_size(name) > 0 AND (tests.pgstattuple(name)).tuple_count > 0
  LOOP
    IF pg_table_size(tab) > {bulky} THEN EXECUTE format('TRUNCATE %s CASCADE', tab);
    ELSE EXECUTE format('DELETE FROM %s', tab); END IF;
  END LOOP;
  -- not ALTER SEQUENCE … RESTART, which makes a new file for each sequence
  PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
  FROM pg_sequences WHERE last_value IS NOT NULL;
END $$"""


async def install_empty_function(connection: asyncpg.Connection) -> None:
    """Create `tests.empty()` in a database; databases cloned from it have the function too.

    Each test makes one function call, because a change of `session_replication_role` discards the
    plans of separate statements, and planning them again takes as long as the test.
    """
    tables = ", ".join(f"'\"{name}\"'" for name in await _names(connection))
    await connection.execute(_FUNCTION.format(tables=tables, bulky=BULKY))


async def clear_tables(connection: asyncpg.Connection) -> None:
    """Delete all rows except those of migrations.

    Only tables with rows are emptied, and only large tables are truncated: TRUNCATE creates new
    files for a table and its indexes, which takes as long as ten tests for all tables.
    """
    await connection.execute("SELECT tests.empty()")


async def truncate(connection: asyncpg.Connection) -> None:
    """Empty all tables and leave no dead rows, for tests that count the pages read."""
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
