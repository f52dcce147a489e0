"""Refusals about notices and their settings."""

from enum import StrEnum

from lk_graphql.kit.errors import Refusal


class NotificationErrorCode(StrEnum):
    """Codes of refusals."""

    ACCOUNT_NOT_FOUND = "ACCOUNT_NOT_FOUND"
    CALENDAR_NOT_FOUND = "CALENDAR_NOT_FOUND"
    CONSENT_OUTDATED = "CONSENT_OUTDATED"
    NOTICE_NOT_FOUND = "NOTICE_NOT_FOUND"
    PHONE_NOT_CONFIRMED = "PHONE_NOT_CONFIRMED"
    QUIET_HOURS_INVALID = "QUIET_HOURS_INVALID"
    TOO_MANY_ACCOUNTS = "TOO_MANY_ACCOUNTS"
    TOO_MANY_TRIES = "TOO_MANY_TRIES"
    UNSUBSCRIBE_TOKEN_INVALID = "UNSUBSCRIBE_TOKEN_INVALID"  # noqa: S105 - a code, not a token
    TOO_MANY_NOTICES = "TOO_MANY_NOTICES"


class NoticeNotFound(Refusal):
    """The same refusal for an unknown notice and for another user's."""

    code = NotificationErrorCode.NOTICE_NOT_FOUND
    ru = "Среди ваших уведомлений такого нет."
    en = "There is no such notice among yours."


class TooManyNotices(Refusal):
    code = NotificationErrorCode.TOO_MANY_NOTICES
    ru = "Не больше {most} уведомлений за раз."
    en = "At most {most} notices at a time."


class TooManyAccounts(Refusal):
    code = NotificationErrorCode.TOO_MANY_ACCOUNTS
    ru = "Не больше {most} лицевых счетов за раз."
    en = "At most {most} accounts at a time."


class PhoneNotConfirmed(Refusal):
    code = NotificationErrorCode.PHONE_NOT_CONFIRMED
    ru = "Сначала подтвердите номер телефона: на него придёт код."
    en = "Please confirm your telephone number first: a code will be sent to it."


class SmsConsentNeeded(Refusal):
    """The consent is missing, or to an outdated version of the text."""

    code = NotificationErrorCode.CONSENT_OUTDATED
    ru = "Чтобы получать SMS, прочитайте действующее согласие на их получение и подтвердите его."
    en = "To get SMS, please read the current consent to getting them, and agree to it."


class QuietHoursInvalid(Refusal):
    code = NotificationErrorCode.QUIET_HOURS_INVALID
    ru = "Укажите время в виде 22:00. Начало и конец не могут совпадать."
    en = "Give times such as 22:00. The start and the end can't be the same."


class UnsubscribeTokenInvalid(Refusal):
    code = NotificationErrorCode.UNSUBSCRIBE_TOKEN_INVALID
    ru = "Ссылка недействительна или устарела. Отпишитесь в настройках кабинета."
    en = "This link isn't ours or is too old. Please unsubscribe in the cabinet's settings."


class CalendarNotFound(Refusal):
    code = NotificationErrorCode.CALENDAR_NOT_FOUND
    ru = "Календарь уже выключен."
    en = "There is no calendar to end."
