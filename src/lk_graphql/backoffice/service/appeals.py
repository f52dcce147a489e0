"""What staff do with appeals: the appeals' own rules, with the act in the log."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.appeals.errors import AppealNotFound, TopicNotFound
from lk_graphql.appeals.service import staff as appeals
from lk_graphql.backoffice.models import Act, StaffMember
from lk_graphql.backoffice.service import audit
from lk_graphql.backoffice.service.audit import Subject
from lk_graphql.kit.viewer import Client, Staff


@dataclass(frozen=True)
class Doing:
    """Who does something with which appeal, from where and when."""

    staff: Staff
    appeal_id: UUID | None
    client: Client
    now: datetime


async def claim(doing: Doing) -> UUID:
    """Take it. Raises `AppealNotFound`, `AppealTaken`, `AppealClosed`."""
    staff, now = doing.staff, doing.now
    return await _noted(
        Act.APPEAL_CLAIMED, doing, lambda key: appeals.claim(staff.id, key, now=now)
    )


async def answer(doing: Doing, text: str) -> UUID:
    """Answer; the customer is told. Raises as `claim`, and `TextInvalid`."""
    staff, now = doing.staff, doing.now
    return await _noted(
        Act.APPEAL_ANSWERED, doing, lambda key: appeals.answer(staff.id, key, text, now=now)
    )


async def note(doing: Doing, text: str) -> UUID:
    """Tell colleagues something. Raises `AppealNotFound`, `TextInvalid`."""
    staff, now = doing.staff, doing.now
    return await _noted(
        Act.APPEAL_NOTED, doing, lambda key: appeals.note(staff.id, key, text, now=now)
    )


async def transfer(doing: Doing, *, to: UUID | None, topic_id: UUID | None, today: date) -> UUID:
    """Hand it to a colleague, or back into the queue. Raises `AppealClosed`, `TopicNotFound`.

    A colleague who isn't there, or is locked out, gets nothing: `AppealNotFound`.
    """
    if to is not None and not await StaffMember.exists(id=to, locked_at=None):
        raise AppealNotFound("memberId")
    return await _noted(
        Act.APPEAL_TRANSFERRED,
        doing,
        lambda key: appeals.transfer(key, to=to, topic_id=topic_id, today=today),
    )


async def close(doing: Doing) -> UUID:
    """Close what needs no answer any more. Raises `AppealNotFound`, `AppealClosed`."""
    return await _noted(Act.APPEAL_CLOSED, doing, lambda key: appeals.close(key, now=doing.now))


def topic(public: str | None, key: UUID | None) -> UUID | None:
    """A chosen topic's key. Raises `TopicNotFound` for what isn't one."""
    if public is not None and key is None:
        raise TopicNotFound("topicId")
    return key


async def _noted(act: Act, doing: Doing, work: Callable[[UUID], Awaitable[Any]]) -> UUID:
    key = doing.appeal_id
    if key is None:
        raise AppealNotFound("appealId")
    async with in_transaction():
        await work(key)
        subject, by = Subject("appeal", key), doing.staff.id
        await audit.record(act, subject, by=by, client=doing.client, now=doing.now)
    return key
