"""Mails to the other users of an account about a new link, and its undoing by one of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.errors import UndoTokenInvalid
from lk_graphql.accounts.models import AccountLink, LinkEventKind, LinkState
from lk_graphql.accounts.service.links import lock_account, suspend
from lk_graphql.identity.models import LinkPurpose, OneTimeLink
from lk_graphql.identity.service import one_time_links
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client
from lk_graphql.ports.jobs import enqueue

UNDO_LIFETIME = timedelta(days=30)
"""Long enough for the recipient's holiday; staff can end a link at any time."""
MAIL_INTERVAL = timedelta(days=1)
"""Within this time, a user who links an account repeatedly causes one mail only."""


async def notify_other_users(link: AccountLink, *, now: datetime) -> None:
    """Enqueue a mail to each other user of the account. Needs the transaction of the new link.

    A user who got a mail about the same new user within a day, and hasn't used its link, gets no
    second one, because the link in the first mail undoes any link of the new user to the account.
    """
    links = AccountLink.filter(account_id=link.account_id, state=LinkState.ACTIVE)
    others = await links.exclude(user_id=link.user_id).select_related("user")
    notified = await _notified(link, [other.user_id for other in others], since=now - MAIL_INTERVAL)
    for other in others:
        if other.user_id in notified:
            continue
        undo = await one_time_links.issue(
            other.user,
            LinkPurpose.ACCOUNT_LINK_UNDO,
            lifetime=UNDO_LIFETIME,
            now=now,
            subject=link.id,
        )
        await enqueue("accounts.mail_new_link", undo_id=undo.id)


async def _notified(
    link: AccountLink, user_ids: Sequence[UUID], *, since: datetime
) -> set[UUID | None]:
    """The users with an unused link to undo this new user's access to the account."""
    same = AccountLink.filter(account_id=link.account_id, user_id=link.user_id)
    undo_links = OneTimeLink.filter(
        user_id__in=user_ids,
        purpose=LinkPurpose.ACCOUNT_LINK_UNDO,
        created_at__gt=since,
        subject__in=await same.values_list("id", flat=True),
        used_at=None,
    )
    return {undo.user_id for undo in await undo_links}


async def undo_link(token: str, *, client: Client, now: datetime, signer: Signer) -> None:
    """Suspend the link that a mail was about, until staff decide.

    Works once and needs no session. Raises `UndoTokenInvalid`, also when the recipient of the mail
    has no access to the account any more: an old mail must not suspend the present owner.
    """
    purpose = LinkPurpose.ACCOUNT_LINK_UNDO
    match = await one_time_links.find(token, purpose, signer=signer, now=now)
    if match is None:
        raise UndoTokenInvalid("token")
    undo, _ = match
    async with in_transaction():
        link = await _lock_link_to_undo(undo)
        if link is None or not await one_time_links.use(undo, now=now):
            raise UndoTokenInvalid("token")
        if link.state is LinkState.ACTIVE:
            kind = LinkEventKind.SUSPENDED_BY_NOTICE
            await suspend(link, kind, by=undo.user_id, client=client, now=now)
            await enqueue("accounts.mail_suspended", link_id=link.id)


async def find_link_to_undo(token: str, *, signer: Signer, now: datetime) -> AccountLink | None:
    """The link that `undo_link` would suspend, with its account and user.

    None for an invalid token, and if there is no such link any more or it has ended.
    """
    purpose = LinkPurpose.ACCOUNT_LINK_UNDO
    match = await one_time_links.find(token, purpose, signer=signer, now=now)
    if match is None:
        return None
    undo, recipient = match
    announced = await AccountLink.get_or_none(id=undo.subject)
    link = announced and await _newest_link_for(recipient.id, announced)
    return None if link is None or link.state is LinkState.ENDED else link


async def _lock_link_to_undo(undo: OneTimeLink) -> AccountLink | None:
    """The account link that the link in a mail undoes at present, with its account locked."""
    announced = await AccountLink.get_or_none(id=undo.subject)
    if announced is None:
        return None
    await lock_account(announced.account_id)
    return await _newest_link_for(undo.user_id, announced)


async def _newest_link_for(recipient_id: UUID | None, announced: AccountLink) -> AccountLink | None:
    """The newest link of the announced user; None if the recipient has lost access since."""
    recipient_links = AccountLink.filter(account_id=announced.account_id, user_id=recipient_id)
    if not await recipient_links.filter(state=LinkState.ACTIVE).exists():
        return None
    return await newest_link(announced)


async def newest_link(link: AccountLink) -> AccountLink | None:
    """The newest link of the same login and account; earlier ones may have ended meanwhile."""
    same = AccountLink.filter(account_id=link.account_id, user_id=link.user_id)
    return await same.order_by("-linked_at", "-id").select_related("user", "account").first()
