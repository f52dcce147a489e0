"""Activation: the link in the mail shows that the mailbox is the customer's."""

from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.identity.errors import LinkInvalid
from lk_graphql.identity.models import LinkPurpose, User
from lk_graphql.identity.service import limits, one_time_links
from lk_graphql.identity.service.one_time_links import ACTIVATION_LASTS, MailedLink
from lk_graphql.kit.tokens import Links
from lk_graphql.kit.viewer import Client

_RESENT = MailedLink(
    LinkPurpose.ACTIVATION,
    ACTIVATION_LASTS,
    limits.RESEND_FROM_CLIENT,
    limits.RESEND_OF_EMAIL,
    "identity.mail_activation",
)


async def activate(token: str, *, links: Links, now: datetime) -> None:
    """Open the login to its owner. Raises `LinkInvalid`.

    Of several registrations for one address, the one whose link is followed first has it.
    """
    followed = await one_time_links.find(token, LinkPurpose.ACTIVATION, links=links, now=now)
    if followed is None:
        raise LinkInvalid("token")
    link, user = followed
    try:
        async with in_transaction():
            if not await one_time_links.use(link, now=now):
                raise LinkInvalid("token")
            await User.filter(id=user.id).update(activated_at=now)
            await one_time_links.cancel(user, LinkPurpose.ACTIVATION, now=now)
    except IntegrityError as taken:
        raise LinkInvalid("token") from taken


async def resend(typed: str, *, client: Client, links: Links, now: datetime) -> None:
    """Mail an activation link once more, where somebody waits for one; as `request` does."""
    await one_time_links.request(typed, _RESENT, client=client, links=links, now=now)
