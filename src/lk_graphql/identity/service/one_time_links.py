"""Links that are mailed: issued with a job, found by their token, used once.

    link = await issue(user, LinkPurpose.ACTIVATION, lasts=ACTIVATION_LASTS, now=now)
    await enqueue("identity.mail_activation", link_id=link.id)

The mail's job computes the token from the row (`token_of`), so that it exists in the mail only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.guards import rate_limits
from lk_graphql.guards.rate_limits import AttemptLimit
from lk_graphql.identity.models import LinkPurpose, OneTimeLink, User
from lk_graphql.identity.service import forms
from lk_graphql.kit.signing import Signer, key_of_token, new_nonce
from lk_graphql.kit.viewer import Client
from lk_graphql.ports.jobs import enqueue

ACTIVATION_LIFETIME = timedelta(hours=24)
RESET_LIFETIME = timedelta(hours=1)
"""Whoever reads the mailbox later must not find a key in it."""
EMAIL_CHANGE_LIFETIME = timedelta(hours=24)
"""Two mailboxes have to be opened, one of them perhaps at work."""


@dataclass(frozen=True)
class MailedLink:
    """A kind of link that guests may request by their address, and the `job` that mails it."""

    purpose: LinkPurpose
    lasts: timedelta
    of_client: AttemptLimit
    of_email: AttemptLimit
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
    """A new link. Without a user it leads nowhere: what a guest gets who asks in vain."""
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
    typed: str, kind: MailedLink, *, client: Client, links: Signer, now: datetime
) -> None:
    """Issue a link and mail it to its owner, where there is one.

    Raises `EmailMalformed` or `TooManyTries`; says nothing about whether the address is known.
    """
    email = forms.email(typed, "email")
    from_where = rate_limits.client_network(client.address)
    await rate_limits.count_attempt(kind.of_client, from_where, signer=links, now=now)
    await rate_limits.count_attempt(kind.of_email, email, signer=links, now=now)
    user = await User.by_email(email)
    async with in_transaction():
        link = await issue(user, kind.purpose, lifetime=kind.lasts, now=now)
        await enqueue(kind.job, link_id=link.id)


def token_of(link: OneTimeLink, links: Signer) -> str:
    """For the address in the mail."""
    return links.sign(link.purpose, link.id, link.nonce)


async def find(
    token: str, *purposes: LinkPurpose, links: Signer, now: datetime
) -> tuple[OneTimeLink, User] | None:
    """The living link of one of these purposes that has this token, and whose it is."""
    link = await OneTimeLink.get_or_none(
        id=key_of_token(token), purpose__in=purposes, used_at__isnull=True, expires_at__gt=now
    ).select_related("user")
    if link is None or not link.user:  # a null relation is something false, not None
        return None
    is_genuine = links.verify(token, link.purpose, link.id, link.nonce)
    return (link, link.user) if is_genuine else None


async def use(link: OneTimeLink, *, now: datetime) -> bool:
    """Use a link up; False when another request was faster. For the change's transaction."""
    used = await OneTimeLink.filter(id=link.id, used_at__isnull=True).update(used_at=now)
    return used == 1


async def cancel(user: User, *purposes: LinkPurpose, now: datetime) -> None:
    """End the user's other links of these purposes: the newest mail counts, or none any more."""
    await OneTimeLink.filter(user=user, purpose__in=purposes, used_at__isnull=True).update(
        used_at=now
    )
