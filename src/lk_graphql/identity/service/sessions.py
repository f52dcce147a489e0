"""Sessions: opened by a sign-in, listed, ended one by one or all at once («сеансы»)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from tortoise.queryset import QuerySet

from lk_graphql.identity.errors import SessionNotFound
from lk_graphql.identity.models import Session, User
from lk_graphql.kit.signing import hash_token, new_token
from lk_graphql.kit.viewer import Client, Viewer

LIFETIME = timedelta(days=30)
"""From the sign-in. Reading doesn't prolong it: a read must not become a write."""
STAFF_VISIT_LIFETIME = timedelta(minutes=15)
"""A telephone call."""
MAX_SESSIONS = 20
"""Living sessions of a user; the oldest ends when another one is opened."""


@dataclass(frozen=True)
class OpenedSession:
    """A session and its token, which is nowhere else and can't be read again."""

    viewer: Viewer
    token: str
    expires_at: datetime


class StaffVisit(NamedTuple):
    """A member of staff's look at somebody's cabinet, and why."""

    staff_id: UUID
    reason: str


async def open_session(user: User, *, client: Client, now: datetime) -> OpenedSession:
    """For a transaction that has made sure who it is."""
    await _end_oldest(user, now)
    return await _open(user.id, lifetime=LIFETIME, client=client, now=now)


async def open_for_staff(
    user_id: UUID, visit: StaffVisit, *, client: Client, now: datetime
) -> OpenedSession:
    """Let staff see the cabinet as the customer does: read-only, short, for a reason."""
    return await _open(user_id, lifetime=STAFF_VISIT_LIFETIME, visit=visit, client=client, now=now)


async def end_of_staff(staff_id: UUID, *, now: datetime) -> None:
    """End whatever cabinets a member of staff is looking at."""
    open_ = Session.filter(staff_id=staff_id, ended_at__isnull=True, expires_at__gt=now)
    await open_.update(ended_at=now)


async def end(viewer: Viewer, *, everywhere: bool = False, now: datetime) -> int:
    """Sign out, here or on all devices; how many sessions that ended.

    Raises `SessionNotFound` when another request was faster.
    """
    mine = _sessions_of(viewer.id, now)
    ended = await (mine if everywhere else mine.filter(id=viewer.session_id)).update(ended_at=now)
    if not ended:
        raise SessionNotFound
    return ended


async def revoke(viewer: Viewer, session_id: UUID | None, *, now: datetime) -> None:
    """End one of one's own sessions, also this one. Raises `SessionNotFound`."""
    if not await _sessions_of(viewer.id, now).filter(id=session_id).update(ended_at=now):
        raise SessionNotFound("sessionId")


async def revoke_others(viewer: Viewer, *, keep: Sequence[UUID | None] = (), now: datetime) -> int:
    """End all but this one and those to `keep`; how many there were.

    Raises `SessionNotFound`, and ends none, when one to keep isn't a living one of the viewer's.
    """
    mine = _sessions_of(viewer.id, now)
    spared = {viewer.session_id, *keep}
    if await mine.filter(id__in=[key for key in spared if key]).count() != len(spared):
        raise SessionNotFound("keep")
    return await mine.exclude(id__in=spared).update(ended_at=now)


async def end_all(user_id: UUID, *, now: datetime) -> int:
    """End every session of a user; how many there were."""
    return await _active_sessions(user_id, now).update(ended_at=now)


async def _open(
    user_id: UUID,
    *,
    lifetime: timedelta,
    visit: StaffVisit | None = None,
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
        staff_id=visit and visit.staff_id,
        reason=visit and visit.reason,
    )
    viewer = Viewer(user_id, session.id, is_read_only=visit is not None)
    return OpenedSession(viewer, token, session.expires_at)


async def _end_oldest(user: User, now: datetime) -> None:
    newest_first = _sessions_of(user.id, now).order_by("-created_at")
    crowded = (
        await newest_first.offset(MAX_SESSIONS - 1).limit(MAX_SESSIONS).values_list("id", flat=True)
    )
    if crowded:
        await Session.filter(id__in=crowded).update(ended_at=now)


def _sessions_of(user_id: UUID, now: datetime) -> QuerySet[Session]:
    """Those that the person opened; staff's are in the access log."""
    return _active_sessions(user_id, now).filter(staff_id__isnull=True)


def _active_sessions(user_id: UUID, now: datetime) -> QuerySet[Session]:
    return Session.filter(user_id=user_id, ended_at__isnull=True, expires_at__gt=now)
