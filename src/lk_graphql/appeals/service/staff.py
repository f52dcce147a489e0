"""What staff do with appeals. Who may, and the record of it, are the back office's business.

Everybody here is a clerk's key; an appeal that isn't there is `AppealNotFound`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from lk_graphql.appeals.errors import AppealClosed, AppealNotFound, AppealTaken, TopicNotFound
from lk_graphql.appeals.models import (
    Appeal,
    AppealNote,
    AppealState,
    AppealTopic,
    Direction,
)
from lk_graphql.appeals.service import terms, texts, threads
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.telling import News, tell_user

WAITING = (AppealState.NEW, AppealState.IN_PROGRESS)
MOST = 100


@dataclass(frozen=True)
class Wanted:
    """Which appeals a clerk wants to see; what isn't said is all of it.

    `late_on` is the day on which those wanted are late. `text` is a number, or words of a message.
    """

    states: Sequence[AppealState] = WAITING
    topic_id: UUID | None = None
    clerk_id: UUID | None = None
    is_free: bool = False
    late_on: date | None = None
    text: str = ""


@dataclass(frozen=True)
class Face:
    """The part of an appeal that tells who has sent it; None where that is hidden."""

    author: str | None
    account_id: UUID | None
    subject_facts: dict[str, Any] | None


async def queue(wanted: Wanted, *, limit: int = MOST, offset: int = 0) -> list[Appeal]:
    """What is due first comes first; each with its topic and its customer: show `face`."""
    found = _filtered(wanted).order_by("due_on", "id").prefetch_related("topic", "user")
    return await found.offset(offset).limit(min(limit, MOST))


async def queue_length(wanted: Wanted) -> int:
    return await _filtered(wanted).count()


def face(appeal: Appeal, *, sees_hidden: bool = False) -> Face:
    """Who has sent an appeal of `queue` and what it is about, as a clerk may see it.

    Where the customer wished it («Противодействие коррупции»), ordinary staff see neither.
    """
    if appeal.hides_name and not sees_hidden:
        return Face(None, None, None)
    user = appeal.user
    name = " ".join(filter(None, (user.last_name, user.first_name, user.patronymic)))
    return Face(name, appeal.account_id, appeal.subject_facts)


async def claim(clerk_id: UUID, appeal_id: UUID, *, now: datetime) -> Appeal:
    """Take an appeal; its messages are read by that. Raises `AppealTaken`, `AppealClosed`."""
    async with in_transaction():
        appeal = await _open_appeal(appeal_id)
        if appeal.clerk_id not in (None, clerk_id):
            raise AppealTaken("appealId")
        appeal.clerk_id = clerk_id
        if appeal.state is AppealState.NEW:
            appeal.state = AppealState.IN_PROGRESS
        await appeal.save(update_fields=["clerk_id", "state"])
        await threads.mark_read(appeal, Direction.SENT, appeal.message_count, now=now)
    return appeal


async def answer(clerk_id: UUID, appeal_id: UUID, text: str, *, now: datetime) -> UUID:
    """Answer, taking the appeal if nobody has; the message's key. The customer is told.

    Raises `AppealTaken`, `AppealClosed`, `TextInvalid`.
    """
    async with in_transaction():
        appeal = await claim(clerk_id, appeal_id, now=now)
        message = await threads.add(
            appeal, Direction.RECEIVED, texts.tidy(text), clerk_id=clerk_id, now=now
        )
        appeal.state, appeal.answered_at = AppealState.ANSWERED, appeal.answered_at or now
        await appeal.save(update_fields=["state", "answered_at"])
        news = News(NoticeKind.APPEAL_ANSWERED, f"appeal-message/{message.id.hex}", appeal.id)
        await tell_user(appeal.user_id, news, now=now)
    return message.id


async def note(clerk_id: UUID, appeal_id: UUID, text: str, *, now: datetime) -> UUID:
    """Write down something for colleagues; customers never see it. Raises `TextInvalid`."""
    if not await Appeal.exists(id=appeal_id):
        raise AppealNotFound("appealId")
    written = await AppealNote.create(
        appeal_id=appeal_id, clerk_id=clerk_id, text=texts.tidy(text), created_at=now
    )
    return written.id


async def transfer(
    appeal_id: UUID, *, to: UUID | None = None, topic_id: UUID | None = None, today: date
) -> Appeal:
    """Hand it to a colleague (None: back into the queue), perhaps under another topic.

    The day by which it is due stays promised, unless the new topic's term ends sooner.
    Raises `AppealClosed`, `TopicNotFound`.
    """
    async with in_transaction():
        appeal = await _open_appeal(appeal_id)
        appeal.clerk_id = to
        if appeal.state in WAITING:
            appeal.state = AppealState.IN_PROGRESS if to else AppealState.NEW
        if topic_id is not None:
            await _change_topic(appeal, topic_id, today)
        await appeal.save(update_fields=["clerk_id", "state", "topic_id", "due_on"])
    return appeal


async def close(appeal_id: UUID, *, now: datetime) -> Appeal:
    """Close what needs no answer any more. Raises `AppealClosed`."""
    async with in_transaction():
        appeal = await _open_appeal(appeal_id)
        await threads.close(appeal, now=now)
    return appeal


async def escalate(today: date, *, now: datetime) -> int:
    """Put before the supervisors what is late and wasn't yet; how many that are."""
    late = Appeal.filter(state__in=WAITING, due_on__lt=today, escalated_at=None)
    return await late.update(escalated_at=now)


async def _open_appeal(appeal_id: UUID) -> Appeal:
    appeal = await Appeal.select_for_update().get_or_none(id=appeal_id)
    if appeal is None:
        raise AppealNotFound("appealId")
    if appeal.state is AppealState.CLOSED:
        raise AppealClosed("appealId")
    return appeal


async def _change_topic(appeal: Appeal, topic_id: UUID, today: date) -> None:
    if not await AppealTopic.exists(id=topic_id):
        raise TopicNotFound("topicId")
    appeal.topic_id = topic_id
    appeal.due_on = min(appeal.due_on, await terms.due_on(topic_id, today))


def _filtered(wanted: Wanted) -> QuerySet[Appeal]:
    found = Appeal.filter(state__in=wanted.states)
    if wanted.topic_id is not None:
        found = found.filter(topic_id=wanted.topic_id)
    if wanted.clerk_id is not None:
        found = found.filter(clerk_id=wanted.clerk_id)
    if wanted.is_free:
        found = found.filter(clerk_id=None)
    if wanted.late_on is not None:
        found = found.filter(due_on__lt=wanted.late_on, state__in=WAITING)
    if wanted.text:
        said = Q(number=wanted.text) | Q(messages__text__icontains=wanted.text)
        found = found.filter(said).distinct()
    return found
