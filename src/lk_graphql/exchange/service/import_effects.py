"""Effects of an import: impact on customers, holders, balances.

Before anything is written, `measure_impact` counts the linked accounts by kind of change. Too many
of them stop the import.

The balance in force is the newest that billing has sent: a snapshot, or a bill's closing balance as
of the end of its day (`_BILLED`). Each payment covers the oldest debt first (docs/decisions/0042).
So the newest `debt` kopecks of the charges are unpaid, and the newest `penalty` kopecks of the
penalties. A test compares this SQL with `billing.service.debts`.
"""

from datetime import date, datetime

from asyncpg import Connection

from lk_graphql.accounts.models import Holder
from lk_graphql.accounts.service.claim_parsing import surname_key
from lk_graphql.accounts.service.holders import HolderName, change_holder
from lk_graphql.exchange.models import ImpactOfKind, ImportChangeKind, ImportImpact, ImportKind
from lk_graphql.exchange.service.import_sql import FEW_ROWS
from lk_graphql.exchange.service.records import ImportFormat

_HOLDERS_BATCH = 5000
_EXAMPLES = 5

_LINKED = """
CREATE TEMP TABLE linked_account ON COMMIT DROP AS
SELECT account_id, count(*) AS links FROM account_link WHERE state = 'ACTIVE' GROUP BY account_id
"""
_IMPACT = "CREATE TEMP TABLE impact (account_id uuid, kind varchar(40)) ON COMMIT DROP"
_CONCERNED = """
INSERT INTO impact SELECT DISTINCT account_id, $1 FROM ({query}) q JOIN linked_account
USING (account_id)
"""
_BY_KIND = """
SELECT i.kind, count(*), sum(l.links)::bigint FROM impact i JOIN linked_account l USING (account_id)
GROUP BY i.kind
"""
_NUMBERS = """
SELECT number FROM account WHERE id IN (SELECT account_id FROM impact) ORDER BY number LIMIT $1
"""


async def _create(connection: Connection, query: str, for_many: str) -> int:
    """Create a table and return its number of rows; if there are many, execute `for_many`, too."""
    count = int((await connection.execute(query)).rpartition(" ")[2])
    if count >= FEW_ROWS:
        await connection.execute(for_many)
    return count


async def measure_impact(connection: Connection, kind: ImportFormat) -> ImportImpact:
    """Count the linked accounts on which customers would lose something by the good rows.

    Call it after the checks and `compute_balances`, before anything is written.
    """
    linked = await _create(connection, _LINKED, "ANALYZE linked_account")
    if not linked or not kind.drastic_changes:
        return ImportImpact(linked)
    await connection.execute(_IMPACT)
    for change in kind.drastic_changes:
        if change.query:
            await connection.execute(_CONCERNED.format(query=change.query), change.kind)
        else:
            await _find_new_holders(connection, change.kind)
    counts = {row[0]: (row[1], row[2]) for row in await connection.fetch(_BY_KIND)}
    if not counts:
        return ImportImpact(linked)
    return ImportImpact(
        linked,
        await connection.fetchval("SELECT count(DISTINCT account_id) FROM impact"),
        [ImpactOfKind(each, *counts[each]) for each in ImportChangeKind if each in counts],
        [number for (number,) in await connection.fetch(_NUMBERS, _EXAMPLES)],
    )


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
# a file without patronymics keeps the existing ones, so that it doesn't change all holders
_CHANGED = f"""
SELECT r.id, r.holder_last_name, r.holder_first_name,
    coalesce(r.holder_patronymic, h.patronymic), r.holder_since
{_FROM_ROWS}
    AND (r.holder_last_name, r.holder_first_name, coalesce(r.holder_patronymic, h.patronymic),
        coalesce(r.holder_since, h.since))
    IS DISTINCT FROM (h.last_name, h.first_name, h.patronymic, h.since) AND h.id IS NOT NULL
"""
_RENAMED = f"""
CREATE TEMP TABLE renamed ON COMMIT DROP AS
SELECT c.*, h.last_name, h.first_name, h.patronymic, h.surname_key,
    new_since > h.since AS is_later FROM ({_CHANGED})
    c (account_id, new_last_name, new_first_name, new_patronymic, new_since)
JOIN linked_account USING (account_id)
JOIN holder h ON h.account_id = c.account_id AND h.until IS NULL
"""


async def _find_new_holders(connection: Connection, kind: ImportChangeKind) -> None:
    """Record the accounts for which `change_holders` will set another holder or a later day."""
    # an open cursor over row_accounts would prevent the creation of an index on it
    await connection.execute(_RENAMED)
    cursor = await connection.cursor("SELECT * FROM renamed")
    while rows := await cursor.fetch(_HOLDERS_BATCH):
        changed = [
            (row["account_id"], kind)
            for row in rows
            if row["is_later"]
            or not HolderName(
                row["new_last_name"], row["new_first_name"], row["new_patronymic"]
            ).is_same_as(
                Holder(
                    first_name=row["first_name"],
                    patronymic=row["patronymic"],
                    surname_key=row["surname_key"],
                )
            )
        ]
        await connection.copy_records_to_table("impact", records=changed)


async def add_holders(connection: Connection) -> None:
    """Add holders to accounts without one. Surnames are normalized in Python."""
    await connection.execute(_KEYS)
    cursor = await connection.cursor(_SURNAMES)
    while surnames := await cursor.fetch(_HOLDERS_BATCH):
        keys = [(name, surname_key(name)) for (name,) in surnames]
        await connection.copy_records_to_table("surname", records=keys)
    await connection.execute("CREATE INDEX ON surname (surname); ANALYZE surname")
    await connection.execute(_FIRST_DAYS)
    await connection.execute(_NEW)


async def change_holders(connection: Connection, *, today: date, now: datetime) -> int:
    """Change the holders of accounts as the file has them; return the number of new holders.

    SQL selects the accounts. `accounts.service.holders` applies the rule in the same transaction,
    so links are suspended and customers notified only if the import is committed.
    """
    cursor = await connection.cursor(_CHANGED)
    count = 0
    while rows := await cursor.fetch(_HOLDERS_BATCH):
        for account_id, last_name, first_name, patronymic, since in rows:
            holder = HolderName(last_name, first_name, patronymic)
            count += await change_holder(account_id, holder, since=since, today=today, now=now)
    return count


_PRINTED = "contract_number, address, tariff_category, has_range_privilege, area_m2, residents"
_KEPT, _COMING = (
    ", ".join(f"{alias}.{name}" for name in _PRINTED.split(", ")) for alias in ("t", "r")
)
_KEEP_HISTORY = f"""
INSERT INTO account_history (id, account_id, last_period, {_PRINTED})
SELECT new_key(), t.id, greatest(
    (date_trunc('month', r.data_as_of) - interval '1 month')::date,
    (SELECT max(i.period) FROM invoice i WHERE i.account_id = t.id)
), {_KEPT}
FROM row_accounts r JOIN account t ON t.id = r.id
WHERE NOT r.is_new AND NOT r.is_stale AND ({_KEPT}) IS DISTINCT FROM ({_COMING})
ON CONFLICT (account_id, last_period) DO NOTHING
"""


async def keep_history(connection: Connection) -> None:
    """Save the values that are printed on bills of earlier months.

    So these bills stay as printed. Call it before the accounts are written. Of several changes in a
    month the first row is kept: it is the state at the end of the previous month.
    """
    await connection.execute(_KEEP_HISTORY)


# A closing balance counts from the end of its day: the file's, or the last of the month. It isn't
# newer because the bill was issued late or again. The time zone is the company's.
_BILLED = """
SELECT account_id, greatest(closing_balance, 0) - coalesce(closing_penalty, 0) AS debt,
    coalesce(closing_penalty, 0) AS penalty, greatest(-closing_balance, 0) AS overpayment,
    coalesce(closing_on + 1, (period + interval '1 month')::date)::timestamptz AS as_of, period
FROM row_invoices WHERE NOT is_stale
"""
_SNAPSHOT = """
SELECT account_id, debt, penalty, overpayment, as_of, NULL::date AS period FROM row_balances
"""
# The newest balance is in force. Of balances of the same time, a snapshot has precedence, then the
# later month, then this import. The balance of a bill that this import replaces is void.
_RECOMPUTE = """
CREATE TEMP TABLE computed_balance ON COMMIT DROP AS
WITH balance AS ({sources}), concerned AS (SELECT DISTINCT account_id FROM balance)
SELECT DISTINCT ON (account_id) account_id, debt, penalty, overpayment, as_of, period
FROM (
    SELECT *, true AS is_ours FROM balance
    UNION ALL SELECT account_id, debt, penalty, overpayment, as_of, period, false
    FROM account_balance b JOIN concerned USING (account_id) {unless_replaced}
) candidate
ORDER BY account_id, as_of DESC, period DESC NULLS FIRST, is_ours DESC
"""
_UNLESS_REPLACED = """
WHERE NOT EXISTS (SELECT FROM row_invoices r WHERE r.account_id = b.account_id
    AND r.period = b.period AND NOT r.is_stale)
"""

# Bills that may be unpaid after the import: its own, and those that are unpaid already.
_CANDIDATES = """
CREATE TEMP TABLE candidate ON COMMIT DROP AS {imported}
SELECT t.account_id, t.id, t.period, greatest(t.charged + t.recalculated, 0) AS amount,
    greatest(t.penalty, 0) AS penalty, t.unpaid AS unpaid, false AS is_ours
FROM invoice t JOIN computed_balance USING (account_id) WHERE t.unpaid > 0 {condition}
"""
_IMPORTED = """
SELECT account_id, id, period, greatest(charged + recalculated, 0) AS amount,
    greatest(penalty, 0) AS penalty, 0::bigint AS unpaid, true AS is_ours
FROM row_invoices WHERE NOT is_stale UNION ALL
"""
_NOT_IMPORTED = "AND NOT EXISTS (SELECT FROM row_invoices r WHERE r.id = t.id AND NOT r.is_stale)"

# All bills of an account are candidates in three cases, which are rare: the debt exceeds the
# candidates (a payment was reversed); a settled bill is newer than an unpaid one (of which the
# penalty is unpaid); this import changes earlier months.
_GROWN = """
SELECT s.account_id FROM computed_balance s LEFT JOIN candidate c USING (account_id)
GROUP BY s.account_id, s.debt, s.penalty
HAVING coalesce(sum(c.amount), 0) < s.debt OR coalesce(sum(c.penalty), 0) < s.penalty
"""
_SETTLED_SINCE = """
UNION SELECT c.account_id FROM candidate c WHERE NOT c.is_ours AND EXISTS
    (SELECT FROM invoice t WHERE t.account_id = c.account_id AND t.period > c.period
        AND t.unpaid = 0)
"""
_EARLIER = """
UNION SELECT r.account_id FROM row_invoices r WHERE NOT r.is_stale AND EXISTS
    (SELECT FROM invoice t WHERE t.account_id = r.account_id AND t.period > r.period)
"""
_REMAINING = """
INSERT INTO candidate
SELECT t.account_id, t.id, t.period, greatest(t.charged + t.recalculated, 0),
    greatest(t.penalty, 0), t.unpaid, false
FROM invoice t JOIN ({accounts}) w USING (account_id)
WHERE NOT EXISTS (SELECT FROM candidate c WHERE c.id = t.id)
"""
_SETTLE = """
CREATE TEMP TABLE settled ON COMMIT DROP AS
SELECT id, is_ours, unpaid AS was,
    (least(amount, greatest(debt - newer_amount, 0))
    + least(penalty, greatest(owed_penalty - newer_penalty, 0)))::bigint AS unpaid
FROM (
    SELECT c.*, s.debt, s.penalty AS owed_penalty,
        sum(c.amount) OVER newer - c.amount AS newer_amount,
        sum(c.penalty) OVER newer - c.penalty AS newer_penalty
    FROM candidate c JOIN computed_balance s USING (account_id)
    WINDOW newer AS (PARTITION BY c.account_id ORDER BY c.period DESC ROWS UNBOUNDED PRECEDING)
) c
"""
_UPDATE_IMPORTED = "UPDATE row_invoices r SET unpaid = s.unpaid FROM settled s WHERE s.id = r.id"
_UPDATE_OTHERS = """
UPDATE invoice t SET unpaid = s.unpaid FROM settled s
WHERE s.id = t.id AND NOT s.is_ours AND s.was <> s.unpaid
"""
_PAID_IN_MONTH = """
UPDATE received_payment p SET invoice_id = r.id FROM row_invoices r
WHERE r.is_new AND p.account_id = r.account_id AND p.invoice_id IS NULL
    AND p.paid_on >= r.period AND p.paid_on < r.period + interval '1 month'
"""
"""Assign earlier imported payments to the bill of their month."""
_CHANGED_BALANCES = """
INSERT INTO account_balance (id, account_id, debt, penalty, overpayment, as_of, period)
SELECT pg_temp.import_key(row_number() OVER ()), account_id, s.debt, s.penalty, s.overpayment,
    s.as_of, s.period FROM computed_balance s LEFT JOIN account_balance b USING (account_id)
WHERE (b.debt, b.penalty, b.overpayment, b.as_of, b.period)
    IS DISTINCT FROM (s.debt, s.penalty, s.overpayment, s.as_of, s.period)
ON CONFLICT (account_id) DO UPDATE SET debt = excluded.debt, penalty = excluded.penalty,
    overpayment = excluded.overpayment, as_of = excluded.as_of, period = excluded.period
"""


async def compute_balances(connection: Connection, kind: ImportFormat) -> None:
    """Compute the balances in force after the import."""
    has_bills = kind.kind is ImportKind.INVOICES
    sources = f"{_BILLED} UNION ALL {_SNAPSHOT}" if has_bills else _SNAPSHOT
    unless_replaced = _UNLESS_REPLACED if has_bills else ""
    query = _RECOMPUTE.format(sources=sources, unless_replaced=unless_replaced)
    await _create(connection, query, "ANALYZE computed_balance")


async def recompute_unpaid(connection: Connection, kind: ImportFormat) -> None:
    """Compute the unpaid part of each bill from the balances in force.

    It is set in the rows of this import's bills before they are inserted, and in other bills in the
    table.
    """
    has_bills = kind.kind is ImportKind.INVOICES
    imported, condition = (_IMPORTED, _NOT_IMPORTED) if has_bills else ("", "")
    query = _CANDIDATES.format(imported=imported, condition=condition)
    await _create(connection, query, "ANALYZE candidate")
    accounts = _GROWN + _SETTLED_SINCE + (_EARLIER if has_bills else "")
    await connection.execute(_REMAINING.format(accounts=accounts))
    await _create(connection, _SETTLE, "CREATE INDEX ON settled (id); ANALYZE settled")
    await connection.execute(_UPDATE_OTHERS)
    if has_bills:
        await connection.execute(_UPDATE_IMPORTED)


async def settle_invoices(connection: Connection, kind: ImportFormat) -> int:
    """Write the balances, after the bills; return the number of changed balances."""
    if kind.kind is ImportKind.INVOICES:
        await connection.execute("CREATE INDEX ON row_invoices (account_id)")
        await connection.execute(_PAID_IN_MONTH)
    return int((await connection.execute(_CHANGED_BALANCES)).rpartition(" ")[2])
