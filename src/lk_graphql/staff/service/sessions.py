"""Staff sessions: idle time-out, end, and the SQL that resolves one."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from lk_graphql.database import retention
from lk_graphql.database.retention import OldRows
from lk_graphql.identity.service import sessions as customer_sessions
from lk_graphql.kit.errors import NotSignedIn
from lk_graphql.kit.file_links import LINK_ISSUED_AT, LINK_SESSION, reader_sql
from lk_graphql.kit.signing import hash_token, new_token
from lk_graphql.kit.viewer import Client, StaffViewer
from lk_graphql.staff.errors import SessionOver
from lk_graphql.staff.models import Act, StaffMember, StaffSession
from lk_graphql.staff.service import audit

LIFETIME = timedelta(hours=12)
"""Length of a shift, from the sign-in."""
IDLE_TIMEOUT = timedelta(minutes=30)
"""Maximum time between requests; the last use is written at most once a minute."""
_EXPIRED = OldRows("staff_session", "expires_at")  # a small table, without an index for it


def staff_session_sql(digest: str = "$1", now: str = "$2") -> str:
    """SQL that selects the active session of a token and its enrolled, unlocked member.

    `digest` is an SQL expression for the token's SHA-256, `now` one for the time.
    """
    return f"""
SELECT member.id AS staff_id, session.id AS staff_session_id, member.role::text AS role
FROM staff_session session JOIN staff_member member ON member.id = session.member_id
WHERE session.token_hash = {digest} AND session.expires_at > {now}
AND session.ended_at IS NULL
AND session.seen_at > {now} - interval '{IDLE_TIMEOUT.seconds} seconds'
AND session.created_at >= member.enrolled_at AND member.locked_at IS NULL
"""  # noqa: S608 - SQL expressions and a number from constants


READER_SQL = reader_sql(
    staff_session_sql,
    f"""(SELECT token_hash FROM staff_session
WHERE id = {LINK_SESSION} AND created_at <= {LINK_ISSUED_AT})""",  # noqa: S608 - parameters
)
"""The SQL of a member of staff who opens a document."""


@dataclass(frozen=True)
class OpenedStaffSession:
    """A new session with its token, and recovery codes after an enrolment."""

    staff: StaffViewer
    token: str
    expires_at: datetime
    device_token: str = ""
    recovery_codes: list[str] = field(default_factory=list[str])


async def open_session(member: StaffMember, *, client: Client, now: datetime) -> OpenedStaffSession:
    """Open a session, in the transaction that has checked both factors."""
    token = new_token()
    session = await StaffSession.create(
        member=member,
        token_hash=hash_token(token),
        client_address=client.address,
        user_agent=client.user_agent[:300],
        created_at=now,
        seen_at=now,
        expires_at=now + LIFETIME,
    )
    await audit.record(Act.SIGNED_IN, staff_id=member.id, client=client, now=now)
    return OpenedStaffSession(
        StaffViewer(member.id, session.id, member.role), token, session.expires_at
    )


async def end(staff: StaffViewer, *, everywhere: bool, client: Client, now: datetime) -> int:
    """End the session, or all of the member's; return how many ended.

    Raises `SessionOver` if a concurrent request has ended it.
    """
    async with in_transaction():
        active = _active_sessions(staff.id, now)
        count = await (active if everywhere else active.filter(id=staff.session_id)).update(
            ended_at=now
        )
        if not count:
            raise SessionOver
        await customer_sessions.end_of_staff(staff.id, now=now)  # one may have opened meanwhile
        await audit.record(Act.SIGNED_OUT, staff_id=staff.id, client=client, now=now)
    return count


async def end_all(member_id: UUID, *, now: datetime) -> int:
    """End all sessions of a member and the cabinets they opened; return how many sessions."""
    count = await _active_sessions(member_id, now).update(ended_at=now)
    await customer_sessions.end_of_staff(member_id, now=now)  # one may have opened meanwhile
    return count


async def lock_own(staff: StaffViewer) -> None:
    """Lock the session's row until the transaction ends.

    Raises `NotSignedIn` if the session, or all of a locked member's, ended since it was read.
    """
    active = StaffSession.filter(id=staff.session_id, ended_at__isnull=True)
    if await active.select_for_update().first() is None:
        raise NotSignedIn


async def end_by_tokens(token_hashes: Collection[bytes], now: datetime) -> None:
    """End the sessions whose tokens came with a sign-in, and the cabinets they opened."""
    presented = StaffSession.filter(token_hash__in=[*token_hashes], ended_at__isnull=True)
    for session in await presented.filter(expires_at__gt=now).select_related("member"):
        session.ended_at = now
        await session.save(update_fields=["ended_at"])
        await customer_sessions.end_of_staff(session.member.id, now=now)
        await audit.record(Act.SIGNED_OUT, staff_id=session.member.id, now=now)


async def end_of_token(token_hash: bytes) -> datetime | None:
    """The time at which a token's session has ended or will end; None for other tokens."""
    session = await StaffSession.get_or_none(token_hash=token_hash)
    return session and min(session.ended_at or session.expires_at, session.seen_at + IDLE_TIMEOUT)


async def delete_old(*, now: datetime) -> None:
    """Delete expired sessions; sign-ins stay in the audit log."""
    await retention.delete(_EXPIRED, before=now)


def _active_sessions(member_id: UUID, now: datetime) -> QuerySet[StaffSession]:
    return StaffSession.filter(member_id=member_id, ended_at__isnull=True, expires_at__gt=now)
