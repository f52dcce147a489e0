"""Sign-in with e-mail and password."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.guards import devices, rate_limits, security_events
from lk_graphql.guards.rate_limits import AttemptCounter, RateLimitExceeded
from lk_graphql.identity.errors import (
    CaptchaRequired,
    EmailNotActivated,
    UserLocked,
    WrongEmailOrPassword,
)
from lk_graphql.identity.models import User
from lk_graphql.identity.service import captchas, forms, limits, sessions
from lk_graphql.identity.service.captchas import CaptchaAnswer
from lk_graphql.identity.service.limits import SignInLimits
from lk_graphql.identity.service.sessions import OpenedSession
from lk_graphql.kit.addresses import client_network
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import SignInSource
from lk_graphql.ports.passwords import Passwords


@dataclass(frozen=True)
class Credentials:
    """Sign-in form as typed; `captcha` is needed only after `CaptchaRequired`."""

    email: str
    password: str
    captcha: CaptchaAnswer | None = None


DEVICE = "device"
"""Purpose of the tokens of customers' known devices."""


class SignInAttempt(NamedTuple):
    """A sign-in attempt: the login as typed, and the counter of the known device, if any.

    The counter belongs to the device and the present password: after a change of the password, the
    device starts without failures.
    """

    login: str
    device: str | None
    captcha: CaptchaAnswer | None


def attempt_of(
    login: str, device_id: UUID | None, password_hash: str | None, captcha: CaptchaAnswer | None
) -> SignInAttempt:
    device = None if device_id is None else f"{device_id}:{password_hash}"
    return SignInAttempt(login, device, captcha)


async def sign_in(
    credentials: Credentials,
    *,
    source: SignInSource,
    now: datetime,
    passwords: Passwords,
    signer: Signer,
) -> OpenedSession:
    """Open a session, end those whose tokens the request carries, and make the device known.

    An unknown address runs the same statements and the same hash as a wrong password. Raises
    `WrongEmailOrPassword`; `EmailNotActivated` and `UserLocked` only if the password is right.
    Raises `Unavailable`, without counting the attempt, if too many passwords are being hashed.
    """
    passwords.require_capacity()
    email = forms.email(credentials.email, "email")
    user = await User.by_email(email)
    device_id = devices.find(DEVICE, source.devices, user and user.id, signer=signer, now=now)
    attempt = attempt_of(email, device_id, user and user.password_hash, credentials.captcha)
    with security_events.failed_sign_ins(
        "customer",
        email,
        address=source.client.address,
        is_known_device=device_id is not None,
        signer=signer,
    ):
        async with AttemptCounter(signer, now) as attempts:
            await count_attempt(attempts, limits.SIGN_INS, attempt, source, signer=signer, now=now)
            known_user = await _authenticated(user, credentials.password, passwords)
            await reset_attempts(limits.SIGN_INS, attempt, signer=signer)
            await _upgrade_hash(known_user, credentials.password, passwords)
            async with in_transaction():
                await _lock_unchanged(known_user)
                await sessions.end_sessions_of_tokens(source.sessions, now=now)
                session = await sessions.open_session(known_user, client=source.client, now=now)
    token = devices.issue(DEVICE, known_user.id, signer=signer, now=now)
    return replace(session, device_token=token)


async def count_attempt(
    attempts: AttemptCounter,
    allowed: SignInLimits,
    attempt: SignInAttempt,
    source: SignInSource,
    *,
    signer: Signer,
    now: datetime,
) -> None:
    """Count a attempt. Raises `CaptchaRequired`, `RateLimitExceeded`, or faults of the captcha.

    A known device has its own counters instead of those of the network and the login, because
    attackers may have used those up. All known devices of a login share one more counter. It counts
    successes, too, because each sign-in creates a device and costs a hash.
    """
    if attempt.device is None:
        network = client_network(source.client.address)
        await attempts.count(allowed.from_client, network)
    await _count_by_captcha(attempts, allowed, attempt, signer=signer, now=now)
    if attempt.device is not None:
        await attempts.count(allowed.from_client, f"devices of {attempt.login}")


async def _count_by_captcha(
    attempts: AttemptCounter,
    allowed: SignInLimits,
    attempt: SignInAttempt,
    *,
    signer: Signer,
    now: datetime,
) -> None:
    subject = attempt.device or attempt.login
    password_limits = allowed.on_device if attempt.device else allowed.of_login
    if attempt.captcha is not None:
        form = FormErrors()
        with form.field("captcha"):
            await captchas.check(attempt.captcha, signer=signer, now=now)
        form.check()
        await attempts.count(password_limits.with_captcha, subject)
        await captchas.use(attempt.captcha, now=now)
        return
    try:
        await attempts.count(password_limits.without_captcha, subject)
    except RateLimitExceeded:
        limit = password_limits.with_captcha
        locked_until = await rate_limits.available_at(limit, subject, signer=signer, now=now)
        if locked_until > now:
            raise RateLimitExceeded(locked_until, now=now) from None
        raise CaptchaRequired("captcha") from None


async def reset_attempts(allowed: SignInLimits, attempt: SignInAttempt, *, signer: Signer) -> None:
    """Reset the attempts of a device, or of a login on unknown devices, after the right password.

    A known device doesn't reset the counters of others: attackers would get new attempts.
    """
    password_limits = allowed.on_device if attempt.device else allowed.of_login
    await rate_limits.reset(
        password_limits.with_captcha, attempt.device or attempt.login, signer=signer
    )


async def _authenticated(user: User | None, password: str, passwords: Passwords) -> User:
    """Return the user whose password matches. Raises as `sign_in` does."""
    is_right = await passwords.verify(user.password_hash if user else None, password)
    if user is None or not is_right:
        raise WrongEmailOrPassword
    if user.activated_at is None:
        raise EmailNotActivated("email")
    if user.locked_at is not None:
        raise UserLocked
    return user


async def _lock_unchanged(user: User) -> None:
    """Lock the row. Raises `WrongEmailOrPassword` if it was locked, or the password changed since.

    Otherwise the old password could open a session after a reset has ended all sessions.
    """
    unchanged = User.filter(
        id=user.id, password_changed_at=user.password_changed_at, locked_at__isnull=True
    )
    if await unchanged.select_for_update().first() is None:
        raise WrongEmailOrPassword


async def _upgrade_hash(user: User, password: str, passwords: Passwords) -> None:
    """Rehash with the current cost; the plain password is only available at sign-in."""
    if passwords.needs_rehash(user.password_hash):
        new_hash = await passwords.hash(password)
        await User.filter(id=user.id, password_hash=user.password_hash).update(
            password_hash=new_hash
        )
