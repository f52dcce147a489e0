"""Sign-in with e-mail and password."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.transactions import in_transaction

from lk_graphql.guards import rate_limits
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
from lk_graphql.kit.emails import Email
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client
from lk_graphql.ports.passwords import Passwords


@dataclass(frozen=True)
class Credentials:
    """As typed; the captcha only after `CaptchaRequired`."""

    email: str
    password: str
    captcha: CaptchaAnswer | None = None


async def sign_in(
    typed: Credentials, *, client: Client, now: datetime, passwords: Passwords, links: Signer
) -> OpenedSession:
    """Open a session.

    An unknown address costs as much as a wrong password: the same statements, the same hash.
    What else is wrong with a login is told only to whoever knows its password.
    """
    email = forms.email(typed.email, "email")
    from_where = rate_limits.client_network(client.address)
    await rate_limits.count_attempt(limits.SIGN_IN_FROM_CLIENT, from_where, signer=links, now=now)
    await _count_attempt(email, typed.captcha, links=links, now=now)
    user = await User.by_email(email)
    is_right = await passwords.verify(user.password_hash if user else None, typed.password)
    if user is None or not is_right:
        raise WrongEmailOrPassword
    if user.activated_at is None:
        raise EmailNotActivated("email")
    if user.locked_at is not None:
        raise UserLocked
    await rate_limits.reset(limits.SIGN_IN, email, signer=links)
    await _upgrade_hash(user, typed.password, passwords)
    async with in_transaction():
        if not await _is_hash_unchanged(user):
            raise WrongEmailOrPassword
        return await sessions.open_session(user, client=client, now=now)


async def _count_attempt(
    email: Email, captcha: CaptchaAnswer | None, *, links: Signer, now: datetime
) -> None:
    """Count the try. Raises `CaptchaRequired`, what is wrong with the captcha, `TooManyTries`."""
    if captcha is not None:
        form = FormErrors()
        with form.field("captcha"):
            await captchas.check(captcha, links=links, now=now)
        form.check()
        await rate_limits.count_attempt(limits.SIGN_IN, email, signer=links, now=now)
        await captchas.use(captcha, now=now)
        return
    try:
        await rate_limits.count_attempt(
            limits.SIGN_IN_WITHOUT_CAPTCHA, email, signer=links, now=now
        )
    except TooManyTries:
        locked_until = await rate_limits.available_at(limits.SIGN_IN, email, signer=links, now=now)
        if locked_until > now:
            raise TooManyTries(locked_until, now=now) from None
        raise CaptchaRequired("captcha") from None


async def _is_hash_unchanged(user: User) -> bool:
    """False when password or lock changed while the hash was computed; keeps them from doing so.

    Otherwise a reset, which ends all sessions, could be followed by one for the old password.
    """
    same = User.filter(
        id=user.id, password_changed_at=user.password_changed_at, locked_at__isnull=True
    )
    return await same.select_for_update().first() is not None


async def _upgrade_hash(user: User, password: str, passwords: Passwords) -> None:
    """Hash anew when hashes have become dearer since: only now is the password at hand."""
    if passwords.needs_rehash(user.password_hash):
        newer = await passwords.hash(password)
        await User.filter(id=user.id, password_hash=user.password_hash).update(password_hash=newer)
