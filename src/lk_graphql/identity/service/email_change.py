"""Another e-mail address, which is the login: both mailboxes have to agree.

Two links are mailed. Each confirms its side; the second one, whichever it is, makes the change.
"""

from dataclasses import dataclass
from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.guards import rate_limits
from lk_graphql.identity.errors import EmailUnchanged, LinkInvalid
from lk_graphql.identity.models import LinkPurpose, OneTimeLink, User
from lk_graphql.identity.service import forms, limits, one_time_links
from lk_graphql.identity.service.one_time_links import EMAIL_CHANGE_LIFETIME
from lk_graphql.identity.service.passwords import confirm_password
from lk_graphql.kit import emails
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
    """The new address and, to be sure who asks, the password; as typed."""

    new_email: str
    password: str


async def request(
    viewer: Viewer,
    email_change: EmailChange,
    *,
    client: Client,
    now: datetime,
    passwords: Passwords,
    links: Signer,
) -> None:
    """Mail a link to each mailbox; an earlier wish is forgotten.

    Raises `Refusals` for the form's faults, and `TooManyTries`. Whether another customer has the
    new address is not told here: its owner gets a mail that says so.
    """
    user = await User.get(id=viewer.id)
    new_email = await _read(user, email_change, now=now, passwords=passwords, links=links)
    from_where = rate_limits.client_network(client.address)
    await rate_limits.count_attempt(
        limits.EMAIL_CHANGE_FROM_CLIENT, from_where, signer=links, now=now
    )
    await rate_limits.count_attempt(limits.EMAIL_CHANGE_OF_USER, user.id, signer=links, now=now)
    async with in_transaction():
        await one_time_links.cancel(user, *SIDES, now=now)
        change = new_key()
        for side in SIDES:
            link = await one_time_links.issue(
                user,
                side,
                lifetime=EMAIL_CHANGE_LIFETIME,
                now=now,
                subject=change,
                new_email=new_email,
            )
            await enqueue("identity.mail_email_change", link_id=link.id)


async def confirm(token: str, *, links: Signer, now: datetime) -> bool:
    """Confirm one side; whether that made the change. Raises `LinkInvalid`."""
    followed = await one_time_links.find(token, *SIDES, links=links, now=now)
    if followed is None:
        raise LinkInvalid("token")
    link, owner = followed
    try:
        async with in_transaction():
            # both sides at the same moment: one waits for the other, and makes the change
            user = await User.select_for_update().get(id=owner.id)
            if not await one_time_links.use(link, now=now):
                raise LinkInvalid("token")
            if not await _is_other_side_confirmed(link):
                return False
            await _apply(user, link, now)
    except IntegrityError as taken:
        raise LinkInvalid("token") from taken
    return True


async def _read(
    user: User, change: EmailChange, *, now: datetime, passwords: Passwords, links: Signer
) -> Email:
    form = FormErrors()
    with form.field("newEmail"):
        new_email = forms.email(change.new_email)
        if new_email == user.email_key:
            raise EmailUnchanged
    with form.field("password"):
        await confirm_password(user, change.password, now=now, passwords=passwords, links=links)
    form.check()
    return new_email


async def _is_other_side_confirmed(link: OneTimeLink) -> bool:
    sides = OneTimeLink.filter(subject=link.subject, used_at__isnull=False)
    return await sides.exclude(id=link.id).exists()


async def _apply(user: User, link: OneTimeLink, now: datetime) -> None:
    """Links that were mailed to the old address open nothing any more."""
    new_email = Email(link.new_email or "")
    await User.filter(id=user.id).update(email=emails.display(new_email), email_key=new_email)
    await one_time_links.cancel(user, LinkPurpose.PASSWORD_RESET, now=now)
