"""Topics of notices, their SQL, and one-click unsubscription from mails (RFC 8058)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql
from lk_graphql.identity.models import User
from lk_graphql.kit.emails import Email
from lk_graphql.kit.signing import Signer, key_of_token
from lk_graphql.notifications.errors import UnsubscribeTokenInvalid
from lk_graphql.notifications.models import Delivery, NoticeChannel, NoticeKind, NoticeTopic
from lk_graphql.profile.service.phone_proofs import IS_CONFIRMED_SQL

TOPIC_OF: dict[NoticeKind, NoticeTopic] = {
    NoticeKind.WINDOW_OPENED: NoticeTopic.READING_REMINDERS,
    NoticeKind.READING_REMINDER: NoticeTopic.READING_REMINDERS,
    NoticeKind.READINGS_ACCEPTED: NoticeTopic.READING_RESULTS,
    NoticeKind.READING_REJECTED: NoticeTopic.READING_RESULTS,
    NoticeKind.INVOICE_ISSUED: NoticeTopic.BILLS,
    NoticeKind.PAYMENT_DUE: NoticeTopic.PAYMENTS,
    NoticeKind.PAYMENT_OVERDUE: NoticeTopic.PAYMENTS,
    NoticeKind.PAYMENT_RECEIVED: NoticeTopic.PAYMENTS,
    NoticeKind.VERIFICATION_DUE: NoticeTopic.METERS,
    NoticeKind.APPEAL_ANSWERED: NoticeTopic.ANSWERS,
    NoticeKind.APPLICATION_CHANGED: NoticeTopic.ANSWERS,
    NoticeKind.APPLICATION_QUESTION: NoticeTopic.ANSWERS,
    NoticeKind.APPLICATION_DECIDED: NoticeTopic.ANSWERS,
}
"""Kinds without a topic are in the inbox only; `accounts` sends its own mails about links."""

EXPIRES_WITH_DAY = {NoticeKind.WINDOW_OPENED, NoticeKind.READING_REMINDER, NoticeKind.PAYMENT_DUE}

_TOPIC_SETTINGS = """LATERAL (
    SELECT muted_by_email, muted_by_sms FROM notice_choice
    WHERE notice_choice.user_id = {user}
    AND (notice_choice.account_id = {account} OR notice_choice.account_id IS NULL)
    ORDER BY notice_choice.account_id NULLS LAST LIMIT 1
) AS topic_settings"""

IS_ADDRESS_REFUSED_SQL = """EXISTS (SELECT FROM refused_address AS refused
WHERE refused.user_id = {user} AND refused.channel = {channel} AND refused.address = {address})"""

SUBSCRIBED_CHANNELS_SQL = f"""
JOIN "user" AS person ON person.id = notice.user_id AND person.locked_at IS NULL
LEFT JOIN notice_manners AS delivery_settings ON delivery_settings.user_id = notice.user_id
LEFT JOIN {_TOPIC_SETTINGS.format(user="notice.user_id", account="notice.account_id")} ON true
JOIN LATERAL (VALUES
    ('EMAIL', person.email_key,
        {{topic}} <> ALL (coalesce(topic_settings.muted_by_email, ARRAY[]::text[]))),
    ('SMS', person.phone, {{topic}} <> ALL (coalesce(topic_settings.muted_by_sms, ARRAY[]::text[]))
        AND delivery_settings.has_sms AND person.phone LIKE '+79%'
        AND {IS_CONFIRMED_SQL.format(user="person.id", phone="person.phone")})
) AS target (channel, address, is_subscribed) ON target.is_subscribed AND NOT {
    IS_ADDRESS_REFUSED_SQL.format(
        user="person.id", channel="target.channel", address="target.address"
    )
}
"""
"""SQL joins with a row for each channel by which a `notice` is sent; `{topic}` is its topic.

An account's own settings replace the general ones. Without settings, all topics are on. SMS also
require the switch and a confirmed number. Nothing is sent to a refused address.
"""

STILL_LINKED_SQL = """(notice.account_id IS NULL OR EXISTS (
    SELECT FROM account_link WHERE account_link.account_id = notice.account_id
    AND account_link.user_id = notice.user_id AND account_link.state = 'ACTIVE'
))"""
"""The condition that the recipient of a `notice` has linked its account, if it has one."""


_PURPOSE = "UNSUBSCRIBE"

_MUTE = """
INSERT INTO notice_choice (id, user_id, muted_by_email, muted_by_sms, changed_at)
VALUES (new_key(), $1, ARRAY[$2::text], '{}', $3) ON CONFLICT (user_id, account_id) DO NOTHING
"""
_MUTE_EVERYWHERE = """
UPDATE notice_choice SET muted_by_email = array_append(muted_by_email, $2::text), changed_at = $3
WHERE user_id = $1 AND $2::text <> ALL (muted_by_email)
"""


def subscribed_sql(channel: str, *, user: str, account: str) -> str:
    """SQL for the array of topics that a user gets by a channel, `email` or `sms`."""
    topics = ", ".join(f"'{topic}'" for topic in NoticeTopic)
    settings = _TOPIC_SETTINGS.format(user=user, account=account).removeprefix("LATERAL ")
    return (
        f"ARRAY(SELECT topic FROM unnest(ARRAY[{topics}]) WITH ORDINALITY AS every (topic, place) "  # noqa: S608 - constants
        f"WHERE topic <> ALL (coalesce((SELECT muted_by_{channel} FROM {settings}), "
        "ARRAY[]::text[])) ORDER BY place)"
    )


def token_of(delivery_id: UUID, signer: Signer) -> str:
    """A token to unsubscribe from the delivery's topic, valid until the delivery is deleted."""
    return signer.sign(_PURPOSE, delivery_id, b"")


class MailSubscription(NamedTuple):
    """A topic of which a user gets mails."""

    user_id: UUID
    email: Email
    topic: NoticeTopic


async def unsubscribe(token: str, *, now: datetime, signer: Signer) -> NoticeTopic:
    """Unsubscribe from the mails of a delivery's topic, of all accounts; return the topic.

    Needs no session and can be repeated. Raises `UnsubscribeTokenInvalid`.
    """
    subscription = await find_subscription(token, signer=signer)
    if subscription is None:
        raise UnsubscribeTokenInvalid("token")
    topic = subscription.topic
    async with in_transaction():
        # an update of the settings would otherwise write back the topics that it has read before
        await User.filter(id=subscription.user_id).select_for_update(no_key=True).first()
        for statement in (_MUTE, _MUTE_EVERYWHERE):
            await raw_sql.fetch(statement, subscription.user_id, topic.value, now)
    return topic


async def find_subscription(token: str, *, signer: Signer) -> MailSubscription | None:
    """The subscription that a mail's link ends; None for an invalid token."""
    key = key_of_token(token)
    if key is None or not signer.verify(token, _PURPOSE, key, b""):
        return None
    mails = Delivery.filter(id=key, channel=NoticeChannel.EMAIL).select_related("notice__user")
    delivery = await mails.first()
    topic = delivery and TOPIC_OF.get(delivery.notice.kind)
    if delivery is None or topic is None:
        return None
    user = delivery.notice.user
    return MailSubscription(user.id, Email(user.email_key), topic)
