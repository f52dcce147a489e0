"""Fields that several forms have: read from what people type, refused in words that help."""

from typing import NamedTuple, Protocol

from lk_graphql.identity.errors import (
    EmailMalformed,
    NameMalformed,
    PasswordRefused,
    PatronymicUnclear,
    PhoneMalformed,
)
from lk_graphql.kit import emails, names, phones
from lk_graphql.kit.emails import Email, NotAnEmail
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.names import NotAName
from lk_graphql.kit.phones import NotAPhone, Phone
from lk_graphql.ports.passwords import Passwords


def email(typed: str, *path: str) -> Email:
    """Raises `EmailMalformed`."""
    try:
        return emails.parse(typed)
    except NotAnEmail as wrong:
        raise EmailMalformed(wrong.fault, *path) from None


def phone(typed: str) -> Phone:
    """Raises `PhoneMalformed`."""
    try:
        return phones.parse(typed)
    except NotAPhone as wrong:
        raise PhoneMalformed(wrong.fault) from None


def name(typed: str) -> str:
    """Raises `NameMalformed`."""
    try:
        return names.parse(typed)
    except NotAName as wrong:
        raise NameMalformed(wrong.fault) from None


def patronymic(typed: str | None, *, has_none: bool) -> str | None:
    """Raises `PatronymicUnclear` or `NameMalformed`. An empty text is none."""
    is_given = typed is not None and typed.strip() != ""
    if is_given is has_none:
        raise PatronymicUnclear
    return name(typed) if typed is not None and is_given else None


class TypedName(Protocol):
    """The part of a form that asks for a full name («ФИО»)."""

    @property
    def last_name(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def patronymic(self) -> str | None: ...


class FullName(NamedTuple):
    """As it is kept; no patronymic means that there is none."""

    last_name: str
    first_name: str
    patronymic: str | None


def full_name(form: FormErrors, typed: TypedName, *, has_no_patronymic: bool) -> FullName:
    """Adds a refusal for each part at fault; what it returns is good once `form.check` passes."""
    last_name = first_name = ""
    given = None
    with form.field("lastName"):
        last_name = name(typed.last_name)
    with form.field("firstName"):
        first_name = name(typed.first_name)
    with form.field("patronymic"):
        given = patronymic(typed.patronymic, has_none=has_no_patronymic)
    return FullName(last_name, first_name, given)


def new_password(
    form: FormErrors, path: str, typed: str, *, passwords: Passwords, email: Email | None
) -> None:
    """Adds a refusal for each rule that the password breaks."""
    for rule in passwords.broken_rules(typed, email):
        with form.field(path):
            raise PasswordRefused(rule)
