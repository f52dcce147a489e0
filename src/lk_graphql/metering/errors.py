"""Refusals of readings."""

from enum import StrEnum

from lk_graphql.kit.errors import Refusal
from lk_graphql.uploads.errors import UploadUnusable


class ReadingErrorCode(StrEnum):
    """Codes of refusals. Clients rely on them: they never change."""

    ACCOUNT_NOT_FOUND = "ACCOUNT_NOT_FOUND"
    TOO_MANY_ENTRIES = "TOO_MANY_ENTRIES"
    REGISTER_NOT_FOUND = "REGISTER_NOT_FOUND"
    REGISTER_REPEATED = "REGISTER_REPEATED"
    METER_REMOVED = "METER_REMOVED"
    METER_REPORTS_ITSELF = "METER_REPORTS_ITSELF"
    WINDOW_CLOSED = "WINDOW_CLOSED"
    PERIOD_BILLED = "PERIOD_BILLED"
    TAKEN_IN_FUTURE = "TAKEN_IN_FUTURE"
    TAKEN_TOO_LONG_AGO = "TAKEN_TOO_LONG_AGO"
    TAKEN_BEFORE_PREVIOUS = "TAKEN_BEFORE_PREVIOUS"
    ZONES_MISSING = "ZONES_MISSING"
    NUMBER_MALFORMED = "NUMBER_MALFORMED"
    TOO_MANY_DIGITS = "TOO_MANY_DIGITS"
    TOO_MANY_DECIMALS = "TOO_MANY_DECIMALS"
    BELOW_PREVIOUS = "BELOW_PREVIOUS"
    PHOTO_UNUSABLE = "PHOTO_UNUSABLE"
    PHOTO_NOT_A_PICTURE = "PHOTO_NOT_A_PICTURE"
    CONFIRMATION_NEEDED = "CONFIRMATION_NEEDED"
    CONFIRM_TOKEN_INVALID = "CONFIRM_TOKEN_INVALID"  # noqa: S105 - a code, not a token
    READING_NOT_FOUND = "READING_NOT_FOUND"
    READING_FINAL = "READING_FINAL"
    READING_IN_BILLING = "READING_IN_BILLING"
    REASON_INVALID = "REASON_INVALID"
    CALLER_INVALID = "CALLER_INVALID"
    IDEMPOTENCY_CONFLICT = "IDEMPOTENCY_CONFLICT"
    IDEMPOTENCY_KEY_INVALID = "IDEMPOTENCY_KEY_INVALID"


class TooManyEntries(Refusal):
    """More than the limit, or none at all."""

    code = ReadingErrorCode.TOO_MANY_ENTRIES
    ru = "За один раз можно передать от 1 до {most} показаний."
    en = "Send 1 to {most} readings at a time."


class RegisterNotFound(Refusal):
    """Unknown, or of another customer's account: both have the same refusal."""

    code = ReadingErrorCode.REGISTER_NOT_FOUND
    ru = "У этого лицевого счёта нет такой шкалы счётчика."
    en = "This account has no such register."


class RegisterRepeated(Refusal):
    code = ReadingErrorCode.REGISTER_REPEATED
    ru = "Показание этой шкалы указано дважды."
    en = "There are two readings of this register."


class MeterRemoved(Refusal):
    code = ReadingErrorCode.METER_REMOVED
    ru = "Этот счётчик снят {removed_on}."
    en = "This meter was removed on {removed_on}."


class RegisterReplaced(Refusal):
    """Of a meter in use that has been set to other zones."""

    code = ReadingErrorCode.METER_REMOVED
    ru = "Эта шкала считала до {removed_on}: у счётчика теперь другие тарифные зоны."
    en = "This register counted until {removed_on}: the meter has other tariff zones now."


class MeterReportsItself(Refusal):
    code = ReadingErrorCode.METER_REPORTS_ITSELF
    ru = "Этот счётчик передаёт показания сам."
    en = "This meter sends its readings itself."


class WindowClosed(Refusal):
    """Outside the submission window; `account.readingWindow` has its days and the reason."""

    code = ReadingErrorCode.WINDOW_CLOSED
    ru = "Показания принимаются с {opens_on} по {closes_on}."
    en = "Readings are taken from {opens_on} to {closes_on}."


class ReadingsNotTaken(Refusal):
    """The contract has ended, or no rule sets a submission window."""

    code = ReadingErrorCode.WINDOW_CLOSED
    ru = "По этому лицевому счёту показания сейчас не принимаются."
    en = "No readings are taken for this account now."


class PeriodBilled(Refusal):
    code = ReadingErrorCode.PERIOD_BILLED
    ru = "Счёт за этот месяц уже выставлен. Если в нём ошибка, напишите нам."
    en = "The bill of this month has been made. If it is wrong, please write to us."


class MonthBilled(PeriodBilled):
    """`PeriodBilled` in the wording for staff."""

    ru = "Счёт за этот месяц уже выставлен. Исправить его может только перерасчёт в биллинге."
    en = "The bill of this month has been made. Only a recalculation in billing can change it."


class TakenInFuture(Refusal):
    code = ReadingErrorCode.TAKEN_IN_FUTURE
    ru = "Это время ещё не наступило. Проверьте часы телефона."
    en = "This moment hasn't come yet. Please check your telephone's clock."


class TakenTooLongAgo(Refusal):
    code = ReadingErrorCode.TAKEN_TOO_LONG_AGO
    ru = "Показание снято слишком давно. Снимите его ещё раз."
    en = "This reading was taken too long ago. Please take it again."


class TakenBeforePrevious(Refusal):
    code = ReadingErrorCode.TAKEN_BEFORE_PREVIOUS
    ru = "На {taken_on} уже есть показание, снятое в то же время или позже."
    en = "There is a reading already that was taken on {taken_on}, no earlier than this one."


class TakenBeforeInstallation(TakenBeforePrevious):
    """`TakenBeforePrevious` for a day before the meter's first."""

    ru = "Этот счётчик установлен {installed_on}: более раннее показание относится к прежнему."
    en = "This meter was installed on {installed_on}: an earlier reading is none of its own."


class ZonesMissing(Refusal):
    """Zones of the meter are missing and `allowPartial` is not set."""

    code = ReadingErrorCode.ZONES_MISSING
    ru = "Укажите показания всех зон этого счётчика. Нет: {labels}."
    en = "Please give the readings of all of this meter's zones. Missing: {labels}."


class TooManyDigits(Refusal):
    """More digits than the register has."""

    code = ReadingErrorCode.TOO_MANY_DIGITS
    ru = "Цифр до запятой на этом счётчике — не больше {digits}."
    en = "The digits of this register before the point are no more than {digits}."


class ReadingNegative(TooManyDigits):
    """`TooManyDigits` for a value with a minus."""

    ru = "Показание не бывает отрицательным: передайте его без минуса."
    en = "A reading is never negative: please send it without the minus."


class TooManyDecimals(Refusal):
    code = ReadingErrorCode.TOO_MANY_DECIMALS
    ru = "Цифр после запятой на этом счётчике — не больше {decimals}."
    en = "The digits of this register after the point are no more than {decimals}."


class DecimalsNotAllowed(TooManyDecimals):
    """`TooManyDecimals` of a register without decimals."""

    ru = "У этого счётчика нет цифр после запятой: передайте целое число."
    en = "This register has no digits after the point: please send a whole number."


class BelowPrevious(Refusal):
    """Below the previous reading, and a full turn of the register isn't plausible."""

    code = ReadingErrorCode.BELOW_PREVIOUS
    ru = "Показание {value} меньше предыдущего ({previous})."
    en = "The reading {value} is below the previous one ({previous})."


class PhotoUnusable(UploadUnusable):
    code = ReadingErrorCode.PHOTO_UNUSABLE


class PhotoNotAPicture(Refusal):
    code = ReadingErrorCode.PHOTO_NOT_A_PICTURE
    ru = "Это не фотография. Приложите снимок: {kinds}."
    en = "This isn't a photo. Please attach a picture: {kinds}."


class ConfirmationNeeded(Refusal):
    """An unusual reading in an atomic submission; in any other it is stored as pending."""

    code = ReadingErrorCode.CONFIRMATION_NEEDED
    ru = "Расход необычно большой: {consumed} кВт·ч. Проверьте показание."
    en = "An unusual amount: {consumed} kWh. Please check the reading."


class ConfirmTokenInvalid(Refusal):
    code = ReadingErrorCode.CONFIRM_TOKEN_INVALID
    ru = "Подтверждать нечего: показания заменены, отозваны или уже подтверждены."
    en = "Nothing is left to confirm: the readings were replaced, withdrawn or confirmed."


class ReadingNotFound(Refusal):
    code = ReadingErrorCode.READING_NOT_FOUND
    ru = "Такого показания нет."
    en = "There is no such reading."


class ReadingFinal(Refusal):
    """Withdrawn, replaced or rejected already, or not submitted by a customer."""

    code = ReadingErrorCode.READING_FINAL
    ru = "Это показание изменить нельзя."
    en = "This reading can't be changed."


class ReadingDecided(ReadingFinal):
    """`ReadingFinal` in the wording for staff."""

    ru = "Решение не требуется: клиент отозвал или заменил показание, или решение уже принято."
    en = "Nothing is left to decide: the customer has withdrawn or replaced it, or it is decided."


class ReadingInBilling(Refusal):
    """Imported from or confirmed by billing: the next import would restore the reading."""

    code = ReadingErrorCode.READING_IN_BILLING
    ru = "Это показание уже учтено в расчётах. Передайте новое: оно его заменит. Или напишите нам."
    en = "Billing has this reading in its books. Send a new one, which replaces it, or write to us."


class ReasonInvalid(Refusal):
    code = ReadingErrorCode.REASON_INVALID
    ru = "Причина — от 1 до {longest} символов: её прочитает клиент."
    en = "A reason has 1 to {longest} characters: the customer will read it."


class CallerInvalid(Refusal):
    code = ReadingErrorCode.CALLER_INVALID
    ru = "Укажите, кто звонит: от {shortest} до {longest} символов."
    en = "Say who is calling, in {shortest} to {longest} characters."
