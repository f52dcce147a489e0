"""Rules of what people type, and limits that all forms share, for the public settings."""

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
    """One thing that a password has to be."""

    code: IdentityErrorCode = strawberry.field(
        description="The code of the refusal when a password isn't like that."
    )
    text: str = strawberry.field(
        description="The rule in words, to show beside the field before anything is typed."
    )


@object_type
class PasswordRules:
    """What a password has to be («требования к паролю»)."""

    shortest: int = strawberry.field(description="The fewest characters.")
    longest: int = strawberry.field(description="The most characters.")
    only_latin_and_digits: bool = strawberry.field(
        description="Whether no other characters are allowed."
    )
    characters: str = strawberry.field(
        description="A regular expression for one allowed character, in ECMAScript's syntax with "
        "the flag `u`."
    )
    requirements: list[PasswordRequirement] = strawberry.field(
        description="All rules, each with the code of its refusal."
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
    """What a surname, first name or patronymic may be («ФИО»)."""

    longest: int = strawberry.field(description="The most characters of each.")
    characters: str = strawberry.field(
        description="A regular expression for one character of usual names, in ECMAScript's "
        "syntax. A name is of one alphabet; other Cyrillic and Latin letters are taken, too."
    )
    text: str = strawberry.field(description="The rule in words, to show beside the field.")


def name_rules_in(language: Language) -> NameRules:
    russian = f"До {names.MAX_LENGTH} знаков: русские или латинские буквы, пробел, дефис, апостроф."
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
    """How a scalar can be written in inputs."""

    scalar: str = strawberry.field(description="The scalar's name: `Money`.")
    pattern: str = strawberry.field(
        description="A regular expression for the whole text, in ECMAScript's syntax. Other blanks "
        "and minus signs are read, too."
    )


def scalar_patterns() -> list[ScalarPattern]:
    return [
        ScalarPattern(scalar=codec.name, pattern=f"^{codec.pattern}$")
        for codec in CODECS.values()
        if codec.pattern
    ]


@object_type
class IdempotencyRules:
    """What an `idempotencyKey` may be."""

    longest: int = strawberry.field(description="The most characters; printable ASCII only.")
    kept_days: int = strawberry.field(description="For how many days a repeat is recognised.")


def idempotency_rules() -> IdempotencyRules:
    return IdempotencyRules(
        longest=idempotency.MAX_KEY_LENGTH, kept_days=idempotency.RETENTION.days
    )


@object_type
class MailedLinkRules:
    """For how long the links in mails are good; later they are `LINK_INVALID`."""

    activation_seconds: int = strawberry.field(description="After `userRegister`.")
    password_reset_seconds: int = strawberry.field(description="After `passwordResetRequest`.")
    email_change_seconds: int = strawberry.field(description="After `emailChangeRequest`.")


def mailed_link_rules() -> MailedLinkRules:
    return MailedLinkRules(
        activation_seconds=int(one_time_links.ACTIVATION_LIFETIME.total_seconds()),
        password_reset_seconds=int(one_time_links.RESET_LIFETIME.total_seconds()),
        email_change_seconds=int(one_time_links.EMAIL_CHANGE_LIFETIME.total_seconds()),
    )
