"""Loading the demo supplier: computed in Python, copied in bulk, all of it or nothing."""

import gc
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain
from itertools import count as count_from
from typing import Any
from uuid import UUID

import asyncpg
from rich.progress import Progress

from lk_graphql.demo import appeals, applications, orders, reading_orders
from lk_graphql.demo.chance import Keys
from lk_graphql.demo.facts import DemoFacts, facts
from lk_graphql.demo.imports import imported
from lk_graphql.demo.people import LINKED, LOGINS, PASSWORD, SignedUp, signed_up
from lk_graphql.demo.refunds import NEWEST_PART, unanswered
from lk_graphql.demo.requisites import suppliers
from lk_graphql.demo.staff import STAFF, StaffMemberRow, hired, telephoned, unrecognised
from lk_graphql.demo.supplier import Supplied, account, account_number
from lk_graphql.identity.service.consents import Edition, demo_editions
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
) -> DemoFacts:
    """Load `accounts` accounts and the demo's customers into a migrated database.

    Where they are already, nothing is changed. `today` is a day in the company's zone; bills
    exist up to the month before it.
    """
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            if not await _is_loaded(connection):
                hashes = [await passwords.hash(PASSWORD) for _ in (*LOGINS, *STAFF[:1])]
                await _load(connection, today, hashes, progress or Progress(disable=True), accounts)
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
) -> None:
    known = dict[int, Supplied]()
    await trust(connection)
    task = progress.add_task("Accounts", total=count)
    await _copy_orders(connection)
    for first in range(1, count + 1, _AT_ONCE):
        with uncollected():
            some = [account(n, today) for n in range(first, min(first + _AT_ONCE, count + 1))]
        await _copy(connection, (table for one in some for table in one.tables()))
        known |= {n: one for n, one in enumerate(some, first) if n <= LINKED}
        progress.advance(task, len(some))
    documents = await publish(connection)
    numbers, team = count_from(1), [*hired(today, hashes[-1])]
    for login, hashed in zip(LOGINS, hashes, strict=False):
        user = signed_up(
            login,
            password_hash=hashed,
            documents=documents,
            accounts=known,
            today=today,
            numbers=numbers,
        )
        await _copy(connection, user.tables())
        if login is LOGINS[0]:
            await _copy_appeals(connection, user, known, team[0].id)
    await _copy(connection, [*await _staffed(connection, known[3].account.id, team, today)])
    await connection.execute("SELECT setval('payment_number', $1)", next(numbers))
    given = applications.SUBMITTED
    await connection.execute("SELECT setval('contract_application_number', $1)", given)
    await connection.execute("ANALYZE")


async def _staffed(
    connection: asyncpg.Connection, account_id: UUID, team: list[StaffMemberRow], today: date
) -> Iterator[tuple[str, list[Any]]]:
    """The staff, what they did, and what waits for them."""
    people = await connection.fetch('SELECT email, id FROM "user"')
    keys = {row["email"]: row["id"] for row in people}
    main, family = (keys[login.email] for login in LOGINS[:2])
    told = telephoned(team[0], main, today)
    decided = unrecognised(family, account_id, today)
    part = await connection.fetchrow(NEWEST_PART)
    doubtful = unanswered(team[1].id, dict(part), today) if part else ()
    wanted = applications.asked(main, team[0].id, today)
    return chain([("staff_member", team)], told, decided, wanted, doubtful, imported(today))


async def _copy_orders(connection: asyncpg.Connection) -> None:
    await _copy(
        connection,
        [
            ("tariff", orders.tariffs()),
            ("range_limit", orders.range_limits()),
            ("penalty_rate", orders.penalty_rates()),
            ("due_rule", orders.due_rules()),
            ("window_rule", reading_orders.window_rules()),
            ("anomaly_rule", reading_orders.anomaly_rules()),
            ("estimate_rule", reading_orders.estimate_rules()),
            ("norm", reading_orders.norms()),
            ("vat_rate", orders.vat_rates()),
            ("supplier", suppliers()),
        ],
    )


async def _copy_appeals(
    connection: asyncpg.Connection,
    user: SignedUp,
    accounts: dict[int, Supplied],
    clerk_id: UUID,
) -> None:
    """The first customer's; later ones get the next numbers."""
    found = await connection.fetch(appeals.TOPICS)
    topics = {
        row["title"]: appeals.Topic(row["id"], row["days"], row["are_working_days"])
        for row in found
    }
    mine = accounts[min(LOGINS[0].accounts)]
    since = user.links[0].linked_at
    newest = [one for one in mine.books.invoices if one.issued_on < since.date()][-1]
    account = mine.account
    author = appeals.Author(user.user.id, since, account.id, account.number, newest, clerk_id)
    tables = [*appeals.written(author, topics)]
    await _copy(connection, tables)
    await connection.execute("SELECT setval('appeal_number', $1)", len(tables[0][1]))


@contextmanager
def uncollected() -> Generator[None]:
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


async def trust(connection: asyncpg.Connection) -> None:
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


async def _copy(
    connection: asyncpg.Connection, tables: Iterable[tuple[str, Sequence[tuple[Any, ...]]]]
) -> None:
    """COPY the rows; a table's first mention decides when it is its turn."""
    gathered: dict[str, list[Any]] = {}
    for table, rows in tables:
        gathered.setdefault(table, []).extend(rows)
    for table, rows in gathered.items():
        if rows:
            await connection.copy_records_to_table(table, records=rows, columns=rows[0]._fields)
