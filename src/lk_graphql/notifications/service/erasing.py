"""What people were told, and how they wanted to be told, goes with them."""

from datetime import datetime
from uuid import UUID

from lk_graphql.notifications.models import (
    CalendarFeed,
    Notice,
    NoticeChoice,
    NoticeManners,
    RefusedAddress,
)


async def forget_notices(user_id: UUID, _: datetime) -> int:
    """And what was on its way; how many notices."""
    return await Notice.filter(user_id=user_id).delete()


async def forget_settings(user_id: UUID, _: datetime) -> int:
    manners = await NoticeManners.filter(user_id=user_id).delete()
    feeds = await CalendarFeed.filter(user_id=user_id).delete()
    refused = await RefusedAddress.filter(user_id=user_id).delete()
    return refused + feeds + manners + await NoticeChoice.filter(user_id=user_id).delete()
