"""What a password must be (manual, section 1): all broken rules at once, as facts to word."""

import re
from enum import StrEnum
from functools import cache

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from lk_graphql.kit.emails import Email, local_part

MIN_LENGTH = 8
MAX_LENGTH = 128

_TELLING = 5
"""A local part shorter than this is a syllable: `anna` may stand in a password by chance."""


class PasswordRule(StrEnum):
    """A rule that a password may break; a client words them from `publicSettings`."""

    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    NO_LOWER_CASE = "NO_LOWER_CASE"
    """Latin, as the manual says: also in the next one."""
    NO_UPPER_CASE = "NO_UPPER_CASE"
    NO_DIGIT = "NO_DIGIT"
    FORBIDDEN_CHARACTER = "FORBIDDEN_CHARACTER"
    """Can't be printed; or, when `strict`, is neither a Latin letter nor a digit."""
    COMMON = "COMMON"
    CONTAINS_EMAIL = "CONTAINS_EMAIL"


def broken_rules(password: str, email: Email | None = None, *, strict: bool) -> list[PasswordRule]:
    """In the order of `PasswordRule`; none for a good password.

    `strict` reads the manual's «состоять из» as: of nothing else.
    """
    if len(password) > MAX_LENGTH:  # what else is wrong with a novel is nobody's question
        return [PasswordRule.TOO_LONG]
    allowed = password.isascii() and password.isalnum() if strict else password.isprintable()
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
    return len(local) >= _TELLING and local in password.lower()


@cache
def _common_passwords() -> frozenset[str]:
    """The 30,000 most frequent ones of public leaks, in lower case."""
    return frozenset(FREQUENCY_LISTS["passwords"])
