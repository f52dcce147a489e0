"""What becomes of a reading that was sent: confirmed, withdrawn, accepted or rejected.

Each holds the account's lock, as sending does, so they come one after the other.
"""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from lk_graphql.accounts.models import Account, LinkState
from lk_graphql.accounts.service.links import lock_account
from lk_graphql.database import raw_sql
from lk_graphql.guards.idempotency import IdempotentRequest, Json, run_once
from lk_graphql.kit.signing import Signer, key_of_token
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering import errors
from lk_graphql.metering.errors import ReadingErrorCode
from lk_graphql.metering.models import Reading, ReadingSource, ReadingState
from lk_graphql.metering.service import notifications
from lk_graphql.metering.service.billing_gateway import BillingGateway
from lk_graphql.metering.service.snapshot_loader import CURRENT_STATES, PENDING_STATES
from lk_graphql.metering.service.submission import PURPOSE

MAX_REASON_LENGTH = 300


async def confirm(
    viewer: Viewer, token: str, key: str, *, billing: BillingGateway, links: Signer, now: datetime
) -> list[UUID]:
    """Say that the unusual readings of a submission are right: staff look at them now.

    What was replaced or withdrawn meanwhile stays so. Their keys, the first register first.
    Raises `ConfirmTokenInvalid`, `PeriodBilled`, and what `idempotency.once` raises.
    """

    async def act() -> Json:
        batch = key_of_token(token) if token.isascii() else None
        if batch is None or not links.verify(token, PURPOSE, batch, viewer.id.bytes):
            raise errors.ConfirmTokenInvalid("token")
        waiting = Reading.filter(
            _account_of(viewer), batch=batch, state=ReadingState.NEEDS_CONFIRMATION
        )
        first = await waiting.first()
        if first is None:
            raise errors.ConfirmTokenInvalid("token")
        await _lock(first, "token", billing=billing)
        keys = [reading.id for reading in await waiting.order_by("register__position", "id")]
        if not keys:
            raise errors.ConfirmTokenInvalid("token")
        await Reading.filter(id__in=keys).update(state=ReadingState.ON_REVIEW)
        return [reading_id.hex for reading_id in keys]

    demand = IdempotentRequest("readingsConfirm", key, token)
    said = cast("Any", await run_once(viewer, demand, act, codes=ReadingErrorCode, now=now))
    return [UUID(reading_id) for reading_id in said]


async def withdraw(viewer: Viewer, reading_id: UUID | None, *, billing: BillingGateway) -> UUID:
    """Take back a reading until its month is billed; what it had replaced stays replaced.

    One that billing has only received may go: it is exported again as withdrawn. Raises
    `ReadingNotFound`, `ReadingFinal`, `ReadingInBilling`, `PeriodBilled`.
    """
    async with in_transaction():
        reading = await Reading.filter(_account_of(viewer), id=reading_id).first()
        if reading is None:
            raise errors.ReadingNotFound("readingId")
        reading, _ = await _lock(reading, "readingId", billing=billing)
        if not _require_open(reading):
            raise errors.ReadingFinal("readingId")
        if reading.data_as_of:
            raise errors.ReadingInBilling("readingId")
        await _set_state(reading, ReadingState.WITHDRAWN)
    return reading.id


async def accept_reading(reading_id: UUID, *, billing: BillingGateway, now: datetime) -> None:
    """Staff, or the billing system: it counts, in place of what the customer sent before.

    Raises `ReadingNotFound`, `ReadingDecided`, `MonthBilled`; and `TakenBeforePrevious` where
    somebody else has read the register on the same day.
    """
    async with in_transaction():
        reading, account_id = await _lock_for_review(reading_id, billing)
        if reading.state not in PENDING_STATES:
            raise errors.ReadingDecided("readingId")
        await _check_day(reading)
        await _supersede_others(reading)
        await _set_state(reading, ReadingState.ACCEPTED)
        await notifications.notify_reviewed(account_id, reading, now=now)


async def reject_reading(
    reading_id: UUID, reason: str, *, billing: BillingGateway, now: datetime
) -> None:
    """Staff, or the billing system: it doesn't count; the customer is told, and reads why.

    Raises `ReadingNotFound`, `ReadingDecided`, `MonthBilled`, `ReasonInvalid`.
    """
    said = " ".join(reason.split())
    if not 1 <= len(said) <= MAX_REASON_LENGTH:
        raise errors.ReasonInvalid("reason", longest=MAX_REASON_LENGTH)
    async with in_transaction():
        reading, account_id = await _lock_for_review(reading_id, billing)
        reading.reason = said
        await _set_state(reading, ReadingState.REJECTED)
        await notifications.notify_rejected(account_id, reading, now=now)


async def _lock_for_review(reading_id: UUID, billing: BillingGateway) -> tuple[Reading, UUID]:
    """As `_lock`. Raises `ReadingNotFound`, `ReadingDecided`, `MonthBilled`."""
    reading = await Reading.get_or_none(id=reading_id)
    if reading is None:
        raise errors.ReadingNotFound("readingId")
    reading, account_id = await _lock(
        reading, "readingId", billing=billing, billed_refusal=errors.MonthBilled
    )
    if not _require_open(reading):
        raise errors.ReadingDecided("readingId")
    return reading, account_id


async def _lock(
    reading: Reading,
    path: str,
    *,
    billing: BillingGateway,
    billed_refusal: type[errors.PeriodBilled] = errors.PeriodBilled,
) -> tuple[Reading, UUID]:
    """The reading as it is now, and the account that is locked for it. Raises `billed_refusal`."""
    account = await Account.get(meters__registers__readings__id=reading.id)
    await lock_account(account.id)
    ((billed,),) = await raw_sql.fetch(billing.billed_through, account.id)
    if billed is not None and reading.period <= billed:
        raise billed_refusal(path)
    return await Reading.get(id=reading.id), account.id


async def _check_day(reading: Reading) -> None:
    """Of a register, month and day one reading counts, whoever took it (a unique index)."""
    same = Reading.filter(register_id=reading.register_id, taken_on=reading.taken_on)
    others = same.filter(period=reading.period, state=ReadingState.ACCEPTED)
    if await others.exclude(source=ReadingSource.CUSTOMER).exists():
        raise errors.TakenBeforePrevious("readingId", taken_on=reading.taken_on)


async def _supersede_others(reading: Reading) -> None:
    """What the customer had sent before for the register and month doesn't count any more."""
    sent = Reading.filter(register_id=reading.register_id, period=reading.period)
    mine = sent.filter(source=ReadingSource.CUSTOMER, state=ReadingState.ACCEPTED)
    await mine.update(state=ReadingState.SUPERSEDED)


def _require_open(reading: Reading) -> bool:
    """Only what a customer sent changes, and only while it counts or may."""
    return reading.state in CURRENT_STATES and reading.source is ReadingSource.CUSTOMER


async def _set_state(reading: Reading, state: ReadingState) -> None:
    reading.state = state
    await reading.save(update_fields=["state", "reason"])


def _account_of(viewer: Viewer) -> Q:
    """Of an account that the viewer has linked."""
    return Q(
        register__meter__account__links__user_id=viewer.id,
        register__meter__account__links__state=LinkState.ACTIVE,
    )
