"""Password rules (manual, section 1)."""

import re
from enum import StrEnum
from functools import cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from lk_graphql.kit.emails import Email, local_part

MIN_LENGTH = 8
MAX_LENGTH = 128

STRICT_CHARACTER = "[A-Za-z0-9]"
ANY_CHARACTER = r"[^\p{C}\p{Z}]| "
"""A printable character, for clients: Python has no such classes, and `str.isprintable` instead."""

_MIN_LOCAL_PART_LENGTH = 5
"""Shorter local parts occur in passwords by chance."""


class PasswordRule(StrEnum):
    """A rule that a password may violate."""

    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    NO_LOWER_CASE = "NO_LOWER_CASE"
    """Latin letters, by the manual; so is `NO_UPPER_CASE`."""
    NO_UPPER_CASE = "NO_UPPER_CASE"
    NO_DIGIT = "NO_DIGIT"
    FORBIDDEN_CHARACTER = "FORBIDDEN_CHARACTER"
    """A character that isn't printable or, with `strict`, is neither a Latin letter nor a digit."""
    COMMON = "COMMON"
    CONTAINS_EMAIL = "CONTAINS_EMAIL"


def broken_rules(password: str, email: Email | None = None, *, strict: bool) -> list[PasswordRule]:
    """All violated rules, in the order of `PasswordRule`; empty for a valid password.

    `strict` reads the manual's «состоять из» as "of these characters only".
    """
    if len(password) > MAX_LENGTH:  # bounds the time of the other checks
        return [PasswordRule.TOO_LONG]
    is_strict = re.fullmatch(f"{STRICT_CHARACTER}*", password) is not None
    allowed = is_strict if strict else password.isprintable()
    broken = {
        PasswordRule.TOO_SHORT: len(password) < MIN_LENGTH,
        PasswordRule.NO_LOWER_CASE: not re.search("[a-z]", password),
        PasswordRule.NO_UPPER_CASE: not re.search("[A-Z]", password),
        PasswordRule.NO_DIGIT: not re.search("[0-9]", password),
        PasswordRule.FORBIDDEN_CHARACTER: not allowed,
        PasswordRule.COMMON: password.lower() in _common_passwords(),
        PasswordRule.CONTAINS_EMAIL: email is not None and _contains_email(password, email),
    }
    return [rule for rule, is_broken in broken.items() if is_broken]


def _contains_email(password: str, email: Email) -> bool:
    local = local_part(email)
    return len(local) >= _MIN_LOCAL_PART_LENGTH and local in password.lower()


@cache
def _common_passwords() -> frozenset[str]:
    """The 30,000 most frequent passwords of public leaks, in lower case."""
    return frozenset(FREQUENCY_LISTS["passwords"])
