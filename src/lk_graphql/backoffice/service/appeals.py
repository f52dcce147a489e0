"""What staff do with appeals: the appeals' own rules, with the act in the log."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from lk_graphql.appeals.errors import ColleagueUnknown, NoSuchAppeal
from lk_graphql.appeals.service import staff as appeals
from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service import acts
from lk_graphql.backoffice.service.acts import Doing, Row


async def claim(doing: Doing, appeal_id: UUID | None) -> UUID:
    """Take it. Raises `NoSuchAppeal`, `AppealTaken`, `AppealOver`."""
    staff, now = doing.staff, doing.now
    return await _noted(
        Act.APPEAL_CLAIMED, doing, appeal_id, lambda key: appeals.claim(staff.id, key, now=now)
    )


async def answer(
    doing: Doing, appeal_id: UUID | None, text: str, uploads: Sequence[UUID | None] = ()
) -> UUID:
    """Answer, with files of one's own; the customer is told.

    Raises as `claim`, and `TextInvalid`, `TooManyAttachments`, `AttachmentUnusable`.
    """
    staff, now = doing.staff, doing.now
    return await _noted(
        Act.APPEAL_ANSWERED,
        doing,
        appeal_id,
        lambda key: appeals.answer(staff, key, text, uploads, now=now),
    )


async def note(doing: Doing, appeal_id: UUID | None, text: str) -> UUID:
    """Tell colleagues something. Raises `NoSuchAppeal`, `TextInvalid`."""
    staff, now = doing.staff, doing.now
    return await _noted(
        Act.APPEAL_NOTED, doing, appeal_id, lambda key: appeals.note(staff.id, key, text, now=now)
    )


async def transfer(
    doing: Doing,
    appeal_id: UUID | None,
    *,
    to: UUID | None,
    topic_id: UUID | None,
    today: date,
) -> UUID:
    """Hand it to a colleague, or back into the queue.

    Raises `AppealOver`, `TopicNotFound`, and `ColleagueUnknown`, also for one who is locked out.
    """
    if to is not None and not await acts.is_colleague(to):
        raise ColleagueUnknown("memberId")
    return await _noted(
        Act.APPEAL_TRANSFERRED,
        doing,
        appeal_id,
        lambda key: appeals.transfer(key, to=to, topic_id=topic_id, today=today),
    )


async def close(doing: Doing, appeal_id: UUID | None) -> UUID:
    """Close what needs no answer any more. Raises `NoSuchAppeal`, `AppealOver`."""
    return await _noted(
        Act.APPEAL_CLOSED, doing, appeal_id, lambda key: appeals.close(key, now=doing.now)
    )


async def _noted(
    act: Act, doing: Doing, appeal_id: UUID | None, work: Callable[[UUID], Awaitable[Any]]
) -> UUID:
    row = Row("appeal", appeal_id, NoSuchAppeal("appealId"))
    return await acts.noted(act, row, doing, work)
