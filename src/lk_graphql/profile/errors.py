"""Every reason why something about a profile is refused."""

from enum import StrEnum

from lk_graphql.identity.errors import (
    NameMalformed,
    PatronymicUnclear,
    PhoneMalformed,
    TooManyTries,
)
from lk_graphql.kit.errors import Refusal


class ProfileErrorCode(StrEnum):
    """Why something about a profile was refused."""

    CODE_EXPIRED = "CODE_EXPIRED"
    CODE_WRONG = "CODE_WRONG"
    NAME_MALFORMED = "NAME_MALFORMED"
    PATRONYMIC_UNCLEAR = "PATRONYMIC_UNCLEAR"
    PHONE_CONFIRMED = "PHONE_CONFIRMED"
    PHONE_MALFORMED = "PHONE_MALFORMED"
    PHONE_NOT_MOBILE = "PHONE_NOT_MOBILE"
    SMS_UNAVAILABLE = "SMS_UNAVAILABLE"
    TOO_MANY_TRIES = "TOO_MANY_TRIES"


class CodeExpired(Refusal):
    """Also when none was ever sent to the number that the profile has now."""

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


class TooManyCodes(TooManyTries):
    code = ProfileErrorCode.TOO_MANY_TRIES


class ProfileNameMalformed(NameMalformed):
    code = ProfileErrorCode.NAME_MALFORMED


class ProfilePatronymicUnclear(PatronymicUnclear):
    code = ProfileErrorCode.PATRONYMIC_UNCLEAR


class ProfilePhoneMalformed(PhoneMalformed):
    code = ProfileErrorCode.PHONE_MALFORMED
