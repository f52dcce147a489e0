"""Mails about account links. A job carries keys only and reads the facts from the rows."""

from typing import Any
from uuid import UUID

from lk_graphql.accounts.models import AccountLink, LinkState
from lk_graphql.accounts.service.link_undo import newest_link
from lk_graphql.identity.models import OneTimeLink, User
from lk_graphql.identity.service.one_time_links import token_of
from lk_graphql.identity.service.users import mail_user
from lk_graphql.kit import emails
from lk_graphql.kit.cabinet_pages import (
    ActionPath,
    CabinetPath,
    action_link,
    cabinet_link,
    object_link,
)
from lk_graphql.kit.emails import Email
from lk_graphql.ports.jobs import JobContext, job


@job("accounts.mail_new_link")
async def mail_new_link(context: JobContext, *, undo_id: UUID) -> None:
    """Mail a user of an account that another user has linked it, with a link to undo that.

    Nothing is sent if the access of the new user or of the recipient has ended meanwhile. In that
    case, a mail is sent the next time that the new user links the account.
    """
    valid = OneTimeLink.filter(id=undo_id, used_at__isnull=True, expires_at__gt=context.now)
    undo = await valid.select_related("user").first()
    if undo is None or not undo.user:  # a null relation is a falsy object, not None
        return
    announced = await AccountLink.get_or_none(id=undo.subject)
    link = announced and await newest_link(announced)
    recipient_links = AccountLink.filter(user_id=undo.user_id, state=LinkState.ACTIVE)
    if (
        link is None
        or link.state is not LinkState.ACTIVE
        or not await recipient_links.filter(account_id=link.account_id).exists()
    ):
        await undo.delete()  # or the next link of the new user would seem to be announced
        return
    await _send(
        context,
        "new_link",
        undo.user,
        link,
        email=emails.mask(Email(link.user.email_key)),
        when=f"{link.linked_at.astimezone(context.company.zone):%d.%m.%Y %H:%M}",
        url=action_link(
            context.company,
            ActionPath.ACCOUNT_LINK_UNDO,
            token=token_of(undo, context.ports.signer),
        ),
    )


@job("accounts.mail_suspended")
async def mail_suspended(context: JobContext, *, link_id: UUID) -> None:
    """Mail a user whose access to an account is suspended until staff decide."""
    suspended = AccountLink.filter(id=link_id, state=LinkState.SUSPENDED)
    link = await suspended.select_related("user", "account").first()
    if link is not None:
        url = cabinet_link(context.company, CabinetPath.HOME)
        await _send(context, "link_suspended", link.user, link, url=url)


@job("accounts.mail_restored")
async def mail_restored(context: JobContext, *, link_id: UUID) -> None:
    """Mail a user whose access to an account staff have restored."""
    link = await _active_link(link_id)
    if link is not None:
        url = object_link(context.company, "acc", link.account_id)
        await _send(context, "link_restored", link.user, link, url=url)


@job("accounts.mail_ended")
async def mail_ended(context: JobContext, *, link_id: UUID) -> None:
    """Mail a user whose access to an account staff have ended."""
    ended = AccountLink.filter(id=link_id, state=LinkState.ENDED)
    link = await ended.select_related("user", "account").first()
    if link is not None:
        url = cabinet_link(context.company, CabinetPath.HOME)
        await _send(context, "link_ended", link.user, link, url=url)


async def _active_link(link_id: UUID | None) -> AccountLink | None:
    active = AccountLink.filter(id=link_id, state=LinkState.ACTIVE)
    return await active.select_related("user", "account").first()


async def _send(
    context: JobContext, template: str, user: User, link: AccountLink, **values: Any
) -> None:
    number = link.account.number
    await mail_user(context, user, "lk_graphql.accounts", template, number=number, **values)
