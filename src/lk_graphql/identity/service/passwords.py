"""Change of the current password, and reset of a forgotten or doubtful one."""

from datetime import datetime

from tortoise.transactions import in_transaction

from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import AttemptCounter
from lk_graphql.identity.errors import LinkInvalid, OldPasswordWrong
from lk_graphql.identity.models import LinkPurpose, User
from lk_graphql.identity.service import forms, limits, one_time_links, sessions
from lk_graphql.identity.service.one_time_links import RESET_LIFETIME, MailedLink
from lk_graphql.kit.emails import Email
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.passwords import Passwords

_RESET = MailedLink(
    LinkPurpose.PASSWORD_RESET,
    RESET_LIFETIME,
    limits.RESET_FROM_CLIENT,
    limits.RESET_OF_EMAIL,
    "identity.mail_password_reset",
)


async def change(
    viewer: Viewer, old: str, new: str, *, now: datetime, passwords: Passwords, signer: Signer
) -> None:
    """Set another password, end the viewer's other sessions, notify by mail.

    Raises `Refusals` with the faults of both passwords.
    """
    user = await User.get(id=viewer.id)
    form = FormErrors()
    forms.new_password(form, "newPassword", new, passwords=passwords, email=Email(user.email_key))
    with form.field("oldPassword"):
        await confirm_password(user, old, now=now, passwords=passwords, signer=signer)
    form.check()
    password_hash = await passwords.hash(new)
    async with in_transaction():
        await _set(user, password_hash, now)
        await sessions.revoke_others(viewer, now=now)
        await enqueue("identity.mail_password_changed", user_id=user.id)


async def confirm_password(
    user: User, password: str, *, now: datetime, passwords: Passwords, signer: Signer
) -> None:
    """Verify the current password before a sensitive change.

    Raises `OldPasswordWrong`, or `RateLimitExceeded` after several failures.
    """
    async with AttemptCounter(signer, now) as attempts:
        await attempts.count(limits.OLD_PASSWORD, user.id)
        if not await passwords.verify(user.password_hash, password):
            raise OldPasswordWrong
    await rate_limits.reset(limits.OLD_PASSWORD, user.id, signer=signer)


async def request_reset(text: str, *, client: Client, signer: Signer, now: datetime) -> None:
    """Mail a link to set another password to the owner of an activated login.

    Raises as `one_time_links.request` does.
    """
    await one_time_links.request(text, _RESET, client=client, signer=signer, now=now)


async def reset(
    token: str, new: str, *, now: datetime, passwords: Passwords, signer: Signer
) -> None:
    """Set another password by the link in the mail; ends all sessions and sign-in blocks.

    Raises `Refusals` with the faults of link and password.
    """
    match = await one_time_links.find(token, LinkPurpose.PASSWORD_RESET, signer=signer, now=now)
    form = FormErrors()
    with form.field("token"):
        if match is None:
            raise LinkInvalid
    email = Email(match[1].email_key) if match else None
    forms.new_password(form, "newPassword", new, passwords=passwords, email=email)
    form.check()
    link, user = match
    password_hash = await passwords.hash(new)
    async with in_transaction():
        await one_time_links.lock_links(user)
        if not await one_time_links.use(link, now=now):
            raise LinkInvalid("token")
        await _set(user, password_hash, now)
        await sessions.end_all(user.id, now=now)
        await enqueue("identity.mail_password_changed", user_id=user.id)
    await rate_limits.reset(limits.SIGN_INS.of_login.with_captcha, user.email_key, signer=signer)


async def require_new(user: User, random_hash: str, *, now: datetime) -> None:
    """Replace the password, which perhaps a stranger knows, and mail a link for a new one."""
    await _set(user, random_hash, now)
    link = await one_time_links.issue(
        user, LinkPurpose.PASSWORD_RESET, lifetime=RESET_LIFETIME, now=now
    )
    await enqueue("identity.mail_password_choice", link_id=link.id)


async def _set(user: User, password_hash: str, now: datetime) -> None:
    """Store the hash and cancel all links that were requested with the old password."""
    await User.filter(id=user.id).update(password_hash=password_hash, password_changed_at=now)
    await one_time_links.cancel(
        user,
        LinkPurpose.PASSWORD_RESET,
        LinkPurpose.EMAIL_CHANGE_OLD,
        LinkPurpose.EMAIL_CHANGE_NEW,
        now=now,
    )
