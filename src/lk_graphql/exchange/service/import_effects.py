"""Effects of an import: holders, readings, balances.

The balance in force is the newest that billing has sent: a snapshot, or a bill's closing balance as
of the end of its day (`_BILLED`). Each payment covers the oldest debt first (docs/decisions/0042).
So the newest `debt` kopecks of the charges are unpaid, and the newest `penalty` kopecks of the
penalties. A test compares this SQL with `demo.data.debts`.
"""

from datetime import datetime

from asyncpg import Connection

from lk_graphql.accounts.service.account_days import visible_sql
from lk_graphql.accounts.service.claim_parsing import surname_key
from lk_graphql.accounts.service.holders import HolderName, change_holder
from lk_graphql.billing.service.invoices import ZONE_ESTIMATE_SQL
from lk_graphql.exchange.service.import_sql import FEW_ROWS, key_of
from lk_graphql.exchange.service.loading import lock_accounts
from lk_graphql.import_formats.service.kinds import ImportKind
from lk_graphql.import_formats.service.readings import export_again
from lk_graphql.import_formats.service.records import ImportFormat
from lk_graphql.metering.models import PENDING_STATES_SQL
from lk_graphql.metering.service.reading_states import KEEP_ON_REVIEW, SETTLE_ESTIMATES
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import notify_accounts

HOLDERS_BATCH = 5000
"""Rows of holders that a cursor fetches at once."""


async def create_table(connection: Connection, query: str, for_many: str) -> int:
    """Create a table and return its number of rows; if there are many, execute `for_many`, too."""
    count = int((await connection.execute(query)).rpartition(" ")[2])
    if count >= FEW_ROWS:
        await connection.execute(for_many)
    return count


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
    AND g.period = r.period AND g.state = 'ACCEPTED' AND g.id <> r.id
    AND (g.source = 'CUSTOMER' OR g.taken_on = r.taken_on)
"""
_ACCEPTED = f"""
CREATE TEMP TABLE returned_reading ON COMMIT DROP AS
SELECT g.id FROM row_readings r JOIN reading g ON g.id = r.id
WHERE NOT r.is_stale AND g.state IN ({PENDING_STATES_SQL})
"""
_OF_RETURNED = f"""
SELECT account.id, 'reading/' || reading.id || '/accepted', account.id, reading.period, NULL::date,
    NULL::bigint
FROM returned_reading JOIN reading USING (id) JOIN register ON register.id = reading.register_id
JOIN meter ON meter.id = register.meter_id JOIN account ON account.id = meter.account_id
WHERE {visible_sql("reading.taken_on")}
"""


async def supersede_readings(connection: Connection) -> None:
    """Supersede the readings that the file replaces, in three cases.

    If the file has another reading for the register, month and day of a reading submitted through
    the cabinet, the submitted one keeps its row, with photo and findings, as superseded. A
    customer's reading that billing has reported earlier for another day of the month is superseded,
    too, because the checks permit one a month. So are the month's reading and that of the day, if
    the file returns a pending one.
    """
    await connection.execute(_ACCEPTED)
    await connection.execute(_REPLACED)
    await connection.execute(_OUTDATED)


async def notify_of_returned(connection: Connection, *, now: datetime) -> int:
    """Notify customers of the pending readings that the import has accepted; return their number.

    Call it after the readings are written.
    """
    await notify_accounts(NoticeKind.READINGS_ACCEPTED, _OF_RETURNED, now=now)
    return await connection.fetchval("SELECT count(*) FROM returned_reading")


# A bill without any reading may be from a billing system that doesn't send them. Then the basis of
# its lines decides, or else whether the month has an estimate: one of 0 kWh has no line.
_IS_ESTIMATED = f"""
coalesce((SELECT is_estimated FROM ({ZONE_ESTIMATE_SQL}) zone), EXISTS (
    SELECT FROM reading e WHERE e.register_id = {{register}}.id AND e.period = {{bill}}.period
    AND e.source = 'ESTIMATED' AND e.state = 'ACCEPTED'
))"""
_NEXT_PERIOD = """(
    SELECT max(b.period) + interval '1 month' FROM invoice b WHERE b.account_id = i.account_id
)::date AS next_period"""
# A bill without readings counts the last reading that billing has acknowledged as accepted, if a
# replacement or withdrawal since wasn't acknowledged: billing hasn't fetched it.
_COUNTED = f"""
CREATE TEMP TABLE counted_reading ON COMMIT DROP AS
SELECT g.id, g.register_id, g.received_at, i.period, {_NEXT_PERIOD}
FROM row_invoice_readings r JOIN invoice i ON i.id = r.invoice_id
JOIN reading g ON g.id = r.current_id
WHERE NOT r.is_stale AND g.source = 'CUSTOMER'
    AND (g.state <> 'ACCEPTED' OR g.period <> i.period)
UNION ALL SELECT id, register_id, received_at, period, next_period
FROM (
    SELECT DISTINCT ON (g.register_id, i.period)
        g.id, g.register_id, g.received_at, g.state, i.period, {_NEXT_PERIOD}
    FROM row_invoices r JOIN invoice i ON i.id = r.id
    JOIN meter m ON m.account_id = i.account_id JOIN register s ON s.meter_id = m.id
    JOIN reading g ON g.register_id = s.id AND g.period = i.period
    JOIN acknowledgement a ON a.subject_id = g.id
    WHERE NOT r.is_stale AND g.source = 'CUSTOMER'
        AND g.state IN ('ACCEPTED', 'SUPERSEDED', 'WITHDRAWN')
        AND a.subject_state IN ('ACCEPTED', 'MOVED')
        AND NOT EXISTS (SELECT FROM invoice_reading u WHERE u.invoice_id = i.id)
        AND NOT {_IS_ESTIMATED.format(bill="i", register="s")}
    ORDER BY g.register_id, i.period, g.received_at DESC, g.id DESC
) acknowledged WHERE state <> 'ACCEPTED'
"""
_LEAVE_TO_NEXT = """
WITH other AS (
    SELECT n.id, n.taken_on, c.register_id, c.next_period,
        n.received_at < c.received_at OR lead(n.id) OVER (
            PARTITION BY c.register_id, c.next_period ORDER BY n.received_at, n.id
        ) IS NOT NULL AS is_outdated
    FROM counted_reading c JOIN reading n ON n.register_id = c.register_id AND n.period = c.period
    WHERE n.source = 'CUSTOMER' AND n.state = 'ACCEPTED'
        AND n.id NOT IN (SELECT id FROM counted_reading)
)
UPDATE reading n SET period = c.next_period,
    state = CASE WHEN c.is_outdated OR EXISTS (
        SELECT FROM reading o WHERE o.register_id = c.register_id AND o.period = c.next_period
        AND o.state = 'ACCEPTED' AND (o.source = 'CUSTOMER' OR o.taken_on = c.taken_on)
    ) THEN 'SUPERSEDED' ELSE 'ACCEPTED' END
FROM other c WHERE n.id = c.id
"""
_COUNT = """
UPDATE reading g SET state = 'ACCEPTED', period = c.period, reason = NULL
FROM (SELECT DISTINCT ON (id) id, period FROM counted_reading ORDER BY id, period DESC) c
WHERE g.id = c.id AND NOT EXISTS (
    SELECT FROM reading o WHERE o.register_id = g.register_id AND o.period = c.period
    AND o.state = 'ACCEPTED' AND o.id <> g.id
    AND (o.source = 'CUSTOMER' OR o.taken_on = g.taken_on)
)
"""
"""Skips a reading if another accepted one, such as an inspector's, has its day and month."""

# Bills have no readings of a meter with an expired verification, so such readings keep their month.
_LEAVE_UNBILLED = f"""
UPDATE reading n SET period = b.next_period, state = CASE WHEN EXISTS (
    SELECT FROM reading o WHERE o.register_id = n.register_id AND o.period = b.next_period
    AND o.state = 'ACCEPTED' AND (o.source = 'CUSTOMER' OR o.taken_on = n.taken_on)
) THEN 'SUPERSEDED' ELSE 'ACCEPTED' END
FROM (
    SELECT id, account_id, period, (period + interval '1 month')::date AS next_period
    FROM row_invoices r WHERE NOT is_stale
        AND NOT EXISTS (SELECT FROM invoice i WHERE i.account_id = r.account_id
            AND i.period > r.period)
) b JOIN meter m ON m.account_id = b.account_id JOIN register g ON g.meter_id = m.id
WHERE n.register_id = g.id AND n.period = b.period AND n.batch IS NOT NULL
    AND n.source = 'CUSTOMER' AND n.state = 'ACCEPTED'
    AND (m.next_verification_on IS NULL OR n.taken_on <= m.next_verification_on)
    AND NOT EXISTS (SELECT FROM invoice_reading u WHERE (u.invoice_id, u.current_id) = (b.id, n.id))
    AND (EXISTS (SELECT FROM invoice_reading u WHERE u.invoice_id = b.id)
        OR {_IS_ESTIMATED.format(bill="b", register="g")})
"""
_OF_BILLS = "SELECT account_id FROM row_invoices WHERE NOT is_stale"
_BILLED_REGISTERS = """
SELECT g.id AS register_id, r.period, EXISTS (
    SELECT FROM invoice_reading u JOIN reading n ON n.id = u.current_id
    WHERE u.invoice_id = r.id AND u.register_id = g.id AND n.source <> 'ESTIMATED'
) AS is_read
FROM row_invoices r JOIN meter m USING (account_id) JOIN register g ON g.meter_id = m.id
WHERE NOT r.is_stale
"""


async def accept_counted(connection: Connection) -> None:
    """Accept the customers' readings on which the bills are based, for the months of these bills.

    A reading that was sent for such a month, but too late for its bill, counts for the first month
    that isn't billed (docs/decisions/0162). A reading on review is moved to that month, too, and
    stays on review. An estimate doesn't count beside a reading on which its month's bill is based.
    Call it after the bills are written.

    The accounts stay locked until the bills are visible: a reading that is sent meanwhile waits,
    and then can't count for a month that is billed without it.
    """
    await connection.execute(lock_accounts(_OF_BILLS))
    await connection.execute(_COUNTED)
    await connection.execute(export_again(f"{_LEAVE_TO_NEXT} RETURNING n.*"))
    await connection.execute(SETTLE_ESTIMATES.format(billed=_BILLED_REGISTERS))
    await connection.execute(_COUNT)
    await connection.execute(export_again(f"{_LEAVE_UNBILLED} RETURNING n.*"))
    on_review = KEEP_ON_REVIEW.format(accounts=_OF_BILLS)
    await connection.execute(export_again(f"{on_review} RETURNING n.*"))


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


async def settle_invoices(connection: Connection, kind: ImportFormat) -> int:
    """Write the balances, after the bills; return the number of changed balances."""
    if kind.kind is ImportKind.INVOICES:
        await connection.execute("CREATE INDEX ON row_invoices (account_id)")
        await connection.execute(_PAID_IN_MONTH)
    return int((await connection.execute(_CHANGED_BALANCES)).rpartition(" ")[2])
