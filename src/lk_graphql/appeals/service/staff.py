"""What staff do with appeals. Who may, and the record of it, are the back office's business.

Everybody here is a clerk's key (where files are used, the clerk); an appeal that isn't there is
`StaffAppealNotFound`, and what a closed one forbids, `AppealOver`: the customers' refusals in
words for staff.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.appeals.errors import AppealOver, AppealTaken, StaffAppealNotFound, TopicNotFound
from lk_graphql.appeals.models import Appeal, AppealNote, AppealState, AppealTopic, Direction
from lk_graphql.appeals.service import attachments, threads, topics
from lk_graphql.kit.viewer import StaffViewer
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.service.notices import NoticeEvent, notify_user

OPEN_STATES = (AppealState.NEW, AppealState.IN_PROGRESS)


async def claim(clerk_id: UUID, appeal_id: UUID, *, now: datetime) -> Appeal:
    """Take an appeal; its messages are read by that. Raises `AppealTaken`, `AppealOver`."""
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
    """Answer, taking the appeal if nobody has; the message's key. The customer is told.

    Raises `AppealTaken`, `AppealOver`, `TextInvalid`, `TooManyAttachments`, `AttachmentUnusable`.
    """
    async with in_transaction():
        appeal = await claim(clerk.id, appeal_id, now=now)
        message = await threads.add(
            appeal, Direction.RECEIVED, threads.clean_text(text), clerk_id=clerk.id, now=now
        )
        await attachments.attach(clerk, message, uploads, now=now)
        appeal.state, appeal.answered_at = AppealState.ANSWERED, appeal.answered_at or now
        await appeal.save(update_fields=["state", "answered_at"])
        news = NoticeEvent(
            NoticeKind.APPEAL_ANSWERED,
            f"appeal-message/{message.id.hex}",
            appeal.id,
            reference=None if appeal.hides_name else appeal.number,  # clerks read notices, too
        )
        await notify_user(appeal.user_id, news, now=now)
    return message.id


async def add_note(clerk_id: UUID, appeal_id: UUID, text: str, *, now: datetime) -> UUID:
    """Write down something for colleagues; customers never see it. Raises `TextInvalid`."""
    if not await Appeal.exists(id=appeal_id):
        raise StaffAppealNotFound("appealId")
    written = await AppealNote.create(
        appeal_id=appeal_id, clerk_id=clerk_id, text=threads.clean_text(text), created_at=now
    )
    return written.id


async def transfer(
    appeal_id: UUID, *, to: UUID | None = None, topic_id: UUID | None = None, today: date
) -> Appeal:
    """Hand it to a colleague (None: back into the queue), perhaps under another topic.

    The day by which it is due stays promised, unless the new topic's term ends sooner.
    Raises `AppealOver`, `TopicNotFound`.
    """
    async with in_transaction():
        appeal = await _open_appeal(appeal_id)
        appeal.clerk_id = to
        if appeal.state in OPEN_STATES:
            appeal.state = AppealState.IN_PROGRESS if to else AppealState.NEW
        if topic_id is not None:
            await _change_topic(appeal, topic_id, today)
        await appeal.save(update_fields=["clerk_id", "state", "topic_id", "due_on"])
    return appeal


async def close(appeal_id: UUID, *, now: datetime) -> Appeal:
    """Close what needs no answer any more. Raises `AppealOver`."""
    async with in_transaction():
        appeal = await _open_appeal(appeal_id)
        await threads.close(appeal, now=now)
    return appeal


async def escalate(today: date, *, now: datetime) -> int:
    """Put before the supervisors what is late and wasn't yet; how many that are.

    Whoever tells them does so in the same transaction: of two who try, one finds something.
    """
    late = Appeal.filter(state__in=OPEN_STATES, due_on__lt=today, escalated_at=None)
    return await late.update(escalated_at=now)


async def escalated_appeals() -> list[Appeal]:
    """What is late and still waits for an answer, the latest first; with the topics."""
    late = Appeal.filter(state__in=OPEN_STATES, escalated_at__isnull=False)
    return await late.order_by("due_on", "id").select_related("topic")


async def _open_appeal(appeal_id: UUID) -> Appeal:
    appeal = await Appeal.select_for_update().get_or_none(id=appeal_id)
    if appeal is None:
        raise StaffAppealNotFound("appealId")
    if appeal.state is AppealState.CLOSED:
        raise AppealOver("appealId")
    return appeal


async def _change_topic(appeal: Appeal, topic_id: UUID, today: date) -> None:
    if not await AppealTopic.exists(id=topic_id):
        raise TopicNotFound("topicId")
    appeal.topic_id = topic_id
    appeal.due_on = min(appeal.due_on, await topics.due_on(topic_id, today))
