"""Change of the e-mail address, which is the login, confirmed by both mailboxes.

Each mailbox gets a link that confirms its side; the second confirmation makes the change.
"""

from dataclasses import dataclass
from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.guards.rate_limits import AttemptCounter
from lk_graphql.identity.errors import EmailUnchanged, LinkInvalid
from lk_graphql.identity.models import LinkPurpose, OneTimeLink, User
from lk_graphql.identity.service import forms, limits, one_time_links
from lk_graphql.identity.service.one_time_links import EMAIL_CHANGE_LIFETIME
from lk_graphql.identity.service.passwords import confirm_password
from lk_graphql.identity.service.users import lock_own
from lk_graphql.kit import emails
from lk_graphql.kit.addresses import client_network
from lk_graphql.kit.emails import Email
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.passwords import Passwords

SIDES = (LinkPurpose.EMAIL_CHANGE_OLD, LinkPurpose.EMAIL_CHANGE_NEW)


@dataclass(frozen=True)
class EmailChange:
    """The new address and the current password, as typed."""

    new_email: str
    password: str


async def request(
    viewer: Viewer,
    email_change: EmailChange,
    *,
    client: Client,
    now: datetime,
    passwords: Passwords,
    signer: Signer,
) -> None:
    """Mail a link to each mailbox; cancels an earlier request.

    Raises `Refusals` for faults of the form, and `RateLimitExceeded`. An address of another
    customer isn't refused, because a refusal would disclose it; its owner gets a notice by mail.
    """
    user = await User.get(id=viewer.id)
    new_email = await _read(user, email_change, now=now, passwords=passwords, signer=signer)
    network = client_network(client.address)
    async with AttemptCounter(signer, now) as attempts:
        await attempts.count(limits.EMAIL_CHANGE_FROM_CLIENT, network)
        await attempts.count(limits.EMAIL_CHANGE_OF_USER, user.id)
        await _issue_links(viewer, new_email, now)


async def _issue_links(viewer: Viewer, new_email: Email, now: datetime) -> None:
    async with in_transaction():
        user = await lock_own(viewer)
        await one_time_links.cancel(user, *SIDES, now=now)
        change_id = new_key()
        for side in SIDES:
            link = await one_time_links.issue(
                user,
                side,
                lifetime=EMAIL_CHANGE_LIFETIME,
                now=now,
                subject=change_id,
                new_email=new_email,
            )
            await enqueue("identity.mail_email_change", link_id=link.id)


async def confirm(token: str, *, signer: Signer, now: datetime) -> bool:
    """Confirm one side. Returns True if this made the change. Raises `LinkInvalid`."""
    match = await one_time_links.find(token, *SIDES, signer=signer, now=now)
    if match is None:
        raise LinkInvalid("token")
    link, user = match
    try:
        async with in_transaction():
            # the second of two simultaneous confirmations waits, and makes the change
            await one_time_links.lock_links(user)
            if not await one_time_links.use(link, now=now):
                raise LinkInvalid("token")
            if not await _is_other_side_confirmed(link):
                return False
            await _apply(user, link, now)
    except IntegrityError as error:
        raise LinkInvalid("token") from error
    return True


async def _read(
    user: User, change: EmailChange, *, now: datetime, passwords: Passwords, signer: Signer
) -> Email:
    form = FormErrors()
    with form.field("newEmail"):
        new_email = forms.email(change.new_email)
        if new_email == user.email_key:
            raise EmailUnchanged
    with form.field("password"):
        await confirm_password(user, change.password, now=now, passwords=passwords, signer=signer)
    form.check()
    return new_email


async def _is_other_side_confirmed(link: OneTimeLink) -> bool:
    unused = OneTimeLink.filter(subject=link.subject, used_at__isnull=False)
    return await unused.exclude(id=link.id).exists()


async def _apply(user: User, link: OneTimeLink, now: datetime) -> None:
    """Set the address and cancel reset links that were mailed to the old one."""
    new_email = Email(link.new_email or "")
    await User.filter(id=user.id).update(email=emails.display(new_email), email_key=new_email)
    await one_time_links.cancel(user, LinkPurpose.PASSWORD_RESET, now=now)
