"""The inbox of notices: what was read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.errors import NoticeNotFound, TooManyNotices
from lk_graphql.notifications.models import Notice

MOST = 100
"""Notices that one call names."""


async def mark_read(viewer: Viewer, keys: Sequence[UUID | None], *, now: datetime) -> None:
    """Mark these, all or none; those that were read stay read since then.

    Raises `TooManyNotices` and `NoticeNotFound`.
    """
    if len(keys) > MOST:
        raise TooManyNotices("ids", most=MOST)
    async with in_transaction():
        mine = Notice.filter(user_id=viewer.id, id__in=[key for key in keys if key])
        found = set(await mine.values_list("id", flat=True))
        for place, key in enumerate(keys):
            if key not in found:
                raise NoticeNotFound("ids", str(place))
        await mine.filter(read_at=None).update(read_at=now)


async def mark_all_read(viewer: Viewer, until: datetime, *, now: datetime) -> None:
    """Mark what came until then: not what has come since the client looked."""
    unread = Notice.filter(user_id=viewer.id, read_at=None)
    await unread.filter(created_at__lte=until).update(read_at=now)
