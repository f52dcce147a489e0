"""Threads: gapless message numbers under a row lock, message texts, message streams."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lk_graphql.appeals.errors import AppealClosed, AppealNotFound, TextInvalid
from lk_graphql.appeals.models import Appeal, AppealMessage, AppealState, Direction
from lk_graphql.kit.typed_texts import read_text
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.pubsub import publish

APPEALS_TOPIC = "appeals"
"""Pub/sub topic of changed threads; the key is the customer's."""
MAX_TEXT_LENGTH = 10_000


async def own_appeal(viewer: Viewer, appeal_id: UUID | None) -> Appeal:
    """Lock the viewer's appeal until the transaction ends. Raises `AppealNotFound`."""
    appeals = Appeal.select_for_update().filter(user_id=viewer.id)
    appeal = await appeals.get_or_none(id=appeal_id)
    if appeal is None:
        raise AppealNotFound("appealId")
    return appeal


async def add(
    appeal: Appeal, direction: Direction, text: str, *, clerk_id: UUID | None = None, now: datetime
) -> AppealMessage:
    """Add a message to a locked appeal and notify subscribers. Raises `AppealClosed`."""
    if appeal.state is AppealState.CLOSED:
        raise AppealClosed("appealId")
    appeal.message_count += 1
    await appeal.save(update_fields=["message_count"])
    message = await AppealMessage.create(
        appeal=appeal,
        number=appeal.message_count,
        direction=direction,
        text=text,
        clerk_id=clerk_id,
        created_at=now,
    )
    await publish(APPEALS_TOPIC, appeal.user_id)
    return message


async def mark_read(appeal: Appeal, direction: Direction, until: int, *, now: datetime) -> int:
    """Mark messages of one direction as read up to a number; return how many were unread."""
    unread = AppealMessage.filter(appeal_id=appeal.id, direction=direction, read_at=None)
    count = await unread.filter(number__lte=until).update(read_at=now)
    if count:
        await publish(APPEALS_TOPIC, appeal.user_id)
    return count


async def close(appeal: Appeal, *, now: datetime) -> None:
    """Close a locked appeal. Raises `AppealClosed`."""
    if appeal.state is AppealState.CLOSED:
        raise AppealClosed("appealId")
    appeal.state, appeal.closed_at = AppealState.CLOSED, now
    await appeal.save(update_fields=["state", "closed_at", "rating"])
    await publish(APPEALS_TOPIC, appeal.user_id)


class MessageStream:
    """Messages of one customer's appeals, or of one appeal, each delivered once.

    Numbers grow by one under the appeal's row lock, so all messages above the last delivered number
    are new, also after missed notifications. Messages of different appeals have the order of their
    keys. `created_at` is the time of the request, which may have waited for the lock.
    """

    def __init__(self, viewer: Viewer, appeal_id: UUID | None) -> None:
        appeals = Appeal.filter(user_id=viewer.id)
        self._user_id = viewer.id
        self._appeals = appeals.filter(id=appeal_id) if appeal_id else appeals
        self._delivered: dict[UUID, int] | None = None

    async def resume_after(self, message_id: UUID | None) -> None:
        """Deliver messages sent after this one; ignored if it isn't the viewer's."""
        messages = AppealMessage.filter(appeal__user_id=self._user_id)
        last_message = await messages.get_or_none(id=message_id)
        if last_message is not None:
            delivered = messages.filter(id__lte=last_message.id).order_by("number")
            numbers = dict(await delivered.values_list("appeal_id", "number"))
            self._delivered = {**numbers, last_message.appeal_id: last_message.number}

    async def new_message_keys(self) -> Sequence[UUID]:
        """Keys of new messages, oldest first; the first call returns the newest message only."""
        counts = dict(await self._appeals.values_list("id", "message_count"))
        if self._delivered is None:
            self._delivered = counts
            messages = AppealMessage.filter(appeal_id__in=[*counts])
            newest = await messages.order_by("-created_at", "-id").first()
            return [newest.id] if newest else []
        delivered, self._delivered = self._delivered, {**self._delivered, **counts}
        delivered_numbers = {
            key: delivered.get(key, 0)
            for key, count in counts.items()
            if count > delivered.get(key, 0)
        }
        messages = AppealMessage.filter(appeal_id__in=[*delivered_numbers]).order_by("id")
        rows = await messages.values_list("id", "appeal_id", "number")
        return [
            message_id
            for message_id, appeal_id, number in rows
            if number > delivered_numbers[appeal_id]
        ]

    async def exists(self) -> bool:
        return await self._appeals.exists()


def clean_text(text: str) -> str:
    """Read a message as it was pasted. Raises `TextInvalid`."""
    return read_text(text, TextInvalid("text", longest=MAX_TEXT_LENGTH), longest=MAX_TEXT_LENGTH)
