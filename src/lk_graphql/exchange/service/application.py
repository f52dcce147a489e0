"""Writing of the good rows of a run, and the effects on other slices.

The rows of a small run are written in one transaction, those of a large run in one per batch
(`batches`).
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
from asyncpg import Connection, InvalidRegularExpressionError
from tortoise.exceptions import IntegrityError

from lk_graphql.accounts.service.account_days import month_visible_sql
from lk_graphql.billing.service.invoices import invoice_due_sql
from lk_graphql.exchange.models import ImportRun
from lk_graphql.exchange.service import accounts, balances, readings
from lk_graphql.exchange.service.loading import Loading
from lk_graphql.exchange.service.readings import export_again
from lk_graphql.exchange.service.runs import ImportResult
from lk_graphql.import_formats.service.balances import BALANCES
from lk_graphql.import_formats.service.kinds import Answer, ImportKind
from lk_graphql.kit.company import Company
from lk_graphql.kit.errors import CommandError
from lk_graphql.metering.errors import PeriodBilled, ReadingFinal, TakenBeforePrevious
from lk_graphql.metering.models import CURRENT_STATES_SQL, PENDING_STATES_SQL
from lk_graphql.metering.service.billing_gateway import BILLING
from lk_graphql.metering.service.reading_states import (
    accept_reading,
    count_for_last_month,
    reject_reading,
)
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import notify_accounts
from lk_graphql.payments.service.differences import Acknowledged, Posting, acknowledge

CLOCK_TOLERANCE = timedelta(minutes=10)
"""Tolerance for a clock of the billing system that is fast."""
STAGING_SCHEMA = "import_staging"
_ATTEMPTS = 3
_ANSWERS = 5000  # rows that a cursor fetches at once
_RACES = asyncpg.DeadlockDetectedError, asyncpg.UniqueViolationError, IntegrityError
"""Errors that a concurrent request of a customer may cause."""
_READ_LATE_AND_CLOSED = f"""
SELECT a.id, a.closed_on FROM row_accounts r JOIN account a ON a.id = r.id
WHERE NOT r.is_stale AND a.closed_on IS NOT NULL AND EXISTS (
    SELECT FROM meter m JOIN register g ON g.meter_id = m.id JOIN reading n ON n.register_id = g.id
    WHERE m.account_id = a.id AND n.source = 'CUSTOMER' AND n.taken_on <= a.closed_on
    AND n.period > a.closed_on AND n.state IN ({CURRENT_STATES_SQL})
) AND NOT EXISTS (
    SELECT FROM invoice i WHERE i.account_id = a.id
    AND i.period >= date_trunc('month', a.closed_on::timestamp)
)
"""
_EXPORT_MOVED = export_again("SELECT * FROM reading WHERE id = ANY($1)")
_SETTINGS = {
    "datestyle": "ISO, DMY",
    "work_mem": "128MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "client_connection_check_interval": "2s",
}
"""Settings of the transaction. With the last one, PostgreSQL ends the statement of a killed client
within seconds."""
_SET = "SELECT set_config(name, value, $3) FROM unnest($1::text[], $2::text[]) x (name, value)"
_ISSUED = NoticeKind.INVOICE_ISSUED
_NEW_BILLS = f"""
SELECT bill.account_id, 'invoice/' || bill.id, bill.id, bill.period, bill.due_on,
    ({invoice_due_sql("bill")})
FROM row_invoices imported JOIN invoice bill USING (id)
JOIN account ON account.id = bill.account_id
WHERE imported.is_new AND bill.due_on >= $1::date AND {month_visible_sql("bill.period")}
"""
"""New bills with their amounts due; not those of an archive (past their due day), and not those of
months of an earlier holder."""


async def prepare_session(
    connection: Connection, run: ImportRun, company: Company, *, is_local: bool
) -> None:
    """Set the settings that the SQL of an import reads, for the transaction or for the session.

    In a session, the search path begins with the schema in which unlogged tables are created.
    """
    settings = {
        **_SETTINGS,
        "timezone": company.zone.key,
        "lk.as_of": run.as_of.isoformat(),
        "lk.now": (run.started_at + CLOCK_TOLERANCE).isoformat(),
        "lk.account_number_pattern": f"^(?:{company.account_number_pattern})$",
    }
    if not is_local:
        settings["search_path"] = f'{STAGING_SCHEMA}, "$user", public'
    await connection.execute(_SET, [*settings], [*settings.values()], is_local)
    try:
        await connection.execute("SELECT '' ~ current_setting('lk.account_number_pattern')")
    except InvalidRegularExpressionError as error:
        raise CommandError(f"PostgreSQL can't read LK_ACCOUNT_NUMBER_PATTERN: {error}") from error


async def write_rows(connection: Connection, loading: Loading) -> None:
    """Write the rows of `row_x`, with the first holders, states of readings, and balances.

    Call it after `balances.compute_balances`.
    """
    kind, tallies = loading.kind, loading.tallies
    if BALANCES.name in tallies:
        await balances.recompute_unpaid(connection, kind)
    if kind.kind is ImportKind.ACCOUNTS:
        await accounts.keep_history(connection)
    if "readings" in tallies:
        await readings.supersede_readings(connection)
    for records in kind.records:
        if records is not BALANCES:
            await loading.write(connection, records)
    if BALANCES.name in tallies:
        tallies[BALANCES.name].changed = await balances.write_balances(connection, kind)
    if kind.kind is ImportKind.INVOICES:
        await readings.accept_counted(connection)
    if kind.kind is ImportKind.ACCOUNTS:
        await accounts.add_holders(connection)


async def apply_effects(
    connection: Connection, result: ImportResult, company: Company, *, now: datetime
) -> None:
    """Apply the effects on other slices in the transaction that writes the rows.

    `now` is the time of this transaction. A notice with the time of the run's start could be older
    than those that a customer has read since.
    """
    run, today = result.run, company.today(now)
    if run.kind is ImportKind.ACCOUNTS:
        result.new_holders = await accounts.change_holders(connection, now=now)
        moved = list[UUID]()
        for account_id, closed_on in await connection.fetch(_READ_LATE_AND_CLOSED):
            moved += await count_for_last_month(account_id, closed_on)
        await connection.execute(_EXPORT_MOVED, moved)
    elif run.kind is ImportKind.READINGS:
        result.answered = await readings.notify_of_returned(connection, now=now)
        result.answered += await acknowledge_readings(connection, now=now)
    elif run.kind is ImportKind.PAYMENTS:
        counts = await acknowledge_posted(connection, now=now)
        result.posted, result.differing = result.posted + counts[0], result.differing + counts[1]
    elif run.kind is ImportKind.INVOICES:
        result.notified += await notify_accounts(_ISSUED, _NEW_BILLS, today, now=now)


# Most readings were accepted at their submission and aren't changed by the answer.
_PENDING = f"""
SELECT r.subject_id, r.answer, r.reason FROM row_reading_answers r
JOIN reading g ON g.id = r.subject_id
WHERE NOT r.is_stale AND (
    r.answer = 'ACCEPTED' AND g.state IN ({PENDING_STATES_SQL})
    OR r.answer = 'REJECTED' AND g.state IN ({CURRENT_STATES_SQL})
)
"""
_MARK_DONE = """
UPDATE acknowledgement a SET subject_state = r.answer FROM reading g, row_reading_answers r
WHERE a.subject_id = r.subject_id AND g.id = a.subject_id AND NOT r.is_stale
    AND r.answer <> 'RECEIVED' AND g.state <> r.subject_state
"""
"""Billing has its own decision as the state: it needn't be exported back, but a change of the
customer or of staff that came before it is."""
_MARK_MOVED = """
UPDATE acknowledgement a SET subject_state = 'MOVED' FROM reading g, row_reading_answers r
WHERE a.subject_id = r.subject_id AND g.id = a.subject_id AND NOT r.is_stale
    AND g.period <> r.period
"""
"""Billing has answered to an export from before the reading moved to another month."""


async def acknowledge_readings(connection: Connection, *, now: datetime) -> int:
    """Accept and reject readings as billing has answered, and notify the customers.

    Returns the number of changed readings. A reading stays unchanged if its month is billed, if it
    was withdrawn, or if another reading of the register exists for its day.
    """
    cursor = await connection.cursor(_PENDING)
    count = 0
    while rows := await cursor.fetch(_ANSWERS):
        for reading_id, answer, reason in rows:
            try:
                if answer == Answer.ACCEPTED:
                    await accept_reading(reading_id, billing=BILLING, now=now)
                else:
                    await reject_reading(reading_id, reason, billing=BILLING, now=now)
            except (PeriodBilled, ReadingFinal, TakenBeforePrevious):
                continue
            count += 1
    await connection.execute(_MARK_DONE)
    await connection.execute(_MARK_MOVED)
    await readings.acknowledge_returned(connection)
    return count


# The posting is read from the table, where it may be newer than in the file.
_POSTED = """
SELECT w.number, a.number, p.amount FROM row_payments r
JOIN registry_row w ON w.number = r.external_id
JOIN received_payment p ON p.external_id = r.external_id JOIN account a ON a.id = p.account_id
WHERE w.posted_at IS NULL OR (p.account_id, p.amount) <> (w.account_id, w.amount)
    OR w.posted_amount <> w.amount
ORDER BY w.payment_id, w.id
"""


async def acknowledge_posted(connection: Connection, *, now: datetime) -> Acknowledged:
    """Compare the postings in the file with the cabinet's registry of payments.

    This is done in the import's transaction, so that customers never see a payment twice.
    """
    cursor = await connection.cursor(_POSTED)
    agreed, differing = 0, 0
    while rows := await cursor.fetch(_ANSWERS):
        counts = await acknowledge([Posting(*row) for row in rows], now=now)
        agreed, differing = agreed + counts.agreed, differing + counts.differing
    return Acknowledged(agreed, differing)


async def retry_conflicts(act: Callable[[], Awaitable[None]]) -> None:
    """Run a transaction again if it conflicts with a customer's request, up to three times."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            await act()
        except _RACES:
            if attempt == _ATTEMPTS:
                raise
        else:
            return
