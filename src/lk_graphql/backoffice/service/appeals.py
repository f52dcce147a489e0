"""Staff actions on appeals and their topics, and escalation of overdue ones."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.appeals.errors import ColleagueUnknown, NoSuchAppeal, TopicNotFound
from lk_graphql.appeals.service import staff as appeals
from lk_graphql.appeals.service import topics
from lk_graphql.appeals.service.topics import Changes, NewTopic
from lk_graphql.kit.viewer import Role
from lk_graphql.ports.jobs import enqueue
from lk_graphql.staff.models import Act, StaffMember
from lk_graphql.staff.service import audit
from lk_graphql.staff.service.audit import Doing, Row, Subject, note, noted


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


async def add_note(doing: Doing, appeal_id: UUID | None, text: str) -> UUID:
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
    if to is not None and not await audit.is_colleague(to):
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
    return await audit.noted(act, row, doing, work)


_KIND = "appeal_topic"


async def add(doing: Doing, new: NewTopic, *, today: date) -> UUID:
    """Raises as `topics.add`."""
    async with in_transaction():
        key = await topics.add(new, today=today)
        await note(Act.TOPIC_ADDED, Subject(_KIND, key), doing)
    return key


async def change(doing: Doing, topic_id: UUID | None, changes: Changes, *, today: date) -> UUID:
    """Raises as `topics.change`."""
    row = Row(_KIND, topic_id, TopicNotFound("topicId"))
    return await noted(
        Act.TOPIC_CHANGED, row, doing, lambda key: topics.change(key, changes, today=today)
    )


async def escalate(today: date, *, now: datetime) -> int:
    """How many have become late since the last time; each is told of once."""
    async with in_transaction():
        count = await appeals.escalate(today, now=now)
        if count:
            for member in await _supervisors():
                await enqueue("backoffice.mail_overdue", member_id=member.id)
    return count


async def _supervisors() -> list[StaffMember]:
    """Those who are there; where nobody is, the administrators."""
    for role in (Role.SUPERVISOR, Role.ADMIN):
        if found := await StaffMember.filter(role=role, locked_at=None).order_by("id"):
            return found
    return []
