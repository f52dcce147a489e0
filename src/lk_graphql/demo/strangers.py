"""What in a database isn't the demo's."""

import asyncpg

from lk_graphql.demo.growing import last_account

_LOGINS = "SELECT count(*) FROM \"user\" WHERE email_key NOT LIKE '%@example.com'"


async def strangers(dsn: str) -> list[str]:
    """Accounts and logins that the demo hasn't made, in words; empty where there are none.

    Logins with an address at example.com, which nobody can have, count as the demo's.
    """
    connection = await asyncpg.connect(dsn)
    try:
        accounts = await connection.fetchval("SELECT count(*) FROM account")
        others = accounts - await last_account(connection)
        logins = await connection.fetchval(_LOGINS)
    finally:
        await connection.close()
    found = ((others, "accounts"), (logins, "logins"))
    return [f"{count:,} {what}" for count, what in found if count]
