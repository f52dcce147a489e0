"""The stream of a person's new notices."""

from collections.abc import Sequence
from uuid import UUID

from lk_graphql.kit.viewer import Viewer
from lk_graphql.notifications.models import Notice

WINDOW = 100
"""The number of newest notices that are compared."""


class NoticeStream:
    """Notices of one person, each delivered once, in the order of their keys.

    It compares the newest notices with the previous ones. A position in the order of `created_at`
    would not suffice: a job for all accounts takes minutes, and all its notices have the time of
    its start. Keys have the time of the insert, which is at most one transaction before the notice
    is visible.
    """

    def __init__(self, viewer: Viewer) -> None:
        self._notices = Notice.filter(user_id=viewer.id)
        self._delivered: set[UUID] | None = None

    async def resume_after(self, notice_id: UUID | None) -> None:
        """Deliver notices inserted after this one; ignored if it isn't the viewer's."""
        last = await self._notices.get_or_none(id=notice_id)
        if last is not None:
            self._delivered = {key for key in await self._newest_keys() if key <= last.id}

    async def new_keys(self) -> Sequence[UUID]:
        """Keys of new notices, oldest first; the first call returns the newest notice only."""
        keys = await self._newest_keys()
        delivered, self._delivered = self._delivered, set(keys)
        if delivered is None:
            return keys[-1:]
        return [key for key in keys if key not in delivered]

    async def _newest_keys(self) -> list[UUID]:
        newest = self._notices.order_by("-created_at", "-id").limit(WINDOW)
        rows = await newest.values_list("id")
        return sorted(key for (key,) in rows)
