"""Name and telephone number, looked over first, then saved («Убедитесь в правильности»)."""

from dataclasses import dataclass
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.identity.models import User
from lk_graphql.kit import names
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.languages import Language
from lk_graphql.kit.names import NotAName
from lk_graphql.kit.phones import Phone
from lk_graphql.kit.viewer import Viewer
from lk_graphql.profile.errors import ProfileNameMalformed, ProfilePatronymicUnclear
from lk_graphql.profile.service.phone_proofs import is_confirmed, read_phone


@dataclass(frozen=True)
class Patronymic:
    """As typed: a text, or the word that there is none."""

    typed: str | None
    has_none: bool


@dataclass(frozen=True)
class ProfileChange:
    """What to change, as typed; None leaves it as it is."""

    last_name: str | None = None
    first_name: str | None = None
    patronymic: Patronymic | None = None
    phone: str | None = None
    language: Language | None = None


@dataclass(frozen=True)
class Contacts:
    """A profile as it would be; `phone_is_confirmed`: SMS could go there at once."""

    last_name: str
    first_name: str
    patronymic: str | None
    phone: Phone
    language: Language
    phone_is_confirmed: bool


async def preview(viewer: Viewer, change: ProfileChange) -> Contacts:
    """What `update` would save; raises `Refusals` with every fault."""
    return await _read(await User.get(id=viewer.id), change)


async def update(viewer: Viewer, change: ProfileChange) -> UUID:
    """Save; raises `Refusals` with every fault of the form, and saves nothing then.

    The e-mail is the login and changes by `emailChangeRequest`. Names here needn't be those of
    the contracts: what was proved when an account was linked stays proved.
    """
    async with in_transaction():
        user = await User.select_for_update().get(id=viewer.id)
        read = await _read(user, change)
        user.last_name, user.first_name = read.last_name, read.first_name
        user.patronymic, user.has_no_patronymic = read.patronymic, read.patronymic is None
        user.phone, user.preferred_language = read.phone, read.language
        await user.save(
            update_fields=[
                *("last_name", "first_name", "patronymic", "has_no_patronymic"),
                *("phone", "preferred_language"),
            ]
        )
    return user.id


async def _read(user: User, change: ProfileChange) -> Contacts:
    form = FormErrors()
    last_name, first_name, patronymic = user.last_name, user.first_name, user.patronymic
    phone = Phone(user.phone)
    if change.last_name is not None:
        with form.field("lastName"):
            last_name = _name(change.last_name)
    if change.first_name is not None:
        with form.field("firstName"):
            first_name = _name(change.first_name)
    if change.patronymic is not None:
        with form.field("patronymic"):
            patronymic = _patronymic(change.patronymic)
    if change.phone is not None:
        with form.field():
            phone = read_phone(change.phone)
    form.check()
    language = change.language or user.preferred_language
    confirmed = await is_confirmed(user.id, phone)
    return Contacts(last_name, first_name, patronymic, phone, language, confirmed)


def _name(typed: str) -> str:
    try:
        return names.parse(typed)
    except NotAName as wrong:
        raise ProfileNameMalformed(wrong.fault) from None


def _patronymic(patronymic: Patronymic) -> str | None:
    is_given = patronymic.typed is not None and patronymic.typed.strip() != ""
    if is_given is patronymic.has_none:
        raise ProfilePatronymicUnclear
    return _name(patronymic.typed) if patronymic.typed is not None and is_given else None
