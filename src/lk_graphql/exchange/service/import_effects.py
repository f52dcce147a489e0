"""Effects of an import on other rows: holders, acknowledgements, balances.

The balance in force is the newest that billing has said: a snapshot, or what the newest bill ends
with. Every payment goes to the oldest debt first (docs/decisions/0042), so what is open is the
newest `debt` kopecks of the charges and the newest `penalty` kopecks of the penalties. A test
compares it with `billing.service.ledger`.
"""

from datetime import date, datetime

from asyncpg import Connection

from lk_graphql.accounts.service.claim_parsing import surname_key
from lk_graphql.accounts.service.holders import HolderName, change_holder
from lk_graphql.exchange.models import Answer, ImportKind
from lk_graphql.exchange.service.import_sql import key_of
from lk_graphql.exchange.service.records import ImportFormat
from lk_graphql.metering.errors import PeriodBilled, ReadingFinal, TakenBeforePrevious
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.metering.service.changes import accept_reading, reject_reading
from lk_graphql.payments.service.ledger import acknowledge

_HOLDERS_BATCH = 5000

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
# a file without patronymics says nothing of them: it must not make all holders others
_CHANGED = f"""
SELECT r.id, r.holder_last_name, r.holder_first_name,
    coalesce(r.holder_patronymic, h.patronymic), r.holder_since
{_FROM_ROWS}
    AND (r.holder_last_name, r.holder_first_name, coalesce(r.holder_patronymic, h.patronymic))
    IS DISTINCT FROM (h.last_name, h.first_name, h.patronymic) AND h.id IS NOT NULL
"""


async def add_holders(connection: Connection) -> None:
    """Give holders to accounts that have none. Surnames are compared as Python does it."""
    await connection.execute(_KEYS)
    cursor = await connection.cursor(_SURNAMES)
    while surnames := await cursor.fetch(_HOLDERS_BATCH):
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
    while found := await cursor.fetch(_HOLDERS_BATCH):
        for account_id, last_name, first_name, patronymic, since in found:
            named = HolderName(last_name, first_name, patronymic)
            others += await change_holder(account_id, named, since=since or today, now=now)
    return others


_REPLACED = f"""
WITH replaced AS (
    UPDATE reading g SET state = 'SUPERSEDED' FROM row_readings r
    WHERE g.id = r.id AND NOT r.is_new AND NOT r.is_stale AND g.batch IS NOT NULL
        AND (g.value, g.source) IS DISTINCT FROM (r.value, r.source)
    RETURNING g.id
)
UPDATE row_readings r SET id = {key_of("r")}, is_new = true
FROM replaced WHERE r.id = replaced.id
"""
_OUTDATED = """
UPDATE reading g SET state = 'SUPERSEDED' FROM row_readings r
WHERE r.source = 'CUSTOMER' AND NOT r.is_stale AND g.register_id = r.register_id
    AND g.period = r.period AND g.state = 'ACCEPTED' AND g.source = 'CUSTOMER' AND g.id <> r.id
"""


async def supersede_readings(connection: Connection) -> None:
    """For an inspector's reading, say, of the same register, month and day; only one counts.

    What billing has loaded itself it may correct; what somebody has sent through the cabinet would
    be lost, with its photo and findings under another's number. And for a customer's reading that
    billing told of another day before: the checks have left no other that counts for the month.
    """
    await connection.execute(_REPLACED)
    await connection.execute(_OUTDATED)


_BATCH = 1000

_POSTED = """
SELECT w.number FROM registry_row w JOIN row_payments r ON r.external_id = w.number
WHERE w.posted_at IS NULL
"""


async def acknowledge_posted(connection: Connection, *, now: datetime) -> int:
    """Found in SQL, done by the rule of payments; how many there were.

    In the transaction that brings them: a customer never sees a payment counted twice.
    """
    cursor = await connection.cursor(_POSTED)
    posted = 0
    while found := await cursor.fetch(_BATCH):
        posted += await acknowledge([number for (number,) in found], now=now)
    return posted


# Most readings were accepted when they were sent: then there is nothing to do.
_PENDING = """
SELECT r.subject_id, r.answer, r.reason FROM row_reading_answers r
JOIN reading g ON g.id = r.subject_id
WHERE NOT r.is_stale AND (
    r.answer = 'ACCEPTED' AND g.state IN ('NEEDS_CONFIRMATION', 'ON_REVIEW')
    OR r.answer = 'REJECTED' AND g.state IN ('ACCEPTED', 'NEEDS_CONFIRMATION', 'ON_REVIEW')
)
"""
_MARK_DONE = """
UPDATE acknowledgement a SET subject_state = g.state FROM reading g, row_reading_answers r
WHERE a.subject_id = r.subject_id AND g.id = a.subject_id AND NOT r.is_stale
    AND r.answer <> 'RECEIVED' AND a.subject_state <> g.state
"""
"""What billing has decided itself needn't be exported to it."""


async def acknowledge_readings(connection: Connection, *, now: datetime) -> int:
    """Accept and reject as billing says, and tell the customers; how many that were.

    A reading whose month has been billed, that was withdrawn meanwhile, or on whose day somebody
    else has read the register, stays as it is.
    """
    cursor = await connection.cursor(_PENDING)
    answered = 0
    while found := await cursor.fetch(_BATCH):
        for reading_id, answer, reason in found:
            try:
                if answer == Answer.ACCEPTED:
                    await accept_reading(reading_id, billing=BILLING, now=now)
                else:
                    await reject_reading(reading_id, reason, billing=BILLING, now=now)
            except (PeriodBilled, ReadingFinal, TakenBeforePrevious):
                continue
            answered += 1
    await connection.execute(_MARK_DONE)
    return answered


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
_RECOMPUTE = """
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
_IMPORTED = """
SELECT account_id, id, period, greatest(charged + recalculated, 0) AS amount, penalty,
    0::bigint AS unpaid, true AS is_ours
FROM row_invoices WHERE NOT is_stale UNION ALL
"""
_NOT_IMPORTED = "AND NOT EXISTS (SELECT FROM row_invoices r WHERE r.id = t.id AND NOT r.is_stale)"

# That isn't all of an account's bills when its debt has grown beyond them (a payment was taken
# back), or when this import changes the past. Such accounts are few: they are looked at whole.
_GROWN = """
SELECT s.account_id FROM struck s LEFT JOIN candidate c USING (account_id)
GROUP BY s.account_id, s.debt, s.penalty
HAVING coalesce(sum(c.amount), 0) < s.debt OR coalesce(sum(c.penalty), 0) < s.penalty
"""
_EARLIER = """
UNION SELECT r.account_id FROM row_invoices r WHERE NOT r.is_stale AND EXISTS
    (SELECT FROM invoice t WHERE t.account_id = r.account_id AND t.period > r.period)
"""
_REMAINING = """
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


async def recompute_balances(connection: Connection, kind: ImportFormat) -> None:
    """Find the balances in force and what is open of each bill.

    Of this import's, it is found before they are written; of others, it is written at once.
    """
    has_bills = kind.kind is ImportKind.INVOICES
    said = f"{_BILLED} UNION ALL {_SNAPSHOT}" if has_bills else _SNAPSHOT
    await connection.execute(_RECOMPUTE.format(said=said))
    ours, besides = (_IMPORTED, _NOT_IMPORTED) if has_bills else ("", "")
    await connection.execute(_CANDIDATES.format(ours=ours, besides=besides))
    await connection.execute("ANALYZE struck; ANALYZE candidate")
    whole = _GROWN + _EARLIER if has_bills else _GROWN
    await connection.execute(_REMAINING.format(whole=whole))
    await connection.execute(_SETTLE)
    await connection.execute("CREATE INDEX ON settled (id); ANALYZE settled")
    await connection.execute(_UPDATE_OTHERS)
    if has_bills:
        await connection.execute(_UPDATE_IMPORTED)


async def settle_invoices(connection: Connection, kind: ImportFormat) -> int:
    """Write the balances, once this import's bills are written; how many they were."""
    if kind.kind is ImportKind.INVOICES:
        await connection.execute("CREATE INDEX ON row_invoices (account_id)")
        await connection.execute(_PAID_IN_MONTH)
    written = [await connection.execute(sql) for sql in (_NEW_BALANCES, _CHANGED_BALANCES)]
    return sum(int(tag.rpartition(" ")[2]) for tag in written)
