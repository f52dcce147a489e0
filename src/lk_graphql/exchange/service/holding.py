"""Holders that come with accounts: new ones in bulk, changed ones by the rule of `accounts`."""

from datetime import date, datetime

from asyncpg import Connection

from lk_graphql.accounts.service.claim import surname_key
from lk_graphql.accounts.service.holders import Named, change_holder

_BATCH = 5000

_NAMED = """
FROM row_accounts r LEFT JOIN holder h ON h.account_id = r.id AND h.until IS NULL
WHERE NOT r.is_stale AND r.holder_last_name IS NOT NULL
"""
_SURNAMES = f"SELECT DISTINCT r.holder_last_name {_NAMED} AND h.id IS NULL"
_KEYS = "CREATE TEMP TABLE surname (surname text, key text) ON COMMIT DROP"
_NEW = f"""
INSERT INTO holder (id, account_id, last_name, first_name, patronymic, surname_key, since)
SELECT pg_temp.import_key(row_number() OVER ()), r.id,
    r.holder_last_name, r.holder_first_name, r.holder_patronymic,
    (SELECT key FROM surname WHERE surname.surname = r.holder_last_name),
    coalesce(r.holder_since, r.contract_signed_on)
{_NAMED} AND h.id IS NULL
"""
# a file without patronymics says nothing of them: it must not make all holders others
_CHANGED = f"""
SELECT r.id, r.holder_last_name, r.holder_first_name,
    coalesce(r.holder_patronymic, h.patronymic), r.holder_since
{_NAMED} AND (r.holder_last_name, r.holder_first_name, coalesce(r.holder_patronymic, h.patronymic))
    IS DISTINCT FROM (h.last_name, h.first_name, h.patronymic) AND h.id IS NOT NULL
"""


async def add_holders(connection: Connection) -> None:
    """Give holders to accounts that have none. Surnames are compared as Python does it."""
    await connection.execute(_KEYS)
    cursor = await connection.cursor(_SURNAMES)
    while surnames := await cursor.fetch(_BATCH):
        keys = [(name, surname_key(name)) for (name,) in surnames]
        await connection.copy_records_to_table("surname", records=keys)
    await connection.execute("CREATE INDEX ON surname (surname); ANALYZE surname")
    await connection.execute(_NEW)


async def change_holders(connection: Connection, *, today: date, now: datetime) -> int:
    """Apply the rule to each account whose holder is written otherwise; how many are others.

    The accounts are found at once, in SQL; the rule is `accounts.service.holders`, which runs in
    the same transaction: links are suspended and people told exactly if the import is committed.
    """
    cursor = await connection.cursor(_CHANGED)
    others = 0
    while found := await cursor.fetch(_BATCH):
        for account_id, last_name, first_name, patronymic, since in found:
            named = Named(last_name, first_name, patronymic)
            others += await change_holder(account_id, named, since=since or today, now=now)
    return others
