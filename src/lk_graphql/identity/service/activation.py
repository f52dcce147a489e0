"""Activation: the link in the mail shows that the mailbox is the customer's."""

from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.identity.errors import LinkInvalid
from lk_graphql.identity.models import LinkPurpose, User
from lk_graphql.identity.service import forms, limits, one_time_links, users
from lk_graphql.identity.service.one_time_links import ACTIVATION_LASTS
from lk_graphql.kit.tokens import Links
from lk_graphql.kit.viewer import Client
from lk_graphql.ports.jobs import enqueue


async def activate(token: str, *, links: Links, now: datetime) -> None:
    """Open the login to its owner. Raises `LinkInvalid`.

    Of several registrations for one address, the one whose link is followed first has it.
    """
    followed = await one_time_links.find(token, LinkPurpose.ACTIVATION, links=links, now=now)
    if followed is None:
        raise LinkInvalid("token")
    link, user = followed.link, followed.user
    try:
        async with in_transaction():
            if not await one_time_links.use(link, now=now):
                raise LinkInvalid("token")
            await User.filter(id=user.id).update(activated_at=now)
            await one_time_links.cancel(user, LinkPurpose.ACTIVATION, now=now)
    except IntegrityError as taken:
        raise LinkInvalid("token") from taken


async def resend(typed: str, *, client: Client, links: Links, now: datetime) -> None:
    """Mail an activation link once more, where somebody waits for one.

    Raises `EmailMalformed` or `TooManyTries`; says nothing about whether the address is known.
    """
    email = forms.email(typed, "email")
    from_where = limits.network(client.address)
    await limits.spend(limits.RESEND_FROM_CLIENT, from_where, links=links, now=now)
    await limits.spend(limits.RESEND_OF_EMAIL, email, links=links, now=now)
    user = await users.by_email(email)
    async with in_transaction():
        link = await one_time_links.issue(
            user, LinkPurpose.ACTIVATION, lasts=ACTIVATION_LASTS, now=now
        )
        await enqueue("identity.mail_activation", link_id=link.id)
