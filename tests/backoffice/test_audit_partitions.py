"""The audit log's monthly partitions: added in time, dropped after their term."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio

from lk_graphql.backoffice.jobs import maintain_audit_partitions
from lk_graphql.database.owners import grants
from lk_graphql.ports.jobs import JobContext
from lk_graphql.staff.models import Act, AuditEntry
from lk_graphql.staff.service import audit
from tests.support.cli_process import lk
from tests.support.client import COMPANY, ApiClient
from tests.support.undone_migrations import undo_migrations

MONTHS = """
SELECT right(relname, 7) AS month FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = 'audit_entry'::regclass AND relname ~ '^audit_entry_\\d{4}_\\d\\d$'
ORDER BY month"""
ENTRY = "INSERT INTO audit_entry (id, act, happened_at) VALUES (new_key(), 'LOOKED', $1)"
FIRST = """
SELECT right(relname, 7) FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = 'audit_entry'::regclass AND relname LIKE 'audit_entry_before_%'"""


@pytest_asyncio.fixture
async def first(api: ApiClient, opened: asyncpg.Connection) -> AsyncGenerator[datetime]:
    """The end of the first partition, without later ones; removes those of the test."""
    month: str = await opened.fetchval(FIRST)
    yield datetime.strptime(f"{month}+0000", "%Y_%m%z")
    for name in await months(opened):
        await opened.execute(f"DROP TABLE audit_entry_{name}")


async def months(connection: asyncpg.Connection) -> list[str]:
    return [row["month"] for row in await connection.fetch(MONTHS)]


def following(first: datetime, *numbers: int) -> list[str]:
    """The names of months, by their number after the first one."""
    count = first.year * 12 + first.month - 1
    return [f"{(count + n) // 12}_{(count + n) % 12 + 1:02}" for n in numbers]


def context(api: ApiClient, now: datetime, *, audit_months: int | None = None) -> JobContext:
    return JobContext(api.state.ports, replace(COMPANY, audit_months=audit_months), now)


async def record(now: datetime) -> None:
    await audit.record(Act.MEMBER_ADDED, staff_id=None, now=now)


async def partition_of(connection: asyncpg.Connection, moment: datetime) -> str:
    query = "SELECT tableoid::regclass::text FROM audit_entry WHERE happened_at = $1"
    return await connection.fetchval(query, moment)


async def test_the_coming_months_are_there_before_they_begin(
    api: ApiClient, opened: asyncpg.Connection, first: datetime
):
    await maintain_audit_partitions(context(api, first - timedelta(days=1)))
    assert await months(opened) == following(first, 0, 1, 2)
    await maintain_audit_partitions(context(api, first - timedelta(days=1)))
    await maintain_audit_partitions(context(api, first))
    assert await months(opened) == following(first, 0, 1, 2, 3)

    await record(first + timedelta(hours=1))
    await record(first - timedelta(hours=1))

    (month,) = following(first, 0)
    assert await partition_of(opened, first + timedelta(hours=1)) == f"audit_entry_{month}"
    assert (await partition_of(opened, first - timedelta(hours=1))).endswith(f"before_{month}")
    assert await AuditEntry.all().count() == 2


async def test_nothing_is_lost_while_no_worker_runs_for_months(
    api: ApiClient, opened: asyncpg.Connection, first: datetime
):
    await maintain_audit_partitions(context(api, first))
    after_two, after_seven = first + timedelta(days=70), first + timedelta(days=220)

    await record(after_two)
    await record(after_seven)
    await maintain_audit_partitions(context(api, after_seven))

    assert await partition_of(opened, after_two) == f"audit_entry_{following(first, 2)[0]}"
    assert await partition_of(opened, after_seven) == "audit_entry_default"
    # the month of the entry stays in the default partition
    assert await months(opened) == following(first, 0, 1, 2, 3, 8, 9, 10)
    assert await AuditEntry.all().count() == 2


async def test_months_are_dropped_after_their_term_and_never_within_a_year(
    api: ApiClient, opened: asyncpg.Connection, first: datetime
):
    """By the database's clock, whatever time the application names."""
    (name,), now = following(first, 0), datetime.now(UTC)
    await opened.execute(f"ALTER TABLE audit_entry DETACH PARTITION audit_entry_before_{name}")
    old, young = now - timedelta(days=800), now - timedelta(days=200)
    for moment in (old, young):
        await opened.execute("SELECT add_audit_partitions($1, 0)", moment.date())
        await record(moment)

    await maintain_audit_partitions(context(api, now))
    assert await AuditEntry.all().count() == 2
    await maintain_audit_partitions(context(api, now, audit_months=24))
    assert await AuditEntry.all().values_list("happened_at", flat=True) == [young]
    far = now + timedelta(days=365 * 50)
    await opened.execute("SELECT drop_audit_partitions($1, 12)", far.date())
    assert await AuditEntry.all().values_list("happened_at", flat=True) == [young]
    with pytest.raises(asyncpg.RestrictViolationError, match="for a year at least"):
        await opened.execute("SELECT drop_audit_partitions($1, 11)", now.date())

    await opened.execute(f"DROP TABLE audit_entry_{young:%Y_%m}")
    for month in await months(opened):
        await opened.execute(f"DROP TABLE audit_entry_{month}")
    await opened.execute(
        f"ALTER TABLE audit_entry ATTACH PARTITION audit_entry_before_{name}"
        f" FOR VALUES FROM (MINVALUE) TO ('{first}')"
    )


async def test_the_application_s_role_adds_partitions_and_can_t_change_them(
    opened: asyncpg.Connection, first: datetime
):
    await opened.execute("CREATE ROLE lk_app")
    await opened.execute(await grants(opened, "lk_app"))
    await opened.execute("SET ROLE lk_app")
    (name,) = following(first, 0)
    try:
        await opened.execute("SELECT add_audit_partitions($1, 0)", first.date())
        await opened.execute(ENTRY, first)
        for change in (
            f"DROP TABLE audit_entry_{name}",
            f"TRUNCATE audit_entry_{name}",
            f"DELETE FROM audit_entry_{name}",
            f"ALTER TABLE audit_entry DETACH PARTITION audit_entry_{name}",
            "DELETE FROM audit_entry",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await opened.execute(change)
    finally:
        await opened.execute("RESET ROLE")
        await opened.execute("DROP OWNED BY lk_app")
        await opened.execute("DROP ROLE lk_app")
    with pytest.raises(asyncpg.RestrictViolationError):
        await opened.execute(f"TRUNCATE audit_entry_{name}")


async def test_a_log_from_before_becomes_the_first_partition(unmigrated_database: str):
    """Up, back to the table in one piece, and up again; with entries and a role's rights."""
    now = datetime.now(UTC)
    moments = [now, now + timedelta(days=110)]
    migrate_up(unmigrated_database)
    connection = await asyncpg.connect(unmigrated_database)
    await connection.execute("SELECT add_audit_partitions($1, 4)", now.date())
    await connection.executemany(ENTRY, [(moment,) for moment in moments])
    await connection.execute("CREATE ROLE lk_log_reader")

    undo_migrations(unmigrated_database, "audit_partitions")
    assert await kind_and_rows(connection) == (b"r", moments)
    with pytest.raises(asyncpg.RestrictViolationError):
        await connection.execute("DELETE FROM audit_entry")
    await connection.execute("GRANT SELECT, INSERT ON audit_entry TO lk_log_reader")

    migrate_up(unmigrated_database)
    assert await kind_and_rows(connection) == (b"p", moments)
    await connection.execute("SET ROLE lk_log_reader")
    await connection.execute(ENTRY, now - timedelta(days=1))
    assert await kind_and_rows(connection) == (b"p", [now - timedelta(days=1), *moments])

    await connection.execute("RESET ROLE")
    await connection.execute("DROP OWNED BY lk_log_reader")
    await connection.execute("DROP ROLE lk_log_reader")
    await connection.close()


def migrate_up(dsn: str) -> None:
    done = lk("migrate", "up", LK_DATABASE_URL=dsn)
    assert done.returncode == 0, done.stderr


async def kind_and_rows(connection: asyncpg.Connection) -> tuple[bytes, list[datetime]]:
    """The kind of the table (r: in one piece, p: partitioned), and the times of its entries."""
    kind = await connection.fetchval("SELECT relkind FROM pg_class WHERE relname = 'audit_entry'")
    rows = await connection.fetch("SELECT happened_at FROM audit_entry ORDER BY happened_at")
    return kind, [row["happened_at"] for row in rows]
