"""Rules of the fields of forms, and limits shared by all forms, for the public settings."""

from collections.abc import Mapping

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.guards import idempotency
from lk_graphql.identity.errors import IdentityErrorCode
from lk_graphql.identity.service import one_time_links
from lk_graphql.kit import names, password_rules
from lk_graphql.kit.languages import Language
from lk_graphql.kit.password_rules import MAX_LENGTH, MIN_LENGTH, PasswordRule
from lk_graphql.planner.declare.scalars import CODECS

_PASSWORD_RULES: Mapping[PasswordRule, tuple[str, str]] = {
    PasswordRule.TOO_SHORT: (
        f"Не меньше {MIN_LENGTH} символов.",
        f"At least {MIN_LENGTH} characters.",
    ),
    PasswordRule.TOO_LONG: (
        f"Не больше {MAX_LENGTH} символов.",
        f"At most {MAX_LENGTH} characters.",
    ),
    PasswordRule.NO_LOWER_CASE: (
        "Хотя бы одна строчная латинская буква.",
        "At least one Latin lower-case letter.",
    ),
    PasswordRule.NO_UPPER_CASE: (
        "Хотя бы одна заглавная латинская буква.",
        "At least one Latin capital letter.",
    ),
    PasswordRule.NO_DIGIT: ("Хотя бы одна цифра.", "At least one digit."),
    PasswordRule.FORBIDDEN_CHARACTER: (
        "Любые буквы, цифры, знаки и пробелы.",
        "Any letters, digits, signs and spaces.",
    ),
    PasswordRule.COMMON: (
        "Не из тех известных паролей, которые подбирают первыми.",
        "None of the well-known passwords, which are tried first.",
    ),
    PasswordRule.CONTAINS_EMAIL: (
        "Без имени почтового ящика — части e-mail до знака @.",
        "Without the mailbox's name, the part of the e-mail address before the @.",
    ),
    PasswordRule.CONTAINS_COMPANY: (
        "Без названия компании и слов из адреса кабинета.",
        "Without the company's name and words of the cabinet's address.",
    ),
}
_STRICT_ALPHABET = "Только латинские буквы и цифры.", "Latin letters and digits only."


@object_type
class PasswordRequirement:
    """A rule of passwords."""

    code: IdentityErrorCode = strawberry.field(
        description="The code of the refusal of a password that breaks the rule."
    )
    text: str = strawberry.field(
        description="The text of the rule, to show beside the field before the password is typed."
    )


@object_type
class PasswordRules:
    """The rules of passwords («требования к паролю»)."""

    shortest: int = strawberry.field(description="The minimum number of characters.")
    longest: int = strawberry.field(description="The maximum number of characters.")
    only_latin_and_digits: bool = strawberry.field(
        description="Whether only Latin letters and digits are allowed."
    )
    characters: str = strawberry.field(
        description="A regular expression for one allowed character, in ECMAScript's syntax with "
        "the flag `u`."
    )
    requirements: list[PasswordRequirement] = strawberry.field(
        description="The rules, each with the code of its refusal."
    )


def password_rules_in(language: Language, *, strict: bool) -> PasswordRules:
    return PasswordRules(
        shortest=MIN_LENGTH,
        longest=MAX_LENGTH,
        only_latin_and_digits=strict,
        characters=password_rules.STRICT_CHARACTER if strict else password_rules.ANY_CHARACTER,
        requirements=[
            PasswordRequirement(
                code=IdentityErrorCode(f"PASSWORD_{rule}"),
                text=_text(rule, language, strict=strict),
            )
            for rule in PasswordRule
        ],
    )


def _text(rule: PasswordRule, language: Language, *, strict: bool) -> str:
    is_alphabet = strict and rule is PasswordRule.FORBIDDEN_CHARACTER
    ru, en = _STRICT_ALPHABET if is_alphabet else _PASSWORD_RULES[rule]
    return ru if language is Language.RU else en


@object_type
class NameRules:
    """The rules of surnames, first names and patronymics («ФИО»)."""

    longest: int = strawberry.field(description="The maximum number of characters of each name.")
    characters: str = strawberry.field(
        description=(
            "A regular expression for one character of usual names, in ECMAScript's syntax. A "
            "name has a single alphabet; other Cyrillic and Latin letters are accepted, too."
        )
    )
    text: str = strawberry.field(description="The text of the rule, to show beside the field.")


def name_rules_in(language: Language) -> NameRules:
    russian = (
        f"До {names.MAX_LENGTH} символов: русские или латинские буквы, пробел, дефис, апостроф."
    )
    english = (
        f"Up to {names.MAX_LENGTH} characters: Russian or Latin letters, spaces, hyphens and "
        "apostrophes."
    )
    return NameRules(
        longest=names.MAX_LENGTH,
        characters=names.USUAL_CHARACTER,
        text=russian if language is Language.RU else english,
    )


@object_type
class ScalarPattern:
    """The accepted form of a scalar in inputs."""

    scalar: str = strawberry.field(description="The name of the scalar, such as `Money`.")
    pattern: str = strawberry.field(
        description=(
            "A regular expression for the whole text, in ECMAScript's syntax. Other blanks and "
            "minus signs are accepted, too."
        )
    )


def scalar_patterns() -> list[ScalarPattern]:
    return [
        ScalarPattern(scalar=codec.name, pattern=f"^{codec.pattern}$")
        for codec in CODECS.values()
        if codec.pattern
    ]


@object_type
class IdempotencyRules:
    """The rules of `idempotencyKey`."""

    longest: int = strawberry.field(
        description="The maximum number of characters, which are printable ASCII."
    )
    kept_days: int = strawberry.field(
        description="The number of days for which a repeated request is recognized."
    )


def idempotency_rules() -> IdempotencyRules:
    return IdempotencyRules(
        longest=idempotency.MAX_KEY_LENGTH, kept_days=idempotency.RETENTION.days
    )


@object_type
class MailedLinkRules:
    """The periods of validity of the links in mails; afterwards they are `LINK_INVALID`."""

    activation_seconds: int = strawberry.field(
        description="The number of seconds after `userRegister`."
    )
    password_reset_seconds: int = strawberry.field(
        description="The number of seconds after `passwordResetRequest`."
    )
    email_change_seconds: int = strawberry.field(
        description="The number of seconds after `emailChangeRequest`."
    )


def mailed_link_rules() -> MailedLinkRules:
    return MailedLinkRules(
        activation_seconds=int(one_time_links.ACTIVATION_LIFETIME.total_seconds()),
        password_reset_seconds=int(one_time_links.RESET_LIFETIME.total_seconds()),
        email_change_seconds=int(one_time_links.EMAIL_CHANGE_LIFETIME.total_seconds()),
    )
