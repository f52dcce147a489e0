"""Staff actions on appeals and their topics, and escalation of overdue ones."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.appeals.errors import ColleagueUnknown, StaffAppealNotFound, TopicNotFound
from lk_graphql.appeals.service import staff as appeals
from lk_graphql.appeals.service import topics
from lk_graphql.appeals.service.topics import NewTopic, TopicChange
from lk_graphql.kit.viewer import Role
from lk_graphql.ports.jobs import enqueue
from lk_graphql.staff.models import Act, StaffMember
from lk_graphql.staff.service import audit
from lk_graphql.staff.service.audit import StaffAction, Subject, TargetRow, audited, record_action


async def claim(action: StaffAction, appeal_id: UUID | None) -> UUID:
    """Take it. Raises `StaffAppealNotFound`, `AppealTaken`, `AppealOver`."""
    staff, now = action.staff, action.now
    return await _audited(
        Act.APPEAL_CLAIMED, action, appeal_id, lambda key: appeals.claim(staff.id, key, now=now)
    )


async def answer(
    action: StaffAction, appeal_id: UUID | None, text: str, uploads: Sequence[UUID | None] = ()
) -> UUID:
    """Answer, with files of one's own; the customer is told.

    Raises as `claim`, and `TextInvalid`, `TooManyAttachments`, `AttachmentUnusable`.
    """
    staff, now = action.staff, action.now
    return await _audited(
        Act.APPEAL_ANSWERED,
        action,
        appeal_id,
        lambda key: appeals.answer(staff, key, text, uploads, now=now),
    )


async def add_note(action: StaffAction, appeal_id: UUID | None, text: str) -> UUID:
    """Tell colleagues something. Raises `StaffAppealNotFound`, `TextInvalid`."""
    staff, now = action.staff, action.now
    return await _audited(
        Act.APPEAL_NOTED,
        action,
        appeal_id,
        lambda key: appeals.add_note(staff.id, key, text, now=now),
    )


async def transfer(
    action: StaffAction,
    appeal_id: UUID | None,
    *,
    to: UUID | None,
    topic_id: UUID | None,
    today: date,
) -> UUID:
    """Hand it to a colleague, or back into the queue.

    Raises `AppealOver`, `TopicNotFound`, and `ColleagueUnknown`, also for one who is locked out.
    """
    if to is not None and not await audit.is_member(to):
        raise ColleagueUnknown("memberId")
    return await _audited(
        Act.APPEAL_TRANSFERRED,
        action,
        appeal_id,
        lambda key: appeals.transfer(key, to=to, topic_id=topic_id, today=today),
    )


async def close(action: StaffAction, appeal_id: UUID | None) -> UUID:
    """Close what needs no answer any more. Raises `StaffAppealNotFound`, `AppealOver`."""
    return await _audited(
        Act.APPEAL_CLOSED, action, appeal_id, lambda key: appeals.close(key, now=action.now)
    )


async def _audited(
    act: Act, action: StaffAction, appeal_id: UUID | None, work: Callable[[UUID], Awaitable[Any]]
) -> UUID:
    row = TargetRow("appeal", appeal_id, StaffAppealNotFound("appealId"))
    return await audit.audited(act, row, action, work)


_KIND = "appeal_topic"


async def add(action: StaffAction, new: NewTopic, *, today: date) -> UUID:
    """Raises as `topics.add`."""
    async with in_transaction():
        key = await topics.add(new, today=today)
        await record_action(Act.TOPIC_ADDED, Subject(_KIND, key), action)
    return key


async def change(
    action: StaffAction, topic_id: UUID | None, changes: TopicChange, *, today: date
) -> UUID:
    """Raises as `topics.change`."""
    row = TargetRow(_KIND, topic_id, TopicNotFound("topicId"))
    return await audited(
        Act.TOPIC_CHANGED, row, action, lambda key: topics.change(key, changes, today=today)
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
