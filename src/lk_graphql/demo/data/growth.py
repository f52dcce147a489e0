"""The demo supplier at any size: the demo's accounts, and clones of templates in batches.

A batch is a transaction: an interrupted run keeps its batches, and the next run continues.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

import asyncpg
from rich.progress import Progress
from tortoise import Model

from lk_graphql.accounts.models import LinkRole
from lk_graphql.database.connections import connect
from lk_graphql.demo.data import clones
from lk_graphql.demo.data.clones import TemplateRows, TemplateSpread
from lk_graphql.demo.data.load import ACCOUNTS, load_demo, publish, triggers_disabled
from lk_graphql.demo.data.people import PASSWORD, Login, login_rows
from lk_graphql.demo.data.rows import columns, record, table
from lk_graphql.demo.data.supplier import account, account_number
from lk_graphql.ports.passwords import Passwords


def customer(n: int) -> Login | None:
    """The login of the holder of account `n`, for every second account; None for the others.

    The holder of every tenth account also has the two accounts before it. So most logins have one
    account, a fifth of them three, and some accounts are shared.
    """
    if n % 2:
        return None
    accounts = {n: (LinkRole.OWNER, "Дом")}
    if n % 10 == 0:
        accounts |= {n - 1: (LinkRole.OWNER, "Дача"), n - 2: (LinkRole.MEMBER, "Родители")}
    return Login(f"customer{n}@example.com", f"+79{n:09}", holder_of=n, accounts=accounts)


MONTHS = 3
TEMPLATES = 2000
BATCH = 10_000
_TEMPLATE_BATCH = 50  # templates computed together


@dataclass(frozen=True)
class GrowthSize:
    """The total number of accounts, and the billed months of those beyond the demo's own.

    `demo` is the number of the demo's own accounts. `demo`, `templates` and `_TEMPLATE_BATCH` must
    be multiples of 10, because `customer` gives logins by the last digit.
    """

    accounts: int
    months: int = MONTHS
    demo: int = ACCOUNTS
    templates: int = TEMPLATES
    batch: int = BATCH

    @property
    def spread(self) -> TemplateSpread:
        return TemplateSpread(self.demo, self.templates)


async def grow_demo(
    dsn: str,
    size: GrowthSize,
    *,
    today: date,
    passwords: Passwords,
    progress: Progress | None = None,
) -> int:
    """Load the demo, clone accounts up to `size.accounts`, and return the total number.

    Customers may sign in as `customer{n}@example.com` with the demo's password.
    """
    progress = progress or Progress(disable=True)
    await load_demo(dsn, today=today, passwords=passwords, progress=progress, accounts=size.demo)
    connection = await connect(dsn)
    try:
        loaded = await last_account(connection)
        if loaded < size.accounts:
            hashed = await passwords.hash(PASSWORD)
            growth = _Growth(connection, size, today, progress)
            await growth.make_templates(hashed)
            await growth.clone(loaded)
            await connection.execute("ANALYZE")
        return max(loaded, size.accounts)
    finally:
        await connection.close()


async def last_account(connection: asyncpg.Connection) -> int:
    """The greatest n whose account exists, or 0, by binary search: numbers have no gaps."""
    query = "SELECT EXISTS (SELECT FROM account WHERE number = $1)"
    last, beyond = 0, 1
    while await connection.fetchval(query, account_number(beyond)):
        last, beyond = beyond, beyond * 2
    while beyond - last > 1:
        middle = (last + beyond) // 2
        if await connection.fetchval(query, account_number(middle)):
            last = middle
        else:
            beyond = middle
    return last


@dataclass
class _Growth:
    connection: asyncpg.Connection
    size: GrowthSize
    today: date
    progress: Progress
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    async def make_templates(self, password_hash: str) -> None:
        """Compute the templates, at most as many as there are accounts to add."""
        count = min(self.size.templates, self.size.accounts - self.size.demo)
        task = self.progress.add_task("Templates", total=count)
        documents = await publish(self.connection)
        await clones.prepare(self.connection)
        for first in range(1, count + 1, _TEMPLATE_BATCH):
            ordinals = range(first, min(first + _TEMPLATE_BATCH, count + 1))
            for rows in self._computed(ordinals, password_hash, documents):
                self.columns.setdefault(rows.table, tuple(rows.columns))
                await clones.add(self.connection, rows)
            self.progress.advance(task, len(ordinals))
        await self.connection.execute("SET work_mem = '64MB'")  # for sorting the templates

    async def clone(self, loaded: int) -> None:
        task = self.progress.add_task("Accounts", total=self.size.accounts, completed=loaded)
        spread = self.size.spread
        statements = [clones.cloning(name, names, spread) for name, names in self.columns.items()]
        for first in range(loaded + 1, self.size.accounts + 1, self.size.batch):
            last = min(first + self.size.batch - 1, self.size.accounts)
            async with self.connection.transaction():
                await triggers_disabled(self.connection)
                for statement in statements:
                    copies = spread.copy(first), spread.copy(last)
                    await self.connection.execute(statement, *copies, first, last)
            self.progress.advance(task, last - first + 1)

    def _computed(
        self, ordinals: range, password_hash: str, documents: Any
    ) -> Iterator[TemplateRows]:
        """The rows of the templates with these ordinals, table by table."""
        numbers = range(self.size.demo + ordinals.start, self.size.demo + ordinals.stop)
        accounts = {n: account(n, self.today, billed_months=self.size.months) for n in numbers}
        rows_by_model = defaultdict[type[Model], list[tuple[int, Model]]](list)
        for n, data in accounts.items():
            login = customer(n)
            person = login and login_rows(
                login,
                password_hash=password_hash,
                documents=documents,
                accounts=accounts,
                today=self.today,
            )
            for row in chain(data.rows(), person.rows() if person else ()):
                rows_by_model[type(row)].append((n - self.size.demo, row))
        for model, rows in rows_by_model.items():
            names = columns(model)
            records = [(ordinal, record(row, names)) for ordinal, row in rows]
            yield TemplateRows(table(model), tuple(names.values()), records)


_LOGINS = "SELECT count(*) FROM \"user\" WHERE email_key NOT LIKE '%@example.com'"


async def foreign_data(dsn: str) -> list[str]:
    """The numbers of accounts and logins that aren't the demo's, as text; empty if there are none.

    Logins at example.com, a reserved domain, count as the demo's.
    """
    connection = await connect(dsn)
    try:
        accounts = await connection.fetchval("SELECT count(*) FROM account")
        others = accounts - await last_account(connection)
        logins = await connection.fetchval(_LOGINS)
    finally:
        await connection.close()
    counts = ((others, "accounts"), (logins, "logins"))
    return [f"{count:,} {noun}" for count, noun in counts if count]
