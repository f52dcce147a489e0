"""Logins: administration by `lk user` and by staff, mails to them, the topic of their changes."""

from dataclasses import dataclass, replace
from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.identity.models import LinkPurpose, User
from lk_graphql.identity.service import forms, one_time_links, sessions
from lk_graphql.identity.service.one_time_links import ACTIVATION_LIFETIME
from lk_graphql.kit import emails, names
from lk_graphql.kit.emails import Email
from lk_graphql.kit.errors import FormErrors, NotSignedIn
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.jobs import JobContext, enqueue
from lk_graphql.ports.mail import MailAttachment, compose
from lk_graphql.ports.passwords import Passwords

USER = "user"
"""The topic of changes of a person's own objects; its keys are keys of users.

Triggers on the tables of users, notices, uploads, exports and account links publish the person's
key at the commit of any change (decision 0233), so commands don't publish.
"""


@dataclass(frozen=True)
class NewUser:
    """A login as typed at the command line; None means that there is no patronymic."""

    email: str
    phone: str
    last_name: str
    first_name: str
    patronymic: str | None
    password: str


class EmailTaken(Exception):
    """The address belongs to an activated login."""


class UserNotFound(Exception):
    """No login has this address."""


async def create(fields: NewUser, *, now: datetime, passwords: Passwords) -> User:
    """Create an activated login without consents.

    Raises `Refusals` for faults of the fields, or `EmailTaken`.
    """
    form, email = FormErrors(), None
    with form.field("email"):
        email = forms.email(fields.email)
    with form.field("phone"):
        phone = forms.phone(fields.phone)
    name = forms.full_name(form, fields, has_no_patronymic=not fields.patronymic)
    forms.new_password(form, "password", fields.password, passwords=passwords, email=email)
    form.check()
    try:
        return await User.create(
            email=emails.display(email or Email("")),
            email_key=email,
            phone=phone,
            has_no_patronymic=name.patronymic is None,
            **name._asdict(),
            password_hash=await passwords.hash(fields.password),
            created_at=now,
            activated_at=now,
            password_changed_at=now,
        )
    except IntegrityError as error:
        raise EmailTaken(fields.email) from error


async def activate(address: str, *, now: datetime) -> User:
    """Activate the newest login of an address without a mail. Raises `UserNotFound`."""
    user = await _get_by_email(address)
    if user.activated_at is None:
        user.activated_at = now
        await user.save(update_fields=["activated_at"])
        await one_time_links.cancel(user, LinkPurpose.ACTIVATION, now=now)
    return user


async def lock(address: str, *, now: datetime) -> User:
    """Lock a login and end its sessions. Raises `UserNotFound`."""
    user = await _get_by_email(address)
    async with in_transaction():
        await lock_user(user, now=now)
    return user


async def lock_user(user: User, *, now: datetime) -> None:
    """Lock a login that is already loaded; call it in a transaction."""
    user.locked_at = user.locked_at or now
    await user.save(update_fields=["locked_at"])
    await sessions.end_all(user.id, now=now)


async def resend_activation(user: User, *, now: datetime) -> None:
    """Mail the activation link to an unactivated login; call it in a transaction."""
    link = await one_time_links.issue(
        user, LinkPurpose.ACTIVATION, lifetime=ACTIVATION_LIFETIME, now=now
    )
    await enqueue("identity.mail_activation", link_id=link.id)


async def unlock(address: str) -> User:
    """Unlock a login. Raises `UserNotFound`."""
    user = await _get_by_email(address)
    user.locked_at = None
    await user.save(update_fields=["locked_at"])
    return user


async def lock_own(viewer: Viewer) -> User:
    """Lock the viewer's row until the transaction ends.

    Raises `NotSignedIn` if an erasure has emptied it since the session was read: whatever is
    written then stays, because nothing erases it again. The lock permits foreign keys to the row,
    such as those of two idempotency keys at once, which would otherwise deadlock.
    """
    users = User.filter(id=viewer.id, erased_at=None).select_for_update(no_key=True)
    user = await users.first()
    if user is None:
        raise NotSignedIn
    return user


async def mail_user(
    context: JobContext,
    user: User,
    package: str,
    template: str,
    *,
    to: Email | None = None,
    attachments: tuple[MailAttachment, ...] = (),
    **values: object,
) -> None:
    """Mail a user in their language, to `to` or else to their address.

    `values` are the variables of the package's template besides `company` and `name`. Nothing is
    sent to a login whose personal data are erased: it has no address.
    """
    if user.erased_at is not None:
        return
    name = names.salutation(user.first_name, user.patronymic)
    mail = compose(
        package, template, user.preferred_language, company=context.company, name=name, **values
    )
    await context.ports.mail.send(
        replace(mail, attachments=attachments), to or Email(user.email_key), key=context.key
    )


async def newest(count: int, *, part_of_email: str = "") -> list[User]:
    """Return logins, newest first, filtered by a part of the address."""
    users = User.filter(email_key__contains=part_of_email.lower()) if part_of_email else User.all()
    return await users.order_by("-created_at", "-id").limit(count)


async def _get_by_email(address: str) -> User:
    user = await User.by_email(forms.email(address))
    if user is None:
        raise UserNotFound(address)
    return user
