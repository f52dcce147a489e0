"""Mails about a login, and forgetting what has expired."""

from urllib.parse import urlencode
from uuid import UUID

from lk_graphql.identity.models import LinkPurpose, OneTimeLink, User
from lk_graphql.identity.service import cleanup
from lk_graphql.identity.service.one_time_links import token_of
from lk_graphql.kit import emails
from lk_graphql.kit.emails import Email
from lk_graphql.ports.jobs import JobContext, job
from lk_graphql.ports.mail import compose

PAGES = {
    LinkPurpose.ACTIVATION: "/activate",
    LinkPurpose.PASSWORD_RESET: "/reset-password",
    LinkPurpose.EMAIL_CHANGE_OLD: "/confirm-email",
    LinkPurpose.EMAIL_CHANGE_NEW: "/confirm-email",
}
"""Where the frontend takes the token up and calls the mutation.

The token stands behind `#`, which browsers send to nobody: it gets into no log and no `Referer`,
and a mail scanner that opens links uses none up.
"""


@job("identity.mail_activation")
async def mail_activation(world: JobContext, *, link_id: UUID) -> None:
    """The link to a new login; or, to an address that has one already, that it has."""
    link = await _active_link(link_id, world)
    if link is None or not link.user:
        return
    if owner := await _user_of(Email(link.user.email_key)):
        await _send(world, "already_registered", owner)
        return
    await _send(world, "activation", link.user, url=_url(link, world))


@job("identity.mail_password_reset")
async def mail_password_reset(world: JobContext, *, link_id: UUID) -> None:
    """Only an activated login has a password that may be reset."""
    link = await _active_link(link_id, world)
    if link is not None and link.user and link.user.activated_at:
        await _send(world, "password_reset", link.user, url=_url(link, world))


@job("identity.mail_password_changed")
async def mail_password_changed(world: JobContext, *, user_id: UUID) -> None:
    user = await User.get(id=user_id)
    when = user.password_changed_at.astimezone(world.company.zone)
    await _send(world, "password_changed", user, when=f"{when:%d.%m.%Y %H:%M}")


@job("identity.mail_email_change")
async def mail_email_change(world: JobContext, *, link_id: UUID) -> None:
    """One of the two sides; the owner of a taken address learns that somebody wanted it."""
    link = await _active_link(link_id, world)
    if link is None or not link.user or link.new_email is None:
        return
    new_email = Email(link.new_email)
    if link.purpose is LinkPurpose.EMAIL_CHANGE_OLD:
        masked = emails.mask(new_email)
        await _send(world, "email_change_old", link.user, url=_url(link, world), new_email=masked)
    elif owner := await _user_of(new_email):
        await _send(world, "already_registered", owner)
    else:
        await _send(world, "email_change_new", link.user, to=new_email, url=_url(link, world))


@job("identity.sweep", cron="7 * * * *")
async def sweep(world: JobContext) -> None:
    """Every hour: see `service.forgetting`."""
    await cleanup.sweep(now=world.now)


async def _active_link(link_id: UUID, world: JobContext) -> OneTimeLink | None:
    """None when the link was used or cancelled, or has expired, before its mail left."""
    living = OneTimeLink.filter(id=link_id, used_at__isnull=True, expires_at__gt=world.now)
    return await living.select_related("user").first()


async def _user_of(email: Email) -> User | None:
    return await User.get_or_none(email_key=email, activated_at__isnull=False)


def _url(link: OneTimeLink, world: JobContext) -> str:
    token = token_of(link, world.ports.signer)
    return f"{world.company.public_url}{PAGES[link.purpose]}#{urlencode({'token': token})}"


async def _send(
    world: JobContext, template: str, user: User, *, to: Email | None = None, **values: object
) -> None:
    """In the user's language, to the user's address unless `to` is another one."""
    mail = compose(
        "lk_graphql.identity",
        template,
        user.preferred_language,
        company=world.company,
        name=" ".join(filter(None, (user.first_name, user.patronymic))),
        **values,
    )
    await world.ports.mail.send(mail, to or Email(user.email_key))
