"""What staff do with appeals: the appeals' own rules, with the act in the log."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from lk_graphql.appeals.errors import ColleagueUnknown, NoSuchAppeal
from lk_graphql.appeals.service import staff as appeals
from lk_graphql.backoffice.models import Act
from lk_graphql.backoffice.service import acts
from lk_graphql.backoffice.service.acts import Doing


async def claim(doing: Doing) -> UUID:
    """Take it. Raises `NoSuchAppeal`, `AppealTaken`, `AppealOver`."""
    staff, now = doing.staff, doing.now
    return await _noted(
        Act.APPEAL_CLAIMED, doing, lambda key: appeals.claim(staff.id, key, now=now)
    )


async def answer(doing: Doing, text: str, uploads: Sequence[UUID | None] = ()) -> UUID:
    """Answer, with files of one's own; the customer is told.

    Raises as `claim`, and `TextInvalid`, `TooManyAttachments`, `AttachmentUnusable`.
    """
    staff, now = doing.staff, doing.now
    return await _noted(
        Act.APPEAL_ANSWERED, doing, lambda key: appeals.answer(staff, key, text, uploads, now=now)
    )


async def note(doing: Doing, text: str) -> UUID:
    """Tell colleagues something. Raises `NoSuchAppeal`, `TextInvalid`."""
    staff, now = doing.staff, doing.now
    return await _noted(
        Act.APPEAL_NOTED, doing, lambda key: appeals.note(staff.id, key, text, now=now)
    )


async def transfer(doing: Doing, *, to: UUID | None, topic_id: UUID | None, today: date) -> UUID:
    """Hand it to a colleague, or back into the queue.

    Raises `AppealOver`, `TopicNotFound`, and `ColleagueUnknown`, also for one who is locked out.
    """
    if to is not None and not await acts.is_colleague(to):
        raise ColleagueUnknown("memberId")
    return await _noted(
        Act.APPEAL_TRANSFERRED,
        doing,
        lambda key: appeals.transfer(key, to=to, topic_id=topic_id, today=today),
    )


async def close(doing: Doing) -> UUID:
    """Close what needs no answer any more. Raises `NoSuchAppeal`, `AppealOver`."""
    return await _noted(Act.APPEAL_CLOSED, doing, lambda key: appeals.close(key, now=doing.now))


async def _noted(act: Act, doing: Doing, work: Callable[[UUID], Awaitable[Any]]) -> UUID:
    return await acts.noted(act, "appeal", doing, work, missing=NoSuchAppeal("appealId"))
