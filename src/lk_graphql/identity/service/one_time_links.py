"""One-time links in mails: issued with a job, looked up by token, used once.

    link = await issue(user, LinkPurpose.ACTIVATION, lifetime=ACTIVATION_LIFETIME, now=now)
    await enqueue("identity.mail_activation", link_id=link.id)

The mail job computes the token from the row (`token_of`), so that only the mail contains it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.guards.rate_limits import AttemptCounter, AttemptLimit
from lk_graphql.identity.models import LinkPurpose, OneTimeLink, User
from lk_graphql.identity.service import forms
from lk_graphql.kit.addresses import client_network
from lk_graphql.kit.signing import Signer, key_of_token, new_nonce
from lk_graphql.kit.viewer import Client
from lk_graphql.ports.jobs import enqueue

ACTIVATION_LIFETIME = timedelta(hours=24)
RESET_LIFETIME = timedelta(hours=1)
"""Short, because a reset link in an old mail gives access to the login."""
EMAIL_CHANGE_LIFETIME = timedelta(hours=24)
"""Long enough to open both mailboxes, one of them perhaps at work."""


@dataclass(frozen=True)
class MailedLink:
    """A kind of link that guests request by e-mail address, and the `job` that mails it."""

    purpose: LinkPurpose
    lifetime: timedelta
    client_limit: AttemptLimit
    email_limit: AttemptLimit
    job: str


async def issue(
    user: User | None,
    purpose: LinkPurpose,
    *,
    lifetime: timedelta,
    now: datetime,
    subject: UUID | None = None,
    new_email: str | None = None,
) -> OneTimeLink:
    """Create a link.

    With `user=None` the link is a dummy, so that known and unknown addresses take the same work.
    """
    return await OneTimeLink.create(
        user=user,
        purpose=purpose,
        nonce=new_nonce(),
        subject=subject,
        new_email=new_email,
        created_at=now,
        expires_at=now + lifetime,
    )


async def request(
    text: str, kind: MailedLink, *, client: Client, signer: Signer, now: datetime
) -> None:
    """Issue a link and mail it to the owner of the address, if any.

    Raises `EmailMalformed` or `RateLimitExceeded`; the outcome doesn't disclose known addresses.
    """
    email = forms.email(text, "email")
    async with AttemptCounter(signer, now) as attempts:
        await attempts.count(kind.client_limit, client_network(client.address))
        await attempts.count(kind.email_limit, email)
        user = await User.by_email(email)
        async with in_transaction():
            link = await issue(user, kind.purpose, lifetime=kind.lifetime, now=now)
            await enqueue(kind.job, link_id=link.id)


def token_of(link: OneTimeLink, signer: Signer) -> str:
    """Compute the token for the URL in the mail."""
    return signer.sign(link.purpose, link.id, link.nonce)


async def find(
    token: str, *purposes: LinkPurpose, signer: Signer, now: datetime
) -> tuple[OneTimeLink, User] | None:
    """Return the active link with this token and one of these purposes, and its user."""
    link = await OneTimeLink.get_or_none(
        id=key_of_token(token), purpose__in=purposes, used_at__isnull=True, expires_at__gt=now
    ).select_related("user")
    # Tortoise returns a falsy object, not None, for a null relation
    if link is None or not link.user:
        return None
    is_genuine = signer.verify(token, link.purpose, link.id, link.nonce)
    return (link, link.user) if is_genuine else None


async def lock_links(user: User) -> None:
    """Lock the user's row until the transaction ends, before links are used and others cancelled.

    Two requests that lock each other's links first would deadlock.
    """
    await User.filter(id=user.id).select_for_update().first()


async def use(link: OneTimeLink, *, now: datetime) -> bool:
    """Use a link up; False if another request used it first. Call it in a transaction."""
    count = await OneTimeLink.filter(id=link.id, used_at__isnull=True).update(used_at=now)
    return count == 1


async def cancel(user: User, *purposes: LinkPurpose, now: datetime) -> None:
    """Cancel the user's unused links of these purposes."""
    await OneTimeLink.filter(user=user, purpose__in=purposes, used_at__isnull=True).update(
        used_at=now
    )
