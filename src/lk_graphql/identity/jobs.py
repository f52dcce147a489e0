"""Background jobs of identity: mails about a login, and cleanup."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from lk_graphql.identity.models import LinkPurpose, OneTimeLink, User
from lk_graphql.identity.service import cleanup
from lk_graphql.identity.service.one_time_links import token_of
from lk_graphql.identity.service.users import mail_user
from lk_graphql.kit import emails
from lk_graphql.kit.cabinet_pages import ActionPath, CabinetPath, action_link, cabinet_link
from lk_graphql.kit.emails import Email
from lk_graphql.ports.jobs import JobContext, job

_PATHS = {
    LinkPurpose.ACTIVATION: ActionPath.ACTIVATION,
    LinkPurpose.PASSWORD_RESET: ActionPath.PASSWORD_RESET,
    LinkPurpose.EMAIL_CHANGE_OLD: ActionPath.EMAIL_CONFIRMATION,
    LinkPurpose.EMAIL_CHANGE_NEW: ActionPath.EMAIL_CONFIRMATION,
}


@job("identity.mail_activation")
async def mail_activation(context: JobContext, *, link_id: UUID) -> None:
    """Mail the activation link, or a notice if the address already has a login."""
    link = await _active_link(link_id, context)
    if link is None or not link.user:
        return
    if owner := await _user_of(Email(link.user.email_key)):
        await _send(context, "already_registered", owner)
        return
    await _send(context, "activation", link.user, url=_url(link, context))


@job("identity.mail_password_reset")
async def mail_password_reset(context: JobContext, *, link_id: UUID) -> None:
    """Mail the link for a new password, to activated logins only."""
    link = await _active_link(link_id, context)
    if link is not None and link.user and link.user.activated_at:
        await _send(context, "password_reset", link.user, url=_url(link, context))


@job("identity.mail_password_choice")
async def mail_password_choice(context: JobContext, *, link_id: UUID) -> None:
    """Mail the link for the first password of a login whose registration had another one."""
    link = await _active_link(link_id, context)
    if link is not None and link.user:
        await _send(context, "password_choice", link.user, url=_url(link, context))


@job("identity.mail_password_changed")
async def mail_password_changed(context: JobContext, *, user_id: UUID) -> None:
    user = await User.get(id=user_id)
    when = user.password_changed_at.astimezone(context.company.zone)
    await _send(context, "password_changed", user, when=f"{when:%d.%m.%Y %H:%M}")


@job("identity.mail_email_change")
async def mail_email_change(context: JobContext, *, link_id: UUID) -> None:
    """Mail one of the two links, or a notice to the owner of an address that is taken."""
    link = await _active_link(link_id, context)
    if link is None or not link.user or link.new_email is None:
        return
    new_email = Email(link.new_email)
    if link.purpose is LinkPurpose.EMAIL_CHANGE_OLD:
        masked = emails.mask(new_email)
        await _send(
            context, "email_change_old", link.user, url=_url(link, context), new_email=masked
        )
    elif owner := await _user_of(new_email):
        await _send(context, "already_registered", owner)
    else:
        await _send(context, "email_change_new", link.user, to=new_email, url=_url(link, context))


@job("identity.sweep", cron="7 * * * *", time_limit=timedelta(hours=1))
async def delete_expired(context: JobContext) -> None:
    await cleanup.delete_expired(now=context.now)


async def _active_link(link_id: UUID, context: JobContext) -> OneTimeLink | None:
    """Return the link unless it was used, was cancelled or has expired."""
    active = OneTimeLink.filter(id=link_id, used_at__isnull=True, expires_at__gt=context.now)
    return await active.select_related("user").first()


async def _user_of(email: Email) -> User | None:
    return await User.get_or_none(email_key=email, activated_at__isnull=False)


def _url(link: OneTimeLink, context: JobContext) -> str:
    token = token_of(link, context.ports.signer)
    values = {"token": token}
    if link.purpose is LinkPurpose.PASSWORD_RESET and link.user:
        values["login"] = link.user.email_key  # for password managers
    return action_link(context.company, _PATHS[link.purpose], **values)


async def _send(
    context: JobContext, template: str, user: User, *, to: Email | None = None, **values: Any
) -> None:
    sign_in_url = cabinet_link(context.company, CabinetPath.SIGN_IN)
    await mail_user(
        context, user, "lk_graphql.identity", template, to=to, sign_in_url=sign_in_url, **values
    )
