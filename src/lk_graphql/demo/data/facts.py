"""Facts for the demo's users: logins, and the proofs of an account to link."""

from dataclasses import dataclass
from decimal import Decimal

import asyncpg

from lk_graphql.demo.data.people import LOGINS, PASSWORD, UNLINKED
from lk_graphql.demo.data.staff import STAFF
from lk_graphql.demo.data.supplier import account_number
from lk_graphql.kit.money import Kopecks

_LINK_FACTS = """
SELECT account.number, account.unified_number, holder.last_name AS surname, newest.*, bill.*
FROM account
JOIN holder ON holder.account_id = account.id AND holder.until IS NULL
CROSS JOIN LATERAL (
    SELECT reading.value AS last_reading
    FROM meter
    JOIN register ON register.meter_id = meter.id
    JOIN reading ON reading.register_id = register.id AND reading.state = 'ACCEPTED'
    WHERE meter.account_id = account.id AND meter.removed_on IS NULL
        AND register.removed_on IS NULL
    ORDER BY reading.taken_on DESC, reading.id DESC LIMIT 1
) newest
CROSS JOIN LATERAL (
    SELECT charged + recalculated + penalty AS month_total, closing_balance AS to_pay
    FROM invoice WHERE account_id = account.id ORDER BY period DESC LIMIT 1
) bill
WHERE account.number = $1"""


@dataclass(frozen=True)
class LinkFacts:
    """An account without links, and the facts that prove it; either total is accepted.

    `last_reading` is normalized: format it with `:f`.
    """

    number: str
    surname: str
    unified_number: str
    last_reading: Decimal
    month_total: Kopecks
    to_pay: Kopecks


@dataclass(frozen=True)
class DemoFacts:
    """Logins of the demo: `emails` of customers, the main one first, and of `staff`.

    They share one password; staff also need a code.
    """

    emails: tuple[str, ...]
    staff: tuple[str, ...]
    password: str
    accounts: int
    linkable: LinkFacts


async def facts(connection: asyncpg.Connection) -> DemoFacts:
    """Read the facts from the database, because the demo's data changes."""
    row = await connection.fetchrow(_LINK_FACTS, account_number(UNLINKED))
    if row is None:
        raise LookupError("The demo supplier isn't loaded")
    return DemoFacts(
        emails=tuple(login.email for login in LOGINS),
        staff=tuple(member.email for member in STAFF),
        password=PASSWORD,
        accounts=await connection.fetchval("SELECT count(*) FROM account"),
        linkable=LinkFacts(**{**row, "last_reading": row["last_reading"].normalize()}),
    )
