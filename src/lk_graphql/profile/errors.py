"""Error codes and refusals about profiles."""

from enum import StrEnum

from lk_graphql.guards.rate_limits import RateLimitExceeded
from lk_graphql.identity.errors import OldPasswordWrong
from lk_graphql.kit.errors import Refusal


class ProfileErrorCode(StrEnum):
    """Stable codes; `types.objects` describes each for the schema."""

    CODE_EXPIRED = "CODE_EXPIRED"
    CODE_WRONG = "CODE_WRONG"
    CONSENT_NOT_GIVEN = "CONSENT_NOT_GIVEN"
    CONSENT_OUTDATED = "CONSENT_OUTDATED"
    CONSENT_REQUIRED = "CONSENT_REQUIRED"
    ERASURE_NOT_FOUND = "ERASURE_NOT_FOUND"
    ERASURE_REQUESTED = "ERASURE_REQUESTED"
    NAME_MALFORMED = "NAME_MALFORMED"
    PASSWORD_WRONG = "PASSWORD_WRONG"  # noqa: S105 - a code, not a password
    PATRONYMIC_UNCLEAR = "PATRONYMIC_UNCLEAR"
    PHONE_CONFIRMED = "PHONE_CONFIRMED"
    PHONE_MALFORMED = "PHONE_MALFORMED"
    PHONE_NOT_MOBILE = "PHONE_NOT_MOBILE"
    SMS_UNAVAILABLE = "SMS_UNAVAILABLE"
    TOO_MANY_TRIES = "TOO_MANY_TRIES"


class CodeExpired(Refusal):
    """Refusal of an expired code, or of a number without a code."""

    code = ProfileErrorCode.CODE_EXPIRED
    ru = "Код устарел. Запросите новый."
    en = "The code has expired. Please ask for another."


class CodeWrong(Refusal):
    code = ProfileErrorCode.CODE_WRONG
    ru = "Код не подходит. Проверьте цифры из SMS."
    en = "This isn't the code. Please check the digits in the SMS."


class PhoneConfirmed(Refusal):
    code = ProfileErrorCode.PHONE_CONFIRMED
    ru = "Этот номер уже подтверждён."
    en = "This number is confirmed already."


class PhoneNotMobile(Refusal):
    code = ProfileErrorCode.PHONE_NOT_MOBILE
    ru = "SMS можно получать только на мобильный номер: он начинается с +7 9."
    en = "Only a mobile number can take an SMS: it begins with +7 9."


class SmsUnavailable(Refusal):
    code = ProfileErrorCode.SMS_UNAVAILABLE
    ru = "Компания пока не отправляет SMS."
    en = "The company doesn't send SMS so far."


class NoActiveConsent(Refusal):
    code = ProfileErrorCode.CONSENT_NOT_GIVEN
    ru = "Отзывать нечего: такого согласия сейчас нет."
    en = "There is nothing to withdraw: there is no such consent now."


class ConsentRequired(Refusal):
    """Refusal to withdraw a consent that the cabinet requires."""

    code = ProfileErrorCode.CONSENT_REQUIRED
    ru = (
        "Без этого согласия кабинет не работает. Чтобы отозвать его, подайте заявление о закрытии"
        " кабинета и уничтожении данных."
    )
    en = (
        "The customer portal can't be used without this consent. To withdraw it, request the"
        " closure of your login and the destruction of your data."
    )


class ErasureRequested(Refusal):
    code = ProfileErrorCode.ERASURE_REQUESTED
    ru = "Вы уже отозвали согласие. Данные будут уничтожены {on}."
    en = "You have withdrawn your consent already. The data will be destroyed on {on}."


class ErasureNotFound(Refusal):
    """No request exists, or the data are already destroyed."""

    code = ProfileErrorCode.ERASURE_NOT_FOUND
    ru = "Отзывать нечего: такого заявления нет."
    en = "There is no such request to take back."


class TooManyExports(RateLimitExceeded):
    code = ProfileErrorCode.TOO_MANY_TRIES
    ru = "Выгрузку можно заказать раз в час и трижды в сутки. Повторите через {wait}."
    en = "An export can be asked for once an hour, three times a day. Try again in {wait}."


class ProfilePasswordWrong(OldPasswordWrong):
    code = ProfileErrorCode.PASSWORD_WRONG
