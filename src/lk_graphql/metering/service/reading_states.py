"""Changes of a submitted reading: confirmation, withdrawal, acceptance, rejection, another month.

The month changes when an account ends. Each change takes the account's lock, as a submission does,
so that they run one after the other.
"""

from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import Account, LinkState
from lk_graphql.accounts.service.account_days import is_visible
from lk_graphql.accounts.service.links import lock_account
from lk_graphql.database import raw_sql
from lk_graphql.guards.idempotency import IdempotentRequest, Json, run_once
from lk_graphql.kit.periods import month_of
from lk_graphql.kit.signing import Signer, bare_token, key_of_token
from lk_graphql.kit.typed_texts import read_line
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering import errors
from lk_graphql.metering.models import (
    CURRENT_STATES,
    PENDING_STATES,
    Reading,
    ReadingSource,
    ReadingState,
)
from lk_graphql.metering.service import notifications
from lk_graphql.metering.service.billing_gateway import BillingGateway
from lk_graphql.metering.service.submission import PURPOSE

MAX_REASON_LENGTH = 300

# Staff can't decide on a reading of a billed month. So a reading on review moves to the first month
# that isn't billed. Of several, the last one stays, unless that month has a later reading. But one
# whose energy is in its month's bill keeps the month, as an accepted one does: the bill names a
# later reading that was read, or names none, and the month has a later one of billing.
KEEP_ON_REVIEW = """
WITH due AS (
    SELECT w.id, (max(i.period) + interval '1 month')::date AS period
    FROM reading w JOIN register g ON g.id = w.register_id JOIN meter m ON m.id = g.meter_id
    JOIN invoice i ON i.account_id = m.account_id
    WHERE w.state = 'ON_REVIEW' AND m.account_id IN ({accounts}) GROUP BY w.id
), judged AS (
    SELECT n.id, due.period, EXISTS (
        SELECT FROM register g JOIN meter m ON m.id = g.meter_id
        JOIN invoice i ON i.account_id = m.account_id AND i.period = n.period
        JOIN reading o ON o.register_id = g.id AND o.taken_on >= n.taken_on AND CASE
            WHEN EXISTS (SELECT FROM invoice_reading u WHERE u.invoice_id = i.id)
            THEN o.source <> 'ESTIMATED' AND EXISTS (SELECT FROM invoice_reading u
                WHERE (u.invoice_id, u.register_id, u.current_id) = (i.id, g.id, o.id))
            ELSE o.period = n.period AND o.state = 'ACCEPTED'
                AND o.source NOT IN ('CUSTOMER', 'ESTIMATED') END
        WHERE g.id = n.register_id
    ) AS is_included
    FROM due JOIN reading n ON n.id = due.id AND n.period < due.period
)
UPDATE reading n SET period = CASE WHEN is_included THEN n.period ELSE judged.period END,
    state = CASE WHEN is_included OR EXISTS (
        SELECT FROM reading o WHERE o.register_id = n.register_id AND (
            o.period > n.period AND o.state = 'ON_REVIEW'
            OR o.period = judged.period AND (o.state = 'NEEDS_CONFIRMATION'
                OR o.state = 'ACCEPTED' AND o.taken_on >= n.taken_on))
    ) THEN 'SUPERSEDED' ELSE 'ON_REVIEW' END
FROM judged WHERE n.id = judged.id
"""
"""The readings on review of accounts after an import of their bills."""
SETTLE_ESTIMATES = """
UPDATE reading e SET state = CASE WHEN billed.is_read THEN 'SUPERSEDED' ELSE 'ACCEPTED' END
FROM ({billed}) billed
WHERE e.register_id = billed.register_id AND e.period = billed.period AND e.source = 'ESTIMATED'
    AND (billed.is_read AND e.state = 'ACCEPTED'
        OR NOT billed.is_read AND e.state = 'SUPERSEDED' AND NOT EXISTS (
            SELECT FROM reading o WHERE o.register_id = e.register_id AND o.period = e.period
            AND o.taken_on = e.taken_on AND o.state = 'ACCEPTED'))
"""
"""The estimates of billed months: one is superseded where the bill is based on a value that was
read, and counts again where a bill that is issued again isn't. The query selects registers, months,
and `is_read`."""


async def confirm(
    viewer: Viewer, token: str, key: str, *, billing: BillingGateway, signer: Signer, now: datetime
) -> list[UUID]:
    """Confirm the unusual readings of a submission and put them on review by staff.

    Returns their keys in the order of the registers; readings replaced or withdrawn meanwhile are
    left out. Raises `ConfirmTokenInvalid`, `PeriodBilled`, and the errors of
    `idempotency.run_once`.
    """

    async def act() -> Json:
        batch = key_of_token(token)
        if batch is None or not signer.verify(token, PURPOSE, batch, viewer.id.bytes):
            raise errors.ConfirmTokenInvalid("token")
        # by the batch alone: with the state, PostgreSQL would scan all readings in that state
        of_batch = Reading.filter(_account_of(viewer), batch=batch)
        first = next(
            filter(_is_pending, await of_batch.select_related("register__meter__account")), None
        )
        if first is None or not _is_visible(first):
            raise errors.ConfirmTokenInvalid("token")
        await _lock(first, "token", billing=billing)
        in_order = await of_batch.order_by("register__position", "id")
        keys = [reading.id for reading in filter(_is_pending, in_order)]
        if not keys:
            raise errors.ConfirmTokenInvalid("token")
        await Reading.filter(id__in=keys).update(state=ReadingState.ON_REVIEW)
        return [reading_id.hex for reading_id in keys]

    request = IdempotentRequest("readingsConfirm", key, bare_token(token))
    outcome = await run_once(viewer, request, act, now=now)
    return [UUID(reading_id) for reading_id in cast("Any", outcome)]


async def withdraw(viewer: Viewer, reading_id: UUID | None, *, billing: BillingGateway) -> UUID:
    """Withdraw a reading until its month is billed; the one it has replaced stays superseded.

    A reading that was only exported to billing can be withdrawn: it is exported again as
    withdrawn. Raises `ReadingNotFound`, `ReadingFinal`, `ReadingInBilling`, `PeriodBilled`.
    """
    async with in_transaction():
        readings = Reading.filter(_account_of(viewer), id=reading_id)
        reading = await readings.select_related("register__meter__account").first()
        if reading is None or not _is_visible(reading):
            raise errors.ReadingNotFound("readingId")
        reading, _ = await _lock(reading, "readingId", billing=billing)
        if not _is_open(reading):
            raise errors.ReadingFinal("readingId")
        if reading.data_as_of:
            raise errors.ReadingInBilling("readingId")
        await _set_state(reading, ReadingState.WITHDRAWN)
    return reading.id


async def accept_reading(reading_id: UUID, *, billing: BillingGateway, now: datetime) -> None:
    """Accept a pending reading for staff or billing; it supersedes the customer's earlier one.

    Raises `ReadingNotFound`, `ReadingDecided`, `MonthBilled`, and `TakenBeforePrevious` where the
    register has a reading of another source on the same day.
    """
    async with in_transaction():
        reading, account = await _lock_for_review(reading_id, billing)
        if reading.state not in PENDING_STATES:
            raise errors.ReadingDecided("readingId")
        await _check_day(reading)
        await _supersede_others(reading)
        await _set_state(reading, ReadingState.ACCEPTED)
        if is_visible(account.visible_days, reading.taken_on):
            await notifications.notify_reviewed(account.id, reading, now=now)


async def reject_reading(
    reading_id: UUID, reason: str, *, billing: BillingGateway, now: datetime
) -> None:
    """Reject a reading for staff or billing; the customer gets a notice, and sees the reason.

    Raises `ReadingNotFound`, `ReadingDecided`, `MonthBilled`, `ReasonInvalid`.
    """
    text = read_reason(reason)
    async with in_transaction():
        reading, account = await _lock_for_review(reading_id, billing)
        reading.reason = text
        await _set_state(reading, ReadingState.REJECTED)
        if is_visible(account.visible_days, reading.taken_on):
            await notifications.notify_rejected(account.id, reading, now=now)


def read_reason(reason: str) -> str:
    """Read the reason of a rejection. Raises `ReasonInvalid`."""
    refusal = errors.ReasonInvalid("reason", longest=MAX_REASON_LENGTH)
    return read_line(reason, refusal, longest=MAX_REASON_LENGTH)


async def count_for_last_month(account_id: UUID, closed_on: date) -> list[UUID]:
    """Let a customer's readings count for the month in which their account ends.

    Late readings count for the next month, of which a closed account gets no bill. Here they
    replace earlier readings as if they had been sent for the last month, which must not be billed
    yet. Returns their keys. Needs a transaction.
    """
    await lock_account(account_id)
    last_month = month_of(closed_on)
    sent = Reading.filter(
        register__meter__account_id=account_id,
        source=ReadingSource.CUSTOMER,
        state__in=CURRENT_STATES,
    )
    late = sent.filter(period__gt=last_month, taken_on__lte=closed_on)
    moved = await late.order_by("id")  # an accepted reading before a newer pending one
    for reading in moved:
        is_accepted = reading.state is ReadingState.ACCEPTED
        replaced = CURRENT_STATES if is_accepted else PENDING_STATES
        same = Reading.filter(register_id=reading.register_id, period=last_month)
        earlier = same.filter(source=ReadingSource.CUSTOMER, state__in=replaced)
        await earlier.update(state=ReadingState.SUPERSEDED)
        reading.period = last_month
        of_day = same.filter(state=ReadingState.ACCEPTED, taken_on=reading.taken_on)
        if is_accepted and await of_day.exists():
            reading.state = ReadingState.SUPERSEDED
        await reading.save(update_fields=["period", "state"])
    return [reading.id for reading in moved]


async def _lock_for_review(reading_id: UUID, billing: BillingGateway) -> tuple[Reading, Account]:
    """Lock as `_lock` does. Raises `ReadingNotFound`, `ReadingDecided`, `MonthBilled`."""
    reading = await Reading.get_or_none(id=reading_id)
    if reading is None:
        raise errors.ReadingNotFound("readingId")
    reading, account = await _lock(
        reading, "readingId", billing=billing, billed_refusal=errors.MonthBilled
    )
    if not _is_open(reading):
        raise errors.ReadingDecided("readingId")
    return reading, account


async def _lock(
    reading: Reading,
    path: str,
    *,
    billing: BillingGateway,
    billed_refusal: type[errors.PeriodBilled] = errors.PeriodBilled,
) -> tuple[Reading, Account]:
    """Lock the reading's account; return the current reading and the account.

    Raises `billed_refusal` if the reading's month is billed. An import of bills may have moved the
    reading to another month meanwhile, so the month is that of the current reading.
    """
    account = await Account.get(meters__registers__readings__id=reading.id)
    await lock_account(account.id)
    ((billed,),) = await raw_sql.fetch(billing.billed_through, account.id)
    current = await Reading.get(id=reading.id)
    if billed is not None and current.period <= billed:
        raise billed_refusal(path)
    return current, account


async def _check_day(reading: Reading) -> None:
    """Refuse a second accepted reading of a register, month and day (a unique index)."""
    readings = Reading.filter(register_id=reading.register_id, taken_on=reading.taken_on)
    accepted = readings.filter(period=reading.period, state=ReadingState.ACCEPTED)
    if await accepted.exclude(source=ReadingSource.CUSTOMER).exists():
        raise errors.TakenBeforePrevious("readingId", taken_on=reading.taken_on)


async def _supersede_others(reading: Reading) -> None:
    """Supersede the customer's accepted reading of the same register and month."""
    readings = Reading.filter(register_id=reading.register_id, period=reading.period)
    accepted = readings.filter(source=ReadingSource.CUSTOMER, state=ReadingState.ACCEPTED)
    await accepted.update(state=ReadingState.SUPERSEDED)


def _is_open(reading: Reading) -> bool:
    """Return True if a customer submitted it and it is accepted or pending."""
    return reading.state in CURRENT_STATES and reading.source is ReadingSource.CUSTOMER


async def _set_state(reading: Reading, state: ReadingState) -> None:
    reading.state = state
    await reading.save(update_fields=["state", "reason"])


def _is_pending(reading: Reading) -> bool:
    return reading.state is ReadingState.NEEDS_CONFIRMATION


def _is_visible(reading: Reading) -> bool:
    """Return True for a reading of the present holder's time; its account must be loaded."""
    return is_visible(reading.register.meter.account.visible_days, reading.taken_on)


def _account_of(viewer: Viewer) -> Q:
    """The condition that the reading's account is linked by the viewer."""
    return Q(
        register__meter__account__links__user_id=viewer.id,
        register__meter__account__links__state=LinkState.ACTIVE,
    )
