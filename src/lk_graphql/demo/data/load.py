"""Loading the demo supplier: computed in Python, copied in bulk, all of it or nothing."""

import gc
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from itertools import count as count_from
from uuid import UUID

import asyncpg
from rich.progress import Progress

from lk_graphql.demo.data import appeals, applications, billing_rules, metering_rules
from lk_graphql.demo.data.documents import DemoFiles
from lk_graphql.demo.data.facts import DemoFacts, facts
from lk_graphql.demo.data.people import LINKED, LOGINS, PASSWORD, signed_up
from lk_graphql.demo.data.refunds import NEWEST_PART
from lk_graphql.demo.data.requisites import suppliers
from lk_graphql.demo.data.rng import Keys
from lk_graphql.demo.data.rows import copy
from lk_graphql.demo.data.staff import STAFF, hired
from lk_graphql.demo.data.staff_work import LoadedData, staff_work
from lk_graphql.demo.data.supplier import AccountData, account, account_number
from lk_graphql.identity.service.consents import Edition, demo_editions
from lk_graphql.ports.files import Files
from lk_graphql.ports.passwords import Passwords

ACCOUNTS = 200
_AT_ONCE = 50  # accounts that are copied together: few statements, little memory


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

    Where they are already, nothing is changed. `today` is a day in the company's zone; bills
    exist up to the month before it. Without `files`, nobody can open what they have sent.
    """
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            if not await _is_loaded(connection):
                hashes = [await passwords.hash(PASSWORD) for _ in (*LOGINS, *STAFF[:1])]
                shown = progress or Progress(disable=True)
                papers = await _load(connection, today, hashes, shown, accounts)
                if files:
                    await papers.put(files)
        return await facts(connection)
    finally:
        await connection.close()


async def _is_loaded(connection: asyncpg.Connection) -> bool:
    """Whoever comes second waits here until the first is done."""
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
        signed_up(
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
    papers, team = DemoFiles(), [*hired(today, hashes[-1])]
    rows = [*staff_work(team, loaded, papers, today)]
    await copy(connection, [*papers.rows, *rows])
    await _go_on_counting(
        connection,
        payment_number=next(numbers),
        appeal_number=appeals.WRITTEN,
        contract_application_number=applications.SUBMITTED,
    )
    await connection.execute("ANALYZE")
    return papers


async def _copy_accounts(
    connection: asyncpg.Connection, today: date, progress: Progress, count: int
) -> dict[int, AccountData]:
    """Those that customers have linked."""
    known, task = dict[int, AccountData](), progress.add_task("Accounts", total=count)
    for first in range(1, count + 1, _AT_ONCE):
        with gc_paused():
            some = [account(n, today) for n in range(first, min(first + _AT_ONCE, count + 1))]
        await copy(connection, (row for one in some for row in one.rows()))
        known |= {n: one for n, one in enumerate(some, first) if n <= LINKED}
        progress.advance(task, len(some))
    return known


async def _topics(connection: asyncpg.Connection) -> dict[str, appeals.Topic]:
    found = await connection.fetch(appeals.TOPICS)
    return {
        row["title"]: appeals.Topic(row["id"], row["days"], row["are_working_days"])
        for row in found
    }


async def _go_on_counting(connection: asyncpg.Connection, **last: int) -> None:
    """What is numbered from now on gets the next numbers of the sequences."""
    for sequence, number in last.items():
        await connection.execute("SELECT setval($1, $2)", sequence, number)


async def _copy_orders(connection: asyncpg.Connection) -> None:
    await copy(
        connection,
        [
            *billing_rules.tariffs(),
            *billing_rules.range_limits(),
            *billing_rules.penalty_rates(),
            *billing_rules.due_rules(),
            *metering_rules.window_rules(),
            *metering_rules.anomaly_rules(),
            *metering_rules.estimate_rules(),
            *metering_rules.norms(),
            *billing_rules.vat_rates(),
            *suppliers(),
        ],
    )


@contextmanager
def gc_paused() -> Generator[None]:
    """Compute rows without the garbage collector: a quarter of the time goes into its walks.

    They form no circles, so it would find nothing.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


async def triggers_disabled(connection: asyncpg.Connection) -> None:
    """Spare PostgreSQL the look-up of every row's parents until the transaction ends.

    Only where it lets us (a superuser may always): rows that were made together fit together.
    """
    allowed = "SELECT has_parameter_privilege('session_replication_role', 'SET')"
    if await connection.fetchval(allowed):
        await connection.execute("SET LOCAL session_replication_role = replica")


async def publish(connection: asyncpg.Connection) -> dict[UUID, Edition]:
    """The documents that customers agree to, by key; as `consents.publish`, without models."""
    keys, found = Keys("documents"), dict[UUID, Edition]()
    for one in demo_editions():
        await connection.execute(
            "INSERT INTO document (id, kind, version, title, text, sha256, valid_from) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (kind, version) DO NOTHING",
            keys.new(one.valid_from.date()),
            *(one.kind, one.version, one.title, one.text, one.sha256, one.valid_from),
        )
        query = "SELECT id FROM document WHERE kind = $1 AND version = $2"
        found[await connection.fetchval(query, one.kind, one.version)] = one
    return found
