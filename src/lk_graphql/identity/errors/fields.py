"""What is wrong with a field of a form, in words that help to mend it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from lk_graphql.identity.errors.codes import IdentityErrorCode
from lk_graphql.kit.emails import EmailFault
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.languages import Language
from lk_graphql.kit.names import NameFault
from lk_graphql.kit.password_rules import LONGEST, SHORTEST, PasswordRule
from lk_graphql.kit.phones import PhoneFault


class _Worded(Refusal):
    """One code, but a text for each thing that may be wrong."""

    words: ClassVar[Mapping[StrEnum, tuple[str, str]]]

    def __init__(self, fault: StrEnum, *path: str) -> None:
        self.fault = fault
        super().__init__(*path)

    def text(self, language: Language) -> str:
        ru, en = self.words[self.fault]
        return ru if language is Language.RU else en


class NameMalformed(_Worded):
    code = IdentityErrorCode.NAME_MALFORMED
    words: ClassVar[Mapping[StrEnum, tuple[str, str]]] = {
        NameFault.EMPTY: ("Заполните это поле.", "Fill in this field."),
        NameFault.TOO_LONG: ("Не больше 60 символов.", "At most 60 characters."),
        NameFault.FOREIGN_CHARACTER: (
            "Только буквы, дефис, апостроф и пробел.",
            "Only letters, hyphens, apostrophes and spaces.",
        ),
        NameFault.BAD_PUNCTUATION: (
            "Проверьте дефисы, точки и апострофы: перед ними должна стоять буква.",
            "Check hyphens, dots and apostrophes: a letter has to stand before each.",
        ),
        NameFault.MIXED_ALPHABETS: (
            "В одном слове и русские, и латинские буквы. Проверьте раскладку клавиатуры.",
            "Russian and Latin letters in one word. Check the keyboard layout.",
        ),
    }


class EmailMalformed(_Worded):
    code = IdentityErrorCode.EMAIL_MALFORMED
    words: ClassVar[Mapping[StrEnum, tuple[str, str]]] = {
        EmailFault.EMPTY: ("Укажите e-mail.", "Give an e-mail address."),
        EmailFault.TOO_LONG: ("Адрес слишком длинный.", "The address is too long."),
        EmailFault.NO_AT_SIGN: (
            "В адресе должен быть знак @, например ivanov@yandex.ru.",
            "An address has an @ in it, as in ivanov@yandex.ru.",
        ),
        EmailFault.LOCAL_PART_NOT_LATIN: (
            "До знака @ могут быть только латинские буквы. Проверьте раскладку клавиатуры.",
            "Only Latin letters may stand before the @. Check the keyboard layout.",
        ),
        EmailFault.BAD_LOCAL_PART: (
            "Проверьте часть адреса до знака @.",
            "Check what stands before the @.",
        ),
        EmailFault.BAD_DOMAIN: (
            "Проверьте часть адреса после знака @, например yandex.ru или почта.рф.",
            "Check what stands after the @, for example yandex.ru.",
        ),
        EmailFault.MIXED_ALPHABETS: (
            "После знака @ и русские, и латинские буквы в одном слове.",
            "Russian and Latin letters in one word after the @.",
        ),
    }


class PhoneMalformed(_Worded):
    code = IdentityErrorCode.PHONE_MALFORMED
    words: ClassVar[Mapping[StrEnum, tuple[str, str]]] = {
        PhoneFault.EMPTY: ("Укажите телефон.", "Give a telephone number."),
        PhoneFault.FOREIGN_CHARACTER: (
            "Только цифры, без добавочного номера, например +7 913 123-45-67.",
            "Digits only, no extension, for example +7 913 123-45-67.",
        ),
        PhoneFault.WRONG_LENGTH: (
            "В номере должно быть 11 цифр, например +7 913 123-45-67.",
            "A number has 11 digits, for example +7 913 123-45-67.",
        ),
        PhoneFault.NOT_RUSSIAN: (
            "Нужен российский номер: он начинается с +7 или 8.",
            "A Russian number is needed: it begins with +7 or 8.",
        ),
    }


class PasswordRefused(_Worded):
    """One broken rule; a password that breaks three is refused three times over."""

    words: ClassVar[Mapping[StrEnum, tuple[str, str]]] = {
        PasswordRule.TOO_SHORT: (
            f"Пароль должен быть не короче {SHORTEST} символов.",
            f"A password needs at least {SHORTEST} characters.",
        ),
        PasswordRule.TOO_LONG: (
            f"Пароль должен быть не длиннее {LONGEST} символов.",
            f"A password has at most {LONGEST} characters.",
        ),
        PasswordRule.NO_LOWER_CASE: (
            "В пароле нужна латинская строчная буква.",
            "A password needs a Latin lower-case letter.",
        ),
        PasswordRule.NO_UPPER_CASE: (
            "В пароле нужна латинская заглавная буква.",
            "A password needs a Latin capital letter.",
        ),
        PasswordRule.NO_DIGIT: ("В пароле нужна цифра.", "A password needs a digit."),
        PasswordRule.FORBIDDEN_CHARACTER: (
            "В пароле есть недопустимый символ.",
            "A password can't have this character.",
        ),
        PasswordRule.COMMON: (
            "Такой пароль слишком известен: его подбирают первым.",
            "This password is too well known: it is tried first.",
        ),
        PasswordRule.CONTAINS_EMAIL: (
            "Пароль не должен содержать имя почтового ящика.",
            "A password must not contain the name of your mailbox.",
        ),
    }

    def __init__(self, fault: PasswordRule, *path: str) -> None:
        self.code = IdentityErrorCode(f"PASSWORD_{fault}")
        super().__init__(fault, *path)
