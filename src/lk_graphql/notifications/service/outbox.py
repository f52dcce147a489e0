"""The queue of deliveries: leases in batches, results, and repeats.

The table is the queue, so that a million notices don't make a million jobs. A lease postpones a
delivery by `LEASE`, so that after a crash another sender takes it; `attempts` then shows that the
gateway may already have the message.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from lk_graphql.database import raw_sql
from lk_graphql.kit.emails import Email
from lk_graphql.kit.languages import Language
from lk_graphql.kit.names import salutation
from lk_graphql.kit.phones import Phone
from lk_graphql.notifications.models import (
    Delivery,
    DeliveryState,
    Notice,
    NoticeChannel,
    NoticeKind,
)
from lk_graphql.notifications.service.settings import DEFAULT_QUIET_HOURS, QuietHours
from lk_graphql.notifications.service.texts import NoticeFacts
from lk_graphql.notifications.service.topics import (
    EXPIRES_WITH_DAY,
    STILL_LINKED_SQL,
    SUBSCRIBED_CHANNELS_SQL,
    TOPIC_OF,
)

LEASE = timedelta(minutes=5)

_LEASE = """
WITH due AS (
    SELECT id FROM delivery WHERE channel = $1 AND state = 'WAITING' AND due_at <= $2
    ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED
), taken AS (
    UPDATE delivery SET due_at = $2::timestamptz + $4::interval, attempts = attempts + 1
    FROM due WHERE delivery.id = due.id
    RETURNING delivery.id, delivery.notice_id, delivery.attempts, delivery.refusals
)
SELECT taken.id, taken.attempts, taken.refusals, notice.kind, notice.period, notice.day,
    notice.amount, notice.reference, notice.subject_id, notice.account_id, account.number,
    account.address AS account_address,
    addressee.email_key, addressee.phone, addressee.first_name, addressee.patronymic,
    addressee.preferred_language,
    delivery_settings.user_id AS has_settings, quiet_from, quiet_until,
    EXISTS (SELECT FROM (SELECT notice.*) AS notice {channels} AND target.channel = $1)
    AND {still_linked} AS is_subscribed
FROM taken JOIN notice ON notice.id = taken.notice_id
JOIN "user" AS addressee ON addressee.id = notice.user_id
LEFT JOIN account ON account.id = notice.account_id
LEFT JOIN notice_manners AS delivery_settings ON delivery_settings.user_id = notice.user_id
"""

_SAVE_RESULTS = """
WITH settled AS (
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::int[],
        $6::text[], $7::int[]) AS settled (id, state, sent_at, due_at, untried, refused, refusals)
), marked AS (
    INSERT INTO refused_address (id, user_id, channel, address, refused_at)
    SELECT DISTINCT ON (notice.user_id) new_key(), notice.user_id, delivery.channel, refused,
        settled.due_at
    FROM settled JOIN delivery ON delivery.id = settled.id AND settled.refused IS NOT NULL
    JOIN notice ON notice.id = delivery.notice_id
    ON CONFLICT (user_id, channel) DO UPDATE
    SET address = excluded.address, refused_at = excluded.refused_at
)
UPDATE delivery SET state = settled.state, sent_at = settled.sent_at, due_at = settled.due_at,
    attempts = delivery.attempts - settled.untried,
    refusals = delivery.refusals + settled.refusals
FROM settled WHERE delivery.id = settled.id
"""

_RESERVE = """
INSERT INTO delivery_pace AS pace (channel, free_at) VALUES ($1, $2::timestamptz + $3::interval)
ON CONFLICT (channel) DO UPDATE SET free_at = greatest(pace.free_at, $2) + $3
RETURNING free_at - $3 AS starts_at
"""


_RESEND = f"""
INSERT INTO delivery (id, notice_id, channel, state, attempts, due_at)
SELECT new_key(), notice.id, target.channel, 'WAITING', 0, $2::timestamptz
FROM notice {SUBSCRIBED_CHANNELS_SQL.replace("{topic}", "$3::text")}
WHERE notice.id = $1 AND {STILL_LINKED_SQL}
ON CONFLICT (notice_id, channel) WHERE state = 'WAITING' DO NOTHING
RETURNING id
"""  # noqa: S608 - constants


@dataclass(frozen=True)
class LeasedDelivery:
    """A leased delivery with the facts of its message and its addresses."""

    id: UUID
    attempts: int
    refusals: int
    """The number of attempts that ended in a `DoubtfulError`."""
    kind: NoticeKind
    facts: NoticeFacts
    email: Email
    phone: Phone
    name: str
    language: Language
    quiet_hours: QuietHours | None
    is_subscribed: bool
    """False if the topic, the account or the number is no longer the recipient's."""
    subject_id: UUID | None = None
    account_id: UUID | None = None
    account_address: str | None = None

    def address(self, channel: NoticeChannel) -> str:
        return self.email if channel is NoticeChannel.EMAIL else self.phone


@dataclass(frozen=True)
class DeliveryResult:
    """The result of a delivery: final, or WAITING until `due_at`.

    `was_attempted` is false for a delivery that was only postponed, because this isn't an attempt.
    A `refused` address gets no further deliveries. `is_doubtful` is a refusal without a reason.
    """

    id: UUID
    state: DeliveryState
    now: datetime
    due_at: datetime | None = None
    was_attempted: bool = True
    refused: str | None = None
    is_doubtful: bool = False


async def lease(channel: NoticeChannel, limit: int, *, now: datetime) -> list[LeasedDelivery]:
    """Lease the deliveries that have been due the longest, for `LEASE`."""
    topics = orjson.dumps({str(kind): str(topic) for kind, topic in TOPIC_OF.items()}).decode()
    channels = SUBSCRIBED_CHANNELS_SQL.replace("{topic}", "($5::jsonb ->> notice.kind)")
    statement = _LEASE.replace("{channels}", channels).replace("{still_linked}", STILL_LINKED_SQL)
    rows = await raw_sql.fetch(statement, channel.value, now, limit, LEASE, topics)
    return [_lease_of(row) for row in rows]


async def save_results(results: Sequence[DeliveryResult]) -> None:
    """Save the results of deliveries by one channel."""
    columns = (
        [result.id for result in results],
        [result.state.value for result in results],
        [result.now if result.state is DeliveryState.SENT else None for result in results],
        [result.due_at or result.now for result in results],
        [0 if result.was_attempted else 1 for result in results],
        [result.refused for result in results],
        [int(result.is_doubtful) for result in results],
    )
    await raw_sql.fetch(_SAVE_RESULTS, *columns)


async def reserve(channel: NoticeChannel, span: timedelta, *, now: datetime) -> datetime:
    """Reserve the channel for `span` after all earlier reservations; return the start."""
    (row,) = await raw_sql.fetch(_RESERVE, channel.value, now, span)
    return row["starts_at"]


async def resend(notice: Notice, *, today: date, now: datetime) -> int:
    """Create new deliveries of a notice; return the number of channels.

    No delivery is created for an unsubscribed topic, a refused address, a channel with a waiting
    delivery, or a reminder of a day that has passed. Quiet hours and later changes of the settings
    apply at the time of sending.
    """
    topic = TOPIC_OF.get(notice.kind)
    is_late = notice.kind in EXPIRES_WITH_DAY and notice.day and notice.day < today
    if topic is None or is_late:
        return 0
    return len(await raw_sql.fetch(_RESEND, notice.id, now, topic.value))


async def is_in_delivery(notice_id: UUID) -> bool:
    return await Delivery.exists(notice_id=notice_id, state=DeliveryState.WAITING)


def _lease_of(row: Mapping[str, Any]) -> LeasedDelivery:
    return LeasedDelivery(
        id=UUID(bytes=row["id"].bytes),  # asyncpg has a UUID class of its own
        attempts=row["attempts"],
        refusals=row["refusals"],
        kind=NoticeKind(row["kind"]),
        facts=NoticeFacts(
            row["number"], row["period"], row["day"], row["amount"], row["reference"]
        ),
        email=Email(row["email_key"]),
        phone=Phone(row["phone"]),
        name=salutation(row["first_name"], row["patronymic"]),
        language=Language(row["preferred_language"]),
        quiet_hours=_quiet_hours(row) if row["has_settings"] else DEFAULT_QUIET_HOURS,
        is_subscribed=row["is_subscribed"],
        subject_id=row["subject_id"],
        account_id=row["account_id"],
        account_address=row["account_address"],
    )


def _quiet_hours(row: Mapping[str, Any]) -> QuietHours | None:
    start: int | None = row["quiet_from"]
    end: int | None = row["quiet_until"]
    return QuietHours.of_minutes(start, end) if start is not None and end is not None else None
