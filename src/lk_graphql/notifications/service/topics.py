"""Which kinds of notices people subscribe to together, and how a statement asks who wants what."""

from lk_graphql.notifications.models import NoticeKind as Kind
from lk_graphql.notifications.models import NoticeTopic as Topic
from lk_graphql.profile.service.phone_proofs import CONFIRMED

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

IS_POINTLESS_AFTER_ITS_DAY = {Kind.WINDOW_OPENED, Kind.READING_REMINDER, Kind.PAYMENT_DUE}

_CHOICE = """LATERAL (
    SELECT muted_by_email, muted_by_sms FROM notice_choice
    WHERE notice_choice.user_id = {user}
    AND (notice_choice.account_id = {account} OR notice_choice.account_id IS NULL)
    ORDER BY notice_choice.account_id NULLS LAST LIMIT 1
) AS choice"""

REFUSED = """EXISTS (SELECT FROM refused_address AS refused WHERE refused.user_id = {user}
AND refused.channel = {channel} AND refused.address = {address})"""

WANTED_WAYS = f"""
JOIN "user" AS person ON person.id = notice.user_id AND person.locked_at IS NULL
LEFT JOIN notice_manners AS manners ON manners.user_id = notice.user_id
LEFT JOIN {_CHOICE.format(user="notice.user_id", account="notice.account_id")} ON true
JOIN LATERAL (VALUES
    ('EMAIL', person.email_key,
        {{topic}} <> ALL (coalesce(choice.muted_by_email, ARRAY[]::text[]))),
    ('SMS', person.phone, {{topic}} <> ALL (coalesce(choice.muted_by_sms, ARRAY[]::text[]))
        AND manners.has_sms AND person.phone LIKE '+79%'
        AND {CONFIRMED.format(user="person.id", phone="person.phone")})
) AS way (channel, address, is_wanted) ON way.is_wanted AND NOT {
    REFUSED.format(user="person.id", channel="way.channel", address="way.address")
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


def on_in_sql(channel: str, *, user: str, account: str) -> str:
    """The topics that a person gets by a channel, `email` or `sms`, as an array."""
    every = ", ".join(f"'{topic}'" for topic in Topic)
    choice = _CHOICE.format(user=user, account=account).removeprefix("LATERAL ")
    return (
        f"ARRAY(SELECT topic FROM unnest(ARRAY[{every}]) WITH ORDINALITY AS known (topic, place) "  # noqa: S608 - our own names
        f"WHERE topic <> ALL (coalesce((SELECT muted_by_{channel} FROM {choice}), "
        "ARRAY[]::text[])) ORDER BY place)"
    )
