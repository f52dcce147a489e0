"""Accounts of an import: their holders, and the values printed on bills of earlier months."""

from datetime import datetime

from asyncpg import Connection

from lk_graphql.accounts.service.claim_parsing import surname_key
from lk_graphql.accounts.service.holders import HolderName, change_holder

HOLDERS_BATCH = 5000
"""Rows of holders that a cursor fetches at once."""
_FROM_ROWS = """
FROM row_accounts r LEFT JOIN holder h ON h.account_id = r.id AND h.until IS NULL
WHERE NOT r.is_stale AND r.holder_last_name IS NOT NULL
"""
_SURNAMES = f"SELECT DISTINCT r.holder_last_name {_FROM_ROWS} AND h.id IS NULL"
_KEYS = "CREATE TEMP TABLE surname (surname text, key text) ON COMMIT DROP"
_NEW = f"""
INSERT INTO holder (id, account_id, last_name, first_name, patronymic, surname_key, since)
SELECT pg_temp.import_key(row_number() OVER ()), r.id,
    r.holder_last_name, r.holder_first_name, r.holder_patronymic,
    (SELECT key FROM surname WHERE surname.surname = r.holder_last_name),
    coalesce(r.holder_since, r.contract_signed_on)
{_FROM_ROWS} AND h.id IS NULL
"""
_FIRST_DAYS = """
UPDATE account t SET visible_days = r.visible_days FROM row_accounts r
WHERE t.id = r.id AND NOT r.is_new AND NOT r.is_stale AND r.visible_days IS NOT NULL
    AND NOT EXISTS (SELECT FROM holder h WHERE h.account_id = r.id)
"""


# A file without patronymics doesn't select all holders. `accounts.service.holders` decides whether
# the known one is kept, because it compares the persons.
_CHANGED = """
CREATE TEMP TABLE changed_holder ON COMMIT DROP AS
SELECT r.id AS account_id, r.holder_last_name AS last_name, r.holder_first_name AS first_name,
    r.holder_patronymic AS patronymic, r.holder_since AS since,
    CASE WHEN r.contract_signed_on > greatest(h.since, t.contract_signed_on)
        THEN r.contract_signed_on ELSE r.data_as_of::date END AS default_since
FROM row_accounts r JOIN account t ON t.id = r.id
JOIN holder h ON h.account_id = r.id AND h.until IS NULL
WHERE NOT r.is_stale AND r.holder_last_name IS NOT NULL
    AND (r.holder_last_name, r.holder_first_name, coalesce(r.holder_patronymic, h.patronymic),
        coalesce(r.holder_since, h.since))
    IS DISTINCT FROM (h.last_name, h.first_name, h.patronymic, h.since)
"""


async def select_changed_holders(connection: Connection) -> None:
    """Create the table `changed_holder`, of the holders whom the good rows change.

    `default_since` is the first day of another person without one. A new contract begins with its
    holder; an old one would show them the data of the holder before. Call it after the checks,
    before anything is written.
    """
    await connection.execute(_CHANGED)


async def add_holders(connection: Connection) -> None:
    """Add holders to accounts without one. Surnames are normalized in Python."""
    await connection.execute(_KEYS)
    cursor = await connection.cursor(_SURNAMES)
    while surnames := await cursor.fetch(HOLDERS_BATCH):
        keys = [(name, surname_key(name)) for (name,) in surnames]
        await connection.copy_records_to_table("surname", records=keys)
    await connection.execute("CREATE INDEX ON surname (surname); ANALYZE surname")
    await connection.execute(_FIRST_DAYS)
    await connection.execute(_NEW)


async def change_holders(connection: Connection, *, now: datetime) -> int:
    """Change the holders of accounts as the file has them; return the number of new holders.

    `accounts.service.holders` applies the rule in the same transaction, so links are suspended and
    customers notified only if the import is committed.
    """
    cursor = await connection.cursor("SELECT * FROM changed_holder")
    count = 0
    while rows := await cursor.fetch(HOLDERS_BATCH):
        for account_id, last_name, first_name, patronymic, since, default_since in rows:
            holder = HolderName(last_name, first_name, patronymic)
            count += await change_holder(
                account_id, holder, since=since, default_since=default_since, now=now
            )
    return count


_PRINTED = "contract_number, address, tariff_category, has_range_privilege, area_m2, residents"
_STORED_VALUES, _FILE_VALUES = (
    ", ".join(f"{alias}.{name}" for name in _PRINTED.split(", ")) for alias in ("t", "r")
)
_KEEP_HISTORY = f"""
INSERT INTO account_history (id, account_id, last_period, {_PRINTED})
SELECT new_key(), t.id, greatest(
    (date_trunc('month', r.data_as_of) - interval '1 month')::date,
    (SELECT max(i.period) FROM invoice i WHERE i.account_id = t.id)
), {_STORED_VALUES}
FROM row_accounts r JOIN account t ON t.id = r.id
WHERE NOT r.is_new AND NOT r.is_stale AND ({_STORED_VALUES}) IS DISTINCT FROM ({_FILE_VALUES})
ON CONFLICT (account_id, last_period) DO NOTHING
"""


async def keep_history(connection: Connection) -> None:
    """Save the values that are printed on bills of earlier months.

    So these bills stay as printed. Call it before the accounts are written. Of several changes in a
    month the first row is kept: it is the state at the end of the previous month.
    """
    await connection.execute(_KEEP_HISTORY)
