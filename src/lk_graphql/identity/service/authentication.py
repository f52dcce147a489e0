"""Sign-in with e-mail and password."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.transactions import in_transaction

from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import AttemptCounter
from lk_graphql.identity.errors import (
    CaptchaRequired,
    EmailNotActivated,
    TooManyTries,
    UserLocked,
    WrongEmailOrPassword,
)
from lk_graphql.identity.models import User
from lk_graphql.identity.service import captchas, forms, limits, sessions
from lk_graphql.identity.service.captchas import CaptchaAnswer
from lk_graphql.identity.service.sessions import OpenedSession
from lk_graphql.kit.addresses import client_network
from lk_graphql.kit.emails import Email
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client
from lk_graphql.ports.passwords import Passwords


@dataclass(frozen=True)
class Credentials:
    """Sign-in form as typed; `captcha` is needed only after `CaptchaRequired`."""

    email: str
    password: str
    captcha: CaptchaAnswer | None = None


async def sign_in(
    credentials: Credentials, *, client: Client, now: datetime, passwords: Passwords, links: Signer
) -> OpenedSession:
    """Open a session.

    An unknown address runs the same statements and the same hash as a wrong password. Raises
    `WrongEmailOrPassword`; `EmailNotActivated` and `UserLocked` only if the password is right.
    Raises `Unavailable`, without a trace of the attempt, if too many passwords are being hashed.
    """
    passwords.require_room()
    email = forms.email(credentials.email, "email")
    async with AttemptCounter(links, now) as attempts:
        await attempts.count(limits.SIGN_IN_FROM_CLIENT, client_network(client.address))
        await _count_attempt(attempts, email, credentials.captcha, links=links, now=now)
        user = await _authenticated(email, credentials.password, passwords)
        await rate_limits.reset(limits.SIGN_IN, email, signer=links)
        await _upgrade_hash(user, credentials.password, passwords)
        async with in_transaction():
            if not await _is_hash_unchanged(user):
                raise WrongEmailOrPassword
            return await sessions.open_session(user, client=client, now=now)


async def _authenticated(email: Email, password: str, passwords: Passwords) -> User:
    """Return the user whose password matches. Raises as `sign_in` does."""
    user = await User.by_email(email)
    is_right = await passwords.verify(user.password_hash if user else None, password)
    if user is None or not is_right:
        raise WrongEmailOrPassword
    if user.activated_at is None:
        raise EmailNotActivated("email")
    if user.locked_at is not None:
        raise UserLocked
    return user


async def _count_attempt(
    attempts: AttemptCounter,
    email: Email,
    captcha: CaptchaAnswer | None,
    *,
    links: Signer,
    now: datetime,
) -> None:
    """Count the attempt. Raises `CaptchaRequired`, `TooManyTries`, or faults of the captcha."""
    if captcha is not None:
        form = FormErrors()
        with form.field("captcha"):
            await captchas.check(captcha, links=links, now=now)
        form.check()
        await attempts.count(limits.SIGN_IN, email)
        await captchas.use(captcha, now=now)
        return
    try:
        await attempts.count(limits.SIGN_IN_WITHOUT_CAPTCHA, email)
    except TooManyTries:
        locked_until = await rate_limits.available_at(limits.SIGN_IN, email, signer=links, now=now)
        if locked_until > now:
            raise TooManyTries(locked_until, now=now) from None
        raise CaptchaRequired("captcha") from None


async def _is_hash_unchanged(user: User) -> bool:
    """Lock the row and check that password and lock didn't change during the hashing.

    Otherwise the old password could open a session after a reset has ended all sessions.
    """
    unchanged = User.filter(
        id=user.id, password_changed_at=user.password_changed_at, locked_at__isnull=True
    )
    return await unchanged.select_for_update().first() is not None


async def _upgrade_hash(user: User, password: str, passwords: Passwords) -> None:
    """Rehash with the current cost; the plain password is only available at sign-in."""
    if passwords.needs_rehash(user.password_hash):
        new_hash = await passwords.hash(password)
        await User.filter(id=user.id, password_hash=user.password_hash).update(
            password_hash=new_hash
        )
