"""Leaving a topic from a mail, signed out, with one click (RFC 8058)."""

from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql import engine
from lk_graphql.kit.tokens import Links, key_in
from lk_graphql.notifications.errors import UnsubscribeTokenInvalid
from lk_graphql.notifications.models import Delivery, NoticeChannel, NoticeTopic
from lk_graphql.notifications.service.topics import TOPIC_OF

_PURPOSE = "UNSUBSCRIBE"

_MUTE = """
INSERT INTO notice_choice (id, user_id, muted_by_email, muted_by_sms, changed_at)
VALUES (new_key(), $1, ARRAY[$2::text], '{}', $3) ON CONFLICT (user_id, account_id) DO NOTHING
"""
_MUTE_EVERYWHERE = """
UPDATE notice_choice SET muted_by_email = array_append(muted_by_email, $2::text), changed_at = $3
WHERE user_id = $1 AND $2::text <> ALL (muted_by_email)
"""


def token_of(delivery_id: UUID, links: Links) -> str:
    """Good as long as the delivery is kept; it can do nothing but silence its topic."""
    return links.token(_PURPOSE, delivery_id, b"")


async def unsubscribe(token: str, *, now: datetime, links: Links) -> NoticeTopic:
    """Send no mails about the topic any more, of no account; which one it was.

    Works signed out and as often as one likes. Raises `UnsubscribeTokenInvalid`.
    """
    key = key_in(token)
    if key is None or not links.is_genuine(token, _PURPOSE, key, b""):
        raise UnsubscribeTokenInvalid("token")
    mails = Delivery.filter(id=key, channel=NoticeChannel.EMAIL).select_related("notice")
    delivery = await mails.first()
    topic = delivery and TOPIC_OF.get(delivery.notice.kind)
    if delivery is None or topic is None:
        raise UnsubscribeTokenInvalid("token")
    async with in_transaction():
        for statement in (_MUTE, _MUTE_EVERYWHERE):
            await engine.fetch(statement, delivery.notice.user_id, topic.value, now)
    return topic
