"""E-mail addresses: their canonical form, and their display form.

Local parts are case-insensitive: RFC 5321 permits a distinction, but no provider makes one. They
must be ASCII: Russian providers issue no others, so a Cyrillic local part is a typing error.
Domains may be in any alphabet (`почта.рф`).
"""

import re
from enum import StrEnum
from typing import NewType

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from lk_graphql.kit.errors import InvalidFormat
from lk_graphql.kit.pasted_text import find_mixed, find_strange, to_compatible

Email = NewType("Email", str)
"""The canonical form: lower case, ASCII, the domain in punycode."""

MAX_LENGTH = 254
"""Octets between `MAIL FROM:<` and `>` (RFC 5321)."""

_LATIN = re.compile(r"[a-z]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


class EmailFault(StrEnum):
    """The reason why a text isn't a valid address."""

    EMPTY = "EMPTY"
    TOO_LONG = "TOO_LONG"
    NO_AT_SIGN = "NO_AT_SIGN"
    LOCAL_PART_NOT_LATIN = "LOCAL_PART_NOT_LATIN"
    BAD_LOCAL_PART = "BAD_LOCAL_PART"
    BAD_DOMAIN = "BAD_DOMAIN"
    MIXED_ALPHABETS = "MIXED_ALPHABETS"
    """Latin and Cyrillic in one label: `yаndex.ru` with a Cyrillic `а`."""


class InvalidEmail(InvalidFormat[EmailFault]):
    """The text isn't a valid e-mail address."""


def parse(text: str) -> Email:
    """Normalize and check an address, without DNS. Raises `InvalidEmail`."""
    if len(text) > 4 * MAX_LENGTH:  # limits the time of the checks below
        raise InvalidEmail(EmailFault.TOO_LONG)
    normalized = to_compatible(text).strip().lower().removeprefix("mailto:")
    if not normalized:
        raise InvalidEmail(EmailFault.EMPTY)
    local, at, domain = normalized.rpartition("@")
    if not at:
        raise InvalidEmail(EmailFault.NO_AT_SIGN)
    if not local.isascii():
        strange = find_strange(local, r"\x00-\x7f")
        raise InvalidEmail(EmailFault.LOCAL_PART_NOT_LATIN, strange)
    email = Email(f"{local}@{_punycode(domain, place=len(local) + 1)}")
    if len(email) > MAX_LENGTH:
        raise InvalidEmail(EmailFault.TOO_LONG)
    _validate(email, EmailFault.BAD_LOCAL_PART)
    return email


def _punycode(domain: str, *, place: int) -> str:
    """The domain in ASCII; `place` is the number of characters before it."""
    validated = _validate(f"a@{domain}", EmailFault.BAD_DOMAIN)
    for label in re.finditer(r"[^.]+", validated.domain):
        if _LATIN.search(label[0]) and _CYRILLIC.search(label[0]):
            mixed = find_mixed(label[0])
            strange = mixed and mixed.behind(place + label.start())
            raise InvalidEmail(EmailFault.MIXED_ALPHABETS, strange)
    return validated.ascii_domain


def _validate(address: str, fault: EmailFault) -> ValidatedEmail:
    try:
        return validate_email(address, strict=True, check_deliverability=False)
    except EmailNotValidError as error:
        raise InvalidEmail(fault) from error


def display(email: Email) -> str:
    """The address with its domain in Unicode.

    An address that `parse` refuses is returned as it is: that of an erased customer isn't routable
    (`.invalid`), and a later version of the library may refuse an address that is stored.
    """
    try:
        domain = _validate(email, EmailFault.BAD_DOMAIN).domain
    except InvalidEmail:
        return email
    return f"{local_part(email)}@{domain}"


def mask(email: Email) -> str:
    """A masked address: `m***@yandex.ru`."""
    return f"{email[0]}***@{display(email).rpartition('@')[2]}"


def local_part(email: Email) -> str:
    return email.rpartition("@")[0]
