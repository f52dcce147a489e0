"""Sessions («сеансы»): opened by a sign-in or by staff, ended one by one or together."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise.queryset import QuerySet

from lk_graphql.database import raw_sql
from lk_graphql.identity.errors import SessionNotFound
from lk_graphql.identity.models import Session, User
from lk_graphql.kit.file_links import LINK_ISSUED_AT, LINK_SESSION, reader_sql
from lk_graphql.kit.registry import Registry
from lk_graphql.kit.signing import hash_token, new_token
from lk_graphql.kit.viewer import Client, Viewer

LIFETIME = timedelta(days=30)
"""Counted from the sign-in. Queries don't prolong it, because each would cost a write."""
STAFF_SESSION_LIFETIME = timedelta(minutes=15)
"""About the length of a telephone call."""
MAX_SESSIONS = 20
"""Active sessions of a user; a further sign-in ends the oldest."""


@dataclass(frozen=True)
class OpenedSession:
    """A new session and its token, which isn't stored."""

    viewer: Viewer
    token: str
    expires_at: datetime
    device_token: str = ""
    """Makes the device known at the next sign-in; empty in a read-only session of staff."""


class StaffAccess(NamedTuple):
    """Access of a member of staff to a customer's cabinet, and its reason."""

    staff_id: UUID
    reason: str


def session_sql(digest: str = "$1", now: str = "$2") -> str:
    """Return the SQL that selects the user and session of a token; every plan includes it.

    `digest` is an SQL expression for the SHA-256 of the token, `now` one for the time.
    """
    return f"""
SELECT session.user_id, session.id AS session_id, session.staff_id IS NOT NULL AS is_read_only
FROM session JOIN "user" ON "user".id = session.user_id
WHERE session.token_hash = {digest} AND session.expires_at > {now}
AND session.ended_at IS NULL
AND "user".activated_at IS NOT NULL AND "user".locked_at IS NULL
"""  # noqa: S608 - expressions from our own code


def position_sql(digest: str = "$1") -> str:
    """Return an SQL expression for the position of a token's session."""
    return f"(SELECT position FROM session WHERE token_hash = {digest})"  # noqa: S608 - as above


_RECORD_POSITION = """
UPDATE session SET position = pg_current_wal_insert_lsn() - '0/0'
WHERE id = $1 AND set_config('synchronous_commit', 'off', true) = 'off'
"""
"""The update isn't durable, so it doesn't wait for the disk; the change before it in the log is."""


async def record_position(session_id: UUID) -> None:
    """Record the log's present position for a session that has changed or been shown something.

    From now on a replica answers the session only after it has replayed everything that was
    committed before. Call it outside of a transaction, and before the response to the change is
    sent.
    """
    await raw_sql.fetch(_RECORD_POSITION, session_id)


async def record_positions(user_id: UUID) -> None:
    """Record the position for each session of a user, for a change made without a session."""
    own = Session.filter(user_id=user_id, staff_id__isnull=True, ended_at__isnull=True)
    for session in await own.only("id"):
        await record_position(session.id)  # one by one: locking several could deadlock


READER_SQL = reader_sql(
    session_sql,
    f"""(SELECT session.token_hash FROM session JOIN "user" ON "user".id = session.user_id
WHERE session.id = {LINK_SESSION} AND "user".password_changed_at <= {LINK_ISSUED_AT})""",  # noqa: S608 - parameters
)
"""The SQL of the customer who opens a document; a new password invalidates earlier links."""


async def open_session(user: User, *, client: Client, now: datetime) -> OpenedSession:
    """Open a session in the transaction that has authenticated the user."""
    await _end_oldest(user, now)
    return await _open(user.id, lifetime=LIFETIME, client=client, now=now)


async def open_for_staff(
    user_id: UUID, access: StaffAccess, *, client: Client, now: datetime
) -> OpenedSession:
    """Open a short read-only session of the customer's cabinet for staff."""
    return await _open(
        user_id, lifetime=STAFF_SESSION_LIFETIME, access=access, client=client, now=now
    )


async def end_of_staff(staff_id: UUID, *, now: datetime) -> None:
    """End the customer sessions that a member of staff has opened."""
    active = Session.filter(staff_id=staff_id, ended_at__isnull=True, expires_at__gt=now)
    await active.update(ended_at=now)


async def end_by_tokens(token_hashes: Collection[bytes], now: datetime) -> None:
    active = Session.filter(token_hash__in=[*token_hashes], ended_at__isnull=True)
    await active.filter(expires_at__gt=now).update(ended_at=now)


async def end_of_token(token_hash: bytes) -> datetime | None:
    session = await Session.get_or_none(token_hash=token_hash)
    return session and (session.ended_at or session.expires_at)


class TokenOwner(NamedTuple):
    """A kind of owners of session tokens: customers, or staff.

    `end` ends the sessions of tokens. `ends_at` finds the time at which a token's session has
    ended or will end, None for a token of others.
    """

    end: Callable[[Collection[bytes], datetime], Awaitable[None]]
    ends_at: Callable[[bytes], Awaitable[datetime | None]]


TOKEN_OWNERS = Registry[str, TokenOwner]({"customers": TokenOwner(end_by_tokens, end_of_token)})
"""The owners of tokens by kind; the slice of staff registers its own."""


async def session_end(token_hash: bytes) -> datetime | None:
    """The time at which a token's session has ended or will end; None for other tokens."""
    for owner in TOKEN_OWNERS.values():
        if (ends_at := await owner.ends_at(token_hash)) is not None:
            return ends_at
    return None


async def end_sessions_of_tokens(token_hashes: Collection[bytes], *, now: datetime) -> None:
    """End the sessions whose tokens came with a sign-in, of customers and of staff."""
    if token_hashes:
        for owner in TOKEN_OWNERS.values():
            await owner.end(token_hashes, now)


async def end(viewer: Viewer, *, everywhere: bool = False, now: datetime) -> int:
    """Sign out, here or on all devices, and return the number of ended sessions.

    Raises `SessionNotFound` if the session has already ended.
    """
    sessions = _sessions_of(viewer.id, now)
    if not everywhere:
        sessions = sessions.filter(id=viewer.session_id)
    count = await sessions.update(ended_at=now)
    if not count:
        raise SessionNotFound
    return count


async def revoke(viewer: Viewer, session_id: UUID | None, *, now: datetime) -> None:
    """End a session of the viewer, possibly the current one. Raises `SessionNotFound`."""
    if not await _sessions_of(viewer.id, now).filter(id=session_id).update(ended_at=now):
        raise SessionNotFound("sessionId")


async def revoke_others(viewer: Viewer, *, keep: Sequence[UUID | None] = (), now: datetime) -> int:
    """End all sessions except the current one and those to `keep`; return their number.

    Raises `SessionNotFound`, and ends none, if one to keep isn't an active session of the viewer.
    """
    sessions = _sessions_of(viewer.id, now)
    keys = {viewer.session_id, *keep}
    if await sessions.filter(id__in=[key for key in keys if key]).count() != len(keys):
        raise SessionNotFound("keep")
    return await sessions.exclude(id__in=keys).update(ended_at=now)


async def end_all(user_id: UUID, *, now: datetime) -> int:
    """End every session of a user and return their number."""
    return await _active_sessions(user_id, now).update(ended_at=now)


async def _open(
    user_id: UUID,
    *,
    lifetime: timedelta,
    access: StaffAccess | None = None,
    client: Client,
    now: datetime,
) -> OpenedSession:
    token = new_token()
    session = await Session.create(
        user_id=user_id,
        token_hash=hash_token(token),
        client_address=client.address,
        user_agent=client.user_agent[:300],
        created_at=now,
        expires_at=now + lifetime,
        staff_id=access and access.staff_id,
        reason=access and access.reason,
    )
    viewer = Viewer(user_id, session.id, is_read_only=access is not None)
    return OpenedSession(viewer, token, session.expires_at)


async def _end_oldest(user: User, now: datetime) -> None:
    newest_first = _sessions_of(user.id, now).order_by("-created_at")
    surplus_ids = (
        await newest_first.offset(MAX_SESSIONS - 1).limit(MAX_SESSIONS).values_list("id", flat=True)
    )
    if surplus_ids:
        await Session.filter(id__in=surplus_ids).update(ended_at=now)


def _sessions_of(user_id: UUID, now: datetime) -> QuerySet[Session]:
    """Return the active sessions that the user opened, without those of staff."""
    return _active_sessions(user_id, now).filter(staff_id__isnull=True)


def _active_sessions(user_id: UUID, now: datetime) -> QuerySet[Session]:
    return Session.filter(user_id=user_id, ended_at__isnull=True, expires_at__gt=now)
