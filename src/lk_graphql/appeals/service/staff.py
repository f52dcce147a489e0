"""Use cases of staff on appeals; roles and audit are checked by the back office.

Functions take the clerk's key, or the clerk where files are attached. A missing appeal raises
`StaffAppealNotFound`, a closed one `StaffAppealClosed`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.appeals.errors import (
    AppealTaken,
    StaffAppealClosed,
    StaffAppealNotFound,
    TopicNotFound,
)
from lk_graphql.appeals.models import (
    Appeal,
    AppealMessage,
    AppealNote,
    AppealState,
    AppealTopic,
    Direction,
)
from lk_graphql.appeals.service import attachments, threads, topics
from lk_graphql.kit.viewer import StaffViewer
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user

OPEN_STATES = (AppealState.NEW, AppealState.IN_PROGRESS)


async def claim(clerk_id: UUID, appeal_id: UUID, *, now: datetime) -> Appeal:
    """Claim an appeal and mark its messages as read. Raises `AppealTaken`, `StaffAppealClosed`."""
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


async def answer(
    clerk: StaffViewer,
    appeal_id: UUID,
    text: str,
    uploads: Sequence[UUID | None] = (),
    *,
    now: datetime,
) -> UUID:
    """Answer an appeal, claim it if unclaimed, notify the customer; return the message's key.

    The same text again, without files, is a repeated request: it adds nothing.
    Raises `AppealTaken`, `StaffAppealClosed`, `TextInvalid`, `TooManyAttachments`,
    `AttachmentUnusable`.
    """
    async with in_transaction():
        appeal, answer_text = await claim(clerk.id, appeal_id, now=now), threads.clean_text(text)
        last = AppealMessage.filter(appeal_id=appeal.id, number=appeal.message_count)
        if not uploads and (same := await last.get_or_none(clerk_id=clerk.id, text=answer_text)):
            return same.id
        message = await threads.add(
            appeal, Direction.RECEIVED, answer_text, clerk_id=clerk.id, now=now
        )
        await attachments.attach(clerk, message, uploads, now=now)
        appeal.state, appeal.answered_at = AppealState.ANSWERED, appeal.answered_at or now
        await appeal.save(update_fields=["state", "answered_at"])
        event = NoticeEvent(
            NoticeKind.APPEAL_ANSWERED,
            f"appeal-message/{message.id.hex}",
            appeal.id,
            reference=None if appeal.hides_name else appeal.number,  # clerks see notices
        )
        await notify_user(appeal.user_id, event, now=now)
    return message.id


async def add_note(clerk_id: UUID, appeal_id: UUID, text: str, *, now: datetime) -> UUID:
    """Add an internal note, invisible to customers. Raises `TextInvalid`."""
    if not await Appeal.exists(id=appeal_id):
        raise StaffAppealNotFound("appealId")
    note = await AppealNote.create(
        appeal_id=appeal_id, clerk_id=clerk_id, text=threads.clean_text(text), created_at=now
    )
    return note.id


async def transfer(
    appeal_id: UUID, *, member_id: UUID | None = None, topic_id: UUID | None = None, today: date
) -> Appeal:
    """Hand an appeal to a colleague (None: back to the queue), optionally with a new topic.

    The due day stays unless the new topic's term ends earlier. Raises `StaffAppealClosed`,
    `TopicNotFound`.
    """
    async with in_transaction():
        appeal = await _open_appeal(appeal_id)
        appeal.clerk_id = member_id
        if appeal.state in OPEN_STATES:
            appeal.state = AppealState.IN_PROGRESS if member_id else AppealState.NEW
        if topic_id is not None:
            await _change_topic(appeal, topic_id, today)
        await appeal.save(update_fields=["clerk_id", "state", "topic_id", "due_on"])
    return appeal


async def close(appeal_id: UUID, *, now: datetime) -> Appeal:
    """Close an appeal that needs no answer. Raises `StaffAppealClosed`."""
    async with in_transaction():
        appeal = await _open_appeal(appeal_id)
        await threads.close(appeal, now=now)
    return appeal


async def escalate(today: date, *, now: datetime) -> int:
    """Mark overdue appeals as escalated and return how many are newly marked.

    Call it in the transaction that notifies the supervisors: of two concurrent calls only one
    returns a number above zero.
    """
    overdue = Appeal.filter(state__in=OPEN_STATES, due_on__lt=today, escalated_at=None)
    return await overdue.update(escalated_at=now)


async def escalated_appeals() -> list[Appeal]:
    """List the escalated appeals that wait for an answer, most overdue first, with topics."""
    overdue = Appeal.filter(state__in=OPEN_STATES, escalated_at__isnull=False)
    return await overdue.order_by("due_on", "id").select_related("topic")


async def _open_appeal(appeal_id: UUID) -> Appeal:
    appeal = await Appeal.select_for_update().get_or_none(id=appeal_id)
    if appeal is None:
        raise StaffAppealNotFound("appealId")
    if appeal.state is AppealState.CLOSED:
        raise StaffAppealClosed("appealId")
    return appeal


async def _change_topic(appeal: Appeal, topic_id: UUID, today: date) -> None:
    if not await AppealTopic.exists(id=topic_id):
        raise TopicNotFound("topicId")
    appeal.topic_id = topic_id
    appeal.due_on = min(appeal.due_on, await topics.due_on(topic_id, today))
