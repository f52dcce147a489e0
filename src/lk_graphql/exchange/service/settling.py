"""Balances and what is open of each bill, so that the two agree whatever came in which order.

The balance in force is the newest that billing has said: a snapshot, or what the newest bill ends
with. Every payment goes to the oldest debt first (docs/decisions/0042), so what is open is the
newest `debt` kopecks of the charges and the newest `penalty` kopecks of the penalties. A test
compares it with `billing.service.ledger`.
"""

from asyncpg import Connection

from lk_graphql.exchange.models import ImportKind
from lk_graphql.exchange.service.records import Kind

_BILLED = """
SELECT account_id, greatest(closing_balance, 0) - closing_penalty AS debt,
    closing_penalty AS penalty, greatest(-closing_balance, 0) AS overpayment,
    issued_on::timestamptz AS as_of, 1 AS weight, period
FROM row_invoices WHERE NOT is_stale
"""
_SNAPSHOT = """
SELECT account_id, debt, penalty, overpayment, as_of, 2 AS weight, NULL::date AS period
FROM row_balances
"""
_STRIKE = """
CREATE TEMP TABLE struck ON COMMIT DROP AS
WITH said AS ({said}), newest AS (
    SELECT DISTINCT ON (account_id) * FROM said
    ORDER BY account_id, as_of DESC, weight DESC, period DESC NULLS LAST
)
SELECT n.account_id, b.account_id IS NULL AS is_new,
    CASE WHEN b.as_of > n.as_of THEN b.debt ELSE n.debt END AS debt,
    CASE WHEN b.as_of > n.as_of THEN b.penalty ELSE n.penalty END AS penalty,
    CASE WHEN b.as_of > n.as_of THEN b.overpayment ELSE n.overpayment END AS overpayment,
    greatest(b.as_of, n.as_of) AS as_of
FROM newest n LEFT JOIN account_balance b USING (account_id)
"""

# Every bill that may be open: those of this import, and those that are open by now.
_CANDIDATES = """
CREATE TEMP TABLE candidate ON COMMIT DROP AS {ours}
SELECT t.account_id, t.id, t.period, greatest(t.charged + t.recalculated, 0) AS amount,
    t.penalty, t.unpaid AS unpaid, false AS is_ours
FROM invoice t JOIN struck USING (account_id) WHERE t.unpaid > 0 {besides}
"""
_OURS = """
SELECT account_id, id, period, greatest(charged + recalculated, 0) AS amount, penalty,
    0::bigint AS unpaid, true AS is_ours
FROM row_invoices WHERE NOT is_stale UNION ALL
"""
_BESIDES_OURS = "AND NOT EXISTS (SELECT FROM row_invoices r WHERE r.id = t.id AND NOT r.is_stale)"

# That isn't all of an account's bills when its debt has grown beyond them (a payment was taken
# back), or when this import changes the past. Such accounts are few: they are looked at whole.
_GROWN = """
SELECT s.account_id FROM struck s LEFT JOIN candidate c USING (account_id)
GROUP BY s.account_id, s.debt, s.penalty
HAVING coalesce(sum(c.amount), 0) < s.debt OR coalesce(sum(c.penalty), 0) < s.penalty
"""
_PAST = """
UNION SELECT r.account_id FROM row_invoices r WHERE NOT r.is_stale AND EXISTS
    (SELECT FROM invoice t WHERE t.account_id = r.account_id AND t.period > r.period)
"""
_THE_REST = """
INSERT INTO candidate
SELECT t.account_id, t.id, t.period, greatest(t.charged + t.recalculated, 0), t.penalty,
    t.unpaid, false
FROM invoice t JOIN ({whole}) w USING (account_id)
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
    FROM candidate c JOIN struck s USING (account_id)
    WINDOW newer AS (PARTITION BY c.account_id ORDER BY c.period DESC ROWS UNBOUNDED PRECEDING)
) c
"""

_OPEN_OURS = "UPDATE row_invoices r SET unpaid = s.unpaid FROM settled s WHERE s.id = r.id"
_OPEN_OTHERS = """
UPDATE invoice t SET unpaid = s.unpaid FROM settled s
WHERE s.id = t.id AND NOT s.is_ours AND s.was <> s.unpaid
"""
_PAID_IN_MONTH = """
UPDATE received_payment p SET invoice_id = r.id FROM row_invoices r
WHERE r.is_new AND p.account_id = r.account_id AND p.invoice_id IS NULL
    AND p.paid_on >= r.period AND p.paid_on < r.period + interval '1 month'
"""
"""A payment belongs to the bill of the month in which it came, whichever is imported first."""
_NEW_BALANCES = """
INSERT INTO account_balance (id, account_id, debt, penalty, overpayment, as_of)
SELECT pg_temp.import_key(row_number() OVER ()), account_id, debt, penalty, overpayment, as_of
FROM struck WHERE is_new
"""
_CHANGED_BALANCES = """
UPDATE account_balance b
SET debt = s.debt, penalty = s.penalty, overpayment = s.overpayment, as_of = s.as_of
FROM struck s WHERE s.account_id = b.account_id AND NOT s.is_new
    AND (b.debt, b.penalty, b.overpayment, b.as_of)
    IS DISTINCT FROM (s.debt, s.penalty, s.overpayment, s.as_of)
"""


async def strike(connection: Connection, kind: Kind) -> None:
    """Find the balances in force and what is open of each bill.

    Of this import's, it is found before they are written; of others, it is written at once.
    """
    has_bills = kind.kind is ImportKind.INVOICES
    said = f"{_BILLED} UNION ALL {_SNAPSHOT}" if has_bills else _SNAPSHOT
    await connection.execute(_STRIKE.format(said=said))
    ours, besides = (_OURS, _BESIDES_OURS) if has_bills else ("", "")
    await connection.execute(_CANDIDATES.format(ours=ours, besides=besides))
    await connection.execute("ANALYZE struck; ANALYZE candidate")
    whole = _GROWN + _PAST if has_bills else _GROWN
    await connection.execute(_THE_REST.format(whole=whole))
    await connection.execute(_SETTLE)
    await connection.execute("CREATE INDEX ON settled (id); ANALYZE settled")
    await connection.execute(_OPEN_OTHERS)
    if has_bills:
        await connection.execute(_OPEN_OURS)


async def settle(connection: Connection, kind: Kind) -> int:
    """Write the balances, once this import's bills are written; how many they were."""
    if kind.kind is ImportKind.INVOICES:
        await connection.execute("CREATE INDEX ON row_invoices (account_id)")
        await connection.execute(_PAID_IN_MONTH)
    written = [await connection.execute(sql) for sql in (_NEW_BALANCES, _CHANGED_BALANCES)]
    return sum(int(tag.rpartition(" ")[2]) for tag in written)
