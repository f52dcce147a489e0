"""Error codes and refusals about logins."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from lk_graphql.kit import names
from lk_graphql.kit.emails import EmailFault
from lk_graphql.kit.errors import Refusal
from lk_graphql.kit.languages import Language
from lk_graphql.kit.names import NameFault
from lk_graphql.kit.password_rules import MAX_LENGTH, MIN_LENGTH, PasswordRule
from lk_graphql.kit.pasted_text import StrangeCharacter
from lk_graphql.kit.phones import PhoneFault

# ruff: noqa: S105 - codes, not passwords


class IdentityErrorCode(StrEnum):
    """Stable codes; `types.objects` describes each for the schema."""

    NAME_MALFORMED = "NAME_MALFORMED"
    PATRONYMIC_UNCLEAR = "PATRONYMIC_UNCLEAR"
    EMAIL_MALFORMED = "EMAIL_MALFORMED"
    PHONE_MALFORMED = "PHONE_MALFORMED"
    PASSWORD_TOO_SHORT = "PASSWORD_TOO_SHORT"
    PASSWORD_TOO_LONG = "PASSWORD_TOO_LONG"
    PASSWORD_NO_LOWER_CASE = "PASSWORD_NO_LOWER_CASE"
    PASSWORD_NO_UPPER_CASE = "PASSWORD_NO_UPPER_CASE"
    PASSWORD_NO_DIGIT = "PASSWORD_NO_DIGIT"
    PASSWORD_FORBIDDEN_CHARACTER = "PASSWORD_FORBIDDEN_CHARACTER"
    PASSWORD_COMMON = "PASSWORD_COMMON"
    PASSWORD_CONTAINS_EMAIL = "PASSWORD_CONTAINS_EMAIL"
    PASSWORD_CONTAINS_COMPANY = "PASSWORD_CONTAINS_COMPANY"
    OLD_PASSWORD_WRONG = "OLD_PASSWORD_WRONG"
    CONSENT_OUTDATED = "CONSENT_OUTDATED"
    CAPTCHA_REQUIRED = "CAPTCHA_REQUIRED"
    CAPTCHA_WRONG = "CAPTCHA_WRONG"
    CAPTCHA_EXPIRED = "CAPTCHA_EXPIRED"
    WRONG_EMAIL_OR_PASSWORD = "WRONG_EMAIL_OR_PASSWORD"
    EMAIL_NOT_ACTIVATED = "EMAIL_NOT_ACTIVATED"
    USER_LOCKED = "USER_LOCKED"
    LINK_INVALID = "LINK_INVALID"
    EMAIL_UNCHANGED = "EMAIL_UNCHANGED"
    SESSION_NOT_FOUND = "SESSION_NOT_FOUND"
    TOO_MANY_TRIES = "TOO_MANY_TRIES"


PASSWORD_CODES = tuple(code for code in IdentityErrorCode if code.startswith("PASSWORD_"))
CAPTCHA_CODES = (IdentityErrorCode.CAPTCHA_WRONG, IdentityErrorCode.CAPTCHA_EXPIRED)


class _FaultRefusal(Refusal):
    """Refusal with one code and a text for each fault."""

    texts: ClassVar[Mapping[StrEnum, tuple[str, str]]]

    def __init__(self, fault: StrEnum, *path: str, strange: StrangeCharacter | None = None) -> None:
        self.fault = fault
        self.strange = strange
        super().__init__(*path)

    def text(self, language: Language) -> str:
        ru, en = self.texts[self.fault]
        return self.with_strange_character(ru if language is Language.RU else en, language)


class NameMalformed(_FaultRefusal):
    code = IdentityErrorCode.NAME_MALFORMED
    texts: ClassVar[Mapping[StrEnum, tuple[str, str]]] = {
        NameFault.EMPTY: ("Заполните это поле.", "Fill in this field."),
        NameFault.TOO_LONG: (
            f"Не больше {names.MAX_LENGTH} символов.",
            f"At most {names.MAX_LENGTH} characters.",
        ),
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


class EmailMalformed(_FaultRefusal):
    code = IdentityErrorCode.EMAIL_MALFORMED
    texts: ClassVar[Mapping[StrEnum, tuple[str, str]]] = {
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


class PhoneMalformed(_FaultRefusal):
    code = IdentityErrorCode.PHONE_MALFORMED
    texts: ClassVar[Mapping[StrEnum, tuple[str, str]]] = {
        PhoneFault.EMPTY: ("Укажите телефон.", "Give a telephone number."),
        PhoneFault.FOREIGN_CHARACTER: (
            "Только цифры, без добавочного номера, например +7 913 123-45-67.",
            "Digits only, no extension, for example +7 913 123-45-67.",
        ),
        PhoneFault.WRONG_LENGTH: (
            "В номере должно быть 11 цифр, например +7 913 123-45-67.",
            "A number has 11 digits, for example +7 913 123-45-67.",
        ),
        PhoneFault.NOT_ASSIGNED: (
            "Такого телефона нет: код города или оператора не начинается с 0, 1 или 2.",
            "There is no such number: no area code begins with 0, 1 or 2.",
        ),
        PhoneFault.NOT_RUSSIAN: (
            "Нужен российский номер: он начинается с +7 или 8.",
            "A Russian number is needed: it begins with +7 or 8.",
        ),
    }


class PasswordRefused(_FaultRefusal):
    """Refusal of a password by one rule; each broken rule gives a refusal of its own."""

    texts: ClassVar[Mapping[StrEnum, tuple[str, str]]] = {
        PasswordRule.TOO_SHORT: (
            f"Пароль должен быть не короче {MIN_LENGTH} символов.",
            f"A password needs at least {MIN_LENGTH} characters.",
        ),
        PasswordRule.TOO_LONG: (
            f"Пароль должен быть не длиннее {MAX_LENGTH} символов.",
            f"A password has at most {MAX_LENGTH} characters.",
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
        PasswordRule.CONTAINS_COMPANY: (
            "Пароль не должен содержать название компании или адрес кабинета.",
            "A password must not contain the company's name or the cabinet's address.",
        ),
    }

    def __init__(self, fault: PasswordRule, *path: str) -> None:
        self.code = IdentityErrorCode(f"PASSWORD_{fault}")
        super().__init__(fault, *path)


class PatronymicUnclear(Refusal):
    code = IdentityErrorCode.PATRONYMIC_UNCLEAR
    ru = "Укажите отчество или отметьте «нет отчества»."
    en = "Give the patronymic, or say that there is none."


class OldPasswordWrong(Refusal):
    code = IdentityErrorCode.OLD_PASSWORD_WRONG
    ru = "Текущий пароль указан неверно."
    en = "The current password is wrong."


class ConsentOutdated(Refusal):
    code = IdentityErrorCode.CONSENT_OUTDATED
    ru = "Текст документа изменился. Прочитайте новую редакцию и подтвердите согласие ещё раз."
    en = "The document has changed. Read the new version and agree to it once more."


class CaptchaRequired(Refusal):
    code = IdentityErrorCode.CAPTCHA_REQUIRED
    ru = "Слишком много неудачных попыток: введите код с картинки."
    en = "Too many failures: type the code of a picture as well."


class CaptchaWrong(Refusal):
    code = IdentityErrorCode.CAPTCHA_WRONG
    ru = "Код с картинки введён неверно."
    en = "This is not the code of the picture."


class CaptchaExpired(Refusal):
    """Refusal of a captcha that is unknown, expired, used or out of attempts."""

    code = IdentityErrorCode.CAPTCHA_EXPIRED
    ru = "Картинка устарела. Запросите новую."
    en = "This picture is no longer valid. Ask for a new one."


class WrongEmailOrPassword(Refusal):
    code = IdentityErrorCode.WRONG_EMAIL_OR_PASSWORD
    ru = "Неверный e-mail или пароль."
    en = "Wrong e-mail address or password."


class EmailNotActivated(Refusal):
    code = IdentityErrorCode.EMAIL_NOT_ACTIVATED
    ru = "Учётная запись ещё не активирована. Перейдите по ссылке из письма или запросите новое."
    en = "This login isn't activated yet. Follow the link in our mail, or ask for another."


class UserLocked(Refusal):
    code = IdentityErrorCode.USER_LOCKED
    ru = "Учётная запись заблокирована. Обратитесь в компанию."
    en = "This login is locked. Please contact the company."


class LinkInvalid(Refusal):
    code = IdentityErrorCode.LINK_INVALID
    ru = "Ссылка уже использована или устарела. Запросите новую."
    en = "This link has been used or is too old. Ask for a new one."


class EmailUnchanged(Refusal):
    code = IdentityErrorCode.EMAIL_UNCHANGED
    ru = "Этот адрес уже указан в вашей учётной записи."
    en = "This is your address already."


class SessionNotFound(Refusal):
    code = IdentityErrorCode.SESSION_NOT_FOUND
    ru = "Этот сеанс уже завершён."
    en = "This session has already ended."
