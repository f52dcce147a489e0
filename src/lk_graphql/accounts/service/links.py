"""Account links: a viewer's own accounts, unlinking, renaming, suspension, succession of owners."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.errors import AccountNotFound, NameInvalid
from lk_graphql.accounts.models import Account, AccountLink, LinkEventKind, LinkRole, LinkState
from lk_graphql.accounts.service import audit
from lk_graphql.database import raw_sql
from lk_graphql.identity.models import LinkPurpose, OneTimeLink
from lk_graphql.kit.typed_texts import read_line
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.ports.jobs import enqueue

MAX_NAME_LENGTH = 60

_LOCK_OWN = """
SELECT account.id FROM account JOIN account_link AS link ON link.account_id = account.id
WHERE account.id = $1 AND link.user_id = $2 AND link.state = 'ACTIVE'
FOR NO KEY UPDATE OF account"""


async def unlink(viewer: Viewer, account_id: UUID | None, *, client: Client, now: datetime) -> None:
    """End the viewer's link; its history stays. Raises `AccountNotFound`.

    When the owner leaves, the member with the oldest link becomes the owner.
    """
    async with in_transaction():
        link = await _own_link(viewer, account_id)
        await _stop(link, LinkState.ENDED, now=now)
        await audit.record(link, LinkEventKind.UNLINKED, by=viewer.id, client=client, now=now)


async def rename(
    viewer: Viewer, account_id: UUID | None, name: str | None, *, now: datetime
) -> UUID:
    """Set the viewer's own name of the account, and return its key; None removes the name.

    Raises `AccountNotFound` and `NameInvalid`.
    """
    clean_name = None if name is None else _clean_name(name)
    links = AccountLink.filter(user_id=viewer.id, state=LinkState.ACTIVE, account_id=account_id)
    if account_id is None or not await links.update(name=clean_name, changed_at=now):
        raise AccountNotFound("accountId")
    return account_id


async def suspend(
    link: AccountLink, kind: LinkEventKind, *, by: UUID | None, client: Client | None, now: datetime
) -> None:
    """Suspend a link until staff decide. The account must be locked already."""
    await _stop(link, LinkState.SUSPENDED, now=now)
    await audit.record(link, kind, by=by, client=client, now=now)


async def restore(link_id: UUID | None, *, now: datetime) -> AccountLink | None:
    """Restore a suspended link; return None if it is not suspended. Needs a transaction.

    In an account without an owner its user becomes the owner. Mails about the link that other users
    haven't used yet can't undo the decision of staff.
    """
    link = await _suspended(link_id)
    if link is None:
        return None
    owners = AccountLink.filter(account_id=link.account_id, role=LinkRole.OWNER)
    has_owner = await owners.filter(state=LinkState.ACTIVE).exists()
    link.role = LinkRole.MEMBER if has_owner else LinkRole.OWNER
    link.state, link.changed_at = LinkState.ACTIVE, now
    await link.save(update_fields=["role", "state", "changed_at"])
    await _cancel_undo_links(link, now=now)
    await audit.record(link, LinkEventKind.RESTORED, now=now)
    await enqueue("accounts.mail_restored", link_id=link.id)
    return link


async def end_suspended(link_id: UUID | None, *, now: datetime) -> AccountLink | None:
    """End a suspended link; return None if it is not suspended. Needs a transaction."""
    link = await _suspended(link_id)
    if link is None:
        return None
    link.state, link.changed_at = LinkState.ENDED, now
    await link.save(update_fields=["state", "changed_at"])
    await audit.record(link, LinkEventKind.ENDED_BY_STAFF, now=now)
    await enqueue("accounts.mail_ended", link_id=link.id)
    return link


async def end_links_of(user_id: UUID, now: datetime) -> int:
    """End all links of a user whose data are erased, and erase the names of the accounts.

    Returns the number of links that were not ended yet.
    """
    all_links = AccountLink.filter(user_id=user_id)
    not_ended = all_links.exclude(state=LinkState.ENDED)
    number = 0
    for key, account_id in await not_ended.order_by("account_id").values_list("id", "account_id"):
        await lock_account(account_id)  # the link may have become the owner's, or ended meanwhile
        if link := await not_ended.get_or_none(id=key):
            await _stop(link, LinkState.ENDED, now=now)
            await audit.record(link, LinkEventKind.UNLINKED, now=now)
            number += 1
    await all_links.update(name=None)
    return number


async def lock_account(account_id: UUID | None) -> Account | None:
    """Lock an account, so that its links change one at a time and have at most one owner.

    `no_key`, so that an import that adds bills doesn't block linking.
    """
    return await Account.select_for_update(no_key=True).get_or_none(id=account_id)


async def own_account(
    viewer: Viewer, account_id: UUID | None, *, path: Sequence[str] = ("accountId",)
) -> Account:
    """An account that the viewer has linked. Raises `AccountNotFound` with `path`."""
    accounts = Account.filter(links__user_id=viewer.id, links__state=LinkState.ACTIVE)
    account = await accounts.get_or_none(id=account_id)
    if account is None:
        raise AccountNotFound(*path)
    return account


async def lock_own_account(viewer: Viewer, account_id: UUID | None) -> UUID:
    """Lock an account that the viewer has linked, as `lock_account` does; return its key.

    One statement instead of a queryset for each step. Raises `AccountNotFound`.
    """
    rows = await raw_sql.fetch(_LOCK_OWN, account_id, viewer.id)
    if not rows:
        raise AccountNotFound("accountId")
    return rows[0]["id"]


async def _suspended(link_id: UUID | None) -> AccountLink | None:
    """The suspended link, with its account locked."""
    link = await AccountLink.get_or_none(id=link_id)
    if link is None:
        return None
    await lock_account(link.account_id)
    return await AccountLink.get_or_none(id=link_id, state=LinkState.SUSPENDED)


async def _cancel_undo_links(link: AccountLink, *, now: datetime) -> None:
    """Cancel the unused links in mails about the user's access to the account."""
    of_account = AccountLink.filter(account_id=link.account_id)
    undo_links = OneTimeLink.filter(
        user_id__in=await of_account.distinct().values_list("user_id", flat=True),
        purpose=LinkPurpose.ACCOUNT_LINK_UNDO,
        subject__in=await of_account.filter(user_id=link.user_id).values_list("id", flat=True),
        used_at=None,
    )
    await undo_links.update(used_at=now)


async def _own_link(viewer: Viewer, account_id: UUID | None) -> AccountLink:
    await lock_account(account_id)
    links = AccountLink.filter(user_id=viewer.id, state=LinkState.ACTIVE)
    link = await links.get_or_none(account_id=account_id)
    if link is None:
        raise AccountNotFound("accountId")
    return link


async def _stop(link: AccountLink, state: LinkState, *, now: datetime) -> None:
    was_owner = link.role is LinkRole.OWNER
    link.state, link.role, link.changed_at = state, LinkRole.MEMBER, now
    await link.save(update_fields=["state", "role", "changed_at"])
    if was_owner:
        await _promote_owner(link.account_id, now=now)


async def _promote_owner(account_id: UUID, *, now: datetime) -> None:
    members = AccountLink.filter(account_id=account_id, state=LinkState.ACTIVE)
    successor = await members.order_by("linked_at", "id").first()
    if successor is None:
        return
    successor.role, successor.changed_at = LinkRole.OWNER, now
    await successor.save(update_fields=["role", "changed_at"])
    await audit.record(successor, LinkEventKind.MADE_OWNER, now=now)


def _clean_name(name: str) -> str:
    return read_line(name, NameInvalid("name", longest=MAX_NAME_LENGTH), longest=MAX_NAME_LENGTH)
