"""Signing in: e-mail and password, and a code of the second factor."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.transactions import in_transaction

from lk_graphql.backoffice.errors import (
    CodeRequired,
    StaffLocked,
    TooManyStaffTries,
    WrongEmailOrPassword,
)
from lk_graphql.backoffice.models import Act, StaffMember
from lk_graphql.backoffice.service import audit, second_factor, sessions
from lk_graphql.backoffice.service.second_factor import Enrolment
from lk_graphql.backoffice.service.sessions import Opened
from lk_graphql.identity.service import limits
from lk_graphql.identity.service.limits import DAY, HOUR, MINUTE, Limit, Window
from lk_graphql.kit.tokens import Links
from lk_graphql.kit.viewer import Client
from lk_graphql.ports.passwords import Passwords

# An office behind one address signs in at eight o'clock.
FROM_CLIENT = Limit(
    "staff-sign-in/client", (Window(60, 15 * MINUTE), Window(300, DAY)), TooManyStaffTries
)
OF_EMAIL = Limit(
    "staff-sign-in/email",
    (Window(5, 15 * MINUTE), Window(10, 3 * HOUR), Window(20, DAY)),
    TooManyStaffTries,
)
# Counted apart and never forgiven: whoever knows the password has 20 guesses a day at one of a
# million codes, however often its owner signs in meanwhile.
CODES = Limit("staff-code/email", (Window(10, HOUR), Window(20, DAY)), TooManyStaffTries)


@dataclass(frozen=True)
class Credentials:
    """As typed; without a code, to learn whether one is wanted."""

    email: str
    password: str
    code: str | None = None


async def sign_in(
    typed: Credentials,
    *,
    client: Client,
    now: datetime,
    issuer: str,
    passwords: Passwords,
    links: Links,
) -> Opened | Enrolment:
    """Open a session; the first time, without a code, say what an app has to scan.

    The first code that comes back enrols it. An unknown address costs as much as a wrong password;
    what else is wrong is told only to whoever knows the password.
    """
    member = await _known(typed, client=client, now=now, passwords=passwords, links=links)
    if typed.code is None and member.enrolled_at is None:
        return second_factor.enrolment(member, issuer=issuer, links=links)
    if typed.code is None:
        raise CodeRequired("code")
    await limits.spend(CODES, member.email, links=links, now=now)
    async with in_transaction():
        locked = await _unchanged(member)
        await second_factor.check(locked, typed.code, links=links, now=now)
        codes = await _enrol(locked, client=client, now=now)
        opened = await sessions.open_session(locked, client=client, now=now)
    await limits.forgive(OF_EMAIL, member.email, links=links)
    return Opened(opened.staff, opened.token, opened.expires_at, codes)


async def _known(
    typed: Credentials, *, client: Client, now: datetime, passwords: Passwords, links: Links
) -> StaffMember:
    """Whoever the password shows it to be."""
    email = typed.email.strip().lower()
    await limits.spend(FROM_CLIENT, limits.network(client.address), links=links, now=now)
    await limits.spend(OF_EMAIL, email, links=links, now=now)
    member = await StaffMember.get_or_none(email=email) if "\x00" not in email else None
    is_right = await passwords.verify(member.password_hash if member else None, typed.password)
    if member is None or not is_right:
        raise WrongEmailOrPassword
    if member.locked_at is not None:
        raise StaffLocked
    return member


async def _unchanged(member: StaffMember) -> StaffMember:
    """The member again, kept from changing; raises if the password or the lock just has."""
    same = StaffMember.filter(
        id=member.id, password_hash=member.password_hash, locked_at__isnull=True
    )
    found = await same.select_for_update().first()
    if found is None:
        raise WrongEmailOrPassword
    return found


async def _enrol(member: StaffMember, *, client: Client, now: datetime) -> list[str]:
    """Recovery codes, at the first sign-in."""
    if member.enrolled_at is not None:
        return []
    member.enrolled_at = now
    await member.save(update_fields=["enrolled_at"])
    await audit.record(Act.FACTOR_ENROLLED, by=member.id, client=client, now=now)
    return await second_factor.new_recovery_codes(member)
