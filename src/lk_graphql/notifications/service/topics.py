"""Subscription topics of notices, their SQL, and one-click unsubscription (RFC 8058)."""

from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql
from lk_graphql.kit.signing import Signer, key_of_token
from lk_graphql.notifications.errors import UnsubscribeTokenInvalid
from lk_graphql.notifications.models import Delivery, NoticeChannel, NoticeTopic
from lk_graphql.notifications.models import NoticeKind as Kind
from lk_graphql.notifications.models import NoticeTopic as Topic
from lk_graphql.profile.service.phone_proofs import IS_CONFIRMED_SQL

TOPIC_OF: dict[Kind, Topic] = {
    Kind.WINDOW_OPENED: Topic.READING_REMINDERS,
    Kind.READING_REMINDER: Topic.READING_REMINDERS,
    Kind.READINGS_ACCEPTED: Topic.READING_RESULTS,
    Kind.READING_REJECTED: Topic.READING_RESULTS,
    Kind.INVOICE_ISSUED: Topic.BILLS,
    Kind.PAYMENT_DUE: Topic.PAYMENTS,
    Kind.PAYMENT_OVERDUE: Topic.PAYMENTS,
    Kind.PAYMENT_RECEIVED: Topic.PAYMENTS,
    Kind.VERIFICATION_DUE: Topic.METERS,
    Kind.APPEAL_ANSWERED: Topic.ANSWERS,
    Kind.APPLICATION_CHANGED: Topic.ANSWERS,
    Kind.APPLICATION_QUESTION: Topic.ANSWERS,
    Kind.APPLICATION_DECIDED: Topic.ANSWERS,
}
"""What isn't here stays in the inbox: of links, `accounts` writes mails that nobody can refuse."""

EXPIRES_WITH_DAY = {Kind.WINDOW_OPENED, Kind.READING_REMINDER, Kind.PAYMENT_DUE}

_CHOICE = """LATERAL (
    SELECT muted_by_email, muted_by_sms FROM notice_choice
    WHERE notice_choice.user_id = {user}
    AND (notice_choice.account_id = {account} OR notice_choice.account_id IS NULL)
    ORDER BY notice_choice.account_id NULLS LAST LIMIT 1
) AS choice"""

IS_ADDRESS_REFUSED = """EXISTS (SELECT FROM refused_address AS refused
WHERE refused.user_id = {user} AND refused.channel = {channel} AND refused.address = {address})"""

WANTED_CHANNELS = f"""
JOIN "user" AS person ON person.id = notice.user_id AND person.locked_at IS NULL
LEFT JOIN notice_manners AS manners ON manners.user_id = notice.user_id
LEFT JOIN {_CHOICE.format(user="notice.user_id", account="notice.account_id")} ON true
JOIN LATERAL (VALUES
    ('EMAIL', person.email_key,
        {{topic}} <> ALL (coalesce(choice.muted_by_email, ARRAY[]::text[]))),
    ('SMS', person.phone, {{topic}} <> ALL (coalesce(choice.muted_by_sms, ARRAY[]::text[]))
        AND manners.has_sms AND person.phone LIKE '+79%'
        AND {IS_CONFIRMED_SQL.format(user="person.id", phone="person.phone")})
) AS way (channel, address, is_wanted) ON way.is_wanted AND NOT {
    IS_ADDRESS_REFUSED.format(user="person.id", channel="way.channel", address="way.address")
}
"""
"""A row for each way in which a `notice` is wanted; `{topic}` is its topic.

An account's own choice counts for it instead of the general one; who has chosen nothing gets
everything by e-mail, and SMS only after switching them on and confirming the number. Nothing goes
where nothing can be delivered.
"""

STILL_LINKED = """(notice.account_id IS NULL OR EXISTS (
    SELECT FROM account_link WHERE account_link.account_id = notice.account_id
    AND account_link.user_id = notice.user_id AND account_link.state = 'ACTIVE'
))"""
"""Whether a `notice` is of an account that its recipient sees, or of none."""


def subscribed_sql(channel: str, *, user: str, account: str) -> str:
    """The topics that a person gets by a channel, `email` or `sms`, as an array."""
    every = ", ".join(f"'{topic}'" for topic in Topic)
    choice = _CHOICE.format(user=user, account=account).removeprefix("LATERAL ")
    return (
        f"ARRAY(SELECT topic FROM unnest(ARRAY[{every}]) WITH ORDINALITY AS known (topic, place) "  # noqa: S608 - our own names
        f"WHERE topic <> ALL (coalesce((SELECT muted_by_{channel} FROM {choice}), "
        "ARRAY[]::text[])) ORDER BY place)"
    )


_PURPOSE = "UNSUBSCRIBE"

_MUTE = """
INSERT INTO notice_choice (id, user_id, muted_by_email, muted_by_sms, changed_at)
VALUES (new_key(), $1, ARRAY[$2::text], '{}', $3) ON CONFLICT (user_id, account_id) DO NOTHING
"""
_MUTE_EVERYWHERE = """
UPDATE notice_choice SET muted_by_email = array_append(muted_by_email, $2::text), changed_at = $3
WHERE user_id = $1 AND $2::text <> ALL (muted_by_email)
"""


def token_of(delivery_id: UUID, links: Signer) -> str:
    """Good as long as the delivery is kept; it can do nothing but silence its topic."""
    return links.sign(_PURPOSE, delivery_id, b"")


async def unsubscribe(token: str, *, now: datetime, links: Signer) -> NoticeTopic:
    """Send no mails about the topic any more, of no account; which one it was.

    Works signed out and as often as one likes. Raises `UnsubscribeTokenInvalid`.
    """
    key = key_of_token(token)
    if key is None or not links.verify(token, _PURPOSE, key, b""):
        raise UnsubscribeTokenInvalid("token")
    mails = Delivery.filter(id=key, channel=NoticeChannel.EMAIL).select_related("notice")
    delivery = await mails.first()
    topic = delivery and TOPIC_OF.get(delivery.notice.kind)
    if delivery is None or topic is None:
        raise UnsubscribeTokenInvalid("token")
    async with in_transaction():
        for statement in (_MUTE, _MUTE_EVERYWHERE):
            await raw_sql.fetch(statement, delivery.notice.user_id, topic.value, now)
    return topic
