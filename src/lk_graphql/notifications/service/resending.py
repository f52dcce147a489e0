"""Sending a notice once more, in the ways in which it is wanted now."""

from datetime import date, datetime
from uuid import UUID

from lk_graphql import engine
from lk_graphql.notifications.models import Delivery, DeliveryState, Notice
from lk_graphql.notifications.service.topics import (
    IS_POINTLESS_AFTER_ITS_DAY,
    STILL_LINKED,
    TOPIC_OF,
    WANTED_WAYS,
)

_RESEND = f"""
INSERT INTO delivery (id, notice_id, channel, state, attempts, due_at)
SELECT new_key(), notice.id, way.channel, 'WAITING', 0, $2::timestamptz
FROM notice {WANTED_WAYS.replace("{topic}", "$3::text")}
WHERE notice.id = $1 AND {STILL_LINKED}
ON CONFLICT (notice_id, channel) WHERE state = 'WAITING' DO NOTHING
RETURNING id
"""  # noqa: S608 - our own names


async def resend(notice: Notice, *, today: date, now: datetime) -> int:
    """Put it on its way again; in how many channels.

    None where the person has switched its topic off, where nothing can be delivered, where it
    waits already, and when it is too late: a reminder of a day that has passed. Quiet hours and
    later changes of mind count when it is sent, as they always do.
    """
    topic = TOPIC_OF.get(notice.kind)
    is_late = notice.kind in IS_POINTLESS_AFTER_ITS_DAY and notice.day and notice.day < today
    if topic is None or is_late:
        return 0
    return len(await engine.fetch(_RESEND, notice.id, now, topic.value))


async def is_on_its_way(notice_id: UUID) -> bool:
    return await Delivery.exists(notice_id=notice_id, state=DeliveryState.WAITING)
