"""Why something about a login was refused: codes, faults of fields, and the rest, which is here."""

from datetime import datetime

from lk_graphql.identity.errors.codes import CAPTCHA_CODES, PASSWORD_CODES, IdentityErrorCode
from lk_graphql.identity.errors.fields import (
    EmailMalformed,
    NameMalformed,
    PasswordRefused,
    PhoneMalformed,
)
from lk_graphql.kit.errors import Refusal

__all__ = [
    "CAPTCHA_CODES",
    "PASSWORD_CODES",
    "EmailMalformed",
    "IdentityErrorCode",
    "NameMalformed",
    "PasswordRefused",
    "PhoneMalformed",
]


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
    """Unknown, too old, used, or failed too often: one answer for all four."""

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
    ru = "Это и есть ваш нынешний адрес."
    en = "This is your address already."


class SessionNotFound(Refusal):
    code = IdentityErrorCode.SESSION_NOT_FOUND
    ru = "Этот вход уже завершён."
    en = "This session has already ended."


class TooManyTries(Refusal):
    """A limit of `service.limits` is used up until `retry_at`."""

    code = IdentityErrorCode.TOO_MANY_TRIES
    ru = "Слишком много попыток. Повторите через {wait}."
    en = "Too many tries. Try again in {wait}."

    def __init__(self, retry_at: datetime, *, now: datetime) -> None:
        self.retry_at = retry_at
        super().__init__(wait=retry_at - now, retry_at=retry_at)
