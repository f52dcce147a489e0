"""Why a reading is not taken as it was given."""

from enum import StrEnum

from lk_graphql.kit.errors import Refusal


class ReadingErrorCode(StrEnum):
    """Codes that clients may rely on; they never change."""

    TOO_MANY_DIGITS = "TOO_MANY_DIGITS"
    TOO_MANY_DECIMALS = "TOO_MANY_DECIMALS"
    BELOW_PREVIOUS = "BELOW_PREVIOUS"


class TooManyDigits(Refusal):
    """Negative, or more than the register's dial can show."""

    code = ReadingErrorCode.TOO_MANY_DIGITS
    ru = "На этом счётчике не больше {digits} цифр до запятой."
    en = "This register shows at most {digits} digits before the point."


class TooManyDecimals(Refusal):
    code = ReadingErrorCode.TOO_MANY_DECIMALS
    ru = "Цифр после запятой не может быть больше, чем {decimals}."
    en = "This register shows at most {decimals} digits after the point."


class BelowPrevious(Refusal):
    """The meter would have run backwards, and a full turn of the dial is not plausible."""

    code = ReadingErrorCode.BELOW_PREVIOUS
    ru = "Показание {value} меньше предыдущего ({previous})."
    en = "The reading {value} is below the previous one ({previous})."
