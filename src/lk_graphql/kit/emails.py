"""E-mail addresses: one way to keep and compare them, one to show them.

Local parts are compared without case, though RFC 5321 would let a server tell them apart: no
provider does, and people write their address with a capital. They must be ASCII: the Russian
providers give no others, so that a Cyrillic local part is a forgotten keyboard switch, and its
owner would wait for a mail that can't come. Domains may be in any alphabet (`почта.рф`).
"""

import re
import unicodedata
from enum import StrEnum
from typing import NewType

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from lk_graphql.kit.errors import InvalidFormat

Email = NewType("Email", str)
"""Lower case, the domain in punycode: all ASCII, unique, and fit for an SMTP command."""

MAX_LENGTH = 254
"""Octets between `MAIL FROM:<` and `>` (RFC 5321)."""

_LATIN = re.compile(r"[a-z]")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")


class EmailFault(StrEnum):
    """Why a text isn't an address that we could write to."""

    EMPTY = "EMPTY"
    TOO_LONG = "TOO_LONG"
    NO_AT_SIGN = "NO_AT_SIGN"
    LOCAL_PART_NOT_LATIN = "LOCAL_PART_NOT_LATIN"
    BAD_LOCAL_PART = "BAD_LOCAL_PART"
    BAD_DOMAIN = "BAD_DOMAIN"
    MIXED_ALPHABETS = "MIXED_ALPHABETS"
    """Latin and Cyrillic in one label: `yаndex.ru` with a Cyrillic `а`."""


class NotAnEmail(InvalidFormat[EmailFault]):
    """Raised by `parse`."""


def parse(text: str) -> Email:
    """Trim, NFKC, lower-case, check the form; asks no DNS. Raises `NotAnEmail`."""
    if len(text) > 4 * MAX_LENGTH:  # nothing below should chew on a megabyte
        raise NotAnEmail(EmailFault.TOO_LONG)
    written = unicodedata.normalize("NFKC", text).strip().lower()
    if not written:
        raise NotAnEmail(EmailFault.EMPTY)
    local, at, domain = written.rpartition("@")
    if not at:
        raise NotAnEmail(EmailFault.NO_AT_SIGN)
    if not local.isascii():
        raise NotAnEmail(EmailFault.LOCAL_PART_NOT_LATIN)
    email = Email(f"{local}@{_punycode(domain)}")
    if len(email) > MAX_LENGTH:
        raise NotAnEmail(EmailFault.TOO_LONG)
    _checked(email, EmailFault.BAD_LOCAL_PART)
    return email


def _punycode(domain: str) -> str:
    found = _checked(f"a@{domain}", EmailFault.BAD_DOMAIN)
    if any(_LATIN.search(label) and _CYRILLIC.search(label) for label in found.domain.split(".")):
        raise NotAnEmail(EmailFault.MIXED_ALPHABETS)
    return found.ascii_domain


def _checked(address: str, fault: EmailFault) -> ValidatedEmail:
    try:
        return validate_email(address, strict=True, check_deliverability=False)
    except EmailNotValidError as error:
        raise NotAnEmail(fault) from error


def display(email: Email) -> str:
    """With the domain in its own letters, as its owner knows it."""
    return f"{local_part(email)}@{_checked(email, EmailFault.BAD_DOMAIN).domain}"


def mask(email: Email) -> str:
    """`m***@yandex.ru`: enough for its owner to recognise."""
    return f"{email[0]}***@{display(email).rpartition('@')[2]}"


def local_part(email: Email) -> str:
    return email.rpartition("@")[0]
