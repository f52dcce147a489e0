"""Threads: gapless message numbers under a lock, message texts, subscriptions."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from lk_graphql.appeals.errors import AppealClosed, AppealNotFound, TextInvalid
from lk_graphql.appeals.models import Appeal, AppealMessage, AppealState, Direction
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.pubsub import publish

APPEALS_TOPIC = "appeals"
"""The topic of signals; its keys are customers'."""


async def own_appeal(viewer: Viewer, appeal_id: UUID | None) -> Appeal:
    """The viewer's appeal, locked until the transaction ends. Raises `AppealNotFound`."""
    mine = Appeal.select_for_update().filter(user_id=viewer.id)
    appeal = await mine.get_or_none(id=appeal_id)
    if appeal is None:
        raise AppealNotFound("appealId")
    return appeal


async def add(
    appeal: Appeal, direction: Direction, text: str, *, clerk_id: UUID | None = None, now: datetime
) -> AppealMessage:
    """Add a message to a locked appeal and tell those who watch. Raises `AppealClosed`."""
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
    """The other side has read the messages up to a number; how many were news to it."""
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
    """The messages of one customer's appeals (or of one of them), each told once.

    Numbers grow by one under the appeal's lock, so what was added is what lies above the last
    number told, whatever was missed in between.
    """

    def __init__(self, viewer: Viewer, appeal_id: UUID | None) -> None:
        mine = Appeal.filter(user_id=viewer.id)
        self._appeals = mine.filter(id=appeal_id) if appeal_id else mine
        self._told: dict[UUID, int] | None = None

    async def resume_after(self, viewer: Viewer, message_id: UUID | None) -> None:
        """Tell what came after a message; nothing special where it isn't the viewer's."""
        theirs = AppealMessage.filter(appeal__user_id=viewer.id)
        last = await theirs.get_or_none(id=message_id)
        if last is not None:
            older = theirs.filter(created_at__lte=last.created_at).order_by("number")
            self._told = dict(await older.values_list("appeal_id", "number"))

    async def added(self) -> Sequence[UUID]:
        """The keys of what is new, oldest first; at the first time the newest message."""
        counts = dict(await self._appeals.values_list("id", "message_count"))
        if self._told is None:
            self._told = counts
            messages = AppealMessage.filter(appeal_id__in=[*counts])
            newest = await messages.order_by("-created_at", "-id").first()
            return [newest.id] if newest else []
        told, self._told = self._told, {**self._told, **counts}
        grown = {key: told.get(key, 0) for key, count in counts.items() if count > told.get(key, 0)}
        messages = AppealMessage.filter(appeal_id__in=[*grown]).order_by("created_at", "id")
        found = await messages.values_list("id", "appeal_id", "number")
        return [id_ for id_, appeal_id, number in found if number > grown[appeal_id]]

    async def exists(self) -> bool:
        """Whether there is such an appeal."""
        return await self._appeals.exists()


MAX_TEXT_LENGTH = 10_000
_LINES = {"\n", "\t"}


def clean_text(text: str) -> str:
    """The text with plain line ends and nothing around it. Raises `TextInvalid`.

    Control characters, and those that turn the reading direction round, are refused: a clerk must
    see what was written.
    """
    tidied = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not 1 <= len(tidied) <= MAX_TEXT_LENGTH or any(map(_is_hidden, tidied)):
        raise TextInvalid("text", longest=MAX_TEXT_LENGTH)
    return tidied


def _is_hidden(character: str) -> bool:
    if character in _LINES:
        return False
    turns = unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF"}
    return turns or unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}
