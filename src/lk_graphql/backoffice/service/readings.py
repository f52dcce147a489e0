"""Deciding about readings that are unusual and that their customer has confirmed."""

from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service import audit
from lk_graphql.backoffice.service.audit import Subject
from lk_graphql.kit.viewer import Client, Staff
from lk_graphql.metering.errors import ReadingNotFound
from lk_graphql.metering.service import changes
from lk_graphql.metering.service.billing_side import BillingSide


async def accept(
    staff: Staff, reading_id: UUID | None, *, billing: BillingSide, client: Client, now: datetime
) -> UUID:
    """It counts. Raises `ReadingNotFound`, `ReadingDecided`, `MonthBilled`."""
    key = _given(reading_id)
    async with in_transaction():
        await changes.accept_reading(key, billing=billing, now=now)
        subject = Subject("reading", key)
        await audit.record(Act.READING_ACCEPTED, subject, by=staff.id, client=client, now=now)
    return key


async def reject(
    staff: Staff,
    reading_id: UUID | None,
    reason: str,
    *,
    billing: BillingSide,
    client: Client,
    now: datetime,
) -> UUID:
    """It doesn't count; the customer reads why. Raises as `accept`, and `ReasonInvalid`."""
    key = _given(reading_id)
    async with in_transaction():
        await changes.reject_reading(key, reason, billing=billing, now=now)
        subject, by = Subject("reading", key), staff.id
        act, why = Act.READING_REJECTED, " ".join(reason.split())
        await audit.record(act, subject, by=by, client=client, reason=why, now=now)
    return key


def _given(reading_id: UUID | None) -> UUID:
    if reading_id is None:
        raise ReadingNotFound("readingId")
    return reading_id
