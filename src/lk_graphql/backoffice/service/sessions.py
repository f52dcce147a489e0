"""Staff's sessions: opened by two factors, short, and over when nobody uses them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from lk_graphql.backoffice.errors import SessionOver
from lk_graphql.backoffice.models import Act, StaffMember, StaffSession
from lk_graphql.backoffice.service import audit
from lk_graphql.identity.service import sessions as customers
from lk_graphql.kit.tokens import hash_token, new_token
from lk_graphql.kit.viewer import Client, Staff

LASTS = timedelta(hours=12)
"""A shift; from the sign-in."""
IDLE = timedelta(minutes=30)
"""Without a request. A read writes when the session was used, once a minute at most."""


@dataclass(frozen=True)
class Opened:
    """A session and its token, which can't be read again; recovery codes at an enrolment."""

    staff: Staff
    token: str
    expires_at: datetime
    recovery_codes: list[str] = field(default_factory=list[str])


async def open_session(member: StaffMember, *, client: Client, now: datetime) -> Opened:
    """For a transaction that has checked both factors."""
    token = new_token()
    session = await StaffSession.create(
        member=member,
        token_hash=hash_token(token),
        client_address=client.address,
        user_agent=client.user_agent[:300],
        created_at=now,
        seen_at=now,
        expires_at=now + LASTS,
    )
    await audit.record(Act.SIGNED_IN, by=member.id, client=client, now=now)
    return Opened(Staff(member.id, session.id, member.role), token, session.expires_at)


async def end(staff: Staff, *, everywhere: bool, client: Client, now: datetime) -> int:
    """Sign out, here or on all devices; how many sessions that ended.

    Raises `SessionOver` when another request was faster.
    """
    async with in_transaction():
        await customers.end_of_staff(staff.id, now=now)
        living = _living(staff.id, now)
        ended = await (living if everywhere else living.filter(id=staff.session_id)).update(
            ended_at=now
        )
        if not ended:
            raise SessionOver
        await audit.record(Act.SIGNED_OUT, by=staff.id, client=client, now=now)
    return ended


async def end_all(member_id: UUID, *, now: datetime) -> int:
    """End every session of a member, and every cabinet they look at; how many sessions."""
    await customers.end_of_staff(member_id, now=now)
    return await _living(member_id, now).update(ended_at=now)


async def forget_old(*, now: datetime) -> None:
    """Delete sessions that are over; the audit log says who signed in and when."""
    await StaffSession.filter(expires_at__lt=now).delete()


def _living(member_id: UUID, now: datetime) -> QuerySet[StaffSession]:
    return StaffSession.filter(member_id=member_id, ended_at__isnull=True, expires_at__gt=now)
