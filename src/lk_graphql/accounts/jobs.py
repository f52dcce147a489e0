"""Mails about links; a job carries keys only, and reads what it says from the rows."""

from urllib.parse import urlencode
from uuid import UUID

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.identity.models import OneTimeLink, User
from lk_graphql.identity.service.one_time_links import token_of
from lk_graphql.kit import emails
from lk_graphql.kit.emails import Email
from lk_graphql.ports.jobs import JobContext, job
from lk_graphql.ports.mail import compose

UNDO_PAGE = "/undo-account-link"
"""Where the frontend takes the token up and calls `accountLinkUndo`; see `identity.jobs.PAGES`."""


@job("accounts.mail_new_link")
async def mail_new_link(world: JobContext, *, undo_id: UUID) -> None:
    """Tell somebody who has an account that another login has it now, and how to object.

    Nothing is sent when the newcomer, or the one to be told, has lost the account meanwhile.
    """
    living = OneTimeLink.filter(id=undo_id, used_at__isnull=True, expires_at__gt=world.now)
    undo = await living.select_related("user").first()
    link = await _active_link(undo and undo.subject)
    if undo is None or not undo.user or link is None:  # a null relation is false, but not None
        return
    theirs = AccountLink.filter(account_id=link.account_id, user_id=undo.user_id)
    if not await theirs.filter(state=LinkState.ACTIVE).exists():
        return
    token = urlencode({"token": token_of(undo, world.ports.signer)})
    await _send(
        world,
        "new_link",
        undo.user,
        link,
        email=emails.mask(Email(link.user.email_key)),
        when=f"{link.linked_at.astimezone(world.company.zone):%d.%m.%Y %H:%M}",
        url=f"{world.company.public_url}{UNDO_PAGE}#{token}",
    )


@job("accounts.mail_suspended")
async def mail_suspended(world: JobContext, *, link_id: UUID) -> None:
    """Tell somebody that they don't see an account any more, until staff decide."""
    suspended = AccountLink.filter(id=link_id, state=LinkState.SUSPENDED)
    link = await suspended.select_related("user", "account").first()
    if link is not None:
        await _send(world, "link_suspended", link.user, link)


@job("accounts.mail_restored")
async def mail_restored(world: JobContext, *, link_id: UUID) -> None:
    """Tell somebody that staff have given them an account back."""
    link = await _active_link(link_id)
    if link is not None:
        await _send(world, "link_restored", link.user, link)


@job("accounts.mail_ended")
async def mail_ended(world: JobContext, *, link_id: UUID) -> None:
    """Tell somebody that staff have decided against their access."""
    ended = AccountLink.filter(id=link_id, state=LinkState.ENDED)
    link = await ended.select_related("user", "account").first()
    if link is not None:
        await _send(world, "link_ended", link.user, link)


async def _active_link(link_id: UUID | None) -> AccountLink | None:
    active = AccountLink.filter(id=link_id, state=LinkState.ACTIVE)
    return await active.select_related("user", "account").first()


async def _send(
    world: JobContext, template: str, user: User, link: AccountLink, **values: object
) -> None:
    mail = compose(
        "lk_graphql.accounts",
        template,
        user.preferred_language,
        company=world.company,
        name=" ".join(filter(None, (user.first_name, user.patronymic))),
        number=link.account.number,
        **values,
    )
    await world.ports.mail.send(mail, Email(user.email_key))
