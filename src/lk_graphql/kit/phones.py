"""Russian telephone numbers: many ways to write one, one way to keep it (E.164, `+7…`)."""

import re
import unicodedata
from enum import StrEnum
from typing import NewType

from lk_graphql.kit.errors import InvalidFormat

Phone = NewType("Phone", str)
"""`+7` and ten digits."""

_DECORATION = re.compile(r"[\s()./\-\u2010-\u2015\u2212]+")
_LONGEST_WRITTEN = 40


class PhoneFault(StrEnum):
    """Why a text isn't a Russian telephone number."""

    EMPTY = "EMPTY"
    FOREIGN_CHARACTER = "FOREIGN_CHARACTER"
    """A letter, an extension («доб. 12»), a plus in the middle."""
    WRONG_LENGTH = "WRONG_LENGTH"
    NOT_RUSSIAN = "NOT_RUSSIAN"
    """Enough digits, but neither +7, nor 8, nor 9 stands where it should."""


class NotAPhone(InvalidFormat[PhoneFault]):
    """Raised by `parse`."""


def parse(text: str) -> Phone:
    """Read `+7 (913) 123-45-67`, `8913…`, `7913…` or `913…` (ten digits: mobile ones only).

    Raises `NotAPhone`. A number in Kazakhstan, `+7 7…`, is in the same plan and passes.
    """
    digits, has_plus = _digits(text)
    match len(digits), digits[0]:
        case 11, "7":
            return Phone(f"+{digits}")
        case 11, "8" if not has_plus:  # 8 is how one dials out inside the country, +8 is Asia
            return Phone(f"+7{digits[1:]}")
        case 10, "9" if not has_plus:
            return Phone(f"+7{digits}")
        case ((10 | 11), _):
            raise NotAPhone(PhoneFault.NOT_RUSSIAN)
        case _:
            raise NotAPhone(PhoneFault.WRONG_LENGTH)


def _digits(text: str) -> tuple[str, bool]:
    if len(text) > _LONGEST_WRITTEN:
        raise NotAPhone(PhoneFault.WRONG_LENGTH)
    bare = _DECORATION.sub("", unicodedata.normalize("NFKC", text))
    digits = bare.removeprefix("+")
    if not bare:
        raise NotAPhone(PhoneFault.EMPTY)
    if digits and not (digits.isascii() and digits.isdecimal()):
        raise NotAPhone(PhoneFault.FOREIGN_CHARACTER)
    if not digits:
        raise NotAPhone(PhoneFault.WRONG_LENGTH)
    return digits, digits != bare


def is_mobile(phone: Phone) -> bool:
    """Whether it can take an SMS."""
    return phone.startswith("+79")


def mask(phone: Phone) -> str:
    """`+7 9** ***-**-12`: enough for its owner to recognise."""
    return f"+7 {phone[2]}** ***-**-{phone[-2:]}"
