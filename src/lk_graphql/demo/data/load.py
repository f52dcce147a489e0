"""Loads the demo supplier in one transaction; rows are computed in Python and copied in bulk."""

from datetime import date
from itertools import count as count_from
from uuid import UUID

import asyncpg
from rich.progress import Progress

from lk_graphql.database.connections import connect
from lk_graphql.demo.data import appeals, applications, rules
from lk_graphql.demo.data.documents import DemoFiles
from lk_graphql.demo.data.facts import DemoFacts, facts
from lk_graphql.demo.data.law import copy_law
from lk_graphql.demo.data.payments import NEWEST_PART
from lk_graphql.demo.data.people import LINKED, LOGINS, PASSWORD, login_rows
from lk_graphql.demo.data.requisites import suppliers
from lk_graphql.demo.data.rng import Keys
from lk_graphql.demo.data.rows import copy
from lk_graphql.demo.data.staff import STAFF, LoadedData, staff_rows, staff_work
from lk_graphql.demo.data.supplier import AccountData, account, account_number
from lk_graphql.demo.documents import demo_documents
from lk_graphql.identity.service.consents import DocumentVersion
from lk_graphql.ports.files import Files
from lk_graphql.ports.passwords import Passwords

ACCOUNTS = 200
_BATCH = 50  # accounts copied together: few statements, little memory


async def load_demo(
    dsn: str,
    *,
    today: date,
    passwords: Passwords,
    progress: Progress | None = None,
    accounts: int = ACCOUNTS,
    files: Files | None = None,
) -> DemoFacts:
    """Load `accounts` accounts and the demo's customers into a migrated database.

    If the database already has the demo, nothing changes. `today` is a day in the company's zone;
    bills exist up to the previous month. Without `files`, uploads have rows but no content.
    """
    connection = await connect(dsn)
    try:
        async with connection.transaction():
            if not await _is_loaded(connection):
                hashes = [await passwords.hash(PASSWORD) for _ in (*LOGINS, *STAFF[:1])]
                bar = progress or Progress(disable=True)
                uploads = await _load(connection, today, hashes, bar, accounts)
                if files:
                    await uploads.put(files)
        return await facts(connection)
    finally:
        await connection.close()


async def _is_loaded(connection: asyncpg.Connection) -> bool:
    """Whether the demo is loaded. Locks `account`, so that concurrent loads take turns."""
    await connection.execute("LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE")
    query = "SELECT EXISTS (SELECT FROM account WHERE number = $1)"
    return bool(await connection.fetchval(query, account_number(1)))


async def _load(
    connection: asyncpg.Connection, today: date, hashes: list[str], progress: Progress, count: int
) -> DemoFiles:
    await triggers_disabled(connection)
    await _copy_orders(connection)
    accounts = await _copy_accounts(connection, today, progress, count)
    documents, numbers = await publish(connection), count_from(1)
    users = [
        login_rows(
            login,
            password_hash=hashed,
            documents=documents,
            accounts=accounts,
            today=today,
            numbers=numbers,
        )
        for login, hashed in zip(LOGINS, hashes, strict=False)
    ]
    await copy(connection, (row for user in users for row in user.rows()))
    part = await connection.fetchrow(NEWEST_PART)
    topics = await _topics(connection)
    loaded = LoadedData(users, accounts, documents, topics, dict(part) if part else None)
    uploads, team = DemoFiles(), [*staff_rows(today, hashes[-1])]
    rows = [*staff_work(team, loaded, uploads, today)]
    await copy(connection, [*uploads.rows, *rows])
    await _set_sequences(
        connection,
        payment_number=next(numbers),
        appeal_number=appeals.WRITTEN,
        contract_application_number=applications.SUBMITTED,
    )
    await connection.execute("ANALYZE")
    return uploads


async def _copy_accounts(
    connection: asyncpg.Connection, today: date, progress: Progress, count: int
) -> dict[int, AccountData]:
    """Copy all accounts, and return those that customers have linked, by number."""
    linked, task = dict[int, AccountData](), progress.add_task("Accounts", total=count)
    for first in range(1, count + 1, _BATCH):
        batch = [account(n, today) for n in range(first, min(first + _BATCH, count + 1))]
        await copy(connection, (row for data in batch for row in data.rows()))
        linked |= {n: data for n, data in enumerate(batch, first) if n <= LINKED}
        progress.advance(task, len(batch))
    return linked


async def _topics(connection: asyncpg.Connection) -> dict[str, appeals.Topic]:
    rows = await connection.fetch(appeals.TOPICS)
    return {
        row["title"]: appeals.Topic(row["id"], row["days"], row["are_working_days"]) for row in rows
    }


async def _set_sequences(connection: asyncpg.Connection, **last_numbers: int) -> None:
    for sequence, number in last_numbers.items():
        await connection.execute("SELECT setval($1, $2)", sequence, number)


async def _copy_orders(connection: asyncpg.Connection) -> None:
    await copy_law(connection)
    await copy(
        connection,
        [
            *rules.tariffs(),
            *rules.range_limits(),
            *rules.window_rules(),
            *rules.anomaly_rules(),
            *rules.norms(),
            *suppliers(),
        ],
    )


async def triggers_disabled(connection: asyncpg.Connection) -> None:
    """Skip the foreign-key checks of generated rows until the transaction ends.

    This has no effect if the role lacks the privilege; a superuser has it.
    """
    allowed = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
    if await connection.fetchval(allowed):
        await connection.execute("SET LOCAL session_replication_role = replica")


async def publish(connection: asyncpg.Connection) -> dict[UUID, DocumentVersion]:
    """Publish the documents that customers consent to, without models, and return them by key."""
    keys, documents = Keys("documents"), dict[UUID, DocumentVersion]()
    for version in demo_documents():
        await connection.execute(
            "INSERT INTO document (id, kind, version, title, text, sha256, valid_from) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kind, version) DO NOTHING",
            keys.new(version.valid_from.date()),
            version.kind,
            version.version,
            version.title,
            version.text,
            version.sha256,
            version.valid_from,
        )
        query = "SELECT id FROM document WHERE kind = $1 AND version = $2"
        documents[await connection.fetchval(query, version.kind, version.version)] = version
    return documents
