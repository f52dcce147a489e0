"""Staff sessions: sign-in with two factors, idle time-out, end."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import (
    DAY,
    HOUR,
    MINUTE,
    AttemptCounter,
    AttemptLimit,
    AttemptWindow,
)
from lk_graphql.identity.service import sessions as customer_sessions
from lk_graphql.kit.addresses import client_network
from lk_graphql.kit.signing import Signer, hash_token, new_token
from lk_graphql.kit.viewer import Client, StaffViewer
from lk_graphql.ports.passwords import Passwords
from lk_graphql.staff.errors import (
    CodeRequired,
    SessionOver,
    StaffLocked,
    TooManyStaffTries,
    WrongStaffCredentials,
)
from lk_graphql.staff.models import Act, StaffMember, StaffSession
from lk_graphql.staff.service import audit, second_factor
from lk_graphql.staff.service.second_factor import Enrolment

LIFETIME = timedelta(hours=12)
"""Length of a shift, from the sign-in."""
MAX_EMAIL_LENGTH = 254
"""Length of the column; Tortoise raises for a longer value in a filter."""
IDLE_TIMEOUT = timedelta(minutes=30)
"""Maximum time between requests; the last use is written at most once a minute."""
# All members of an office share one address and sign in at the same hour.
PER_CLIENT = AttemptLimit(
    "staff-sign-in/client",
    (AttemptWindow(60, 15 * MINUTE), AttemptWindow(300, DAY)),
    TooManyStaffTries,
)
PER_EMAIL = AttemptLimit(
    "staff-sign-in/email",
    (AttemptWindow(5, 15 * MINUTE), AttemptWindow(10, 3 * HOUR), AttemptWindow(20, DAY)),
    TooManyStaffTries,
)
# A separate limit that a sign-in doesn't reset: with a known password, 20 guesses a day at one of
# a million codes, however often the owner signs in.
CODE_ATTEMPTS = AttemptLimit(
    "staff-code/email", (AttemptWindow(10, HOUR), AttemptWindow(20, DAY)), TooManyStaffTries
)


@dataclass(frozen=True)
class OpenedStaffSession:
    """A new session with its token, and recovery codes after an enrolment."""

    staff: StaffViewer
    token: str
    expires_at: datetime
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
        await customer_sessions.end_of_staff(staff.id, now=now)
        active = _active_sessions(staff.id, now)
        count = await (active if everywhere else active.filter(id=staff.session_id)).update(
            ended_at=now
        )
        if not count:
            raise SessionOver
        await audit.record(Act.SIGNED_OUT, staff_id=staff.id, client=client, now=now)
    return count


async def end_all(member_id: UUID, *, now: datetime) -> int:
    """End all sessions of a member and the cabinets they opened; return how many sessions."""
    await customer_sessions.end_of_staff(member_id, now=now)
    return await _active_sessions(member_id, now).update(ended_at=now)


async def delete_old(*, now: datetime) -> None:
    """Delete expired sessions; sign-ins stay in the audit log."""
    await StaffSession.filter(expires_at__lt=now).delete()


@dataclass(frozen=True)
class StaffCredentials:
    """Credentials as entered; without a code, the sign-in reports whether one is required."""

    email: str
    password: str
    code: str | None = None


async def sign_in(
    credentials: StaffCredentials,
    *,
    client: Client,
    now: datetime,
    issuer: str,
    passwords: Passwords,
    links: Signer,
) -> OpenedStaffSession | Enrolment:
    """Open a session, or return the enrolment at the first sign-in without a code.

    The first valid code completes the enrolment. An unknown address takes as long as a wrong
    password; other faults are reported only after the right password.
    """
    async with AttemptCounter(links, now) as attempts:
        member = await _authenticate(credentials, attempts, client=client, passwords=passwords)
        if credentials.code is None and member.enrolled_at is None:
            return second_factor.enrolment(member, issuer=issuer, links=links)
        if credentials.code is None:
            raise CodeRequired("code")
        await attempts.count(CODE_ATTEMPTS, member.email)
        async with in_transaction():
            locked_member = await _lock_unchanged(member)
            await second_factor.check(locked_member, credentials.code, links=links, now=now)
            codes = await _enrol(locked_member, client=client, now=now)
            session = await open_session(locked_member, client=client, now=now)
    await rate_limits.reset(PER_EMAIL, member.email, signer=links)
    return OpenedStaffSession(session.staff, session.token, session.expires_at, codes)


def _active_sessions(member_id: UUID, now: datetime) -> QuerySet[StaffSession]:
    return StaffSession.filter(member_id=member_id, ended_at__isnull=True, expires_at__gt=now)


async def _authenticate(
    credentials: StaffCredentials,
    attempts: AttemptCounter,
    *,
    client: Client,
    passwords: Passwords,
) -> StaffMember:
    """Return the member whose password matches."""
    passwords.require_room()
    email = credentials.email.strip().lower()
    await attempts.count(PER_CLIENT, client_network(client.address))
    await attempts.count(PER_EMAIL, email)
    is_possible = "\x00" not in email and len(email) <= MAX_EMAIL_LENGTH
    member = await StaffMember.get_or_none(email=email) if is_possible else None
    is_valid = await passwords.verify(
        member.password_hash if member else None, credentials.password
    )
    if member is None or not is_valid:
        raise WrongStaffCredentials
    if member.locked_at is not None:
        raise StaffLocked
    return member


async def _lock_unchanged(member: StaffMember) -> StaffMember:
    """Lock the member's row; raise if the password or the lock has changed since."""
    members = StaffMember.filter(
        id=member.id, password_hash=member.password_hash, locked_at__isnull=True
    )
    locked_member = await members.select_for_update().first()
    if locked_member is None:
        raise WrongStaffCredentials
    return locked_member


async def _enrol(member: StaffMember, *, client: Client, now: datetime) -> list[str]:
    """Enrol the factor at the first sign-in and return the recovery codes."""
    if member.enrolled_at is not None:
        return []
    member.enrolled_at = now
    await member.save(update_fields=["enrolled_at"])
    await audit.record(Act.FACTOR_ENROLLED, staff_id=member.id, client=client, now=now)
    return await second_factor.new_recovery_codes(member)
