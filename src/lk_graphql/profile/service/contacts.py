"""Preview and update of name, telephone number and language («Убедитесь в правильности»)."""

from dataclasses import dataclass

from tortoise.transactions import in_transaction

from lk_graphql.identity.models import User
from lk_graphql.identity.service import forms
from lk_graphql.identity.service.users import lock_own
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.languages import Language
from lk_graphql.kit.phones import Phone
from lk_graphql.kit.viewer import Viewer
from lk_graphql.profile.service.phone_proofs import is_confirmed


@dataclass(frozen=True)
class Patronymic:
    """A patronymic as typed, or a statement that there is none."""

    text: str | None
    has_none: bool


@dataclass(frozen=True)
class ProfileChange:
    """Changes as typed; None leaves a value unchanged."""

    last_name: str | None = None
    first_name: str | None = None
    patronymic: Patronymic | None = None
    phone: str | None = None
    language: Language | None = None


@dataclass(frozen=True)
class Contacts:
    """A profile after a change; SMS go to the number only if `is_phone_confirmed`."""

    last_name: str
    first_name: str
    patronymic: str | None
    phone: Phone
    language: Language
    is_phone_confirmed: bool


async def preview(viewer: Viewer, change: ProfileChange) -> Contacts:
    """Return the result of `update` without saving it; raises `Refusals` with every fault."""
    return await _read(await User.get(id=viewer.id), change)


async def update(viewer: Viewer, change: ProfileChange) -> None:
    """Save a change; raises `Refusals` with every fault, and `NotSignedIn`.

    `emailChangeRequest` changes the e-mail address, which is the login. Names may differ from
    those of the contracts, because account links are verified only once.
    """
    async with in_transaction():
        user = await lock_own(viewer)
        contacts = await _read(user, change)
        user.last_name, user.first_name = contacts.last_name, contacts.first_name
        user.patronymic = contacts.patronymic
        user.has_no_patronymic = contacts.patronymic is None
        user.phone, user.preferred_language = contacts.phone, contacts.language
        await user.save(
            update_fields=[
                *("last_name", "first_name", "patronymic", "has_no_patronymic"),
                *("phone", "preferred_language"),
            ]
        )


async def _read(user: User, change: ProfileChange) -> Contacts:
    form = FormErrors()
    last_name, first_name, patronymic = user.last_name, user.first_name, user.patronymic
    phone = Phone(user.phone)
    if change.last_name is not None:
        with form.field("lastName"):
            last_name = forms.name(change.last_name)
    if change.first_name is not None:
        with form.field("firstName"):
            first_name = forms.name(change.first_name)
    if change.patronymic is not None:
        with form.field("patronymic"):
            patronymic = forms.patronymic(
                change.patronymic.text, has_none=change.patronymic.has_none
            )
    if change.phone is not None:
        with form.field("phone"):
            phone = forms.phone(change.phone)
    form.check()
    language = change.language or user.preferred_language
    is_phone_confirmed = await is_confirmed(user.id, phone)
    return Contacts(last_name, first_name, patronymic, phone, language, is_phone_confirmed)
