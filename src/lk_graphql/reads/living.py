"""Which sessions still go on, of many at once: for connections that outlast a request."""

from collections.abc import Iterable
from datetime import datetime

from lk_graphql.reads.asking import SessionSql
from lk_graphql.reads.pool import Database


async def living(
    database: Database, sessions: Iterable[SessionSql], token_hashes: Iterable[bytes], now: datetime
) -> set[bytes]:
    """Those of the tokens whose sessions go on; `sessions` are the SQL that stands in plans."""
    selects = [session("asked.hash") for session in sessions]
    sql = (
        "SELECT array_agg(asked.hash) FROM unnest($1::bytea[]) asked(hash) "
        f"WHERE {' OR '.join(f'EXISTS ({one})' for one in selects)}"
    )
    row = await database.fetchrow(sql, [*token_hashes], now)
    return set(row[0] or ()) if row else set()
