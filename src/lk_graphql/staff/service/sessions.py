"""Staff sessions: sign-in with two factors, idle time-out, end."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import DAY, HOUR, MINUTE, AttemptLimit, AttemptWindow
from lk_graphql.identity.service import sessions as customers
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
"""A shift; from the sign-in."""
IDLE_TIMEOUT = timedelta(minutes=30)
"""Without a request. A read writes when the session was used, once a minute at most."""


@dataclass(frozen=True)
class OpenedStaffSession:
    """A session and its token, which can't be read again; recovery codes at an enrolment."""

    staff: StaffViewer
    token: str
    expires_at: datetime
    recovery_codes: list[str] = field(default_factory=list[str])


async def open_session(member: StaffMember, *, client: Client, now: datetime) -> OpenedStaffSession:
    """For a transaction that has checked both factors."""
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
    await audit.record(Act.SIGNED_IN, by=member.id, client=client, now=now)
    return OpenedStaffSession(
        StaffViewer(member.id, session.id, member.role), token, session.expires_at
    )


async def end(staff: StaffViewer, *, everywhere: bool, client: Client, now: datetime) -> int:
    """Sign out, here or on all devices; how many sessions that ended.

    Raises `SessionOver` when another request was faster.
    """
    async with in_transaction():
        await customers.end_of_staff(staff.id, now=now)
        living = _active_sessions(staff.id, now)
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
    return await _active_sessions(member_id, now).update(ended_at=now)


async def delete_old(*, now: datetime) -> None:
    """Delete sessions that are over; the audit log says who signed in and when."""
    await StaffSession.filter(expires_at__lt=now).delete()


def _active_sessions(member_id: UUID, now: datetime) -> QuerySet[StaffSession]:
    return StaffSession.filter(member_id=member_id, ended_at__isnull=True, expires_at__gt=now)


# An office behind one address signs in at eight o'clock.
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
# Counted apart and never forgiven: whoever knows the password has 20 guesses a day at one of a
# million codes, however often its owner signs in meanwhile.
CODE_ATTEMPTS = AttemptLimit(
    "staff-code/email", (AttemptWindow(10, HOUR), AttemptWindow(20, DAY)), TooManyStaffTries
)


@dataclass(frozen=True)
class StaffCredentials:
    """As typed; without a code, to learn whether one is wanted."""

    email: str
    password: str
    code: str | None = None


async def sign_in(
    typed: StaffCredentials,
    *,
    client: Client,
    now: datetime,
    issuer: str,
    passwords: Passwords,
    links: Signer,
) -> OpenedStaffSession | Enrolment:
    """Open a session; the first time, without a code, say what an app has to scan.

    The first code that comes back enrols it. An unknown address costs as much as a wrong password;
    what else is wrong is told only to whoever knows the password.
    """
    member = await _authenticate(typed, client=client, now=now, passwords=passwords, links=links)
    if typed.code is None and member.enrolled_at is None:
        return second_factor.enrolment(member, issuer=issuer, links=links)
    if typed.code is None:
        raise CodeRequired("code")
    await rate_limits.count_attempt(CODE_ATTEMPTS, member.email, signer=links, now=now)
    async with in_transaction():
        locked = await _is_hash_unchanged(member)
        await second_factor.check(locked, typed.code, links=links, now=now)
        codes = await _enrol(locked, client=client, now=now)
        opened = await open_session(locked, client=client, now=now)
    await rate_limits.reset(PER_EMAIL, member.email, signer=links)
    return OpenedStaffSession(opened.staff, opened.token, opened.expires_at, codes)


async def _authenticate(
    typed: StaffCredentials, *, client: Client, now: datetime, passwords: Passwords, links: Signer
) -> StaffMember:
    """Whoever the password shows it to be."""
    email = typed.email.strip().lower()
    await rate_limits.count_attempt(
        PER_CLIENT, rate_limits.client_network(client.address), signer=links, now=now
    )
    await rate_limits.count_attempt(PER_EMAIL, email, signer=links, now=now)
    member = await StaffMember.get_or_none(email=email) if "\x00" not in email else None
    is_right = await passwords.verify(member.password_hash if member else None, typed.password)
    if member is None or not is_right:
        raise WrongStaffCredentials
    if member.locked_at is not None:
        raise StaffLocked
    return member


async def _is_hash_unchanged(member: StaffMember) -> StaffMember:
    """The member again, kept from changing; raises if the password or the lock just has."""
    same = StaffMember.filter(
        id=member.id, password_hash=member.password_hash, locked_at__isnull=True
    )
    found = await same.select_for_update().first()
    if found is None:
        raise WrongStaffCredentials
    return found


async def _enrol(member: StaffMember, *, client: Client, now: datetime) -> list[str]:
    """Recovery codes, at the first sign-in."""
    if member.enrolled_at is not None:
        return []
    member.enrolled_at = now
    await member.save(update_fields=["enrolled_at"])
    await audit.record(Act.FACTOR_ENROLLED, by=member.id, client=client, now=now)
    return await second_factor.new_recovery_codes(member)
