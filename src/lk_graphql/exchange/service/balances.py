"""Balances of an import, and the unpaid parts of bills that follow from them.

The balance in force is the newest that billing has sent: a snapshot, or a bill's closing balance as
of the end of its day (`_BILLED`). Each payment covers the oldest debt first (docs/decisions/0042).
So the newest `debt` kopecks of the charges are unpaid, and the newest `penalty` kopecks of the
penalties. A test compares this SQL with `demo.data.debts`.
"""

from asyncpg import Connection

from lk_graphql.exchange.service.loading import create_table
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.import_formats.service.records import ImportFormat

# A closing balance counts from the end of its day: the file's, or the last of the month. Before
# that day is over, it can't be newer than its file, or later snapshots would not count. It isn't
# newer because the bill was issued late or again: an unchanged one never replaces the balance in
# force. The time zone is the company's.
_BILLED = """
SELECT r.account_id, greatest(r.closing_balance, 0) - coalesce(r.closing_penalty, 0) AS debt,
    coalesce(r.closing_penalty, 0) AS penalty, greatest(-r.closing_balance, 0) AS overpayment,
    least(coalesce(r.closing_on + 1, (r.period + interval '1 month')::date)::timestamptz,
        r.data_as_of, b.as_of) AS as_of, r.period
FROM row_invoices r LEFT JOIN invoice t ON t.id = r.id AND NOT r.is_new
    AND (t.closing_balance, t.closing_penalty, t.closing_on)
    IS NOT DISTINCT FROM (r.closing_balance, r.closing_penalty, r.closing_on)
LEFT JOIN account_balance b ON b.account_id = t.account_id
WHERE NOT r.is_stale
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
    await create_table(connection, query, "ANALYZE computed_balance")


async def recompute_unpaid(connection: Connection, kind: ImportFormat) -> None:
    """Compute the unpaid part of each bill from the balances in force.

    It is set in the rows of this import's bills before they are inserted, and in other bills in the
    table.
    """
    has_bills = kind.kind is ImportKind.INVOICES
    imported, condition = (_IMPORTED, _NOT_IMPORTED) if has_bills else ("", "")
    query = _CANDIDATES.format(imported=imported, condition=condition)
    await create_table(connection, query, "ANALYZE candidate")
    accounts = _GROWN + _SETTLED_SINCE + (_EARLIER if has_bills else "")
    await connection.execute(_REMAINING.format(accounts=accounts))
    await create_table(connection, _SETTLE, "CREATE INDEX ON settled (id); ANALYZE settled")
    await connection.execute(_UPDATE_OTHERS)
    if has_bills:
        await connection.execute(_UPDATE_IMPORTED)


async def write_balances(connection: Connection, kind: ImportFormat) -> int:
    """Write the balances, after the bills; return the number of changed balances."""
    if kind.kind is ImportKind.INVOICES:
        await connection.execute("CREATE INDEX ON row_invoices (account_id)")
        await connection.execute(_PAID_IN_MONTH)
    return int((await connection.execute(_CHANGED_BALANCES)).rpartition(" ")[2])
