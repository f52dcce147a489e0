"""Deletion of expired rows («данные хранятся не дольше нужного»)."""

from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from lk_graphql.database import raw_sql, retention
from lk_graphql.database.retention import OldRows
from lk_graphql.guards import idempotency
from lk_graphql.identity.models import Consent, User

UNCONFIRMED_LIFETIME = timedelta(days=30)
"""The period that the consent text states for unconfirmed registrations."""

_EXPIRED = (
    OldRows("captcha", "expires_at"),
    OldRows("one_time_link", "expires_at"),
    OldRows("attempts", "forget_at", key="key"),
    OldRows("session", "expires_at"),
    OldRows("session", "ended_at"),
)
_CALLS = OldRows("idempotent_call", "happened_at")
_USER_BATCH = 500
# Locked, so that no user is activated while their consents are deleted. A link of the last day is
# valid as long as its mail says; one that was requested later doesn't prolong the time again.
_UNCONFIRMED = """
SELECT id FROM "user" u WHERE activated_at IS NULL AND created_at < $1::timestamptz - $2::interval
AND NOT EXISTS (
    SELECT FROM one_time_link l WHERE l.user_id = u.id AND l.used_at IS NULL
    AND l.expires_at > $1 AND l.created_at < u.created_at + $2
)
ORDER BY created_at LIMIT $3 FOR UPDATE SKIP LOCKED"""


async def delete_expired(*, now: datetime) -> None:
    """Delete expired rows, old idempotent calls and unconfirmed registrations."""
    for rows in _EXPIRED:
        await retention.delete(rows, before=now)
    await retention.delete(_CALLS, before=now - idempotency.RETENTION)
    while await _delete_unconfirmed(now=now) == _USER_BATCH:
        pass


async def _delete_unconfirmed(*, now: datetime) -> int:
    """Delete a batch of registrations with their consents, and return its size."""
    async with in_transaction():
        rows = await raw_sql.fetch(_UNCONFIRMED, now, UNCONFIRMED_LIFETIME, _USER_BATCH)
        keys = [row["id"] for row in rows]
        await Consent.filter(user_id__in=keys).delete()
        await User.filter(id__in=keys).delete()
    retention.count_deleted("user", len(keys))
    return len(keys)
