"""Parsers of form fields that several use cases share."""

from typing import NamedTuple, Protocol

from lk_graphql.identity.errors import (
    EmailMalformed,
    NameMalformed,
    PasswordRefused,
    PatronymicUnclear,
    PhoneMalformed,
)
from lk_graphql.kit import emails, names, phones
from lk_graphql.kit.emails import Email, InvalidEmail
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.names import InvalidName
from lk_graphql.kit.phones import InvalidPhone, Phone
from lk_graphql.ports.passwords import Passwords


def email(text: str, *path: str) -> Email:
    """Parse an address. Raises `EmailMalformed`."""
    try:
        return emails.parse(text)
    except InvalidEmail as error:
        raise EmailMalformed(error.fault, *path, strange=error.strange) from None


def phone(text: str, *path: str) -> Phone:
    """Parse a telephone number. Raises `PhoneMalformed`."""
    try:
        return phones.parse(text)
    except InvalidPhone as error:
        raise PhoneMalformed(error.fault, *path, strange=error.strange) from None


def name(text: str) -> str:
    """Parse a name. Raises `NameMalformed`."""
    try:
        return names.parse(text)
    except InvalidName as error:
        raise NameMalformed(error.fault, strange=error.strange) from None


def patronymic(text: str | None, *, has_none: bool) -> str | None:
    """Parse a patronymic; a blank text counts as None.

    Raises `PatronymicUnclear` or `NameMalformed`.
    """
    is_present = text is not None and text.strip() != ""
    if is_present is has_none:
        raise PatronymicUnclear
    return name(text) if text is not None and is_present else None


class TypedName(Protocol):
    """The full name («ФИО») as a part of a form."""

    @property
    def last_name(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def patronymic(self) -> str | None: ...


class FullName(NamedTuple):
    """A parsed full name; `patronymic` is None for a person without one."""

    last_name: str
    first_name: str
    patronymic: str | None


def full_name(form: FormErrors, fields: TypedName, *, has_no_patronymic: bool) -> FullName:
    """Parse a full name and add a refusal for each faulty part.

    The result is valid only if `form.check` passes.
    """
    last_name = first_name = ""
    parsed_patronymic = None
    with form.field("lastName"):
        last_name = name(fields.last_name)
    with form.field("firstName"):
        first_name = name(fields.first_name)
    with form.field("patronymic"):
        parsed_patronymic = patronymic(fields.patronymic, has_none=has_no_patronymic)
    return FullName(last_name, first_name, parsed_patronymic)


def new_password(
    form: FormErrors, path: str, password: str, *, passwords: Passwords, email: Email | None
) -> None:
    """Add a refusal for each rule that the password breaks."""
    for rule in passwords.broken_rules(password, email):
        with form.field(path):
            raise PasswordRefused(rule)
