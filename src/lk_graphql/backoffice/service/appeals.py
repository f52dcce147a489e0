"""Staff actions on appeals and their topics, and escalation of overdue ones."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.appeals.errors import ColleagueNotFound, StaffAppealNotFound, TopicNotFound
from lk_graphql.appeals.service import staff as appeals
from lk_graphql.appeals.service import topics
from lk_graphql.appeals.service.topics import NewTopic, TopicChange
from lk_graphql.kit.viewer import Role
from lk_graphql.ports.jobs import enqueue
from lk_graphql.staff.models import Act, StaffMember
from lk_graphql.staff.service import audit
from lk_graphql.staff.service.audit import StaffAction, Subject, TargetRow, audited, record_action

_KIND = "appeal_topic"


async def claim(action: StaffAction, appeal_id: UUID | None) -> UUID:
    """Claim an appeal. Raises `StaffAppealNotFound`, `AppealTaken`, `StaffAppealClosed`."""
    staff, now = action.staff, action.now
    return await _audited(
        Act.APPEAL_CLAIMED, action, appeal_id, lambda key: appeals.claim(staff.id, key, now=now)
    )


async def answer(
    action: StaffAction, appeal_id: UUID | None, text: str, uploads: Sequence[UUID | None] = ()
) -> UUID:
    """Answer an appeal, with the clerk's own uploads, and notify the customer.

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
    """Add an internal note. Raises `StaffAppealNotFound`, `TextInvalid`."""
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
    member_id: UUID | None,
    topic_id: UUID | None,
    today: date,
) -> UUID:
    """Hand an appeal to a colleague, or back to the queue.

    Raises `StaffAppealClosed`, `TopicNotFound`, and `ColleagueNotFound` for a missing or locked
    member.
    """
    if member_id is not None and not await audit.is_active_member(member_id):
        raise ColleagueNotFound("memberId")
    return await _audited(
        Act.APPEAL_TRANSFERRED,
        action,
        appeal_id,
        lambda key: appeals.transfer(key, member_id=member_id, topic_id=topic_id, today=today),
    )


async def close(action: StaffAction, appeal_id: UUID | None) -> UUID:
    """Close an appeal that needs no answer. Raises `StaffAppealNotFound`, `StaffAppealClosed`."""
    return await _audited(
        Act.APPEAL_CLOSED, action, appeal_id, lambda key: appeals.close(key, now=action.now)
    )


async def add(action: StaffAction, new_topic: NewTopic, *, today: date) -> UUID:
    """Add a topic. Raises as `topics.add`."""
    async with in_transaction():
        key = await topics.add(new_topic, today=today)
        await record_action(Act.TOPIC_ADDED, Subject(_KIND, key), action)
    return key


async def change(
    action: StaffAction, topic_id: UUID | None, changes: TopicChange, *, today: date
) -> UUID:
    """Change a topic. Raises as `topics.change`."""
    row = TargetRow(_KIND, topic_id, TopicNotFound("topicId"))
    return await audited(
        Act.TOPIC_CHANGED, row, action, lambda key: topics.change(key, changes, today=today)
    )


async def escalate(today: date, *, now: datetime) -> int:
    """Escalate newly overdue appeals and enqueue a mail to each supervisor; return their number."""
    async with in_transaction():
        count = await appeals.escalate(today, now=now)
        if count:
            for member in await _supervisors():
                await enqueue("backoffice.mail_overdue", member_id=member.id)
    return count


async def _audited(
    act: Act,
    action: StaffAction,
    appeal_id: UUID | None,
    operation: Callable[[UUID], Awaitable[Any]],
) -> UUID:
    row = TargetRow("appeal", appeal_id, StaffAppealNotFound("appealId"))
    return await audit.audited(act, row, action, operation)


async def _supervisors() -> list[StaffMember]:
    """Active supervisors, or the active administrators if there are none."""
    for role in (Role.SUPERVISOR, Role.ADMIN):
        if members := await StaffMember.filter(role=role, locked_at=None).order_by("id"):
            return members
    return []
