"""Russian telephone numbers, normalized to E.164 (`+7…`)."""

import re
from enum import StrEnum
from typing import NewType

from lk_graphql.kit.errors import InvalidFormat
from lk_graphql.kit.pasted_text import StrangeCharacter, find_strange, to_compatible

Phone = NewType("Phone", str)
"""`+7` and ten digits."""

_SEPARATORS = re.compile(r"[\s()./\-\u2010-\u2015\u2212]+")
_USUAL_CHARACTERS = r"0-9+\s()./\-\u2010-\u2015\u2212"
_MAX_LENGTH = 40


class PhoneFault(StrEnum):
    """The reason why a text isn't a valid Russian telephone number."""

    EMPTY = "EMPTY"
    FOREIGN_CHARACTER = "FOREIGN_CHARACTER"
    """A letter, an extension («доб. 12»), a plus in the middle."""
    WRONG_LENGTH = "WRONG_LENGTH"
    NOT_RUSSIAN = "NOT_RUSSIAN"
    """The right length, but a prefix other than +7, 8 or 9."""
    NOT_ASSIGNED = "NOT_ASSIGNED"
    """An area code that begins with 0, 1 or 2; none exists, so a number of zeros is refused."""


class InvalidPhone(InvalidFormat[PhoneFault]):
    """The text isn't a valid Russian telephone number."""


def parse(text: str) -> Phone:
    """Parse `+7 (913) 123-45-67`, `8913…`, `7913…` or `913…` (ten digits: mobile only).

    Numbers of Kazakhstan (`+7 7…`) share the numbering plan and are valid. Raises `InvalidPhone`.
    """
    digits, has_plus = _digits(text)
    match len(digits), digits[0]:
        case 11, "7":
            return _assigned(digits[1:])
        case 11, "8" if not has_plus:  # 8 is the trunk prefix; +8 is another country code
            return _assigned(digits[1:])
        case 10, "9" if not has_plus:
            return Phone(f"+7{digits}")
        case ((10 | 11), _):
            raise InvalidPhone(PhoneFault.NOT_RUSSIAN)
        case _:
            raise InvalidPhone(PhoneFault.WRONG_LENGTH)


def _assigned(digits: str) -> Phone:
    if digits[0] in "012":
        raise InvalidPhone(PhoneFault.NOT_ASSIGNED)
    return Phone(f"+7{digits}")


def _digits(text: str) -> tuple[str, bool]:
    if len(text) > _MAX_LENGTH:
        raise InvalidPhone(PhoneFault.WRONG_LENGTH)
    usual = to_compatible(text).strip().removeprefix("tel:")
    compact = _SEPARATORS.sub("", usual)
    digits = compact.removeprefix("+")
    if not compact:
        raise InvalidPhone(PhoneFault.EMPTY)
    if digits and not (digits.isascii() and digits.isdecimal()):
        raise InvalidPhone(PhoneFault.FOREIGN_CHARACTER, _foreign_character(usual))
    if not digits:
        raise InvalidPhone(PhoneFault.WRONG_LENGTH)
    return digits, digits != compact


def _foreign_character(text: str) -> StrangeCharacter | None:
    """The first character that isn't a digit or a separator, or a plus after the first place."""
    first = find_strange(text, _USUAL_CHARACTERS)
    plus = text.find("+", text.startswith("+"))
    if plus > -1 and (first is None or plus < first.position - 1):
        return StrangeCharacter(plus + 1, "+")
    return first


def is_mobile(phone: Phone) -> bool:
    """Whether the number can receive SMS."""
    return phone.startswith("+79")


def mask(phone: Phone) -> str:
    """A masked number: `+7 9** ***-**-12`."""
    return f"+7 {phone[2]}** ***-**-{phone[-2:]}"
