"""Deciding about readings that are unusual and that their customer has confirmed."""

from uuid import UUID

from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service.acts import Doing, Row, noted
from lk_graphql.metering.errors import ReadingNotFound
from lk_graphql.metering.service import changes
from lk_graphql.metering.service.billing_side import BillingSide


async def accept(doing: Doing, reading_id: UUID | None, *, billing: BillingSide) -> UUID:
    """It counts. Raises `ReadingNotFound`, `ReadingDecided`, `MonthBilled`."""
    return await noted(
        Act.READING_ACCEPTED,
        _row(reading_id),
        doing,
        lambda key: changes.accept_reading(key, billing=billing, now=doing.now),
    )


async def reject(
    doing: Doing, reading_id: UUID | None, reason: str, *, billing: BillingSide
) -> UUID:
    """It doesn't count; the customer reads why. Raises as `accept`, and `ReasonInvalid`."""
    return await noted(
        Act.READING_REJECTED,
        _row(reading_id),
        doing,
        lambda key: changes.reject_reading(key, reason, billing=billing, now=doing.now),
        reason=" ".join(reason.split()),
    )


def _row(reading_id: UUID | None) -> Row:
    return Row("reading", reading_id, ReadingNotFound("readingId"))
