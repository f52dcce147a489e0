"""Sign-in of staff with two factors: limits, captcha, known devices, failures in the audit log."""

from dataclasses import dataclass, replace
from datetime import datetime

from tortoise.transactions import in_transaction

from lk_graphql.guards import devices, rate_limits, security_events
from lk_graphql.guards.rate_limits import (
    DAY,
    HOUR,
    MINUTE,
    Attempt,
    AttemptCounter,
    AttemptLimit,
    AttemptWindow,
    RateLimitExceeded,
)
from lk_graphql.identity.service import sessions as customer_sessions
from lk_graphql.identity.service.authentication import (
    SignInAttempt,
    attempt_of,
    count_attempt,
    reset_attempts,
)
from lk_graphql.identity.service.captchas import CaptchaAnswer
from lk_graphql.identity.service.limits import STAFF_SIGN_INS
from lk_graphql.kit import emails
from lk_graphql.kit.emails import InvalidEmail
from lk_graphql.kit.errors import Refusal, Refusals, refusals_of
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client, SignInSource
from lk_graphql.ports.passwords import Passwords
from lk_graphql.staff.errors import (
    CodeRequired,
    StaffErrorCode,
    StaffLocked,
    WrongStaffCredentials,
)
from lk_graphql.staff.models import Act, StaffMember
from lk_graphql.staff.service import audit, second_factor
from lk_graphql.staff.service.audit import Subject
from lk_graphql.staff.service.second_factor import Enrolment, NewRecoveryCodes
from lk_graphql.staff.service.sessions import OpenedStaffSession, open_session

MAX_EMAIL_LENGTH = 254
"""Length of the column; Tortoise raises for a longer value in a filter."""
DEVICE = "staff-device"
"""Purpose of the tokens of staff's known devices."""
# A separate limit that a sign-in doesn't reset: somebody with the password has 20 guesses a day at
# a million codes, however often the owner signs in.
CODE_ATTEMPTS = AttemptLimit("staff-code/email", (AttemptWindow(10, HOUR), AttemptWindow(20, DAY)))


# Attempts over a limit aren't counted, so this limit counts their entries in the audit log.
RECORDED_REFUSALS = AttemptLimit("staff-sign-in/recorded", (AttemptWindow(1, 15 * MINUTE),))
UNKNOWN_LOGINS = AttemptLimit("staff-sign-in/unknown", (AttemptWindow(50, DAY),))
_UNCOUNTED = {
    StaffErrorCode.TOO_MANY_TRIES,
    StaffErrorCode.CAPTCHA_REQUIRED,
    StaffErrorCode.CAPTCHA_WRONG,
    StaffErrorCode.CAPTCHA_EXPIRED,
}


async def reset_failures(email: str, *, signer: Signer) -> None:
    """Reset the failed attempts of a member, who may then try again at once."""
    await rate_limits.reset(STAFF_SIGN_INS.of_login.with_captcha, email, signer=signer)
    await rate_limits.reset(CODE_ATTEMPTS, email, signer=signer)


def login_of(text: str) -> str:
    """The stored form of a typed address; a text that is no address is nobody's login."""
    try:
        return emails.parse(text)
    except InvalidEmail:
        return text.strip().lower()


@dataclass(frozen=True)
class StaffCredentials:
    """Credentials as entered; without a code, the sign-in reports whether one is required.

    `captcha` is needed only after `CAPTCHA_REQUIRED`.
    """

    email: str
    password: str
    code: str | None = None
    captcha: CaptchaAnswer | None = None


async def sign_in(
    credentials: StaffCredentials,
    *,
    source: SignInSource,
    now: datetime,
    issuer: str,
    passwords: Passwords,
    signer: Signer,
) -> OpenedStaffSession | Enrolment:
    """Open a session, or return the enrolment at the first sign-in without a code.

    The first valid code completes the enrolment. An unknown address takes as long as a wrong
    password; other faults are reported only after the right password. Failures are logged, and
    those of a member are in the audit log.
    """
    passwords.require_capacity()
    email = login_of(credentials.email)
    is_possible = "\x00" not in email and len(email) <= MAX_EMAIL_LENGTH
    member = await StaffMember.get_or_none(email=email) if is_possible else None
    device_id = devices.find(DEVICE, source.devices, member and member.id, signer=signer, now=now)
    attempt = attempt_of(email, device_id, member and member.password_hash, credentials.captcha)
    work = _SignIn(credentials, attempt, source, now, issuer, passwords, signer)
    with security_events.failed_sign_ins(
        "staff",
        email,
        address=source.client.address,
        is_known_device=device_id is not None,
        signer=signer,
    ):
        try:
            return await work.run(member)
        except (Refusal, Refusals) as error:
            for refusal in refusals_of(error):
                await work.record_failure(member, refusal)
            raise


@dataclass(frozen=True)
class _SignIn:
    """A sign-in with its dependencies."""

    credentials: StaffCredentials
    attempt: SignInAttempt
    source: SignInSource
    now: datetime
    issuer: str
    passwords: Passwords
    signer: Signer

    async def run(self, member: StaffMember | None) -> OpenedStaffSession | Enrolment:
        now, signer, code = self.now, self.signer, self.credentials.code
        async with AttemptCounter(signer, now) as attempts:
            await count_attempt(
                attempts, STAFF_SIGN_INS, self.attempt, self.source, signer=signer, now=now
            )
            known_member = await self._authenticated(member)
            if code is None and known_member.enrolled_at is None:
                return await second_factor.enrolment(
                    known_member, issuer=self.issuer, signer=signer
                )
            if code is None:
                raise CodeRequired("code")
            await attempts.count(CODE_ATTEMPTS, known_member.email)
            session = await self._open(known_member, code)
        await reset_attempts(STAFF_SIGN_INS, self.attempt, signer=signer)
        await self._upgrade_hash(known_member)
        token = devices.issue(DEVICE, known_member.id, signer=signer, now=now)
        return replace(session, device_token=token)

    async def record_failure(self, member: StaffMember | None, refusal: Refusal) -> None:
        """Add an entry without an author to the audit log; its reason is the code of the refusal.

        For an unknown address, a row of another table is written, so that the time reveals nothing.
        """
        login, code = self.attempt.login, refusal.code
        if isinstance(refusal, CodeRequired):  # the usual first half of a sign-in
            return
        if code in _UNCOUNTED and not await self._is_first(RECORDED_REFUSALS, login):
            return
        if member is None:
            await self._is_first(UNKNOWN_LOGINS, login)
            return
        await audit.record(
            Act.SIGN_IN_FAILED,
            Subject("staff_member", member.id),
            staff_id=None,
            client=self.source.client,
            reason=code,
            now=self.now,
        )

    async def _is_first(self, limit: AttemptLimit, login: str) -> bool:
        try:
            await Attempt(limit, login, self.signer, self.now).count()
        except RateLimitExceeded:
            return False
        return True

    async def _authenticated(self, member: StaffMember | None) -> StaffMember:
        """Return the member if the password matches."""
        password_hash = member.password_hash if member else None
        is_valid = await self.passwords.verify(password_hash, self.credentials.password)
        if member is None or not is_valid:
            raise WrongStaffCredentials
        if member.locked_at is not None:
            raise StaffLocked
        return member

    async def _upgrade_hash(self, member: StaffMember) -> None:
        """Rehash with the current cost; the plain password is only available at sign-in."""
        old_hash = member.password_hash or ""
        if self.passwords.needs_rehash(old_hash):
            new_hash = await self.passwords.hash(self.credentials.password)
            unchanged = StaffMember.filter(id=member.id, password_hash=old_hash)
            await unchanged.update(password_hash=new_hash)

    async def _open(self, member: StaffMember, text: str) -> OpenedStaffSession:
        """Open a session; the first code enrols the factor. Raises `StaffCodeWrong`.

        Everything is hashed before the transaction.
        """
        now, client, passwords = self.now, self.source.client, self.passwords
        code = await second_factor.prove(
            member, text, passwords=passwords, signer=self.signer, now=now
        )
        is_enrolling = member.enrolled_at is None
        new_codes = await second_factor.new_recovery_codes(passwords) if is_enrolling else None
        async with in_transaction():
            locked_member = await _lock_unchanged(member)
            await second_factor.use(locked_member, code, now=now)
            if new_codes is not None:
                await _enrol(locked_member, new_codes, client=client, now=now)
            await customer_sessions.end_sessions_of_tokens(self.source.sessions, now=now)
            session = await open_session(locked_member, client=client, now=now)
        return replace(session, recovery_codes=new_codes.displayed if new_codes else [])


async def _lock_unchanged(member: StaffMember) -> StaffMember:
    """Lock the member's row; raise if a password, the factor or the lock has changed since."""
    members = StaffMember.filter(
        id=member.id,
        password_hash=member.password_hash,
        enrolled_at=member.enrolled_at,
        locked_at__isnull=True,
    )
    # a recovery code needs no secret, so there may be none
    secret = {"factor_secret": member.factor_secret} if member.factor_secret else {}
    locked_member = await members.filter(**secret).select_for_update().first()
    if locked_member is None:
        raise WrongStaffCredentials
    return locked_member


async def _enrol(
    member: StaffMember, codes: NewRecoveryCodes, *, client: Client, now: datetime
) -> None:
    """Enrol the factor at the first sign-in."""
    member.enrolled_at = now
    await member.save(update_fields=["enrolled_at"])
    await audit.record(Act.FACTOR_ENROLLED, staff_id=member.id, client=client, now=now)
    await second_factor.replace_recovery_codes(member, codes)
