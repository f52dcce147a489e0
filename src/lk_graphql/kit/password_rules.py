"""Password rules (manual, section 1)."""

import re
from collections.abc import Collection
from enum import StrEnum
from functools import cache
from pathlib import Path

from lk_graphql.kit.emails import Email, local_part

MIN_LENGTH = 8
MAX_LENGTH = 128

STRICT_CHARACTER = "[A-Za-z0-9]"
ANY_CHARACTER = r"[^\p{C}\p{Z}]| "
"""A printable character, as a pattern for clients; Python uses `str.isprintable` instead."""

_MIN_WORD_LENGTH = 5
"""The shortest word or local part to refuse; shorter ones occur in passwords by chance."""
_COMMON_PASSWORDS = Path(__file__).with_name("common_passwords.txt")


class PasswordRule(StrEnum):
    """A rule that a password may violate."""

    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    NO_LOWER_CASE = "NO_LOWER_CASE"
    """About Latin letters, as in the manual, like `NO_UPPER_CASE`."""
    NO_UPPER_CASE = "NO_UPPER_CASE"
    NO_DIGIT = "NO_DIGIT"
    FORBIDDEN_CHARACTER = "FORBIDDEN_CHARACTER"
    """A character that isn't printable or, with `strict`, is neither a Latin letter nor a digit."""
    COMMON = "COMMON"
    CONTAINS_EMAIL = "CONTAINS_EMAIL"
    CONTAINS_COMPANY = "CONTAINS_COMPANY"


def broken_rules(
    password: str,
    email: Email | None = None,
    *,
    strict: bool,
    company_words: Collection[str] = (),
) -> list[PasswordRule]:
    """All violated rules, in the order of `PasswordRule`; empty for a valid password.

    With `strict`, the manual's «состоять из» means "of these characters only". `company_words` are
    the words that a password can't contain (`words_of`).
    """
    if len(password) > MAX_LENGTH:  # limits the time of the other checks
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
        PasswordRule.CONTAINS_COMPANY: any(word in password.lower() for word in company_words),
    }
    return [rule for rule, is_broken in broken.items() if is_broken]


def words_of(name: str, *hosts: str) -> frozenset[str]:
    """The words of a company's name and hosts, which attackers try first, in lower case.

    The last label of a host, such as `ru`, isn't the company's and is omitted.
    """
    labels = [host.rpartition(".")[0] for host in hosts]
    words = re.findall(r"\w+", " ".join([name, *labels]).lower())
    return frozenset(word for word in words if len(word) >= _MIN_WORD_LENGTH)


def _contains_email(password: str, email: Email) -> bool:
    local = local_part(email)
    return len(local) >= _MIN_WORD_LENGTH and local in password.lower()


@cache
def _common_passwords() -> frozenset[str]:
    """Passwords from public leaks that the other rules would permit, in lower case.

    They are the passwords with at least eight characters, two letters and a digit among zxcvbn's
    30,000 most frequent ones. The library itself keeps all its dictionaries in memory, 13 MB
    (decision 0031).
    """
    return frozenset(_COMMON_PASSWORDS.read_text("ascii").split())
