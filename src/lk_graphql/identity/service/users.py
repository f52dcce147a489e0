"""Logins: look-up by e-mail address, and administration by `lk user`."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.identity.models import LinkPurpose, User
from lk_graphql.identity.service import forms, one_time_links, sessions
from lk_graphql.identity.service.one_time_links import ACTIVATION_LIFETIME
from lk_graphql.kit import emails
from lk_graphql.kit.emails import Email
from lk_graphql.kit.errors import FormErrors
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.passwords import Passwords


@dataclass(frozen=True)
class NewUser:
    """As typed at the command line; no patronymic means that there is none."""

    email: str
    phone: str
    last_name: str
    first_name: str
    patronymic: str | None
    password: str


class EmailTaken(Exception):
    """An activated login has this address."""


class UserNotFound(Exception):
    """No login has this address."""


async def create(typed: NewUser, *, now: datetime, passwords: Passwords) -> User:
    """An activated login. It has agreed to nothing yet.

    Raises `Refusals` for a form's faults, or `EmailTaken`.
    """
    form, email = FormErrors(), None
    with form.field("email"):
        email = forms.email(typed.email)
    with form.field("phone"):
        phone = forms.phone(typed.phone)
    name = forms.full_name(form, typed, has_no_patronymic=not typed.patronymic)
    forms.new_password(form, "password", typed.password, passwords=passwords, email=email)
    form.check()
    try:
        return await User.create(
            email=emails.display(email or Email("")),
            email_key=email,
            phone=phone,
            has_no_patronymic=name.patronymic is None,
            **name._asdict(),
            password_hash=await passwords.hash(typed.password),
            created_at=now,
            activated_at=now,
            password_changed_at=now,
        )
    except IntegrityError as taken:
        raise EmailTaken(typed.email) from taken


async def activate(typed_email: str, *, now: datetime) -> User:
    """Open the newest login of an address without a mail. Raises `UserNotFound`."""
    user = await _get_by_email(typed_email)
    if user.activated_at is None:
        user.activated_at = now
        await user.save(update_fields=["activated_at"])
        await one_time_links.cancel(user, LinkPurpose.ACTIVATION, now=now)
    return user


async def lock(typed_email: str, *, now: datetime) -> User:
    """Keep somebody out, at once. Raises `UserNotFound`."""
    user = await _get_by_email(typed_email)
    async with in_transaction():
        await lock_user(user, now=now)
    return user


async def lock_user(user: User, *, now: datetime) -> None:
    """The same inside a transaction, for whoever has found the login."""
    user.locked_at = user.locked_at or now
    await user.save(update_fields=["locked_at"])
    await sessions.end_all(user.id, now=now)


async def resend_activation(user: User, *, now: datetime) -> None:
    """Mail the activation link to a login that waits for it; inside a transaction."""
    link = await one_time_links.issue(
        user, LinkPurpose.ACTIVATION, lifetime=ACTIVATION_LIFETIME, now=now
    )
    await enqueue("identity.mail_activation", link_id=link.id)


async def unlock(typed_email: str) -> User:
    """Let somebody in again. Raises `UserNotFound`."""
    user = await _get_by_email(typed_email)
    user.locked_at = None
    await user.save(update_fields=["locked_at"])
    return user


async def newest(count: int, *, part_of_email: str = "") -> list[User]:
    """Logins, the newest first; those whose address contains a text, if one is given."""
    found = User.filter(email_key__contains=part_of_email.lower()) if part_of_email else User.all()
    return await found.order_by("-created_at", "-id").limit(count)


async def _get_by_email(typed_email: str) -> User:
    user = await User.by_email(forms.email(typed_email))
    if user is None:
        raise UserNotFound(typed_email)
    return user
